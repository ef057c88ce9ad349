"""How sure a figure is: bootstrap intervals, the paired randomisation test, agreement between markers.

`scipy` and `sklearn` do the arithmetic. The random numbers are the same every time and the values are put in order
first, so that the same figures, in whatever order, give the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.models import Interval

CONFIDENCE = 0.95
RESAMPLES = 2_000
PERMUTATIONS = 10_000
SEED = 20_250_401
_BATCH_VALUES = 2_000_000
"""Random numbers in memory at a time."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """How B differs from A over `n` questions that both answered: `difference` is B's mean minus A's.

    `low` and `high` are its 95 % bootstrap interval; `p_value` says how often chance alone would give as much.
    """

    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    p_value: float
    n: int


def interval(values: Sequence[float]) -> Interval:
    """Return the mean with its 95 % percentile bootstrap interval (Efron 1979), 2,000 resamples.

    One value, or equal ones, are their own interval; no value gives None for all three.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if not ordered.size:
        return Interval(None, None, None, 0)
    low, high = _bootstrap(ordered)
    return Interval(float(ordered.mean()), low, high, ordered.size)


def paired(a: Sequence[float], b: Sequence[float]) -> Difference:
    """Compare two systems' values for the same questions, in the same order.

    The test is the two-sided paired randomisation test on the mean difference, 10,000 resamples or every one where
    there are fewer: the labels A and B of each question are swapped at random, which changes the difference's sign.
    Smucker et al. 2007, "A comparison of statistical significance tests for information retrieval evaluation".
    Raises ValueError where the lengths differ or nothing is given.
    """
    if len(a) != len(b) or not len(a):
        raise ValueError(f"expected as many values of A as of B, at least one; got {len(a)} and {len(b)}")
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    differences = np.sort(second - first)
    low, high = _bootstrap(differences)
    return Difference(
        float(np.sort(first).mean()),
        float(np.sort(second).mean()),
        float(differences.mean()),
        low,
        high,
        _p_value(differences),
        len(a),
    )


def kappa(a: Sequence[str], b: Sequence[str]) -> float | None:
    """Return Cohen's kappa of two markers' labels for the same items (Cohen 1960), -1 to 1.

    None where it is undefined: no items, or one label throughout. Raises ValueError where the lengths differ.
    """
    if len(a) != len(b):
        raise ValueError(f"expected a label of each marker for every item; got {len(a)} and {len(b)}")
    if len({*a, *b}) < 2:
        return None
    from sklearn.metrics import cohen_kappa_score  # type: ignore[import-untyped]

    return float(cohen_kappa_score(list(a), list(b)))


def _bootstrap(values: Values) -> tuple[float, float]:
    """Return the percentile interval of the mean of ordered values, rounding errors beyond their ends cut off."""
    if values[0] == values[-1]:
        return float(values[0]), float(values[0])
    from scipy.stats import bootstrap  # type: ignore[import-untyped]

    result = bootstrap(
        (values,),
        np.mean,
        confidence_level=CONFIDENCE,
        n_resamples=RESAMPLES,
        batch=_batch(values.size),
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(SEED),
    )
    low, high = np.clip(result.confidence_interval, values[0], values[-1])
    return float(low), float(high)


def _p_value(differences: Values) -> float:
    """Return the two-sided p-value of a mean difference under random signs."""
    if differences.size == 1 or not differences.any():
        return 1.0
    from scipy.stats import permutation_test

    result = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=_batch(differences.size),
        alternative="two-sided",
        rng=np.random.default_rng(SEED),
    )
    return float(result.pvalue)


def _batch(size: int) -> int:
    return max(1, _BATCH_VALUES // size)
