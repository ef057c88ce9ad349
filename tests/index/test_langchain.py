"""Documents, embeddings, vector store and retriever for LangChain, over made-up texts."""

from __future__ import annotations

import ast
import asyncio
import logging
import math
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_core.vectorstores.utils import maximal_marginal_relevance
from pydantic import ValidationError

from corpus.errors import NothingToRead
from corpus.loaded import FileReport
from index.errors import IncompatibleIndex, NoIndex, UnknownDocument
from index.langchain import MamoriEmbeddings, MamoriRetriever, MamoriVectorStore, load_documents
from index.langchain.relevance import marginal_relevance
from index.store import IndexStore
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, retriever_in, store_in

ROOT = Path(__file__).resolve().parents[2]
METADATA = {"doc_id", "title", "section", "page", "page_label"}
AXES = {"east": [2.0, 0.0], "north": [0.0, 5.0], "north-east": [0.1, 0.1], "nowhere": [0.0, 0.0]}


class Compass(Embeddings):
    """Four known texts in the plane, of any length; `awaited` counts the asynchronous calls."""

    awaited = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [AXES[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return AXES[text]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        self.awaited += 1
        return self.embed_documents(texts)

    async def aembed_query(self, text: str) -> list[float]:
        self.awaited += 1
        return self.embed_query(text)


def compass_store(metadatas: list[dict[str, Any]] | None = None) -> MamoriVectorStore:
    """Return a store with the four texts, each its own id."""
    return MamoriVectorStore.from_texts(list(AXES), Compass(), metadatas, ids=list(AXES))


def ids(documents: list[Document]) -> list[str | None]:
    """Return the documents' ids in their order."""
    return [document.id for document in documents]


# Documents


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one text that can be read and one file that cannot."""
    (tmp_path / "tea.md").write_text("# お茶の手引き\n\n## 保管\n\n茶葉は湿気を避けて保管します。\n", encoding="utf-8")
    (tmp_path / "photo.heic").write_bytes(b"\x00\x01")
    return tmp_path


@pytest.mark.parametrize("given", [str, Path, lambda folder: [folder], lambda folder: [str(folder / "tea.md")]])
def test_a_folder_becomes_documents(folder: Path, given: Callable[[Path], Any]) -> None:
    """This test ensures that a path, as text or not, alone or in a list, gives one document a chunk with metadata."""
    (document,) = load_documents(given(folder), on_file=lambda report: None)
    assert document.page_content == "茶葉は湿気を避けて保管します。"
    assert document.metadata == {
        "doc_id": "tea",
        "title": "お茶の手引き",
        "section": "保管",
        "page": None,
        "page_label": None,
    }
    assert len(str(document.id)) == 16


def test_what_became_of_each_file_is_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """This test ensures that a file that cannot be read is named in a warning, and that a caller may ask for all."""
    with caplog.at_level(logging.WARNING):
        load_documents(folder)
    (message,) = caplog.messages
    assert "photo.heic: unsupported" in message
    assert "読めません" in message
    reports: list[FileReport] = []
    load_documents(folder, on_file=reports.append)
    assert sorted(report.verdict.value for report in reports) == ["read", "unsupported"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    """This test ensures that a wrong path is an error that names it."""
    with pytest.raises(NothingToRead, match="missing"):
        load_documents(tmp_path / "missing")


# Embeddings


def test_embeddings_are_those_of_the_index(tmp_path: Path) -> None:
    """This test ensures that texts are cleaned as the index cleans them, and questions as texts."""
    embeddings = MamoriEmbeddings(FakeEncoder())
    plain, wide = embeddings.embed_documents(["パン 12", "ﾊﾟﾝ　１２"])
    assert plain == wide == embeddings.embed_query("パン 12")
    assert all(type(number) is float for number in plain)
    assert embeddings.embed_documents([]) == []


# Vector store


def test_nearest_is_by_angle() -> None:
    """This test ensures that cosines are computed whatever the length of the vectors, and 0 where there is none."""
    found = compass_store().similarity_search_with_score("east", k=9)
    assert [document.id for document, _ in found] == ["east", "north-east", "north", "nowhere"]
    assert [score for _, score in found] == pytest.approx([1, math.sqrt(0.5), 0, 0], abs=1e-6)


def test_nothing_is_near_to_nowhere() -> None:
    """This test ensures that a question without a vector gives the documents in the order in which they came."""
    assert ids(compass_store().similarity_search("nowhere", k=3)) == ["east", "north", "north-east"]


def test_many_ties_keep_their_order() -> None:
    """This test ensures that the order of equal documents does not depend on how numpy sorts a long array."""
    names = [str(number) for number in range(200)]
    store = MamoriVectorStore.from_texts(["east", "north"] * 100, Compass(), ids=names)
    assert ids(store.similarity_search("east", k=200)) == names[::2] + names[1::2]


def test_changes_are_found_at_once() -> None:
    """This test ensures that each search sees what was added and deleted since the one before."""
    store = MamoriVectorStore(Compass())
    for name in ("north", "north-east", "east"):
        store.add_texts([name], ids=[name])
        assert ids(store.similarity_search("east", k=1)) == [name]
    for name, left in (("east", ["north-east"]), ("north-east", ["north"]), ("north", [])):
        store.delete([name])
        assert ids(store.similarity_search("east", k=1)) == left


@pytest.mark.parametrize("k", [0, -1])
def test_no_documents_asked_for(k: int) -> None:
    """This test ensures that none are given where none are asked for."""
    store = compass_store()
    assert store.similarity_search("east", k=k) == []
    assert store.max_marginal_relevance_search("east", k=k) == []


def test_an_empty_store_finds_nothing() -> None:
    """This test ensures that a store without documents, or with all of them deleted, answers with nothing."""
    emptied = compass_store()
    assert emptied.delete()
    for store in (MamoriVectorStore(Compass()), emptied):
        assert store.add_texts([]) == []
        assert store.similarity_search("east") == []
        assert store.max_marginal_relevance_search("east") == []


def test_a_filter_limits_what_is_found() -> None:
    """This test ensures that a function or metadata decide what may be found, however far down the ranking it is."""
    store = compass_store([{"up": False}, {"up": True}, {"up": True}, {}])
    assert ids(store.similarity_search("east", k=1, filter={"up": True})) == ["north-east"]
    assert ids(store.similarity_search("east", k=9, filter={"up": None})) == []
    assert ids(store.similarity_search("east", k=1, filter=lambda document: document.id == "north")) == ["north"]
    assert ids(store.max_marginal_relevance_search("east", k=9, fetch_k=2, filter={"up": True})) == [
        "north-east",
        "north",
    ]
    retriever = store.as_retriever(search_kwargs={"k": 9, "filter": {"up": False}})
    assert ids(retriever.invoke("east")) == ["east"]


def test_a_misspelt_argument_is_refused() -> None:
    """This test ensures that a filter under a wrong name is an error instead of a search through everything."""
    store = compass_store()
    with pytest.raises(TypeError, match="filtre"):
        store.similarity_search("east", filtre={"up": True})
    with pytest.raises(TypeError, match="filtre"):
        store.max_marginal_relevance_search("east", filtre={"up": True})


def test_an_id_is_replaced() -> None:
    """This test ensures that a known id gets its new text and vector, also twice in one call, and keeps its place."""
    store = compass_store()
    assert store.add_texts(["north", "north-east"], ids=["east", "east"]) == ["east", "east"]
    (document,) = store.get_by_ids(["east"])
    assert document.page_content == "north-east"
    assert ids(store.similarity_search("north-east", k=2)) == ["east", "north-east"]
    assert len(store.similarity_search("east", k=9)) == 4


def test_ids_are_made_up_where_missing() -> None:
    """This test ensures that documents with and without an id can be added together, each under one of its own."""
    store = MamoriVectorStore(Compass())
    given = store.add_documents([Document(page_content="east", id="e"), Document(page_content="north")])
    assert given[0] == "e"
    assert len(given[1]) == 36
    assert [document.page_content for document in store.get_by_ids([given[1], "e", "unknown"])] == ["north", "east"]


@pytest.mark.parametrize("wrong", [{"ids": ["one"]}, {"metadatas": [{}]}])
def test_lists_of_another_length(wrong: dict[str, Any]) -> None:
    """This test ensures that ids or metadata that do not match the texts are an error and nothing is added."""
    store = MamoriVectorStore(Compass())
    with pytest.raises(ValueError, match="as many"):
        store.add_texts(["east", "north"], **wrong)
    assert store.similarity_search("east") == []


def test_vectors_of_another_length() -> None:
    """This test ensures that another embedding model is found out, when adding and when searching."""
    store = compass_store()
    store.embedding = MamoriEmbeddings(FakeEncoder())
    for use in (store.add_texts, store.similarity_search):
        with pytest.raises(ValueError, match=r"2 numbers, got 8"):
            use(["text"] if use == store.add_texts else "text")


@pytest.mark.parametrize("vectors", [[[math.nan, 0.0]], [[1.0, 0.0], [1.0, 0.0]], []])
def test_vectors_that_are_none(vectors: list[list[float]]) -> None:
    """This test ensures that embeddings that give no proper vectors are an error and nothing is added."""

    class Broken(Compass):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return vectors

    store = MamoriVectorStore(Broken())
    with pytest.raises(ValueError, match="expected 1 finite vectors"):
        store.add_texts(["east"])
    assert store.similarity_search("east") == []


def test_what_is_found_may_be_changed() -> None:
    """This test ensures that neither a document handed in nor one handed out is tied to what the store holds."""
    metadata = {"tags": ["a"]}
    store = MamoriVectorStore.from_texts(["east"], Compass(), [metadata])
    metadata["tags"].append("b")
    store.similarity_search("east")[0].metadata["tags"].append("c")
    assert store.similarity_search("east")[0].metadata == {"tags": ["a"]}


def test_relevance_scores_stay_between_0_and_1() -> None:
    """This test ensures that a threshold is a cosine and that an opposite vector is no warning."""
    store = compass_store()
    store.embedding.embed_query = lambda text: [-1.0, 0.0]  # type: ignore[method-assign]
    assert [score for _, score in store.similarity_search_with_relevance_scores("west")] == [0, 0, 0, 0]
    retriever = compass_store().as_retriever(
        search_type="similarity_score_threshold", search_kwargs={"score_threshold": 0.7}
    )
    assert ids(retriever.invoke("east")) == ["east", "north-east"]


def test_marginal_relevance_by_hand() -> None:
    """This test ensures that diversity prefers what is unlike the first, and none of it the plain ranking."""
    store = MamoriVectorStore.from_texts(["east", "north-east", "north", "east"], Compass(), ids=["1", "2", "3", "4"])
    assert ids(store.max_marginal_relevance_search("east", k=2, lambda_mult=1.0)) == ["1", "4"]
    assert ids(store.max_marginal_relevance_search("east", k=2, lambda_mult=0.1)) == ["1", "3"]
    assert ids(store.max_marginal_relevance_search("east", k=2, fetch_k=2, lambda_mult=0.1)) == ["1", "4"]
    assert ids(store.as_retriever(search_type="mmr", search_kwargs={"k": 1}).invoke("north")) == ["3"]


@pytest.mark.parametrize("lambda_mult", [0.0, 0.3, 0.5, 1.0])
def test_marginal_relevance_is_langchains(lambda_mult: float) -> None:
    """This test ensures that the selection is the one that LangChain's own vector store makes."""
    rows = np.random.default_rng(7).standard_normal((30, 5)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    expected = maximal_marginal_relevance(rows[0], rows[1:].tolist(), lambda_mult=lambda_mult, k=10)
    assert marginal_relevance(rows[0], rows[1:], k=10, lambda_mult=lambda_mult) == expected


def test_asynchronous_calls_give_the_same() -> None:
    """This test ensures that each asynchronous method awaits the embeddings and gives what its twin gives."""

    async def both() -> None:
        embeddings = Compass()
        store = await MamoriVectorStore.afrom_texts(["east", "north"], embeddings, ids=["east", "north"])
        assert await store.aadd_documents([Document(page_content="north-east", id="ne")]) == ["ne"]
        assert await store.asimilarity_search("east", k=2) == store.similarity_search("east", k=2)
        assert await store.asimilarity_search_with_score("east") == store.similarity_search_with_score("east")
        assert await store.asimilarity_search_by_vector([0.0, 1.0]) == store.similarity_search_by_vector([0.0, 1.0])
        assert await store.amax_marginal_relevance_search("east", k=2) == store.max_marginal_relevance_search(
            "east", k=2
        )
        assert embeddings.awaited == 5
        assert await store.adelete(["ne"])
        assert ids(await store.aget_by_ids(["ne", "east"])) == ["east"]

    asyncio.run(both())


def test_threads_may_share_a_store() -> None:
    """This test ensures that searches beside additions and deletions never see half of a change."""
    store = compass_store()

    def change(number: int) -> None:
        store.add_texts(["east", "north"], ids=[f"a{number}", f"b{number}"])
        store.delete([f"a{number}", f"b{number}"])

    def look(_: int) -> bool:
        found = ids(store.similarity_search("east", k=99))
        return sum(str(one).startswith("a") for one in found) == sum(str(one).startswith("b") for one in found)

    with ThreadPoolExecutor(8) as pool:
        changes = [pool.submit(change, number) for number in range(100)]
        assert all(pool.map(look, range(100)))
        assert [change.result() for change in changes] == [None] * 100
    assert len(store.similarity_search("east", k=99)) == 4


def test_langchains_indexing_works() -> None:
    """This test ensures that LangChain's `index` adds, skips and cleans up documents in the store."""
    store = MamoriVectorStore(Compass())
    records = InMemoryRecordManager("compass")
    records.create_schema()

    def run(*texts: str) -> dict[str, int]:
        documents = [Document(page_content=text, metadata={"source": "map"}) for text in texts]
        done = index(documents, records, store, cleanup="full", source_id_key="source", key_encoder="sha256")
        return {name: number for name, number in dict(done).items() if number}

    assert run("east", "north") == {"num_added": 2}
    assert run("east") == {"num_skipped": 1, "num_deleted": 1}
    assert [document.page_content for document in store.similarity_search("north")] == ["east"]


def test_a_store_from_a_generation(tmp_path: Path) -> None:
    """This test ensures that the chunks and vectors of an index are a store, and that nothing is embedded for it."""
    generation = store_in(tmp_path).open()
    encoder = FakeEncoder()
    store = MamoriVectorStore.from_generation(generation, encoder)
    assert encoder.encoded == []
    assert ids(store.get_by_ids([chunk.chunk_id for chunk in CHUNKS])) == [chunk.chunk_id for chunk in CHUNKS]
    text = "お茶の手引き\n保管\n茶葉は湿気を避けて保管します。"
    ((document, score),) = store.similarity_search_with_score(text, k=1)
    assert (document.id, score) == ("t3", pytest.approx(1, rel=1e-5))
    assert document.metadata == {
        "doc_id": "tea",
        "title": "お茶の手引き",
        "section": "保管",
        "page": 3,
        "page_label": "1–2",
    }
    store.delete()
    assert len(IndexStore(tmp_path / "index").open().contents) == len(generation.contents)


def test_a_generation_of_another_encoder_is_refused(tmp_path: Path) -> None:
    """This test ensures that vectors of one encoder are not searched with another's, with both named."""
    with pytest.raises(IncompatibleIndex, match=r"fake 01234567.*new ffff.*mamori index build"):
        MamoriVectorStore.from_generation(store_in(tmp_path).open(), FakeEncoder(name="new", fingerprint="ffff"))


# Retriever


def test_the_retriever_is_the_hybrid_search(tmp_path: Path) -> None:
    """This test ensures that the retriever gives what the search gives, with metadata and scores."""
    search = retriever_in(tmp_path)
    question = "緑茶は何度の湯で淹れますか"
    found = MamoriRetriever(retriever=search, k=3).invoke(question)
    expected = search.search(question, top_k=3)
    assert ids(found) == [result.chunk.chunk_id for result in expected]
    assert [document.metadata["score"] for document in found] == [result.score for result in expected]
    assert [document.page_content for document in found] == [result.chunk.text for result in expected]
    assert found[0].metadata.keys() == METADATA | {"score"}


def test_the_retriever_keeps_to_documents(tmp_path: Path) -> None:
    """This test ensures that `doc_ids` limits the search, in the constructor and in one call, and unknown ids fail."""
    retriever = MamoriRetriever.open(store_in(tmp_path).root, encoder=FakeEncoder(), doc_ids=["bread"], k=9)
    assert sorted(map(str, ids(retriever.invoke("緑茶")))) == ["b1", "b2", "b3"]
    assert {str(one)[0] for one in ids(retriever.invoke("緑茶", doc_ids=["tea"]))} == {"t"}
    assert retriever.invoke("緑茶", doc_ids=[]) == []
    with pytest.raises(UnknownDocument, match="coffee"):
        retriever.invoke("緑茶", doc_ids=["coffee"])


def test_the_retriever_in_threads(tmp_path: Path) -> None:
    """This test ensures that many questions at a time, synchronous or not, get the answers of one at a time."""
    retriever = MamoriRetriever(retriever=retriever_in(tmp_path), k=2)
    questions = [f"{word}の{number}" for number in range(10) for word in ("緑茶", "生地", "茶葉")]
    expected = [retriever.invoke(question) for question in questions]
    assert retriever.batch(questions) == expected
    assert asyncio.run(retriever.abatch(questions)) == expected


def test_wrong_retrievers(tmp_path: Path) -> None:
    """This test ensures that a folder without an index says what to run, and that `k` must be above 0."""
    with pytest.raises(NoIndex, match="mamori index build"):
        MamoriRetriever.open(tmp_path, encoder=FakeEncoder())
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        MamoriRetriever(retriever=retriever_in(tmp_path), k=0)


# What must not be loaded or reached


def run_python(code: str, *arguments: str) -> str:
    """Return what `code` prints in a process of its own, without settings for tracing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LANGSMITH_", "LANGCHAIN_"))}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=True).stdout


def test_asking_in_the_terminal_does_not_load_langchain(tmp_path: Path) -> None:
    """This test ensures that building an index and asking it load nothing of LangChain."""
    code = """if True:
        import sys
        from cli import main
        try:
            main()
        except SystemExit as stop:
            assert not stop.code, stop
        print("loaded:", sorted({name.split(".")[0] for name in sys.modules} & {"langchain_core", "langsmith"}))
    """
    printed = run_python(code, "ask", "--build", "--data-dir", str(tmp_path), "TICSとは何ですか")
    assert "[1]" in printed
    assert printed.splitlines()[-1] == "loaded: []"


def test_only_this_package_imports_langchain() -> None:
    """This test ensures that no other module of the rooms below the assistant imports LangChain, pickle or pydantic."""
    bad = []
    for path in [*(ROOT / "index").rglob("*.py"), *(ROOT / "corpus").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
        imports += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        forbidden = {"langchain_community", "langsmith", "pickle"}
        if "langchain" not in path.relative_to(ROOT).parts:
            forbidden |= {"langchain_core", "index.langchain", "pydantic"}
        bad += [f"{path.name}: {name}" for name in imports if name in forbidden or name.split(".")[0] in forbidden]
    assert bad == []


def test_nothing_is_reached_over_the_network(tmp_path: Path) -> None:
    """This test ensures that a search through LangChain neither connects nor looks a name up, and traces nothing."""
    store_in(tmp_path)
    code = """if True:
        import sys
        calls = []
        watched = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
        sys.addaudithook(lambda event, arguments: calls.append(event) if event in watched else None)
        from langchain_core.callbacks import CallbackManager
        from index.langchain import MamoriEmbeddings, MamoriRetriever, MamoriVectorStore
        from tests.fakes import FakeEncoder
        retriever = MamoriRetriever.open(sys.argv[1], encoder=FakeEncoder())
        chain = retriever | (lambda documents: documents[0].page_content)
        store = MamoriVectorStore.from_texts([chain.invoke("緑茶")], MamoriEmbeddings(FakeEncoder()))
        print(len(store.as_retriever().invoke("緑茶")), calls, CallbackManager.configure().handlers)
    """
    assert run_python(code, str(tmp_path / "index")).strip() == "1 [] []"
