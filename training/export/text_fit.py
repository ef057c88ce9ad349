"""How much room a Japanese text takes: a careful estimate in points, made without any font.

The reader's machine may have other fonts than ours, so nothing here looks at one: a full-width character is one em
wide, everything else is taken for a little wider than usual fonts draw it. Lines break as Japanese is set: anywhere
but before a closing sign or after an opening one, Latin words whole. Draws nothing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

LEADING: Final = 1.4
"""Height of a line in font sizes; exports set it exactly, so that it does not depend on the font."""
_NO_START = (
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】°′″℃％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.!?)]}:;%"
)
_NO_END = "‘“（〔［｛〈《「『【([{￥＄"
_WORD = re.compile(
    rf"[{re.escape(_NO_END)}]*[!-~]+[{re.escape(_NO_START)}]*|\s+|[{re.escape(_NO_END)}]*.[{re.escape(_NO_START)}]*",
    re.DOTALL,
)
# Where an address is broken that is longer than a line.
_PIECE = re.compile(r"[^/?&=_.-]*[/?&=_.-]?")
# Room that the estimate leaves at the end of each line, for what a program spaces out.
_SAFETY: Final = 0.97
_SENTENCE_END = re.compile(r"[。！？]")


def line_height(size: float) -> int:
    """The height of a line in points, for a font size in points."""
    return math.ceil(size * LEADING)


def text_width(text: str) -> float:
    """The width of a text on one line, in ems."""
    return sum(_character_width(character) for character in text)


def line_count(text: str, size: float, width: float) -> int:
    """How many lines a text takes at `size` points in a column of `width` points; an empty text takes one."""
    room = max(1.0, width * _SAFETY / size)
    return sum(_lines_of(line, room) for line in text.split("\n"))


def cut(text: str, tail: str, size: float, width: float, lines: int) -> tuple[str, str]:
    """A text in two pieces, the first of which takes at most `lines` lines with `tail` behind it.

    The cut stands behind a sentence where one ends in the second half of the piece. The first piece is never empty, so
    that whoever cuts again and again comes to an end; it may be too long where not even a character fits.
    """
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if line_count(text[:middle] + tail, size, width) <= lines else (low, middle - 1)
    if low < len(text):
        ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, low)]
        low = ends[-1] if ends and ends[-1] * 2 >= low else low
    return text[:low], text[low:]


def _lines_of(line: str, room: float) -> int:
    """Lines that a text without line ends takes, where `room` is the width of a line in ems."""
    lines, used = 1, 0.0
    for word in _words(line):
        width = text_width(word)
        if used + width <= room:
            used += width
        elif word.isspace():
            continue
        elif width <= room:
            lines, used = lines + 1, width
        else:
            rows, last = _rows_of(word, room)
            lines, used = lines + rows - (0 if used else 1), last
    return lines


def _rows_of(word: str, room: float) -> tuple[int, float]:
    """Lines that a word longer than a line takes, begun on a line of its own, and the width used of the last one."""
    rows, used = 1, 0.0
    for piece in _PIECE.findall(word):
        width = text_width(piece)
        if used + width > room:
            rows, used = rows + (1 if used else 0), 0.0
        full = math.floor(width / max(1.0, room - 1)) if width > room else 0
        rows, used = rows + full, used + width - full * max(1.0, room - 1)
    return rows, max(0.0, used)


def _words(line: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(line))


@cache
def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in "MWmw@%":
        return 1.05
    return 0.75 if character.isupper() or character in "&#+=<>~" else 0.6
