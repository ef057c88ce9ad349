"""Separated values: any encoding, any of three separators, cells that hold separators and line breaks."""

from __future__ import annotations

import csv

import pytest

from corpus.models import BlockKind, RawDocument, Verdict
from corpus.readers import delimited
from corpus.readers.delimited import read_csv
from corpus.structure import structure_document

TABLE = "品名,値段,備考\n一番茶,100,\n二番茶,,夏の茶\n"
ROWS = ["品名\t値段\t備考", "一番茶\t100\t", "二番茶\t\t夏の茶"]


def rows(document: RawDocument) -> list[str]:
    """The texts of a page that is rows and nothing else."""
    (page,) = document.pages
    assert {line.kind for line in page.lines} == {BlockKind.TABLE_ROW}
    assert (page.number, page.text) == (None, "")
    return [line.text for line in page.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_every_encoding_gives_the_same_rows(encoding: str) -> None:
    """This test ensures that a table reads the same in any encoding, with empty cells in their places."""
    document = read_csv(TABLE.encode(encoding))
    assert (document.verdict, rows(document)) == (Verdict.READ, ROWS)


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_the_separator_is_told_by_the_content(separator: str) -> None:
    """This test ensures that a table with another separator gives the same rows."""
    assert rows(read_csv(TABLE.replace(",", separator).encode())) == ROWS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("名\t人\nA, B\t1, 2\n", ["名\t人", "A, B\t1, 2"]),
        ("品名;値段\n茶;1,5\n玉露;2,5\n", ["品名\t値段", "茶\t1,5", "玉露\t2,5"]),
        ("茶の一覧\n\n品名,値段\n茶,1\n", ["茶の一覧", "品名\t値段", "茶\t1"]),
        ("sep=;\na,b;c\n", ["a,b\tc"]),
        ("茶\n玉露\n", ["茶", "玉露"]),
    ],
    ids=["commas in a tab file", "decimal commas", "a title above", "named for Excel", "one column"],
)
def test_other_marks_are_not_taken_for_separators(text: str, expected: list[str]) -> None:
    """This test ensures that the separator is the one that makes a table, not the first one seen."""
    assert rows(read_csv(text.encode())) == expected


def test_a_quoted_cell_keeps_its_separators_and_loses_its_breaks() -> None:
    """This test ensures that quotes hold a cell together, and that a row stays one line."""
    assert rows(read_csv('"茶,新茶","一行目\r\n二行目","彼は""はい""と\t言う"\r\n'.encode())) == [
        '茶,新茶\t一行目 二行目\t彼は"はい"と 言う'
    ]


def test_a_stray_quote_does_not_swallow_the_file() -> None:
    """This test ensures that a quote that is never closed costs nothing but itself."""
    found = rows(read_csv(('a,b\n"tea,1\n' + "x,y\n" * 500).encode()))
    assert found[:3] == ["a\tb", '"tea\t1', "x\ty"]
    assert len(found) == 502


def test_ragged_rows_and_empty_ones() -> None:
    """This test ensures that rows keep their own lengths, and that what is empty throughout is left out."""
    assert rows(read_csv(b"a,b,c,,\n\n,,,,\nd\ne,f,,,\n")) == ["a\tb\tc", "d", "e\tf\t"]


@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\n"])
def test_line_ends_of_every_system(line_end: str) -> None:
    """This test ensures that a file with any line ends has as many rows."""
    assert rows(read_csv(TABLE.replace("\n", line_end).encode())) == ROWS


def test_a_cell_longer_than_the_library_allows() -> None:
    """This test ensures that a long cell is read, and that the library's limit is as before for others."""
    before = csv.field_size_limit()
    assert len(rows(read_csv(b"a," + b"x" * 300_000 + b"\n"))[0]) == 300_002
    assert csv.field_size_limit() == before


def test_too_many_rows_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a file beyond the limit is partly read, and that one at the limit is read whole."""
    monkeypatch.setattr(delimited, "MOST_ROWS", 3)
    assert read_csv(b"a,b\n" * 3).verdict is Verdict.READ
    document = read_csv(b"a,b\n" * 4)
    assert (document.verdict, len(rows(document)), len(document.warnings)) == (Verdict.PARTLY_READ, 3, 1)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"", Verdict.EMPTY),
        (b",,\n,,\n", Verdict.EMPTY),
        (b'""\n', Verdict.EMPTY),
        (bytes(range(256)) * 40, Verdict.UNSUPPORTED),
        ("一番茶は、五月に摘みます,\n".encode() * 50 + b"\xff\xff,1\n", Verdict.PARTLY_READ),
    ],
    ids=["nothing", "separators", "quotes", "binary", "a broken byte"],
)
def test_what_is_no_table_gets_a_verdict(data: bytes, verdict: Verdict) -> None:
    """This test ensures that nothing is raised, and that one line says what is wrong."""
    document = read_csv(data)
    assert document.verdict is verdict
    assert len(document.warnings) == 1


def test_rows_become_blocks() -> None:
    """This test ensures that a row arrives as one block whose empty cells leave their places behind."""
    (page,) = structure_document(read_csv(TABLE.encode()))
    assert [(block.kind, block.text) for block in page.blocks][2] == (BlockKind.TABLE_ROW, "二番茶\u3000\u3000夏の茶")
