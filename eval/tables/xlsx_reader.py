"""Tables in XLSX files, read: the sheet of questions cell by cell, each as the text it shows or not at all.

Excel makes numbers, dates and formulas of what is typed. A whole number is taken for its digits; what cannot be put
back into the text that was meant is refused, never guessed.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.errors import QuestionSetError
from eval.tables.rows import Row
from eval.tables.xlsx_text import decode
from eval.tables.xlsx_writer import QUESTIONS

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell  # type: ignore[import-untyped]
    from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_AS_TYPED = ("General", "@", "0")
"""Number formats under which a whole number shows its digits."""
_MOST_DIGITS = 15
_AS_TEXT = "セルの書式を「文字列」にして入力し直してください"


def read_xlsx(path: Path, data: bytes) -> Iterator[Row]:
    """Yield the rows of the sheet of questions, or of the first sheet where none has its name.

    Raises QuestionSetError where it is no such file, cells are merged, or a cell holds no text.
    """
    sheet = _sheet(path, data)
    _refuse_merged(path, sheet)
    names: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_text(path, cell, names) for cell in cells]
        names = names or [text.strip() for text in texts]
        yield number, texts


def _sheet(path: Path, data: bytes) -> Worksheet:
    if data.startswith(_OLD_OR_ENCRYPTED):
        raise QuestionSetError(
            f"「{path}」はパスワード付きか、古い形式のブックです。パスワードなしの .xlsx で保存し直してください。"
        )
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        with warnings.catch_warnings():
            # Of what it does not keep, such as the look of the workbook: nothing is kept here but texts.
            warnings.simplefilter("ignore")
            sheets = load_workbook(io.BytesIO(data)).worksheets
    except Exception as error:  # zipfile, XML and openpyxl each have their own for one and the same "no workbook"
        raise QuestionSetError(
            f"「{path}」はExcelのブック（.xlsx）として読めません。Excelで開けるか確かめ、保存し直してください。"
        ) from error
    if not sheets:
        raise QuestionSetError(f"「{path}」に表のシートがありません。「{QUESTIONS}」シートに書いてください。")
    return next((sheet for sheet in sheets if sheet.title == QUESTIONS), sheets[0])


def _refuse_merged(path: Path, sheet: Worksheet) -> None:
    for merged in sheet.merged_cells.ranges:
        column = str(sheet.cell(1, merged.min_col).value or "")
        raise QuestionSetError.at(path, merged.min_row, column, f"セル（{merged.coord}）が結合されています")


def _text(path: Path, cell: Cell, names: list[str]) -> str:
    """Return the text of a cell; `names` are the columns, empty while the header is read."""
    name = names[cell.column - 1] if cell.column <= len(names) else ""
    try:
        return _shown(cell, boolean=name == "answerable")
    except ValueError as problem:
        raise QuestionSetError.at(path, cell.row, name or f"{cell.coordinate} のセル", str(problem)) from None


def _shown(cell: Cell, *, boolean: bool) -> str:
    value: Any = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValueError(f"数式になっています。{_AS_TEXT}")
    if cell.data_type == "e":
        raise ValueError(f"Excelのエラー値（{value}）になっています。{_AS_TEXT}")
    if isinstance(value, str):
        return decode(value)
    if isinstance(value, bool):
        if boolean:
            return str(value).upper()
        raise ValueError(f"真偽値（{str(value).upper()}）になっています。{_AS_TEXT}")
    if isinstance(value, int | float):
        return _digits(value, cell.number_format)
    raise ValueError(f"日付か時刻になっています。{_AS_TEXT}")


def _digits(value: float, number_format: str) -> str:
    if not float(value).is_integer() or abs(value) >= 10**_MOST_DIGITS or number_format not in _AS_TYPED:
        raise ValueError(f"数値になっていて、元の書き方が分かりません。{_AS_TEXT}")
    return str(int(value))
