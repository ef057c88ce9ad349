"""Tests that vertical writing is read from the right, and columns one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.readers.pdf import read_pdf
from tests.corpus.make_pdfs import PageSpec, Text, frame, make_pdf

SHARED = Path(__file__).parents[2] / ".." / "shared" / "pdfs"
LEFT = tuple(f"左の{n}行目は左だけで読まれる文で、" for n in "一二三四五六七八")
RIGHT = tuple(f"右の{n}行目は右だけで読まれる文で、" for n in "一二三四五六七八")


def lines_of(texts: Sequence[Text], shapes: Sequence[str] = ()) -> list[str]:
    """The lines of a page with these texts, without the blank ones."""
    text = read_pdf(make_pdf([PageSpec(texts=tuple(texts), shapes=tuple(shapes))])).pages[0].text
    return [line.strip() for line in text.split("\n") if line.strip()]


def beside(left: Sequence[str], right: Sequence[str], top: float = 700) -> list[Text]:
    """Two columns drawn line by line."""
    rows = enumerate(zip(left, right, strict=True))
    return [Text(text, x, top - 15 * row) for row, pair in rows for x, text in zip((50, 310), pair, strict=True)]


def vertical(*columns: str, top: float = 700) -> list[Text]:
    """Columns of vertical writing, the first one rightmost, drawn from the left."""
    texts = [Text(text, 500 - 20 * place, top, vertical=True) for place, text in enumerate(columns)]
    return texts[::-1]


def test_vertical_columns_are_read_from_the_right() -> None:
    """This test ensures that the rightmost column comes first, whatever the order of drawing."""
    columns = ("むかしむかし、あるところに、", "おじいさんと、おばあさんが、", "すんでいました。")
    assert lines_of(vertical(*columns)) == list(columns)
    assert lines_of(vertical(*columns)[::-1]) == list(columns)


def test_a_tier_of_vertical_columns_is_read_before_the_one_below() -> None:
    """This test ensures that a page of two tiers is read tier by tier."""
    upper, lower = ("上の段の一行目です", "上の段の二行目です"), ("下の段の一行目です", "下の段の二行目です")
    texts = vertical(*lower, top=400) + vertical(*upper)
    assert lines_of(texts) == [*upper, *lower]


def test_a_title_set_across_stays_above_its_columns() -> None:
    """This test ensures that a horizontal title over vertical columns is read first."""
    columns = ("縦に組んだ本文の一行目", "縦に組んだ本文の二行目")
    assert lines_of([*vertical(*columns), Text("横に組んだ題名", 300, 750)]) == ["横に組んだ題名", *columns]


def test_a_vertical_word_on_a_horizontal_page_changes_nothing() -> None:
    """This test ensures that horizontal text keeps its order beside one word set from top to bottom."""
    texts = [Text(text, 50, 700 - 15 * row) for row, text in enumerate(LEFT)]
    side = Text("参考資料", 550, 700, vertical=True)
    assert lines_of([*texts, side])[: len(LEFT)] == list(LEFT)


def test_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    """This test ensures that the left column is read whole before the right one."""
    assert lines_of(beside(LEFT, RIGHT)) == [*LEFT, *RIGHT]


def test_columns_drawn_right_first_are_read_from_the_left() -> None:
    """This test ensures that the order of drawing whole columns does not matter."""
    assert lines_of(sorted(beside(LEFT, RIGHT), key=lambda text: (-text.x, -text.y))) == [*LEFT, *RIGHT]


def test_what_spans_both_columns_keeps_its_place() -> None:
    """This test ensures that a heading over both columns parts what is above from what is below."""
    title = "両方の段にまたがる見出しは、その場所で読まれるので、上の段と下の段を分けます"
    texts = [*beside(LEFT, RIGHT), Text(title, 50, 560), *beside(RIGHT, LEFT, top=530)]
    assert lines_of(texts) == [*LEFT, *RIGHT, title, *RIGHT, *LEFT]


def test_three_columns_are_read_one_after_the_other() -> None:
    """This test ensures that a second gutter is found as well."""
    names = [[f"{side}の段{n}行目の文が続き、" for n in "一二三四五六七八"] for side in "左中右"]
    rows = [(row, column) for row in range(8) for column in range(3)]
    texts = [Text(names[column][row], 40 + 180 * column, 700 - 15 * row) for row, column in rows]
    assert lines_of(texts) == [*names[0], *names[1], *names[2]]


def test_single_lines_stay_in_order() -> None:
    """This test ensures that a page of one column, some lines of which are short, is not touched."""
    texts = [Text(text * (1 + row % 3), 50, 700 - 15 * row) for row, text in enumerate(LEFT)]
    assert lines_of(texts) == [text.text for text in texts]


def test_pairs_of_word_and_meaning_stay_together() -> None:
    """This test ensures that a list of short words, each with its text beside it, is read line by line."""
    words = [f"語{n}" for n in "一二三四五六七八"]
    lines = lines_of([*beside(words, RIGHT)])
    assert [(word in line, text in line) for line, word, text in zip(lines, words, RIGHT, strict=True)] == [
        (True, True)
    ] * 8


def test_drawings_do_not_disturb_the_order() -> None:
    """This test ensures that columns in the right order stay as they are beside a drawn box."""
    texts = sorted(beside(LEFT, RIGHT), key=lambda text: (text.x, -text.y))
    assert lines_of(texts, [frame(40, 500, 500, 300)]) == [*LEFT, *RIGHT]


def test_a_real_page_of_vertical_writing() -> None:
    """This test ensures that the right column of a public file is read before the left one."""
    path = SHARED / "japanese" / "pdfjs_vertical.pdf"
    if not path.is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    assert read_pdf(path.read_bytes()).pages[0].text.split() == ["あいうえお", "日本語"]


def test_a_real_page_of_one_column_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that pages of public files without columns read as pdfium reads them."""
    path = SHARED / "japanese" / "cao_ai_ronten_honbun.pdf"
    if not path.is_file():
        pytest.skip("the shared folder of public PDFs is not beside this checkout")
    laid_out = read_pdf(path.read_bytes())
    monkeypatch.setattr("corpus.readers.pdf_engines.lay_out", lambda *_: None)
    assert read_pdf(path.read_bytes()) == laid_out
