"""Units to blocks under section paths: the made-up documents carry the damage that the real ones carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Block, BlockKind, Page, RawDocument, RawPage, Verdict
from corpus.structure import structure_document
from tests.corpus.goldens import NAMES, golden_path, render, structured


def blocks_of(
    *texts: str, outline: tuple[tuple[int, str, int | None], ...] = (), numbered: bool = False
) -> list[Block]:
    """The blocks of a document with these pages."""
    pages = tuple(RawPage(number if numbered else None, None, text) for number, text in enumerate(texts, 1))
    document = structure_document(RawDocument(Verdict.READ, pages, outline=outline))
    return [block for page in document for block in page.blocks]


def section_of(text: str, blocks: list[Block]) -> str:
    """The section path of the one block with this text."""
    (block,) = (block for block in blocks if block.text == text and block.kind is not BlockKind.HEADING)
    return " > ".join(block.section)


@pytest.mark.parametrize("name", NAMES)
def test_made_up_documents(name: str) -> None:
    """This test ensures that each made-up document becomes exactly the blocks of its golden file."""
    assert render(structured(name)) == golden_path(name).read_text(encoding="utf-8")


def _pages_with(pages: tuple[Page, ...], kind: BlockKind) -> list[tuple[str | None, Block]]:
    return [(page.label, block) for page in pages for block in page.blocks if block.kind is kind]


def test_page_ranges_come_from_the_contents_and_end_with_the_check_list() -> None:
    """This test ensures that labels are the document's own, and that nothing in front or behind has one."""
    pages = structured("guide.txt")
    assert [page.label for page in pages] == [None, "3–4", "5", "6–7", "8–9", None]
    assert all(page.number is None for page in pages)


def test_a_case_keeps_its_chapter() -> None:
    """This test ensures that two cases of one number are told apart by the chapter above them."""
    cases = _pages_with(structured("guide.txt"), BlockKind.CASE)
    assert [(label, block.section[0], block.section[1][:6]) for label, block in cases] == [
        ("3–4", "摘み取りの失敗", "Case 1"),
        ("3–4", "摘み取りの失敗", "Case 2"),
        ("5", "蒸しの失敗", "Case 1"),
    ]


def test_check_list_items_keep_group_and_page() -> None:
    """This test ensures that an item stands under its group and keeps the pages in brackets."""
    items = _pages_with(structured("guide.txt"), BlockKind.CHECKLIST_ITEM)
    assert [(block.section[-1], block.text.split(") ")[0]) for _, block in items] == [
        ("摘み取りの前に", "かごの点検 (P12,13"),
        ("摘み取りの前に", "はさみの点検 (P15"),
        ("蒸しの前に", "釜の点検 (P22-24"),
    ]


def test_pages_in_a_heading_are_its_label() -> None:
    """This test ensures that 「（3–4ページ）」 in a heading is taken as its page range and off its name."""
    text = "# 題\n\n## 畑（3–4ページ）\n\n茶。\n\n### 土\n\n赤。\n\n## 蔵\n\n棚。\n\n## 倉（原典 7 ページ）\n\n樽。"
    pages = structure_document(RawDocument(Verdict.READ, (RawPage(None, None, text),)), title="題")
    assert [(page.label, page.blocks[0].section) for page in pages] == [
        ("3–4", ("畑",)),
        (None, ("蔵",)),
        ("7", ("倉",)),
    ]
    assert pages[0].blocks[-1].section == ("畑", "土")


@pytest.mark.parametrize(
    ("text", "of", "section"),
    [
        ("畑の話\n\n茶を摘む日を決める。", "茶を摘む日を決める。", "畑の話"),
        ("本文。\n\n茶畑\n\n朝霧\n\n山道\n\n春先\n\n茶を摘む日を決める。", "茶を摘む日を決める。", "春先"),
        ("本文。\n\n茶畑\n\n朝霧\n\n春先\n\n茶を摘む日を決める。", "茶畑", "春先"),
        ("本文。\n\n図の脇の説明\n\n\n次の題\n\n茶を摘む。", "図の脇の説明", ""),
        ("本文。\n\n\n\n大きな題\n\n\n\n小さな題\n\n茶を摘む。", "茶を摘む。", "大きな題 > 小さな題"),
        ("前の題\n\n本文。\n\n図の脇の説明\n\n(参考)次の題\n\n茶を摘む。", "図の脇の説明", "前の題"),
        ("題名\n\n① 道具\n\n- 竹のかご", "竹のかご", "題名 > ① 道具"),
        ("題名\n\n① 道具\n② 場所\n\n竹のかご。", "① 道具", "題名"),
        ("題名\n\n本文。\n\n【図一】\n\n【図二】\n\n次の題\n\n茶。", "【図一】", "題名"),
        ("題名\n\n本文。\n\n最後の短い行", "最後の短い行", "題名"),
        ("Case 1 雨\n\n【概要】\n\n- 雨だ。\n\n本件の教訓\n\n- 傘を持つ。", "傘を持つ。", "Case 1 雨 > 本件の教訓"),
    ],
)
def test_short_lines_become_headings_or_captions(text: str, of: str, section: str) -> None:
    """This test ensures that what stands around a short line decides whether it heads or labels something."""
    assert section_of(of, blocks_of(text)) == section


def test_no_heading_is_left_without_text() -> None:
    """This test ensures that a heading under which nothing stands is kept as text, which a search can find."""
    blocks = blocks_of("## 一\n\n茶。\n\n## 空の題\n\n## 二\n\n茶。\n\n## 三\n\n茶。\n\n## 終わりの題\n")
    captions = [block.text for block in blocks if block.kind is BlockKind.CAPTION]
    assert captions == ["空の題", "終わりの題"]


def test_parts_outrank_marks_that_are_not_to_be_relied_on() -> None:
    """This test ensures that in a report of parts everything else stands below its part, and ② beside ①."""
    blocks = [block for page in structured("report.md") for block in page.blocks]
    assert section_of("土は黒く、水はけがよい。", blocks) == "第1部. 畑の様子 > 畑の土"
    assert section_of("戸を閉める。", blocks) == "第2部. 蔵の様子 > 蔵の湿り気 > ② 梅雨の後"


def test_chapters_and_articles_of_a_printed_page() -> None:
    """This test ensures that chapters, article titles and comments nest, and entries of contents are no headings."""
    contents = "目 次\n第１章 畑………２\n第１条（目的）\n第２条（土）\n第２章 蔵………３"
    rules = (
        "第１章 畑\n（目的）\n第１条 この決まりは茶畑について定めるものである。\n【第１条 目的】\n茶畑とは畑である。"
    )
    blocks = blocks_of(contents, rules, "第２章 蔵\n蔵は北に建てる。", numbered=True)
    assert [block.kind.value for block in blocks if block.page_number == 1] == ["heading", *["list_item"] * 4]
    assert section_of("茶畑とは畑である。", blocks) == "第１章 畑 > （目的） > 【第１条 目的】"
    assert section_of("蔵は北に建てる。", blocks) == "第２章 蔵"


def test_bookmarks_are_headings_on_their_page() -> None:
    """This test ensures that a bookmark makes a heading of its line, heads a page that lacks it, and nothing else."""
    outline = ((1, "畑", 1), (2, "土の色", 1), (1, "蔵の中の様子", 2), (1, "スライド番号 3", 3))
    blocks = blocks_of(
        "畑\n土の色\n赤い。\nまた畑", "蔵の中の様子 図\n棚がある。", "倉。\n樽。", outline=outline, numbered=True
    )
    assert section_of("赤い。", blocks) == "畑 > 土の色"
    assert section_of("蔵の中の様子 図", blocks) == "蔵の中の様子"
    assert [block.text for block in blocks if block.kind is BlockKind.HEADING] == ["畑", "土の色", "蔵の中の様子"]


def test_a_slide_begins_with_its_title_wherever_the_file_draws_it() -> None:
    """This test ensures that in a deck with one bookmark a page no text falls under the slide before."""
    outline = ((1, "畑の題", 1), (1, "蔵の題", 2), (1, "倉の題", 3))
    blocks = blocks_of(
        "畑の題\n赤い。", "棚がある。\n蔵の題\n戸がある。", "倉の題\n樽だ。", outline=outline, numbered=True
    )
    assert section_of("棚がある。", blocks) == "蔵の題"


@given(
    st.lists(
        st.sampled_from(
            ["茶。", "題", "- 項", "# 印", "① 一", "☐ 点 (P3)", "Case 2 例", " 題", "", "章 3~4ページ", "目次"]
        )
    ),
    st.booleans(),
)
def test_no_text_is_lost_and_no_order_breaks_it(lines: list[str], numbered: bool) -> None:
    """This test ensures that any mix of lines is structured, every word of it is kept, and no block is empty."""
    blocks = blocks_of("\n\n".join(lines), numbered=numbered)
    assert all(block.text for block in blocks)
    for word in ("茶。", "項", "点 (P3)", "3~4ページ"):
        assert sum(block.text.count(word) for block in blocks) == sum(line.count(word) for line in lines)
