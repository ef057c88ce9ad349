"""A quiz in Moodle's GIFT format: plain text in UTF-8, as `question/format/gift` of Moodle reads it.

Everything is marked [plain], so no text acts as markup. GIFT has no item for putting in order: it becomes a matching of
places (「1番目」 → …), which has one right answer and gives marks for each place. It has no feedback in a matching item
either; the explanation says it all there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from training.export.lms_text import as_pairs, category_path, explanation, feedback, plain, question, title
from training.labels import TRUE
from training.models import Quiz, QuizItem, QuizKind

_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n"})
_PLAIN = "[plain]"


def write_gift(quiz: Quiz) -> bytes:
    """Return the quiz as a GIFT file: a category of its name, then its questions in their order."""
    # Moodle takes the rest of this line as it is.
    head = f"$CATEGORY: {category_path(quiz)}"
    questions = ("\n".join(_item(number, item, quiz)) for number, item in enumerate(quiz.items, start=1))
    return "\n\n".join([head, *questions, ""]).encode()


def escape(text: str) -> str:
    """A text on one line, in which no sign of GIFT acts."""
    return plain(text).translate(_ESCAPES)


def _item(number: int, item: QuizItem, quiz: Quiz) -> Iterator[str]:
    yield f"::{escape(title(number, item))}::{_PLAIN}{escape(question(item))} {{"
    yield from _answers(item)
    yield f"\t####{_PLAIN}{escape(explanation(item, quiz))}"
    yield "}"


def _answers(item: QuizItem) -> Iterable[str]:
    if item.kind is QuizKind.TRUE_FALSE:
        return [_true_false(item)]
    if pairs := as_pairs(item):
        # 「->」 parts the sides, and nothing escapes it; the right side is no formatted text for Moodle.
        return (f"\t={_PLAIN}{_side(left)} -> {_side(right)}" for left, right in pairs)
    return (
        f"\t{'=' if option.is_right else '~'}{_PLAIN}{escape(option.text)}{_feedback(feedback(option, item))}"
        for option in item.options
    )


def _true_false(item: QuizItem) -> str:
    """TRUE or FALSE, what to say to a wrong answer, what to say to the right one."""
    right = next(option for option in item.options if option.is_right)
    wrong = next(option for option in item.options if not option.is_right)
    to_right = _feedback(feedback(right, item))
    # The first of two is the wrong answer's: where it alone is empty its sign stays.
    to_wrong = _feedback(feedback(wrong, item)) or ("#" if to_right else "")
    return f"\t{'TRUE' if right.text == TRUE else 'FALSE'}{to_wrong}{to_right}"


def _feedback(text: str) -> str:
    return f"#{_PLAIN}{escape(text)}" if text else ""


def _side(text: str) -> str:
    return escape(text.replace("->", "→"))
