"""Tests of the texts that are put together: editions, dates, pages."""

from __future__ import annotations

from dataclasses import fields

import pytest

from assistant.models import Support
from pages.labels import ENGLISH, JAPANESE, Labels, date_in_words, edition_and_date, page_in_words


@pytest.mark.parametrize(
    ("published", "words"),
    [("2026", "2026年"), ("2026-04", "2026年4月"), ("2026-01-21", "2026年1月21日"), ("令和8年", "令和8年")],
)
def test_dates_in_japanese(published: str, words: str) -> None:
    """This test ensures that a date of any precision reads as Japanese, and one of another form stays as it is."""
    assert date_in_words(published, JAPANESE) == words


@pytest.mark.parametrize(
    ("edition", "published", "words"),
    [
        ("2026年4月発行", "2026-04", "2026年4月発行"),
        ("第9回", "2026-01-21", "第9回（2026年1月21日）"),
        (None, "2026-04", "2026年4月"),
        ("第2版", None, "第2版"),
        (None, None, ""),
    ],
)
def test_edition_and_date(edition: str | None, published: str | None, words: str) -> None:
    """This test ensures that both are shown, and a date that the edition states only once."""
    assert edition_and_date(edition, published, JAPANESE) == words


@pytest.mark.parametrize(
    ("start", "end", "label", "is_digest", "words"),
    [
        (5, 5, None, False, "ファイルの5ページ目"),
        (5, 6, None, False, "ファイルの5–6ページ目"),
        (5, None, "3", False, "ファイルの5ページ目、紙面では3ページ"),
        (None, None, "13–14", False, "紙面では13–14ページ"),
        (None, None, "13–14", True, "原典の13–14ページ"),
        (None, None, None, True, "ページの記載がありません"),
    ],
)
def test_pages(start: int | None, end: int | None, label: str | None, is_digest: bool, words: str) -> None:
    """This test ensures that physical and printed pages are told apart and none is invented."""
    assert page_in_words(start, end, label, is_digest, JAPANESE) == words


def test_the_languages_ask_the_same() -> None:
    """This test ensures that an example asks the same question whatever its button's language."""
    assert [e.question for e in ENGLISH.examples] == [e.question for e in JAPANESE.examples]


@pytest.mark.parametrize("labels", [JAPANESE, ENGLISH])
def test_no_text_is_missing(labels: Labels) -> None:
    """This test ensures that both languages fill every text, but for the remark that only English readers need."""
    empty = {field.name for field in fields(labels) if not getattr(labels, field.name)}
    assert empty <= {"documents_language"}
    assert all(labels.support(support) for support in Support)
