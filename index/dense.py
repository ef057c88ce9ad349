"""Exact search by inner product: the only module that knows faiss. Not an encoder: vectors come in ready made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

FILE = "dense.faiss"
"""Name of the file that `DenseIndex.to_bytes` fills."""


@dataclass(frozen=True, slots=True)
class DenseIndex:
    """One vector a chunk, in the order of the chunks, in a flat faiss index (no approximation)."""

    flat: faiss.Index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """Index `vectors`, shape (chunks, dimension), rows of length 1 or 0; ValueError where one is not finite."""
        import faiss

        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        if rows.ndim != 2 or not np.isfinite(rows).all():
            raise ValueError(f"vectors must be a finite matrix (chunks, dimension), got shape {rows.shape}")
        flat = faiss.IndexFlatIP(rows.shape[1])
        flat.add(rows)
        return cls(flat)

    @classmethod
    def from_bytes(cls, data: bytes) -> DenseIndex:
        """Return the index in a file's content. The content must be trusted: the store has checked its SHA-256."""
        import faiss

        return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))

    def to_bytes(self) -> bytes:
        """Return the content of the file that `from_bytes` reads: the same bytes for the same vectors."""
        import faiss

        data: NDArray[np.uint8] = faiss.serialize_index(self.flat)
        return data.tobytes()

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self.flat.d)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self.flat.ntotal)

    def vectors(self) -> NDArray[np.float32]:
        """Return all vectors, shape (size, dimension)."""
        rows: NDArray[np.float32] = self.flat.reconstruct_n(0, self.size)
        return rows

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inner product of `query`, shape (dimension,), with every vector, shape (size,)."""
        scores = np.zeros(self.size, dtype=np.float32)
        if self.size:
            found, numbers = self.flat.search(np.ascontiguousarray(query, dtype=np.float32).reshape(1, -1), self.size)
            scores[numbers[0]] = found[0]
        return scores
