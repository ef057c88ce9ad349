"""What stands where on a PDF page: boxes, characters with their boxes, and runs of characters in one line.

Plain values in points, x to the right and y upwards, as the page is looked at; nothing here opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

# pdfium's raw interface and the things it hands out have no types of their own.
Handle: TypeAlias = Any


class Box(NamedTuple):
    """A rectangle: left ≤ right, bottom ≤ top."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def x(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """The middle between bottom and top."""
        return (self.bottom + self.top) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def touches(self, other: Box) -> bool:
        """Whether both share at least a point."""
        across = self.left <= other.right and other.left <= self.right
        return across and self.bottom <= other.top and other.bottom <= self.top


class Glyph(NamedTuple):
    """One character where it stands; a line break ends a line and stands nowhere."""

    char: str
    box: Box


@dataclass(frozen=True)
class Run:
    """Characters of one line, in the order of reading; at least one of them is not a space.

    `blank_before`: a line of nothing but spaces comes before it, as word processors leave between paragraphs.
    """

    glyphs: tuple[Glyph, ...]
    blank_before: bool = False

    @cached_property
    def text(self) -> str:
        """The characters as text, halves of a pair joined and no two spaces in a row."""
        return re.sub(" {2,}", " ", whole("".join(glyph.char for glyph in self.glyphs)))

    @cached_property
    def box(self) -> Box:
        """What the characters take up, spaces left out."""
        return around(glyph.box for glyph in self.glyphs if not glyph.char.isspace())


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of these; ValueError for none."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def whole(text: str) -> str:
    """The text with the two halves of a character beyond U+FFFF joined; a half alone is dropped."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def split_runs(glyphs: Sequence[Glyph]) -> list[Run]:
    """The runs between the line breaks, in order; a line of nothing but spaces is told in the run after it."""
    runs: list[Run] = []
    line: list[Glyph] = []
    blank = False
    for glyph in (*glyphs, Glyph("\n", Box(0, 0, 0, 0))):
        if glyph.char not in "\r\n":
            line.append(glyph)
        elif any(not each.char.isspace() for each in line):
            runs.append(Run(tuple(line), blank))
            line, blank = [], False
        else:
            line, blank = [], blank or bool(line)
    return runs


def turned(box: Box, page: Box, quarter_turns: int) -> Box:
    """The box as it is seen on a page that a viewer turns clockwise by so many quarters."""
    left, bottom, right, top = box
    if quarter_turns % 4 == 1:
        return Box(bottom, page.right - right, top, page.right - left)
    if quarter_turns % 4 == 2:
        return Box(page.right - right, page.top - top, page.right - left, page.top - bottom)
    if quarter_turns % 4 == 3:
        return Box(page.top - top, left, page.top - bottom, right)
    return box
