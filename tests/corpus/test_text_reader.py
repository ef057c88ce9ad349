"""The text reader: every encoding that Japanese files come in, and files that only pretend to be text."""

from __future__ import annotations

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import RawPage, Verdict
from corpus.readers.text import read_text

TEXT = "茶園の手引き\n\n一番茶は五月に摘み、ABCと１２３も書きます。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp932", "shift_jis", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_every_encoding_gives_the_same_text(encoding: str) -> None:
    """This test ensures that a file reads the same in any encoding, and that the person is told of a guessed one."""
    document = read_text(TEXT.encode(encoding))
    assert (document.verdict, document.pages) == (Verdict.READ, (RawPage(None, None, TEXT),))
    assert len(document.warnings) == (0 if encoding.startswith("utf-8") else 1)
    assert all("文字コード" in warning for warning in document.warnings)


def test_a_big_endian_mark_is_understood() -> None:
    """This test ensures that UTF-16 with the other byte order mark is read, and the mark is no text."""
    assert read_text(b"\xfe\xff" + TEXT.encode("utf-16-be")).pages[0].text == TEXT


def test_characters_of_windows_survive() -> None:
    """This test ensures that ① 髙 ～ of Windows files are read, which plain Shift_JIS lacks."""
    text = "①髙橋さんの茶～新茶まで"
    assert read_text(text.encode("cp932")).pages[0].text == text


@pytest.mark.parametrize(
    "data",
    [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 9, "\u3000\n".encode("utf-16"), "\u3000\n".encode()],
)
def test_nothing_is_empty(data: bytes) -> None:
    """This test ensures that a file without one visible character is called empty in one line."""
    document = read_text(data)
    assert (document.verdict, document.pages, document.warnings) == (Verdict.EMPTY, (), ("中身がありません。",))


@pytest.mark.parametrize(
    "data",
    [
        random.Random(1).randbytes(5000),
        b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(500),
        b"PK\x03\x04" + zlib.compress(TEXT.encode() * 50),
        b"\x7fELF\x02\x01\x01" + b"\x00" * 400 + b"main",
        b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1],
        b"\xef\xbb\xbf" + b"\xff\x80" * 50,
    ],
    ids=["noise", "png", "zip", "program", "half a character", "mark before noise"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """This test ensures that a binary file under a text name gives one line that says what to do, and no page."""
    document = read_text(data)
    assert (document.verdict, document.pages) == (Verdict.UNSUPPORTED, ())
    assert ["保存し直す" in warning for warning in document.warnings] == [True]


def test_a_few_broken_bytes_cost_only_themselves() -> None:
    """This test ensures that UTF-8 with a broken character is partly read and says so."""
    document = read_text(TEXT.encode() * 9 + "茶".encode()[:2])
    assert document.verdict is Verdict.PARTLY_READ
    assert document.pages[0].text == TEXT * 9 + "\ufffd"
    assert "1か所" in document.warnings[0]


def test_a_stray_nul_is_damage_inside_a_text() -> None:
    """This test ensures that NUL bytes in a text do not make it a binary file."""
    document = read_text((TEXT * 5).encode().replace(b"ABC", b"A\x00C"))
    assert document.verdict is Verdict.READ


def test_euc_jp_is_not_taken_for_half_width_katakana() -> None:
    """This test ensures that a few words in EUC-JP, which CP932 reads as half-width katakana, come out right."""
    assert read_text("技術".encode("euc_jp")).pages[0].text == "技術"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """This test ensures that any file gives a verdict, a page exactly if it was read, and no empty one."""
    document = read_text(data)
    assert bool(document.pages) is (document.verdict in (Verdict.READ, Verdict.PARTLY_READ))
    assert all(page.text.strip() for page in document.pages)
