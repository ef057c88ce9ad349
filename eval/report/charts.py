"""Where the marks of the report's pictures go: numbers for SVG, no markup and no colours.

A share runs from the left edge (0) to the right (1) of a plot that is `WIDTH` wide; lengths and times run to the
largest value shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.models import Interval, Measure, Outcome, QuestionScore

WIDTH = 420.0
RANK_BINS = ((1, 1), (2, 3), (4, 5), (6, 10), (11, 20))


@dataclass(frozen=True, slots=True)
class Mark:
    """A mean with its interval on a horizontal axis; `series` is the number of the system it belongs to."""

    series: int
    at: float
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a stacked bar."""

    outcome: Outcome
    start: float
    length: float
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram: its label, how many, and its length as a share of the longest."""

    label: str
    count: int
    share: float


def marks(intervals: Sequence[Interval | None], labels: Sequence[str], largest: float = 1.0) -> list[Mark]:
    """Return where the systems' means and intervals go; one without a figure has no mark."""
    return [
        Mark(series, _at(one.mean, largest), _at(one.low, largest), _at(one.high, largest), label)
        for series, (one, label) in enumerate(zip(intervals, labels, strict=True))
        if one is not None and one.mean is not None
    ]


def largest_of(intervals: Sequence[Interval | None], measure: Measure) -> float:
    """Return what the right edge of the axis stands for: 1 for shares, else the largest upper end."""
    if measure.unit == "share":
        return 1.0
    return max((one.high or 0.0 for one in intervals if one is not None), default=0.0) or 1.0


def segments(outcomes: Mapping[Outcome, int]) -> list[Segment]:
    """Return a stacked bar of the outcomes over the whole width, in the order of `Outcome`."""
    total = sum(outcomes.values())
    pieces, start = [], 0.0
    for outcome in Outcome:
        if count := outcomes.get(outcome, 0):
            length = WIDTH * count / total
            pieces.append(Segment(outcome, start, length, count))
            start += length
    return pieces


def rank_bars(scores: Sequence[QuestionScore], needed: Mapping[str, Sequence[bool]]) -> list[Bar]:
    """Return how many needed passages were found at which rank, and how many not at all.

    `needed` says for each question which of its gold items are needed.
    """
    ranks = [
        rank
        for score in scores
        for rank, indexed, wanted in zip(score.gold_ranks, score.gold_indexed, needed.get(score.id, ()), strict=False)
        if indexed and wanted
    ]
    counts = [(_bin_label(*ends), sum(ends[0] <= (rank or 0) <= ends[1] for rank in ranks)) for ends in RANK_BINS]
    counts.append(("なし", sum(rank is None or rank > RANK_BINS[-1][1] for rank in ranks)))
    longest = max((count for _, count in counts), default=0) or 1
    return [Bar(label, count, count / longest) for label, count in counts] if ranks else []


def _bin_label(first: int, last: int) -> str:
    return f"{first}位" if first == last else f"{first}–{last}位"


def _at(value: float | None, largest: float) -> float:
    return round(WIDTH * min(max(value or 0.0, 0.0), largest) / largest, 1)
