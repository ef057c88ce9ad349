"""A document cut into what is looked at at once: its pages or, where it has none, its sections. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.loaded import LoadedFile
from corpus.models import BlockKind, Chunk

CELL_SEPARATOR = "\u3000"
"""Stands between the cells of a row of a table."""
MOST_CHUNKS = 20
"""A section of more chunks than this is looked at in pieces."""
FRONT = "（見出しの前）"


@dataclass(frozen=True, slots=True)
class Part:
    """A page (its number from 1) or a section; each chunk with its number in the document, from 1."""

    name: str
    chunks: tuple[tuple[int, Chunk], ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Neighbouring rows of a table; each has as many cells as the longest."""

    rows: tuple[tuple[str, ...], ...]


def parts_of(file: LoadedFile) -> list[Part]:
    """Return the pages of a document, those without text too; without pages its sections, long ones in pieces."""
    numbered = list(enumerate(file.chunks, start=1))
    last = max((chunk.start_page or 0 for chunk in file.chunks), default=0)
    if not last and not file.report.pages:
        return list(_sections(numbered))
    pages = [
        Part(f"{number}ページ", tuple(one for one in numbered if one[1].start_page == number), number)
        for number in range(1, max(last, file.report.pages) + 1)
    ]
    loose = [one for one in numbered if one[1].start_page is None]
    return pages + list(_sections(loose))


def pieces_of(chunk: Chunk) -> list[str | Table]:
    """Return the lines of a chunk in order, rows of a table drawn together."""
    lines = chunk.text.split("\n")
    if chunk.kind is not BlockKind.TABLE_ROW:
        return list(lines)
    pieces: list[str | Table] = []
    for is_row, run in groupby(lines, key=lambda line: CELL_SEPARATOR in line):
        neighbours = list(run)
        pieces.extend([_table(neighbours)] if is_row else neighbours)
    return pieces


def _table(lines: Sequence[str]) -> Table:
    rows = [line.split(CELL_SEPARATOR) for line in lines]
    width = max(map(len, rows))
    return Table(tuple((*row, *[""] * (width - len(row))) for row in rows))


def _sections(numbered: Sequence[tuple[int, Chunk]]) -> Iterator[Part]:
    for name, group in groupby(numbered, key=lambda one: one[1].section[0] if one[1].section else FRONT):
        chunks = tuple(group)
        for start in range(0, len(chunks), MOST_CHUNKS):
            piece = chunks[start : start + MOST_CHUNKS]
            more = (
                f"（{start // MOST_CHUNKS + 1}/{-(-len(chunks) // MOST_CHUNKS)}）" if len(chunks) > MOST_CHUNKS else ""
            )
            yield Part(name + more, piece)
