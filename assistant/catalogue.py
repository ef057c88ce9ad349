"""What an index remembers of the files it was made from: where they lie, what became of each, which not to take again.

Values and their JSON form; it is one file of each generation, so it can never disagree with the passages beside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from corpus.loaded import FileReport, LoadedFile
from corpus.models import Chunk, Document, Verdict
from index.build import load_chunks, load_documents
from index.errors import CHANGED, DamagedIndex
from index.store import Generation

FILE: Final = "library.json"
BUNDLED: Final = "bundled:"
"""Stands for the folder of the bundled digests, wherever the program is installed."""
_REPORT_FIELDS = {field.name for field in fields(FileReport)} - {"unchanged"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`roots` are the files and folders given, from the root of the file system; `excluded` the keys of files removed.

    `files` has a report for every file under the roots, readable or not.
    """

    roots: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    files: tuple[FileReport, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the catalogue as JSON."""
        rows = [{name: value for name, value in asdict(file).items() if name in _REPORT_FIELDS} for file in self.files]
        values = {"roots": self.roots, "excluded": self.excluded, "files": rows}
        # ASCII: a path may hold bytes that are no text, and comes back as it was.
        return (json.dumps(values, indent=1) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Catalogue:
        """Read what `to_bytes` wrote; ValueError where it is something else."""
        try:
            values = json.loads(data)
            files = tuple(_report(row) for row in values["files"])
            return cls(tuple(values["roots"]), tuple(values["excluded"]), files)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a catalogue: {error!r}") from error


@dataclass(frozen=True, slots=True)
class Holding:
    """What a generation holds: its catalogue, and every file of it with its document and chunks."""

    catalogue: Catalogue
    files: tuple[LoadedFile, ...]


def holding_of(generation: Generation) -> Holding:
    """Return what a generation holds; of one written without a catalogue, what its documents tell.

    Raises DamagedIndex for a catalogue that is none.
    """
    documents = {document.doc_id: document for document in load_documents(generation)}
    chunks: dict[str, list[Chunk]] = {doc_id: [] for doc_id in documents}
    for chunk in load_chunks(generation):
        chunks.setdefault(chunk.doc_id, []).append(chunk)
    try:
        catalogue = Catalogue.from_bytes(generation.contents[FILE]) if FILE in generation.contents else Catalogue()
    except ValueError as error:
        raise DamagedIndex({FILE: CHANGED}) from error
    told = {file.doc_id for file in catalogue.files}
    untold = tuple(_untold(document) for document in documents.values() if document.doc_id not in told)
    catalogue = replace(catalogue, files=(*catalogue.files, *untold))
    files = tuple(
        LoadedFile(file, documents[file.doc_id], tuple(chunks[file.doc_id]))
        if file.doc_id in documents
        else LoadedFile(replace(file, doc_id=None))
        for file in catalogue.files
    )
    return Holding(catalogue, files)


def _untold(document: Document) -> FileReport:
    """A report on a document that came into the index some other way: it is read again by the next update."""
    return FileReport(
        document.path, Verdict.READ, document.doc_id, key=document.path, sha256=document.sha256, readers=0
    )


def _report(row: dict[str, Any]) -> FileReport:
    known = {name: value for name, value in row.items() if name in _REPORT_FIELDS}
    known["verdict"] = Verdict(known["verdict"])
    for name in ("warnings", "pages_without_text"):
        known[name] = tuple(known[name])
    return FileReport(**known)
