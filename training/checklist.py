"""The check list to tick: every countermeasure of the theme, the audience's own first."""

from __future__ import annotations

from dataclasses import replace

from assistant.guidance import Measure, item_parts
from training.catalogue import Audience
from training.cited import Cited
from training.countermeasures import is_for, items_text, passage_line
from training.models import CheckItem
from training.passages import Passage
from training.phrases import phrases
from training.subject import Subject


def checklist(subject: Subject, audience: Audience, cited: Cited) -> tuple[CheckItem, ...]:
    """All items of a theme in the documents' order, those about the audience's work before the others."""
    made = [_item(entry, audience, cited) for entry in subject.entries]
    return tuple(sorted((item for item in made if item), key=lambda item: not item.is_for_audience))


def _item(entry: Measure | Passage, audience: Audience, cited: Cited) -> CheckItem | None:
    if isinstance(entry, Measure):
        parts = item_parts(entry.item.text)
        text = parts["text"] if parts and parts["text"] else entry.item.text
        line = cited.said(text, entry.item)
        return CheckItem(entry.title, text, entry.pages, line.markers, is_for(entry, audience)) if line else None
    line = passage_line(replace(entry, rules=() if entry.items else entry.rules[:1]), cited)
    if line is None:
        return None
    words, text = phrases("checklist"), line.text
    if entry.items:
        text = words["each"].format(items=items_text(entry))
    elif not text.endswith("ましょう。"):
        text = words["applies"].format(text=text)
    return CheckItem(entry.heading, text, None, line.markers, is_for(entry, audience))
