"""How the checker reads texts: keys, values of figures, dates, and where an index says a thing.

Written apart from what makes the items, so that an error there is not made here again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.clean import quote_key
from corpus.models import Chunk

_SCALES = {"兆": 10**12, "億": 10**8, "万": 10**4, "千": 10**3, "百": 10**2}
_FIGURE = re.compile(r"(?P<number>(?:\d[\d,]*(?:\.\d+)?[兆億万千百]*)+)(?P<unit>か月|[%年月日円回倍割]|[一-龥]{0,2})")
_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)([兆億万千百]*)")
_ERA_YEAR = re.compile(r"(令和|平成)(元|\d{1,2})年")
_ERAS = {"令和": 2018, "平成": 1988}
_MONTH = re.compile(r"((?:19|20)\d\d)年(?:\((?:19|20)\d\d年\))?(\d{1,2})月")
# A text with so few letters besides its figures is a figure: 延べ90回, 4技術.
_LITTLE = 2
_SENTENCE = re.compile(r"[^。\n]+。?")


@dataclass(frozen=True, slots=True)
class Spot:
    """One sentence or line of a passage, as a key, and the headings above it as keys."""

    key: str
    headings: tuple[str, ...]
    doc_id: str


@lru_cache(maxsize=32768)
def key(text: str) -> str:
    """A text under the one normalisation, with era years as years of our calendar left as they are."""
    return quote_key(text)


@lru_cache(maxsize=8192)
def values(text: str) -> tuple[tuple[float, str], ...]:
    """The figures of a text as (number, unit): 750万円 and 7,500,000円 are one value, so are 令和4年 and 2022年."""
    plain = _ERA_YEAR.sub(_common_year, unicodedata.normalize("NFKC", text))
    return tuple((_number(match["number"]), match["unit"]) for match in _FIGURE.finditer(plain))


def same_value(first: str, second: str) -> bool:
    """Whether two texts say the same: as texts, or as figures where both are little more than figures."""
    if key(first) == key(second):
        return True
    return bool(values(first)) and values(first) == values(second) and _rest(first) == _rest(second)


def shows(text: str, answer: str) -> bool:
    """Whether a text has an answer in it: verbatim, or all its figures with their units where it is a figure."""
    wanted = values(answer)
    if wanted and len(_rest(answer)) <= _LITTLE:
        return set(wanted) <= set(values(text))
    return key(answer) in key(text)


def months(text: str) -> set[tuple[int, int]]:
    """The (year, month) of every date of a text that has both."""
    plain = _ERA_YEAR.sub(_common_year, unicodedata.normalize("NFKC", text))
    return {(int(year), int(month)) for year, month in _MONTH.findall(plain)}


def spots(chunk: Chunk) -> tuple[Spot, ...]:
    """The sentences of a passage."""
    return _spots(chunk.text, chunk.section, chunk.doc_id)


@lru_cache(maxsize=8192)
def _spots(text: str, section: tuple[str, ...], doc_id: str) -> tuple[Spot, ...]:
    headings = tuple(key(heading) for heading in section)
    return tuple(Spot(key(match[0]), headings, doc_id) for match in _SENTENCE.finditer(text))


@lru_cache(maxsize=8192)
def pairs_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text."""
    whole = key(text)
    return frozenset(whole[at : at + 2] for at in range(len(whole) - 1))


def share(text: str, other: str) -> float:
    """The share of the character pairs of a text that another has, 0 to 1."""
    pairs = pairs_of(text)
    return len(pairs & pairs_of(other)) / len(pairs) if pairs else 0.0


def quoted(text: str) -> Iterator[str]:
    """What a text has between outermost quotation marks."""
    depth, start = 0, 0
    for at, character in enumerate(text):
        if character in "「『":
            depth, start = depth + 1, at + 1 if depth == 0 else start
        elif character in "」』" and depth:
            depth -= 1
            if depth == 0 and at > start:
                yield text[start:at]


def _common_year(match: re.Match[str]) -> str:
    return f"{_ERAS[match[1]] + (1 if match[2] == '元' else int(match[2]))}年"


def _number(written: str) -> float:
    """7億2千万 → 720,000,000: a small scale before a great one multiplies with it."""
    total = 0.0
    for digits, scales in _PART.findall(written):
        part = float(digits.replace(",", ""))
        for scale in scales:
            part *= _SCALES[scale]
        total += part
    return total


def _rest(text: str) -> str:
    plain = _ERA_YEAR.sub(_common_year, unicodedata.normalize("NFKC", text))
    return re.sub(r"\s", "", _FIGURE.sub("", plain))
