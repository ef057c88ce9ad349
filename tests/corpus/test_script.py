"""Tests of the judgement whether a text is plausible as writing."""

from __future__ import annotations

import random

import pytest

from corpus.readers.script import plausibility, visible_length

JAPANESE = "これは技術情報の管理についての試験用の文です。役員は営業秘密を3年間守り、PDFの12ページを確認します。"


@pytest.mark.parametrize(
    "text",
    [
        JAPANESE,
        "【様式１】①〜③のうち㈱の欄は、※印（５％）を除き、“Ａ”または「Ｂ」とする。",
        "ﾃﾞｰﾀﾌｧｲﾙの一覧",
        "α版はΩの値とμの値を用いる",
        "⽉⼈⽤⼀⽇",
        "Größere Übungen für Ärzte, être élu à Paris",
        "Все люди рождаются свободными",
        "모든 인간은 태어날 때부터 자유로우며",
        "人人生而自由，在尊嚴和權利上一律平等",
        "他们赋有理性和良心，并应以兄弟关系的精神相对待",
        "1,234.5 − 67 % ………… 12",
    ],
)
def test_writing_is_plausible(text: str) -> None:
    """This test ensures that ordinary writing in many languages stays above the threshold of the readers."""
    assert plausibility(text) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        JAPANESE.encode("utf-8").decode("latin-1"),
        JAPANESE.encode("utf-8").decode("cp932", "replace"),
        JAPANESE.encode("cp932").decode("cp1252", "replace"),
        JAPANESE.encode("cp932").decode("euc_jp", "replace"),
        "".join(chr(0xE000 + ord(char) % 0x1000) for char in JAPANESE),
        "".join(chr(ord(char) * 7919 % 6000 + 100) for char in JAPANESE),
        "".join(chr(random.Random(7).randrange(0x4E00, 0x9FFF) + index % 3) for index in range(50)),
        "\x01\x02\x03\x04\x05\x06",
        "㐂㐄㐆㐈㐊",
        "\ufffd\ufffd\ufffd",
    ],
)
def test_decoding_garbage_is_not_plausible(text: str) -> None:
    """This test ensures that mojibake, glyph numbers, private use and rare characters fall below the threshold."""
    assert plausibility(text) < 0.7


@pytest.mark.parametrize("text", ["", " \n\u3000\t", "\u200b\ufeff"])
def test_nothing_visible_is_not_plausible(text: str) -> None:
    """This test ensures that white space and invisible marks alone count as no writing at all."""
    assert plausibility(text) == 0.0
    assert visible_length(text) == 0


def test_the_value_is_the_share_of_visible_characters() -> None:
    """This test ensures that the figure is a share that can be checked by hand: 6 of 8 here."""
    assert plausibility("あいう\ue000 アイウ\ue001") == pytest.approx(6 / 8)


def test_a_letter_is_judged_by_the_stretch_it_stands_in() -> None:
    """This test ensures that Greek among Japanese is plausible and Greek glued to Cyrillic is not."""
    assert plausibility("αβの値") == 1.0
    assert plausibility("αЖの値") == pytest.approx(2 / 4)


def test_a_text_is_measured_by_one_standard_of_han_characters() -> None:
    """This test ensures that rarely used Han characters do not pass by adding up three countries' everyday sets."""
    assert plausibility("们这国") == 1.0
    assert plausibility("们働") == pytest.approx(1 / 2)


def test_one_rare_character_is_a_name() -> None:
    """This test ensures that a short page with one rare character in a name keeps its text; two are no name."""
    assert plausibility("担当は𠮷野") == 1.0
    assert plausibility("担当は𠮷𠮷野") == pytest.approx(4 / 6)


def test_visible_length_leaves_out_white_space() -> None:
    """This test ensures that blanks and line ends do not count as characters."""
    assert visible_length("あ い\nう\u3000") == 3


@pytest.mark.parametrize(
    ("text", "expected"), [('"7+%-', 0.0), ("― 3 ―", 1.0), ("100％（50％）", 1.0), ("(1) 50%, 20%", 1.0)]
)
def test_signs_alone_are_no_word(text: str, expected: float) -> None:
    """This test ensures that what a font without a map makes of a word is not taken for text, and figures are."""
    assert plausibility(text) == expected
