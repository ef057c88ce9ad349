"""A change of the library: what is wanted, what is planned, what was done. Values only; `assistant.library` acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Holding
from corpus.loaded import FileReport, LoadedFile
from corpus.models import Chunk, Document
from index.lock import Holder


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """What a change did. `files` are those that were looked at, in order.

    The lists are ids of documents. `generation` is the one made, None where nothing changed; `documents` and `chunks`
    count what the index holds afterwards. `problem` says what could not be recorded although the change was made.
    """

    files: tuple[FileReport, ...]
    generation: str | None
    documents: int
    chunks: int
    seconds: float
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """How a change is made.

    `adapt` fits the bundled encoder to the text anew, None leaves it to the kind of change; `ocr` recognises pages
    without text; `retry` reads again what a reader was lost to. `where` is told in the history. `on_wait` is called
    once where another change is being made, with who makes it where that is known.
    """

    adapt: bool | None = None
    ocr: bool = False
    retry: bool = False
    where: str = "terminal"
    on_wait: Callable[[Holder | None], None] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next generation is to hold and why; `fits` says that the encoder is fitted to its text."""

    action: str
    before: Holding
    files: Sequence[LoadedFile]
    catalogue: Catalogue
    looked_at: Sequence[LoadedFile]
    fits: bool

    def is_idle(self, documents: Sequence[Document], chunks: Sequence[Chunk]) -> bool:
        """Whether the next generation would be the one before."""
        same = self.action != "build" and not self.fits and self.catalogue == self.before.catalogue
        return same and self.holds_the_same(documents, chunks)

    def holds_the_same(self, documents: Sequence[Document], chunks: Sequence[Chunk]) -> bool:
        """Whether documents and chunks are those of before, so that only the catalogue is new."""
        before = self.before.files
        return list(documents) == [file.document for file in before if file.document] and list(chunks) == [
            chunk for file in before for chunk in file.chunks
        ]
