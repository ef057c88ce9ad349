"""Tables drawn with rules: from the cells of a grid and the characters in them to rows of text.

Where rules part no rows, lines that stand side by side do. Tables without any rules are not looked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from corpus.clean import join_lines
from corpus.readers.pdf_glyphs import Box, Glyph, Run
from corpus.readers.pdf_grid import Grid

_LINES_OF_PROSE = 15
_SHARE_OF_PROSE = 0.7
_LINES_OF_A_SINGLE_ROW = 3
# Rows without rules between them: so many at least, side by side within this share of their height.
_FEWEST_ROWS = 3
_LEVEL = 0.4
_LOOSE = 0.8


class Line(NamedTuple):
    """One line of text in a cell: its characters and the box around them."""

    text: str
    box: Box


Cells = dict[tuple[int, int], list[Line]]


def fill(grid: Grid, glyphs: Iterable[Glyph]) -> Cells:
    """The lines of text of each cell that has any, from the characters inside the grid's box in their order."""
    cells: dict[tuple[int, int], list[Glyph]] = {}
    place: tuple[int, int] | None = None
    for glyph in glyphs:
        # A space has no box to go by: it stands with the character before it.
        if glyph.char.isspace():
            if place is not None:
                cells[place].append(glyph)
            continue
        place = grid.place(glyph.box.x, glyph.box.y)
        cells.setdefault(place, []).append(glyph)
    return {place: _cell_lines(inside) for place, inside in cells.items()}


def _cell_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of one cell from top to bottom; at least one glyph is no space."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.char in "\r\n":
            continue
        if glyph.char.isspace() or (lines and _same_line(lines[-1], glyph)):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    runs = sorted((Run(tuple(line)) for line in lines), key=lambda run: -run.box.y)
    return [Line(run.text.strip(), run.box) for run in runs]


def _same_line(line: Sequence[Glyph], glyph: Glyph) -> bool:
    last = next(each for each in reversed(line) if not each.char.isspace())
    apart = abs(last.box.y - glyph.box.y)
    return apart <= 0.6 * max(last.box.height, glyph.box.height, 1.0) and glyph.box.x >= line[0].box.x - 1.0


def rows(grid: Grid, cells: Cells, on_page: int) -> list[str] | None:
    """The rows as text, cells parted by tabs and rows without text left out; None where this is no table after all.

    `on_page` is the number of characters of the whole page: a cell that holds most of them in many lines is the page
    itself within its frame.
    """
    in_row = Counter(row for row, _ in cells)
    # Nothing stands beside anything: frames within frames.
    if max(in_row.values(), default=0) < 2 or _is_page_frame(cells, on_page):
        return None
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    table: list[list[str]] = []
    for row in range(height):
        inside = [cells.get((row, column), []) for column in range(width)]
        if _is_row_of_rows(inside, grid):
            table += [
                [lines[index].text if lines else "" for lines in inside] for index in range(max(map(len, inside)))
            ]
        elif height == 1 and max(map(len, inside)) > _LINES_OF_A_SINGLE_ROW:
            return None
        else:
            table.append([join_lines([line.text for line in lines]) for lines in inside])
    return ["\t".join(cell.replace("\t", " ") for cell in row) for row in table if any(row)]


def _is_row_of_rows(inside: Sequence[Sequence[Line]], grid: Grid) -> bool:
    """Whether the cells between two rules hold several rows: as many lines each, side by side, none broken by width."""
    filled = [(column, lines) for column, lines in enumerate(inside) if lines]
    if len(filled) < 2 or len({len(lines) for _, lines in filled}) > 1 or len(filled[0][1]) < _FEWEST_ROWS:
        return False
    first = filled[0][1]
    level = all(
        abs(one.box.y - other.box.y) < _LEVEL * one.box.height
        for _, lines in filled[1:]
        for one, other in zip(first, lines, strict=True)
    )
    # Lines of one or two characters are a word set from top to bottom; lines as wide as the cell are a sentence.
    told = median(len(line.text) for _, lines in filled for line in lines) > 2
    widths = [grid.xs[column + 1] - grid.xs[column] for column, _ in filled]
    loose = sum(
        median(line.box.width for line in lines) < _LOOSE * width
        for (_, lines), width in zip(filled, widths, strict=True)
    )
    return level and told and loose * 2 > len(filled)


def _is_page_frame(cells: Cells, on_page: int) -> bool:
    longest = max(cells.values(), key=lambda lines: sum(len(line.text) for line in lines))
    share = sum(len(line.text) for line in longest)
    return len(longest) >= _LINES_OF_PROSE and share > _SHARE_OF_PROSE * on_page
