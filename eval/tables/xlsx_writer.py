"""Tables in XLSX files, written: a sheet of questions ready to be filled in, and one that explains the columns."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.errors import QuestionSetError
from eval.tables.columns import COLUMNS, RULES, Column
from eval.tables.rows import MAX_CHARACTERS, check_cells
from eval.tables.xlsx_text import encode

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell  # type: ignore[import-untyped]
    from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

QUESTIONS, HOW_TO = "質問", "書き方"
_TEXT = "@"
_LAST_ROW = 1_048_576
_HOW_TO_HEADER = ("列", "説明", "使える値", "例")
_HOW_TO_WIDTHS = (18, 72, 32, 52)
_SHADE = "FFE8EEF4"


def xlsx_bytes(path: Path, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the file of a table; QuestionSetError as for `check_cells`, with `path` for the message."""
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook()
    book.properties.creator = "Mamori"
    sheet = book.active
    sheet.title = QUESTIONS
    _header(sheet, [column.name for column in COLUMNS], [column.width for column in COLUMNS])
    for place, column in enumerate(COLUMNS, start=1):
        _prepare_column(sheet, place, column)
    for number, row in enumerate(rows, start=2):
        check_cells(path, number, row)
        for place, column in enumerate(COLUMNS, start=1):
            text = encode(row[column.name])
            if len(text) > MAX_CHARACTERS:
                raise QuestionSetError.at(path, number, column.name, "Excelのセルに入りきりません")
            _write(sheet.cell(number, place), text)
    _explain(book.create_sheet(HOW_TO))
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _header(sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Font, PatternFill  # type: ignore[import-untyped]

    for place, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
        cell = sheet.cell(1, place)
        _write(cell, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=_SHADE)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"


def _prepare_column(sheet: Worksheet, place: int, column: Column) -> None:
    """Make what is typed into a column stay text, and offer the values where only some are accepted."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    letter = get_column_letter(place)
    whole = sheet.column_dimensions[letter]
    whole.number_format, whole.alignment = _TEXT, Alignment(wrap_text=True, vertical="top")
    if not column.values:
        return
    accepted = DataValidation(type="list", formula1=f'"{",".join(column.values)}"', allow_blank=True)
    accepted.errorTitle, accepted.showErrorMessage = column.name, True
    accepted.error = "使えるのは " + "、".join(column.values) + " です。"
    accepted.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(accepted)


def _write(cell: Cell, text: str) -> None:
    """Write a text that stays one: openpyxl would make a formula of what begins with =, Excel on the next edit too."""
    from openpyxl.styles import Alignment

    cell.number_format, cell.alignment = _TEXT, Alignment(wrap_text=True, vertical="top")
    if text:
        cell.value, cell.data_type, cell.quotePrefix = text, "s", True


def _explain(sheet: Worksheet) -> None:
    _header(sheet, _HOW_TO_HEADER, _HOW_TO_WIDTHS)
    for number, column in enumerate(COLUMNS, start=2):
        texts = (column.name, column.explanation, "、".join(column.values), column.example)
        for place, text in enumerate(texts, start=1):
            _write(sheet.cell(number, place), text)
    for number, rule in enumerate(RULES, start=len(COLUMNS) + 3):
        _write(sheet.cell(number, 2), rule)
