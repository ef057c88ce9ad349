"""Whether a question is nearer to likely questions that have an answer, or to those that have none. Numbers only.

What follows from them is decided where answers are put together (`assistant.compose.answerable`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.likely.field import LikelyField

if TYPE_CHECKING:
    from index.fusion import Scores

NEIGHBOURS, FEW = 15, 5
NAMES = (
    "cosine to the nearest with an answer",
    "cosine to the nearest without",
    "mean cosine to the five nearest with an answer",
    "mean cosine to the five nearest without",
    "BM25 of the best with an answer, as a share of the best",
    "BM25 of the best without, as a share of the best",
    "BM25 of the best with an answer, by word of the question",
    "BM25 of the best without, by word of the question",
    "share with an answer among the fifteen nearest by cosine",
    "words of the question",
)
"""What the numbers of `evidence` are, in their order."""


def evidence(
    likely: LikelyField,
    tokens: Mapping[str, Sequence[str]],
    cosines: Scores,
    fields: Mapping[str, float],
    *,
    without: int | None = None,
) -> NDArray[np.float64]:
    """Return the numbers that `NAMES` describes for a question: its tokens by field, its cosine with each likely one.

    `fields` weighs the lexical fields. `without` leaves one likely question out: itself, when it is asked.
    """
    lexical = likely.lexical({name: dict(Counter(found)) for name, found in tokens.items()}, fields)
    if without is not None:
        cosines = cosines.copy()
        cosines[without], lexical[without] = -1.0, 0.0
    split = likely.answerable
    known, other = _nearest(cosines[:split]), _nearest(cosines[split:])
    told, untold = float(lexical[:split].max(initial=0.0)), float(lexical[split:].max(initial=0.0))
    best, words = max(told, untold, 1e-6), max(1, len(tokens["words"]))
    nearest = np.argsort(-cosines, kind="stable")[:NEIGHBOURS]
    return np.array(
        [
            *known,
            *other,
            told / best,
            untold / best,
            told / words,
            untold / words,
            float((nearest < split).mean()),
            words,
        ]
    )[[0, 2, 1, 3, 4, 5, 6, 7, 8, 9]]


def _nearest(cosines: Scores) -> tuple[float, float]:
    """Return the greatest and the mean of the five greatest, zeros where there are none."""
    if not cosines.size:
        return 0.0, 0.0
    top = np.sort(cosines)[-FEW:]
    return float(top[-1]), float(top.mean())
