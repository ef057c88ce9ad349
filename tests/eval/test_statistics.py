"""Intervals, the paired test and agreement: against hand-worked figures and known properties."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.models import Interval
from eval.statistics import Difference, interval, kappa, paired


def test_an_interval_without_spread() -> None:
    """This test ensures that no value, one value and equal values have the interval that they must have."""
    assert interval([]) == Interval(None, None, None, 0)
    assert interval([0.25]) == Interval(0.25, 0.25, 0.25, 1)
    assert interval([1.0] * 7) == Interval(1.0, 1.0, 1.0, 7)


def test_an_interval_is_about_as_wide_as_theory_says() -> None:
    """This test ensures that the interval of 100 of 400 right is the binomial one: 0.25 ± 1.96 √(0.25·0.75/400)."""
    found = interval([1.0] * 100 + [0.0] * 300)
    assert (found.mean, found.n) == (0.25, 400)
    half = 1.96 * (0.25 * 0.75 / 400) ** 0.5  # 0.0424
    assert found.low == pytest.approx(0.25 - half, abs=0.006)
    assert found.high == pytest.approx(0.25 + half, abs=0.006)


def test_the_same_figures_give_the_same_interval() -> None:
    """This test ensures that neither the moment nor the order of the questions changes an interval."""
    values = [0.1, 0.9, 0.4, 0.7, 0.2, 0.0, 1.0]
    assert interval(values) == interval(list(values)) == interval(values[::-1])


def test_large_sets_take_little_memory() -> None:
    """This test ensures that an interval over 4,420 questions is worked out in pieces: 2,000 × 4,420 is not held."""
    import tracemalloc

    values = np.random.default_rng(1).random(4_420).tolist()
    interval(values)
    tracemalloc.start()
    interval(values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000  # at once it would be 2 × 70 MB


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_an_interval_stays_within_its_values(values: list[float]) -> None:
    """This test ensures that the interval lies between the least and the greatest value."""
    found = interval(values)
    assert found.low is not None
    assert found.high is not None
    assert min(values) <= found.low <= found.high <= max(values)


def test_a_difference_worked_out_by_hand() -> None:
    """This test ensures that the exact p-value of six questions won is 2 of 2⁶ sign patterns."""
    found = paired([0.0] * 6, [1.0] * 6)
    assert (found.mean_a, found.mean_b, found.difference, found.n) == (0, 1, 1, 6)
    assert (found.low, found.high) == (1, 1)
    assert found.p_value == pytest.approx(2 / 64)


def test_a_difference_that_may_be_chance() -> None:
    """This test ensures that two won and two lost is no difference, and that five of eight is far from sure.

    Of the 2⁸ sign patterns of five wins and three losses, those with five or more of either sign count:
    2 · (56 + 28 + 8 + 1) = 186 of 256.
    """
    assert paired([0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]).p_value == 1
    assert paired([0.0] * 5 + [1.0] * 3, [1.0] * 5 + [0.0] * 3).p_value == pytest.approx(186 / 256)


def test_the_sampled_test_agrees_with_the_sign_test() -> None:
    """This test ensures that with too many patterns to go through the p-value is that of the binomial sign test."""
    from scipy.stats import binomtest

    found = paired([0.0] * 35 + [1.0] * 18 + [0.5] * 50, [1.0] * 35 + [0.0] * 18 + [0.5] * 50)
    assert found.p_value == pytest.approx(binomtest(35, 53).pvalue, abs=0.006)


def test_no_difference_at_all() -> None:
    """This test ensures that equal runs differ by nothing, with certainty, and that one question is enough."""
    assert paired([0.3, 0.9], [0.3, 0.9]) == Difference(0.6, 0.6, 0, 0, 0, 1, 2)
    assert paired([0.0], [1.0]).p_value == 1


def test_the_other_way_round() -> None:
    """This test ensures that swapping A and B turns the difference around and leaves the p-value."""
    rng = random.Random(7)
    a, b = [rng.random() for _ in range(40)], [rng.random() for _ in range(40)]
    one, other = paired(a, b), paired(b, a)
    assert other.difference == pytest.approx(-one.difference)
    assert other.p_value == pytest.approx(one.p_value, abs=0.02)
    together = list(zip(a, b, strict=True))
    rng.shuffle(together)
    assert paired([x for x, _ in together], [y for _, y in together]) == one


@pytest.mark.parametrize(("a", "b"), [([], []), ([1.0], [1.0, 0.0])])
def test_values_must_be_in_pairs(a: list[float], b: list[float]) -> None:
    """This test ensures that values that do not pair up are refused rather than compared in part."""
    with pytest.raises(ValueError, match="as many values"):
        paired(a, b)


def test_agreement_worked_out_by_hand() -> None:
    """This test ensures that kappa is (observed − expected) / (1 − expected).

    Ten items: both right on 5, both wrong on 2, once and twice apart. Observed 0.7; the markers say right 6 and 7
    times, wrong 4 and 3 times: expected 0.42 + 0.12 = 0.54.
    """
    a = ["right"] * 5 + ["wrong"] * 2 + ["right"] + ["wrong"] * 2
    b = ["right"] * 5 + ["wrong"] * 2 + ["wrong"] + ["right"] * 2
    assert kappa(a, b) == pytest.approx((0.7 - 0.54) / (1 - 0.54))


def test_agreement_that_is_undefined() -> None:
    """This test ensures that no items, or one label throughout, have no kappa, and full agreement has 1."""
    assert kappa([], []) is None
    assert kappa(["right"] * 3, ["right"] * 3) is None
    assert kappa(["right", "wrong"], ["right", "wrong"]) == 1
    assert kappa(["right", "right"], ["wrong", "wrong"]) == 0
    with pytest.raises(ValueError, match="every item"):
        kappa(["right"], [])
