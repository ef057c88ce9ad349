"""Markers in a model's text, in every form that models and forgers give them.

A marker of a passage that was given becomes one character of Unicode's private use, which no text can hold by then;
every other one is taken out and counted. So nothing that only looks like a marker gets past this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from assistant.verify.characters import folded

_FIRST = 0xE000
MOST = 999
"""The highest number that a passage may have."""
PLACEHOLDER = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + MOST)}]")
_OPEN, _CLOSE = "[［【〔〖〘⟦〚⁅❲⦋{｛", "]］】〕〗〙⟧〛⁆❳⦌}｝"
_WORD = (
    r"(?:出典|資料|抜粋|文献|参照|参考|注|注釈|脚注|根拠|引用|文書|source|sources|src|doc|document|passage|ref|reference|citation|cite|"
    r"note|footnote|fn|cf|see|id|n|№|no)"
)
_NUMBER = r"[+\-−]?\d(?:[\d.]*\d)?(?:e\d+)?"
_SEPARATOR = r"\s?(?:[,;、，・/&+|]|and|と|及び|\][\s,]*\[)\s?"
_DASH = r"\s?(?:-|–|—|−|~|〜|～|‐|‑|to|から|\.\.)\s?"
_LIST = rf"{_NUMBER}(?:(?:{_SEPARATOR}|{_DASH}){_NUMBER}){{0,40}}"
_BRACKETED = re.compile(
    rf"[{re.escape(_OPEN)}]+\s*[\^#*※@:=]*\s*(?:{_WORD}\s?[.:：#=\-]?\s?)?[\^#]?({_LIST})[†‡*]?"
    rf"(?P<rest>\s?[,、:：;†|ⅼ][^{re.escape(_OPEN + _CLOSE)}\n]{{0,60}})?\s*[{re.escape(_CLOSE)}]+",
    re.IGNORECASE,
)
# In round brackets a number is a marker only where a sentence ends: elsewhere it numbers a thing.
_ROUND = re.compile(
    rf"(?<=[^\s]) ?[(⁽❨⟮](?:{_WORD}\s?[.:：#]?\s?)?({_LIST})[)⁾❩⟯](?=\s*(?:[。．.！？!?]?\s*$|[。！？!?]|\.\s))",
    re.IGNORECASE,
)
_RAISED = re.compile(r"(?<![A-Za-zａ-ｚ])[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[⁻⁾,˒][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*")
_CIRCLED = re.compile(
    r"(?<![〜~、・と\-\s])\s?([①-⑳⑴-⒇❶-❿➀-➓⓪-⓿㉑-㉟])+(?=\s*(?:[。！？.]\s*$|$))|(?<=[。！？])\s?[①-⑳⑴-⒇❶-❿➀-➓⓪-⓿㉑-㉟]+(?=\s*$)"
)
_KANJI = re.compile(rf"[{re.escape(_OPEN)}]\s*[一二三四五六七八九十百]{{1,4}}\s*[{re.escape(_CLOSE)}]")
_LETTERS = re.compile(
    rf"[{re.escape(_OPEN)}]\s*[\^#*※†‡?!.\-]*\s*(?:[A-Za-z]{{0,2}}\d{{0,6}}[A-Za-z]{{0,2}}|[ivxlcdmⅰ-ⅿ]{{1,6}}|{_WORD}|\s*)\s*[{re.escape(_CLOSE)}]",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    rf"[{re.escape(_OPEN)}]\s*\^?\s*\d{{1,6}}(?=\s*(?:[。、.,！？\s]|$))|(?<=[。．！？.!?\s])\^?\d{{1,4}}\s?[{re.escape(_CLOSE)}]"
    rf"|\^\[?\d{{1,4}}\]?"
)
_FOOTNOTE = re.compile(r"(?<=[。！？.!?])\s?(?:[※*†‡]\s?)?\d{1,3}(?=\s*$)|[†‡⁂]+\d{0,3}")
_MAY_BE = re.compile(r"[\d⁰¹²³⁴-⁹①-⑳⑴-⒇❶-❿➀-➓⓪-⓿㉑-㉟†‡⁂\^]|[" + re.escape(_OPEN + _CLOSE) + "]")
_LOOK_ALIKES = str.maketrans({"[": "［", "]": "］"})
_PART = re.compile(rf"({_NUMBER})(?:{_DASH}({_NUMBER}))?")
_WIDEST = 50


def placeholder(number: int) -> str:
    """The character that stands for the marker of a passage."""
    return chr(_FIRST + number)


def numbers_of(text: str) -> tuple[int, ...]:
    """The passages that a text's placeholders stand for, each once."""
    return tuple(dict.fromkeys(ord(mark) - _FIRST for mark in PLACEHOLDER.findall(text)))


def without_placeholders(text: str) -> str:
    """A text without its markers and without the spaces in front of them."""
    return re.sub(rf"\s*{PLACEHOLDER.pattern}", "", text)


def resolve_markers(text: str, known: Collection[int]) -> tuple[str, int]:
    """Replace markers of known passages by placeholders and take the others out: the text, and how many went.

    The text must have gone through `characters.visible`, so that no placeholder is in it yet. No ASCII square bracket
    is left in it.
    """
    if not _MAY_BE.search(text):
        return text, 0
    removed = 0

    def resolve(listed: str) -> str:
        nonlocal removed
        found, wrong = _resolved(listed, known)
        removed += wrong
        return "".join(placeholder(number) for number in found)

    def drop(_: re.Match[str]) -> str:
        nonlocal removed
        removed += 1
        return ""

    plain = _with_ascii_digits(text)
    plain = _BRACKETED.sub(lambda m: resolve(m[1]), plain)
    plain = _ROUND.sub(lambda m: resolve(m[1]), plain)
    plain = _RAISED.sub(lambda m: resolve(unicodedata.normalize("NFKC", m[0])), plain)
    for pattern in (_CIRCLED, _KANJI, _LETTERS, _BROKEN, _FOOTNOTE):
        plain = pattern.sub(drop, plain)
    return plain.translate(_LOOK_ALIKES), removed


def _with_ascii_digits(text: str) -> str:
    """The text with any script's digits and full-width round brackets of a number in ASCII, where that is needed."""
    if text.isascii():
        return text
    digits = {ord(c): str(unicodedata.decimal(c)) for c in set(text) if c.isdecimal() and not c.isascii()}
    text = text.translate(digits) if digits else text
    inner = rf"[（(﹙]\s?((?:{_WORD}\s?[.:：#]?\s?)?{_LIST})\s?[）)﹚]"
    return re.sub(inner, lambda m: f"({folded(m[1])})" if _ends_sentence(text, m.end()) else m[0], text, flags=re.I)


def _ends_sentence(text: str, at: int) -> bool:
    return re.match(r"\s*(?:[。．.！？!?]|$|\n)", text[at : at + 4]) is not None


def _resolved(listed: str, known: Collection[int]) -> tuple[list[int], int]:
    """The known numbers of a list such as "1, 3-5", and how many there were besides."""
    found: list[int] = []
    wrong = 0
    for match in _PART.finditer(listed):
        first, last = _number(match[1]), _number(match[2]) if match[2] else None
        if first is None or (match[2] and last is None):
            wrong += 1
            continue
        numbers = [first] if last is None else range(first, last + 1)
        if not 0 < len(numbers) <= _WIDEST:
            wrong += 1
            continue
        found += [number for number in numbers if number in known]
        wrong += sum(number not in known for number in numbers)
    return list(dict.fromkeys(found)), wrong


def _number(written: str) -> int | None:
    """The number as a marker writes it: digits only, none in front that means nothing."""
    return int(written) if re.fullmatch(r"[1-9]\d{0,2}", written) else None
