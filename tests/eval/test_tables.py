"""Tests of question sets as tables: the way there and back without loss, and every mistake with its row and column."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from eval.errors import QuestionSetError
from eval.models import MAX_PHRASE, Gold, Grade, Kind, Question, Target
from eval.question_set import find_set, parse_question, question_line, read_set, set_names
from eval.tables import read_table, write_table, write_template
from eval.tables.cells import to_cells
from eval.tables.columns import COLUMNS, NAMES
from eval.tables.rows import MAX_CHARACTERS
from eval.tables.xlsx_text import decode, encode
from tests.repository import ROOT

FORMATS = (".csv", ".xlsx")
QUESTION = Question(
    id="kitei-1",
    question="試作品を社外へ持ち出すには何が要りますか",
    language="ja",
    kind=Kind.FOLLOW_UP,
    history=(("user", "規程は？\n試作品の"), ("assistant", "取扱規程 | 第3版")),
    answerable=True,
    reference_answer="承認番号を\n台帳に記入します。",
    key_facts=(("承認番号",), ("品質保証課", "A|B", r"C:\新規")),
    gold=(
        Gold(Grade.NEEDED, (Target("kitei", "持ち出し", "承認番号を台帳に"), Target("kitei-digest", "", ""))),
        Gold(Grade.RELEVANT, (Target("betsu", "", "台帳"),)),
    ),
    note="",
)
CELLS = {
    "id": "q1",
    "question": "持ち出しには何が要りますか",
    "language": "ja",
    "kind": "fact",
    "history": "",
    "answerable": "TRUE",
    "reference_answer": "",
    "key_facts": "承認番号",
    "gold": "needed | kitei | 持ち出し | 承認番号",
    "note": "",
}

AWKWARD = st.sampled_from(
    [
        *(
            "=1+1",
            "-1",
            "+81",
            "@all",
            "'=1",
            "''",
            "1",
            "TRUE",
            "2025-10-01",
            "#N/A",
            "_x000D_",
            "_x0041\r",
            "\\",
            "\\n",
        ),
        *("|", " | ", "user: ", "same | ", "\n", "\r\n", "\r", "\t", "　", " ", ",", '"', "\u2028", "\x85", "😀"),
    ]
)
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
TEXTS = st.lists(st.one_of(AWKWARD, st.text(CHARACTERS, max_size=6)), max_size=4).map("".join)
FILLED = TEXTS.filter(lambda text: bool(text.strip()))
TARGETS = st.builds(Target, FILLED, TEXTS, TEXTS.map(lambda text: text[:MAX_PHRASE]))
GOLD = st.builds(Gold, st.sampled_from(Grade), st.lists(TARGETS, min_size=1, max_size=3).map(tuple))
TURNS = st.tuples(st.sampled_from(["user", "assistant"]), TEXTS)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question that the schema allows, with texts that tables find awkward."""
    kind = draw(st.sampled_from(Kind))
    answerable = kind is not Kind.UNANSWERABLE
    return Question(
        id=draw(FILLED),
        question=draw(FILLED),
        language=draw(st.sampled_from(["ja", "en"])),
        kind=kind,
        history=tuple(draw(st.lists(TURNS, min_size=kind is Kind.FOLLOW_UP, max_size=3))),
        answerable=answerable,
        reference_answer=draw(TEXTS),
        key_facts=tuple(draw(st.lists(st.lists(FILLED, min_size=1, max_size=3).map(tuple), max_size=3 * answerable))),
        gold=tuple(draw(st.lists(GOLD, max_size=3 * answerable))),
        note=draw(TEXTS),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the tables of generated questions, which write over each other."""
    return tmp_path_factory.mktemp("tables")


def there_and_back(path: Path, given_questions: tuple[Question, ...]) -> None:
    """Write and read a table and compare, by the line of the file as well: a str must not come back as another type."""
    write_table(path, given_questions)
    found = read_table(path).questions
    assert found == given_questions
    assert list(map(question_line, found)) == list(map(question_line, given_questions))


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(questions(), min_size=1, max_size=3, unique_by=lambda question: question.id))
def test_csv_loses_nothing(folder: Path, rows: list[Question]) -> None:
    """This test ensures that any questions come back from CSV as they were."""
    there_and_back(folder / "set.csv", tuple(rows))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(questions(), min_size=1, max_size=3, unique_by=lambda question: question.id))
def test_xlsx_loses_nothing(folder: Path, rows: list[Question]) -> None:
    """This test ensures that any questions come back from XLSX as they were."""
    there_and_back(folder / "set.xlsx", tuple(rows))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", set_names())
def test_our_own_sets_lose_nothing(name: str, suffix: str, tmp_path: Path) -> None:
    """This test ensures that every set of the repository may be edited in Excel."""
    there_and_back(tmp_path / f"{name}{suffix}", read_set(find_set(name)).questions)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("_x00D4F\r\na"), max_size=24))
def test_what_xml_would_change_is_escaped(text: str) -> None:
    """This test ensures that no carriage return stands in a cell and what looks like an escape is none."""
    assert "\r" not in encode(text)
    assert decode(encode(text)) == text


def test_a_cell_reads_as_the_schema_says() -> None:
    """This test ensures that lists stand in cells as documented: a line an item, bars between parts, both escaped."""
    cells = to_cells(QUESTION)
    assert cells["history"] == "user: 規程は？\\n試作品の\nassistant: 取扱規程 \\| 第3版"
    assert cells["key_facts"] == "承認番号\n品質保証課 | A\\|B | C:\\\\新規"
    assert cells["gold"].split("\n") == [
        "needed | kitei | 持ち出し | 承認番号を台帳に",
        "same | kitei-digest |  | ",
        "relevant | betsu |  | 台帳",
    ]
    assert (cells["answerable"], cells["kind"]) == ("TRUE", "follow_up")


def test_the_documented_example_is_a_question(tmp_path: Path) -> None:
    """This test ensures that the schema's document explains every field, in order, and its example is valid."""
    page = (ROOT / "eval" / "questions" / "README.md").read_text(encoding="utf-8")
    example = json.loads(page.partition("```json")[2].partition("```")[0])
    question = parse_question(example, "README.md", 1)
    assert tuple(example) == NAMES == tuple(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert all(f"`{kind}`" in page for kind in Kind)
    there_and_back(tmp_path / "example.xlsx", (question,))


@pytest.mark.parametrize("suffix", FORMATS)
def test_columns_are_those_of_the_schema(suffix: str, tmp_path: Path) -> None:
    """This test ensures that the template's header is the schema's fields in its order, each of them explained."""
    path = tmp_path / f"empty{suffix}"
    write_template(path)
    if suffix == ".csv":
        header = tuple(next(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))))
    else:
        header = next(load_workbook(path)["質問"].iter_rows(values_only=True))
    assert header == NAMES == tuple(column.name for column in COLUMNS)


def test_the_example_of_the_explanations_is_a_question(tmp_path: Path) -> None:
    """This test ensures that what the sheet of explanations gives as examples makes up a valid question."""
    table = write_xlsx(tmp_path, {column.name: column.example for column in COLUMNS})
    (question,) = read_table(table).questions
    assert (len(question.history), len(question.key_facts), len(question.gold[0].targets)) == (2, 2, 2)


def test_the_sheet_is_ready_to_be_filled_in(tmp_path: Path) -> None:
    """This test ensures that columns are text, choices are offered, the header stays, and every column is explained."""
    path = tmp_path / "set.xlsx"
    write_template(path)
    book = load_workbook(path)
    sheet, how_to = book["質問"], book["書き方"]
    assert sheet.freeze_panes == "A2"
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCDEFGHIJ"} == {"@"}
    offered = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered == {'"ja,en"', f'"{",".join(Kind)}"', '"TRUE,FALSE"'}
    assert [row[0].value for row in how_to.iter_rows(min_row=2, max_row=len(COLUMNS) + 1)] == list(NAMES)


@pytest.mark.parametrize("text", ["=1+1", "+81-3", "-1", "@SUM(A1)", "＝1", "\t=1"])
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    """This test ensures that what looks like a formula is marked as text in CSV and is a string in XLSX."""
    question = parse_question({**read_cells(), "note": text}, "x", 1)
    write_table(tmp_path / "set.csv", [question])
    (_, row) = csv.reader(io.StringIO((tmp_path / "set.csv").read_text(encoding="utf-8-sig"), newline=""))
    assert row[NAMES.index("note")] == f"'{text}"
    write_table(tmp_path / "set.xlsx", [question])
    cell = load_workbook(tmp_path / "set.xlsx")["質問"].cell(2, NAMES.index("note") + 1)
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_a_table_by_hand(tmp_path: Path) -> None:
    """This test ensures that a table need not be as tidy as ours: other column order, white space, blank rows, case."""
    cells = {
        **CELLS,
        "kind": " fact ",
        "answerable": "ｔrue",
        "history": "User：はい\r\n\r\n assistant:何でしょう",
        "key_facts": "承認番号|番号\n\n  台帳  ",
        "gold": "needed|kitei||承認番号\rsame | betsu | 章 |",
    }
    header = list(reversed(NAMES))
    path = tmp_path / "by-hand.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, [], [cells[name] for name in header], [""] * 3])
    imported = read_table(path)
    (question,) = imported.questions
    assert imported.encoding == "utf-8"
    assert question.history == (("user", "はい"), ("assistant", "何でしょう"))
    assert question.key_facts == (("承認番号", "番号"), ("台帳",))
    assert question.gold == (Gold(Grade.NEEDED, (Target("kitei", "", "承認番号"), Target("betsu", "章", ""))),)
    assert (question.kind, question.answerable) == (Kind.FACT, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_in_the_encodings_of_excel(encoding: str, tmp_path: Path) -> None:
    """This test ensures that CSV is read with and without a byte-order mark and in CP932, and that it is said which."""
    imported = read_table(write_csv(tmp_path, CELLS, encoding=encoding))
    assert imported.encoding == ("cp932" if encoding == "cp932" else "utf-8")
    assert imported.questions[0].question == CELLS["question"]


def test_whole_numbers_and_booleans_of_excel_are_text(tmp_path: Path) -> None:
    """This test ensures that 1 is taken for "1" and a TRUE that Excel made a boolean for the word."""
    (question,) = read_table(write_xlsx(tmp_path, {**CELLS, "id": 1, "key_facts": 14.0, "answerable": True})).questions
    assert (question.id, question.key_facts, question.answerable) == ("1", (("14",),), True)


def test_the_first_sheet_serves_where_none_has_the_name(tmp_path: Path) -> None:
    """This test ensures that a workbook of the evaluator's own need not name its sheet as ours."""
    assert read_table(write_xlsx(tmp_path, CELLS, title="Sheet1")).questions[0].id == "q1"


@pytest.mark.parametrize(
    ("change", "column", "problem"),
    [
        ({"id": " "}, "id", "空です"),
        ({"language": "jp"}, "language", "使えるのは 'ja' or 'en'"),
        ({"kind": "facts"}, "kind", "「facts」は使えません"),
        ({"kind": "unanswerable"}, "answerable", "false にします"),
        ({"answerable": "はい"}, "answerable", "TRUE か FALSE"),
        ({"answerable": ""}, "answerable", "TRUE か FALSE"),
        ({"kind": "follow_up"}, "history", "前のやりとり"),
        ({"history": "user: はい\nそれで"}, "history", "「それで」は user: か assistant:"),
        ({"key_facts": "承認番号 | "}, "key_facts", "空の言い方"),
        ({"key_facts": "C:\\temp"}, "key_facts", r"「\t」は読めません"),
        ({"key_facts": "承認番号\\"}, "key_facts", r"「\」で終わって"),
        ({"gold": "needed | kitei | 持ち出し"}, "gold", "半角の | が3つ"),
        ({"gold": "same | kitei | | "}, "gold", "same では始められません"),
        ({"gold": "must | kitei | | "}, "gold", "「must」は使えません"),
        ({"gold": "needed | | | 語句"}, "gold", "空です"),
        ({"gold": f"needed | kitei | | {'長' * 31}"}, "gold", "30文字まで"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_mistake_is_named_with_row_and_column(
    suffix: str, change: dict[str, str], column: str, problem: str, tmp_path: Path
) -> None:
    """This test ensures that whatever is wrong with a cell is one line with its row, its column and what to write."""
    write = write_csv if suffix == ".csv" else write_xlsx
    message = refused(write(tmp_path, CELLS, {**CELLS, "id": "q2", **change}))
    assert f"3行目の {column}" in message
    assert problem in message


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_id_that_comes_twice(suffix: str, tmp_path: Path) -> None:
    """This test ensures that two questions of one id are refused at the second."""
    write = write_csv if suffix == ".csv" else write_xlsx
    assert "3行目の id が正しくありません：「q1」は前の行にもあります" in refused(write(tmp_path, CELLS, CELLS))


@pytest.mark.parametrize(
    ("value", "number_format", "problem"),
    [
        (datetime(2025, 10, 1), "yyyy-mm-dd", "日付か時刻"),
        (0.5, "0%", "数値になって"),
        (7, "000", "数値になって"),
        (10**15, "General", "数値になって"),
        (True, "General", "真偽値（TRUE）"),
        ("=1+1", "General", "数式になって"),
        ("#N/A", "General", "エラー値（#N/A）"),
    ],
    ids=str,
)
def test_what_excel_made_of_a_text_is_refused(value: object, number_format: str, problem: str, tmp_path: Path) -> None:
    """This test ensures that dates, formulas and numbers of unknown look are not guessed at, with row and column."""
    path = write_xlsx(tmp_path, CELLS)
    book = load_workbook(path)
    cell = book["質問"].cell(2, NAMES.index("note") + 1)
    cell.value, cell.number_format = value, number_format
    book.save(path)
    message = refused(path)
    assert "2行目の note が" in message
    assert problem in message
    assert "書式を「文字列」" in message


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """This test ensures that merged cells, which hold one value for several, are named by row and column."""
    path = write_xlsx(tmp_path, CELLS, {**CELLS, "id": "q2"})
    book = load_workbook(path)
    book["質問"].merge_cells("H2:H3")
    book.save(path)
    assert "2行目の key_facts が正しくありません：セル（H2:H3）が結合されています" in refused(path)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (NAMES[:-2], "列「gold」「note」がありません"),
        ((*NAMES, "memo"), "「memo」という列は使えません"),
        ((*NAMES, "note"), "列「note」が2つあります"),
        (("", *NAMES), "「」という列は使えません"),
    ],
)
def test_the_header_is_checked(header: tuple[str, ...], problem: str, tmp_path: Path) -> None:
    """This test ensures that a missing, unknown or double column is named, with what the columns are."""
    path = tmp_path / "set.csv"
    path.write_text(",".join(header) + "\n", encoding="utf-8")
    message = refused(path)
    assert f"1行目が正しくありません：{problem}" in message


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("set.csv", b"", "空です"),
        ("set.csv", ",".join(NAMES).encode(), "質問がありません"),
        ("set.csv", f"{','.join(NAMES)}\n{',' * 10}x\n".encode(), "2行目が正しくありません：列の名前のない11列目"),
        ("set.csv", f'{",".join(NAMES)}\n"q1,'.encode(), "2行目が正しくありません：CSVとして"),
        ("set.csv", f'{",".join(NAMES)}\n"q1"x,'.encode(), "2行目が正しくありません：CSVとして"),
        ("set.csv", f"{','.join(NAMES)}\nq\x01,a\n".encode(), "2行目の id が正しくありません：表に書けない文字"),
        ("set.csv", "質問".encode("utf-16"), "UTF-8でもCP932でも"),
        ("set.csv", b"\xef\xbb\xbf" + "質問".encode("cp932"), "UTF-8でもCP932でも"),
        ("set.csv", b"PK\x03\x04rest", ".xlsx にしてください"),
        ("set.xlsx", b"id,question", "ブック（.xlsx）として読めません"),
        ("set.xlsx", b"PK\x03\x04rest", "ブック（.xlsx）として読めません"),
        ("set.xlsx", b"\xd0\xcf\x11\xe0rest", "パスワード"),
        ("set.ods", b"PK\x03\x04rest", ".csv か .xlsx"),
    ],
)
def test_a_file_that_is_no_table(name: str, content: bytes, problem: str, tmp_path: Path) -> None:
    """This test ensures that a file that is empty, damaged or not what its name says is one line with what to do."""
    path = tmp_path / name
    path.write_bytes(content)
    assert problem in refused(path)


def test_an_empty_sheet_and_a_missing_file(tmp_path: Path) -> None:
    """This test ensures that a workbook without a cell, and no file at all, are said to be so."""
    path = tmp_path / "set.xlsx"
    Workbook().save(path)
    assert "空です" in refused(path)
    assert "読めません" in refused(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("text", "problem"),
    [("a\x07b", "表に書けない文字（U+0007）"), ("\ufffe", "U+FFFE"), ("😀" * 16_384, f"{MAX_CHARACTERS:,}文字まで")],
    ids=["bell", "no character", "too long"],
)
def test_what_no_cell_can_hold_is_refused(suffix: str, text: str, problem: str, tmp_path: Path) -> None:
    """This test ensures that nothing is cut off or left out on the way to Excel, and no file is left behind."""
    rows = [
        parse_question({**read_cells(), "id": str(number), "note": note}, "x", 1)
        for number, note in ((1, ""), (2, text))
    ]
    path = tmp_path / f"set{suffix}"
    with pytest.raises(QuestionSetError) as error:
        write_table(path, rows)
    assert "3行目の note" in str(error.value)
    assert problem in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_escapes_that_overflow_a_cell_are_refused(tmp_path: Path) -> None:
    """This test ensures that a text that fits only before its escapes is not cut off."""
    question = parse_question({**read_cells(), "note": "\r" * 30_000}, "x", 1)
    with pytest.raises(QuestionSetError, match="2行目の note"):
        write_table(tmp_path / "set.xlsx", [question])


def read_cells() -> dict[str, Any]:
    """The question of `CELLS` as the schema has it."""
    return {**CELLS, "history": [], "answerable": True, "key_facts": [["承認番号"]], "gold": []}


def refused(path: Path) -> str:
    """The message with which a table is refused: one line that names the file and ends with what to do."""
    with pytest.raises(QuestionSetError) as error:
        read_table(path)
    message = str(error.value)
    assert path.name in message
    assert message.endswith(("ください。", "）。"))
    assert "\n" not in message
    return message


def write_csv(folder: Path, *rows: Mapping[str, Any], encoding: str = "utf-8") -> Path:
    """A table as CSV, in the columns' order, as Excel writes it."""
    path = folder / "set.csv"
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle).writerows([NAMES, *([row[name] for name in NAMES] for row in rows)])
    return path


def write_xlsx(folder: Path, *rows: Mapping[str, Any], title: str = "質問") -> Path:
    """A table as a plain workbook, values as they are."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(NAMES)
    for row in rows:
        sheet.append([row[name] for name in NAMES])
    path = folder / "set.xlsx"
    book.save(path)
    return path
