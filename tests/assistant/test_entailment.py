"""Tests of a reranker as judge of whether a passage carries a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.entailment import entails_by

CLAIM = "猫車は毎週点検します。"


@dataclass
class Scale:
    """A reranker that counts shared characters, on a scale of its own."""

    factor: float
    shift: float
    name: str = "scale"

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        shared = [len(set(query) & set(text)) / len(set(query)) for text in texts]
        return np.asarray(shared, dtype=np.float32) * self.factor + self.shift


@pytest.mark.parametrize(("factor", "shift"), [(1.0, 0.0), (22.0, -11.0), (0.001, 500.0)])
def test_no_scale_is_taken_for_granted(factor: float, shift: float) -> None:
    """This test ensures that probabilities and raw numbers give the same verdict."""
    reranker = Scale(factor, shift)
    assert entails_by(reranker, "猫車は、毎週、点検します。", CLAIM) == pytest.approx(1.0, abs=0.01)
    assert entails_by(reranker, "ZZZ", CLAIM) == 0.0
    assert 0.1 < entails_by(reranker, "猫車は青い。", CLAIM) < 0.8


def test_a_reranker_that_tells_nothing_apart_says_nothing() -> None:
    """This test ensures that a model with one number for everything neither raises nor lowers a status."""
    assert entails_by(Scale(0.0, 0.3), CLAIM, CLAIM) == 0.5
