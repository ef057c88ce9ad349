"""The code of docs/langchain.md is run as it stands, over an index of the bundled digest with the bundled encoder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage

import index.langchain
from corpus.load import bundled_documents, load_corpus
from index.build import build_index
from index.encoder import load_encoder
from index.langchain import MamoriVectorStore
from index.store import IndexStore

DOC = (Path(__file__).resolve().parents[1] / "docs" / "langchain.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", DOC, flags=re.MULTILINE | re.DOTALL)


class Prompts(BaseCallbackHandler):
    """Collects what a chat model is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **kwargs: object
    ) -> None:
        self.texts += [str(message.content) for turn in messages for message in turn]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the page speaks of: an index under data/, a document under guidance/."""
    folder = tmp_path_factory.mktemp("docs")
    corpus = load_corpus([bundled_documents()])
    build_index(corpus.documents, corpus.chunks, IndexStore(folder / "data" / "index"), load_encoder())
    (folder / "guidance").mkdir()
    text = "# 手引き\n\n## 顧客\n\nサンプルは契約を結んでから渡します。\n\n## 工場\n\n装置は撤去します。\n"
    (folder / "guidance" / "handbook.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def run_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, Any]]:
    """A function that runs all code of the page in order and returns the names that it leaves behind."""

    def run() -> dict[str, Any]:
        monkeypatch.chdir(folder)
        names: dict[str, Any] = {}
        for block in BLOCKS:
            exec(compile(block, "docs/langchain.md", "exec"), names)
        return names

    return run


def test_the_page_runs(run_page: Callable[[], dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    """This test ensures that the code prints the model's reply, three passages, two hits and a number."""
    run_page()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ここにモデルの答えが入ります。"
    assert len(lines) == 1 + 3 + 2 + 1
    assert all("'score'" in line for line in lines[1:4])
    assert "手引き 顧客" in lines[4]
    assert lines[6] == "2"


def test_the_chain_gives_the_passages_to_the_model(run_page: Callable[[], dict[str, Any]]) -> None:
    """This test ensures that the model is asked the question with the best passages before it."""
    names = run_page()
    prompts = Prompts()
    names["chain"].invoke(names["question"], {"callbacks": [prompts]})
    (prompt,) = prompts.texts
    best = names["retriever"].invoke(names["question"])
    assert "サンプル" in best[0].page_content
    assert all(document.page_content in prompt for document in best)
    assert prompt.endswith(f"質問: {names['question']}")


def test_what_the_page_says_of_ids_and_generations(run_page: Callable[[], dict[str, Any]]) -> None:
    """This test ensures that the calls named in the text work: limits for one call, and a store from a generation."""
    names = run_page()
    retriever = names["retriever"]
    (call,) = re.findall(r"`(retriever\.invoke\(.*?\))`", DOC)
    assert len(eval(call, names)) == 1
    store = MamoriVectorStore.from_generation(retriever.retriever.generation, load_encoder())
    assert store.get_by_ids([retriever.invoke(names["question"])[0].id])


def test_the_chain_has_ten_lines() -> None:
    """This test ensures that the heading keeps its word."""
    assert len(BLOCKS[0].splitlines()) == 10


def test_every_public_name_is_on_the_page() -> None:
    """This test ensures that whatever the package offers, and every key of the metadata, is described."""
    keys = ["doc_id", "title", "section", "page", "page_label", "score"]
    assert [name for name in [*index.langchain.__all__, *keys] if f"`{name}`" not in DOC] == []
