"""Tests of how the text of an answer becomes HTML."""

from __future__ import annotations

import pytest

from pages.markup import answer_html, inline_html


def marker(number: int) -> str | None:
    """Three sources, each shown as a tag of its own."""
    return f"<m>{number}</m>" if 1 <= number <= 3 else None


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一行目\n二行目\n\n次の段落 [1]", "<p>一行目<br>二行目</p><p>次の段落 <m>1</m></p>"),
        ("**見出し**\n- 一つ\n- 二つ", '<p class="mm-label">見出し</p><ul><li>一つ</li><li>二つ</li></ul>'),
        ("**太字**で始まる文", "<p><strong>太字</strong>で始まる文</p>"),
        ("**太字の中の印 [2]**です", "<p><strong>太字の中の印 <m>2</m></strong>です</p>"),
        (
            "1. 一つ\n   - 内側 [1]\n   - 内側\n2. 二つ",
            '<ol start="1"><li>一つ<ul><li>内側 <m>1</m></li><li>内側</li></ul></li><li>二つ</li></ol>',
        ),
        ("1. 一つ\n\n2. 二つ", '<ol start="1"><li>一つ</li><li>二つ</li></ol>'),
        ("3. 三つ", '<ol start="3"><li>三つ</li></ol>'),
        ("- 点\n1. 番号", '<ul><li>点</li></ul><ol start="1"><li>番号</li></ol>'),
        ("- 点\n続きの段落", "<ul><li>点</li></ul><p>続きの段落</p>"),
        ("   - 親のない項目", "<ul><li>親のない項目</li></ul>"),
        ("", ""),
    ],
)
def test_the_subset_is_rendered(text: str, html: str) -> None:
    """This test ensures that paragraphs, labels, lists, nested lists, bold and markers come out as HTML."""
    assert answer_html(text, marker) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![図](http://example.org/x.png)",
        "[押す](javascript:alert(1))",
        "[押す](https://example.org/)",
        "<https://example.org/>",
        "| 表 | です |",
        "> 引用",
        "`コード` と *斜体* と __太字__",
        "# 見出し",
    ],
)
def test_all_else_is_literal(text: str) -> None:
    """This test ensures that no other Markdown and no HTML becomes an element."""
    html = answer_html(text, marker)
    assert html.startswith("<p>")
    assert "<" not in html.removeprefix("<p>").removesuffix("</p>")
    assert "href" not in html
    assert "src=" not in html or "&lt;img src=" in html


@pytest.mark.parametrize("text", ["[9]", "[0]", "[1234]", "[一]", "[ 1 ]", "［1］"])
def test_a_marker_that_leads_nowhere_stays_text(text: str) -> None:
    """This test ensures that only a number with a source becomes a marker."""
    assert inline_html(text, marker) == text


def test_markers_next_to_each_other() -> None:
    """This test ensures that markers without a gap are each their own."""
    assert inline_html("文。[1][2]", marker) == "文。<m>1</m><m>2</m>"
