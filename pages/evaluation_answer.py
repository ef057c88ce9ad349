"""A recorded answer (the terminal contract's object) as the chat draws answers. Other systems may leave much out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.models import Answer, AnswerStatus, Citation, Sentence, Support
from corpus.models import SECTION_SEPARATOR, BlockKind, Chunk
from index.models import SearchResult
from pages.highlight import quote_spans
from pages.labels import JAPANESE

LABELS = replace(JAPANESE, support_verbatim="", support_supported="", support_weak="", support_unsupported="")
"""The chat's texts without what a system says of its own quotes: the evaluation looks for itself."""


def answer_of(row: Mapping[str, Any]) -> Answer | None:
    """Return a recorded answer, None where there is no result or its text was not kept."""
    if row.get("status") not in list(AnswerStatus) or "answer" not in row:
        return None
    passages = tuple(_passage(one, rank) for rank, one in enumerate(row.get("passages") or (), start=1))
    question = _text(row.get("question")) or ""
    return Answer(
        question=question,
        standalone_question=_text(row.get("standalone_question")) or question,
        text=_text(row.get("answer")) or "",
        sentences=tuple(_sentence(one) for one in row.get("sentences") or ()),
        citations=tuple(_citation(one, passages) for one in row.get("citations") or ()),
        passages=passages,
        status=AnswerStatus(row["status"]),
        notes=tuple(str(note) for note in row.get("notes") or ()),
    )


def blinded(answer: Answer) -> Answer:
    """Return an answer without what only some systems say of themselves: how they took the question, what is weak."""
    return replace(answer, standalone_question=answer.question, sentences=())


def _citation(citation: Mapping[str, Any], passages: Sequence[SearchResult]) -> Citation:
    doc_id, quote = str(citation.get("doc_id")), _text(citation.get("quote")) or ""
    return Citation(
        marker=citation["marker"],
        doc_id=doc_id,
        document_title=_text(citation.get("document_title")) or doc_id,
        edition=_text(citation.get("edition")),
        published=_text(citation.get("published")),
        section=_text(citation.get("section")) or "",
        start_page=_number(citation.get("start_page")),
        end_page=_number(citation.get("end_page")),
        page_label=_text(citation.get("page_label")),
        quote=quote,
        source_url=_text(citation.get("source_url")),
        sha256="",
        status=Support.VERBATIM,
        chunk_id=_chunk_of(doc_id, quote, passages),
        is_digest=citation.get("is_digest") is True,
        is_ocr=citation.get("is_ocr") is True,
    )


def _chunk_of(doc_id: str, quote: str, passages: Sequence[SearchResult]) -> str:
    """Return the id of the first passage of the document that holds the quote; empty where none does."""
    chunks = (result.chunk for result in passages if result.chunk.doc_id == doc_id)
    return next((chunk.chunk_id for chunk in chunks if quote_spans(chunk.text, quote)), "")


def _passage(passage: Mapping[str, Any], rank: int) -> SearchResult:
    section = _text(passage.get("section")) or ""
    chunk = Chunk(
        chunk_id=f"passage-{rank}",
        doc_id=str(passage.get("doc_id")),
        section=tuple(section.split(SECTION_SEPARATOR)) if section else (),
        text=_text(passage.get("text")) or "",
        kind=BlockKind.PARAGRAPH,
        start_page=_number(passage.get("start_page")),
        end_page=_number(passage.get("end_page")),
        page_label=_text(passage.get("page_label")),
    )
    return SearchResult(chunk, 0.0, _number(passage.get("rank")) or rank)


def _sentence(sentence: Mapping[str, Any]) -> Sentence:
    status = sentence.get("status")
    found = Support(status) if status in list(Support) else Support.SUPPORTED
    return Sentence(str(sentence.get("text")), tuple(sentence.get("markers") or ()), found)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
