"""The pieces that baselines search: documents put together from their chunks and cut as the LangChain tutorial does.

A tutorial pipeline reads the raw file, headings and all, page by page where there are pages. The headings are therefore
put back where a section begins, and searched; what is shown of a piece leaves them out, as Mamori's passages do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.models import BlockKind, Chunk, Document
from eval.baselines.packages import missing_package

CHUNK_SIZE, CHUNK_OVERLAP = 1000, 200
"""Characters, as in LangChain's tutorial on retrieval."""

_BLANK_LINE = "\n\n"
# Stands before a heading while a text is cut: a line that reads like a heading may be none. No document has it.
_MARK = "\x01"
_HEADING = re.compile(rf"{_MARK}[^\n]*\n*")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is searched, and the passage that stands for it in an answer."""

    searched: str
    chunk: Chunk


def as_they_are(chunks: Iterable[Chunk], documents: Iterable[Document]) -> list[Piece]:
    """Return every chunk as a piece, searched with the title of its document and its headings above it."""
    titles = {document.doc_id: document.title for document in documents}
    return [
        Piece("\n".join(filter(None, (titles.get(chunk.doc_id), chunk.section_path, chunk.text))), chunk)
        for chunk in chunks
    ]


def cut_anew(chunks: Iterable[Chunk]) -> list[Piece]:
    """Return the pieces of the documents, page by page where there are pages; their section is empty.

    Raises SystemUnavailable where the splitter's package is missing.
    """
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise missing_package("langchain-text-splitters") from error
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    pieces: list[Piece] = []
    for _, document in groupby(chunks, key=lambda chunk: chunk.doc_id):
        above: tuple[str, ...] = ()
        for _, page in groupby(document, key=lambda chunk: chunk.start_page):
            parts = list(page)
            texts = splitter.split_text(_BLANK_LINE.join(_with_headings(parts, above)))
            pieces += _pieces(texts, parts, first=len(pieces))
            above = parts[-1].section
    return pieces


def _with_headings(chunks: Iterable[Chunk], above: Sequence[str]) -> Iterator[str]:
    """Yield the texts in order, and before each the headings that are new since the one before."""
    for chunk in chunks:
        kept = 0
        while chunk.section[: kept + 1] == tuple(above[: kept + 1]) and kept < len(chunk.section):
            kept += 1
        yield from (_MARK + heading for heading in chunk.section[kept:])
        yield chunk.text
        above = chunk.section


def _pieces(texts: Iterable[str], parts: Sequence[Chunk], first: int) -> Iterator[Piece]:
    """Yield the pieces of one page, less those that are nothing but headings; `first` numbers them for their ids."""
    labels = {chunk.page_label for chunk in parts}
    ends = [chunk.end_page for chunk in parts if chunk.end_page is not None]
    passages = [(text, passage) for text in texts if (passage := _without_headings(text))]
    for number, (text, passage) in enumerate(passages, start=first):
        chunk = Chunk(
            chunk_id=f"piece-{number}",
            doc_id=parts[0].doc_id,
            section=(),
            text=passage,
            kind=BlockKind.PARAGRAPH,
            start_page=parts[0].start_page,
            end_page=max(ends, default=None),
            page_label=next(iter(labels)) if len(labels) == 1 else None,
        )
        yield Piece(text.replace(_MARK, ""), chunk)


def _without_headings(text: str) -> str:
    return _HEADING.sub("", text).strip()
