"""Any cross-encoder of sentence-transformers behind the Reranker protocol. Loading one imports torch: seconds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder.sentence_transformer import offline
from index.rerank.protocol import DEPTH, RerankerError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


@dataclass(frozen=True, slots=True)
class CrossEncoderReranker:
    """A model that reads question and passage together, found by folder or name."""

    name: str
    model: CrossEncoder = field(repr=False, compare=False)

    @classmethod
    def load(cls, name_or_folder: str, *, allow_remote: bool = False) -> CrossEncoderReranker:
        """Load the model, from this machine alone unless `allow_remote`; weights in safetensors only, no code of it.

        Raises:
            RerankerError: the library or the model is missing, the model is damaged, or gives no single score.
        """
        try:
            from sentence_transformers import CrossEncoder
            from transformers.utils import logging

            # Its bar for the weights of a model that is there already says nothing to anybody.
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            with nullcontext() if allow_remote else offline():
                model = CrossEncoder(
                    name_or_folder,
                    local_files_only=not allow_remote,
                    device="cpu",
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
            labels = int(model.num_labels)
        except Exception as error:  # the library raises a dozen unrelated types for one and the same "not there"
            raise RerankerError(_cannot_load(name_or_folder, allow_remote)) from error
        if labels != 1:
            raise RerankerError(
                f"リランカー「{name_or_folder}」は、点数を1つではなく{labels}つ出すモデルです。"
                "質問と文章の組に点数を1つつけるモデルを MAMORI_RERANKER に指定してください。"
            )
        return cls(name_or_folder, model)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the model's score of each text for `query`, shape (len(texts),); long texts are cut by the model."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(query, text) for text in texts]
        given = self.model.predict(pairs, batch_size=DEPTH, show_progress_bar=False)
        return np.asarray(given, dtype=np.float32).reshape(len(texts))


def _cannot_load(name_or_folder: str, allow_remote: bool) -> str:
    model = f"リランカー「{name_or_folder}」"
    if Path(name_or_folder).is_dir():
        return (
            f"{model}を読み込めませんでした。sentence-transformers の CrossEncoder（safetensors 形式）のフォルダーを"
            "指定してください。"
        )
    if allow_remote:
        return f"{model}をダウンロードできませんでした。モデル名とネットワークの接続を確かめてください。"
    return (
        f"{model}は、このコンピューターにありません。"
        "MAMORI_RERANKER にモデルのフォルダーを指定するか、ダウンロードを許可して実行し直してください。"
    )
