"""Folders in BEIR layout through the common runner: one paragraph is one document of one chunk.

The questions have one needed passage for each relevant paragraph and no key facts, so only the retrieval measures
apply. A question without a relevant paragraph stays in the set and counts in none of them.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import Settings
from corpus.models import Chunk, Document
from eval.beir import FILES, BeirError, BeirSet, as_documents, read_beir
from eval.models import Gold, Grade, Kind, Question, QuestionSet, Target
from eval.runs import IndexInfo
from eval.systems import MAMORI, Indexed, SearchSystem, System, open_baseline

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A folder as a question set, and its paragraphs as documents and chunks."""

    questions: QuestionSet
    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]

    @property
    def indexed(self) -> Indexed:
        """The paragraphs as what an index holds; the index itself is temporary and has no generation to name."""
        names = tuple(document.doc_id for document in self.documents)
        return Indexed(self.documents, self.chunks, IndexInfo(names))


def is_benchmark(name: str) -> bool:
    """Whether what was given as a set is a folder with the first of the files of the layout."""
    return (Path(name) / FILES[0]).is_file()


def read_benchmark(folder: Path) -> Benchmark:
    """Read a folder in BEIR layout; BeirError as for `read_beir`, and where it has no question or no paragraph."""
    data = read_beir(folder)
    if not data.questions or not data.paragraphs:
        raise BeirError(f"「{folder}」に質問か文章がありません。{' と '.join(FILES[:2])} を確かめてください。")
    documents, chunks = as_documents(data.paragraphs)
    questions = tuple(_question(name, text, data) for name, text in data.questions.items())
    name = folder.resolve().name
    return Benchmark(QuestionSet(name, _sha256(folder), questions), tuple(documents), tuple(chunks))


def open_search(
    benchmark: Benchmark, name: str, settings: Settings, top_k: int, progress: Progress
) -> tuple[System, Indexed]:
    """Return Mamori's search over an index of the paragraphs, made as `mamori index build` makes it; or a baseline.

    The index is gone from the disk before the first question; the search holds it in memory. No language model is
    asked, since nothing is answered.
    """
    if name != MAMORI:
        return open_baseline(name, benchmark.indexed, resplit=False), benchmark.indexed
    from assistant.wiring import build_encoder, build_reranker
    from index.build import build_index
    from index.encoder.adapted import Adaptation
    from index.retriever import Retriever
    from index.store import IndexStore

    encoder, reranker = build_encoder(settings), build_reranker(settings)
    with tempfile.TemporaryDirectory() as folder:
        store = IndexStore(folder)
        build_index(benchmark.documents, benchmark.chunks, store, encoder, progress=progress, adaptation=Adaptation.FIT)
        retriever = Retriever.open(store, encoder, reranker=reranker)
    names = benchmark.indexed.info.documents
    info = IndexInfo(names, retriever.generation.manifest.recipe.encoder.name)
    return SearchSystem(retriever, top_k), Indexed(benchmark.documents, benchmark.chunks, info)


def _question(name: str, text: str, data: BeirSet) -> Question:
    relevant = sorted(data.relevant.get(name, ()))
    gold = tuple(Gold(Grade.NEEDED, (Target(paragraph, "", ""),)) for paragraph in relevant)
    return Question(
        id=name,
        question=text,
        language="ja",
        kind=Kind.FACT,
        history=(),
        answerable=True,
        reference_answer="",
        key_facts=(),
        gold=gold,
        note="",
    )


def _sha256(folder: Path) -> str:
    """Return one hash over the files of the layout."""
    hashes = (hashlib.sha256((folder / name).read_bytes()).digest() for name in FILES)
    return hashlib.sha256(b"".join(hashes)).hexdigest()
