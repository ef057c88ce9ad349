"""A real cross-encoder of random weights, made here: nothing is downloaded. Imports torch, so it is slow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.settings import Settings
from assistant.wiring import build_reranker
from index.rerank import RerankerError
from index.rerank.cross_encoder import CrossEncoderReranker
from index.retriever import Retriever
from tests.fakes import FakeEncoder
from tests.index.samples import store_in

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

LETTERS = "緑茶紅の湯は何度で淹れますか生地発酵時間パン"


def model_in(folder: Path, *, labels: int = 1) -> Path:
    """Write a model of one small layer, some letters long, into `folder`."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(LETTERS)]
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder, safe_serialization=True)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model with one score."""
    return model_in(tmp_path_factory.mktemp("models") / "tiny")


def test_scores_are_one_number_a_text(folder: Path) -> None:
    """This test ensures that scores have the shape promised, are the same each time, and that long texts are cut."""
    reranker = CrossEncoderReranker.load(str(folder))
    texts = ["緑茶の湯", "パン生地の発酵時間", "緑茶" * 500]
    scores = reranker.scores("緑茶は何度の湯で淹れますか", texts)
    assert scores.shape == (3,)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert scores == pytest.approx(reranker.scores("緑茶は何度の湯で淹れますか", texts))
    assert len(set(scores.tolist())) == 3
    assert reranker.scores("緑茶", []).shape == (0,)


def test_the_search_follows_the_model(folder: Path, tmp_path: Path) -> None:
    """This test ensures that what the setting names puts the results of a search in its own order."""
    reranker = build_reranker(Settings(tmp_path, reranker=str(folder)))
    assert reranker is not None
    retriever = Retriever.open(store_in(tmp_path), FakeEncoder(), reranker=reranker)
    question = "緑茶は何度の湯で淹れますか"
    found = retriever.search(question)
    given = reranker.scores(question, ["\n".join(retriever.apart(one.chunk)) for one in found])
    assert given.tolist() == pytest.approx(sorted(given.tolist(), reverse=True), abs=1e-5)


def test_a_missing_model_is_named_in_one_line(tmp_path: Path) -> None:
    """This test ensures that a name that is not on this machine is not looked for elsewhere."""
    with pytest.raises(RerankerError) as error:
        CrossEncoderReranker.load("no-such-owner/no-such-model")
    assert "no-such-owner/no-such-model" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_damaged_model_is_named_in_one_line(folder: Path, tmp_path: Path) -> None:
    """This test ensures that a folder without usable weights gives one line that says what to put there."""
    damaged = model_in(tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"none")
    with pytest.raises(RerankerError, match="safetensors"):
        CrossEncoderReranker.load(str(damaged))


def test_pickled_weights_are_not_read(tmp_path: Path) -> None:
    """This test ensures that a model whose weights are a pickle is refused."""
    import torch
    from safetensors.torch import load_file

    pickled = model_in(tmp_path / "pickled")
    torch.save(load_file(pickled / "model.safetensors"), pickled / "pytorch_model.bin")
    (pickled / "model.safetensors").unlink()
    with pytest.raises(RerankerError, match="safetensors"):
        CrossEncoderReranker.load(str(pickled))


def test_a_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    """This test ensures that a classifier is not taken for a reranker."""
    with pytest.raises(RerankerError, match="3つ"):
        CrossEncoderReranker.load(str(model_in(tmp_path / "classes", labels=3)))
