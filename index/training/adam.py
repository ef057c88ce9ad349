"""Adam (Kingma and Ba 2015) on one numpy array, in place, for fitting without torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FIRST_DECAY = 0.9
SECOND_DECAY = 0.99
EPSILON = 1e-8


class Adam:
    """Holds `weights` and moves them down the gradients that `step` is given."""

    def __init__(self, weights: NDArray[np.float32], learning_rate: float) -> None:
        self.weights = weights.copy()
        self._learning_rate = learning_rate
        self._mean = np.zeros_like(weights)
        self._square = np.zeros_like(weights)
        self._steps = 0

    def step(self, gradient: NDArray[np.float32], rate_share: float = 1.0) -> None:
        """Move by one step of `rate_share` of the learning rate."""
        self._steps += 1
        self._mean += (1.0 - FIRST_DECAY) * (gradient - self._mean)
        self._square += (1.0 - SECOND_DECAY) * (gradient * gradient - self._square)
        mean = self._mean / (1.0 - FIRST_DECAY**self._steps)
        square = self._square / (1.0 - SECOND_DECAY**self._steps)
        self.weights -= self._learning_rate * rate_share * mean / (np.sqrt(square) + EPSILON)
