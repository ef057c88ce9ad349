"""What is evaluated: the assistant with its history, the search alone, indexes by folder, baselines by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.models import Answer, AnswerStatus, Timing, Turn
from assistant.responder import Responder
from assistant.settings import Settings
from corpus.models import Document
from eval.errors import SystemUnavailable
from eval.systems import Indexed, MamoriSystem, SearchSystem, find_store, open_baseline, open_mamori
from index.build import build_index
from index.retriever import Retriever
from index.store import IndexStore
from tests.eval.fake_systems import CHUNK, QUESTION
from tests.fakes import FakeEncoder, FakeReranker

DOCUMENT = Document("kitei", "取扱規程", None, None, None, (), None, path="", sha256="")


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    """An index of one chunk in a data folder."""
    store = IndexStore(tmp_path / "data" / "index")
    build_index([DOCUMENT], [CHUNK], store, FakeEncoder())
    return store


class Listening:
    """An assistant that notes what it was asked."""

    def __init__(self, model: str | None = None) -> None:
        self.heard: list[Any] = []
        self.model = model

    def ask(self, question: str, history: Sequence[Turn] = (), top_k: int = 0) -> Answer:
        self.heard.append((question, list(history), top_k))
        return Answer(question, question, "はい。", (), (), (), AnswerStatus.ANSWERED, timing=Timing(1.0, 2.0, 3.0))


def test_the_assistant_hears_the_turns_before() -> None:
    """This test ensures that a follow-up is asked with its history, and that the row has the question's id."""
    listening = Listening()
    asked = dataclasses.replace(QUESTION, history=(("user", "前の質問"), ("assistant", "前の答え")))
    row = MamoriSystem(cast(Responder, listening), top_k=7).answer(asked)
    assert listening.heard == [(QUESTION.question, [Turn("user", "前の質問"), Turn("assistant", "前の答え")], 7)]
    assert (row["id"], row["status"], row["answer"], row["timing_ms"]["total"]) == ("q1", "answered", "はい。", 3.0)


def test_a_language_model_is_in_the_name() -> None:
    """This test ensures that runs with a model, and with which, can be told from those without by their name."""
    assert MamoriSystem(cast(Responder, Listening())).name == "mamori"
    assert MamoriSystem(cast(Responder, Listening("ollama:qwen3"))).name == "mamori+ollama:qwen3"


def test_the_reranker_of_the_settings_is_used(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a run measures the search that people get, with the reranker that they have set."""
    reranker = FakeReranker()
    other = dataclasses.replace(CHUNK, chunk_id="c2", text="台帳は総務課が持っています。")
    build_index([DOCUMENT], [CHUNK, other], store, FakeEncoder())
    monkeypatch.setattr("assistant.wiring.build_encoder", lambda settings: FakeEncoder())
    monkeypatch.setattr("assistant.wiring.build_reranker", lambda settings: reranker)
    system, _ = open_mamori(store, Settings(store.root), top_k=5)
    system.answer(QUESTION)
    assert reranker.asked


def test_the_search_alone(store: IndexStore) -> None:
    """This test ensures that a search gives passages of the contract, best first, and composes no answer."""
    row = SearchSystem(Retriever.open(store, FakeEncoder())).answer(QUESTION)
    assert (row["id"], row["answer"], row["citations"], row["sentences"]) == ("q1", "", [], [])
    assert [(one["rank"], one["doc_id"], one["text"]) for one in row["passages"]] == [(1, "kitei", CHUNK.text)]
    assert row["timing_ms"]["total"] >= 0


def test_what_an_index_holds(store: IndexStore) -> None:
    """This test ensures that documents, chunks, encoder and generation are those of the index."""
    generation = store.open()
    indexed = Indexed.of(generation)
    assert (indexed.documents, indexed.chunks) == ((DOCUMENT,), (CHUNK,))
    info = indexed.info
    assert (info.documents, info.encoder, info.generation) == (("kitei",), "fake", generation.generation_id)


def test_an_index_by_its_folder(store: IndexStore, tmp_path: Path) -> None:
    """This test ensures that a data folder and the index folder in it are the same, and the default the settings'."""
    settings = Settings(tmp_path / "elsewhere")
    assert find_store(tmp_path / "data", settings).root == store.root
    assert find_store(store.root, settings).root == store.root
    assert find_store(None, settings).root == settings.index_dir


def test_a_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    """This test ensures that a folder that was named and holds no index is one line that says what to run."""
    with pytest.raises(SystemUnavailable, match=r"索引がありません.*index build"):
        find_store(tmp_path, Settings(tmp_path))


def test_an_unknown_system_lists_the_known(store: IndexStore) -> None:
    """This test ensures that a misspelt system is one line with the names that there are."""
    with pytest.raises(SystemUnavailable, match=r"「gpt」.*mamori.*bm25-bigrams.*ください"):
        open_baseline("gpt", Indexed.of(store.open()), resplit=True)


def test_a_baseline_answers_in_the_contract(store: IndexStore) -> None:
    """This test ensures that a baseline over an index is a system like ours, under its own name."""
    system = open_baseline("bm25-bigrams", Indexed.of(store.open()), resplit=True)
    row = system.answer(QUESTION)
    assert (system.name, row["id"], row["status"]) == ("bm25-bigrams", "q1", "answered")
    assert row["passages"][0]["doc_id"] == "kitei"
