"""Why: the sentence that opens a session, and what happened in cases for rows whose documents give no reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import sentences_of
from assistant.guidance import Case
from assistant.situations import theme_of
from corpus.models import BlockKind, Chunk
from training.material import Material
from training.models import Countermeasure, Line
from training.pack.cited import Cited, whole
from training.pack.links import clearly_nearest, nearest_row
from training.pack.phrases import phrases
from training.pack.sentences import plain_heading, reasons_of, stands_alone, told_of, within_quotes
from training.pack.subject import Subject

_HARM = re.compile(r"危険|損失|リスク|失われ|おそれ|打撃|被害|懸念|信頼")
# What a case tells of technology that got out.
_LEAK = re.compile(
    r"流出|漏れ|漏ら|無断|許可なく|コピー|持ち出|再委託|追及|よく似た|類似|同じ|閲覧|競合"
    r"|リバースエンジニアリング|分解|目的外|他社|渡してしま"
)
_THEN = re.compile(r"^(?:その後|また|しかし|すると|そして|結果として|その結果)、")
_ASIDE = (BlockKind.CASE, BlockKind.CHECKLIST_ITEM, BlockKind.CAPTION, BlockKind.TABLE_ROW)


def reason_of_theme(material: Material, subject: Subject, rows: Sequence[Countermeasure], cited: Cited) -> Line | None:
    """A sentence on the harm that the theme is about: from its chapter, nearest to the top, or else from a row."""
    for chunk in _chapter(material, subject):
        for reason in reasons_of(chunk):
            if _HARM.search(reason):
                return cited.said(reason, chunk)
    return next((row.why for row in rows if row.why), None) or _told(subject, cited)


def with_reasons_of_cases(
    material: Material, subject: Subject, rows: Sequence[Countermeasure], cited: Cited
) -> tuple[Countermeasure, ...]:
    """The rows, those without a reason given what happened in the case that is about them, each case once."""
    told = list(rows)
    for case in () if subject.cases_of_others else subject.cases:
        row = _row_of(material, subject, case, rows)
        harm = _harm(case.chunk)
        if row is None or harm is None or told[rows.index(row)].why:
            continue
        title = within_quotes(plain_heading(case.title))
        text = phrases("countermeasures")["case"].format(case=title, text=harm)
        told[rows.index(row)] = replace(row, why=cited.line(text, *whole(harm, case.chunk)))
    return tuple(told)


def _harm(chunk: Chunk) -> str | None:
    """The last sentence of a story that tells what got out or came of it, without the word that joins it."""
    told = [_THEN.sub("", sentence) for sentence in sentences_of(chunk.text)]
    return next((s for s in reversed(told) if _LEAK.search(s) and stands_alone(s)), None)


def _row_of(material: Material, subject: Subject, case: Case, rows: Sequence[Countermeasure]) -> Countermeasure | None:
    """The row that a case is about: by its title, or else by all that the documents say of the countermeasures."""
    if row := nearest_row(material, case.title, case.chunk.text, rows):
        return row
    explained = [f"{m.title}{m.item.text}{m.section.text if m.section else ''}" for m in subject.measures]
    at = clearly_nearest(f"{case.title}{case.chunk.text}", explained)
    return None if at is None else next((row for row in rows if row.title == subject.measures[at].title), None)


def _chapter(material: Material, subject: Subject) -> list[Chunk]:
    """The passages of the theme's chapters: of the check list's document first, under the fewest headings first."""
    theme = subject.theme.guidance
    chapter = [
        chunk
        for chunk in material.chunks
        if theme and chunk.section and theme_of(chunk.section[0]) == theme and _is_of_it(material, chunk)
    ]
    home = {measure.item.doc_id for measure in subject.measures}
    return sorted(chapter, key=lambda chunk: (chunk.doc_id not in home, len(chunk.section)))


def _is_of_it(material: Material, chunk: Chunk) -> bool:
    return chunk.kind not in _ASIDE and not material.is_replaced(chunk) and "コラム" not in "".join(chunk.section)


def _told(subject: Subject, cited: Cited) -> Line | None:
    told = told_of(subject.opening) if subject.opening else []
    return cited.said(told[0], subject.opening) if told and subject.opening else None
