"""What a reranker is to the search: texts in, one number a text out. The error of loading one is here too.

IndexingError
└── RerankerError: a reranker cannot be loaded or used
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexingError

DEPTH = 20
"""How many of the first results are put into a new order: 99.6 % of the right ones are among them (decision 0009)."""


class RerankerError(IndexingError):
    """A reranker cannot be loaded or does not fit; the message is one line that says what to do."""


class Reranker(Protocol):
    """Says how well each of some texts answers a question."""

    @property
    def name(self) -> str:
        """What the reranker is called where people see it."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one number a text, shape (len(texts),), the greater the better; of no fixed scale."""
