"""The check list to tick: every countermeasure of the theme, the audience's own first."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.guidance import Measure, item_parts
from training.catalogue import Audience
from training.models import CheckItem
from training.pack.cited import Cited
from training.pack.countermeasures import is_for, items_text, passage_line
from training.pack.passages import Passage
from training.pack.phrases import phrases
from training.pack.subject import Subject

# A sentence that already says what to do; headings of things to do, of steps, and of help that may be used.
_ASKS = re.compile(r"(?:ましょう|ください|(?:が|も|は)(?:重要|大切)です|必要(?:です|があります)?|徹底します)。$")
_TO_DO = re.compile(r"取組|基準|項目")
_HOW = re.compile(r"流れ|使い方|手順")
_OFFER = re.compile(r"TICS|認証|専門家派遣|チェックリスト|支援")


def checklist(subject: Subject, audience: Audience, cited: Cited) -> tuple[CheckItem, ...]:
    """All items of a theme in the documents' order, those about the audience's work before the others."""
    made = [_item(entry, audience, cited) for entry in subject.entries]
    return tuple(sorted((item for item in made if item), key=lambda item: not item.is_for_audience))


def _item(entry: Measure | Passage, audience: Audience, cited: Cited) -> CheckItem | None:
    if isinstance(entry, Measure):
        parts = item_parts(entry.item.text)
        text = parts["text"] if parts and parts["text"] else entry.item.text
        line = cited.said(text, entry.item)
        return CheckItem(entry.title, line.text, entry.pages, line.markers, is_for(entry, audience)) if line else None
    rules = entry.rules if _HOW.search(entry.heading) else entry.rules[:1]
    line = passage_line(replace(entry, rules=() if entry.items else rules), cited)
    if line is None:
        return None
    return CheckItem(
        entry.heading,
        cited.whole_words(_asked(entry, line.text), entry.chunk),
        None,
        line.markers,
        is_for(entry, audience),
    )


def _asked(entry: Passage, text: str) -> str:
    """What a passage says, as something to do or to find out."""
    words = phrases("checklist")
    if entry.items:
        return words["each" if _TO_DO.search(entry.heading) else "any"].format(items=items_text(entry))
    if _ASKS.search(text):
        return text
    form = "how" if _HOW.search(entry.heading) else "offer" if _OFFER.search(entry.heading) else "applies"
    return words[form].format(text=text)
