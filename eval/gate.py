"""Floors under the figures of a run: which of them hold. Compares means; the interval is only shown beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.errors import EvaluationError, RunError
from eval.labels import EVERYTHING
from eval.measures import measure
from eval.models import Interval, Measure, Summary


class Bound(StrEnum):
    """Which side of the figure is bounded."""

    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Floor:
    """A figure that a run must reach, or with MAX must not exceed; shares are from 0 to 1."""

    measure: Measure
    bound: Bound
    value: float


@dataclass(frozen=True, slots=True)
class Check:
    """A floor and what was measured; without a figure it is broken."""

    floor: Floor
    interval: Interval

    @property
    def holds(self) -> bool:
        """Whether the mean is on the right side of the floor, or on it."""
        mean = self.interval.mean
        if mean is None:
            return False
        return mean >= self.floor.value if self.floor.bound is Bound.MIN else mean <= self.floor.value


def parse_floor(text: str, bound: Bound) -> Floor:
    """Return the floor of «key_facts=0.9».

    Raises EvaluationError: not of that form, no such measure, no finite number, or a share that is not within 0 and 1.
    """
    name, equals, number = text.partition("=")
    if not equals:
        raise EvaluationError(f"「{text}」は「指標=値」の形で書いてください（例: key_facts=0.9）。")
    known = measure(name.strip())
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise EvaluationError(f"「{text}」の値が数ではありません。「{name}=0.9」のように書いてください。")
    if known.unit == "share" and not 0 <= value <= 1:
        raise EvaluationError(f"「{text}」の値は0から1までの割合で書いてください（90％は 0.9）。")
    return Floor(known, bound, value)


def check(summary: Summary, floors: Iterable[Floor], group: str = EVERYTHING) -> list[Check]:
    """Return each floor with the figure of `group` ("all", a kind or a language).

    Raises RunError where the run has no question of that group.
    """
    if group not in summary.groups:
        known = "、".join(summary.groups)
        raise RunError(f"この記録に「{group}」の質問はありません。あるのは {known} です。どれかを指定してください。")
    figures = summary.groups[group]
    return [Check(floor, figures.get(floor.measure.name, Interval(None, None, None, 0))) for floor in floors]


def broken(checks: Sequence[Check]) -> list[Check]:
    """Return those that do not hold."""
    return [one for one in checks if not one.holds]
