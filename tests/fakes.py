"""Stand-ins for what is slow or large: no test needs a model to be loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass
class FakeEncoder:
    """An encoder whose vectors are random but the same for the same text; `encoded` collects what it was given."""

    name: str = "fake"
    fingerprint: str = "0123456789abcdef"
    dimension: int = 8
    encoded: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows, shape (len(texts), dimension), seeded by each text."""
        self.encoded.extend(texts)
        rows = np.stack([self._row(text) for text in texts]) if texts else np.zeros((0, self.dimension))
        return rows.astype(np.float32)

    def _row(self, text: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8], "big")
        row = np.random.default_rng(seed).standard_normal(self.dimension)
        return row / float(np.linalg.norm(row))


@dataclass
class FakeReranker:
    """A reranker that finds all texts equally good; `asked` collects the questions."""

    name: str = "fake"
    asked: list[str] = field(default_factory=list)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return zeros, shape (len(texts),)."""
        self.asked.append(query)
        return np.zeros(len(texts), dtype=np.float32)
