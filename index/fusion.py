"""Several score lists over the same chunks made into one: pure functions on arrays, shape (chunks,).

No reciprocal rank fusion here: ranks throw away how much better the first is than the second, and an equal share for a
weaker list destroys a good ranking (decision 0003).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Normalise = Callable[[Scores], Scores]
DENSE_WEIGHTS = ("dense", "dense_uncovered", "dense_most", "likely_lexical", "likely_dense", "dense_beside_likely")


def divide_by_max(scores: Scores) -> Scores:
    """Return `scores` divided by their greatest, which keeps ratios; unchanged where none is above zero."""
    greatest = scores.max(initial=0.0)
    return scores / np.float32(greatest) if greatest > 0 else scores


def min_max(scores: Scores) -> Scores:
    """Return `scores` stretched to [0, 1]; zeros where all are equal."""
    if not scores.size:
        return scores
    lowest, spread = scores.min(), np.ptp(scores)
    return (scores - lowest) / spread if spread > 0 else np.zeros_like(scores)


def z_score(scores: Scores) -> Scores:
    """Return `scores` as numbers of standard deviations above their mean; zeros where all are equal."""
    deviation = scores.std() if scores.size else 0.0
    return (scores - scores.mean()) / deviation if deviation > 0 else np.zeros_like(scores)


def weighted_sum(scores: Mapping[str, Scores], weights: Mapping[str, float]) -> Scores:
    """Return the sum of weight · scores over the names in `scores`; a name without a weight counts nothing.

    Raises ValueError where `scores` is empty: there is no length to give back.
    """
    if not scores:
        raise ValueError("weighted_sum needs at least one list of scores")
    total = np.zeros_like(next(iter(scores.values())))
    for name, values in scores.items():
        total += np.float32(weights.get(name, 0.0)) * values
    return total


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How the lists are weighed: BM25 fields against each other, then all of BM25 (which counts 1) against the others.

    The cosine's weight is `dense` for every question, plus `dense_uncovered` times the share of the question that the
    best chunk by BM25 lacks, but no more than `dense_most`: where words are found, they are believed (decision 0003).
    """

    fields: Mapping[str, float] = field(
        default_factory=lambda: {"words": 1.0, "bigrams": 0.25, "compounds": 0.25, "word_bigrams": 0.3}
    )
    dense: float = 0.0
    dense_uncovered: float = 1.3
    # A long story has many words that no chunk has, and still asks for what its other words say.
    dense_most: float = 0.6
    # Where a chunk's likely questions are searched too: their BM25 and cosine, and the cosine of the chunk beside them
    # (docs/decisions/0008).
    likely_lexical: float = 1.5
    likely_dense: float = 2.5
    dense_beside_likely: float = 2.5

    def dense_weight(self, uncovered: float) -> float:
        """Return the cosine's weight for a question of which the best chunk by BM25 lacks the share `uncovered`."""
        return self.dense + min(self.dense_most, self.dense_uncovered * uncovered)

    def lexical(self, fields: Mapping[str, Scores]) -> Scores:
        """Return the BM25 scores of the fields added up by weight."""
        return weighted_sum(fields, self.fields)

    def fuse(self, fields: Mapping[str, Scores], dense: Scores | None, uncovered: float = 0.0) -> Scores:
        """Return the BM25 scores added up and divided by their greatest, plus the weighted cosines.

        `uncovered` is the share, from 0 to 1, of the question that the best chunk by BM25 lacks. Without `fields` the
        cosines alone, without `dense` BM25 alone; ValueError without either. Cosines are taken as they are: they lie in
        [-1, 1] for every query, and stretching them would make the best of a bad lot look good.
        """
        if not fields and dense is not None:
            return dense
        lexical = divide_by_max(self.lexical(fields))
        return lexical if dense is None else lexical + np.float32(self.dense_weight(uncovered)) * dense

    def fuse_likely(self, lexical: Scores, dense: Scores, likely: Scores, likely_dense: Scores) -> Scores:
        """Return all four added up by weight; BM25 of either kind comes divided by its greatest, a cosine as it is."""
        total: Scores = lexical + np.float32(self.dense_beside_likely) * dense
        total += np.float32(self.likely_lexical) * likely
        total += np.float32(self.likely_dense) * likely_dense
        return total

    def to_flat(self) -> dict[str, float]:
        """Return the weights by name, as a manifest records them."""
        return {**self.fields, **{name: getattr(self, name) for name in DENSE_WEIGHTS}}

    @classmethod
    def from_flat(cls, weights: Mapping[str, float]) -> FusionWeights:
        """Read what `to_flat` gave, or what it gave when the cosine had one weight for every question."""
        fields = {name: weight for name, weight in weights.items() if name not in DENSE_WEIGHTS}
        return cls(fields, *(weights.get(name, 0.0) for name in DENSE_WEIGHTS))
