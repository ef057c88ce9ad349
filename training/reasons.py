"""Why the theme matters: the sentence of the documents to open a session with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.situations import theme_of
from corpus.models import BlockKind, Chunk
from training.cited import Cited
from training.material import Material
from training.models import Countermeasure, Line
from training.sentences import reasons_of, told_of
from training.subject import Subject

_HARM = re.compile(r"危険|損失|リスク|失われ|おそれ|打撃|被害|懸念|信頼")
_ASIDE = (BlockKind.CASE, BlockKind.CHECKLIST_ITEM, BlockKind.CAPTION, BlockKind.TABLE_ROW)


def reason_of_theme(material: Material, subject: Subject, rows: Sequence[Countermeasure], cited: Cited) -> Line | None:
    """A sentence on the harm that the theme is about: from its chapter, nearest to the top, or else from a row."""
    for chunk in _chapter(material, subject):
        for reason in reasons_of(chunk):
            if _HARM.search(reason):
                return cited.said(reason, chunk)
    return next((row.why for row in rows if row.why), None) or _told(subject, cited)


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
