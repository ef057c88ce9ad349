"""HTML pages: what a reader sees, in any encoding, whatever the page is built of."""

from __future__ import annotations

import time

import pytest

from corpus.models import BlockKind, RawDocument, Verdict
from corpus.readers.html import read_html
from corpus.structure import structure_document

SENTENCE = "一番茶は五月に摘みます。"
PAGE = (
    f"<html><head><meta charset='CHARSET'><title>茶の手引き</title></head><body><h1>茶</h1><p>{SENTENCE}</body></html>"
)
SHORT = {
    BlockKind.PARAGRAPH: "p",
    BlockKind.LIST_ITEM: "li",
    BlockKind.TABLE_ROW: "tr",
    BlockKind.CAPTION: "caption",
}


def marked(document: RawDocument) -> list[str]:
    """The lines of the one page, each with its kind before it."""
    (page,) = document.pages
    assert (page.number, page.text) == (None, "")
    return [f"{SHORT.get(line.kind) or f'h{line.level}'} {line.text}" for line in page.lines]


def lines(body: str) -> list[str]:
    """The lines of a body below a heading, without the heading."""
    found = marked(read_html(f"<!DOCTYPE html><meta charset=utf-8><h1>題</h1>{body}".encode()))
    assert found[0] == "h1 題"
    return found[1:]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("iso-2022-jp", "iso2022_jp"),
        ("utf-16", "utf-16"),
        ("iso-8859-1", "utf-8"),
        ("no-such-thing", "euc_jp"),
        ("idna", "cp932"),
    ],
)
def test_every_encoding_gives_the_same_page(charset: str, encoding: str) -> None:
    """This test ensures that a page reads the same whatever its encoding, and whatever it wrongly claims."""
    document = read_html(PAGE.replace("CHARSET", charset).encode(encoding))
    assert (document.verdict, document.title) == (Verdict.READ, "茶の手引き")
    assert marked(document) == ["h1 茶", f"p {SENTENCE}"]
    assert len(document.warnings) == (charset in ("no-such-thing", "idna"))


def test_characters_of_windows_survive() -> None:
    """This test ensures that ① 髙 of a page in "Shift_JIS", which that standard lacks, are read."""
    page = PAGE.replace("CHARSET", "shift_jis").replace(SENTENCE, "①髙橋さんの茶～新茶まで")
    assert marked(read_html(page.encode("cp932")))[1] == "p ①髙橋さんの茶～新茶まで"


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("shift_jis", "cp932")])
def test_a_broken_byte_costs_itself(charset: str, encoding: str) -> None:
    """This test ensures that a page with a lost byte is partly read in the encoding that it names, and says so."""
    data = PAGE.replace("CHARSET", charset).replace(SENTENCE, SENTENCE * 40 + "|").encode(encoding)
    document = read_html(data.replace(b"|", b"\x82 "))
    assert document.verdict is Verdict.PARTLY_READ
    assert "1か所" in document.warnings[0]
    assert marked(document)[1].startswith(f"p {SENTENCE}")


def test_headings_make_section_paths() -> None:
    """This test ensures that h1 to h6 nest, and that the title of the page is not part of the path."""
    body = "<h2>目的</h2><p>甲です。</p><h3>範囲</h3><p>乙です。</p><h2>定義</h2><p>丙です。</p>"
    document = read_html(f"<title>茶｜役所</title><h1>茶</h1>{body}".encode())
    assert document.title == "茶"
    (structured,) = structure_document(document, title="茶")
    bodies = [block for block in structured.blocks if block.kind is BlockKind.PARAGRAPH]
    assert [block.section for block in bodies] == [("目的",), ("目的", "範囲"), ("定義",)]


def test_line_breaks_of_the_source_and_of_the_page() -> None:
    """This test ensures that a break in the source is nothing between Japanese, and that br parts items only."""
    assert lines("<p>公的な\n  文書です。\nThe second\nline<br>です。<br><br>別の段落。<br>・一つ<br>・二つ") == [
        "p 公的な文書です。 The second line です。",
        "p 別の段落。",
        "p ・一つ",
        "p ・二つ",
    ]


def test_inline_elements_part_nothing() -> None:
    """This test ensures that a word in bold, a link or a soft break stays within its sentence."""
    assert lines("<p>一番<b>茶</b>は<a href='x'>五<wbr>月</a>&nbsp;&amp;&#x516D;月<div>次</div>の段落") == [
        "p 一番茶は五月 &六月",
        "p 次",
        "p の段落",
    ]


def test_lists_keep_their_numbers() -> None:
    """This test ensures that numbers that a browser would show are part of the text, and are never doubled."""
    assert lines("<ul><li>茶<ul><li>玉露</ul><li>水</ul>") == ["li 茶", "li 玉露", "li 水"]
    assert lines("<ol><li>茶<ol type=a><li>玉露<li>煎茶</ol><li><p>水</p><p>湯</p></ol>") == [
        "li 1. 茶",
        "li a. 玉露",
        "li b. 煎茶",
        "li 2. 水",
        "li 湯",
    ]
    assert lines("<ol start=9 type=I><li>茶<li value=14>水</ol>") == ["li IX. 茶", "li XIV. 水"]
    assert lines("<ol><li>（1）茶<li>②水</ol><ol style='list-style: none'><li>湯</ol>") == [
        "li （1）茶",
        "li ②水",
        "li 湯",
    ]
    assert lines("<ol start=x><li value=99999999999>茶</ol><li>水") == ["li 99999999999. 茶", "li 水"]


def test_definitions_are_rows() -> None:
    """This test ensures that a term stands beside its definition, and is not lost without one."""
    assert lines(
        "<dl><dt>一番茶<dd>五月の茶。<p>新茶とも。</p><dt>二番茶<dt>三番茶<dd>夏の茶。<dt>秋冬番茶</dl><p>次"
    ) == [
        "tr 一番茶\t五月の茶。",
        "p 新茶とも。",
        "p 二番茶",
        "tr 三番茶\t夏の茶。",
        "p 秋冬番茶",
        "p 次",
    ]


def test_tables_keep_rows_and_columns() -> None:
    """This test ensures that empty cells stay, and that a merged cell has its text once with empty ones around."""
    assert lines(
        "<table><caption>表1 茶</caption><thead><tr><th>品<th>値<th></thead>"
        "<tr><td rowspan=2>茶<td>100<td>円</tr><tr><td colspan=2>不明</tr><tr><td><td><td></tr>"
        "<tr><td><ul><li>a<li>b</ul><td><p>一行目<br>二行目</p><p>次</p></table>"
    ) == ["caption 表1 茶", "tr 品\t値\t", "tr 茶\t100\t円", "tr \t不明\t", "tr a b\t一行目 二行目 次"]


def test_tables_that_lay_out_a_page_are_no_tables() -> None:
    """This test ensures that cells with tables or headings in them, and tables of one column, become the page."""
    assert lines("<table><tr><td>左<td><table><tr><td>a<td>b</table><p>後</p></table>") == ["p 左", "tr a\tb", "p 後"]
    assert lines("<table><tr><td>左<td><h2>目的</h2><p>甲</p><ul><li>乙</ul><tr><td>丙<td>丁</table>") == [
        "p 左",
        "h2 目的",
        "p 甲",
        "li 乙",
        "p 丙",
        "p 丁",
    ]
    assert lines("<table role=presentation><tr><td>甲<td>乙</table><table><tr><td>枠の中</table>") == [
        "p 甲",
        "p 乙",
        "p 枠の中",
    ]


def test_captions_quotes_and_preformatted_text() -> None:
    """This test ensures that figcaption is a caption, and that a pre within a page keeps its lines."""
    assert lines(
        "<figure><img alt=x><figcaption>図1</figcaption></figure><blockquote>引用</blockquote><pre>a  b\n\nc</pre>"
    ) == [
        "caption 図1",
        "p 引用",
        "p a  b",
        "p c",
    ]


def test_readings_and_scripts_are_left_out() -> None:
    """This test ensures that what is no text of the page, furigana included, is not read and not called hidden."""
    body = (
        "<nav>戻る</nav><aside>広告</aside><header>役所</header><div role=navigation>順路</div><footer>連絡先</footer>"
        "<script>var a</script><style>p{}</style><template><p>型</template><noscript>要</noscript>"
        "<select><option>選</select><svg><title>絵</title><text>絵</text></svg><!-- 注 -->"
        "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>"
        "<article><header><p>日付</p></header></article>"
    )
    assert lines(body) == ["p 漢字", "p 日付"]
    assert read_html(f"<h1>題</h1>{body}".encode()).warnings == ()


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        "aria-hidden=true",
        "style='color:red; DISPLAY : none'",
        "style='visibility:hidden'",
        "style='font-size:0px'",
    ],
)
def test_what_nobody_sees_is_left_out_and_said(attribute: str) -> None:
    """This test ensures that hidden text is never quoted, whatever hides it, and that its length is told."""
    document = read_html(f"<h1>題</h1><p>見<span {attribute}>隠し<b>文字</b><script>x</script></span>える</p>".encode())
    assert marked(document)[1:] == ["p 見える"]
    assert ["4字" in warning for warning in document.warnings] == [True]
    assert document.verdict is Verdict.READ


@pytest.mark.parametrize(
    "style", ["font-size:0.9em", "display:block", "opacity:0.5", "font-size:05px", "x-display:none"]
)
def test_what_is_seen_is_not_hidden(style: str) -> None:
    """This test ensures that styles that look alike hide nothing."""
    assert lines(f"<p style='{style}'>見える") == ["p 見える"]


def test_a_page_that_is_all_margin_is_read() -> None:
    """This test ensures that a page whose whole text stands in a header or a menu is not called empty."""
    assert marked(read_html("<header><h1>題</h1><nav><ul><li>一つ</ul></nav></header>".encode())) == [
        "h1 題",
        "li 一つ",
    ]


def test_a_page_without_headings_is_a_text() -> None:
    """This test ensures that headings are found by their wording where the page marks none."""
    document = read_html(
        "<body><b>第1章　総則</b><p>茶を摘む。<ul><li>甲<li>乙</ul><table><tr><td><td>2<td>3</table>".encode()
    )
    assert document.pages[0].text == "第1章　総則\n\n茶を摘む。\n\n・甲\n・乙\n\n\t2\t3"
    (page,) = structure_document(document)
    assert page.blocks[1].section == ("第1章 総則",)


def test_a_preformatted_page_is_a_text() -> None:
    """This test ensures that lines cut at forty characters are joined again, as in a text file."""
    document = read_html("<html><body><pre>第1章　総則\n\n一番茶は\n五月に摘みます。\n</pre></body></html>".encode())
    assert "一番茶は\n五月" in document.pages[0].text
    assert [block.text for block in structure_document(document)[0].blocks] == ["第1章 総則", SENTENCE]


def test_a_table_alone_stays_a_table() -> None:
    """This test ensures that a table that was saved under another name keeps its rows though there is no heading."""
    assert marked(read_html(b"<table><tr><td>1<td></tr><tr><td><td>2</tr></table>")) == ["tr 1\t", "tr \t2"]


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"", Verdict.EMPTY),
        (b"   ", Verdict.EMPTY),
        (b"<html><script>app()</script></html>", Verdict.EMPTY),
        (b"<p hidden>x</p>", Verdict.EMPTY),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", Verdict.UNSUPPORTED),
        (bytes(range(256)) * 40, Verdict.UNSUPPORTED),
    ],
    ids=["nothing", "blank", "script", "hidden", "mhtml", "binary"],
)
def test_what_has_no_text_gets_a_verdict(data: bytes, verdict: Verdict) -> None:
    """This test ensures that nothing is raised, and that a line says what to do."""
    document = read_html(data)
    assert (document.verdict, document.pages) == (verdict, ())
    assert "保存し直してください" in document.warnings[0]


def test_entities_are_not_resolved() -> None:
    """This test ensures that a page can neither read a local file nor swell."""
    document = read_html(b"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><h1>a</h1><p>&x;&amp;</p>")
    assert marked(document)[-1] == "p &x;&"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000,
        "<b>" * 100_000,
        "<ul><li>" * 50_000,
        "<table><tr><td>" * 50_000,
        "<span hidden>" * 100_000,
        "<table><tr>" + "<td rowspan=1000 colspan=1000>a" * 3_000 + "<tr>a" * 30_000,
        "<dl>" + "<dt>a" * 100_000,
        "<p>" + "<br>" * 300_000,
        "<p>" + "a<br>" * 300_000,
        "<p>a" + " " * 300_000 + "b" + "\n" * 300_000 + "c" + "<br> " * 300_000,
        "<p>" + "茶\n" * 300_000,
        "<p><!--" * 50_000,
        "<p style='" + "display: " * 50_000 + "'>",
    ],
    ids=[
        "blocks",
        "inline",
        "lists",
        "tables",
        "hidden",
        "spans",
        "terms",
        "breaks",
        "lines",
        "spaces",
        "source lines",
        "comments",
        "style",
    ],
)
def test_hostile_pages_are_read_in_time(hostile: str) -> None:
    """This test ensures that depth and number of elements cost neither a recursion error nor minutes nor memory."""
    started = time.perf_counter()
    document = read_html(f"<h1>題</h1>{hostile}茶".encode())
    assert time.perf_counter() - started < 10
    assert sum(len(line.text) for page in document.pages for line in page.lines) < 3_000_000
