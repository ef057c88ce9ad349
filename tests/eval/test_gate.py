"""Floors: how they are written, and which of them a run holds."""

from __future__ import annotations

import pytest

from eval.errors import EvaluationError, RunError
from eval.gate import Bound, broken, check, parse_floor
from eval.models import Interval, Summary

SUMMARY = Summary(
    {
        "all": {
            "key_facts": Interval(0.9, 0.8, 1.0, 10),
            "false_answers": Interval(0.1, 0.0, 0.2, 10),
            "time_ms": Interval(12.0, 10.0, 14.0, 10),
            "supported": Interval(None, None, None, 0),
        },
        "scenario": {"key_facts": Interval(0.5, 0.2, 0.8, 4)},
    },
    {},
)


@pytest.mark.parametrize(
    ("text", "bound", "holds"),
    [
        ("key_facts=0.9", Bound.MIN, True),
        ("key_facts=0.91", Bound.MIN, False),
        (" key_facts = .5", Bound.MIN, True),
        ("false_answers=0.1", Bound.MAX, True),
        ("false_answers=0.09", Bound.MAX, False),
        ("time_ms=100", Bound.MAX, True),
        ("supported=0", Bound.MIN, False),
        ("supported=1", Bound.MAX, False),
        ("chrF=0", Bound.MIN, False),
    ],
)
def test_which_floors_hold(text: str, bound: Bound, holds: bool) -> None:
    """This test ensures that the mean is compared, on the floor is held, and what was not measured is broken."""
    (found,) = check(SUMMARY, [parse_floor(text, bound)])
    assert found.holds is holds
    assert bool(broken([found])) is not holds


def test_a_floor_on_a_kind() -> None:
    """This test ensures that a kind's own figure is compared, and one that the run does not have is said."""
    floor = parse_floor("key_facts=0.9", Bound.MIN)
    assert [one.interval.mean for one in check(SUMMARY, [floor], "scenario")] == [0.5]
    with pytest.raises(RunError, match=r"「why」の質問はありません.*all、scenario"):
        check(SUMMARY, [floor], "why")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key_facts", "指標=値"),
        ("keyfacts=0.9", "keyfacts"),
        ("key_facts=high", "数ではありません"),
        ("key_facts=", "数ではありません"),
        ("key_facts=nan", "数ではありません"),
        ("time_ms=inf", "数ではありません"),
        ("key_facts=90", "0から1まで"),
        ("key_facts=-0.1", "0から1まで"),
    ],
)
def test_what_is_no_floor(text: str, expected: str) -> None:
    """This test ensures that a misspelt floor is refused: one that can never be broken is worse than none."""
    with pytest.raises(EvaluationError, match=expected) as caught:
        parse_floor(text, Bound.MIN)
    assert "\n" not in str(caught.value)
