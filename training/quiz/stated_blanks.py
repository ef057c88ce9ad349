"""Questions with a blank: a sentence that lacks one name or figure, and others of its kind to choose from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Line, subjects_of
from training.quiz.likeness import key
from training.quiz.said import Said
from training.quiz.swaps import Swap, Vocabulary, swaps

BLANK = "［　　］"
_MOST_WRONG = 6
# How often one name or figure may be the answer: a ministry stands in every second sentence.
_MOST_OF_ONE = 3
# The first and last number of a list would tell how many there are.
_RANGE = re.compile(r"[①-⑳㉑-㉟]から[①-⑳㉑-㉟]までの")
_LONGEST = 85


def blank_candidate(base: Base, line: Line, words: Vocabulary, said: Said, asked: Counter[str]) -> Candidate | None:
    """A sentence with a blank for the first piece that three others of its kind surely do not fill rightly.

    `asked` counts how often each piece is the answer already.
    """
    if len(line.text) > _LONGEST:
        return None
    by_piece: dict[str, list[Swap]] = {}
    for swap in swaps(line.text, words):
        if not swap.is_denial:
            by_piece.setdefault(swap.original, []).append(swap)
    edition, within = _edition(base, line)
    for original, possible in by_piece.items():
        if asked[original] >= _MOST_OF_ONE:
            continue
        rest = line.text.replace(original, "")
        wrong = [swap for swap in possible if not said.perhaps(rest, swap.altered, within)][:_MOST_WRONG]
        if len(wrong) >= 3 and len(rest) >= 12:
            asked[original] += 1
            return _candidate(
                base, line, edition, original, {swap.altered: words.lines[swap.altered] for swap in wrong}
            )
    return None


def _edition(base: Base, line: Line) -> tuple[str, frozenset[str] | None]:
    """How to name the edition of a sentence, and the documents it is to be held against; both open if there is one."""
    document = base.document(line.chunk)
    if base.is_replaced(line.chunk) or any(old in base.material.documents for old in document.replaces):
        return f"{base.edition(line.chunk)}で、", frozenset({document.doc_id})
    return "", None


def _where(base: Base, line: Line, piece: str, place: Line) -> str:
    document = "" if place.chunk.doc_id == line.chunk.doc_id else f"{base.edition(place.chunk)}の"
    return f"「{piece}」は、{document}「{place.chunk.section[-1]}」の箇所に出てきます。"


def _candidate(base: Base, line: Line, edition: str, original: str, wrong: Mapping[str, Line]) -> Candidate:
    shown = _RANGE.sub("", line.text).replace(original, BLANK)
    return Candidate(
        key=f"truth:{key(line.text)[:60]}",
        kind=QuizKind.CHOICE,
        difficulty=2,
        stem=f"{edition}次の文の{BLANK}に入るのはどれですか。「{shown}」",
        explanation=Shown(f"資料には「{line.text}」とあります。", line.evidence),
        subjects=subjects_of(line.chunk),
        right=Shown(original, line.evidence, "資料のとおりです。"),
        wrong=tuple(Shown(piece, place.evidence, _where(base, line, piece, place)) for piece, place in wrong.items()),
    )
