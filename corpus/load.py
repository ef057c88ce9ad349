"""Files and folders to documents, with a verdict for each file. A bad file costs that file only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from corpus.chunk import chunk_document
from corpus.files import SUPPORTED, FoundFile, find_files, unreadable
from corpus.manifest import Source, describe_from_text
from corpus.models import BlockKind, Chunk, Document, RawDocument, Verdict
from corpus.readers.text import read_text
from corpus.structure import structure_document

_TEXT_SUFFIXES = {".txt", ".md", ".markdown", ".text"}
_PDF_MAGIC = b"%PDF-"
_READABLE = (Verdict.READ, Verdict.PARTLY_READ)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: `pages` and `chunks` are counts, `doc_id` is None where no document was made of it."""

    path: str
    verdict: Verdict
    doc_id: str | None = None
    pages: int = 0
    chunks: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents that could be read, their chunks in order, and the report on every file."""

    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    files: tuple[FileReport, ...]


def bundled_documents() -> Path:
    """The folder of the digest that ships with Mamori."""
    return Path(str(resources.files("corpus").joinpath("documents")))


def load_corpus(paths: Sequence[Path], progress: Progress | None = None) -> Corpus:
    """Read every file under `paths`, folders with all that is in them.

    Raises NothingToRead for a path that does not exist or a folder without files, SourcesError for a bad sources.toml.
    A file that cannot be read raises nothing: its verdict is in the report.
    """
    files = find_files(paths)
    loader = _Loader(reserved={file.source.doc_id for file in files if file.source})
    for index, file in enumerate(files):
        if progress:
            progress(file.path.name, index, len(files))
        loader.take(file)
    return Corpus(tuple(loader.documents.values()), tuple(loader.chunks), tuple(loader.reports))


@dataclass
class _Loader:
    """Gathers documents; `reserved` are the ids that a sources.toml gives, which no other file may take."""

    reserved: set[str]
    documents: dict[str, Document] = field(default_factory=dict)
    names_by_hash: dict[str, str] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)

    def take(self, file: FoundFile) -> None:
        if file.problem:
            self._refuse(file, RawDocument(Verdict.DAMAGED, warnings=(file.problem,)))
            return
        try:
            data = file.path.read_bytes()
        except OSError as error:
            self._refuse(file, RawDocument(Verdict.DAMAGED, warnings=(unreadable(error),)))
            return
        digest = hashlib.sha256(data).hexdigest()
        if digest in self.names_by_hash:
            warning = f"{self.names_by_hash[digest]} と同じ内容なので、二度は載せません。"
            self._refuse(file, RawDocument(Verdict.READ, warnings=(warning,)))
            return
        raw = _read(file.path, data)
        document = _document(file, raw, digest) if raw.verdict in _READABLE else None
        if document is None:
            self._refuse(file, raw)
        elif not any(block.kind is not BlockKind.HEADING for page in document.pages for block in page.blocks):
            self._refuse(file, RawDocument(Verdict.EMPTY, raw.pages, warnings=("本文がありません。",)))
        else:
            self._add(document, raw, named=file.source is not None)

    def _refuse(self, file: FoundFile, raw: RawDocument) -> None:
        self.reports.append(FileReport(str(file.path), raw.verdict, pages=_page_count(raw), warnings=raw.warnings))

    def _add(self, document: Document, raw: RawDocument, named: bool) -> None:
        doc_id = self._free_id(document.doc_id, named)
        warnings = raw.warnings
        if doc_id != document.doc_id:
            warnings += (f"文書ID {document.doc_id} は別のファイルが使っているので、{doc_id} としました。",)
        document = replace(document, doc_id=doc_id)
        own = chunk_document(document)
        self.documents[doc_id], self.names_by_hash[document.sha256] = document, Path(document.path).name
        self.chunks.extend(own)
        self.reports.append(FileReport(document.path, raw.verdict, doc_id, _page_count(raw), len(own), warnings))

    def _free_id(self, doc_id: str, named: bool) -> str:
        """The id itself, or with a number where another file has it."""
        taken = self.documents.keys() if named else self.documents.keys() | self.reserved
        candidate, number = doc_id, 2
        while candidate in taken:
            candidate, number = f"{doc_id}-{number}", number + 1
        return candidate


def _page_count(raw: RawDocument) -> int:
    return sum(page.number is not None for page in raw.pages)


def _read(path: Path, data: bytes) -> RawDocument:
    suffix = path.suffix.lower()
    # A text may speak of PDF in its first lines; any other file is a PDF if it says so, whatever its name.
    if suffix == ".pdf" or data.startswith(_PDF_MAGIC) or (suffix not in _TEXT_SUFFIXES and _PDF_MAGIC in data[:1024]):
        from corpus.readers.pdf import read_pdf

        return read_pdf(data)
    if suffix in _TEXT_SUFFIXES:
        return read_text(data)
    warning = f"この形式（{path.suffix or '拡張子なし'}）は読めません。読めるのは{SUPPORTED}です。"
    return RawDocument(Verdict.UNSUPPORTED, warnings=(warning,))


def _document(file: FoundFile, raw: RawDocument, digest: str) -> Document:
    known = file.source or _described(file.path, raw)
    return Document(
        doc_id=known.doc_id,
        title=known.title,
        publisher=known.publisher,
        published=known.published,
        edition=known.edition,
        replaces=known.replaces,
        source_url=known.source_url,
        path=str(file.path),
        sha256=digest,
        pages=structure_document(raw, title=known.title),
        digest_of=known.digest_of,
        credit=known.credit,
    )


def _described(path: Path, raw: RawDocument) -> Source:
    first_lines = [line for page in raw.pages[:2] for line in page.text.splitlines() if line.strip()]
    return describe_from_text(path.name, first_lines, raw.title)
