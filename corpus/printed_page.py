"""What is special about the text of a printed page: its number stands in it, and its lines are as wide as the paper.

A number is a page's only if it counts up with the pages of the file; a year or a cell of a table in the same place is
not. Nothing here looks at what a line means, but for where an article of a set of rules begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.clean import normalise_newlines
from corpus.models import RawPage

_NUMBER = re.compile(r"^[\s\-–—]*(\d{1,4})[\s\-–—]*$")
# A number stands at the very top or foot of the page, or next to a running title.
_LINES_FROM_EDGE = 2
_FEWEST_PAGES = 3
_SHARE_OF_PAGES = 0.5
# An article of a law, a contract or a set of rules.
ARTICLE = re.compile(r"^第\s*[\d一二三四五六七八九十百]+\s*条")
# In half-width columns: a page of shorter lines than this holds no running text, only titles and labels.
_NARROWEST_COLUMN = 24
_FULL_LINE = 0.75


def label_pages(pages: Sequence[RawPage]) -> tuple[RawPage, ...]:
    """The pages without their printed numbers; a page that had one, and no label yet, has it as its label."""
    candidates = [_candidates(page) for page in pages]
    offset = _offset(pages, candidates)
    if offset is None:
        return tuple(pages)
    return tuple(_take_off(page, found, offset) for page, found in zip(pages, candidates, strict=True))


def _candidates(page: RawPage) -> dict[int, int]:
    """Numbers that stand alone on a line near the edge, by the index of the line."""
    lines = page.text.split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    edge = {*filled[:_LINES_FROM_EDGE], *filled[-_LINES_FROM_EDGE:]} if page.number is not None else set()
    matches = {index: _NUMBER.match(unicodedata.normalize("NFKC", lines[index])) for index in edge}
    return {index: int(match[1]) for index, match in matches.items() if match}


def _offset(pages: Sequence[RawPage], candidates: Sequence[dict[int, int]]) -> int | None:
    """By how much the printed numbers differ from the pages' places in the file, if most pages agree on it."""
    offsets = Counter(
        offset
        for page, found in zip(pages, candidates, strict=True)
        for offset in {number - (page.number or 0) for number in found.values()}
    )
    if not offsets:
        return None
    offset, count = offsets.most_common(1)[0]
    filled = sum(bool(page.text.strip()) for page in pages)
    return offset if count >= max(_FEWEST_PAGES, filled * _SHARE_OF_PAGES) else None


def _take_off(page: RawPage, found: dict[int, int], offset: int) -> RawPage:
    printed = (page.number or 0) + offset
    places = {index for index, number in found.items() if number == printed}
    if not places:
        return page
    # A blank line stays behind: what stood on either side of the number is no one sentence.
    kept = ["" if index in places else line for index, line in enumerate(page.text.split("\n"))]
    return replace(page, text="\n".join(kept), label=page.label or str(printed))


def break_dense_lines(text: str) -> str:
    """Add paragraph breaks to the text of a printed page, which comes with few or no blank lines.

    A line much shorter than the page's usual line, or one that ends a sentence, ends its paragraph; an article of a
    set of rules begins one.
    """
    lines = normalise_newlines(text).split("\n")
    filled = sorted(_width(line) for line in lines if line.strip())
    if not filled:
        return text
    usual = max(_NARROWEST_COLUMN, filled[int(len(filled) * 0.9)])
    broken: list[str] = []
    for line in lines:
        if ARTICLE.match(line.strip()) and broken and broken[-1]:
            broken.append("")
        broken.append(line)
        if _width(line) < _FULL_LINE * usual or line.rstrip().endswith(("。", "！", "？")):
            broken.append("")
    return "\n".join(broken)


def _width(line: str) -> int:
    """The width of a line in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.rstrip())
