"""Documents and their vectors in memory, searched by cosine with FAISS. Embeds nothing and knows no question."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from langchain_core.documents import Document
from numpy.typing import NDArray

from index.dense import DenseIndex
from index.encoder.static import normalise

Rows = NDArray[np.float32]

Filter = Callable[[Document], bool] | Mapping[str, object]
"""Which documents may be found: those for which a function says so, or whose metadata have all these values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with its vector, shape (dimension,), of length 1 or 0."""

    document: Document
    vector: Rows


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and its cosine with the vector asked for."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All entries with the index of their vectors; never changed, so that a search holds no lock."""

    entries: tuple[Entry, ...]
    index: DenseIndex


class VectorTable:
    """Entries by id, in the order in which they came; any number of threads may read and write.

    Every change throws the index away and the next search builds it anew: 0.2 s for 100,000 vectors of 256 numbers, of
    which a search takes 0.05 s. Each vector is held twice, here and in the index.
    """

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._snapshot: _Snapshot | None = None
        self._lock = threading.Lock()

    def put(self, documents: Sequence[Document], vectors: Sequence[Sequence[float]] | Rows) -> None:
        """Add documents with an id, each in the place of the one that had its id; all of them or, on an error, none.

        Raises ValueError where there is not one finite vector a document, as long as those that are here.
        """
        rows = np.asarray(vectors, dtype=np.float32)
        if rows.ndim != 2 or len(rows) != len(documents) or not np.isfinite(rows).all():
            raise ValueError(f"expected {len(documents)} finite vectors of one length, got shape {rows.shape}")
        entries = {
            str(document.id): Entry(document, row) for document, row in zip(documents, normalise(rows), strict=True)
        }
        with self._lock:
            for known in islice(self._entries.values(), 1):
                _check_length(rows.shape[1], len(known.vector))
            self._entries |= entries
            self._snapshot = None

    def remove(self, ids: Iterable[str] | None) -> None:
        """Forget the documents with these ids, or all of them for None; an unknown id is no error."""
        with self._lock:
            for one in list(self._entries) if ids is None else ids:
                self._entries.pop(one, None)
            self._snapshot = None

    def get(self, ids: Iterable[str]) -> list[Document]:
        """Return the documents with these ids, in their order; an unknown id gives none."""
        with self._lock:
            return [self._entries[one].document for one in ids if one in self._entries]

    def nearest(self, vector: Sequence[float], k: int, accepted: Filter | None) -> list[Hit]:
        """Return the `k` nearest entries that are accepted, nearest first; equal ones keep their order.

        Raises ValueError where `vector` is not as long as those that are here.
        """
        snapshot = self._current()
        if snapshot is None:
            return []
        _check_length(len(vector), snapshot.index.dimension)
        scores = snapshot.index.scores(unit(vector))
        order = np.argsort(-scores, kind="stable").tolist()
        hits = (Hit(snapshot.entries[number], float(scores[number])) for number in order)
        return list(islice((hit for hit in hits if accepts(accepted, hit.entry.document)), max(k, 0)))

    def _current(self) -> _Snapshot | None:
        with self._lock:
            if self._snapshot is None and self._entries:
                entries = tuple(self._entries.values())
                self._snapshot = _Snapshot(entries, DenseIndex.build(np.stack([entry.vector for entry in entries])))
            return self._snapshot


def _check_length(length: int, known: int) -> None:
    if length != known:
        raise ValueError(f"expected a vector of {known} numbers, got {length}: another embedding model?")


def unit(vector: Sequence[float]) -> Rows:
    """Return `vector` at length 1, shape (dimension,); zeros stay zeros."""
    row: Rows = normalise(np.asarray([vector], dtype=np.float32))[0]
    return row


def accepts(accepted: Filter | None, document: Document) -> bool:
    """Whether a filter lets `document` through; None lets everything through."""
    if accepted is None:
        return True
    if callable(accepted):
        return accepted(document)
    return all(name in document.metadata and document.metadata[name] == value for name, value in accepted.items())
