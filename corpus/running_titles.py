"""Running titles: lines at the top or foot of a page that stand on its neighbours as well.

A line is taken off only where it stands on three pages or more that follow each other (or every other page, where
left and right pages differ). A title that changes from chapter to chapter stays once if its words stand nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.models import RawPage

_LINES_FROM_EDGE = 3
_FEWEST_PAGES = 3
# Where pages without the line lie between, as at the beginnings of chapters, three of them may still be chance.
_FEWEST_WITH_HOLES = 5
_SHARE_OF_PAGES = 0.5
# Two pages with the same line are neighbours up to here: left and right pages may carry different titles.
_STEP = 2
_LONGEST = 80
_DIGITS = re.compile(r"\d+")
# A number alone is a page's printed number, which `corpus.printed_page` takes off.
_NUMBER_ALONE = re.compile(r"^[\s\-–—]*#[\s\-–—]*$")
# A number that counts up is the page's if it stands apart from the title; 別紙1, 別紙2, 別紙3 are headings.
_NUMBERED = re.compile(r"^(?:#[\s|/／・:：\-–—]+(?P<after>[^#]*)|(?P<before>[^#]*)[\s|/／・:：\-–—]+#)[\s\-–—]*$")
_HEADING = re.compile(
    r"^(?:第|別[紙表添冊]|様式|資料|付録|附[則属]|図|表|例|参考|問|事例|スライド|case|step|chapter|part|appendix|[(（])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the edge of a page: the index of its page, of the line in it, and the numbers in the line."""

    page: int
    line: int
    numbers: tuple[int, ...]


def take_off_running_titles(pages: Sequence[RawPage]) -> tuple[RawPage, ...]:
    """The pages without running titles; pages of a file without pages, or with marked lines, stay as they are.

    A page number within a running title becomes the page's label if it has none.
    """
    filled = sum(bool(page.text.strip()) for page in pages if page.number is not None)
    off: dict[int, set[int]] = defaultdict(set)
    labels: dict[int, str] = {}
    for (shape, _), edges in _edges(pages).items():
        for stretch in _stretches(edges, _may_count(shape)):
            counts_up = stretch[0].numbers != stretch[1].numbers
            if counts_up:
                labels |= {edge.page: str(edge.numbers[0]) for edge in stretch}
            everywhere = len(stretch) >= _SHARE_OF_PAGES * filled
            for edge in stretch if counts_up or everywhere or _is_repeated(pages, stretch[0]) else stretch[1:]:
                off[edge.page].add(edge.line)
    # A page that holds nothing else is not emptied: there the line is the text.
    return tuple(
        _without(page, off[i], labels.get(i)) if i in off and _holds_more(page, off[i]) else page
        for i, page in enumerate(pages)
    )


def _holds_more(page: RawPage, lines: Collection[int]) -> bool:
    return any(line.strip() for index, line in enumerate(page.text.split("\n")) if index not in lines)


def _edges(pages: Sequence[RawPage]) -> dict[tuple[str, bool], list[_Edge]]:
    """The lines near the top and near the foot, by their shape: the text with # for each number, and which edge."""
    found: dict[tuple[str, bool], list[_Edge]] = defaultdict(list)
    for number, page in enumerate(pages):
        lines = page.text.split("\n")
        filled = [index for index, line in enumerate(lines) if line.strip()] if page.number is not None else []
        top, rest = filled[:_LINES_FROM_EDGE], filled[_LINES_FROM_EDGE:]
        near = top + rest[-_LINES_FROM_EDGE:]
        # The head of a table that goes on over pages is part of the table.
        for index in (each for each in near if "\t" not in lines[each]):
            text = " ".join(unicodedata.normalize("NFKC", lines[index][: _LONGEST + 1]).split())
            shape = _DIGITS.sub("#", text)
            if len(text) <= _LONGEST and not text.endswith("。") and not _NUMBER_ALONE.match(shape):
                numbers = tuple(int(each) for each in _DIGITS.findall(text))
                found[shape, index in top].append(_Edge(number, index, numbers))
    return found


def _may_count(shape: str) -> bool:
    """Whether the one number of such a line may be the page's."""
    match = _NUMBERED.match(shape)
    title = (match["after"] or match["before"] or "").strip() if match else ""
    return bool(title) and not _HEADING.match(title)


def _stretches(edges: Sequence[_Edge], may_count: bool) -> Iterator[list[_Edge]]:
    """The runs of neighbouring pages that carry the same line, long enough to be no chance."""
    stretch: list[_Edge] = []
    for edge in edges:
        if stretch and edge.page == stretch[-1].page:
            continue
        if stretch and not _follows(stretch, edge, may_count):
            if _is_long(stretch):
                yield stretch
            stretch = []
        stretch.append(edge)
    if _is_long(stretch):
        yield stretch


def _is_long(stretch: Sequence[_Edge]) -> bool:
    steps = {after.page - before.page for before, after in pairwise(stretch)}
    return len(stretch) >= (_FEWEST_PAGES if len(steps) == 1 else _FEWEST_WITH_HOLES)


def _follows(stretch: Sequence[_Edge], after: _Edge, may_count: bool) -> bool:
    """Whether the line goes on: its numbers the same throughout, or the page's number throughout."""
    before = stretch[-1]
    step = after.page - before.page
    if step > _STEP:
        return False
    counted = len(stretch) > 1 and before.numbers != stretch[-2].numbers
    if before.numbers == after.numbers:
        return not counted
    return may_count and (counted or len(stretch) == 1) and after.numbers[0] - before.numbers[0] == step


def _is_repeated(pages: Sequence[RawPage], edge: _Edge) -> bool:
    """Whether the first page of a stretch, or the one before it, says the same words once more."""
    lines = pages[edge.page].text.split("\n")
    own = _bare(lines[edge.line])
    others = [line for index, line in enumerate(lines) if index != edge.line]
    before = pages[edge.page - 1].text.split("\n") if edge.page else []
    return any(_bare(line) == own for line in (*others, *before))


def _bare(line: str) -> str:
    return "".join(unicodedata.normalize("NFKC", line).split())


def _without(page: RawPage, lines: set[int], label: str | None) -> RawPage:
    """A blank line stays behind: what stood on either side of a running title is no one sentence."""
    kept = ["" if index in lines else line for index, line in enumerate(page.text.split("\n"))]
    return replace(page, text="\n".join(kept), label=page.label or label)
