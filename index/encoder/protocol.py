"""What the rest of the house may ask of an encoder; no implementation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how near their meanings are.

    `fingerprint` changes whenever the same text may get another vector: weights, vocabulary or segmentation.
    """

    @property
    def name(self) -> str:
        """What `load_encoder` was asked for, for people to read."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hexadecimal hash of all that decides the vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array (len(texts), dimension) of unit rows; a text without a known token gives a zero row."""
        ...
