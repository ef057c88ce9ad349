"""A linear reranker: the score of the search plus six weighted signs. Its weights are fitted by `eval.fit_reranker`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.rerank.features import FEATURES, Asked

WEIGHTS = (0.383, 0.115, 0.128, 0.165, -0.220, 0.214)
"""One weight for each of `FEATURES`, beside 1 for the search's score as a share of the best."""

LEAST_WORDS = 0.5
"""The share of a question's words, by idf, that some sentence must have: otherwise the words were not the passage's."""


class LinearReranker:
    """Adds what `index.rerank.features` sees to the scores of a search."""

    def __init__(self, weights: Sequence[float] = WEIGHTS) -> None:
        self.weights = np.array(weights, dtype=np.float64)

    def scores(self, asked: Asked, texts: Sequence[tuple[str, str]], found: Sequence[float]) -> NDArray[np.float64]:
        """Return a number for each (heading, body) of `texts`, the greater the better, shape (len(texts),).

        `found` are the scores of the search, one a text; only their ratio to the greatest counts. They alone count
        where no text has a sentence with `LEAST_WORDS`: a question in words of its own is not judged by words.
        """
        signs = np.array([asked.features(*text) for text in texts]).reshape(len(texts), len(FEATURES))
        return combine(signs, np.array(found, dtype=np.float64), self.weights)

    def to_flat(self) -> dict[str, float]:
        """Return the weights by name, as a manifest records them."""
        return dict(zip(FEATURES, self.weights.tolist(), strict=True))

    @classmethod
    def from_flat(cls, weights: Mapping[str, float]) -> LinearReranker:
        """Read what `to_flat` gave; a sign that it does not name counts nothing."""
        return cls([weights.get(name, 0.0) for name in FEATURES])


def combine(
    signs: NDArray[np.float64], found: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the search's scores, shape (texts,), as shares of the best, plus weighted `signs` (texts, features)."""
    greatest = found.max(initial=0.0)
    shares: NDArray[np.float64] = found / greatest if greatest > 0 else found
    return shares + signs @ weights if signs[:, 0].max(initial=0.0) >= LEAST_WORDS else shares
