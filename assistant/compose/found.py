"""What the composers work from: the query, what the search found for it, and what the documents hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assistant.compose.reader import Reader
from assistant.guidance import Guidance
from assistant.question import Query
from assistant.relevance import Relevance
from corpus.models import Chunk, Document
from index.models import SearchResult
from index.retriever import Retriever


@dataclass(frozen=True, slots=True)
class Found:
    """One question with its search results, best first."""

    query: Query
    results: tuple[SearchResult, ...]
    relevance: Relevance
    guidance: Guidance
    retriever: Retriever
    documents: Mapping[str, Document]
    reader: Reader
    doc_ids: Collection[str] | None = None

    def search(self, text: str, top_k: int = 10) -> list[Chunk]:
        """Chunks for another text than the question, in the same documents."""
        return [result.chunk for result in self.retriever.search(text, top_k=top_k, doc_ids=self.doc_ids)]
