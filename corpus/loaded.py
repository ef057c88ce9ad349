"""What loading gives: a report for each file, with the document and the chunks that were made of it. Values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from corpus.limits import Limits
from corpus.models import Chunk, Document, Verdict
from corpus.reading import READERS

MEMBER_SEPARATOR: Final = "!/"
"""Stands between the path of an archive and the name of a file in it."""


def archive_key(key: str) -> str:
    """The key of the archive that a file lies in, or its own."""
    return key.partition(MEMBER_SEPARATOR)[0]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: `pages` and `chunks` are counts, `doc_id` is None where no document was made of it.

    `path` is as the person gave it, `key` the same from the root of the file system; a file in an archive has both
    behind the archive's own. `sha256` is None for what could not be opened. `readers` says which generation of readers
    read it, `unchanged` that it was taken over unread.
    """

    path: str
    verdict: Verdict
    doc_id: str | None = None
    pages: int = 0
    chunks: int = 0
    warnings: tuple[str, ...] = ()
    key: str = ""
    sha256: str | None = None
    size: int = 0
    pages_without_text: tuple[int, ...] = ()
    readers: int = READERS
    ocr: bool = False
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file with its document and chunks, which are None and empty where it gave none."""

    report: FileReport
    document: Document | None = None
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Corpus:
    """What became of each file, in order."""

    loaded: tuple[LoadedFile, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that could be read."""
        return tuple(one.document for one in self.loaded if one.document)

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """The chunks of all documents, in order."""
        return tuple(chunk for one in self.loaded for chunk in one.chunks)

    @property
    def files(self) -> tuple[FileReport, ...]:
        """The report on every file."""
        return tuple(one.report for one in self.loaded)


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How files are read.

    `known` are files read before, by key: one whose content and description are the same is taken over as it is.
    `beside` are files that stay beside the new ones, whose ids and contents are taken; `excluded` are keys of files in
    archives that nobody wants. `quarantine` has the reason by the hash of each content that a reader was lost to, and
    `on_loss` is told hash, path and reason of one more. `ocr` has pages without text recognised;
    `reread` reads what is known too.
    """

    ocr: bool = False
    reread: bool = False
    known: Mapping[str, LoadedFile] = field(default_factory=dict)
    beside: tuple[LoadedFile, ...] = ()
    excluded: frozenset[str] = frozenset()
    quarantine: Mapping[str, str] = field(default_factory=dict)
    on_loss: Callable[[str, str, str], None] | None = None
    limits: Limits = field(default_factory=Limits)
