"""Likeness of an answer's text to a reference: a secondary figure, since a right answer may use other words.

chrF is the F-score (beta 2) of character n-grams up to 6 without white space: Popović 2015, "chrF: character n-gram
F-score for automatic MT evaluation", WMT 2015; computed by `sacrebleu` with its defaults.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sacrebleu.metrics.chrf import CHRF


def chrf(text: str, reference: str) -> float:
    """Return sentence chrF, 0 to 1 (`sacrebleu` gives it times 100)."""
    return float(_metric().sentence_score(text, [reference]).score) / 100


@cache
def _metric() -> CHRF:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()
