"""Tests of looking phrases up in chunks: by document, by heading, under the one normalisation."""

from __future__ import annotations

import pytest

from corpus.models import BlockKind, Chunk
from corpus.places import Places


def chunk(chunk_id: str, doc_id: str, section: tuple[str, ...], text: str) -> Chunk:
    """A chunk without pages."""
    return Chunk(chunk_id, doc_id, section, text, BlockKind.PARAGRAPH)


CHUNKS = (
    chunk("a1", "a", ("管理", "貸し 出し"), "機器は\n台帳に記録します。"),
    chunk("b1", "b", ("管理",), "機器は台帳に記録します。"),
    chunk("a2", "a", ("管理", "廃棄"), "記録はＡ係が消します。"),
    chunk("a3", "a", (), "前書きです。"),
)
PLACES = Places(CHUNKS)

FOUND = {
    "by phrase": (("a", "", "台帳に記録"), ["a1"]),
    "in order": (("a", "", "記録"), ["a1", "a2"]),
    "over a line end": (("a", "", "機器は台帳"), ["a1"]),
    "in other widths": (("a", "", "A係"), ["a2"]),
    "under the innermost heading": (("a", "廃棄", "記録"), ["a2"]),
    "under an outer heading": (("a", "管理", "記録"), ["a1", "a2"]),
    "under a heading written otherwise": (("a", "貸し出し\n", "記録"), ["a1"]),
    "a whole section": (("a", "管理", ""), ["a1", "a2"]),
    "a whole document": (("a", "", ""), ["a1", "a2", "a3"]),
    "another document": (("b", "", "記録"), ["b1"]),
    "half a heading": (("a", "貸し", "記録"), []),
    "the path of headings": (("a", "管理 > 廃棄", "記録"), []),
    "under another heading": (("a", "廃棄", "台帳"), []),
    "a heading is no text": (("a", "", "廃棄"), []),
    "another letter": (("a", "", "B係"), []),
    "other case": (("a", "", "a係"), []),
    "over two chunks": (("a", "", "記録します。記録は"), []),
    "an unknown document": (("c", "", ""), []),
}


@pytest.mark.parametrize(("where", "expected"), FOUND.values(), ids=FOUND.keys())
def test_a_phrase_is_found_where_it_stands(where: tuple[str, str, str], expected: list[str]) -> None:
    """This test ensures that document, whole heading and phrase decide, widths and white space aside."""
    assert [place.chunk.chunk_id for place in PLACES.find(*where)] == expected


def test_places_of_a_document() -> None:
    """This test ensures that chunks come by document in their order, numbered among all, with their keys."""
    assert set(PLACES.doc_ids) == {"a", "b"}
    assert [(place.number, place.chunk) for place in PLACES.of("a")] == [(0, CHUNKS[0]), (2, CHUNKS[2]), (3, CHUNKS[3])]
    assert PLACES.of("c") == []
    first, _, last = PLACES.of("a")
    assert (first.text, first.headings) == ("機器は台帳に記録します。", ("管理", "貸し出し"))
    assert first.path == "管理>貸し出し"
    assert (last.headings, last.path) == ((), "")


def test_no_chunks_no_places() -> None:
    """This test ensures that an empty index is looked up in without an error."""
    assert list(Places([]).doc_ids) == []
    assert Places([]).find("a", "", "") == []
