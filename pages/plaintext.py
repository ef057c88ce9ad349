"""An answer with its numbered references as plain text, to paste into a report or a mail."""

from __future__ import annotations

from assistant.models import Answer, Citation
from pages.labels import JAPANESE, Labels, edition_and_date, page_in_words
from pages.statuses import UNSUPPORTED, WEAK, marked


def answer_text(answer: Answer, labels: Labels) -> str:
    """The answer, its notes, and one numbered reference for each citation, a blank line between them."""
    text = marked(answer)[0].replace("**", "").strip()
    for sign, words in ((WEAK, labels.sentence_weak), (UNSUPPORTED, labels.sentence_unsupported)):
        text = text.replace(sign, f"（{words}）" if labels is JAPANESE else f" ({words})")
    notes = [labels.written_by.format(model=answer.model)] if answer.generated else []
    parts = [text, "\n".join(f"※ {note}" for note in (*notes, *answer.notes))]
    if answer.citations:
        references = (reference_text(citation, labels) for citation in answer.citations)
        parts.append("\n".join((labels.sources, *references)))
    return "\n\n".join(part for part in parts if part)


def reference_text(citation: Citation, labels: Labels) -> str:
    """One reference: number, publisher, title, edition, section, page, quote, address and credit, whichever exist."""
    page = page_in_words(citation.start_page, citation.end_page, citation.page_label, citation.is_digest, labels)
    parts = (
        citation.publisher,
        f"「{citation.document_title}」",
        edition_and_date(citation.edition, citation.published, labels),
        citation.section,
        "" if page == labels.page_none else page,
        labels.ocr if citation.is_ocr else None,
        f"“{citation.quote}”",
        citation.source_url,
        citation.credit,
    )
    return f"[{citation.marker}] " + " / ".join(part for part in parts if part)
