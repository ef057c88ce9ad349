"""Choosing among vectors that were found: as near to the question, and as unlike each other, as asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def marginal_relevance(
    query: NDArray[np.float32], vectors: NDArray[np.float32], *, k: int, lambda_mult: float
) -> list[int]:
    """Return the numbers of at most `k` rows of `vectors` in the order in which maximal marginal relevance takes them.

    `query` has the shape (dimension,), `vectors` (rows, dimension), all of length 1. The first is the row nearest to
    `query`; each further one has the greatest lambda · cos(query, row) - (1 - lambda) · max cos(row, rows taken).
    Carbonell and Goldstein 1998, "The use of MMR, diversity-based reranking".
    """
    relevance = vectors @ query
    redundancy = np.full(len(vectors), -np.inf, dtype=np.float32)
    gain = relevance.copy()
    taken: list[int] = []
    for _ in range(min(k, len(vectors))):
        gain[taken] = -np.inf
        best = int(gain.argmax())
        taken.append(best)
        redundancy = np.maximum(redundancy, vectors @ vectors[best])
        gain = lambda_mult * relevance - (1 - lambda_mult) * redundancy
    return taken
