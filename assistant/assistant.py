"""The main path: a question in, an answer with citations out. What is asked of whom is decided here, nothing else."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.compose.answerable import is_likely_answerable
from assistant.compose.cases import asks_for_cases, asks_for_count, compose_cases, compose_count
from assistant.compose.contact import compose_contact
from assistant.compose.draft import Draft
from assistant.compose.editions import add_older, edition_of, in_edition_order, newest_first
from assistant.compose.found import Found
from assistant.compose.nearest import compose_nearest, knows_likely_questions
from assistant.compose.notes import reader_notes
from assistant.compose.page import compose_page
from assistant.compose.passages import compose_passages
from assistant.compose.phrases import phrases
from assistant.compose.reader import Reader
from assistant.compose.refusal import compose_refusal, is_answerable
from assistant.compose.scenario import TO_BE_DONE, asks_what_to_do, compose_scenario
from assistant.compose.telling import sentences_by_probability
from assistant.guidance import Guidance
from assistant.models import Answer, AnswerStatus, Timing, Turn
from assistant.question import Language, Query, QuestionKind, analyse
from assistant.relevance import Relevance, Words
from corpus.models import Document
from index.models import SearchResult
from index.retriever import DEFAULT_TOP_K, Retriever
from index.tokenize import Tokenizer

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_ANY_QUESTION = "海外の顧客からサンプルを求められた"


class Assistant:
    """Answers questions from one open index, without a language model."""

    def __init__(self, retriever: Retriever, tokenizer: Tokenizer) -> None:
        self.retriever = retriever
        self._words = Words(tokenizer)
        self._reader = Reader(retriever)
        self._guidance = Guidance(retriever.documents, retriever.chunks)
        self._documents = {document.doc_id: document for document in retriever.documents}

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that answers come from."""
        return self.retriever.documents

    @property
    def guidance(self) -> Guidance:
        """The cases, countermeasures and contacts of these documents."""
        return self._guidance

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        doc_ids: Collection[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
    ) -> Answer:
        """Answer a question from the documents, or from those of `doc_ids`; "not in the documents" is an answer too.

        Raises QuestionError for a question that is empty or too long, UnknownDocument for an id that is not indexed.
        """
        start = time.perf_counter()
        found = self.find(question, history, doc_ids, top_k)
        return self._answer(found, top_k, start, time.perf_counter())

    def as_runnable(self) -> Runnable[Mapping[str, Any] | str, Answer]:
        """Return the assistant as a LangChain Runnable: `assistant.runnable` says what it takes."""
        from assistant.runnable import as_runnable

        return as_runnable(self.ask)

    def warm_up(self) -> None:
        """Do once what the first questions would otherwise wait for: load the word lists, take all passages apart."""
        self.ask(_ANY_QUESTION)
        for chunk in self.retriever.chunks:
            self._reader.read(chunk)

    def find(
        self,
        question: str,
        history: Sequence[Turn] = (),
        doc_ids: Collection[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
    ) -> Found:
        """Return what an answer would be put together from; errors as for `ask`."""
        query = analyse(question, history, lambda text: self._search(analyse(text), doc_ids, top_k))
        return Found(
            query=query,
            results=tuple(in_edition_order(self._search(query, doc_ids, top_k), edition_of(query, self.documents))),
            relevance=Relevance(query, self.retriever, self._words),
            guidance=self._guidance,
            retriever=self.retriever,
            documents=self._documents,
            reader=self._reader,
            doc_ids=doc_ids,
        )

    def _search(self, query: Query, doc_ids: Collection[str] | None, top_k: int) -> list[SearchResult]:
        # The composers look at more than is shown when little is to be shown.
        wanted = max(top_k, DEFAULT_TOP_K)
        return self.retriever.search(
            query.text or query.standalone,
            top_k=wanted,
            doc_ids=doc_ids,
            expansions=query.expansions,
            asked=query.asked if query.language is Language.ENGLISH else None,
        )

    def _answer(self, found: Found, top_k: int, start: float, retrieved: float) -> Answer:
        draft = Draft(self._documents)
        notes = _compose(found, draft)
        answered = not draft.is_empty()
        text, suggestions = draft.text(), tuple[str, ...]()
        if not answered:
            text, suggestions = compose_refusal(found, draft)
        citations = draft.citations()
        now = time.perf_counter()
        return Answer(
            question=found.query.question,
            standalone_question=found.query.standalone,
            text=text,
            sentences=draft.sentences(),
            citations=citations,
            passages=found.results[:top_k],
            status=AnswerStatus.ANSWERED if answered else AnswerStatus.NOT_IN_CORPUS,
            notes=(*notes, *_notes(found, draft)),
            suggestions=suggestions,
            timing=Timing(_ms(start, retrieved), _ms(retrieved, now), _ms(start, now)),
        )


def _notes(found: Found, draft: Draft) -> list[str]:
    """What the reader should know: of the documents cited, and of statements that were left out."""
    notes = reader_notes(found, draft.citations())
    if draft.dropped:
        notes.append(phrases(found.query.language).dropped_note.format(count=draft.dropped))
    return notes


def _compose(found: Found, draft: Draft) -> tuple[str, ...]:
    """Put the answer together by the kind of question; where a kind's own way gives nothing, from passages.

    A page or an office that the question names is looked up; for all else the documents must speak of what is asked.
    """
    kind = found.query.kind
    answerable = is_answerable(found)
    if kind is QuestionKind.PAGE:
        compose_page(found, draft)
    elif kind is QuestionKind.CONTACT:
        compose_contact(found, draft, in_general=answerable)
    elif asks_for_count(found.query.wording):
        compose_count(found, draft)
    if not draft.is_empty():
        return ()
    if knows_likely_questions(found):
        return _compose_likely(found, draft, answerable=answerable)
    # An office that the documents do not name is not made up for by sentences in which its words occur.
    return _compose_by_words(found, draft) if answerable and kind is not QuestionKind.CONTACT else ()


def _compose_by_words(found: Found, draft: Draft) -> tuple[str, ...]:
    """Put the answer together from passages with the words of the question; return notes."""
    kind, notes = found.query.kind, tuple[str, ...]()
    if kind is QuestionKind.LIST and asks_for_cases(found.query.canonical):
        compose_cases(found, draft)
    elif kind in TO_BE_DONE and asks_what_to_do(found):
        notes = compose_scenario(found, draft)
    if draft.is_empty():
        compose_passages(found, draft)
    return notes


def _compose_likely(found: Found, draft: Draft, *, answerable: bool) -> tuple[str, ...]:
    """Put the answer together from what likely questions lead to; return notes."""
    ranked = sentences_by_probability(found)
    if not is_likely_answerable(found, ranked):
        return ()
    asked = found.query.own or found.query.canonical
    if answerable and found.query.kind is QuestionKind.LIST and asks_for_cases(asked):
        compose_cases(found, draft)
    if draft.is_empty():
        editions = newest_first(ranked, found.documents, edition_of(found.query, found.documents.values()))
        compose_nearest(found, draft, editions.ranked)
        add_older(found, draft, editions.older)
    return ()


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
