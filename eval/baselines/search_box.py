"""A search as an answering system: what a search box shows, in the terms of the terminal contract.

There is no language model behind it. The answer is the beginning of the three best pieces, each cited; it is given
whatever the question, since a search always finds something. The turns before the question are not looked at.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.citations import MIN_QUOTE
from assistant.contract import answer_object
from assistant.models import Answer, AnswerStatus, Citation, Sentence, Support, Timing
from corpus.models import Chunk, Document
from eval.models import Question
from index.models import SearchResult
from index.retriever import DEFAULT_TOP_K

SHOWN_PIECES, SHOWN_CHARACTERS = 3, 200


class Search(Protocol):
    """Scores all pieces for a question."""

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return one score a piece, in their order."""


@dataclass(frozen=True, slots=True)
class SearchBox:
    """A search over pieces of documents, under the name of a baseline.

    Of equal scores the earlier piece comes first; pieces that share nothing with the question are listed as well, as
    LangChain's retrievers do.
    """

    name: str
    pieces: tuple[Chunk, ...]
    documents: Mapping[str, Document]
    search: Search
    top_k: int = DEFAULT_TOP_K

    def answer(self, question: Question) -> dict[str, Any]:
        """Return the terminal contract's object for a question, always answered."""
        start = time.perf_counter()
        found = self._found(question.question)
        middle = time.perf_counter()
        citations = self._citations(found)
        sentences = tuple(
            Sentence(" ".join(citation.quote.split()), (citation.marker,), Support.VERBATIM) for citation in citations
        )
        end = time.perf_counter()
        answer = Answer(
            question=question.question,
            standalone_question=question.question,
            text="\n\n".join(f"{sentence.text}[{sentence.markers[0]}]" for sentence in sentences),
            sentences=sentences,
            citations=citations,
            passages=found,
            status=AnswerStatus.ANSWERED,
            timing=Timing(*(round(spent * 1000, 2) for spent in (middle - start, end - middle, end - start))),
        )
        return answer_object(answer, question.id)

    def _found(self, question: str) -> tuple[SearchResult, ...]:
        scores = self.search.scores(question)
        best = np.argsort(-scores, kind="stable")[: self.top_k]
        return tuple(
            SearchResult(self.pieces[number], float(scores[number]), rank) for rank, number in enumerate(best, start=1)
        )

    def _citations(self, found: tuple[SearchResult, ...]) -> tuple[Citation, ...]:
        """Return a citation for each of the best pieces that is long enough to be quoted, numbered from 1."""
        quotes = [(result.chunk, result.chunk.text[:SHOWN_CHARACTERS].strip()) for result in found[:SHOWN_PIECES]]
        long_enough = [(chunk, quote) for chunk, quote in quotes if len(quote) >= MIN_QUOTE]
        return tuple(self._citation(marker, *cited) for marker, cited in enumerate(long_enough, start=1))

    def _citation(self, marker: int, chunk: Chunk, quote: str) -> Citation:
        document = self.documents[chunk.doc_id]
        return Citation(
            marker=marker,
            doc_id=chunk.doc_id,
            document_title=document.title,
            edition=document.edition,
            published=document.published,
            section=chunk.section_path,
            start_page=chunk.start_page,
            end_page=chunk.end_page,
            page_label=chunk.page_label,
            quote=quote,
            source_url=document.source_url,
            sha256=document.sha256,
            status=Support.VERBATIM,
            chunk_id=chunk.chunk_id,
            is_digest=document.is_digest,
            publisher=document.publisher,
            credit=document.credit,
        )
