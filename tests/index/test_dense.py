"""The flat faiss index."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from index.dense import DenseIndex

VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 0]], dtype=np.float32)


def test_scores_are_inner_products() -> None:
    """This test ensures that scores come in the order of the chunks, not of the ranking."""
    scores = DenseIndex.build(VECTORS).scores(np.array([0.0, 1.0], dtype=np.float32))
    assert scores == pytest.approx([0.0, 0.8, 0.0])


def test_bytes_give_the_same_index() -> None:
    """This test ensures that an index read from bytes has its vectors, long after the bytes are gone."""
    index = DenseIndex.from_bytes(bytes(bytearray(DenseIndex.build(VECTORS).to_bytes())))
    gc.collect()
    assert index.vectors().tolist() == VECTORS.tolist()
    assert (index.size, index.dimension) == (3, 2)
    assert index.to_bytes() == DenseIndex.build(VECTORS).to_bytes()


def test_no_vectors() -> None:
    """This test ensures that an index of nothing answers with nothing."""
    index = DenseIndex.build(np.zeros((0, 2), dtype=np.float32))
    assert index.scores(np.ones(2, dtype=np.float32)).shape == (0,)


@pytest.mark.parametrize("vectors", [np.array([[np.nan, 0]]), np.array([[np.inf, 0]]), np.zeros(3)])
def test_vectors_that_are_none(vectors: np.ndarray) -> None:
    """This test ensures that a broken encoder is found out when the index is built, not when it is asked."""
    with pytest.raises(ValueError, match="finite matrix"):
        DenseIndex.build(vectors)
