"""Tests that tables drawn with rules keep their rows and columns, and that nothing else is taken for a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.readers.pdf import read_pdf
from tests.corpus.make_pdfs import PageSpec, Text, bar, dots, frame, grid, line, make_pdf

SHARED = Path(__file__).parents[2] / ".." / "shared" / "pdfs"
XS = (100, 200, 300, 400)
YS = (700, 670, 640, 610)
CELLS = (
    *(Text("品名", 110, 680), Text("数量", 210, 680), Text("備考", 310, 680)),
    *(Text("ねじ", 110, 650), Text("二十", 210, 650)),
    *(Text("ばね", 110, 620), Text("急ぎ", 310, 620)),
)
ROWS = ["品名\t数量\t備考", "ねじ\t二十\t", "ばね\t\t急ぎ"]


def text_of(shapes: Sequence[str], texts: Sequence[Text], rotate: int = 0) -> list[str]:
    """The lines of a page with these shapes and texts."""
    page = PageSpec(shapes=tuple(shapes), texts=tuple(texts), rotate=rotate)
    return read_pdf(make_pdf([page])).pages[0].text.split("\n")


def test_rows_and_columns_are_kept() -> None:
    """This test ensures that each row is one line, with tabs between cells and empty cells in their place."""
    assert text_of(grid(XS, YS), CELLS) == ROWS


def test_without_rules_the_text_stays_as_it_is() -> None:
    """This test ensures that the same text without the rules is no table."""
    assert not any("\t" in row for row in text_of((), CELLS))


def test_the_order_of_drawing_does_not_matter() -> None:
    """This test ensures that cells drawn column by column still stand in their rows."""
    assert text_of(grid(XS, YS), sorted(CELLS, key=lambda text: (text.x, -text.y))) == ROWS


def test_text_around_a_table_stays_around_it() -> None:
    """This test ensures that what is told before and after the table is told there."""
    before, after = Text("前の文です。", 100, 750), Text("後の文です。", 100, 560)
    assert text_of(grid(XS, YS), (before, *CELLS, after)) == ["前の文です。", *ROWS, "後の文です。"]


def test_lines_of_one_cell_are_joined() -> None:
    """This test ensures that a wrapped cell stays one cell: nothing between Japanese characters, a space elsewhere."""
    texts = (Text("常時使用", 110, 688), Text("する者", 110, 675), Text("two", 210, 688), Text("words", 210, 675))
    assert text_of(grid(XS, YS), (*texts, *CELLS[3:])) == ["常時使用する者\ttwo words\t", *ROWS[1:]]


def test_a_merged_cell_is_told_once() -> None:
    """This test ensures that the text of a cell over two columns and one over two rows stands in the first place."""
    shapes = (
        *(line(100, y, 400, y) for y in (700, 670, 610)),
        line(200, 640, 400, 640),
        *(line(x, 700, x, 610) for x in (100, 200, 400)),
        line(300, 670, 300, 610),
    )
    texts = (Text("区分", 110, 680), Text("休暇の日数", 250, 680), Text("全員", 110, 635))
    days = (Text("十日", 210, 650), Text("五日", 310, 650), Text("二日", 210, 620), Text("一日", 310, 620))
    rows = text_of(shapes, (*texts, *days))
    assert rows[0] == "区分\t休暇の日数\t"
    assert [row.split("\t")[1:] for row in rows[1:]] == [["十日", "五日"], ["二日", "一日"]]
    assert rows[1].startswith("全員\t")


BOXES = [frame(x, y, 100, 30) for x in XS[:3] for y in YS[1:]]
BARS = [bar(100, y, 300, 0.5) for y in YS] + [bar(x, 610, 0.5, 90) for x in XS]
DOTS = [dots(100, y, 400) for y in YS] + [bar(x, 610, 0.5, 90) for x in XS]
OPEN = [line(100, y, 400, y) for y in YS] + [line(x, 700, x, 610) for x in XS[1:3]]


@pytest.mark.parametrize("shapes", [BOXES, BARS, DOTS, OPEN], ids=["boxes", "bars", "dotted", "open sides"])
def test_every_way_to_draw_a_table_counts(shapes: list[str]) -> None:
    """This test ensures that boxes side by side, thin bars, dotted lines and tables without side lines are tables."""
    assert text_of(shapes, CELLS) == ROWS


FRAME = (frame(100, 600, 300, 100),)
FRAMES = (frame(90, 590, 320, 120), frame(100, 600, 300, 100), line(90, 700, 410, 700))
ARROW = (frame(100, 640, 80, 40), frame(300, 640, 80, 40), line(180, 660, 300, 660))
COLUMN = (frame(100, 600, 300, 100), line(100, 650, 400, 650))
CHART = (*(line(100, y, 400, y) for y in YS), line(100, 610, 100, 700))


@pytest.mark.parametrize(
    "shapes", [FRAME, FRAMES, ARROW, COLUMN, CHART], ids=["frame", "frames", "arrow", "one column", "chart"]
)
def test_what_is_no_table_stays_text(shapes: tuple[str, ...]) -> None:
    """This test ensures that frames, boxes joined by an arrow and gridlines of a chart leave the text alone."""
    texts = (Text("左の箱", 110, 665), Text("右の箱", 310, 665), Text("下の文です。", 110, 610))
    assert text_of(shapes, texts) == text_of((), texts)


def test_a_page_in_a_frame_with_a_box_is_no_table() -> None:
    """This test ensures that a page of running text within ruled borders is not made one cell."""
    texts = [Text(f"{row}行目の文は枠の中にあり、表ではありません。", 110, 660 - 14 * row) for row in range(20)]
    shapes = (frame(100, 100, 400, 600), line(100, 680, 500, 680), line(200, 680, 200, 700))
    heads = [Text("番号", 110, 686), Text("題名", 210, 686)]
    assert not any("\t" in row for row in text_of(shapes, heads + texts))


def test_an_underline_does_not_part_a_row() -> None:
    """This test ensures that a line under a word in a cell is no border."""
    assert text_of((*grid(XS, YS), line(110, 655, 150, 655)), CELLS) == ROWS


def test_rows_without_rules_between_them_are_parted() -> None:
    """This test ensures that a body of aligned lines between two rules becomes as many rows."""
    body = [Text(word, x, y) for x in (110, 210) for y, word in ((650, "九時間"), (635, "八時間"), (620, "七時間"))]
    rows = text_of(grid((100, 200, 300), (700, 670, 610)), (*CELLS[:2], *body))
    assert rows == ["品名\t数量", "九時間\t九時間", "八時間\t八時間", "七時間\t七時間"]


def test_a_sentence_broken_by_the_width_of_its_cell_is_not_parted() -> None:
    """This test ensures that cells of full lines are sentences, even where as many lines stand side by side."""
    words = ("機密の情報を取り", "扱う者は必ず届け", "を出してください")
    body = [Text(word, x, y) for x in (105, 205) for y, word in zip((650, 635, 620), words, strict=True)]
    rows = text_of(grid((100, 190, 290), (700, 670, 610)), (*CELLS[:2], *body))
    assert rows == ["品名\t数量", "\t".join(["".join(words)] * 2)]


def test_a_turned_page_has_tables_too() -> None:
    """This test ensures that rows are rows as the page is looked at, not as it is stored."""
    # On a page turned by 180° the first row is the lowest, read from the right.
    assert text_of(grid(XS, YS), CELLS, rotate=180)[0].split("\t")[0] == "急ぎ"


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        (29, ["１ 月 の 日 数\t28 日\t30 日\t31 日\t28 日\t30 日\t31 日\t28 日\t30 日\t31 日"]),
        (38, ["勤続期間\t6 か月\t１年 6 か月", "1 日\t48 日～72 日\t1 日\t2 日\t2 日\t2 日\t3 日\t3 日\t3 日"]),
        (33, ["日\t月\t火\t水\t木\t金\t土", "\t\t\t\t\t\t1"]),
        (55, ["小売業\t５，０００万円以下\t又は\t５０人以下"]),
    ],
)
def test_tables_of_a_real_file(page: int, rows: list[str]) -> None:
    """This test ensures that dotted, merged and calendar tables of a public file keep their rows."""
    path = SHARED / "japanese" / "mhlw_model_rules_001018385.pdf"
    if not path.is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    text = read_pdf(path.read_bytes()).pages[page - 1].text
    assert [row for row in rows if row not in text] == []


def test_a_slide_of_boxes_and_arrows_has_no_table() -> None:
    """This test ensures that the drawings in a public deck of slides are not taken for tables."""
    path = SHARED / "japanese" / "cao_ai_siryo2.pdf"
    if not path.is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    pages = read_pdf(path.read_bytes()).pages
    assert [page.number for page in pages if "\t" in page.text] == []
