"""Tests that running titles and page numbers leave the text, and headings that repeat by chance do not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpus.models import RawPage
from corpus.printed_page import break_dense_lines, label_pages

BODIES = (
    "茶を摘む。",
    "葉を蒸す。",
    "葉を揉む。",
    "茶を干す。",
    "葉を選ぶ。",
    "茶を包む。",
    "茶を売る。",
    "湯を注ぐ。",
)


def labelled(tops: Sequence[str], foots: Sequence[str] = ()) -> tuple[RawPage, ...]:
    """Pages with these lines at the top and foot, around a body of their own, once labelled."""
    foots = foots or [""] * len(tops)
    lines = zip(tops, BODIES, foots, strict=False)
    texts = [
        "\n".join(filter(None, (top, f"{body}一。", f"{body}二。", f"{body}三。", foot))) for top, body, foot in lines
    ]
    return label_pages([RawPage(number, None, text) for number, text in enumerate(texts, 1)])


def left_of(pages: Sequence[RawPage]) -> list[str]:
    """What is left on each page beside its body."""
    return ["".join(line for line in page.text.split("\n") if line[:5] not in BODIES) for page in pages]


def test_a_title_on_every_page_is_left_out() -> None:
    """This test ensures that the same line at the top of all pages, and one at their foot, go."""
    assert left_of(labelled(["茶園の手引"] * 5, ["〇〇協会"] * 5)) == [""] * 5


def test_the_body_and_its_place_stay() -> None:
    """This test ensures that a title taken off leaves a blank line, so that no sentence grows across it."""
    assert labelled(["茶園の手引"] * 3)[1].text == "\n葉を蒸す。一。\n葉を蒸す。二。\n葉を蒸す。三。"


def test_a_heading_that_repeats_twice_stays() -> None:
    """This test ensures that a line on two pages only is a heading."""
    tops = ["茶園の手引", "茶園の手引", "湯の話", "器の話"]
    assert left_of(labelled(tops)) == tops


def test_left_and_right_pages_have_titles_of_their_own() -> None:
    """This test ensures that titles that take turns both go."""
    assert left_of(labelled(["茶園の手引", "第一部 茶摘み"] * 4)) == [""] * 8


def test_the_title_of_a_chapter_stays_once() -> None:
    """This test ensures that a title over some pages is kept where it begins, for its words stand nowhere else."""
    tops = ["", "", "", "茶摘みの章", "茶摘みの章", "茶摘みの章", "", ""]
    assert left_of(labelled(tops)) == ["", "", "", "茶摘みの章", "", "", "", ""]


def test_the_title_of_a_chapter_goes_where_its_heading_stands() -> None:
    """This test ensures that nothing stays of a running title whose chapter heading is on the page."""
    bodies = (
        "茶摘みの章\n茶摘みの章\n茶を摘む。",
        "茶摘みの章\n葉を蒸す。",
        "茶摘みの章\n葉を揉む。",
        *"いろはにほへと",
    )
    pages = label_pages([RawPage(number, None, text) for number, text in enumerate(bodies, 1)])
    assert [page.text.split() for page in pages[:3]] == [["茶摘みの章", "茶を摘む。"], ["葉を蒸す。"], ["葉を揉む。"]]


@pytest.mark.parametrize("shape", ["茶園の手引 {}", "{} | 茶園の手引", "茶園の手引 - {} -"])
def test_a_number_within_a_title_is_the_label(shape: str) -> None:
    """This test ensures that a running title with the page's number goes and leaves the number as the label."""
    pages = labelled([shape.format(number) for number in range(7, 12)])
    assert left_of(pages) == [""] * 5
    assert [page.label for page in pages] == ["7", "8", "9", "10", "11"]


@pytest.mark.parametrize("shape", ["別紙{}", "様式 {}", "第{}条", "表 {}", "({}) 茶摘み", "茶摘み{}"])
def test_headings_that_count_up_stay(shape: str) -> None:
    """This test ensures that numbered headings, one a page, are no page numbers."""
    tops = [shape.format(number) for number in range(1, 6)]
    assert left_of(labelled(tops)) == tops


@pytest.mark.parametrize("shape", ["- {} -", "{} / 8", "p. {}", "{}ページ", "Page {} of 8"])
def test_page_numbers_become_labels(shape: str) -> None:
    """This test ensures that each common way to print a number is taken off and kept as the label."""
    pages = labelled([""] * 4, [shape.format(number) for number in range(1, 5)])
    assert left_of(pages) == [""] * 4
    assert [page.label for page in pages] == ["1", "2", "3", "4"]


def test_numbers_that_begin_anew_become_labels() -> None:
    """This test ensures that two long parts, each numbered from 1, are both labelled."""
    numbers = [*range(1, 25), *range(1, 13)]
    pages = label_pages([RawPage(n, None, f"茶の話{n}。\n{printed}") for n, printed in enumerate(numbers, 1)])
    assert [page.label for page in pages] == [str(number) for number in numbers]


def test_sentences_and_cells_at_the_edge_stay() -> None:
    """This test ensures that a whole sentence stays, and so does a number in a row that counts up with the pages."""
    tops = ["以下は記入例です。"] * 4
    assert left_of(labelled(tops)) == tops
    for rows in ([f"\t{number}\t" for number in range(1, 5)], ["品名\t数量"] * 4):
        assert left_of(labelled(rows)) == rows


def test_files_without_pages_are_not_touched() -> None:
    """This test ensures that parts of a text file that begin alike stay whole."""
    parts = tuple(RawPage(None, None, f"茶園の手引\n{body}") for body in BODIES)
    assert label_pages(parts) == parts


def test_rows_of_a_table_stay_together() -> None:
    """This test ensures that no blank line comes between the rows of a table on a printed page, but around it."""
    assert break_dense_lines("品名は次の表のとおり。\n品名\t数\nねじ\t\n以上").split("\n") == [
        *("品名は次の表のとおり。", "", "品名\t数", "ねじ\t", "", "以上", ""),
    ]


def test_a_page_that_says_nothing_else_keeps_its_line() -> None:
    """This test ensures that pages of one equal line each are not emptied."""
    pages = label_pages([RawPage(number, None, "茶の話をします") for number in range(1, 5)])
    assert [page.text for page in pages] == ["茶の話をします"] * 4
