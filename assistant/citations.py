"""Quotes and markers: what a citation quotes, where it stands, and the check that it really stands there.

A quote is one continuous piece of 8 to 300 characters of its chunk, or a heading above it, compared under
`corpus.clean.quote_key`. A statement whose quote does not stand there never gets a marker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.models import Citation, Support
from corpus.clean import quote_key
from corpus.models import Chunk, Document

MIN_QUOTE, MAX_QUOTE = 8, 300
_SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+[」』）)]*|(?=\n)|$)")
_BREAKS = "。、，,　 "


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote and the chunk it stands in."""

    chunk: Chunk
    quote: str


def sentences_of(text: str) -> list[str]:
    """The sentences of a chunk's text, verbatim; a line end closes one as well as a full stop."""
    return [sentence for match in _SENTENCE.finditer(text) if (sentence := match[0].strip())]


def stands(quote: str, chunk: Chunk) -> bool:
    """Whether a quote stands in a chunk or is one of the headings above it, character for character."""
    key = quote_key(quote)
    return bool(key) and (key in quote_key(chunk.text) or any(key == quote_key(h) for h in chunk.section))


def fit_quote(quote: str, chunk: Chunk) -> str:
    """A quote brought to a length that may be shown: widened in its chunk if too short, cut at a break if too long."""
    if len(quote) > MAX_QUOTE:
        end = max(quote.rfind(mark, MIN_QUOTE, MAX_QUOTE) for mark in _BREAKS)
        return quote[: end + 1 if end > MIN_QUOTE else MAX_QUOTE].strip()
    if len(quote) >= MIN_QUOTE:
        return quote
    start = chunk.text.find(quote)
    if start < 0:
        return quote
    end = min(len(chunk.text), start + MIN_QUOTE * 3)
    line_end = chunk.text.find("\n", start + MIN_QUOTE)
    widened = chunk.text[start : line_end if 0 < line_end < end else end].strip()
    return widened if len(widened) >= MIN_QUOTE else _whole_lines(chunk.text, start, start + len(quote))


def _whole_lines(text: str, start: int, end: int) -> str:
    """The lines that a piece of a text stands in, with as many after and before it as make a quote."""
    begin = text.rfind("\n", 0, start) + 1
    end = _line_end(text, end)
    while len(text[begin:end].strip()) < MIN_QUOTE and (begin > 0 or end < len(text)):
        if end < len(text):
            end = _line_end(text, end + 1)
        else:
            begin = text.rfind("\n", 0, begin - 1) + 1
    return text[begin:end].strip()[:MAX_QUOTE]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def page_name(citation: Citation) -> str:
    """The page of a citation for a Japanese reader: the printed one, the one in the file, or ""."""
    if citation.page_label and citation.start_page:
        return f"{citation.page_label}ページ（ファイルの{citation.start_page}ページ目）"
    if citation.page_label:
        return f"{'原典の' if citation.is_digest else ''}{citation.page_label}ページ"
    return f"{citation.start_page}ページ" if citation.start_page else ""


@dataclass
class CitationBook:
    """Hands out markers, the same one for the same quote, in the order of first use."""

    documents: Mapping[str, Document]
    _entries: dict[tuple[str, str], Evidence] = field(default_factory=dict)

    def mark(self, evidence: Evidence) -> int | None:
        """The marker of a piece of evidence, or None where its quote is too short or does not stand in its chunk."""
        fitted = Evidence(evidence.chunk, fit_quote(evidence.quote, evidence.chunk))
        if len(fitted.quote) < MIN_QUOTE or not stands(fitted.quote, fitted.chunk):
            return None
        key = (fitted.chunk.chunk_id, quote_key(fitted.quote))
        self._entries.setdefault(key, fitted)
        return list(self._entries).index(key) + 1

    def citations(self) -> tuple[Citation, ...]:
        """All citations in the order of their markers."""
        return tuple(self._citation(n, evidence) for n, evidence in enumerate(self._entries.values(), start=1))

    def _citation(self, marker: int, evidence: Evidence) -> Citation:
        chunk, document = evidence.chunk, self.documents[evidence.chunk.doc_id]
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
            quote=evidence.quote,
            source_url=document.source_url,
            sha256=document.sha256,
            status=Support.VERBATIM,
            chunk_id=chunk.chunk_id,
            is_digest=document.is_digest,
            publisher=document.publisher,
            credit=document.credit,
            is_ocr=chunk.is_ocr,
        )
