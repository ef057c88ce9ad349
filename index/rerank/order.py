"""The first results of a search in another order: what moves are the chunks, the scores of the places stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.models import SearchResult


def reorder(results: Sequence[SearchResult], scores: NDArray[np.floating]) -> list[SearchResult]:
    """Return `results` by `scores`, one for each of the first of them, greatest first; the others stay behind.

    Equal scores keep their order. The n-th result has the score that the n-th had before, so that scores fall, and mean
    the same, whatever scale the reranker has.
    """
    order = np.argsort(-scores, kind="stable").tolist()
    moved = [
        replace(results[number], score=place.score, rank=place.rank)
        for place, number in zip(results, order, strict=False)
    ]
    return [*moved, *results[len(moved) :]]
