"""One sheet of a workbook: its rows as texts by column, hidden ones counted and left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.readers.xlsx_formats import GENERAL, shown_date, shown_number
from corpus.readers.xlsx_parts import Events, Package, Sheet, TextBuffer

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{0,7})")
_TRUE = ("1", "true")
# Merged areas beyond this many cells are taken at their word: that only their first cell holds a text.
_MOST_MERGED = 100_000
_MOST_HIDDEN_RANGES = 1_000


@dataclass
class SheetRows:
    """The rows of a sheet as {column from 1: text}, and counts of cells.

    `filled` cells are in `rows`; `hidden` ones are not, nor `uncomputed` formulas and `lost` strings. `is_cut`: there
    are more cells than were wanted; `is_torn`: the part is damaged and breaks off.
    """

    rows: list[dict[int, str]] = field(default_factory=list)
    filled: int = 0
    uncomputed: int = 0
    hidden: int = 0
    lost: int = 0
    is_cut: bool = False
    is_torn: bool = False


class _Enough(Exception):
    """There are more cells than are wanted."""


def read_sheet(package: Package, sheet: Sheet, most_cells: int) -> SheetRows:
    """The rows of one sheet, at most `most_cells` cells with text. Never raises for a damaged sheet."""
    events = _SheetEvents(package, most_cells)
    try:
        package.walk(sheet.part, events)
    except _Enough:
        events.result.is_cut = True
    except MemoryError:
        raise
    # The parser, the ZIP and broken numbers raise nearly anything; the rows before that are good.
    except Exception:
        events.result.is_torn = True
    events.empty_merged()
    return events.result


class _SheetEvents(Events):
    def __init__(self, package: Package, most_cells: int) -> None:
        self.result = SheetRows()
        self._package, self._most = package, most_cells
        self._hidden_columns: list[range] = []
        self._merged: list[tuple[range, range]] = []
        self._merged_cells = 0
        self._places: dict[int, dict[int, str]] = {}
        self._row: dict[int, str] = {}
        self._row_number = 0
        # Most cells of a wide sheet are empty: where a cell stands is worked out only for those with a value.
        self._reference, self._steps = "", 0
        self._cell: Mapping[str, str] = {}
        self._row_hidden = self._has_formula = self._in_reading = False
        self._type = "n"
        self._text = TextBuffer()

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and not self._in_reading):
            self._text.is_open = True
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._in_reading = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "col" and len(self._hidden_columns) < _MOST_HIDDEN_RANGES:
            if attributes.get("hidden") in _TRUE or attributes.get("width") == "0":
                self._hidden_columns.append(range(int(attributes["min"]), int(attributes["max"]) + 1))
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        self._text.add(text)

    def finish(self, name: str) -> None:
        if name in ("v", "t"):
            self._text.is_open = False
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._in_reading = False

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._row_number = int(attributes.get("r") or self._row_number + 1)
        self._row_hidden = attributes.get("hidden") in _TRUE or attributes.get("ht") == "0"
        self._row = {}
        self._reference, self._steps = "", 0

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._cell, self._has_formula = attributes, False
        if reference := attributes.get("r"):
            self._reference, self._steps = reference, 0
        else:
            self._steps += 1

    def _end_cell(self) -> None:
        raw = self._text.take()
        self._type = self._cell.get("t", "n")
        if not raw:
            # A formula whose result is an empty text says so by its type.
            self.result.uncomputed += self._has_formula and self._type != "str"
            return
        text, column = " ".join(self._shown(raw).split()), self._column()
        if self._row_hidden or any(column in hidden for hidden in self._hidden_columns):
            self.result.hidden += bool(text)
        elif text:
            self._keep(column, text)
        elif raw.strip() and self._type == "n":
            # A format such as ;;; shows nothing of a number.
            self.result.hidden += 1

    def _column(self) -> int:
        match = _REFERENCE.match(self._reference)
        return (_column_number(match[1]) if match else 0) + self._steps

    def _keep(self, column: int, text: str) -> None:
        if self.result.filled >= self._most:
            raise _Enough
        if not self._row:
            self.result.rows.append(self._row)
            self._places[self._row_number] = self._row
        self.result.filled += column not in self._row
        self._row[column] = text

    def _shown(self, raw: str) -> str:
        if self._type == "s":
            return self._shared(raw)
        if self._type == "b":
            return "TRUE" if raw in _TRUE else "FALSE"
        formats = self._package.formats
        style = int(self._cell.get("s") or 0)
        code = formats[style] if 0 <= style < len(formats) else GENERAL
        if self._type == "d":
            return shown_date(raw)
        return shown_number(raw, code, self._package.counts_from_1904) if self._type == "n" else raw

    def _shared(self, raw: str) -> str:
        try:
            index = int(raw)
            return self._package.strings[index] if index >= 0 else ""
        except (ValueError, IndexError):
            self.result.lost += 1
            return ""

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if start and end and start[2] and end[2]:
            rows = range(int(start[2]), int(end[2]) + 1)
            columns = range(_column_number(start[1]), _column_number(end[1]) + 1)
            self._merged_cells += len(rows) * len(columns)
            if self._merged_cells <= _MOST_MERGED:
                self._merged.append((rows, columns))

    def empty_merged(self) -> None:
        """Forget what lies beneath the first cell of a merged area."""
        for rows, columns in self._merged:
            for number in rows:
                row = self._places.get(number, {})
                for column in columns:
                    if (number, column) != (rows.start, columns.start) and row.pop(column, None) is not None:
                        self.result.filled -= 1


def _column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
