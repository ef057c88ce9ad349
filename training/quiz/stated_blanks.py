"""Questions with a blank: a sentence that lacks one name or figure, and others of its kind to choose from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Line, subjects_of
from training.quiz.facts_sentences import speaks_of_itself
from training.quiz.likeness import key, share_in
from training.quiz.said import Said
from training.quiz.swaps import Swap, Vocabulary, swaps

BLANK = "［　　］"
_MOST_WRONG = 4
# How often one name or figure may be the answer: a ministry stands in every second sentence.
_MOST_OF_ONE = 3
# The first and last number of a list would tell how many there are.
_RANGE = re.compile(r"[①-⑳㉑-㉟]から[①-⑳㉑-㉟]までの")
_LONGEST = 85
# Amounts and dates are asked for with what they are of in `stated_figures` and `stated_dates`.
_ASKED_ELSEWHERE = re.compile(r"\d.*(?:円|%|％|割|/\d+)|年\d{1,2}月")
_LONGEST_REASON = 90
# Above this share of an answer's letter pairs in the rest of the sentence, more than of others, the rest tells it.
_GIVES_AWAY = 0.2


def blank_candidate(base: Base, line: Line, words: Vocabulary, said: Said, asked: Counter[str]) -> Candidate | None:
    """A sentence with a blank for the first piece that three others of its kind surely do not fill rightly.

    `asked` counts how often each piece is the answer already.
    """
    if len(line.said) > _LONGEST:
        return None
    by_piece: dict[str, list[Swap]] = {}
    for swap in swaps(line.said, words):
        if swap.altered in words.lines and not _ASKED_ELSEWHERE.search(swap.original):
            by_piece.setdefault(swap.original, []).append(swap)
    lead, within = _edition(base, line)
    for original, possible in by_piece.items():
        rest = _RANGE.sub("", line.said).replace(original, "")
        wrong = [swap.altered for swap in possible if not said.perhaps(rest, swap.altered, within)]
        if (
            original not in lead
            and asked[original] < _MOST_OF_ONE
            and len(rest) >= 12
            and len(wrong) >= 3
            and not _tells(rest, original, wrong)
        ):
            asked[original] += 1
            return _candidate(base, line, lead, original, _ranked(rest, wrong), words)
    return None


def _ranked(rest: str, wrong: Sequence[str]) -> list[str]:
    """The wrong pieces that are most alike to the sentence first."""
    return sorted(wrong, key=lambda piece: -share_in(piece, rest))[:_MOST_WRONG]


def _tells(rest: str, original: str, wrong: Sequence[str]) -> bool:
    """Whether the rest of a sentence has words of its answer, and not of the wrong ones."""
    third = sorted((share_in(piece, rest) for piece in wrong), reverse=True)[2]
    return share_in(original, rest) - third >= _GIVES_AWAY


def _edition(base: Base, line: Line) -> tuple[str, frozenset[str] | None]:
    """How to name the edition of a sentence, and the documents it is to be held against; both open if there is one."""
    document = base.document(line.chunk)
    if base.is_replaced(line.chunk) or any(old in base.material.documents for old in document.replaces):
        return f"{base.edition(line.chunk)}で、", frozenset({document.doc_id})
    return "", None


def _wrong(base: Base, line: Line, piece: str, places: Sequence[Line]) -> Shown:
    """A wrong piece with what the documents do say of it, in their own words where those are short."""
    place = min(places, key=lambda one: (base.is_replaced(one.chunk), not _can_be_told(one), len(one.said)))
    document = "" if place.chunk.doc_id == line.chunk.doc_id else f"{base.edition(place.chunk)}の"
    told = f"「{place.said}」" if _can_be_told(place) else f"「{place.chunk.section[-1]}」の箇所"
    return Shown(piece, place.evidence, f"「{piece}」について述べているのは、{document}{told}です。")


def _can_be_told(place: Line) -> bool:
    is_sentence = place.text.endswith("。") and len(place.said) <= _LONGEST_REASON
    return is_sentence and not speaks_of_itself(place.said) and not re.search(r"ください。$", place.said)


def _candidate(base: Base, line: Line, lead: str, original: str, wrong: Sequence[str], words: Vocabulary) -> Candidate:
    shown = _RANGE.sub("", line.said).replace(original, BLANK)
    return Candidate(
        key=f"truth:{key(line.said)[:60]}",
        kind=QuizKind.CHOICE,
        difficulty=2,
        stem=f"{lead}次の文の{BLANK}に入るのはどれですか。「{shown}」",
        explanation=Shown(f"資料には「{line.said}」とあります。", line.evidence),
        subjects=(*subjects_of(line.chunk), line.said),
        right=Shown(original, line.evidence, f"資料には「{line.said}」とあります。"),
        wrong=tuple(_wrong(base, line, piece, words.lines[piece]) for piece in wrong),
    )
