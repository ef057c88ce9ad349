"""Addresses in a text: found in any disguise, kept only where the very same one stands in the passages cited."""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.verify.characters import folded

_TOP = (
    "com|net|org|info|biz|edu|gov|mil|int|io|ai|app|dev|xyz|top|site|online|shop|club|link|click|live|page|cloud|tech|"
    "store|blog|wiki|test|example|invalid|local|localhost|onion|[a-z]{2}"
)
_REST = r"[^\s<>「」『』（）()\[\]{}【】、。\"'`|\\^]*"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+-]{{1,20}}\s?:\s?/\s?/|(?<![a-z0-9])//|\\\\(?=\w)|"
    rf"(?<![a-z])(?:javascript|vbscript|data|blob|file|mailto|tel|sms|about|view-source|ftp|wss?)\s?:(?=\S)|"
    rf"(?<![a-z])(?:hxxps?|https?)\s?:){_REST}(?:\([^\s()]*\){_REST})?"
    rf"|(?<![\w.@-])[\w.+-]+\s?(?:@|\[at\]|\(at\))\s?(?:{_LABEL}\.)+[^\W\d_]{{2,}}"
    rf"|(?<![\w@.-])(?:www\.{_REST}|(?:{_LABEL}(?:\.|\s?\[\.\]\s?|\s?\(\.\)\s?|\s?\[dot\]\s?))+(?:{_TOP})(?![\w])(?:[:/?#]{_REST})?)"
    rf"|(?<![\d.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\d.])(?:[:/]{_REST})?"
    rf"|\bxn--[a-z0-9-]+{_REST}"
)
_MAY_HOLD = re.compile(r"[.:@/\\]|dot|at\]|at\)")
_TRAILING = ".,;:!?)\"'"
_LEFT_OVER = re.compile(r"[（(［\[〈＜<][\s、,:：/]*[）)］\]〉＞>]")
_SPACES = re.compile(" {2,}")
_ABBREVIATION = re.compile(r"(?:e\.g|i\.e|etc|vs|no|co|ltd|inc|p|pp|u\.s)\.?")


def addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses stand in a text, as (start, end), closing punctuation not included."""
    plain = folded(text)
    if not _MAY_HOLD.search(plain):
        return []
    found = []
    for match in _ADDRESS.finditer(plain):
        end = match.start() + len(match[0].rstrip(_TRAILING))
        if end > match.start() and not _ABBREVIATION.fullmatch(match[0]):
            found.append((match.start(), end))
    return found


def address_keys(text: str) -> frozenset[str]:
    """The addresses of a text in the form that they are compared in."""
    return frozenset(folded(text[start:end]) for start, end in addresses(text))


def without_addresses(text: str, kept: Set[str]) -> tuple[str, int]:
    """A text without the addresses that are not among `kept`, and how many were taken out."""
    parts, done, removed = [], 0, 0
    for start, end in addresses(text):
        if folded(text[start:end]) not in kept:
            parts.append(text[done:start])
            done, removed = end, removed + 1
    if not removed:
        return text, 0
    left = _SPACES.sub(" ", _LEFT_OVER.sub("", "".join((*parts, text[done:]))))
    # Taking one out may put the halves of another together.
    again, more = without_addresses(left, kept)
    return again, removed + more
