"""The order in which the parts of a page are read: columns of vertical writing from the right, text columns whole.

Only order is decided here, from boxes alone; a page that already comes in the right order is left as it is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

from corpus.readers.pdf_glyphs import Box

T = TypeVar("T")
BoxOf = Callable[[T], Box]

_TALL = 1.5
_VERTICAL_SHARE = 0.5
_FEWEST_LINES = 5
# Between two spanning lines so few lines on either side are no columns but a formula or a list of pairs.
_FEWEST_IN_BAND = 3
_NARROWEST_COLUMN = 70.0
# A gutter stands here on the page or in the part of it, left to right.
_GUTTER_ZONE = (0.2, 0.8)
_NARROWEST_GUTTER = 6.0
# Beyond this share of lines across the gutter the page is one column with a hole in it.
_MOST_ACROSS = 0.3
# A line of running text fills its column; a cell of a table without rules does not.
_FULL = 0.55
_MOST_COLUMNS = 4
# In heights of a line; and the share of lines that go on across the gutter where columns are told line by line.
_SAME_LINE = 0.5
_OFTEN = 0.5


def is_vertical(boxes: Iterable[tuple[Box, int]]) -> bool:
    """Whether most of the text stands in columns of vertical writing; each box comes with its number of characters."""
    counts = [(box.height >= _TALL * box.width, size) for box, size in boxes if size > 1]
    total = sum(size for _, size in counts)
    return total > 0 and sum(size for tall, size in counts if tall) > _VERTICAL_SHARE * total


def order_vertical(items: Sequence[T], box_of: BoxOf[T]) -> list[T]:
    """Items of a page of vertical writing: tiers from the top, within a tier from right to left.

    A line set across stands where it is: above the tier below it.
    """
    tiers: list[tuple[Box, list[T]]] = []
    for item in sorted(items, key=lambda each: -box_of(each).top):
        box = box_of(item)
        across = box.width >= _TALL * box.height
        if tiers and not across and _shares_height(tiers[-1][0], box) and not _is_across(tiers[-1][0], tiers[-1][1]):
            whole, members = tiers[-1]
            members.append(item)
            tiers[-1] = (Box(0, min(whole.bottom, box.bottom), 0, max(whole.top, box.top)), members)
        else:
            tiers.append((Box(box.left, box.bottom, box.right, box.top), [item]))
    return [item for _, members in tiers for item in sorted(members, key=lambda each: -box_of(each).right)]


def _is_across(box: Box, members: Sequence[object]) -> bool:
    return len(members) == 1 and box.width >= _TALL * box.height


def _shares_height(tier: Box, box: Box) -> bool:
    return min(tier.top, box.top) - max(tier.bottom, box.bottom) > 0.3 * box.height


def is_out_of_order(boxes: Sequence[Box]) -> bool:
    """Whether boxes in their present order cross a gutter in every line, or tell the right column before the left.

    A few changes of side are no fault: figures, side notes and footnotes are drawn when their turn comes.
    """
    gutter = _find_gutter(boxes, full=0.0)
    if gutter is None:
        return False
    left = [index for index, box in enumerate(boxes) if box.right <= gutter]
    right = [index for index, box in enumerate(boxes) if box.left >= gutter]
    if max(right) < min(left):
        return True
    crossings = sum(
        one.right <= gutter <= other.left and abs(one.y - other.y) < _SAME_LINE * max(one.height, other.height)
        for one, other in pairwise(boxes)
    )
    lines = min(_lines([boxes[index] for index in side]) for side in (left, right))
    return crossings >= max(_FEWEST_IN_BAND, _OFTEN * lines)


def _lines(boxes: Sequence[Box]) -> int:
    """About how many lines these boxes make up."""
    ys = sorted(box.y for box in boxes)
    height = median(box.height for box in boxes)
    return 1 + sum(above - below > _SAME_LINE * height for below, above in pairwise(ys))


def order_columns(items: Sequence[T], box_of: BoxOf[T], depth: int = _MOST_COLUMNS) -> list[T]:
    """Items of a page of horizontal lines: each column whole, left to right, between the lines that span them."""
    gutter = _find_gutter([box_of(item) for item in items], _FULL) if depth > 1 else None
    if gutter is None:
        return list(items)
    ordered: list[T] = []
    band: list[T] = []
    for item in sorted(items, key=lambda each: -box_of(each).y):
        if box_of(item).left < gutter < box_of(item).right:
            ordered += [*_in_band(band, box_of, gutter, depth), item]
            band = []
        else:
            band.append(item)
    return [*ordered, *_in_band(band, box_of, gutter, depth)]


def _in_band(band: list[T], box_of: BoxOf[T], gutter: float, depth: int) -> list[T]:
    left = [item for item in band if box_of(item).right <= gutter]
    right = [item for item in band if box_of(item).left >= gutter]
    if min(len(left), len(right)) < _FEWEST_IN_BAND:
        return band
    return [*order_columns(left, box_of, depth - 1), *order_columns(right, box_of, depth - 1)]


def _find_gutter(boxes: Sequence[Box], full: float) -> float | None:
    """The middle of the gutter between two columns of lines, or None where there is none."""
    if len(boxes) < 2 * _FEWEST_LINES:
        return None
    low, high = min(box.left for box in boxes), max(box.right for box in boxes)
    zone = [low + share * (high - low) for share in _GUTTER_ZONE]
    lefts, rights = sorted(box.left for box in boxes), sorted(box.right for box in boxes)
    best: tuple[int, float, float] | None = None
    for edge in (left for left in lefts if zone[0] <= left <= zone[1]):
        ended = bisect_right(rights, edge)
        across = bisect_left(lefts, edge) - ended
        before = rights[ended - 1] if ended else low
        found = (across, before - edge, (before + edge) / 2)
        if edge - before >= _NARROWEST_GUTTER and (best is None or found < best):
            best = found
    if best is None or best[0] > _MOST_ACROSS * len(boxes):
        return None
    return best[2] if _are_columns(boxes, best[2], full) else None


def _are_columns(boxes: Sequence[Box], gutter: float, full: float) -> bool:
    sides = ([box for box in boxes if box.right <= gutter], [box for box in boxes if box.left >= gutter])
    if min(map(len, sides)) < _FEWEST_LINES:
        return False
    tops, bottoms = [max(b.top for b in side) for side in sides], [min(b.bottom for b in side) for side in sides]
    shared = min(tops) - max(bottoms)
    beside = shared > 0.5 * min(top - bottom for top, bottom in zip(tops, bottoms, strict=True))
    widths = [max(b.right for b in side) - min(b.left for b in side) for side in sides]
    if not beside or min(widths) < _NARROWEST_COLUMN:
        return False
    return all(_is_filled(side, full * width, full) for side, width in zip(sides, widths, strict=True))


def _is_filled(side: Sequence[Box], width: float, full: float) -> bool:
    """Whether its lines fill a side of the gutter, or the columns that the side consists of."""
    return median(box.width for box in side) >= width or _find_gutter(side, full) is not None
