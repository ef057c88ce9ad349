"""Adam (Kingma and Ba 2015) on one numpy array, in place, for fitting without torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FIRST_DECAY = 0.9
SECOND_DECAY = 0.99
EPSILON = 1e-8
_ROWS = 2048


class Adam:
    """Holds `weights` and moves them down the gradients that `step` is given."""

    def __init__(self, weights: NDArray[np.float32], learning_rate: float) -> None:
        self.weights = weights.copy()
        self._learning_rate = learning_rate
        self._mean = np.zeros_like(weights)
        self._square = np.zeros_like(weights)
        self._steps = 0

    def step(self, gradient: NDArray[np.float32], rate_share: float = 1.0) -> None:
        """Move by one step of `rate_share` of the learning rate; `gradient` is overwritten.

        In place and some rows at a time: the arrays are hundreds of megabytes for a thousand pages.
        """
        self._steps += 1
        rate = self._learning_rate * rate_share
        for start in range(0, len(self.weights), _ROWS):
            self._step(slice(start, start + _ROWS), gradient, rate)

    def _step(self, rows: slice, gradient: NDArray[np.float32], rate: float) -> None:
        step, mean, square = gradient[rows], self._mean[rows], self._square[rows]
        scratch = step - mean
        scratch *= 1.0 - FIRST_DECAY
        mean += scratch
        np.multiply(step, step, out=scratch)
        scratch -= square
        scratch *= 1.0 - SECOND_DECAY
        square += scratch
        np.divide(square, 1.0 - SECOND_DECAY**self._steps, out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += EPSILON
        np.divide(mean, 1.0 - FIRST_DECAY**self._steps, out=step)
        step *= rate
        step /= scratch
        self.weights[rows] -= step
