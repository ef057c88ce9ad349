"""Editions: which one a question asks for, and what is told where two of them differ."""

from __future__ import annotations

import pytest

from assistant.compose.editions import ASKED_FACTOR, asked_edition, in_edition_order, newest_first
from assistant.compose.telling import Sentence
from corpus.models import BlockKind, Chunk, Document
from index.models import SearchResult


def document(
    doc_id: str, published: str | None, edition: str | None, *replaces: str, of: str | None = None
) -> Document:
    """A document with nothing but what tells editions apart."""
    return Document(doc_id, "手引き", None, published, edition, replaces, None, "", "", digest_of=of)


OLD, NEW = document("old", "2025-10", "2025年10月版"), document("new", "2026-03", "2026年3月版", "old")
UNDATED = document("undated", "2023", "日付なし（最も新しい記載は令和5年度）")
DIGEST = document("digest-new", "2026-03", "2026年3月版", of="new")
DOCUMENTS = (OLD, NEW, UNDATED)


def sentence(doc_id: str, text: str, *, log_odds: float = 3.0, heading: str = "対象となる技術の数") -> Sentence:
    """A sentence of a passage of its own."""
    chunk = Chunk(f"{doc_id}{text}", doc_id, (heading,), text, BlockKind.PARAGRAPH)
    return Sentence(text, SearchResult(chunk, 1.0, 1), 0, log_odds)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("2025年10月の時点ではいくつでしたか", {"old"}),
        ("去年10月の説明資料ではどうでしたか", {"old"}),
        ("去年の秋の資料の話です", {"old"}),
        ("2025年10月版では？", {"old"}),
        ("令和5年度ごろの資料ではどうだった？", {"undated"}),
        ("最新の版では？", {"new"}),
        ("前の版では何と書いてありましたか", {"old"}),
        ("10月版と3月版で何が変わりましたか", {"old", "new"}),
        ("秋の資料だと一つでした。いまはどう分けますか", {"old", "new"}),
        ("In the October 2025 edition, how many were listed?", {"old"}),
        ("What does the latest edition say?", {"new"}),
        ("2022年5月に成立した法律は何ですか", None),
        ("最新の技術を守るには？", None),
        ("10月に展示会に出ます。注意点は？", None),
        ("技術はいくつありますか", None),
        ("令和元年の資料はありますか", None),
    ],
)
def test_asked_edition(question: str, asked: set[str] | None) -> None:
    """This test ensures that a date or a name of an edition is told from a date that is the question's own subject."""
    assert asked_edition(question, DOCUMENTS) == asked


def test_edition_asked_for_moves_up() -> None:
    """This test ensures that results of the edition asked for are weighed up and ranked anew, the others kept."""
    results = [SearchResult(sentence("new", "甲").chunk, 1.0, 1), SearchResult(sentence("old", "乙").chunk, 0.9, 2)]
    ordered = in_edition_order(results, {"old"})
    assert [(r.chunk.doc_id, r.rank) for r in ordered] == [("old", 1), ("new", 2)]
    assert ordered[0].score == pytest.approx(0.9 * ASKED_FACTOR)
    assert in_edition_order(results, None) == results


def test_same_said_twice_is_told_once_from_the_newest() -> None:
    """This test ensures that what both editions say is taken from the newest, whichever ranks first."""
    ranked = [sentence("old", "対象の技術は24あります。"), sentence("new", "対象の技術は24があります。")]
    told = newest_first(ranked, {d.doc_id: d for d in DOCUMENTS})
    assert [one.chunk.doc_id for one in told.ranked] == ["new"]
    assert told.older == ()


def test_other_value_of_the_older_edition_is_set_apart() -> None:
    """This test ensures that where the numbers differ the newest holds and the older one is named besides."""
    ranked = [sentence("old", "対象の技術は15あります。"), sentence("new", "対象の技術は24あります。")]
    told = newest_first(ranked, {d.doc_id: d for d in DOCUMENTS})
    assert [one.chunk.doc_id for one in told.ranked] == ["new"]
    assert [one.text for one in told.older] == ["対象の技術は15あります。"]


def test_older_edition_is_kept_where_it_is_asked_for_or_stands_alone() -> None:
    """This test ensures that nothing is taken away from an edition that was asked for, nor what only it says."""
    documents = {d.doc_id: d for d in DOCUMENTS}
    ranked = [sentence("old", "対象の技術は15あります。"), sentence("new", "対象の技術は24あります。")]
    assert newest_first(ranked, documents, {"old"}).ranked == tuple(ranked)
    alone = [sentence("old", "補助金の上限は一千万円です。", heading="補助金"), sentence("new", "技術は24あります。")]
    assert newest_first(alone, documents).ranked == tuple(alone)


def test_original_and_digest_are_one_source() -> None:
    """This test ensures that a sentence that stands in an original and in its digest is told once."""
    ranked = [sentence("new", "対象の技術は24あります。"), sentence("digest-new", "対象の技術は24あります。")]
    told = newest_first(ranked, {d.doc_id: d for d in (NEW, DIGEST)})
    assert [one.chunk.doc_id for one in told.ranked] == ["new"]
