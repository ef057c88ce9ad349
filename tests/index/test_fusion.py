"""Fusion of scores, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import FusionWeights, Normalise, divide_by_max, min_max, weighted_sum, z_score


def array(*values: float) -> np.ndarray:
    """Return the values as scores."""
    return np.array(values, dtype=np.float32)


def test_divide_by_max() -> None:
    """This test ensures that the best becomes 1 and ratios stay."""
    assert divide_by_max(array(1, 4, 0)) == pytest.approx([0.25, 1, 0])


def test_min_max() -> None:
    """This test ensures that the worst becomes 0 and the best 1."""
    assert min_max(array(2, 4, 3)) == pytest.approx([0, 1, 0.5])


def test_z_score() -> None:
    """This test ensures that mean 2 and deviation 1 are taken out."""
    assert z_score(array(1, 3)) == pytest.approx([-1, 1])


@pytest.mark.parametrize("normalise", [divide_by_max, min_max, z_score])
@pytest.mark.parametrize("scores", [array(), array(0, 0)])
def test_flat_scores_stay_flat(normalise: Normalise, scores: np.ndarray) -> None:
    """This test ensures that scores which tell nothing apart are not divided by zero."""
    assert normalise(scores).tolist() == scores.tolist()


def test_nothing_above_zero_is_left_alone() -> None:
    """This test ensures that negative scores are not turned upside down by a negative greatest."""
    assert divide_by_max(array(-2, -1)).tolist() == [-2, -1]


def test_weighted_sum() -> None:
    """This test ensures that lists are added by weight, and that one without a weight counts nothing."""
    scores = {"a": array(1, 2), "b": array(10, 0), "c": array(99, 99)}
    assert weighted_sum(scores, {"a": 1.0, "b": 0.5}) == pytest.approx([6, 2])
    with pytest.raises(ValueError, match="at least one"):
        weighted_sum({}, {})


def test_fuse_by_hand() -> None:
    """This test ensures that BM25 is scaled to 1 and the cosine added as it is."""
    weights = FusionWeights({"words": 1.0, "bigrams": 0.5}, dense=0.2)
    fields = {"words": array(4, 1), "bigrams": array(0, 2)}
    assert weights.fuse(fields, None) == pytest.approx([1, 0.5])
    assert weights.fuse(fields, array(-0.5, 1)) == pytest.approx([0.9, 0.7])
    assert weights.fuse({}, array(-0.5, 1)).tolist() == [-0.5, 1]


@pytest.mark.parametrize(("uncovered", "weight"), [(0.0, 0.1), (0.25, 0.35), (0.5, 0.6), (1.0, 0.6)])
def test_the_cosine_weighs_more_where_words_are_missing(uncovered: float, weight: float) -> None:
    """This test ensures that the cosine's weight rises with what the best chunk lacks, up to the most it may."""
    weights = FusionWeights({"words": 1.0}, dense=0.1, dense_uncovered=1.0, dense_most=0.5)
    assert weights.dense_weight(uncovered) == pytest.approx(weight)
    assert weights.fuse({"words": array(2, 1)}, array(0, 1), uncovered) == pytest.approx([1, 0.5 + weight])


def test_weights_from_before_still_count() -> None:
    """This test ensures that an index with one weight for all questions is searched as when it was built."""
    assert FusionWeights.from_flat({"words": 1.0, "dense": 0.2}).dense_weight(1.0) == 0.2


def test_without_a_shared_word_the_cosine_decides() -> None:
    """This test ensures that a question whose words are nowhere still gets a ranking by meaning."""
    fused = FusionWeights({"words": 1.0}, dense=0.2).fuse({"words": array(0, 0)}, array(0.1, 0.7))
    assert fused == pytest.approx([0.02, 0.14])


def test_weights_survive_the_manifest() -> None:
    """This test ensures that weights read back from a manifest are those written."""
    weights = FusionWeights({"words": 0.9}, dense=0.3, dense_uncovered=0.7, dense_most=0.4)
    assert FusionWeights.from_flat(weights.to_flat()) == weights


def test_likely_weights_survive_the_manifest() -> None:
    """This test ensures that the weights of likely questions are those that an index was built with."""
    weights = FusionWeights({"words": 0.9}, likely_lexical=0.1, likely_dense=0.2, dense_beside_likely=0.3)
    assert FusionWeights.from_flat(weights.to_flat()) == weights
    before = FusionWeights.from_flat({"words": 1.0, "dense": 0.2})
    assert (before.likely_lexical, before.likely_dense, before.dense_beside_likely) == (0, 0, 0)


def test_fuse_likely_by_hand() -> None:
    """This test ensures that all four lists count by their weight, none of them scaled again, and none is changed."""
    weights = FusionWeights(likely_lexical=2.0, likely_dense=3.0, dense_beside_likely=0.5)
    lists = [array(1, 0.5), array(-0.4, 0.8), array(0.25, 0), array(0.1, -0.2)]
    assert weights.fuse_likely(*lists) == pytest.approx([1 - 0.2 + 0.5 + 0.3, 0.5 + 0.4 + 0 - 0.6])
    assert lists[0].tolist() == [1, 0.5]
