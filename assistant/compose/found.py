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
        """Chunks for a text of the program's own, in the documents that the question is put to."""
        return self.reader.search(text, top_k, self.doc_ids)
