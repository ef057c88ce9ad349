"""Tables as CSV: UTF-8 with a byte-order mark, which Excel needs; read with or without it, and in CP932.

Excel takes a cell that begins like a formula for one. Such a text gets an apostrophe in front, as does one that begins
with apostrophes and then like a formula; on reading one apostrophe is taken off again, so that nothing is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.errors import QuestionSetError
from eval.tables.columns import NAMES
from eval.tables.rows import Row, check_cells

_MARK = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"
# What Python makes of bytes that no character of CP932 begins with, those of a UTF-16 mark among them.
_NOT_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")
# The full-width signs too: Excel in Japanese reads them as the plain ones.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def csv_bytes(path: Path, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the file of a table; QuestionSetError as for `check_cells`, with `path` for the message."""
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, NAMES, lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows, start=2):
        check_cells(path, number, row)
        writer.writerow({name: _guarded(text) for name, text in row.items()})
    return _MARK + output.getvalue().encode()


def read_csv(path: Path, data: bytes) -> tuple[str, Iterable[Row]]:
    """Return the encoding of a file, "utf-8" or "cp932", and its rows.

    Raises QuestionSetError where it is neither, or (while the rows are taken) where the quotes do not match.
    """
    encoding, text = _decoded(path, data)
    return encoding, _rows(path, text)


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    if data.startswith(_ZIP):
        raise QuestionSetError(f"「{path}」はExcelのブックのようです。名前の終わりを .xlsx にしてください。")
    for encoding in ("utf-8",) if data.startswith(_MARK) else ("utf-8", "cp932"):
        try:
            text = data.removeprefix(_MARK).decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or not _NOT_CP932.search(text):
            return encoding, text
    raise QuestionSetError(
        f"「{path}」の文字コードがUTF-8でもCP932でもありません。「CSV UTF-8（コンマ区切り）」で保存し直してください。"
    )


def _rows(path: Path, text: str) -> Iterator[Row]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            yield number, [_unguarded(cell) for cell in cells]
    except csv.Error:
        problem = 'CSVとして読めません（引用符 " の数が合わないか、セルが長すぎます）'
        raise QuestionSetError.at(path, number + 1, "", problem) from None


def _guarded(text: str) -> str:
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _LIKE_A_FORMULA.match(cell) else cell
