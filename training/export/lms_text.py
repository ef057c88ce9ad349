"""What the formats for learning systems say alike of a quiz item: its name, its question, its explanation with sources.

Plain text; escaping is each format's own.
"""

from __future__ import annotations

import unicodedata

from assistant.models import Citation
from training.export.quiz_text import markers
from training.labels import DIFFICULTIES, EDITED, KINDS, marked, short_name
from training.models import Option, Quiz, QuizItem, QuizKind

_MOST_TITLE = 60
_ANGLES = str.maketrans("<>", "＜＞")


def plain(text: str) -> str:
    """A text without control characters, half surrogates and the like; line ends stay, tabs become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(letter for letter in text if letter == "\n" or _may_stand(letter)).strip()


def _may_stand(letter: str) -> bool:
    """Whether XML 1.0 and a database take a character, and it does not turn the direction of those around it."""
    if "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069":
        return False
    return unicodedata.category(letter) not in {"Cc", "Cs"} and ord(letter) & 0xFFFE != 0xFFFE


def one_line(text: str) -> str:
    """A plain text on one line."""
    return " ".join(plain(text).split())


def title(number: int, item: QuizItem) -> str:
    """The name of a question in a list: its number, kind and beginning.

    Moodle takes tags out of names, and a colon in one ends it for some readers of GIFT, so both are full-width.
    """
    stem = one_line(item.stem).translate(_ANGLES).replace(":", "：")
    short = stem if len(stem) <= _MOST_TITLE else f"{stem[: _MOST_TITLE - 1]}…"
    return f"問{number:02d} {KINDS[item.kind]} {short}"


def question(item: QuizItem) -> str:
    """What is asked, the situation of a case before it."""
    return f"{item.story.text}\n\n{item.stem}" if item.story else item.stem


def as_pairs(item: QuizItem) -> list[tuple[str, str]]:
    """The pairs of an item that is answered by matching: those of a matching one, places of an ordering one.

    Right-hand sides are shown in lists that take no markup and may swallow it, so < and > are full-width in them.
    """
    if item.kind is QuizKind.ORDERING:
        return [(f"{place}番目", _listed(line.text)) for place, line in enumerate(item.sequence, start=1)]
    return [(one_line(pair.left), _listed(pair.right)) for pair in item.pairs]


def _listed(text: str) -> str:
    return one_line(text).translate(_ANGLES)


def explanation(item: QuizItem, quiz: Quiz) -> str:
    """Why the answer is right, then the sources of all that the item says, a line each, with what they say."""
    edited = [f"（{EDITED}した問題です）"] if item.edited else []
    said = marked(item.explanation.text, item.explanation.markers)
    return "\n".join([said, *edited, *(source(citation) for citation in cited(item, quiz))])


def feedback(option: Option, item: QuizItem) -> str:
    """What is said to whoever chose an option; "" where the explanation, which everybody sees, says just that."""
    reason = option.reason
    return "" if reason.text == item.explanation.text else marked(reason.text, reason.markers)


def source(citation: Citation) -> str:
    """A source on a line: its number, document, edition, page, and its words."""
    return f"[{citation.marker}] {short_name(citation)}「{one_line(citation.quote)}」"


def cited(item: QuizItem, quiz: Quiz) -> list[Citation]:
    """The citations that an item refers to anywhere, in their order."""
    wanted = set(markers(item))
    return [citation for citation in quiz.citations if citation.marker in wanted]


def category_path(quiz: Quiz) -> str:
    """Where Moodle puts the questions: a category of the quiz's name.

    A slash in the name is doubled, as Moodle wants it; a backslash, which cannot be escaped there, is full-width.
    """
    name = one_line(quiz.title).translate(_ANGLES).replace("\\", "＼").replace("/", "//")
    return f"$course$/top/{name}"


def tags(item: QuizItem) -> list[str]:
    """What an item can be found by: kind and difficulty, and that a trainer edited it."""
    return [KINDS[item.kind], f"難しさ：{DIFFICULTIES[item.difficulty]}", *([EDITED] if item.edited else [])]
