"""What is special about the text of a printed page: its number stands in it, and its lines are as wide as the paper.

A number is a page's only if it counts up with the pages of the file; a year or a cell of a table in the same place is
not. Nothing here looks at what a line means, but for where an article of a set of rules begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from corpus.clean import normalise_newlines
from corpus.models import RawPage
from corpus.running_titles import take_off_running_titles

_NUMBER = re.compile(
    r"^[\s\-–—]*(?:p(?:age|\.)?\s*)?(\d{1,4})(?:\s*(?:/|of)\s*\d{1,4})?\s*(?:ページ|頁)?[\s\-–—]*$", re.IGNORECASE
)
# A number stands at the very top or foot of the page, or next to a running title.
_LINES_FROM_EDGE = 2
_FEWEST_PAGES = 3
_SHARE_OF_PAGES = 0.5
_LONG_STRETCH = 10
_DENSE = 0.8
# An article of a law, a contract or a set of rules.
ARTICLE = re.compile(r"^第\s*[\d一二三四五六七八九十百]+\s*条")
# In half-width columns: a page of shorter lines than this holds no running text, only titles and labels.
_NARROWEST_COLUMN = 24
_FULL_LINE = 0.75


def label_pages(pages: Sequence[RawPage]) -> tuple[RawPage, ...]:
    """The pages without printed numbers and running titles; a page that had a number, and no label yet, is labelled."""
    candidates = [_candidates(page) for page in pages]
    offsets = _offsets(pages, candidates)
    if offsets:
        pages = [_take_off(page, found, offsets) for page, found in zip(pages, candidates, strict=True)]
    return take_off_running_titles(pages)


def _candidates(page: RawPage) -> dict[int, int]:
    """Numbers that stand alone on a line near the edge, by the index of the line."""
    lines = page.text.split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    edge = {*filled[:_LINES_FROM_EDGE], *filled[-_LINES_FROM_EDGE:]} if page.number is not None else set()
    # A number between tabs is a cell of a table.
    bare = [index for index in edge if "\t" not in lines[index]]
    matches = {index: _NUMBER.match(unicodedata.normalize("NFKC", lines[index])) for index in bare}
    return {index: int(match[1]) for index, match in matches.items() if match}


def _offsets(pages: Sequence[RawPage], candidates: Sequence[dict[int, int]]) -> frozenset[int]:
    """By how much the printed numbers differ from the pages' places in the file.

    That is what most pages agree on; and what a long stretch of pages agrees on, where the numbers begin anew.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for place, (page, found) in enumerate(zip(pages, candidates, strict=True)):
        for offset in {number - (page.number or 0) for number in found.values()}:
            places[offset].append(place)
    filled = sum(bool(page.text.strip()) for page in pages)
    fewest = max(_FEWEST_PAGES, filled * _SHARE_OF_PAGES)
    return frozenset(
        offset
        for offset, at in places.items()
        if len(at) >= fewest or (len(at) >= _LONG_STRETCH and len(at) >= _DENSE * (at[-1] - at[0] + 1))
    )


def _take_off(page: RawPage, found: dict[int, int], offsets: frozenset[int]) -> RawPage:
    places = {index: number for index, number in found.items() if number - (page.number or 0) in offsets}
    if not places:
        return page
    printed = min(places.items())[1]
    # A blank line stays behind: what stood on either side of the number is no one sentence.
    kept = ["" if index in places else line for index, line in enumerate(page.text.split("\n"))]
    return replace(page, text="\n".join(kept), label=page.label or str(printed))


def break_dense_lines(text: str) -> str:
    """Add paragraph breaks to the text of a printed page, which comes with few or no blank lines.

    A line much shorter than the page's usual line, or one that ends a sentence, ends its paragraph; an article of a
    set of rules begins one. The rows of a table (lines with tabs) stay together and say nothing of the page's width.
    """
    lines = normalise_newlines(text).split("\n")
    filled = sorted(_width(line) for line in lines if line.strip() and "\t" not in line)
    if not filled:
        return text
    usual = max(_NARROWEST_COLUMN, filled[int(len(filled) * 0.9)])
    broken: list[str] = []
    for line in lines:
        in_table = "\t" in line
        if broken and broken[-1] and (in_table != ("\t" in broken[-1]) or ARTICLE.match(line.strip())):
            broken.append("")
        broken.append(line)
        if in_table:
            continue
        if _width(line) < _FULL_LINE * usual or line.rstrip().endswith(("。", "！", "？")):
            broken.append("")
    return "\n".join(broken)


def _width(line: str) -> int:
    """The width of a line in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.rstrip())
