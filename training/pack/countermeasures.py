"""The table of countermeasures: what to do, when, why, and where the guidance explains it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import Evidence, sentences_of
from assistant.guidance import Measure, item_parts
from corpus.models import BlockKind, Chunk
from training.catalogue import Audience
from training.material import Material
from training.models import Countermeasure, Line
from training.pack.cited import Cited, listed
from training.pack.passages import Passage
from training.pack.phrases import phrases
from training.pack.sentences import (
    in_one_column,
    likeness,
    most_alike,
    reasons_of,
    rules_of,
    share_in,
    stands_alone,
    without_label,
)
from training.pack.subject import Subject

_LEAST_ALIKE = 0.08
# A reason of which the item says this share is not told twice.
_REPEATED = 0.75
_ITEMS = 9
# How a sentence ends that tells what may happen or how things are.
_CIRCUMSTANCE = re.compile(r"(?:(?:場合|こと|ケース|おそれ)[がも]あり|(?:多く|たくさん)含まれ(?:てい)?)ます。$")
_STEP = re.compile(r"STEP\s*\d+", re.IGNORECASE)
_STAGE = re.compile(r"段階|契約締結|連携時|撤退時|選定$")


def countermeasures(
    material: Material, subject: Subject, audience: Audience, rows: int | None, cited: Cited
) -> tuple[Countermeasure, ...]:
    """The rows of the table in the documents' order; those most about the audience's work where only so many fit."""
    entries = subject.entries
    scores = {id(entry): relevance(entry, audience) for entry in entries}
    ranked = sorted(entries, key=lambda entry: -scores[id(entry)])[:rows]
    made = [
        _of_measure(material, entry, audience, cited)
        if isinstance(entry, Measure)
        else _of_passage(entry, audience, cited)
        for entry in entries
        if entry in ranked
    ]
    return _each_reason_once([row for row in made if row])


def _each_reason_once(rows: Sequence[Countermeasure]) -> tuple[Countermeasure, ...]:
    """The rows, a reason that an earlier row gives left out of later ones."""
    first = {row.why.text: row for row in reversed(rows) if row.why}
    return tuple(row if not row.why or first[row.why.text] is row else replace(row, why=None) for row in rows)


def relevance(entry: Measure | Passage, audience: Audience) -> int:
    """How much an entry is about the audience's work: words in what it says count three times those around it."""
    said = _said(entry)
    around = entry.section.text if isinstance(entry, Measure) and entry.section else ""
    return sum(3 * (word in said) + (word in around) for word in audience.words)


def is_for(entry: Measure | Passage, audience: Audience) -> bool:
    """Whether an entry is about the audience's work."""
    said = _said(entry)
    return any(word in said for word in audience.words)


def _said(entry: Measure | Passage) -> str:
    return entry.item.text if isinstance(entry, Measure) else f"{entry.heading} {''.join((*entry.rules, *entry.items))}"


def _of_measure(material: Material, measure: Measure, audience: Audience, cited: Cited) -> Countermeasure | None:
    parts = item_parts(measure.item.text)
    text = parts["text"] if parts and parts["text"] else measure.item.text
    given, to_do = _parted(text)
    explaining = _explaining(material, measure)
    advice = _advice(text, explaining)
    what = cited.said(to_do, measure.item, *([advice] if advice else []))
    if what is None:
        return None
    stage = _stage(measure.section.section if measure.section else (), measure.title) or measure.stage
    why = cited.said(given, measure.item) if given else _why(text, explaining, cited)
    return Countermeasure(measure.title, what, why, stage, measure.pages, is_for(measure, audience))


def _parted(text: str) -> tuple[str, str]:
    """An item as the reason that it begins with, empty for none, and what it says to do."""
    first, *rest = sentences_of(text)
    if rest and _CIRCUMSTANCE.search(first) and stands_alone(rest[0]):
        return first, text[text.find(rest[0]) :]
    return "", text


def _of_passage(passage: Passage, audience: Audience, cited: Cited) -> Countermeasure | None:
    what = passage_line(passage, cited)
    if what is None:
        return None
    left = [reason for reason in reasons_of(passage.chunk) if reason not in passage.rules]
    why = cited.said(left[0], passage.chunk) if left else None
    stage = _stage(passage.chunk.section, passage.heading)
    return Countermeasure(passage.heading, what, why, stage, None, is_for(passage, audience))


def _stage(section: Sequence[str], title: str) -> str | None:
    """The stage or step of work that a heading above a passage names, the nearest one."""
    for heading in reversed(section):
        if step := _STEP.match(heading):
            return step[0]
        if _STAGE.search(heading) and title not in heading:
            return heading
    return None


def passage_line(passage: Passage, cited: Cited) -> Line | None:
    """What a passage says to do, with the items of its list behind it."""
    text, evidence = "".join(passage.rules), [Evidence(passage.chunk, rule) for rule in passage.rules]
    if passage.items:
        text += phrases("countermeasures")["items"].format(items=items_text(passage))
        evidence += listed(passage.items[:_ITEMS], passage.chunk)
    return cited.line(text, *evidence)


def items_text(passage: Passage) -> str:
    """The items of a passage's list as one text, 「など」 behind it where there are more."""
    items = in_one_column(without_label(passage.items))
    more = "など" if len(items) > _ITEMS else ""
    return "、".join(item.rstrip("。") for item in items[:_ITEMS]) + more


def _explaining(material: Material, measure: Measure) -> list[Chunk]:
    """The passages that explain a countermeasure: its section with those below, or the one that names its title."""
    if measure.section:
        path = measure.section.section
        return [
            chunk
            for chunk in material.chunks
            if chunk.doc_id == measure.section.doc_id and chunk.section[: len(path)] == path
        ]
    return [
        chunk
        for chunk in material.chunks
        if chunk.doc_id == measure.item.doc_id
        and chunk.kind not in (BlockKind.CASE, BlockKind.CHECKLIST_ITEM, BlockKind.CAPTION)
        and f"「{measure.title}」" in chunk.text
        and rules_of(chunk)
    ][:1]


def _advice(text: str, explaining: Sequence[Chunk]) -> Evidence | None:
    """The sentence of the explaining passages that says most of what the item says."""
    said = [Evidence(chunk, sentence) for chunk in explaining for sentence in sentences_of(chunk.text)]
    best = max(said, key=lambda evidence: likeness(text, evidence.quote), default=None)
    return best if best and likeness(text, best.quote) >= _LEAST_ALIKE else None


def _why(text: str, explaining: Sequence[Chunk], cited: Cited) -> Line | None:
    """The reason that the explaining passages give: the one that shares most with the item and does not repeat it."""
    reasons = [
        (reason, chunk)
        for chunk in explaining
        for reason in reasons_of(chunk)
        if share_in(reason, text) < _REPEATED
        and (chunk.section == explaining[0].section or likeness(reason, text) >= _LEAST_ALIKE)
    ]
    if not reasons:
        return None
    reason, chunk = reasons[most_alike(text, [reason for reason, _ in reasons])]
    return cited.said(reason, chunk)
