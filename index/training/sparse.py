"""Sparse token counts and the products with dense matrices that adaptation needs: the only module that knows scipy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each token (column) stands in each text (row)."""

    matrix: csr_matrix

    @classmethod
    def of(cls, texts: Sequence[Sequence[int]], tokens: int) -> Counts:
        """Count the token numbers of each text."""
        ends = np.cumsum([0, *(len(text) for text in texts)])
        flat = np.fromiter((token for text in texts for token in text), dtype=np.int64, count=int(ends[-1]))
        matrix = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(texts), tokens))
        matrix.sum_duplicates()
        return cls(matrix)

    def rows(self, numbers: Sequence[int] | NDArray[np.int64]) -> Counts:
        """Return the texts of these row numbers, in their order."""
        return Counts(self.matrix[numbers])

    def less(self, other: Counts) -> Counts:
        """Return the counts without those of `other`, row by row."""
        return Counts((self.matrix - other.matrix).tocsr())

    def thinned(self, share: float, random: np.random.Generator) -> Counts:
        """Return the counts with about `share` of the tokens of each text forgotten."""
        if not share:
            return self
        matrix = self.matrix.copy()
        matrix.data *= random.random(len(matrix.data)) >= share
        return Counts(matrix)

    def times(self, weights: Matrix) -> Matrix:
        """Return (texts, dimension): the sum of the rows of `weights` (tokens, dimension) over each text."""
        return np.asarray(self.matrix @ weights, dtype=np.float32)

    def transposed_times(self, rows: Matrix) -> Matrix:
        """Return (tokens, dimension): the sum of `rows` (texts, dimension) over the texts of each token."""
        return np.asarray(self.matrix.T @ rows, dtype=np.float32)
