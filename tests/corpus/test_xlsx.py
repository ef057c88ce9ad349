"""Workbooks made here: values as people see them, what is hidden, what is not computed, sheets that lie and break."""

from __future__ import annotations

import datetime
import io
import random
import time
import zipfile
from collections.abc import Callable

import openpyxl  # type: ignore[import-untyped]
import pytest

from corpus.models import BlockKind, RawDocument, Verdict
from corpus.readers import xlsx
from corpus.readers.xlsx import read_xlsx
from corpus.readers.xlsx_formats import shown_date, shown_number
from corpus.structure import structure_document
from tests.corpus.test_kind import ole

SHEET = "xl/worksheets/sheet1.xml"


def saved(*rows: list[object], name: str = "予算", change: Callable[[object], None] | None = None) -> bytes:
    """A workbook with one sheet of these rows; `change` gets the workbook before it is saved."""
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data: bytes, part: str, content: bytes | None) -> bytes:
    """The same package with one part replaced, or left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in {*source.namelist(), part}:
            if name != part:
                copy.writestr(name, source.read(name))
            elif content is not None:
                copy.writestr(name, content)
    return target.getvalue()


def sheet(rows: str, before: str = "", behind: str = "") -> bytes:
    """The XML of a sheet with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'.encode()


def with_rows(rows: str, before: str = "", behind: str = "") -> RawDocument:
    """What is read of a sheet that is written by hand."""
    return read_xlsx(with_part(saved(["x"]), SHEET, sheet(rows, before, behind)))


def texts(document: RawDocument) -> list[str]:
    """The lines of the one page, headings marked."""
    (page,) = document.pages
    assert page.number is None
    return [f"# {line.text}" if line.kind is BlockKind.HEADING else line.text for line in page.lines]


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    """This test ensures that each sheet is a heading with its rows, empty cells inside kept, empty rows left out."""

    def change(book: object) -> None:
        second = book.create_sheet("二枚目")  # type: ignore[attr-defined]
        second["C4"], second["E4"] = "茶", 5
        book.create_sheet("空")  # type: ignore[attr-defined]
        book.properties.title = "予算の表"  # type: ignore[attr-defined]

    document = read_xlsx(
        saved(["品名", "備考", "値段"], ["一番茶", None, 100], [], ["二番茶", "夏", None], change=change)
    )
    assert document.verdict is Verdict.READ
    assert document.warnings == ()
    assert document.title == "予算の表"
    assert texts(document) == ["# 予算", "品名\t備考\t値段", "一番茶\t\t100", "二番茶\t夏\t", "# 二枚目", "茶\t5"]
    (page,) = structure_document(document)
    assert page.blocks[2].section == ("予算",)
    assert page.blocks[2].text == "一番茶\u3000\u3000100"


def test_a_break_in_a_cell_is_a_space() -> None:
    """This test ensures that a row stays one line, and that a tab in a cell makes no new cell."""
    assert texts(read_xlsx(saved(["一行目\n二行目", "a\tb"])))[1] == "一行目 二行目\ta b"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("3.0", "General", "3"),
        ("0.30000000000000004", "General", "0.3"),
        ("1234567", "#,##0", "1,234,567"),
        ("1234.5", "#,##0", "1,235"),
        ("2.5", "0", "3"),
        ("1.005", "0.00", "1.01"),
        ("0.125", "0.0%", "12.5%"),
        ("-5", "0", "-5"),
        ("-5", '#,##0;"▲ "#,##0', "▲ 5"),
        ("-5", "#,##0;[Red]\\-#,##0", "-5"),
        ("0", '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        ("1200", "[$¥-411]#,##0", "¥1,200"),
        ("1000000", '#,##0,"千円"', "1,000千円"),
        ("12", '0"人"', "12人"),
        ("12", 'General"人"', "12人"),
        ("7", "000", "007"),
        ("1234567", "000-0000", "123-4567"),
        ("1.5", "0.###", "1.5"),
        ("45413", "yyyy/m/d", "2024/5/1"),
        ("45413.75", "yyyy/mm/dd hh:mm", "2024/05/01 18:00"),
        ("45413", '[$-411]ggge"年"m"月"d"日";@', "令和6年5月1日"),
        ("43585", '[$-411]ggge"年"m"月"d"日";@', "平成31年4月30日"),
        ("43586", "[$-411]ge.m.d", "R1.5.1"),
        ("45413", 'm"月"d"日"(aaa)', "5月1日(水)"),
        ("0.5", "h:mm AM/PM", "12:00 PM"),
        ("45413.123", "mm:ss", "57:07"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.5", "# ?/?", "0.5"),
        ("12345.678", "0.00E+00", "12345.678"),
        ("-1", "yyyy/m/d", "-1"),
        ("1e300", "#,##0", "1e300"),
        ("nan", "0", "nan"),
        ("茶", "0", "茶"),
        ("5", "", "5"),
        ("5", "0" * 9_000, "5".rjust(255, "0")),
    ],
)
def test_numbers_are_shown_as_people_see_them(value: str, code: str, shown: str) -> None:
    """This test ensures that a number and its format give what Excel shows, or else the plain number."""
    assert shown_number(value, code) == shown


def test_dates_are_shown_as_dates() -> None:
    """This test ensures that days are counted as the workbook counts them, and that ISO dates are read."""
    assert shown_number("43951", "yyyy/m/d", from_1904=True) == "2024/5/1"
    assert shown_date("2024-05-01T00:00:00") == "2024/5/1"
    assert shown_date("2024-05-01T09:05:00Z") == "2024/5/1 9:05"
    assert shown_date("tea") == "tea"


def test_values_of_a_real_workbook() -> None:
    """This test ensures that formats reach their cells through the styles of the file, built-in ones included."""

    def change(book: object) -> None:
        cells = book.active[1]  # type: ignore[attr-defined]
        for cell, code in zip(cells, ("#,##0", "0%", '[$-411]ggge"年"m"月"d"日"', "yyyy/m/d h:mm"), strict=False):
            cell.number_format = code

    row = [12345, 0.5, datetime.date(2024, 5, 1), datetime.datetime(2024, 5, 1, 9, 5), True, "#N/A", 3.0]
    assert texts(read_xlsx(saved(row, change=change)))[1] == "12,345\t50%\t令和6年5月1日\t2024/5/1 9:05\tTRUE\t#N/A\t3"
    cell = '<row r="1"><c r="A1" s="1"><v>45413</v></c></row>'
    styles = b'<s><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="58"/></cellXfs></s>'
    data = with_part(with_part(saved(["x"]), SHEET, sheet(cell)), "xl/styles.xml", styles)
    assert texts(read_xlsx(data))[1] == "令和6年5月1日"


def test_what_is_hidden_is_left_out_and_said() -> None:
    """This test ensures that hidden sheets, rows, columns and values are not quoted, and that the reader is told."""

    def change(book: object) -> None:
        first, second = book.active, book.create_sheet("裏")  # type: ignore[attr-defined]
        second["A1"], second.sheet_state = "秘密", "veryHidden"
        first.row_dimensions[2].hidden = True
        first.column_dimensions["B"].hidden = True
        first["C1"].number_format = ";;;"

    document = read_xlsx(saved(["見える", "隠し列", 7], ["隠し行", None, None], ["次"], change=change))
    assert texts(document) == ["# 予算", "見える", "次"]
    assert document.verdict is Verdict.READ
    assert ["裏" in warning for warning in document.warnings] == [True, False]
    assert "セル3個" in document.warnings[1]


def test_formulas_without_a_result_are_flagged() -> None:
    """This test ensures that a formula is never shown nor computed, and that an empty result is no missing one."""
    document = read_xlsx(saved(["合計", "=SUM(C1:D1)", 1, 2]))
    assert (document.verdict, texts(document)[1]) == (Verdict.PARTLY_READ, "合計\t1\t2")
    assert "1個" in document.warnings[0]
    empty, text = '<c t="str"><f>IF(1,"","")</f><v></v></c>', '<c t="str"><f>A</f><v>茶</v></c>'
    document = with_rows(f'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c>{empty}{text}</row>')
    assert (document.verdict, texts(document)[1]) == (Verdict.READ, "2\t茶")


def test_a_merged_cell_has_its_text_once() -> None:
    """This test ensures that what lies beneath a merged area, which nobody sees, is left out."""
    cells = '<c r="A1" t="inlineStr"><is><t>茶</t></is></c><c r="B1"><v>1</v></c><c r="C1"><v>2</v></c>'
    rows = f'<row r="1">{cells}</row><row r="2"><c r="A2"><v>3</v></c><c r="C2"><v>4</v></c></row>'
    document = with_rows(rows, behind='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')
    assert texts(document)[1:] == ["茶\t2", "\t4"]


def test_readings_above_a_text_are_left_out() -> None:
    """This test ensures that furigana is not read as a part of the text, and that runs of one text are joined."""
    string = (
        "<si><r><t>東</t></r><r><t>京</t></r><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si><si><t>a_x000D_b</t></si>"
    )
    strings = f"<sst>{string}</sst>".encode()
    row = sheet('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>9</v></c></row>')
    document = read_xlsx(with_part(with_part(saved(["x"]), SHEET, row), "xl/sharedStrings.xml", strings))
    assert texts(document)[1] == "東京\ta b"
    assert document.verdict is Verdict.PARTLY_READ
    assert "1個" in document.warnings[0]


def test_a_sheet_that_claims_every_cell_is_fast() -> None:
    """This test ensures that the size that a sheet claims costs nothing, nor does text in its last corner."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    started = time.perf_counter()
    document = with_rows(rows, before='<dimension ref="A1:XFD1048576"/>')
    assert time.perf_counter() - started < 1
    assert texts(document)[1:] == ["1\t", "\t2"]


def test_a_diagonal_does_not_fill_the_memory() -> None:
    """This test ensures that rows that are nearly all empty do not become megabytes of tabs."""
    rows = "".join(
        f'<row r="{n}"><c><v>{n}</v></c>' + f'<c r="{_column(n)}{n}"><v>{n}</v></c></row>' for n in range(2, 5_000)
    )
    document = with_rows(rows)
    assert sum(len(line.text) for line in document.pages[0].lines) < 100_000


def _column(number: int) -> str:
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    return str(get_column_letter(number))


def test_too_many_cells_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that reading stops at the limit over all sheets, and that a workbook at it is read whole."""
    monkeypatch.setattr(xlsx, "MOST_CELLS", 4)
    assert read_xlsx(saved([1, 2], [3, 4])).verdict is Verdict.READ

    def change(book: object) -> None:
        book.create_sheet("次")["A1"] = 5  # type: ignore[attr-defined]

    document = read_xlsx(saved([1, 2], [3, 4], change=change))
    assert (document.verdict, texts(document)) == (Verdict.PARTLY_READ, ["# 予算", "1\t2", "3\t4"])
    assert "セルが多すぎる" in document.warnings[0]


def test_a_torn_sheet_keeps_what_could_be_read() -> None:
    """This test ensures that a sheet that breaks off costs its own end only, and is named."""

    def change(book: object) -> None:
        book.create_sheet("次")["A1"] = 5  # type: ignore[attr-defined]

    torn = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>')[:-40]
    document = read_xlsx(with_part(saved(["x"], change=change), SHEET, torn))
    assert (document.verdict, texts(document)) == (Verdict.PARTLY_READ, ["# 予算", "1", "# 次", "5"])
    assert "予算" in document.warnings[0]


def test_missing_parts_cost_themselves() -> None:
    """This test ensures that without styles numbers are plain, and that without strings the numbers are still read."""
    data = saved(["茶", 1])
    assert texts(read_xlsx(with_part(data, "xl/styles.xml", None)))[1] == "茶\t1"
    shared = with_part(data, SHEET, sheet('<row><c t="s"><v>0</v></c><c><v>1</v></c></row>'))
    document = read_xlsx(with_part(shared, "xl/sharedStrings.xml", None))
    assert (document.verdict, texts(document)[1]) == (Verdict.PARTLY_READ, "1")
    document = read_xlsx(with_part(data, SHEET, None))
    assert (document.verdict, document.pages) == (Verdict.DAMAGED, ())


@pytest.mark.parametrize("system", ["", "SYSTEM 'file:///etc/hostname'", "'&b;&b;&b;&b;&b;&b;&b;&b;'"])
def test_entities_are_not_resolved(system: str) -> None:
    """This test ensures that a part with a document type, be it a bomb or a way to a local file, gives no text."""
    doctype = f"<!DOCTYPE worksheet [<!ENTITY b 'tea'><!ENTITY a {system or chr(39) + 'tea' + chr(39)}>]>"
    part = doctype.encode() + sheet('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>')
    document = read_xlsx(with_part(saved(["x"]), SHEET, part))
    assert (document.verdict, document.pages) == (Verdict.DAMAGED, ())


def test_the_strict_variant_is_read() -> None:
    """This test ensures that a workbook saved as strict Open XML gives the same text."""
    data, target = saved(["茶", 1]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name).replace(b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/")
            copy.writestr(name, content)
    assert texts(read_xlsx(target.getvalue())) == ["# 予算", "茶\t1"]


GOOD = saved(["茶", 1])


@pytest.mark.parametrize(
    ("data", "verdict", "says"),
    [
        (b"", Verdict.DAMAGED, "修復"),
        (GOOD[: len(GOOD) // 2], Verdict.DAMAGED, "修復"),
        (with_part(GOOD, "xl/workbook.xml", b"<workbook"), Verdict.DAMAGED, "修復"),
        (with_part(GOOD, "xl/workbook.bin", b"\x83"), Verdict.UNSUPPORTED, ".xlsx"),
        (saved(), Verdict.EMPTY, "セル"),
        (ole("Workbook"), Verdict.UNSUPPORTED, ".xlsxで保存し直してください"),
        (ole("EncryptedPackage"), Verdict.NEEDS_PASSWORD, "パスワード"),
    ],
    ids=["nothing", "torn", "no workbook", "xlsb", "empty", "xls", "password"],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, verdict: Verdict, says: str) -> None:
    """This test ensures that every other file gets its verdict and one line, and raises nothing."""
    document = read_xlsx(data)
    assert (document.verdict, document.pages, len(document.warnings)) == (verdict, (), 1)
    assert says in document.warnings[0]


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_raises(seed: int) -> None:
    """This test ensures that flipped bytes anywhere in a workbook end in a verdict."""
    chance, data = random.Random(seed), bytearray(GOOD)
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    document = read_xlsx(bytes(data))
    assert document.verdict in (Verdict.READ, Verdict.PARTLY_READ) or document.warnings
