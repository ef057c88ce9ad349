"""Text normalisation: what is shown, what is searched, what a quote is compared by."""

from __future__ import annotations

import time
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus.clean
from corpus.clean import display_text, join_lines, quote_key, search_text, strip_markup

TABLE = tomllib.loads(Path(corpus.clean.__file__).with_name("corrections.toml").read_text(encoding="utf-8"))
# Characters and marks that real documents mix, so that examples hit the rules and not only their edges.
MESSY = st.lists(
    st.sampled_from([*"茶園のガイドスンカ A1⑤(「。、 \t\n\x00*\\<>&[]⽉⻑步", "**", "<b>", "</li>", "&lt;", "\uf0b7"])
).map("".join)


@pytest.mark.parametrize("wrong", TABLE["words"])
def test_a_misreading_is_found_by_the_right_word(wrong: str) -> None:
    """This test ensures that a text with a misreading and one without have the same search text."""
    right = TABLE["words"][wrong]
    assert search_text(f"茶の{wrong}、") == search_text(f"茶の{right}、")
    assert right in search_text(f"茶の{wrong}、")


@pytest.mark.parametrize("wrong", TABLE["words"])
def test_a_misreading_is_shown_as_it_stands(wrong: str) -> None:
    """This test ensures that corrections stay out of what is shown and of what quotes are compared by."""
    assert display_text(wrong) == wrong
    assert quote_key(wrong) == unicodedata.normalize("NFKC", wrong)


def test_no_correction_makes_another_one_necessary() -> None:
    """This test ensures that no right form holds a wrong one as a word of its own, so that cleaning comes to an end."""
    assert [right for right in TABLE["words"].values() if search_text(right) != right] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⑮セパレータ製造装置", "15セパレータ製造装置"),
        ("⑤セパレータ製造装置", "15セパレータ製造装置"),
        ("ガイドスタッフ", "ガイドスタッフ"),
        ("合併した会社", "合併した会社"),
    ],
)
def test_right_words_are_left_alone(text: str, expected: str) -> None:
    """This test ensures that a correction does not bite into longer numbers or longer words."""
    assert search_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⽉と⼈と⼀つ", "月と人と一つ"),
        ("⻑い⺠話の⻄⻩", "長い民話の西黄"),
        ("一步、年內", "一歩、年内"),
        ("ｶﾞｲﾄﾞ･ﾌﾞｯｸ：ＡＢＣ", "ガイド・ブック:ABC"),
        ("茶 園 の 海外 戦 略", "茶園の海外戦略"),
        ("tea garden の茶", "tea garden の茶"),
        ("茶＜b＞園", "茶園"),
        ("&amp;lt;b&amp;gt;茶", "茶"),
    ],
)
def test_search_text_mends_what_hides_words(text: str, expected: str) -> None:
    """This test ensures that radicals, widths, Chinese forms, spaces and hidden markup hide no word."""
    assert search_text(text) == expected


def test_every_radical_becomes_a_character_that_people_type() -> None:
    """This test ensures that no Kangxi or CJK-supplement radical of the table survives in search text."""
    radicals = [chr(code) for code in (*range(0x2F00, 0x2FD6), *map(ord, TABLE["radicals"]))]
    assert [char for char in radicals if 0x2E80 <= ord(search_text(char)[0]) <= 0x2FDF] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**茶**の<u>木</u>", "茶の木"),
        ("**茶の", "茶の"),
        ("一<br>二", "一 二"),
        ("<ul><li>一</li> <li>二</li></ul>", "一 二"),
        ("tea\x00garden", "teagarden"),
        ("best\\_practice", "best_practice"),
        ("best\\\\_practice", "best_practice"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("[茶](https://example.org/a)", "茶 (https://example.org/a)"),
        ("[https://example.org/a](https://example.org/a)", "https://example.org/a"),
        ("茶\uf0fc園\ufeff\u200b", "茶園"),
        ("茶&amp;菓子", "茶&菓子"),
        ("行の 途中で、 切れた", "行の途中で、切れた"),
        ("1 < 2 かつ 3 > 2", "1 < 2 かつ 3 > 2"),
        ("<茶>は残る", "<茶>は残る"),
    ],
)
def test_what_is_shown(text: str, expected: str) -> None:
    """This test ensures that markup and damage go and that what a reader would miss stays."""
    assert display_text(text) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["茶の木を", "植える。"], "茶の木を植える。"),
        (["第1回 ", " 会議"], "第1回会議"),
        (["tea", "garden"], "tea garden"),
        (["茶の", "tea"], "茶の tea"),
        (["", "茶", "", "園"], "茶園"),
        ([], ""),
    ],
)
def test_hard_line_breaks_are_undone(lines: list[str], expected: str) -> None:
    """This test ensures that lines join without a space in Japanese and with one elsewhere."""
    assert join_lines(lines) == expected


def test_quote_key_ignores_width_and_white_space_only() -> None:
    """This test ensures that a quote is compared by NFKC without white space and by nothing else."""
    assert quote_key("Ａ 社の\u3000茶\n園") == "A社の茶園"
    assert quote_key("ガイドンス") != quote_key("ガイダンス")


@given(MESSY | st.text())
def test_cleaning_never_raises_and_comes_to_rest(text: str) -> None:
    """This test ensures that any text can be cleaned and that a clean text is left as it is."""
    assert search_text(search_text(text)) == search_text(text)
    assert display_text(text) == display_text(text).strip()
    assert "\x00" not in strip_markup(text)


@given(st.lists(MESSY | st.text()))
def test_joining_keeps_every_character(lines: list[str]) -> None:
    """This test ensures that a join changes white space alone."""
    assert quote_key(join_lines(lines)) == quote_key("\n".join(lines))


def test_many_short_lines_are_joined_in_little_time() -> None:
    """This test ensures that the time grows with the number of lines and not with its square."""
    started = time.perf_counter()
    assert join_lines(["茶"] * 300_000) == "茶" * 300_000
    assert time.perf_counter() - started < 3
