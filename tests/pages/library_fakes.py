"""A library of invented documents in every state, and a stand-in that notes which changes it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from assistant.catalogue import BUNDLED, Catalogue, Holding
from assistant.changes import LibraryOptions, LibraryReport
from assistant.history import Change
from assistant.library import Library, Progress
from assistant.settings import Settings
from corpus.loaded import FileReport, LoadedFile
from corpus.models import BlockKind, Chunk, Verdict
from corpus.one_file import file_path_key
from index.generations import GenerationInfo
from pages.library_contents import Contents
from tests.pages.fakes import DIGEST, HANDBOOK

HOSTILE = "<img src=http://evil.example/x> ![x](http://evil.example/y)"
GENERATION = "20260105T093000Z-1f2e3d4c5b6a7988"
TABLE = "材料の表\n材料　量　\n粉　　二百グラム\n　砂糖\n以上です。"
PAGED = (
    Chunk("p1", "cakes", ("手引き", "粉"), "粉は二度ふるいます。", BlockKind.PARAGRAPH, 1, 1, "i"),
    Chunk("p2", "cakes", ("手引き", "表"), TABLE, BlockKind.TABLE_ROW, 1, 1, "i"),
    Chunk("p3", "cakes", ("手引き",), f"型は冷やします。{HOSTILE}", BlockKind.PARAGRAPH, 4, 4, None, is_ocr=True),
)
LOOSE = tuple(
    Chunk(f"d{number}", "digest-bread", (section,) if section else (), f"生地の話その{number}。", BlockKind.PARAGRAPH)
    for number, section in enumerate(["", *["パン"] * 25, "窯"], start=1)
)


def report(path: str, verdict: Verdict, **more: object) -> FileReport:
    """A report on a file of that path from the root."""
    return replace(FileReport(path, verdict, key=path, sha256="0" * 64, size=1_234_567), **more)  # type: ignore[arg-type]


CAKES = LoadedFile(
    report("/own/cakes.pdf", Verdict.PARTLY_READ, doc_id="cakes", pages=4, chunks=3, pages_without_text=(2, 3)),
    HANDBOOK,
    PAGED,
)
BREAD = LoadedFile(report("/bundled/bread.md", Verdict.READ, doc_id="digest-bread", chunks=27), DIGEST, LOOSE)
UNREAD = tuple(
    LoadedFile(report(f"/own/{verdict.value}.pdf", verdict, warnings=(f"{verdict.value}の理由。{HOSTILE}",)))
    for verdict in Verdict
    if verdict not in (Verdict.READ, Verdict.PARTLY_READ)
)
COPY = LoadedFile(report("/own/copy.pdf", Verdict.READ))
FILES = (CAKES, BREAD, *UNREAD, COPY)
BUILT = Change("2026-01-05T18:30:00+09:00", "hanako", "terminal", "build", GENERATION, added=("cakes", "digest-bread"))


def contents(files: Sequence[LoadedFile] = FILES) -> Contents:
    """An index of these files."""
    catalogue = Catalogue(("/own", BUNDLED), (), tuple(file.report for file in files))
    return Contents(GENERATION, "2026-01-05T09:30:00+00:00", Holding(catalogue, tuple(files)))


@dataclass
class FakeLibrary:
    """Notes what it is asked for and answers with what `verdict` says; waits until it may go on."""

    settings: Settings
    progress: Progress | None = None
    options: LibraryOptions = field(default_factory=LibraryOptions)
    asked: ClassVar[list[tuple[str, object, LibraryOptions]]] = []
    go_on: ClassVar[threading.Event] = threading.Event()
    waits: ClassVar[bool] = False
    verdicts: ClassVar[dict[str, Verdict]] = {}
    error: ClassVar[Exception | None] = None
    seen: list[str] = field(default_factory=list)

    def add(self, paths: Sequence[Path]) -> LibraryReport:
        """Take files in."""
        files = []
        for path in paths:
            verdict = self.verdicts.get(path.name, Verdict.READ)
            doc_id = path.stem if verdict is Verdict.READ else None
            files.append(FileReport(str(path), verdict, doc_id, 2, 5, key=file_path_key(path)))
        return self._answer("add", tuple(path.name for path in paths), tuple(files))

    def remove(self, doc_ids: Collection[str]) -> LibraryReport:
        """Take documents out."""
        return self._answer("remove", tuple(doc_ids), (), removed=tuple(doc_ids))

    def update(self, *, prune: bool = False, reread: bool = False) -> LibraryReport:
        """Look at everything again."""
        return self._answer("update", (prune, reread), ())

    def rollback(self, generation_id: str | None = None) -> GenerationInfo:
        """Go back in earnest: there is nothing slow about it."""
        return Library(self.settings, options=self.options).rollback(generation_id)

    def _answer(
        self, action: str, asked: object, files: tuple[FileReport, ...], removed: tuple[str, ...] = ()
    ) -> LibraryReport:
        self.asked.append((action, asked, self.options))
        if self.waits and self.options.on_wait:
            self.options.on_wait(None)
        elif self.progress:
            self.progress("read", 1, 3)
        assert self.go_on.wait(20)
        if self.error:
            raise self.error
        added = tuple(file.doc_id for file in files if file.doc_id)
        return LibraryReport(files, GENERATION, 3, 30, 1.25, added=added, removed=removed)
