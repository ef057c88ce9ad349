"""What a deck is made of before it is drawn: paragraphs, tables and slides, with sizes in points.

Values only. `pptx_fit` sees that they fit, `pptx_draw` draws them; nothing here knows the file format.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from training.export.text_fit import line_count, line_height, text_width
from training.labels import marks

BODY_LEAST: Final = 14
TABLE_LEAST: Final = 12
FOOTER_SIZE: Final = 10


class Look(StrEnum):
    """How a paragraph is coloured."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    RIGHT = "right"


class Layout(StrEnum):
    """The layouts of the deck, each with its name in PowerPoint."""

    COVER = "表紙"
    BODY = "見出しと本文"
    TABLE = "見出しと表"
    PANEL = "囲みと本文"
    PANEL_COLUMNS = "囲みと二列"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `lead` hangs in front of it (•, 1., ア), `before` is the space above it in points.

    `inset` is how far from the left it stands, in points. `keeps`: it stays on the slide of the next paragraph.
    """

    text: str
    markers: tuple[int, ...] = ()
    size: int = 20
    look: Look = Look.PLAIN
    is_bold: bool = False
    lead: str = ""
    before: int = 8
    inset: int = 0
    keeps: bool = False
    worded_by: str = ""

    @property
    def tail(self) -> str:
        """What stands behind the text: its markers, and who worded it."""
        cited = f" {marks(self.markers)}" if self.markers else ""
        return cited + (f"〔{self.worded_by}〕" if self.worded_by else "")

    @property
    def indent(self) -> float:
        """Where the text begins, in points; the lead stands in front of it."""
        return self.inset + (math.ceil(self.size * (text_width(self.lead) + 0.6)) if self.lead else 0)

    def lines(self, width: float) -> int:
        """How many lines it takes in a column of `width` points."""
        return line_count(self.text + self.tail, self.size, width - self.indent)

    def height(self, width: float) -> float:
        """The height it takes in a column of `width` points, with the space above it."""
        return self.before + self.lines(width) * line_height(self.size)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, its width in points."""

    heading: str
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, a tuple of paragraphs for each cell; `is_marked` rows are tinted."""

    cells: tuple[tuple[Para, ...], ...]
    is_marked: bool = False

    @property
    def markers(self) -> tuple[int, ...]:
        """The citations that its cells name."""
        return tuple(marker for cell in self.cells for para in cell for marker in para.markers)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header; `description` is its alternative text. `size` is that of the header, in points."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    description: str
    size: int = 14


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide that fits.

    `part` is the part of the session that it belongs to, `kicker` the small line above the title. `panel` is the
    tinted block above the body and `panel_height` its height; `right` is the second column. `markers` are cited in the
    footer, the most important first, `more` in the notes alone. Of the speaker's notes, `say` belongs to this slide;
    `prompt` is how to go about it, where the agenda does not say. `footer` and `notes` are made of these by
    `pptx_notes`; a footer that is there already stays.
    """

    layout: Layout
    part: str
    title: str
    prompt: str = ""
    kicker: str = ""
    body: tuple[Para, ...] = ()
    right: tuple[Para, ...] = ()
    panel: tuple[Para, ...] = ()
    panel_height: float = 0
    table: Table | None = None
    markers: tuple[int, ...] = ()
    more: tuple[int, ...] = ()
    say: tuple[str, ...] = ()
    footer: str = ""
    notes: str = ""
