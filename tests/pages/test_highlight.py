"""Tests of where a quote is found in its passage."""

from __future__ import annotations

import pytest

from pages.highlight import quote_spans


@pytest.mark.parametrize(
    ("passage", "quote", "marked"),
    [
        ("粉を量ります。型を冷やします。", "型を冷やします。", ["型を冷やします。"]),
        ("休ませます。焼きます。休ませます。", "休ませます。", ["休ませます。", "休ませます。"]),
        ("粉を\n  量り ます。次。", "粉を量ります。", ["粉を\n  量り ます。"]),
        ("粉を量ります。", "粉を 量ります。", ["粉を量ります。"]),
        ("ＡＢＣ社の㈱印", "ABC社の(株)印", ["ＡＢＣ社の㈱印"]),
        ("あああ", "ああ", ["ああ"]),
        ("粉を量ります。", "水を量ります。", []),
        ("粉を量ります。", "", []),
        ("", "粉", []),
    ],
)
def test_every_place_of_the_quote_is_found(passage: str, quote: str, marked: list[str]) -> None:
    """This test ensures that white space and character width do not hide a quote, and that no other text is marked."""
    assert [passage[start:end] for start, end in quote_spans(passage, quote)] == marked
