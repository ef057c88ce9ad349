"""Tests of the HTML of answers, sources, passages and documents."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.generate.events import Source
from assistant.models import Answer, Citation, Sentence, Support
from index.models import SearchResult
from pages.labels import ENGLISH, JAPANESE
from pages.plaintext import answer_text
from pages.render import (
    MAX_ROWS,
    ROWS_SHOWN,
    documents_html,
    exchange_html,
    literal,
    notice_html,
    passages_html,
    question_html,
    remote_html,
    unfinished_html,
)
from pages.sources import MAX_GIVEN, MAX_OPEN_SOURCES, given_html, safe_url
from pages.statuses import UNSUPPORTED, WEAK
from tests.pages.fakes import (
    ANSWERED,
    BREAD_CHUNK,
    CAKE_CHUNK,
    DIGEST,
    HANDBOOK,
    MODEL,
    NOT_FOUND,
    PASSAGE,
    STOPPED,
    WRITTEN,
    citation,
)

HOSTILE = '<script>alert(1)</script><img src="http://evil.example/x" onerror="x">![x](http://evil.example/x)"\'&'
ALLOWED = {"div", "p", "span", "a", "strong", "br", "ul", "ol", "li", "details", "summary", "blockquote", "mark"} | {
    "dl",
    "dt",
    "dd",
}


class Elements(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def hostile(answer: Answer = ANSWERED) -> Answer:
    """An answer where every text that may come from a document is an attack."""
    chunk = replace(CAKE_CHUNK, text=HOSTILE + PASSAGE, section=(HOSTILE,))
    bad = replace(
        citation(),
        document_title=HOSTILE,
        edition=HOSTILE,
        published=HOSTILE,
        section=HOSTILE,
        page_label=HOSTILE,
        quote=HOSTILE,
        source_url="javascript:alert(1)",
        publisher=HOSTILE,
        credit=HOSTILE,
        is_digest=True,
    )
    return replace(
        answer,
        text=f"{HOSTILE} [1]",
        sentences=(Sentence(HOSTILE, (1,), Support.WEAK),),
        citations=(bad,),
        passages=(SearchResult(chunk, 1.0, 1),),
        notes=(HOSTILE,),
    )


def ids(html: str) -> list[str]:
    """Every id in order."""
    return re.findall(r'id="([^"]+)"', html)


@pytest.mark.parametrize("labels", [JAPANESE, ENGLISH])
def test_nothing_from_a_document_becomes_an_element(labels: object) -> None:
    """This test ensures that no text of a document or person becomes a script, an image, a handler or a link."""
    labels = JAPANESE if labels is JAPANESE else ENGLISH
    answer = hostile()
    document = replace(HANDBOOK, title=HOSTILE, publisher=HOSTILE, edition=HOSTILE, published=HOSTILE)
    html = (
        exchange_html(answer, labels, 0)
        + passages_html(answer.passages, {"cakes": HOSTILE}, labels)
        + documents_html([document], labels)
        + question_html(HOSTILE, 0)
    )
    elements = Elements(html)
    assert {tag for tag, _ in elements.found} <= ALLOWED
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]
    assert all((link["href"] or "").startswith("#mm-0-") for link in elements.of("a"))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=1#c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.org/", False),
        ("https:example.org", False),
        ("https://example.org/\njavascript:x", False),
        (" https://example.org", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_http_addresses_are_followed(url: str | None, safe: bool) -> None:
    """This test ensures that an address becomes a link only with an http(s) scheme and a host."""
    assert (safe_url(url) == url and url is not None) is safe


def test_the_link_to_the_original() -> None:
    """This test ensures that the original opens in a tab of its own that learns nothing of this page."""
    (link,) = [a for a in Elements(exchange_html(ANSWERED, JAPANESE, 0)).of("a") if a["href"] == HANDBOOK.source_url]
    assert link["target"] == "_blank"
    assert link["rel"] == "noopener noreferrer"


def test_markers_lead_to_their_source_and_back() -> None:
    """This test ensures that every marker's anchor exists once, inside its source, and that the way back exists."""
    html = exchange_html(ANSWERED, JAPANESE, 7)
    assert len(ids(html)) == len(set(ids(html)))
    targets = [(a["href"] or "")[1:] for a in Elements(html).of("a") if (a["href"] or "").startswith("#")]
    assert targets.count("mm-7-source-1") == 2
    assert set(targets) <= set(ids(html))
    assert re.search(
        r'<details class="mm-card"><summary>(?:(?!</summary>).)*\[1\].*?</summary><div [^>]*id="mm-7', html
    )


def test_ids_differ_between_turns() -> None:
    """This test ensures that a marker opens the source of its own answer."""
    assert not set(ids(exchange_html(ANSWERED, JAPANESE, 0))) & set(ids(exchange_html(ANSWERED, JAPANESE, 1)))


def test_a_marker_without_a_source_is_text() -> None:
    """This test ensures that a number that no citation has is shown as it stands, without a link."""
    html = exchange_html(replace(ANSWERED, text="文です。[3]"), JAPANESE, 0)
    assert "文です。[3]" in html
    assert "source-3" not in html


def test_a_marker_says_what_it_opens() -> None:
    """This test ensures that a screen reader hears title and page of the source."""
    markers = [a for a in Elements(exchange_html(ANSWERED, JAPANESE, 0)).of("a") if a.get("class") == "mm-marker"]
    assert markers[0]["aria-label"] == "出典1を開く：お菓子の手引き、ファイルの5ページ目、紙面では3ページ"


def test_a_source_shows_where_it_comes_from() -> None:
    """This test ensures that title, edition, date, section, both pages and publisher stand in the source."""
    html = exchange_html(ANSWERED, JAPANESE, 0)
    for text in (
        "お菓子の手引き &gt; 作り方",
        "2026年4月発行",
        "第9回（2025年1月21日）",
        "ファイルの5ページ目、紙面では3ページ",
        "原典の13–14ページ",
        "製菓研究会",
        "出典：製菓研究会ウェブサイトを加工して作成",
        JAPANESE.support(Support.VERBATIM),
    ):
        assert text in html


@pytest.mark.parametrize(
    ("section", "heading"),
    [
        ("章 > 事例 > 概要", "事例 &gt; 概要"),
        ("章 > 材料を三日前に量ってから焼いた事例", "材料を三日前に量ってから焼いた事例"),
        ("概要", "概要"),
        ("", "お菓子の手引き"),
    ],
)
def test_a_closed_source_is_told_by_its_heading(section: str, heading: str) -> None:
    """This test ensures that a short heading comes with the one above it, and a place without one has the title."""
    html = exchange_html(replace(ANSWERED, citations=(replace(citation(), section=section),)), JAPANESE, 0)
    assert f'<span class="mm-title">{heading}</span>' in html


def test_only_a_digest_is_called_one() -> None:
    """This test ensures that the badge stands on a digest's source and on no other."""
    html = exchange_html(ANSWERED, JAPANESE, 0)
    first, second = html.split('<details class="mm-card">')[1:]
    assert "mm-badge" not in first
    assert '<span class="mm-badge"' in second
    assert ">要約</span>" in second


def marked(one: Citation, text: str | None) -> list[str]:
    """The highlighted stretches when a citation's passage has this text."""
    passages = () if text is None else (SearchResult(replace(CAKE_CHUNK, text=text), 1.0, 1),)
    html = exchange_html(replace(ANSWERED, text="[1]", citations=(one,), passages=passages), JAPANESE, 0)
    return re.findall(r"<mark>(.*?)</mark>", html)


@pytest.mark.parametrize(
    ("quote", "text", "stretches"),
    [
        ("粉は二度ふるいます。", PASSAGE, ["粉は二度ふるいます。"]),
        ("粉は二度", "粉は二度。粉は二度。", ["粉は二度", "粉は二度"]),
        ("量ります。粉は", PASSAGE, ["量ります。<br>粉は"]),
        ("粉は 二度", PASSAGE, ["粉は二度"]),
        ("<b>&", "前<b>&後", ["&lt;b&gt;&amp;"]),
        ("お菓子の手引き", PASSAGE, ["お菓子の手引き"]),
        ("どこにもない文", PASSAGE, ["どこにもない文"]),
        ("粉は二度", None, ["粉は二度"]),
    ],
)
def test_the_quote_is_marked(quote: str, text: str | None, stretches: list[str]) -> None:
    """This test ensures that the quote is marked in its passage or heading, else shown by itself."""
    assert marked(citation(quote=quote), text) == stretches


def test_a_quote_that_is_not_in_its_passage_is_owned_up_to() -> None:
    """This test ensures that a quote that cannot be located is not passed off as part of the passage."""
    one = citation(quote="どこにもない文")
    html = exchange_html(replace(ANSWERED, citations=(one,)), JAPANESE, 0)
    assert JAPANESE.quote_elsewhere in html
    assert JAPANESE.quote_elsewhere not in exchange_html(ANSWERED, JAPANESE, 0)


def test_many_sources_start_folded() -> None:
    """This test ensures that a long list of sources does not push the answer away, and a short one is open."""
    many = tuple(citation(n) for n in range(1, MAX_OPEN_SOURCES + 2))
    lists = [
        next(d for d in Elements(exchange_html(replace(ANSWERED, citations=found), JAPANESE, 0)).of("details"))
        for found in (many, many[:-1])
    ]
    assert ["open" in attributes for attributes in lists] == [False, True]


def test_weakly_supported_sentences_are_named() -> None:
    """This test ensures that a sentence without good support is pointed out, and none where all are supported."""
    weak = replace(ANSWERED, sentences=(Sentence("あやしい文です。", (), Support.UNSUPPORTED),))
    assert "<li>あやしい文です。</li>" in exchange_html(weak, JAPANESE, 0)
    assert "mm-weak" not in exchange_html(ANSWERED, JAPANESE, 0)


def test_a_models_sentences_carry_their_signs() -> None:
    """This test ensures that a weak sentence has its sign behind its marker, an unsupported one too, others none."""
    html = exchange_html(WRITTEN, JAPANESE, 0)
    text = re.sub(r"<[^>]+>", "", html)
    assert (
        "二度ふるいます。 [1] 型は前の日に冷やします。 [1]要確認 砂糖は九回ふるいます。 資料で確かめられません" in text
    )
    assert (html.count("mm-sign"), html.count("mm-weakly"), html.count("mm-unsupported")) == (2, 1, 1)
    assert 'mm-weak"' not in html
    copied = answer_text(WRITTEN, JAPANESE)
    assert "冷やします。 [1]（要確認） 砂糖" in copied
    assert f"※ {JAPANESE.written_by.format(model=MODEL)}" in copied


def test_a_text_brings_no_signs_along() -> None:
    """This test ensures that the characters that stand for signs do nothing in a text that holds them."""
    html = exchange_html(replace(WRITTEN, text=f"文です。{WEAK}{UNSUPPORTED} [1]"), JAPANESE, 0)
    assert "mm-sign" not in html
    assert "文です。 <a" in html


def test_a_weak_sentence_that_is_not_found_is_named() -> None:
    """This test ensures that a warning is not lost where its sentence does not stand in the text word for word."""
    html = exchange_html(replace(WRITTEN, text="別の文です。"), JAPANESE, 0)
    assert "<li>型は前の日に冷やします。</li>" in html


def test_what_went_wrong_with_a_model_stands_out() -> None:
    """This test ensures that a fault comes before the answer from the documents, and after a model's broken one."""
    fallen = replace(ANSWERED, fault="busy", notes=("混み合っています。", "要約です。"))
    html = exchange_html(fallen, JAPANESE, 0)
    assert (
        html.index("mm-notice") < html.index("混み合っています。") < html.index("すること") < html.index("要約です。")
    )
    html = exchange_html(STOPPED, JAPANESE, 0)
    assert html.index("二度ふるいます") < html.index("mm-notice") < html.index("停止しました。")


@pytest.mark.parametrize(("rows", "is_folded"), [(MAX_ROWS, False), (MAX_ROWS + 1, True)])
def test_a_long_answer_is_folded(rows: int, is_folded: bool) -> None:
    """This test ensures that the end of a long answer is folded away on the chat page alone, its numbers going on."""
    text = "\n".join(f"{n}. 項目{n} [1]\n   - 内側" for n in range(1, rows + 1))
    answer = replace(ANSWERED, text=text)
    html = exchange_html(answer, JAPANESE, 0, fold=True)
    assert ('<details class="mm-more">' in html) is is_folded
    assert (f'<ol start="{ROWS_SHOWN + 1}">' in html) is is_folded
    assert all(f"項目{n} " in html for n in range(1, rows + 1))
    assert "mm-more" not in exchange_html(answer, JAPANESE, 0)


def test_a_heading_is_not_left_above_the_fold() -> None:
    """This test ensures that a heading is folded away together with what stands under it."""
    lines = [f"- 項目{n}" for n in range(1, ROWS_SHOWN)] + ["**見出し**"] + ["- 後の項目"] * MAX_ROWS
    html = exchange_html(replace(ANSWERED, text="\n".join(lines)), JAPANESE, 0, fold=True)
    assert html.index("mm-more") < html.index("見出し")


def test_what_is_being_written() -> None:
    """This test ensures that text on its way is as harmless as later, and its markers lead to their cards."""
    text, cards = unfinished_html(f"{HOSTILE} [1] 砂糖 （※資料で確かめられません）", [citation()], {}, JAPANESE, 3)
    elements = Elements(text + "".join(cards))
    assert {tag for tag, _ in elements.found} <= ALLOWED
    assert elements.of("a")[0]["href"] == "#mm-3-source-1"
    assert 'id="mm-3-source-1"' in cards[0]
    assert "mm-unsupported" in text
    assert "[2]" in unfinished_html("まだです。[2]", [], {}, JAPANESE, 3)[0]


def test_the_passages_that_a_model_is_given() -> None:
    """This test ensures that they are told by heading, document and page, and that all but the first are folded."""
    bad = replace(CAKE_CHUNK, text=HOSTILE, section=(HOSTILE,))
    sources = [Source(1, BREAD_CHUNK, DIGEST)] + [Source(n, bad, HANDBOOK) for n in range(2, MAX_GIVEN + 3)]
    html = given_html(sources, JAPANESE)
    assert {tag for tag, _ in Elements(html).found} <= ALLOWED
    assert "パンの手引き（要約） ・ 原典の13–14ページ" in html
    assert JAPANESE.given_more.format(count=2) in html
    assert given_html([], JAPANESE) == ""


def test_a_host_is_text() -> None:
    """This test ensures that the address in the notice above the input cannot be more than a text."""
    html = remote_html("<b>x", JAPANESE) + notice_html("<b>y")
    assert "&lt;b&gt;x" in html
    assert "&lt;b&gt;y" in html


def test_not_in_the_documents_is_said_first() -> None:
    """This test ensures that a refusal is announced, without an empty list of sources."""
    html = exchange_html(NOT_FOUND, JAPANESE, 0)
    assert html.index(JAPANESE.not_in_corpus) < html.index(NOT_FOUND.text)
    assert "mm-sources" not in html


def test_passages_in_order() -> None:
    """This test ensures that the passages looked at show rank, document, section, page and text."""
    html = passages_html(ANSWERED.passages, {"cakes": "お菓子の手引き"}, JAPANESE)
    assert html.index("1位") < html.index("2位")
    for text in (
        "お菓子の手引き ・ お菓子の手引き &gt; 作り方 ・ ファイルの5ページ目",
        "だまが残りません",
        BREAD_CHUNK.text,
    ):
        assert text in html


def test_documents_with_edition_and_publisher() -> None:
    """This test ensures that every loaded document is listed with what it is."""
    html = documents_html([HANDBOOK, DIGEST], JAPANESE)
    assert html.count("<li>") == 2
    assert "2026年4月発行 ・ 製菓研究会" in html
    assert html.count("mm-badge") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://evil.example)", r"\!\[x\]\(http\://evil\.example\)"),
        ("`mamori index build` を実行", "`mamori index build` を実行"),
        ("**太字**:red[赤]", r"\*\*太字\*\*\:red\[赤\]"),
        ("<b>`", r"\<b\>\`"),
        ("一行目\n二行目", "一行目 二行目"),
    ],
)
def test_text_for_widgets_that_read_markdown(text: str, shown: str) -> None:
    """This test ensures that text shows as it stands in a button or message, and that commands stay code."""
    assert literal(text) == shown


def test_a_follow_up_says_how_it_was_understood() -> None:
    """This test ensures that a rewritten question is shown, and one that differs only in character width is not."""
    rewritten = replace(ANSWERED, question="では型は？", standalone_question="お菓子の型はどうしますか")
    assert "「お菓子の型はどうしますか」" in exchange_html(rewritten, JAPANESE, 0)
    same = replace(ANSWERED, question="型は？", standalone_question="型は?")
    assert "「型は?」" not in exchange_html(same, JAPANESE, 0)


def test_plain_text_to_copy() -> None:
    """This test ensures that a copied answer carries its numbered references and no markup."""
    text = answer_text(ANSWERED, JAPANESE)
    assert "**" not in text
    assert text.splitlines()[-2:] == [
        "[1] 製菓研究会 / 「お菓子の手引き」 / 2026年4月発行 / お菓子の手引き > 作り方 / "
        "ファイルの5ページ目、紙面では3ページ / “粉は二度ふるいます。” / https://example.org/cakes",
        "[2] 製菓研究会 / 「パンの手引き（要約）」 / 第9回（2025年1月21日） / パン / 原典の13–14ページ / "
        "“生地は一晩休ませます。” / https://example.org/bread / 出典：製菓研究会ウェブサイトを加工して作成",
    ]
    assert "\n\n※ 新しい版があります。\n\n出典\n" in text
    assert answer_text(NOT_FOUND, JAPANESE) == NOT_FOUND.text
