"""The building blocks of the PDF hand-out: text with Japanese line breaks, headings, boxes to tick, lines to write on.

They flow over pages by reportlab's rules (wrap, split, draw). What is said, and in which order, is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.platypus import Flowable  # type: ignore[import-untyped]

from training.export.fonts import Typeface, clean
from training.export.pdf_lines import break_lines

INK, NAVY, QUIET, RULE, TINT = "#1d2530", "#1f3a5f", "#5a6675", "#b9c2cc", "#eef2f6"
# Lines are stretched to the margin as long as that puts no visible gaps between characters.
_MOST_STRETCH = 0.08
# Where a font has no bold: of the size. On a screen a line is a pixel wide at least, which would blot small letters.
_OUTLINE = 0.028
_LEAST_OUTLINED = 11.0


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one look; `size` and `colour` are those of the block where None.

    `is_whole`: it stays on one line.
    """

    text: str
    colour: str | None = None
    size: float | None = None
    is_bold: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """How a block of text is set. Sizes and distances are in points; `leading` is a share of `size`.

    `hang` is the room on the left for a label; `keeps` binds the block to what follows.
    """

    size: float = 10.0
    leading: float = 1.6
    colour: str = INK
    is_bold: bool = False
    before: float = 0.0
    after: float = 3.0
    left: float = 0.0
    hang: float = 0.0
    keeps: bool = False
    is_stretched: bool = True
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class _Glyph:
    """One character as it will be drawn; `width` in points. `acts_as` is what it counts as where lines are broken."""

    character: str
    acts_as: str
    font: str
    size: float
    colour: str
    is_outlined: bool
    width: float


class Text(Flowable):  # type: ignore[misc]
    """A block of text, with an optional label in the margin that `hang` leaves."""

    def __init__(self, typeface: Typeface, block: Block, spans: Sequence[Span | str], label: str = "") -> None:
        super().__init__()
        self.typeface, self.block = typeface, block
        self.label = self._glyphs([Span(label)])
        self.glyphs = self._glyphs([Span(span) if isinstance(span, str) else span for span in spans])
        self.spaceBefore, self.spaceAfter = block.before, block.after
        self.keepWithNext = block.keeps
        self.lines: list[tuple[list[_Glyph], bool]] = []
        self._rest: list[tuple[list[_Glyph], bool]] | None = None

    def _glyphs(self, spans: Sequence[Span]) -> list[_Glyph]:
        return [self._glyph(character, span) for span in spans for character in clean(span.text)]

    def _glyph(self, character: str, span: Span) -> _Glyph:
        is_bold, size = span.is_bold or self.block.is_bold, span.size or self.block.size
        drawn, font, width = ("\n", "", 0.0) if character == "\n" else self.typeface.glyph(character, is_bold)
        has_none = self.typeface.bold is None and not font.endswith("-Bold")
        is_outlined = is_bold and has_none and size >= _LEAST_OUTLINED
        # Lines do not break between letters.
        acts_as = "A" if span.is_whole and drawn != "\n" else drawn
        return _Glyph(drawn, acts_as, font, size, span.colour or self.block.colour, is_outlined, width * size)

    @property
    def step(self) -> float:
        """The distance of two lines in points."""
        return self.block.size * self.block.leading

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Break the text into lines of `width` points; the size that it takes."""
        self.width = width
        if self._rest is None:
            room = max(width - self.block.left - self.block.hang, self.block.size)
            text = "".join(glyph.acts_as for glyph in self.glyphs)
            ends = break_lines(text, [glyph.width for glyph in self.glyphs], room)
            last = {end for _, end in ends if end == len(text) or text[end] == "\n"}
            self.lines = [(self.glyphs[start:end], end in last) for start, end in ends]
        else:
            self.lines = self._rest
        self.height = self.step * len(self.lines)
        return width, self.height

    def split(self, width: float, height: float) -> list[Text]:
        """The part that fits into `height` points and the rest; neither is a single line. [] where it cannot be."""
        self.wrap(width, height)
        lines = self.lines
        fitting = min(int((height + 1e-6) / self.step), len(lines) - 2)
        if fitting < 2:
            return []
        return [self._part(lines[:fitting], is_first=True), self._part(lines[fitting:], is_first=False)]

    def _part(self, lines: list[tuple[list[_Glyph], bool]], is_first: bool) -> Text:
        part = Text(self.typeface, self.block, ())
        part._rest = lines
        part.label = self.label if is_first else []
        part.spaceBefore, part.spaceAfter = (self.spaceBefore, 0.0) if is_first else (0.0, self.spaceAfter)
        part.keepWithNext = not is_first and self.keepWithNext
        return part

    def draw(self) -> None:
        """Put the lines on the page."""
        top = self.height - self.step * 0.5 - self.block.size * 0.36
        left = self.block.left + self.block.hang
        if self.label:
            self._draw_line(self.label, self.block.left, top, 0.0)
        for number, (glyphs, is_last) in enumerate(self.lines):
            empty = self.width - left - sum(glyph.width for glyph in glyphs)
            stretch = 0.0 if is_last or not self.block.is_stretched else empty / max(len(glyphs) - 1, 1)
            stretch = stretch if 0 < stretch <= _MOST_STRETCH * self.block.size else 0.0
            shift = max(empty / 2, 0.0) if self.block.is_centred else 0.0
            self._draw_line(glyphs, left + shift, top - number * self.step, stretch)

    def _draw_line(self, glyphs: Sequence[_Glyph], x: float, y: float, stretch: float) -> None:
        text = self.canv.beginText(x, y)
        text.setCharSpace(stretch)
        for (font, size, colour, is_outlined), run in groupby(glyphs, _look):
            text.setFont(font, size)
            text.setFillColor(HexColor(colour))
            text.setStrokeColor(HexColor(colour))
            text.setTextRenderMode(2 if is_outlined else 0)
            text.textOut("".join(glyph.character for glyph in run))
        text.setTextRenderMode(0)
        self.canv.saveState()
        self.canv.setLineWidth(self.block.size * _OUTLINE)
        self.canv.drawText(text)
        self.canv.restoreState()


def _look(glyph: _Glyph) -> tuple[str, float, str, bool]:
    return glyph.font, glyph.size, glyph.colour, glyph.is_outlined


class Heading(Text):
    """A heading that is in the outline of the file; level 0 has a coloured bar before it."""

    def __init__(self, typeface: Typeface, block: Block, title: str, key: str, level: int = 0) -> None:
        super().__init__(typeface, block, [title])
        self.title, self.key, self.level = " ".join(clean(title).split()), key, level

    def split(self, width: float, height: float) -> list[Text]:
        """A heading stays on one page."""
        return []

    def draw(self) -> None:
        """Put the heading on the page and into the outline."""
        self.canv.bookmarkHorizontal(self.key, 0, self.height + 12)
        self.canv.addOutlineEntry(self.title, self.key, self.level)
        if self.level == 0:
            self.canv.setFillColor(HexColor(NAVY))
            self.canv.rect(0, 2, 3, self.height - 4, stroke=0, fill=1)
        super().draw()


class WriteLines(Flowable):  # type: ignore[misc]
    """Empty lines to write on by hand."""

    def __init__(self, count: int, pitch: float = 23.0) -> None:
        super().__init__()
        self.count, self.pitch = count, pitch
        self.spaceAfter = 8.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The width that there is, and the height of all lines."""
        self.width, self.height = width, self.count * self.pitch
        return self.width, self.height

    def draw(self) -> None:
        """Draw the rules."""
        self.canv.setStrokeColor(HexColor(RULE))
        self.canv.setLineWidth(0.5)
        self.canv.setDash(1, 2)
        for number in range(self.count):
            self.canv.line(0, number * self.pitch + 1, self.width, number * self.pitch + 1)


class TickBox(Flowable):  # type: ignore[misc]
    """A box to tick, on paper and on screen: a drawn square under a form field, so a reader without forms shows it."""

    def __init__(self, name: str, hint: str, side: float = 11.0) -> None:
        super().__init__()
        self.name, self.hint, self.side = name, hint, side

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The side of the square, with the room that puts it beside its first line."""
        return self.side, self.side + 3

    def draw(self) -> None:
        """Draw the square and lay the field over it."""
        self.canv.setStrokeColor(HexColor(QUIET))
        self.canv.setLineWidth(0.8)
        self.canv.rect(0, 0, self.side, self.side)
        self.canv.acroForm.checkbox(
            name=self.name,
            tooltip=" ".join(clean(self.hint).split())[:100],
            size=self.side,
            buttonStyle="check",
            fillColor=HexColor("#ffffff"),
            borderColor=HexColor(QUIET),
            textColor=HexColor(NAVY),
            borderWidth=0.8,
            fieldFlags="",
            relative=True,
        )


class Ending(Flowable):  # type: ignore[misc]
    """What can be said only when all before it is set: a text that is asked for then, or nothing where it is ""."""

    def __init__(self, typeface: Typeface, block: Block, text: Callable[[], str]) -> None:
        super().__init__()
        self.typeface, self.block, self.text = typeface, block, text
        self.inner: Any = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size of the text as it is now."""
        said = self.text()
        self.inner = Text(self.typeface, self.block, [said]) if said else None
        self.width: float = width
        self.height: float = self.inner.wrap(width, height)[1] if self.inner else 0.0
        return self.width, self.height

    def draw(self) -> None:
        """Draw the text, if there is one."""
        if self.inner:
            self.inner.drawOn(self.canv, 0, 0)
