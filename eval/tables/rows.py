"""What CSV and XLSX have in common: a header row, rows of texts, and what no cell can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.errors import QuestionSetError

Row = tuple[int, Sequence[str]]
"""A row's number from 1, the header's, and its cells."""

MAX_CHARACTERS = 32_767
"""What a cell of Excel holds, counted in UTF-16 units; Excel cuts off the rest without a word."""

# What XML 1.0 does not allow, and Excel neither; line ends and tabs are allowed.
_NOT_IN_A_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def check_cells(path: Path, number: int, cells: Mapping[str, str]) -> None:
    """Raise QuestionSetError where a text of row `number` fits no cell: too long, or with a control character."""
    for name, text in cells.items():
        if bad := _NOT_IN_A_CELL.search(text):
            raise QuestionSetError.at(path, number, name, f"表に書けない文字（U+{ord(bad[0]):04X}）があります")
        if len(text.encode("utf-16-le")) // 2 > MAX_CHARACTERS:
            raise QuestionSetError.at(path, number, name, f"Excelのセルに入るのは{MAX_CHARACTERS:,}文字までです")


def as_rows(path: Path, rows: Iterable[Row], names: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and cells by column of every row below the header that is not blank.

    Raises QuestionSetError where the table is empty, or a column is missing, unknown or there twice.
    """
    iterator = iter(rows)
    header: list[str] | None = None
    for number, cells in iterator:
        if header is None:
            header = _header(path, number, cells, names)
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            raise QuestionSetError.at(path, number, "", f"列の名前のない{len(header) + 1}列目より右に値があります")
        filled = [*cells, *[""] * (len(header) - len(cells))]
        if any(cell.strip() for cell in filled):
            row = dict(zip(header, filled, strict=False))
            check_cells(path, number, row)
            yield number, row
    if header is None:
        raise QuestionSetError(f"「{path}」は空です。1行目に列の名前を書いてください（{'、'.join(names)}）。")


def _header(path: Path, number: int, cells: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the names of the columns; cells to the right of the last name are none."""
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    known = "、".join(names)
    for name in header:
        if header.count(name) > 1:
            raise QuestionSetError.at(path, number, "", f"列「{name}」が2つあります")
        if name not in names:
            raise QuestionSetError.at(path, number, "", f"「{name}」という列は使えません。使えるのは {known} です")
    if missing := [name for name in names if name not in header]:
        raise QuestionSetError.at(path, number, "", f"列「{'」「'.join(missing)}」がありません。要るのは {known} です")
    return header
