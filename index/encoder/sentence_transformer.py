"""Any sentence-transformers model behind the Encoder protocol. Importing this module imports torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class SentenceTransformerEncoder:
    """A model of the sentence-transformers library, found by folder or name."""

    name: str
    dimension: int
    fingerprint: str
    model: SentenceTransformer = field(repr=False, compare=False)

    @classmethod
    def load(cls, name_or_folder: str, *, allow_remote: bool = False) -> SentenceTransformerEncoder:
        """Load the model, from this machine alone unless `allow_remote`.

        Raises:
            EncoderError: the library or the model is missing, or the model is damaged.
        """
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            # Its bar for the weights of a model that is there already says nothing to anybody.
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            with nullcontext() if allow_remote else offline():
                model = SentenceTransformer(
                    name_or_folder,
                    local_files_only=not allow_remote,
                    device="cpu",
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
        except Exception as error:  # the library raises a dozen unrelated types for one and the same "not there"
            raise EncoderError(_cannot_load(name_or_folder, allow_remote)) from error
        # Asked of a vector: the method that tells it has another name in each version of the library.
        dimension = int(model.encode(["0"], show_progress_bar=False).shape[1])
        return cls(name_or_folder, dimension, _fingerprint(model), model)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows (len(texts), dimension); an empty text gives a zero row."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self.model.encode(
            list(texts), batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False
        )
        rows = np.asarray(vectors, dtype=np.float32)
        rows[[not text.strip() for text in texts]] = 0.0
        return rows


@contextmanager
def offline() -> Iterator[None]:
    """Keep huggingface_hub off the network: even with `local_files_only` it asks its server for a list of agents."""
    from huggingface_hub import constants

    before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _cannot_load(name_or_folder: str, allow_remote: bool) -> str:
    model = f"埋め込みモデル「{name_or_folder}」"
    if Path(name_or_folder).is_dir():
        return f"{model}を読み込めませんでした。sentence-transformers 形式のモデルのフォルダーを指定してください。"
    if allow_remote:
        return f"{model}をダウンロードできませんでした。モデル名とネットワークの接続を確かめてください。"
    return (
        f"{model}は、このコンピューターにありません。"
        "モデルのフォルダーの場所を確かめるか、ダウンロードを許可して実行し直してください。"
    )


def _fingerprint(model: SentenceTransformer) -> str:
    """Hash every weight with its name, and the vocabulary: a model has no cheaper identity that survives a move."""
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    digest.update(json.dumps(sorted(model.tokenizer.get_vocab().items())).encode())
    return digest.hexdigest()
