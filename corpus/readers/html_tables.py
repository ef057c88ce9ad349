"""The grid of one HTML table: merged cells leave empty ones behind. Knows neither text nor parser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WIDEST_SPAN: Final = 200
_LONGEST_SPAN: Final = 1_000
# Tables that claim more empty cells than this are made to fill the memory.
_MOST_EMPTY: Final = 200_000


class TableGrid:
    """Gathers rows; `cell` holds the texts of the open cell. In a layout table no cell is ever open."""

    def __init__(self, *, is_layout: bool = False) -> None:
        self.is_layout = is_layout
        self.cell: list[str] | None = None
        self._rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._span = (1, 1)
        # Columns that a cell of an earlier row reaches down into, with the number of rows still to come.
        self._reaching: dict[int, int] = {}
        self._begun: dict[int, int] = {}
        self._empty = 0

    def begin_row(self) -> None:
        """A row begins; one still open ends."""
        self.end_row()
        self._row = []

    def begin_cell(self, attributes: Mapping[str, str]) -> None:
        """A cell begins, in a row of its own where none is open; one still open ends."""
        self.end_cell()
        if self.is_layout:
            return
        if self._row is None:
            self._row = []
        self.cell = []
        self._span = (1, 1)
        if not attributes:
            return
        self._span = (
            _span(attributes.get("rowspan"), _LONGEST_SPAN),
            _span(attributes.get("colspan"), _WIDEST_SPAN),
        )

    def end_cell(self) -> None:
        """The open cell takes its place."""
        if self.cell is None or self._row is None:
            self.cell = None
            return
        self._fill(self._row)
        rows, columns = self._span
        start = len(self._row)
        self._row.append(" ".join(self.cell))
        self._row.extend([""] * self._afford(columns - 1))
        if rows > 1:
            self._begun.update(dict.fromkeys(range(start, len(self._row)), rows - 1))
        self.cell = None

    def end_row(self) -> None:
        """The open row is complete."""
        self.end_cell()
        if self._row is None:
            return
        self._fill(self._row)
        self._rows.append(self._row)
        self._row = None
        self._reaching = {column: rows - 1 for column, rows in self._reaching.items() if rows > 1} | self._begun
        self._begun = {}

    def take_rows(self) -> list[list[str]]:
        """The rows so far, which are then forgotten."""
        self.end_row()
        rows, self._rows = self._rows, []
        return rows

    def _fill(self, row: list[str]) -> None:
        while len(row) in self._reaching and self._afford(1):
            row.append("")

    def _afford(self, count: int) -> int:
        count = min(count, _MOST_EMPTY - self._empty)
        self._empty += count
        if self._empty >= _MOST_EMPTY:
            self._reaching, self._begun = {}, {}
        return count


def _span(value: str | None, most: int) -> int:
    try:
        return max(1, min(int(value or 1), most))
    except ValueError:
        return 1
