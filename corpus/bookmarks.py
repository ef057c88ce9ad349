"""What a paged file says about its own structure: its bookmarks, and the pages that hold its table of contents.

Only for files with pages; a table of contents with page ranges inside a text file is read in `corpus.structure`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.clean import quote_key
from corpus.headings import LEAF_RANK, is_contents
from corpus.lines import Unit, UnitKind
from corpus.models import RawDocument, RawPage

# What presentation software writes for a slide that has no title.
_NO_TITLE = re.compile(r"^(?:スライド(?:番号)?|Slide)\s*\d*$", re.IGNORECASE)
_ENTRY = re.compile(
    r"(?<![…．.・‥])(?:…{2,}|[.．・‥]{4,})\s*\d{1,4}\s*$|^\s*第\s*\d+\s*[章節条]|^\s*\d{1,2}[.．-]\s*\S", re.MULTILINE
)
_SHORTEST_PREFIX = 4
_BOOKMARKED_SHARE = 0.8
_ENTRIES_OF_A_CONTENTS_PAGE = 3


def contents_pages(pages: Sequence[RawPage]) -> frozenset[int]:
    """The indexes of the pages that hold the table of contents: headed 目次, made of entries, without a sentence."""
    found: set[int] = set()
    for index, page in enumerate(pages):
        headed = any(is_contents(line) for line in page.text.splitlines())
        entries = len(_ENTRY.findall(page.text)) >= _ENTRIES_OF_A_CONTENTS_PAGE
        if page.number is not None and "。" not in page.text and entries and (headed or index - 1 in found):
            found.add(index)
    return frozenset(found)


def list_contents(units: Sequence[Unit], pages: frozenset[int]) -> list[Unit]:
    """The units, with the entries of the table of contents as items of a list instead of headings."""
    return [
        unit if unit.page not in pages or is_contents(unit.text) else replace(unit, kind=UnitKind.LIST_ITEM, rank=0)
        for unit in units
    ]


def apply_bookmarks(units: Sequence[Unit], raw: RawDocument) -> list[Unit]:
    """The units with the headings that the file's bookmarks name, each on the page that the bookmark points to.

    A title that is a line of the page makes that line a heading; one that is not to be found there (a title merged
    with a picture's text, say) heads the page, if it is the page's first bookmark. In a deck of slides each page
    begins with its title, wherever the file draws it.
    """
    bookmarks = [(level, title, number - 1) for level, title, number in raw.outline if number is not None]
    deck = _is_deck([page for _, _, page in bookmarks], len(raw.pages))
    marked = list(units)
    headed: set[int] = set()
    for level, title, page in bookmarks:
        if _NO_TITLE.match(title):
            continue
        key = quote_key(title)
        place = next((i for i, unit in enumerate(marked) if unit.page == page and _is_titled(unit, key)), None)
        if place is None and page in headed:
            continue
        headed.add(page)
        if deck and place is not None and quote_key(marked[place].text) == key:
            del marked[place]
        _put_heading(marked, None if deck else place, Unit(UnitKind.HEADING, title, page, rank=level))
    return marked


def _is_deck(pages: Sequence[int], count: int) -> bool:
    """Whether nearly every page of the file has one bookmark of its own."""
    return len(pages) == len(set(pages)) and len(pages) >= max(2, count * _BOOKMARKED_SHARE)


def _is_titled(unit: Unit, key: str) -> bool:
    own = quote_key(unit.text)
    return own == key or (len(key) >= _SHORTEST_PREFIX and own.startswith(key))


def _put_heading(units: list[Unit], place: int | None, heading: Unit) -> None:
    if place is None:
        units.insert(next((i for i, unit in enumerate(units) if unit.page >= heading.page), len(units)), heading)
    elif quote_key(units[place].text) == quote_key(heading.text):
        units[place] = replace(units[place], kind=UnitKind.HEADING, rank=heading.rank)
    else:
        # The line goes on behind the title: the title heads it, and the line stays whole.
        kind = units[place].kind
        body = UnitKind.CAPTION if kind in (UnitKind.CANDIDATE, UnitKind.HEADING) else kind
        units[place] = replace(units[place], kind=body, rank=0)
        units.insert(place, heading)


def page_less_outline(raw: RawDocument) -> dict[str, int]:
    """The depths of the bookmarks that point to no page, by quote key."""
    return {quote_key(title): min(level, LEAF_RANK) for level, title, number in raw.outline if number is None}
