"""In which order the boxes of a slide are read: rows from top to bottom, columns first where boxes clearly stand so.

Pure geometry; what is in a box does not matter here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

# Beyond this a slide is a map or a chart drawn by hand, and no order is better than another.
_MOST_ARRANGED = 150
_MOST_COLUMNS = 4
_MOST_ROWS = 20
# Boxes are larger than the text in them, so neighbours may overlap by this share of their size.
_SLACK = 0.05
_SIMILAR_WIDTH = 0.5
_BESIDE = 0.5


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape stands on its slide, in any unit; `index` says which shape it is."""

    index: int
    left: float
    top: float
    width: float
    height: float

    @property
    def across(self) -> tuple[float, float]:
        """From left to right, without the slack."""
        return self.left + self.width * _SLACK, self.left + self.width * (1 - _SLACK)

    @property
    def down(self) -> tuple[float, float]:
        """From top to bottom, without the slack."""
        return self.top + self.height * _SLACK, self.top + self.height * (1 - _SLACK)


def reading_order(boxes: Sequence[Box]) -> list[Box]:
    """The boxes in the order in which they are read."""
    if len(boxes) > _MOST_ARRANGED:
        return _by_place(boxes)
    return _arranged(boxes)


def _arranged(boxes: Sequence[Box]) -> list[Box]:
    if len(boxes) < 2:
        return list(boxes)
    rows = _split(boxes, lambda box: box.down)
    if len(rows) > 1:
        return list(chain.from_iterable(_band(rows)))
    columns = _split(boxes, lambda box: box.across)
    if len(columns) > 1:
        return list(chain.from_iterable(_arranged(column) for column in columns))
    return _by_place(boxes)


def _band(rows: Sequence[Sequence[Box]]) -> list[list[Box]]:
    """The rows, read one by one but for runs of rows that stand in columns together."""
    ordered: list[list[Box]] = []
    start = 0
    while start < len(rows):
        end, columns = _longest_run(rows, start)
        ordered.extend(_arranged(part) for part in columns or [list(rows[start])])
        start = end
    return ordered


def _longest_run(rows: Sequence[Sequence[Box]], start: int) -> tuple[int, list[list[Box]]]:
    """Where the longest run of rows in columns ends, and those columns; the next row and none if there is no run."""
    found: tuple[int, list[list[Box]]] = start + 1, []
    for end in range(start + 2, min(len(rows), start + _MOST_ROWS) + 1):
        columns = _split([box for row in rows[start:end] for box in row], lambda box: box.across)
        if len(columns) == 1:  # what one row has joined, the next does not part
            break
        if _are_columns(columns):
            found = end, columns
    return found


def _are_columns(columns: Sequence[Sequence[Box]]) -> bool:
    if not 1 < len(columns) <= _MOST_COLUMNS or any(len(column) < 2 for column in columns):
        return False
    across = [_extent(column, lambda box: box.across) for column in columns]
    down = [_extent(column, lambda box: box.down) for column in columns]
    widths = [end - start for start, end in across]
    heights = [end - start for start, end in down]
    shared = min(end for _, end in down) - max(start for start, _ in down)
    return min(widths) >= max(widths) * _SIMILAR_WIDTH and shared >= max(heights) * _BESIDE


def _extent(boxes: Sequence[Box], side: Callable[[Box], tuple[float, float]]) -> tuple[float, float]:
    return min(side(box)[0] for box in boxes), max(side(box)[1] for box in boxes)


def _split(boxes: Sequence[Box], side: Callable[[Box], tuple[float, float]]) -> list[list[Box]]:
    """The boxes in groups with a clear gap between them, in ascending order."""
    groups: list[list[Box]] = []
    reached = float("-inf")
    for box in sorted(boxes, key=lambda box: (side(box)[0], box.index)):
        start, end = side(box)
        if groups and start < reached:
            groups[-1].append(box)
        else:
            groups.append([box])
        reached = max(reached, end)
    return groups


def _by_place(boxes: Sequence[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: (box.top, box.left, box.index))
