"""The list of sources: each document that is cited, with its edition, credit line and the edition that replaced it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.models import Citation
from corpus.models import Document
from training.models import Source


def sources_of(citations: Sequence[Citation], documents: Mapping[str, Document]) -> tuple[Source, ...]:
    """The documents behind citations, each once, in the order of their first citation.

    `documents` are all those of the index: a newer edition among them is named even where it is not cited.
    """
    cited = dict.fromkeys(citation.doc_id for citation in citations)
    return tuple(_source(documents[doc_id], documents) for doc_id in cited)


def _source(document: Document, documents: Mapping[str, Document]) -> Source:
    newer = [other for other in documents.values() if document.doc_id in other.replaces]
    newest = max(newer, key=lambda other: (other.published or "", other.doc_id), default=None)
    return Source(
        doc_id=document.doc_id,
        title=document.title,
        edition=document.edition,
        published=document.published,
        publisher=document.publisher,
        credit=document.credit or _credit(document),
        source_url=document.source_url,
        is_digest=document.is_digest,
        replaced_by=(newest.edition or newest.published or newest.title) if newest else None,
    )


def _credit(document: Document) -> str | None:
    """The line that readers are owed where the document brings none: publisher and address."""
    if document.publisher is None:
        return None
    address = f"（{document.source_url}）" if document.source_url else ""
    return f"出典：{document.publisher}{address}"
