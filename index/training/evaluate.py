"""How often a question finds its own paragraph: the figures of the model card. `eval/` measures the whole assistant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.training.data import Passage

if TYPE_CHECKING:
    from index.encoder.protocol import Encoder

MRR_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Recall at 1 and 10 and mean reciprocal rank at 10, as shares, over `questions` questions."""

    questions: int
    recall_at_1: float
    recall_at_10: float
    mrr_at_10: float

    def __str__(self) -> str:
        """The figures in per cent."""
        return f"R@1 {self.recall_at_1:.1%}  R@10 {self.recall_at_10:.1%}  MRR@10 {self.mrr_at_10:.1%}"


def passage_text(passage: Passage) -> str:
    """Return what stands for a paragraph in the index: its title above its text."""
    return f"{passage.title}\n{passage.text}"


def measure(encoder: Encoder, passages: Sequence[Passage]) -> Figures:
    """Search every question of `passages` among all of them."""
    vectors = encoder.encode([passage_text(passage) for passage in passages])
    queries = encoder.encode([question for passage in passages for question in passage.questions])
    return figures(queries, vectors, [row for row, passage in enumerate(passages) for _ in passage.questions])


def figures(queries: NDArray[np.float32], passages: NDArray[np.float32], targets: Sequence[int]) -> Figures:
    """Rank `passages` (n, d) for each of `queries` (q, d); `targets` holds the row of the right passage of each.

    Ties count against the encoder: a passage of equal score is taken to stand before the right one.
    No question at all gives zeros.
    """
    if not len(targets):
        return Figures(0, 0.0, 0.0, 0.0)
    scores = queries @ passages.T
    right = np.asarray(targets, dtype=np.int64)
    own = scores[np.arange(len(right)), right]
    ranks = (scores >= own[:, None]).sum(axis=1)
    reciprocal = np.where(ranks <= MRR_DEPTH, 1.0 / ranks, 0.0)
    return Figures(len(right), float((ranks == 1).mean()), float((ranks <= 10).mean()), float(reciprocal.mean()))
