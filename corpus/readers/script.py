"""How plausible a text is as writing: a pure judgement on characters, used to tell good text from decoding garbage.

It knows scripts, not words: a wrong text made of ordinary letters passes. It reads no file and changes no text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

# Han characters in everyday use, as (codec, lead bytes): level 1 of JIS X 0208 and of GB 2312, the frequent part of
# Big5. A text is measured by the one of the three that fits it best, so Chinese documents are plausible as well.
_EVERYDAY_HAN = {
    "euc_jp": range(0xB0, 0xD0),
    "gb2312": range(0xB0, 0xD8),
    "big5": range(0xA4, 0xC7),
}
_NAME_AMONG = 3
_SIGNS_OF_NO_WORD = 4
_ALWAYS_PLAUSIBLE = frozenset({"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH"})
_HAN_NAMES = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "KANGXI RADICAL", "CJK RADICAL")
_UNNAMED = ""


class _Kind(Enum):
    """What a character is to this judgement: LETTER needs its neighbours, HAN a standard, the rest nothing."""

    PLAIN = auto()
    HAN = auto()
    LETTER = auto()
    BAD = auto()
    INVISIBLE = auto()


def plausibility(text: str) -> float:
    """The share of visible characters that are plausible script, from 0.0 to 1.0; 0.0 where nothing is visible.

    Plausible are kana, everyday Han characters, ASCII, digits, punctuation and symbols, and any other letter whose
    stretch of letters keeps to one script. Not plausible are control characters, private use, unassigned and
    replacement characters, rare Han characters, and stretches that mix scripts or are mostly accented (mojibake), and
    a text of nothing but several different signs and a few numbers.
    """
    plain = bad = 0
    han: list[str] = []
    for char in text:
        kind = _kind(char)
        if kind is _Kind.PLAIN:
            plain += 1
        elif kind is _Kind.HAN:
            han.append(char)
        elif kind is _Kind.BAD:
            bad += 1
    if _only_signs(text):
        return 0.0
    good_letters, letters = _judge_letters(text)
    total = plain + len(han) + bad + letters
    return (plain + _everyday_or_name(han) + good_letters) / total if total else 0.0


def _only_signs(text: str) -> bool:
    """Whether there is no letter, but several signs and few digits: what a font without a map makes of a word."""
    kinds = {char: unicodedata.category(char)[0] for char in set(text)}
    if any(kind in "LM" or _is_han(char) for char, kind in kinds.items()):
        return False
    signs = [char for char in text if kinds[char] in "PS"]
    return len(set(signs)) >= _SIGNS_OF_NO_WORD and len(signs) > 2 * sum(kinds[char] == "N" for char in text)


def visible_length(text: str) -> int:
    """The number of characters that are neither white space nor invisible marks."""
    return sum(_kind(char) is not _Kind.INVISIBLE for char in text)


@lru_cache(maxsize=65536)
def _kind(char: str) -> _Kind:
    category = unicodedata.category(char)
    if char.isspace() or category == "Cf":
        return _Kind.INVISIBLE
    if category[0] == "C" or char == "\ufffd":
        return _Kind.BAD
    if _is_han(char):
        return _Kind.HAN
    if category[0] in "LM" and not char.isascii() and _script(char) not in _ALWAYS_PLAUSIBLE:
        return _Kind.LETTER
    return _Kind.PLAIN


def _is_han(char: str) -> bool:
    return unicodedata.name(char, _UNNAMED).startswith(_HAN_NAMES)


@lru_cache(maxsize=65536)
def _script(char: str) -> str:
    """The first word of the Unicode name, which is the script for letters (LATIN, GREEK, HALFWIDTH …)."""
    return unicodedata.name(char, _UNNAMED).partition(" ")[0]


def _everyday_or_name(han: list[str]) -> int:
    everyday = max(sum(codec in _standards(char) for char in han) for codec in _EVERYDAY_HAN)
    # A single rare character among others is somebody's name; it must not cost a short page its text.
    return len(han) if len(han) - everyday == 1 and everyday >= _NAME_AMONG else everyday


@lru_cache(maxsize=65536)
def _standards(char: str) -> frozenset[str]:
    """The codecs in whose everyday part this character is; radicals count as the character they look like."""
    ordinary = unicodedata.normalize("NFKC", char)
    return frozenset(codec for codec, leads in _EVERYDAY_HAN.items() if _lead_byte(ordinary, codec) in leads)


def _lead_byte(char: str, codec: str) -> int | None:
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return None
    return encoded[0] if len(encoded) == 2 else None


def _judge_letters(text: str) -> tuple[int, int]:
    """(plausible, all) letters that are neither Japanese nor ASCII."""
    if not any(_kind(char) is _Kind.LETTER for char in text):
        return 0, 0
    good = total = 0
    for stretch in _stretches(text):
        foreign = sum(not char.isascii() for char in stretch)
        total += foreign
        good += foreign if _keeps_to_one_script(stretch) else 0
    return good, total


def _stretches(text: str) -> Iterator[str]:
    """The longest runs of letters that are not Japanese, ASCII letters included."""
    run: list[str] = []
    for char in text:
        if (char.isascii() and char.isalpha()) or _kind(char) is _Kind.LETTER:
            run.append(char)
        elif run:
            yield "".join(run)
            run.clear()
    if run:
        yield "".join(run)


def _keeps_to_one_script(stretch: str) -> bool:
    scripts = {_script(char) for char in stretch if unicodedata.category(char)[0] == "L"} - {"MODIFIER"}
    if scripts != {"LATIN"}:
        return len(scripts) == 1
    # In languages with accents plain letters prevail; in mojibake nearly every letter has one.
    accented = sum(not char.isascii() for char in stretch)
    return accented * 2 <= len(stretch)
