"""The terminal contract as data: an answer as the JSON object that other programs read. Fields are never renamed."""

from __future__ import annotations

from typing import Any

from assistant.models import Answer, Citation, Sentence
from index.models import SearchResult


def answer_object(answer: Answer, question_id: str | int | None = None) -> dict[str, Any]:
    """One answer as `mamori ask --json` prints it; `id` is null where the question came without one."""
    return {
        "id": question_id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status.value,
        "answer": answer.text,
        "sentences": [_sentence(sentence) for sentence in answer.sentences],
        "citations": [_citation(citation) for citation in answer.citations],
        "passages": [_passage(result) for result in answer.passages],
        "notes": list(answer.notes),
        "suggestions": list(answer.suggestions),
        "timing_ms": {
            "retrieve": answer.timing.retrieve,
            "answer": answer.timing.answer,
            "total": answer.timing.total,
        },
        "generated": answer.generated,
        "model": answer.model,
        "fault": answer.fault,
        "removed_markers": answer.removed_markers,
        "removed_links": answer.removed_links,
        "dropped_passages": answer.dropped_passages,
        "dropped_facts": [_sentence(sentence) for sentence in answer.dropped_facts],
        "question_by_rule": answer.question_by_rule,
        "question_by_model": answer.question_by_model,
    }


def error_object(question_id: str | int | None, message: str) -> dict[str, Any]:
    """What stands in the output for a question that could not be asked."""
    return {"id": question_id, "status": "error", "error": message}


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "markers": list(sentence.markers), "status": sentence.status.value}


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "marker": citation.marker,
        "doc_id": citation.doc_id,
        "document_title": citation.document_title,
        "edition": citation.edition,
        "published": citation.published,
        "section": citation.section,
        "start_page": citation.start_page,
        "end_page": citation.end_page,
        "page_label": citation.page_label,
        "quote": citation.quote,
        "source_url": citation.source_url,
        "status": citation.status.value,
        "sha256": citation.sha256,
        "is_digest": citation.is_digest,
        "is_ocr": citation.is_ocr,
    }


def _passage(result: SearchResult) -> dict[str, Any]:
    chunk = result.chunk
    return {
        "rank": result.rank,
        "doc_id": chunk.doc_id,
        "section": chunk.section_path,
        "start_page": chunk.start_page,
        "end_page": chunk.end_page,
        "page_label": chunk.page_label,
        "text": chunk.text,
        "score": round(result.score, 6),
    }
