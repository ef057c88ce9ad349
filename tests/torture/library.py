"""What the harnesses do to an index, and what must come of it. Another library plugs in by the same protocol."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.models import BlockKind, Chunk, Document
from index.build import build_index
from index.errors import NoIndex
from index.retriever import Retriever
from index.store import IndexStore
from index.tokenize import Tokenizer
from tests.fakes import FakeEncoder

Contents = Mapping[str, str]
"""Text by document: what is in an index."""

WORDS = ("緑茶", "紅茶", "茶葉", "急須", "湯気", "保管", "発酵", "乾燥", "水色", "香り")
ENCODER = FakeEncoder()
TOKENIZER = Tokenizer()


@dataclass(frozen=True, slots=True)
class Operation:
    """One change: "add", "update" or "remove" a document, "rebuild" as it is, or "rollback"."""

    kind: str
    doc_id: str = ""
    text: str = ""


class Library(Protocol):
    """Operations on the index in a folder; each is done, for good, when `apply` returns."""

    def apply(self, root: Path, operation: Operation) -> None:
        """Change the index in `root`, which need not exist."""
        ...

    def contents(self, root: Path) -> Contents:
        """Return what is in the index, empty where there is none; an error where it is damaged."""
        ...


class TinyLibrary:
    """Documents of one sentence, straight through `build_index`; a few milliseconds an operation."""

    def __init__(self, store: type[IndexStore] = IndexStore) -> None:
        self.store = store

    def apply(self, root: Path, operation: Operation) -> None:
        """Change the index in `root`; a second process waits for its turn."""
        store = self.store(root)
        if operation.kind == "rollback":
            store.rollback()
            return
        with store.exclusive(wait_seconds=60):
            build(store, after(self.contents(root), operation))

    def contents(self, root: Path) -> Contents:
        """Return the text of each document; every one of them is found by a search."""
        try:
            retriever = Retriever.open(self.store(root), ENCODER, TOKENIZER)
        except NoIndex:
            return {}
        contents = {chunk.doc_id: chunk.text for chunk in retriever.chunks}
        assert {document.doc_id for document in retriever.documents} == set(contents)
        assert {one.chunk.doc_id for one in retriever.search("茶の話", top_k=len(contents))} == set(contents)
        return contents


def build(store: IndexStore, contents: Contents) -> str:
    """Write an index of these documents and return the name of its generation."""
    documents = [
        Document(doc_id, f"{doc_id}の手引き", None, None, None, (), None, f"{doc_id}.md", "00" * 32)
        for doc_id in sorted(contents)
    ]
    chunks = [
        Chunk(f"{doc_id}-1", doc_id, ("茶",), text, BlockKind.PARAGRAPH) for doc_id, text in sorted(contents.items())
    ]
    return build_index(documents, chunks, store, ENCODER, tokenizer=TOKENIZER).generation_id


def after(contents: Contents, operation: Operation) -> dict[str, str]:
    """Return what an operation other than "rollback" makes of `contents`."""
    changed = dict(contents)
    if operation.kind in {"add", "update"}:
        changed[operation.doc_id] = operation.text
    elif operation.kind == "remove":
        del changed[operation.doc_id]
    return changed


def operations(contents: Contents, seed: int) -> Iterator[Operation]:
    """Yield changes to an index that holds `contents`, the same for the same seed; it keeps two to eight documents."""
    chance = random.Random(seed)
    now = dict(contents)
    for number in range(1_000_000):
        operation = _next(now, chance, f"{seed}番{number}回")
        now = after(now, operation)
        yield operation


def _next(now: Contents, chance: random.Random, mark: str) -> Operation:
    kinds = ["add"] * (len(now) < 8) + ["update", "rebuild"] * (len(now) > 0) + ["remove"] * (len(now) > 2)
    kind = chance.choice(kinds)
    if kind == "rebuild":
        return Operation(kind)
    doc_id = f"doc{mark}" if kind == "add" else chance.choice(sorted(now))
    text = "" if kind == "remove" else f"{mark}の{chance.choice(WORDS)}と{chance.choice(WORDS)}の話です。"
    return Operation(kind, doc_id, text)
