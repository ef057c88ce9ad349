"""The text of one PDF page as it is read: tables as rows, columns in order, what nobody can see left out.

Most pages need none of this: a cheap look at rules and rough boxes decides, and pdfium's own text stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.readers.pdf_glyphs import Box, Glyph, Handle, Run, around, split_runs, turned
from corpus.readers.pdf_grid import Grid, Rule, find_grids
from corpus.readers.pdf_objects import Drawn, is_scan, look, read_glyphs, read_rects
from corpus.readers.pdf_order import is_out_of_order, is_vertical, order_columns, order_vertical
from corpus.readers.pdf_tables import fill, rows

# In heights of a line: a gap this wide in a line may be a gutter.
_WIDE_GAP = 1.0
_NEARLY_ALL = 0.8
# Some hundred times what a page can show; the characters of such a page would fill the memory one by one.
_MOST_CHARACTERS = 300_000


@dataclass(frozen=True, slots=True)
class Layout:
    """`text` has the lines in reading order, cells parted by tabs; `hidden` characters that nobody sees are not in it.

    `all_hidden`: the page has characters and not one of them is to be seen.
    """

    text: str
    hidden: int = 0
    all_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table and where it stands."""

    lines: tuple[str, ...]
    box: Box


Item = Run | Table


def lay_out(raw: Handle, page: Handle, textpage: Handle, bounds: Box) -> Layout | None:
    """The page's text by its layout, or None where pdfium's own text is as good; may raise anything.

    `raw` is pdfium's raw interface, `bounds` the part of the page that is shown.
    """
    if raw.FPDFText_CountChars(textpage) > _MOST_CHARACTERS:
        return None
    drawn = look(raw, page)
    turns = raw.FPDFPage_GetRotation(page)
    grids = _grids(drawn, bounds, turns)
    rough = [turned(box, bounds, turns) for box in read_rects(raw, textpage)]
    if not grids and not drawn.unseen and not _is_vertical(rough) and not is_out_of_order(rough):
        return None
    glyphs, hidden = _seen(list(read_glyphs(raw, textpage)), drawn, bounds)
    if not any(not glyph.char.isspace() for glyph in glyphs):
        return Layout("", hidden, all_hidden=True) if hidden else None
    if turns:
        glyphs = [Glyph(glyph.char, turned(glyph.box, bounds, turns)) for glyph in glyphs]
    items = _items(glyphs, grids)
    ordered = _ordered(items)
    if not hidden and ordered == items and not any(isinstance(item, Table) for item in items):
        return None
    return Layout("\n".join(line for item in ordered for line in _lines(item)), hidden)


def _grids(drawn: Drawn, bounds: Box, turns: int) -> list[Grid]:
    if turns % 4 == 0:
        return find_grids(drawn.horizontals, drawn.verticals)
    boxes = [Box(rule.start, rule.at, rule.end, rule.at) for rule in drawn.horizontals]
    boxes += [Box(rule.at, rule.start, rule.at, rule.end) for rule in drawn.verticals]
    seen = [turned(box, bounds, turns) for box in boxes]
    across = [Rule(box.y, box.left, box.right) for box in seen if box.width >= box.height]
    return find_grids(across, [Rule(box.x, box.bottom, box.top) for box in seen if box.height >= box.width])


def _is_vertical(rough: Sequence[Box]) -> bool:
    """By the shape of the boxes alone: the longer side tells how much text a box holds."""
    return is_vertical((box, round(max(box.width, box.height))) for box in rough)


def _seen(glyphs: Sequence[tuple[Glyph, int]], drawn: Drawn, bounds: Box) -> tuple[list[Glyph], int]:
    """The characters that people see, and how many others there are; an invisible text over a scan counts as seen."""
    shown = [(glyph, key) for glyph, key in glyphs if not glyph.char.isspace()]
    invisible = sum(key in drawn.invisible for _, key in shown)
    unseen = drawn.unseen
    if invisible and invisible >= _NEARLY_ALL * len(shown) and is_scan(drawn, bounds):
        unseen = unseen - drawn.invisible
    kept: list[Glyph] = []
    hidden = 0
    broken = False
    for glyph, key in glyphs:
        if glyph.char.isspace():
            kept.append(glyph)
        elif key in unseen or not glyph.box.touches(bounds):
            hidden += 1
            broken = True
        else:
            # What stood on either side of something left out is no one word.
            if broken and kept and not kept[-1].char.isspace():
                kept.append(Glyph("\n", glyph.box))
            kept.append(glyph)
            broken = False
    return kept, hidden


def _items(glyphs: Sequence[Glyph], grids: Sequence[Grid]) -> list[Item]:
    """Runs and tables in pdfium's order, each table where its first character comes."""
    owners = _owners(glyphs, grids)
    on_page = sum(not glyph.char.isspace() for glyph in glyphs)
    tables: dict[int, Table] = {}
    for number, grid in enumerate(grids):
        inside = [glyph for glyph, owner in zip(glyphs, owners, strict=True) if owner == number]
        lines = rows(grid, fill(grid, inside), on_page) if inside else None
        if lines:
            tables[number] = Table(tuple(lines), grid.box)
    items: list[Item] = []
    outside: list[Glyph] = []
    done: set[int] = set()
    for glyph, owner in zip(glyphs, owners, strict=True):
        if owner is None or owner not in tables:
            outside.append(glyph)
        elif owner not in done:
            done.add(owner)
            items += [*split_runs(outside), tables[owner]]
            outside = []
        elif outside and outside[-1].char != "\n":
            outside.append(Glyph("\n", glyph.box))
    return [*items, *split_runs(outside)]


def _owners(glyphs: Sequence[Glyph], grids: Sequence[Grid]) -> list[int | None]:
    """For each character the number of the smallest grid around it; a space goes with the character before it."""
    by_size = sorted(range(len(grids)), key=lambda n: grids[n].box.width * grids[n].box.height)
    boxes = [(number, grids[number].box) for number in by_size]
    owners: list[int | None] = []
    owner: int | None = None
    for glyph in glyphs:
        if not glyph.char.isspace():
            x, y = glyph.box.x, glyph.box.y
            owner = next((number for number, box in boxes if box.holds(x, y)), None)
        owners.append(owner)
    return owners


def _box_of(item: Item) -> Box:
    return item.box


def _size_of(item: Item) -> int:
    return len(item.glyphs) if isinstance(item, Run) else 1


def _ordered(items: Sequence[Item]) -> list[Item]:
    """The items as they are read; in pdfium's order where that is right already."""
    columns: list[Item] = [column for item in items for column in (_columns(item) if isinstance(item, Run) else [item])]
    if is_vertical((column.box, _size_of(column)) for column in columns):
        return order_vertical(columns, _box_of)
    pieces: list[Item] = [piece for item in items for piece in (_pieces(item) if isinstance(item, Run) else [item])]
    if not is_out_of_order([piece.box for piece in pieces]):
        return list(items)
    ordered = order_columns(pieces, _box_of)
    downwards = sorted(pieces, key=lambda piece: -piece.box.y)
    return list(items) if ordered in (pieces, downwards) else _rejoined(ordered)


def _columns(run: Run) -> list[Run]:
    """The columns of vertical writing that pdfium took for one line since they begin level; a line across as it is."""
    glyphs = [glyph for glyph in run.glyphs if not glyph.char.isspace()]
    steps = [(one.box, other.box) for one, other in pairwise(glyphs)]
    downwards = [abs(one.x - other.x) <= 0.5 * max(one.width, other.width) and other.y < one.y for one, other in steps]
    if sum(downwards) * 2 <= len(steps):
        return [run]
    parts: list[list[Glyph]] = [[glyphs[0]]]
    for glyph, goes_on in zip(glyphs[1:], downwards, strict=True):
        parts[-1].append(glyph) if goes_on else parts.append([glyph])
    return [Run(tuple(part), run.blank_before and not number) for number, part in enumerate(parts)]


def _pieces(run: Run) -> list[Run]:
    """The run cut at gaps as wide as a gutter."""
    parts: list[list[Glyph]] = [[]]
    right: float | None = None
    for glyph in run.glyphs:
        if not glyph.char.isspace():
            if right is not None and glyph.box.left - right > _WIDE_GAP * glyph.box.height:
                parts.append([])
            right = glyph.box.right
        parts[-1].append(glyph)
    return [Run(tuple(part), run.blank_before and not number) for number, part in enumerate(parts)]


def _rejoined(items: Sequence[Item]) -> list[Item]:
    """Pieces of one line that still stand side by side as one line again."""
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if isinstance(item, Run) and isinstance(last, Run) and _is_beside(last.box, item.box):
            space = Glyph(" ", around([last.box]))
            joined[-1] = Run((*last.glyphs, space, *item.glyphs), last.blank_before)
        else:
            joined.append(item)
    return joined


def _is_beside(left: Box, right: Box) -> bool:
    height = min(left.height, right.height)
    return abs(left.y - right.y) < 0.3 * height and 0 <= right.left - left.right < 3 * height


def _lines(item: Item) -> tuple[str, ...]:
    if isinstance(item, Table):
        return item.lines
    return ("", item.text) if item.blank_before else (item.text,)
