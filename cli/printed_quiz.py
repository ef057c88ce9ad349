"""A quiz as text for the terminal: the questions, then the answers with their reasons, then the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.messages import without_controls
from training.labels import DIFFICULTIES, KINDS, LETTERS, marked, short_name

if TYPE_CHECKING:
    from training.models import Quiz, QuizItem


def printed_quiz(quiz: Quiz) -> str:
    """The whole quiz; answers stand apart, so that they are not read before the questions."""
    lines = [quiz.title]
    for number, item in enumerate(quiz.items, start=1):
        lines += ["", *_question(number, item)]
    lines += ["", "答え"]
    for number, item in enumerate(quiz.items, start=1):
        lines += [f"問{number}　{_answer(item)}", f"　　{marked(item.explanation.text, item.explanation.markers)}"]
    lines += ["", "出典"]
    for citation in quiz.citations:
        lines += [f"[{citation.marker}] {short_name(citation)}", f"    「{citation.quote}」"]
    return "\n".join(_safe(line) for line in lines)


def _question(number: int, item: QuizItem) -> Iterator[str]:
    yield f"問{number}（{KINDS[item.kind]}・{DIFFICULTIES[item.difficulty]}）"
    if item.story:
        yield f"　　{item.story.text}"
    yield f"　　{item.stem}"
    if item.pairs:
        yield from (f"　　{at}. {pair.left}" for at, pair in enumerate(item.pairs, start=1))
        yield from (f"　　{LETTERS[at]}. {item.pairs[which].right}" for at, which in enumerate(item.shown))
    elif item.sequence:
        yield from (f"　　{LETTERS[at]}. {item.sequence[which].text}" for at, which in enumerate(item.shown))
    else:
        yield from (f"　　{LETTERS[at]}. {option.text}" for at, option in enumerate(item.options))


def _answer(item: QuizItem) -> str:
    if item.pairs:
        return "、".join(f"{at + 1}－{LETTERS[item.shown.index(at)]}" for at in range(len(item.pairs)))
    if item.sequence:
        return " → ".join(LETTERS[item.shown.index(at)] for at in range(len(item.sequence)))
    return next(f"{LETTERS[at]}. {option.text}" for at, option in enumerate(item.options) if option.is_right)


def _safe(line: str) -> str:
    """A line without controls and line ends of its own; the spaces that set it off stay."""
    return without_controls(" ".join(line.splitlines()))
