"""Question sets as tables, since evaluators work in Excel: CSV and XLSX, one row a question, and back without loss.

The columns are the fields of the schema (`eval/questions/README.md`); how a list stands in a cell is `cells`' affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eval.errors import QuestionSetError
from eval.files import write_whole
from eval.models import Question
from eval.tables.cells import to_cells, to_question
from eval.tables.columns import NAMES
from eval.tables.csv_table import csv_bytes, read_csv
from eval.tables.rows import Row, as_rows
from index.errors import reason

CSV, XLSX = ".csv", ".xlsx"


@dataclass(frozen=True, slots=True)
class Imported:
    """The questions of a table; `encoding` is "utf-8", "cp932", or None where the format leaves no choice."""

    questions: tuple[Question, ...]
    encoding: str | None


def check_suffix(path: Path) -> None:
    """Raise QuestionSetError where a file is called neither .csv nor .xlsx."""
    if path.suffix.lower() not in (CSV, XLSX):
        raise QuestionSetError(f"「{path}」は表の名前ではありません。.csv か .xlsx で終わる名前を指定してください。")


def write_table(path: Path, questions: Iterable[Question]) -> None:
    """Write questions as a table, whole or not at all; what is there is replaced.

    Raises QuestionSetError naming row and column where a cell cannot hold a text, and where `path` cannot be written.
    """
    check_suffix(path)
    rows = [to_cells(question) for question in questions]
    write_whole(path, _xlsx(path, rows) if path.suffix.lower() == XLSX else csv_bytes(path, rows), QuestionSetError)


def write_template(path: Path) -> None:
    """Write a table without questions; QuestionSetError as for `write_table`."""
    write_table(path, ())


def read_table(path: Path) -> Imported:
    """Read the questions of a table.

    Raises QuestionSetError naming row and column: no table of that format, a column missing, unknown or twice, a cell
    that cannot be read, an id that comes twice, whatever `eval.question_set.read_set` refuses, or no question at all.
    """
    check_suffix(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuestionSetError(f"「{path}」を読めません（{reason(error)}）。場所を確かめてください。") from error
    encoding, rows = _read(path, data)
    questions: dict[str, Question] = {}
    for number, cells in as_rows(path, rows, NAMES):
        question = to_question(cells, path, number)
        if question.id in questions:
            raise QuestionSetError.at(path, number, "id", f"「{question.id}」は前の行にもあります")
        questions[question.id] = question
    if not questions:
        raise QuestionSetError(f"「{path}」に質問がありません。2行目から、1行に1問ずつ書いてください。")
    return Imported(tuple(questions.values()), encoding)


def _read(path: Path, data: bytes) -> tuple[str | None, Iterable[Row]]:
    if path.suffix.lower() == CSV:
        return read_csv(path, data)
    from eval.tables.xlsx_reader import read_xlsx

    return None, read_xlsx(path, data)


def _xlsx(path: Path, rows: list[dict[str, str]]) -> bytes:
    from eval.tables.xlsx_writer import xlsx_bytes

    return xlsx_bytes(path, rows)
