"""Files, chunks and texts to LangChain documents. Searches nothing and writes nothing.

Keys of `Document.metadata` in a document that was made of a chunk:

    doc_id      id of the document, from sources.toml or the file's name
    title       title of the document
    section     headings above the chunk, outermost first, as one line: "3 > 3.1"; "" above the first heading
    page        number of the page in the file, from 1; None where the format has no pages
    page_label  printed page or range; None where the document states none
    score       how well it fits the question; only in what `MamoriRetriever` finds
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

from langchain_core.documents import Document

from corpus.load import load_corpus
from corpus.loaded import FileReport
from corpus.models import Chunk, Verdict
from corpus.models import Document as Source

_logger = logging.getLogger(__name__)


def log_problems(report: FileReport) -> None:
    """Write a warning on a file that was not read, or not all of it; Python shows warnings on standard error."""
    if report.verdict is not Verdict.READ or report.warnings:
        _logger.warning("%s: %s %s", report.path, report.verdict.value, " ".join(report.warnings))


def load_documents(
    paths: str | Path | Iterable[str | Path], *, on_file: Callable[[FileReport], None] = log_problems
) -> list[Document]:
    """Return the chunks of every readable file under `paths`, folders with all that is in them.

    `on_file` is called with what became of each file; a file that cannot be read costs that file only.

    Raises:
        NothingToRead: a path does not exist, or a folder holds no file.
        SourcesError: a sources.toml cannot be understood.
    """
    corpus = load_corpus([Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)])
    for report in corpus.files:
        on_file(report)
    return chunk_documents(corpus.chunks, corpus.documents)


def chunk_documents(chunks: Iterable[Chunk], sources: Sequence[Source]) -> list[Document]:
    """Return each chunk with its metadata; `Document.id` is the chunk's id."""
    titles = {source.doc_id: source.title for source in sources}
    return [
        Document(
            id=chunk.chunk_id,
            page_content=chunk.text,
            metadata={
                "doc_id": chunk.doc_id,
                "title": titles.get(chunk.doc_id, ""),
                "section": chunk.section_path,
                "page": chunk.start_page,
                "page_label": chunk.page_label,
            },
        )
        for chunk in chunks
    ]


def text_documents(
    texts: Sequence[str], metadatas: Sequence[Mapping[str, Any]] | None, ids: Sequence[str | None] | None
) -> list[Document]:
    """Return a document with an id for each text; ValueError where there are not as many metadata or ids."""
    for name, values in (("metadatas", metadatas), ("ids", ids)):
        if values and len(values) != len(texts):
            raise ValueError(f"expected as many {name} as texts, got {len(values)} {name} and {len(texts)} texts")
    return [
        Document(
            id=(ids[number] if ids else None) or str(uuid4()),
            page_content=text,
            metadata=deepcopy(dict(metadatas[number])) if metadatas else {},
        )
        for number, text in enumerate(texts)
    ]
