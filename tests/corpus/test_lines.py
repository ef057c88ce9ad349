"""Lines to units: what a single line and its neighbours look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.lines import UnitKind, split_units
from corpus.models import RawPage
from corpus.printed_page import label_pages


def kinds(text: str, *, markdown: bool = False, paged: bool = False) -> list[tuple[str, str]]:
    """(kind, text) of each unit."""
    return [(unit.kind.value, unit.text) for unit in split_units(text, 0, markdown=markdown, paged=paged)]


@pytest.mark.parametrize("bullet", [*"-–•●▶✓○◆◇□◦⚫➢・*", "‒", "\uf0b7", "\uf0fc", "\uf06c", "- ▶", "\uf0d8 "])
def test_bullets_start_an_item(bullet: str) -> None:
    """This test ensures that each bullet, symbol fonts' private ones among them, makes an item and is taken off."""
    assert kinds(f"{bullet} 茶を摘む。\n{bullet} 葉を蒸す。") == [
        ("list_item", "茶を摘む。"),
        ("list_item", "葉を蒸す。"),
    ]


def test_a_private_bullet_inside_a_line_is_dropped() -> None:
    """This test ensures that a symbol font's character never shows as a blank box."""
    assert kinds("\uf0b7茶\uf0e0湯") == [("list_item", "茶湯")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("茶葉を\n摘む。", [("paragraph", "茶葉を摘む。")]),
        ("- 茶葉を\n  摘む。", [("list_item", "茶葉を摘む。")]),
        ("見出し\n\n本文です。", [("candidate", "見出し"), ("paragraph", "本文です。")]),
        ("STEP 1 用意", [("heading", "STEP 1 用意")]),
        ("第二章 畑", [("heading", "第二章 畑")]),
        ("第2章の内容について", [("candidate", "第2章の内容について")]),
        ("■ 畑を見る", [("heading", "畑を見る")]),
        ("■ 畑を見る。", [("list_item", "畑を見る。")]),
        ("【畑の決まり】", [("heading", "【畑の決まり】")]),
        ("畑の決まり（2024年5月）", [("candidate", "畑の決まり（2024年5月）")]),
        ("5月に畑へ", [("paragraph", "5月に畑へ")]),
        ("畑に行きましょう(例1)", [("candidate", "畑に行きましょう(例1)")]),
        ("※ 畑は広い", [("caption", "※ 畑は広い")]),
        ("1. 畑を見る", [("enumerated", "1. 畑を見る")]),
        ("1. 畑を見ます。", [("list_item", "1. 畑を見ます。")]),
        ("畑の章……………12", [("list_item", "畑の章……………12")]),
        ("区分\t額\n小\t50万円", [("table_row", "区分　額"), ("table_row", "小　50万円")]),
        ("区分\t額\n\t50万円", [("table_row", "区分　額"), ("table_row", "　50万円")]),
        ("| 区分 | 額 |\n|---|---|\n| 小 | 50 |", [("table_row", "区分　額"), ("table_row", "小　50")]),
        ("☐ 畑の点検 (P8)", [("checklist_item", "畑の点検 (P8)")]),
        ('<input type="checkbox"/>\t畑 (P8) 見る', [("checklist_item", "畑 (P8) 見る")]),
        ("- [x] 畑の点検", [("checklist_item", "畑の点検")]),
        ("✓\t畑の前に", [("checklist_group", "畑の前に")]),
        ("茶葉\r\n\r\n園です。\r\n", [("candidate", "茶葉"), ("paragraph", "園です。")]),
        ("---\n\n====\n", []),
        ("1.45 m 1 m", [("paragraph", "1.45 m 1 m")]),
        ("時", [("paragraph", "時")]),
        ("海 外", [("candidate", "海 外")]),
    ],
)
def test_what_lines_look_like(text: str, expected: list[tuple[str, str]]) -> None:
    """This test ensures that each shape of line that the guidance uses is told apart."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("- 茶の売り上げ\n\nを増やす。", True),
        ("- 茶を摘み、\n\n葉を蒸す。", True),
        ("- 茶（旧い呼び名は茶\n\n葉）を摘む。", True),
        ("- 茶を摘む\n\n葉を蒸す。", False),
        ("- 茶を摘み、\n\n- 葉を蒸す。", False),
        ("- 茶を摘み、\n\n\n葉を蒸す。", False),
    ],
)
def test_a_sentence_cut_by_a_blank_line_is_one(text: str, joined: bool) -> None:
    """This test ensures that only what cannot stand alone is joined over a blank line, and never over two."""
    assert (len(kinds(text)) == 1) is joined


def test_markdown_takes_headings_from_its_marks_alone() -> None:
    """This test ensures that in Markdown a short line is text, and that closing marks go."""
    units = split_units("## 茶 ##\n短い行\n\n# **園**", 0, markdown=True)
    assert [(unit.kind, unit.text, unit.rank) for unit in units] == [
        (UnitKind.HEADING, "茶", 2),
        (UnitKind.PARAGRAPH, "短い行", 0),
        (UnitKind.HEADING, "園", 1),
    ]


def test_a_line_behind_a_space_starts_a_slide_only_where_text_ended() -> None:
    """This test ensures that an indented line inside a sentence is no title, and that a printed page has no slides."""
    text = "茶は続く。\n 茶の題\n 茶の次の題\n\n茶は\n (続き)で終わる。"
    assert [unit.starts_slide for unit in split_units(text, 0, markdown=False)] == [False, True, True, False]
    assert not any(unit.starts_slide for unit in split_units(text, 0, markdown=False, paged=True))


def test_paragraphs_of_a_printed_page() -> None:
    """This test ensures that lines as wide as the page are one paragraph, and that short ones end theirs."""
    wide = "茶畑は山の北側にあり朝の霧が深く立ちこめるために葉が柔らかく育つと"
    text = f"第１章 畑\n{wide}\n{wide}\n言われています。\n{wide}\nいう。\n（目的）\n第１条 {wide}\n定める。"
    assert [text for _, text in kinds(text, paged=True)] == [
        "第１章 畑",
        f"{wide}{wide}言われています。",
        f"{wide}いう。",
        "（目的）",
        f"第１条 {wide}定める。",
    ]
    assert kinds("", paged=True) == []


def test_printed_page_numbers_become_labels() -> None:
    """This test ensures that numbers that count with the pages leave the text, and that a year at the edge stays."""
    texts = ("- 3 -\n茶の話。\n2024", "茶の話。\n４", "題\n5\n茶の話。", "茶の話。")
    pages = label_pages([RawPage(number, None, text) for number, text in enumerate(texts, 1)])
    assert [page.label for page in pages] == ["3", "4", "5", None]
    assert [page.text.split() for page in pages] == [
        ["茶の話。", "2024"],
        ["茶の話。"],
        ["題", "茶の話。"],
        ["茶の話。"],
    ]


def test_numbers_that_do_not_count_are_no_page_numbers() -> None:
    """This test ensures that nothing is taken off where numbers at the edge are no sequence, or there are no pages."""
    scattered = tuple(RawPage(number, None, f"{text}\n茶。") for number, text in enumerate(("7", "3", "9", "2"), 1))
    assert label_pages(scattered) == scattered
    unpaged = (RawPage(None, None, "1\n茶。"),)
    assert label_pages(unpaged) == unpaged


@given(st.text(alphabet=[*"茶園の。、（) \t\n#|-1・①※[]*第章\x00\uf0b7\u3000"]), st.booleans(), st.booleans())
def test_any_text_can_be_split(text: str, markdown: bool, paged: bool) -> None:
    """This test ensures that no text breaks the splitting, and that no unit is empty."""
    assert all(unit.text.strip() for unit in split_units(text, 0, markdown=markdown, paged=paged))
