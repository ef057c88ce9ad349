"""What a reader should know of the documents behind an answer, whoever worded it."""

from __future__ import annotations

from collections.abc import Collection

from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.models import Citation
from assistant.question import Language


def reader_notes(found: Found, citations: Collection[Citation]) -> list[str]:
    """What the reader should know of the documents cited: editions replaced, digests, OCR, another language."""
    words = phrases(found.query.language)
    cited = sorted({citation.doc_id for citation in citations})
    notes = []
    for old in (found.documents[doc_id] for doc_id in cited if found.guidance.is_replaced(doc_id)):
        newer = next(document for document in found.documents.values() if old.doc_id in document.replaces)
        note = words.replaced_note.format(
            title=old.title, edition=old.edition or old.published, newer=newer.edition or newer.published
        )
        notes.append(note)
    if any(found.documents[doc_id].is_digest for doc_id in cited):
        notes.append(words.digest_note)
    if any(citation.is_ocr for citation in citations):
        notes.append(words.ocr_note)
    if cited and found.query.language is Language.ENGLISH:
        notes.append(words.english_note)
    return notes
