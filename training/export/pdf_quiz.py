"""The quiz of the PDF hand-out: the questions to answer by hand, and apart from them the key with explanations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportlab.platypus import KeepTogether  # type: ignore[import-untyped]

from training.export.pdf_flow import NAVY, QUIET, Block, Span
from training.export.pdf_parts import MARK, Parts
from training.export.quiz_text import letter, reasons, right_letters, shown_texts
from training.labels import DIFFICULTIES, EDITED, KINDS, marks
from training.models import QuizItem, QuizKind

_STEM = Block(hang=36, before=8, after=3, keeps=True)
_OPTION = Block(left=36, hang=18, after=2, is_stretched=False)
_ANSWER = Block(hang=36, before=8, after=1, colour=NAVY, is_bold=True, keeps=True, is_stretched=False)
_BESIDE = Block(left=36, after=2)
_REASON = Block(9, 1.5, QUIET, left=36, hang=16, after=1)
_BLANK = "（　　）"


def questions(parts: Parts) -> Iterator[Any]:
    """The questions without answers."""
    if parts.pack.quiz:
        yield parts.heading("確認クイズ")
    for number, item in enumerate(parts.pack.quiz, start=1):
        yield KeepTogether(list(_question(parts, number, item)))


def _question(parts: Parts, number: int, item: QuizItem) -> Iterator[Any]:
    kind = f"［{KINDS[item.kind]}・{DIFFICULTIES[item.difficulty]}］"
    yield parts.text(_STEM, f"{item.stem}　", Span(kind, QUIET, MARK, is_whole=True), label=f"問{number}")
    if item.story:
        yield parts.text(_BESIDE, item.story.text)
    if item.kind is QuizKind.TRUE_FALSE:
        yield parts.text(_BESIDE, "　　".join(f"{_BLANK}{option.text}" for option in item.options))
    elif item.kind is QuizKind.MATCHING:
        yield from _matching(parts, item)
    elif item.kind is QuizKind.ORDERING:
        yield from _ordering(parts, item)
    else:
        yield from _lettered(parts, item)


def _matching(parts: Parts, item: QuizItem) -> Iterator[Any]:
    for number, pair in enumerate(item.pairs, start=1):
        yield parts.text(_OPTION, f"{pair.left}　{_BLANK}", label=str(number))
    yield parts.text(Block(9, 1.5, QUIET, left=36, before=3, after=2, keeps=True), "次から選んで、記号を書きます。")
    yield from _lettered(parts, item)


def _ordering(parts: Parts, item: QuizItem) -> Iterator[Any]:
    yield from _lettered(parts, item)
    yield parts.text(_BESIDE, " → ".join([_BLANK] * len(item.sequence)))


def _lettered(parts: Parts, item: QuizItem) -> Iterator[Any]:
    for index, text in enumerate(shown_texts(item)):
        yield parts.text(_OPTION, text, label=letter(index))


def answers(parts: Parts) -> Iterator[Any]:
    """The key, with the reason of every answer and its source, and what the cases teach."""
    if parts.pack.quiz:
        yield parts.heading("確認クイズの答えと解説")
    for number, item in enumerate(parts.pack.quiz, start=1):
        yield from _answer(parts, number, item)
    if any(case.learnings for case in parts.pack.cases):
        yield parts.heading("事例から学ぶこと")
    for case in parts.pack.cases:
        if case.learnings:
            yield parts.heading(case.title, level=1)
        for line in case.learnings:
            yield parts.line(Block(hang=14), line, label="・")


def _answer(parts: Parts, number: int, item: QuizItem) -> Iterator[Any]:
    edited = [Span(f"　［{EDITED}］", QUIET, MARK)] if item.edited else []
    yield parts.text(_ANSWER, f"正解：{right_letters(item)}", *edited, label=f"問{number}")
    yield parts.line(_BESIDE, item.explanation)
    if item.kind in {QuizKind.CHOICE, QuizKind.CASE}:
        for name, reason in reasons(item):
            if reason.text != item.explanation.text:
                yield parts.line(_REASON, reason, label=name)
    for pair in item.pairs:
        yield parts.text(_REASON, f"{pair.left} → {pair.right}", Span(marks(pair.markers), QUIET, MARK), label="・")
