"""Grids of cells drawn with rules: from the straight lines of a page to rows and columns.

A frame around text, a page frame and a drawing of boxes and arrows are no grids: a grid has at least two columns, a
closed border, and cells that are rectangles. What stands in the cells is read in `corpus.readers.pdf_tables`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from corpus.readers.pdf_glyphs import Box

# Points. Rules nearer than this to each other are one line: double lines, and the edges of two cells side by side.
_SAME_LINE = 2.5
# Between the parts of one line: the dots at crossings, and the dashes of a broken line.
_GAP = 4.0
_REACH = 3.0
_MOST_LINES = 400
_MOST_CELLS = 4000
_WALL = 0.6
_BORDER = 0.8
_SMALLEST = (30.0, 8.0)


class Rule(NamedTuple):
    """A straight line along one axis: `at` across it, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells between lines: `xs` ascending, `ys` descending; `owner[row][column]` is the cell that its text is told in.

    A merged cell owns all places that it covers, under the place of its top left corner.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def box(self) -> Box:
        """The outer border."""
        return Box(self.xs[0], self.ys[-1], self.xs[-1], self.ys[0])

    def place(self, x: float, y: float) -> tuple[int, int]:
        """The row and column of the cell that owns this point, which must lie in the box."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right([-each for each in self.ys], -y) - 1, 0), len(self.ys) - 2)
        return self.owner[row][column]


def find_grids(horizontals: Sequence[Rule], verticals: Sequence[Rule]) -> list[Grid]:
    """The grids that these lines make, none where a page is a drawing of many lines."""
    across, down = _merge(horizontals), _merge(verticals)
    if not across or not down or len(across) > _MOST_LINES or len(down) > _MOST_LINES:
        return []
    return [grid for group in _connected(across, down) if (grid := _grid(*group))]


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn in pieces or twice as one each; what is too short to part anything is left out."""
    lanes: list[list[Rule]] = []
    for rule in sorted(rules):
        if lanes and rule.at - lanes[-1][0].at <= _SAME_LINE:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    merged: list[Rule] = []
    for lane in lanes:
        at = sum(rule.at for rule in lane) / len(lane)
        start = end = min(rule.start for rule in lane)
        for rule in sorted(lane, key=lambda each: each.start):
            if rule.start - end > _GAP:
                merged.append(Rule(at, start, end))
                start = rule.start
            end = max(end, rule.end)
        merged.append(Rule(at, start, end))
    return [rule for rule in merged if rule.end - rule.start >= _SMALLEST[1]]


def _connected(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The lines in groups that hang together by crossing or touching."""
    left_across, left_down = list(across), list(down)
    while left_across:
        group: tuple[list[Rule], list[Rule]] = ([left_across.pop()], [])
        todo = [(group[0][0], True)]
        while todo:
            rule, is_across = todo.pop()
            others = left_down if is_across else left_across
            met = [other for other in others if _meet(rule, other)]
            for other in met:
                others.remove(other)
                group[1 if is_across else 0].append(other)
                todo.append((other, not is_across))
        if group[1]:
            yield group


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two lines at right angles touch."""
    on_one = one.start - _REACH <= other.at <= one.end + _REACH
    return on_one and other.start - _REACH <= one.at <= other.end + _REACH


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    """The grid of one group of lines, or None where it is a frame, a drawing or a chart."""
    xs = _stops([rule.at for rule in down] + [min(r.start for r in across), max(r.end for r in across)])
    ys = _stops([rule.at for rule in across] + [min(r.start for r in down), max(r.end for r in down)])[::-1]
    if len(xs) < 3 or len(xs) * len(ys) > _MOST_CELLS or xs[-1] - xs[0] < _SMALLEST[0] or ys[0] - ys[-1] < _SMALLEST[1]:
        return None
    xs = _parting(xs, down, ys)
    ys = _parting(ys, across, xs)
    if not _is_closed(across, down, xs, ys):
        return None
    owner = _owners(across, down, xs, ys)
    return Grid(tuple(xs), tuple(ys), owner) if owner and len(xs) >= 3 else None


def _stops(positions: Iterable[float]) -> list[float]:
    """Ascending positions, those of one place as one."""
    stops: list[float] = []
    for position in sorted(positions):
        if not stops or position - stops[-1] > _REACH:
            stops.append(position)
    return stops


def _is_closed(across: Sequence[Rule], down: Sequence[Rule], xs: Sequence[float], ys: Sequence[float]) -> bool:
    """Whether every column has a line above and below; boxes side by side that an arrow joins have a hole there.

    Tables are often open on the left and right, but a single row must be closed there too.
    """
    columns = list(pairwise(xs))
    ends = all(_covers(across, y, low, high, _BORDER) for y in (ys[0], ys[-1]) for low, high in columns)
    return ends and (len(ys) > 2 or all(_covers(down, x, ys[-1], ys[0], _BORDER) for x in (xs[0], xs[-1])))


def _parting(stops: list[float], rules: Sequence[Rule], crossing: Sequence[float]) -> list[float]:
    """The outer stops, and those where a wall parts at least two neighbours (an underline in a cell does not)."""
    spans = [(min(pair), max(pair)) for pair in pairwise(crossing)]
    inner = [stop for stop in stops[1:-1] if any(_covers(rules, stop, low, high, _WALL) for low, high in spans)]
    return [stops[0], *inner, stops[-1]]


def _covers(rules: Iterable[Rule], at: float, low: float, high: float, share: float) -> bool:
    """Whether lines at this place run along at least this share of the way."""
    near = (rule for rule in rules if abs(rule.at - at) <= _REACH)
    return sum(max(0.0, min(rule.end, high) - max(rule.start, low)) for rule in near) >= share * (high - low)


def _owners(
    across: Sequence[Rule], down: Sequence[Rule], xs: Sequence[float], ys: Sequence[float]
) -> tuple[tuple[tuple[int, int], ...], ...] | None:
    """For every place the top left place of its cell; None where a cell is no rectangle."""
    rows, columns = range(len(ys) - 1), range(len(xs) - 1)
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in rows:
        for column in columns:
            if (row, column) in owner:
                continue
            right, bottom = column, row
            while right + 1 < len(columns) and not _covers(down, xs[right + 1], ys[row + 1], ys[row], _WALL):
                right += 1
            while bottom + 1 < len(rows) and not _covers(across, ys[bottom + 1], xs[column], xs[right + 1], _WALL):
                bottom += 1
            covered = [(r, c) for r in range(row, bottom + 1) for c in range(column, right + 1)]
            if any(place in owner for place in covered):
                return None
            owner.update(dict.fromkeys(covered, (row, column)))
    return tuple(tuple(owner[row, column] for column in columns) for row in rows)
