"""Whether what is asked for is a thing that the documents tell, by the wording of the question alone.

Fees, forms, names, deadlines and judgements of a single case are asked for in words of their own, whatever the subject.
A logistic model over character n-grams, words and pairs of words, hashed into a table of weights; learnt from the
bundled likely questions with and without an answer (`python -m eval.fit_answerable`, docs/decisions/0010).
"""

from __future__ import annotations

import io
import itertools
import math
import zlib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from corpus.clean import search_text
from index.tokenize import Tokenizer

FILE = "asked_for.npy"
CELLS = 1 << 15
_LONGEST = 3


def log_odds(question: str, tokenizer: Tokenizer) -> float:
    """Return the log-odds that the documents answer a question worded like this; above 0 where they rather do."""
    table = weights()
    return float(sum(table[cell] * value for cell, value in hashed(question, tokenizer).items()) + table[CELLS])


def hashed(question: str, tokenizer: Tokenizer) -> Mapping[int, float]:
    """Return the question as cell → value: the logarithm of how often a piece comes, of unit length altogether."""
    text = f" {search_text(question).lower()} "
    pieces = Counter(text[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(text) - size + 1))
    words = tokenizer.words(text)
    pieces.update(f"w:{word}" for word in words)
    pieces.update(f"b:{first}_{second}" for first, second in itertools.pairwise(words))
    cells: dict[int, float] = {}
    for piece, count in pieces.items():
        cell = zlib.crc32(piece.encode()) % CELLS
        cells[cell] = cells.get(cell, 0.0) + 1 + math.log(count)
    length = math.sqrt(sum(value * value for value in cells.values()))
    return {cell: value / length for cell, value in cells.items()}


@cache
def weights() -> NDArray[np.float32]:
    """Return the bundled weights, shape (CELLS + 1,), the intercept last."""
    data = resources.files("assistant.compose").joinpath(FILE).read_bytes()
    return np.load(io.BytesIO(data), allow_pickle=False).astype(np.float32)  # type: ignore[no-any-return]
