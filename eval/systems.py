"""What is evaluated: anything that gives an answer of the terminal contract to a question.

Mamori itself over an index, its search alone, and (`eval.baselines`) what users would otherwise pick. Answers that some
other system wrote to a file are `eval.recorded`. Nothing here scores.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.contract import answer_object
from assistant.models import Answer, AnswerStatus, Timing, Turn
from assistant.settings import Settings
from eval.errors import SystemUnavailable
from eval.models import Question
from eval.runs import IndexInfo
from index.build import load_chunks, load_documents
from index.retriever import DEFAULT_TOP_K
from index.store import CURRENT, Generation, IndexStore

if TYPE_CHECKING:
    from assistant.responder import Responder
    from corpus.models import Chunk, Document
    from index.retriever import Retriever

MAMORI = "mamori"
_INDEX = "index"


class System(Protocol):
    """Something that answers questions; `name` is what its runs are called."""

    @property
    def name(self) -> str:
        """A short name, stable from run to run."""

    def answer(self, question: Question) -> dict[str, Any]:
        """Return the terminal contract's object for a question. Whatever it raises costs this question only."""


@dataclass(frozen=True, slots=True)
class MamoriSystem:
    """The assistant as `mamori ask` runs it, with the turns before the question and the language model that is set."""

    responder: Responder
    top_k: int = DEFAULT_TOP_K

    @property
    def model(self) -> str | None:
        """The language model that writes the answers, None where none does."""
        return self.responder.model

    @property
    def name(self) -> str:
        """ "mamori", and behind a + the language model."""
        return f"{MAMORI}+{self.model}" if self.model else MAMORI

    def answer(self, question: Question) -> dict[str, Any]:
        """Return the assistant's answer; AssistantError for a question that it does not take."""
        turns = [Turn(role, text) for role, text in question.history]
        return answer_object(self.responder.ask(question.question, turns, top_k=self.top_k), question.id)


@dataclass(frozen=True, slots=True)
class SearchSystem:
    """The search alone: passages and no answer, for sets that judge paragraphs (`eval.benchmark`)."""

    retriever: Retriever
    top_k: int = DEFAULT_TOP_K
    name: str = MAMORI

    def answer(self, question: Question) -> dict[str, Any]:
        """Return the passages found for the question as it stands; its history is not looked at."""
        start = time.perf_counter()
        found = tuple(self.retriever.search(question.question, top_k=self.top_k))
        spent = round((time.perf_counter() - start) * 1000, 2)
        answer = Answer(
            question=question.question,
            standalone_question=question.question,
            text="",
            sentences=(),
            citations=(),
            passages=found,
            status=AnswerStatus.ANSWERED,
            timing=Timing(spent, 0.0, spent),
        )
        return answer_object(answer, question.id)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index holds, as far as an evaluation needs it."""

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    info: IndexInfo

    @classmethod
    def of(cls, generation: Generation) -> Indexed:
        """Return the content of one generation; DamagedIndex where a file of it is missing."""
        documents = load_documents(generation)
        names = tuple(document.doc_id for document in documents)
        encoder = generation.manifest.recipe.encoder.name
        return cls(documents, load_chunks(generation), IndexInfo(names, encoder, generation.generation_id))


def find_store(folder: Path | None, settings: Settings) -> IndexStore:
    """Return the store of a data folder (`folder/index`) or of an index folder itself; by default the settings'.

    Raises SystemUnavailable where `folder` is given and holds no index; the default is not looked at.
    """
    if folder is None:
        return IndexStore(settings.index_dir)
    for place in (folder / _INDEX, folder):
        if (place / CURRENT).is_file():
            return IndexStore(place)
    raise SystemUnavailable(
        f"「{folder}」に索引がありません。`mamori index build --data-dir {folder}` で作るか、"
        "データフォルダーを指定してください。"
    )


def open_mamori(store: IndexStore, settings: Settings, top_k: int) -> tuple[System, Indexed]:
    """Return the assistant over an index, with the reranker and language model that are set, and what the index holds.

    Raises what `Retriever.open` does, RerankerError and ModelUnavailable.
    """
    from assistant.assistant import Assistant
    from assistant.wiring import build_encoder, build_reranker, with_model
    from index.retriever import Retriever
    from index.tokenize import Tokenizer

    tokenizer = Tokenizer()
    retriever = Retriever.open(store, build_encoder(settings), tokenizer, build_reranker(settings))
    responder = with_model(Assistant(retriever, tokenizer), settings)
    return MamoriSystem(responder, top_k), Indexed.of(retriever.generation)


def open_baseline(name: str, indexed: Indexed, *, resplit: bool) -> System:
    """Return a baseline over the documents of an index, cut anew where `resplit` is true.

    Raises SystemUnavailable for a name that is not one of `eval.baselines`, or where a package of it is missing.
    """
    from eval.baselines import NAMES, build_baseline

    if name not in NAMES:
        known = "、".join((MAMORI, *NAMES))
        raise SystemUnavailable(f"「{name}」というシステムはありません。{known} のどれかを指定してください。")
    return build_baseline(name, indexed.chunks, indexed.documents, resplit=resplit)
