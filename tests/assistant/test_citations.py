"""Quotes, markers and drafts."""

from __future__ import annotations

import pytest

from assistant.citations import MIN_QUOTE, Evidence, fit_quote, sentences_of, stands
from assistant.compose.draft import Draft, Style, harmless
from assistant.models import Support
from corpus.models import BlockKind, Chunk, Document

TEXT = "猫車は毎週点検します。点検の記録は三年間残します。\n記録は紙でも構いません。"
CHUNK = Chunk("c1", "guide", ("手入れ", "点検のしかた、その一"), TEXT, BlockKind.PARAGRAPH, page_label="3–4")
DOCUMENT = Document("guide", "手引き", None, "2026-01", "第1版", (), "https://example.invalid/", "guide.md", "0" * 64)


def draft() -> Draft:
    """A draft over the one document of these tests."""
    return Draft({"guide": DOCUMENT})


def test_sentences_are_pieces_of_the_text() -> None:
    """This test ensures that sentences end at a full stop or a line end and lose nothing."""
    assert sentences_of(TEXT) == ["猫車は毎週点検します。", "点検の記録は三年間残します。", "記録は紙でも構いません。"]


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("毎週点検します", True),
        ("毎 週点検\nします", True),
        ("点検のしかた、その一", True),
        ("毎日点検します", False),
        ("", False),
    ],
)
def test_a_quote_stands_or_not(quote: str, there: bool) -> None:
    """This test ensures that a quote counts only where its very characters stand, white space aside."""
    assert stands(quote, CHUNK) is there


def test_a_quote_that_does_not_stand_gets_no_marker() -> None:
    """This test ensures that a statement without support is left out and counted."""
    d = draft()
    assert not d.state("猫車は毎日点検します。", Evidence(CHUNK, "猫車は毎日点検します。"))
    assert (d.dropped, d.text(), d.citations()) == (1, "", ())


def test_a_heading_with_a_question_mark_is_one_lead() -> None:
    """This test ensures that markers never get into the heading in front of a sentence."""
    d = draft()
    d.state("**難しい！助けは？**（一）：猫車は毎週点検します。", Evidence(CHUNK, "猫車は毎週点検します。"))
    assert d.text() == "**難しい！助けは？**（一）：猫車は毎週点検します。 [1]"


def test_same_quote_same_marker() -> None:
    """This test ensures that a quote used twice has one marker, and markers count from 1 in order of use."""
    d = draft()
    d.state("一つ目", Evidence(CHUNK, "点検の記録は三年間残します。"), style=Style.STEP)
    d.state(
        "二つ目",
        Evidence(CHUNK, "猫車は毎週点検します。"),
        Evidence(CHUNK, "点検の記録は三年間残します。"),
        style=Style.STEP,
    )
    assert d.text() == "1. 一つ目 [1]\n2. 二つ目 [2][1]"
    assert [c.marker for c in d.citations()] == [1, 2]


def test_status_tells_a_quotation_from_a_statement_of_our_own() -> None:
    """This test ensures that only a sentence that holds its quote is called verbatim."""
    d = draft()
    d.state("**点検**：猫車は毎週点検します。", Evidence(CHUNK, "猫車は毎週点検します。"))
    d.state("点検は週に一度です。", Evidence(CHUNK, "猫車は毎週点検します。"))
    assert [s.status for s in d.sentences()] == [Support.VERBATIM, Support.SUPPORTED]


def test_each_sentence_carries_its_markers() -> None:
    """This test ensures that of several sentences in a statement none is left without its markers."""
    d = draft()
    d.state(TEXT.replace("\n", ""), Evidence(CHUNK, TEXT))
    assert d.text() == "猫車は毎週点検します。 [1] 点検の記録は三年間残します。 [1] 記録は紙でも構いません。 [1]"
    assert [s.markers for s in d.sentences()] == [(1,)] * 3


def test_short_and_long_quotes_are_fitted() -> None:
    """This test ensures that a quote has 8 to 300 characters and still stands in its chunk."""
    long = Chunk("c2", "guide", (), "猫車、" * 200, BlockKind.PARAGRAPH)
    assert 8 <= len(fit_quote("毎週", CHUNK)) <= 300
    assert stands(fit_quote("毎週", CHUNK), CHUNK)
    assert 8 <= len(fit_quote(long.text, long)) <= 300
    assert stands(fit_quote(long.text, long), long)


def test_document_text_is_made_harmless() -> None:
    """This test ensures that nothing from a document can act as a marker, as markup or as a link."""
    assert not set(harmless("[1] ![a](b) <b> `c` *d*")) & set("[]<>`*")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("国　赤", "国　赤\n地域　青色の端末"),
        ("品　色", "品　色\n板　黒\n国　赤"),
        ("端末", "地域　青色の端末"),
    ],
)
def test_a_short_row_is_widened_by_whole_lines(quote: str, expected: str) -> None:
    """This test ensures that a quote brought to its length begins and ends where a line does."""
    text = "品　色\n板　黒\n国　赤\n地域　青色の端末"
    widened = fit_quote(quote, Chunk("c1", "guide", (), text, BlockKind.TABLE_ROW))
    assert widened == expected
    assert len(widened) >= MIN_QUOTE
    assert stands(widened, Chunk("c1", "guide", (), text, BlockKind.TABLE_ROW))
