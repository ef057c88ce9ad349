"""From files as they were read to documents: ids of their own, no content twice. Pure but for what it gathers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.chunk import chunk_document
from corpus.files import readable_name
from corpus.loaded import MEMBER_SEPARATOR, FileReport, LoadedFile, LoadOptions
from corpus.manifest import Source, describe_from_text
from corpus.models import Document, Verdict
from corpus.one_file import ReadResult

_TWICE = "{name} と同じ内容なので、二度は載せません。"
_OTHER_ID = "文書ID {taken} は別のファイルが使っているので、{free} としました。"


@dataclass
class Gatherer:
    """Gathers documents; `reserved` are the ids that a sources.toml gives, which no other file may take."""

    options: LoadOptions
    reserved: set[str]
    ids: set[str] = field(default_factory=set)
    names_by_hash: dict[str, str] = field(default_factory=dict)
    loaded: list[LoadedFile] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in self.options.beside:
            if file.document:
                self.ids.add(file.document.doc_id)
                self.names_by_hash[file.document.sha256] = Path(file.report.path).name

    def take_all(self, reads: Sequence[ReadResult]) -> None:
        """Add files, in their order. Of equal contents what is known is kept, then plain files before all others."""
        for read in sorted(filter(_gives_a_document, reads), key=_rank):
            self.owners.setdefault(read.sha256 or read.key, read.key)
        for read in reads:
            self._take(read)

    def _take(self, read: ReadResult) -> None:
        report = FileReport(
            read.path,
            read.file.verdict,
            pages=read.file.page_count,
            warnings=read.file.warnings,
            key=read.key,
            sha256=read.sha256,
            size=read.size,
            pages_without_text=read.file.pages_without_text,
            ocr=self.options.ocr,
        )
        first = self.names_by_hash.get(read.sha256 or "")
        owner = self.owners.get(read.sha256 or read.key, read.key)
        if first is None and owner != read.key:
            first = _name_beside(owner, read.path)
        if first is not None:
            told = (_TWICE.format(name=first),)
            self.loaded.append(LoadedFile(replace(report, verdict=Verdict.READ, pages=0, warnings=told)))
        elif read.known:
            self._keep(read.known, read)
        elif read.file.pages:
            self._add(read, report)
        else:
            self.loaded.append(LoadedFile(report))

    def _keep(self, known: LoadedFile, read: ReadResult) -> None:
        self._note(read, known.document)
        self.loaded.append(replace(known, report=replace(known.report, unchanged=True)))

    def _add(self, read: ReadResult, report: FileReport) -> None:
        described = read.file.source or describe_from_text(Path(read.path).name, [])
        doc_id = self._free_id(described.doc_id, read)
        warnings = report.warnings
        if doc_id != described.doc_id:
            warnings += (_OTHER_ID.format(taken=described.doc_id, free=doc_id),)
        document = _document(replace(described, doc_id=doc_id), read)
        chunks = tuple(chunk_document(document))
        self._note(read, document)
        report = replace(report, doc_id=doc_id, chunks=len(chunks), warnings=warnings)
        self.loaded.append(LoadedFile(report, document, chunks))

    def _note(self, read: ReadResult, document: Document | None) -> None:
        if document:
            self.ids.add(document.doc_id)
            self.names_by_hash[read.sha256 or ""] = Path(read.path).name

    def _free_id(self, doc_id: str, read: ReadResult) -> str:
        """The id itself, or with a number where another file has it; a file read before keeps the one that it had."""
        before = self.options.known.get(read.key)
        if before and before.document and before.document.doc_id not in self.ids and read.source is None:
            return before.document.doc_id
        taken = self.ids if read.source else self.ids | self.reserved
        candidate, number = doc_id, 2
        while candidate in taken:
            candidate, number = f"{doc_id}-{number}", number + 1
        return candidate


def _gives_a_document(read: ReadResult) -> bool:
    return bool(read.known.document if read.known else read.file.pages)


def _rank(read: ReadResult) -> int:
    if read.known and read.known.document:
        return 0
    return 2 if MEMBER_SEPARATOR in read.key or Path(read.key).is_symlink() else 1


def _name_beside(key: str, path: str) -> str:
    """What another file is called: by its name, or its path where the names are equal."""
    return readable_name(key if Path(key).name == Path(path).name else Path(key).name)


def _document(known: Source, read: ReadResult) -> Document:
    return Document(
        doc_id=known.doc_id,
        title=known.title,
        publisher=known.publisher,
        published=known.published,
        edition=known.edition,
        replaces=known.replaces,
        source_url=known.source_url,
        path=read.path,
        sha256=read.sha256 or "",
        pages=read.file.pages,
        digest_of=known.digest_of,
        credit=known.credit,
    )
