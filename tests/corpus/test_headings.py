"""Tests of how deep Markdown's headings go in documents of parts and chapters."""

from __future__ import annotations

from corpus.readers.text import read_text
from corpus.structure import structure_document

TITLE = "里山の手引き"


def section_of(text: str, markdown: str) -> str:
    """The section path that a line of a Markdown document stands under."""
    pages = structure_document(read_text(markdown.encode()), title=TITLE)
    (found,) = {block.section for page in pages for block in page.blocks if block.text == text}
    return " > ".join(found)


def document(*chapters: str) -> str:
    """A Markdown document with a title and enough headings to be taken for one."""
    return f"# {TITLE}\n\n" + "\n\n".join(chapters)


def test_a_sentence_about_a_chapter_opens_none() -> None:
    """This test ensures that a heading which only speaks of a chapter keeps its place under the heading above."""
    text = document(
        "## 山の道\n\n道は東へ続きます。",
        "### 第2章の読み方\n\n地図を開きます。",
        "### 道しるべ\n\n石が積んであります。",
        "## 川の道\n\n川は西へ流れます。",
        "### 橋\n\n橋は木でできています。",
    )
    assert section_of("地図を開きます。", text) == "山の道 > 第2章の読み方"
    assert section_of("石が積んであります。", text) == "山の道 > 道しるべ"
    assert section_of("橋は木でできています。", text) == "川の道 > 橋"


def test_marks_that_set_the_parts_on_top_are_kept() -> None:
    """This test ensures that what stands beside the parts does not end up inside one, nor the title above them."""
    text = document(
        "## はじめに\n\n山は近くにあります。",
        "## 第1部 山の道\n\n道は東へ続きます。",
        "### 道しるべ\n\n石が積んであります。",
        "## 第2部 川の道\n\n川は西へ流れます。",
        "## まとめ\n\n歩くときは水を持ちます。",
    )
    assert section_of("山は近くにあります。", text) == "はじめに"
    assert section_of("石が積んであります。", text) == "第1部 山の道 > 道しるべ"
    assert section_of("歩くときは水を持ちます。", text) == "まとめ"


def test_marks_that_mix_parts_and_sections_are_mended() -> None:
    """This test ensures that sections stay inside their part where `#` sets both at one depth."""
    text = document(
        "# 第1部. 山の道\n\n道は東へ続きます。",
        "# 道しるべ\n\n石が積んであります。",
        "## 第2部. 川の道\n\n川は西へ流れます。",
        "# 橋\n\n橋は木でできています。",
        "# まとめ\n\n歩くときは水を持ちます。",
    )
    assert section_of("石が積んであります。", text) == "第1部. 山の道 > 道しるべ"
    assert section_of("橋は木でできています。", text) == "第2部. 川の道 > 橋"
    assert section_of("歩くときは水を持ちます。", text) == "まとめ"
