"""Key facts: whether one of the accepted wordings of each fact stands in a text. No judgement of meaning.

Compared after NFKC and case folding, without white space and Markdown emphasis. Commas between digits may be there or
not (1,000 = 1000, and P11 stands in P11,12). A wording that begins or ends with a digit is not found within a longer
number: 5年 does not stand in 15年.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_EMPHASIS = re.compile(r"[*_]+")
_SPACE = re.compile(r"((?<=\d)\s+(?=\d))|\s+")
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d)")


def fact_key(text: str) -> str:
    """Return a text as facts are compared; only a space between two digits is left, which keeps numbers apart."""
    plain = _EMPHASIS.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _SPACE.sub(lambda space: " " if space[1] else "", plain)


def without_commas(key: str) -> str:
    """Return a key with the commas within its numbers removed."""
    return _COMMA_IN_NUMBER.sub("", key)


def facts_found(key_facts: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[bool, ...]:
    """Return for each group of wordings whether one of them stands in one of the texts."""
    if not key_facts:
        return ()
    key = "\n".join(map(fact_key, texts))
    readings = (key, without_commas(key))
    return tuple(any(_stands(wording, readings) for wording in group) for group in key_facts)


def share_found(found: Sequence[bool]) -> float | None:
    """Return the share of facts found, 0 to 1; None where there are none to be found."""
    return sum(found) / len(found) if found else None


def _stands(wording: str, readings: tuple[str, str]) -> bool:
    return any(pattern.search(text) for pattern, text in zip(_patterns(wording), readings, strict=True))


@lru_cache(maxsize=4096)
def _patterns(wording: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a wording looks like with the commas of its numbers and without them."""
    key = fact_key(wording)
    return _pattern(key), _pattern(without_commas(key))


def _pattern(key: str) -> re.Pattern[str]:
    before = r"(?<!\d)" if key[:1].isdigit() else ""
    after = r"(?!\d)" if key[-1:].isdigit() else ""
    return re.compile(before + re.escape(key) + after)
