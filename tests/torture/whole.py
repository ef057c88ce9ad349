"""The library as people use it, for the harnesses: real files, real reading in child processes, the bundled encoder."""

from __future__ import annotations

from pathlib import Path

from assistant.changes import LibraryOptions
from assistant.library import Library
from assistant.settings import Settings
from index.build import load_chunks
from index.errors import NoIndex
from index.store import IndexStore
from tests.torture.library import Contents, Operation

OPTIONS = LibraryOptions(adapt=False)


class WholeLibrary:
    """Operations of `assistant.library` on the data folder in which the index's folder lies; a second one each."""

    def apply(self, root: Path, operation: Operation) -> None:
        """Change the index in `root`; what an operation that was broken off did to a file is put right first."""
        library = _library(root)
        if operation.kind == "rollback":
            library.rollback()
            return
        contents = self.contents(root)
        for doc_id, text in contents.items():
            _write(root, doc_id, text)
        if operation.kind == "remove":
            library.remove([operation.doc_id])
        elif operation.kind == "rebuild":
            library.update(reread=True)
        elif operation.kind == "update":
            _write(root, operation.doc_id, operation.text)
            library.update()
        else:
            library.add([_write(root, operation.doc_id, operation.text)])

    def contents(self, root: Path) -> Contents:
        """Return the text of each document, checked against the catalogue."""
        try:
            generation = IndexStore(root).open()
        except NoIndex:
            return {}
        contents = {chunk.doc_id: chunk.text for chunk in load_chunks(generation)}
        held = {file.report.doc_id for file in _library(root).holding().files if file.document}
        assert held == set(contents)
        return contents


def _library(root: Path) -> Library:
    library = Library(Settings(root.parent), options=OPTIONS)
    library._store = IndexStore(root)
    return library


def _write(root: Path, doc_id: str, text: str) -> Path:
    path = root.parent / "docs" / f"{doc_id}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{doc_id}の手引き\n\n{text}\n", encoding="utf-8")
    return path
