"""How a quiz item is put in plain words: what is shown, what is right, what is said of it. Escapes nothing.

The exports that are read as text (Word, Markdown, CSV) share it, so that an item reads alike in all of them.
"""

from __future__ import annotations

from assistant.citations import page_name
from assistant.models import Citation
from training.labels import DIFFICULTIES, EDITED, KINDS, LETTERS, with_digest_mark
from training.models import Line, QuizItem, QuizKind


def heading(number: int, item: QuizItem) -> str:
    """「問1（選択・やさしい）」; one that a trainer changed says so."""
    edited = f"・{EDITED}" if item.edited else ""
    return f"問{number}（{KINDS[item.kind]}・{DIFFICULTIES[item.difficulty]}{edited}）"


def letter(index: int) -> str:
    """What the answer at an index is called: ア, イ, … and a number where letters run out."""
    return LETTERS[index] if index < len(LETTERS) else str(index + 1)


def is_lettered(item: QuizItem) -> bool:
    """Whether its answers are told apart by letters; 「正しい」 and 「誤り」 need none."""
    return item.kind is not QuizKind.TRUE_FALSE


def shown_texts(item: QuizItem) -> list[str]:
    """What is to choose from, in the order to show: options, the right-hand sides, or the steps."""
    if item.kind is QuizKind.MATCHING:
        return [item.pairs[index].right for index in item.shown]
    if item.kind is QuizKind.ORDERING:
        return [item.sequence[index].text for index in item.shown]
    return [option.text for option in item.options]


def right_letters(item: QuizItem) -> str:
    """The answer by letters: 「イ」, 「1＝ウ、2＝ア」, 「イ → ア → ウ」, or 「誤り」."""
    if item.kind is QuizKind.MATCHING:
        return "、".join(f"{number}＝{_place(item, number - 1)}" for number in range(1, len(item.pairs) + 1))
    if item.kind is QuizKind.ORDERING:
        return " → ".join(_place(item, index) for index in range(len(item.sequence)))
    index, right = next((index, option) for index, option in enumerate(item.options) if option.is_right)
    return letter(index) if is_lettered(item) else right.text


def right_text(item: QuizItem) -> str:
    """The answer in words, to be read without the letters."""
    if item.kind is QuizKind.MATCHING:
        return "／".join(f"{pair.left} → {pair.right}" for pair in item.pairs)
    if item.kind is QuizKind.ORDERING:
        return " → ".join(line.text for line in item.sequence)
    return next(option.text for option in item.options if option.is_right)


def reasons(item: QuizItem) -> list[tuple[str, Line]]:
    """What is said of each answer besides the explanation: its name and the sentence, in the order shown."""
    named = [
        (letter(index) if is_lettered(item) else option.text, option.reason)
        for index, option in enumerate(item.options)
    ]
    return [(name, reason) for name, reason in named if reason.text and reason.text != item.explanation.text]


def markers(item: QuizItem) -> tuple[int, ...]:
    """Every citation that an item rests on, each once, in order."""
    lines = (item.explanation, item.story, *(option.reason for option in item.options), *item.sequence)
    found = [line.markers for line in lines if line] + [pair.markers for pair in item.pairs]
    return tuple(sorted({marker for some in found for marker in some}))


def source_name(citation: Citation) -> str:
    """The document of a citation, with 「要約」 where it is a digest."""
    return with_digest_mark(citation.document_title, citation.is_digest)


def place_name(citation: Citation) -> str:
    """Where in its document a citation stands: page, and the section as the document names it; never nothing."""
    section = citation.section.replace(" > ", " ＞ ")
    return "、".join(filter(None, (page_name(citation), f"「{section}」" if section else ""))) or "「冒頭」"


def _place(item: QuizItem, index: int) -> str:
    return letter(item.shown.index(index))
