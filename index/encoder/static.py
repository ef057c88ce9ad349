"""The static encoder: one vector a token, added up and normalised. Needs numpy only; no torch, no context, no order.

On disk it is a sentence-transformers model (StaticEmbedding, Normalize) plus `mamori.json`, which holds the
fingerprint written at training time, so that nothing of the size of the weights is hashed at start.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.encoder.errors import EncoderError
from index.encoder.segmentation import SEGMENTATION, segment

RECORD_FILE = "mamori.json"
TOKENIZER_FILE = "tokenizer.json"
WEIGHTS_FILE = "model.safetensors"
WEIGHTS_KEY = "embedding.weight"


@dataclass(frozen=True, slots=True)
class StaticEncoder:
    """A bag of token vectors.

    `vocabulary` names the rows of `weights` (len(vocabulary), dimension), float16 or float32. A token that is not
    among them shares one of `buckets` rows with others, so that a rare word still finds itself.
    """

    name: str
    fingerprint: str
    vocabulary: Mapping[str, int] = field(repr=False)
    weights: NDArray[Any] = field(repr=False, compare=False)
    buckets: int = 0
    segment: Callable[[str], Sequence[str]] = field(default=segment, repr=False, compare=False)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self.weights.shape[1])

    @staticmethod
    def is_saved_in(folder: Path) -> bool:
        """Whether `folder` holds a model that this project trained."""
        return (folder / RECORD_FILE).is_file()

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Read a trained model.

        Raises:
            EncoderError: a file is missing or damaged, or the model was trained on another segmentation.
        """
        try:
            record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
            vocabulary = json.loads((folder / TOKENIZER_FILE).read_text(encoding="utf-8"))["model"]["vocab"]
            weights = load_file(folder / WEIGHTS_FILE)[WEIGHTS_KEY]
            encoder = cls(record["name"], record["fingerprint"], vocabulary, weights, int(record["buckets"]))
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise EncoderError(
                f"埋め込みモデルのフォルダー「{folder}」が壊れているか、ファイルが足りません。インストールし直してください。"
            ) from error
        if record["segmentation"] != SEGMENTATION or len(vocabulary) != len(weights):
            raise EncoderError(
                f"埋め込みモデル「{folder}」は、いまの単語分割({SEGMENTATION})に合いません。"
                "`python -m index.training` で学習し直してください。"
            )
        return encoder

    def row_name(self, token: str) -> str | None:
        """Return the name of the row that stands for `token`: its own, its bucket's, or None."""
        if token in self.vocabulary:
            return token
        return bucket(token, self.buckets) if self.buckets else None

    def tokens(self, text: str) -> list[str]:
        """Return the tokens of `text` by the names of their rows; a token without a row is left out."""
        return [name for token in self.segment(text) if (name := self.row_name(token)) is not None]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows (len(texts), dimension); a text without a known token gives a zero row."""
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = [self.vocabulary[token] for token in self.tokens(text)]
            if ids:
                sums[row] = self.weights[ids].sum(axis=0, dtype=np.float32)
        return normalise(sums)


def bucket(token: str, buckets: int) -> str:
    """Return the name of the row that `token` shares when it has none of its own."""
    return bucket_name(zlib.crc32(token.encode()) % buckets)


def bucket_name(number: int) -> str:
    """Return how a shared row is named: no segmented token looks like it."""
    return f"[bucket-{number}]"


def normalise(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Divide each row by its Euclidean length; zero rows stay zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return units
