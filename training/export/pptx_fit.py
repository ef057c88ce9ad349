"""Making paragraphs, tables and titles fit their boxes: a little smaller first, then over several slides.

Nothing is left out: what does not fit on one slide comes on the next. Only a title that is too long for its place is
cut, with 「…」, and whoever calls is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from training.export.pptx_geometry import BODY, CELL_SIDE, CELL_TOP, TITLE, TITLE_SIZES
from training.export.pptx_models import BODY_LEAST, TABLE_LEAST, Box, Column, Para, Row, Table
from training.export.text_fit import cut, line_count, line_height

_STILL_LARGE = 0.7


def fit_title(text: str, box: Box = TITLE, sizes: Sequence[int] = TITLE_SIZES) -> tuple[int, str]:
    """The font size for a title and the title, cut with 「…」 where even the smallest size is too large.

    One line is better than a larger size, as long as the size is not much smaller.
    """
    lines = {size: line_count(text, size, box.width) for size in sizes}
    for size in sizes:
        if lines[size] == 1 and size >= sizes[0] * _STILL_LARGE:
            return size, text
    for size in sizes:
        if lines[size] * line_height(size) <= box.height:
            return size, text
    size = sizes[-1]
    return size, cut(text, "…", size, box.width, int(box.height // line_height(size)))[0] + "…"


def total(paras: Sequence[Para], width: float) -> float:
    """The height of paragraphs in a column of `width` points."""
    return sum(para.height(width) for para in paras)


def shrunk(paras: Sequence[Para], by: int, least: int = BODY_LEAST) -> tuple[Para, ...]:
    """Paragraphs with their font sizes smaller `by` points, though none below `least`."""
    return tuple(replace(para, size=max(least, para.size - by)) for para in paras)


def body_pages(paras: Sequence[Para], box: Box = BODY) -> list[tuple[Para, ...]]:
    """Paragraphs over as few slides as keep them readable, each not taller than the box; none for no paragraphs.

    Short ones are set larger, as long as they stay in the upper part of the slide.
    """
    for by, share in ((-4, 0.6), (-2, 0.8), (0, 1), (2, 1), (4, 1)):
        scaled = shrunk(paras, by)
        if paras and total(scaled, box.width) <= box.height * share:
            return [scaled]
    units = _units(shrunk(paras, 2), box)
    heights = [total(unit, box.width) for unit in units]
    return [tuple(para for at in page for para in units[at]) for page in balanced(heights, box.height)]


def table_pages(table: Table, height: float = BODY.height) -> list[Table]:
    """A table over as few slides as it takes, its header on each, rows whole wherever one fits on a slide."""
    tall = max((row_height(row, table.columns) for row in table.rows), default=0)
    if tall > height - header_height(table):
        table = _small(table)
    room = height - header_height(table)
    rows = [piece for row in table.rows for piece in _row_pieces(row, table.columns, room)]
    heights = [row_height(row, table.columns) for row in rows]
    return [replace(table, rows=tuple(rows[at] for at in page)) for page in balanced(heights, room)]


def best_columns(table: Table, widths: Sequence[Sequence[float]]) -> Table:
    """The table with those widths of its columns that take the fewest slides, and on these the least height."""
    tables = [
        replace(table, columns=tuple(replace(old, width=new) for old, new in zip(table.columns, some, strict=True)))
        for some in widths
    ]
    return min(
        tables, key=lambda each: (len(table_pages(each)), sum(row_height(row, each.columns) for row in each.rows))
    )


def header_height(table: Table) -> float:
    """The height of a table's header, in points."""
    cells = [(Para(column.heading, size=table.size, before=0),) for column in table.columns]
    return row_height(Row(tuple(cells)), table.columns)


def row_height(row: Row, columns: Sequence[Column]) -> float:
    """The height of a row, in points."""
    tallest = max(total(cell, column.width - 2 * CELL_SIDE) for cell, column in zip(row.cells, columns, strict=True))
    return math.ceil(tallest + 2 * CELL_TOP)


def balanced(heights: Sequence[float], limit: float) -> list[list[int]]:
    """Indices of things over pages: in order, as few pages as can be, and these about equally full."""
    pages = _greedy(heights, limit)
    least = math.ceil(sum(heights) / max(1, len(pages)))
    for tight in range(least, int(limit), 4):
        if len(even := _greedy(heights, tight)) == len(pages):
            return even
    return pages


def take(paras: Sequence[Para], width: float, height: float) -> tuple[tuple[Para, ...], tuple[Para, ...]]:
    """As many paragraphs as fit into a height, the last of them cut if need be, and the rest."""
    room = height
    for at, para in enumerate(paras):
        if (need := para.height(width)) <= room:
            room -= need
            continue
        lines = int((room - para.before) // line_height(para.size))
        if lines < 1:
            return tuple(paras[:at]), tuple(paras[at:])
        head, rest = cut(para.text, para.tail, para.size, width - para.indent, lines)
        if at and replace(para, text=head).lines(width) > lines:
            return tuple(paras[:at]), tuple(paras[at:])
        following = (replace(para, text=rest, lead="", inset=round(para.indent)),) if rest else ()
        return (*paras[:at], replace(para, text=head)), (*following, *paras[at + 1 :])
    return tuple(paras), ()


def _greedy(heights: Sequence[float], limit: float) -> list[list[int]]:
    pages: list[list[int]] = []
    used = limit + 1
    for at, height in enumerate(heights):
        if used + height > limit:
            pages.append([])
            used = 0
        pages[-1].append(at)
        used += height
    return pages


def _units(paras: Sequence[Para], box: Box) -> list[tuple[Para, ...]]:
    """Paragraphs that stay together, none of them taller than the box."""
    units: list[tuple[Para, ...]] = []
    together: list[Para] = []
    for para in paras:
        together.append(para)
        if not para.keeps:
            units.append(tuple(together))
            together = []
    units += [tuple(together)] if together else []
    return [piece for unit in units for piece in _pieces(unit, box)]


def _pieces(unit: tuple[Para, ...], box: Box) -> list[tuple[Para, ...]]:
    pieces = []
    while unit:
        head, unit = take(unit, box.width, box.height)
        pieces.append(head)
    return pieces


def _small(table: Table) -> Table:
    rows = tuple(
        replace(row, cells=tuple(shrunk(cell, table.size - TABLE_LEAST, TABLE_LEAST) for cell in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows, size=TABLE_LEAST)


def _row_pieces(row: Row, columns: Sequence[Column], room: float) -> list[Row]:
    """A row, or several of it where it is taller than a slide; the short cells stand in the first."""
    pieces = []
    while row_height(row, columns) > room:
        widths = [column.width - 2 * CELL_SIDE for column in columns]
        halves = [take(cell, width, room - 2 * CELL_TOP) for cell, width in zip(row.cells, widths, strict=True)]
        pieces.append(replace(row, cells=tuple(head for head, _ in halves)))
        row = replace(row, cells=tuple(rest for _, rest in halves))
    return [*pieces, row]
