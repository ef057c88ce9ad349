"""Blocks to chunks: what stays together, what does not, and that nothing is lost."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from corpus.chunk import chunk_document
from corpus.models import Block, BlockKind, Document, Page

KINDS = st.sampled_from([kind for kind in BlockKind if kind is not BlockKind.HEADING])
SECTIONS = st.sampled_from([(), ("畑",), ("畑", "土"), ("蔵",)])
TEXTS = st.text(alphabet="茶園。！a ", min_size=1, max_size=60).map(str.strip).filter(bool)
BLOCKS = st.builds(Block, KINDS, TEXTS, SECTIONS)
PAGES = st.builds(Page, st.none() | st.integers(1, 9), st.none() | st.just("3–4"), st.lists(BLOCKS).map(tuple))


def document(*pages: Page) -> Document:
    """A document that holds these pages."""
    return Document("tea", "茶", None, None, None, (), None, "tea.txt", "0" * 64, pages)


def page(*blocks: Block, number: int | None = None, label: str | None = None) -> Page:
    """A page of these blocks."""
    return Page(number, label, blocks)


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, section: tuple[str, ...] = ("畑",)) -> Block:
    """One block."""
    return Block(kind, text, section)


def test_blocks_of_a_section_stay_together() -> None:
    """This test ensures that a chunk is whole blocks of one section on one page, with that page's number and label."""
    first = page(block("一。"), block("二。"), block("三。", section=("蔵",)), number=3, label="7")
    chunks = chunk_document(document(first, page(block("四。", section=("蔵",)), number=4)))
    assert [(chunk.text, chunk.section, chunk.start_page, chunk.end_page, chunk.page_label) for chunk in chunks] == [
        ("一。\n二。", ("畑",), 3, 3, "7"),
        ("三。", ("蔵",), 3, 3, "7"),
        ("四。", ("蔵",), 4, 4, None),
    ]


def test_headings_are_no_text_of_a_chunk() -> None:
    """This test ensures that a heading is found in the section path alone."""
    (chunk,) = chunk_document(document(page(block("畑", BlockKind.HEADING), block("一。"))))
    assert (chunk.text, chunk.section_path) == ("一。", "畑")


def test_a_check_list_item_stands_alone() -> None:
    """This test ensures that each item of a check list is a chunk of its own, among other blocks as well."""
    item = BlockKind.CHECKLIST_ITEM
    chunks = chunk_document(document(page(block("序。"), block("一", item), block("二", item), block("注。"))))
    assert [(chunk.text, chunk.kind) for chunk in chunks] == [
        ("序。", BlockKind.PARAGRAPH),
        ("一", item),
        ("二", item),
        ("注。", BlockKind.PARAGRAPH),
    ]


def test_a_table_of_some_length_stays_whole() -> None:
    """This test ensures that twenty-four rows of a list of technologies are one chunk."""
    rows = [
        block(f"{number}番目の技術の名前　{number + 12}番目の技術の名前", BlockKind.TABLE_ROW) for number in range(12)
    ]
    (chunk,) = chunk_document(document(page(*rows)))
    assert chunk.kind is BlockKind.TABLE_ROW


def test_a_long_block_is_cut_at_sentence_ends() -> None:
    """This test ensures that a cut falls behind a sentence where it can, and inside one only where it must."""
    chunks = chunk_document(document(page(block("あ" * 6 + "。" + "い" * 5 + "。" + "う" * 25))), max_chars=10)
    assert [chunk.text for chunk in chunks] == ["あ" * 6 + "。", "い" * 5 + "。", "う" * 10, "う" * 10, "う" * 5]


def test_the_limit_counts_what_is_shown() -> None:
    """This test ensures that a block as long as the limit stays whole, and that blocks share a chunk up to it."""
    first, second = block("あ" * 10), block("い" * 9)
    assert len(chunk_document(document(page(first)), max_chars=10)) == 1
    assert len(chunk_document(document(page(first, second)), max_chars=20)) == 1
    assert len(chunk_document(document(page(first, second)), max_chars=19)) == 2


def test_equal_texts_have_ids_of_their_own() -> None:
    """This test ensures that ids tell equals apart, and differ by document and section."""
    first, second = chunk_document(document(page(block("同じ。"), number=1), page(block("同じ。"), number=2)))
    (elsewhere,) = chunk_document(document(page(block("同じ。", section=("蔵",)))))
    assert len({first.chunk_id, second.chunk_id, elsewhere.chunk_id}) == 3


@given(st.lists(PAGES, max_size=4), st.integers(5, 80))
def test_chunks_hold_everything_once(pages: list[Page], limit: int) -> None:
    """This test ensures that no text is lost or doubled, that chunks fit, and that ids are unique and stable."""
    chunks = chunk_document(document(*pages), max_chars=limit)
    assert "".join(chunk.text.replace("\n", "") for chunk in chunks) == "".join(
        one.text for one_page in pages for one in one_page.blocks
    )
    assert all(0 < len(chunk.text) <= limit for chunk in chunks)
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
    assert chunk_document(document(*pages), max_chars=limit) == chunks


@given(st.lists(PAGES, min_size=1, max_size=3))
def test_a_chunk_stays_on_its_page_and_in_its_section(pages: list[Page]) -> None:
    """This test ensures that each chunk has the page and the section of the blocks it is made of."""
    places = {
        (one_page.number, one_page.label, one.section, line)
        for one_page in pages
        for one in one_page.blocks
        for line in [one.text]
    }
    for chunk in chunk_document(document(*pages)):
        assert chunk.start_page == chunk.end_page
        for line in chunk.text.split("\n"):
            assert (chunk.start_page, chunk.page_label, chunk.section, line) in places


def test_a_line_of_megabytes_is_cut_in_little_time() -> None:
    """This test ensures that the time grows with the text and not with its square: here no limit holds."""
    started = time.perf_counter()
    chunks = chunk_document(document(page(Block(BlockKind.PARAGRAPH, "茶" * 8_000_000, ()))))
    assert sum(len(chunk.text) for chunk in chunks) == 8_000_000
    assert time.perf_counter() - started < 5
