"""Which short lines are headings, and how deep: units that may be headings in, units with their depth out.

The depth is taken, in this order, from the document's own table of contents or outline, from Markdown's `#`, from how
the guidance numbers its parts, and last from what follows: a short line alone is a heading if text stands under it, a
parent if another such line does, and a picture's label in a row of four or more. The blocks themselves are made in
`corpus.structure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.clean import quote_key
from corpus.lines import Unit, UnitKind
from corpus.printed_page import ARTICLE

CIRCLED = re.compile(r"^[①-⑳]")
TOP_RANK, PARENT_RANK, LEAF_RANK, PART_RANK = 1, 2, 3, 4
# 「第2章の対象」 speaks of a chapter; 「第2章 対象」 opens one.
_PART_OR_CHAPTER = re.compile(r"^第\s*\d+\s*[部章](?!\w)")
_FRONT_OR_BACK = re.compile(r"^(?:目次|はじめに|おわりに|まとめ|参考資料|付録|「[^」]+」について)$")
_REFERENCE = re.compile(r"^[（(]参考")
_NUMBERED_HEADING = re.compile(r"^[（(]?\d")
_NUMBER = re.compile(r"^\d{1,2}[.．)）]")
# Fewer blank lines than this lie between a line and its neighbour on the same slide.
_SLIDE_GAP = 2
_LABELS_OF_A_PICTURE = 4


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a document's headings, by quote key.

    `labels` are page ranges from its table of contents, `outline` the depths of its bookmarks; `paged` says that its
    text comes from printed pages, where what is numbered nests.
    """

    labels: Mapping[str, str]
    outline: Mapping[str, int]
    markdown: bool
    paged: bool = False


def is_contents(text: str) -> bool:
    """Whether this heads a table of contents."""
    return quote_key(text).startswith("目次")


def resolve_headings(units: Sequence[Unit], hints: Hints) -> list[Unit]:
    """The units with every candidate turned into a heading or a caption, and each heading given its depth.

    A heading under which nothing stands becomes a CANDIDATE again, which is shown as a caption; the rank that it keeps
    says which sections it ends.
    """
    units = [_explicit(unit, hints) for unit in units]
    if hints.markdown and not _marks_keep_parts_on_top(units):
        units = [_nest_in_parts(unit) for unit in units]
    if not hints.markdown:
        units = _title_slides(units)
    return _without_empty_headings(list(_resolve_candidates(units, hints)), hints)


def _explicit(unit: Unit, hints: Hints) -> Unit:
    if unit.kind not in (UnitKind.CANDIDATE, UnitKind.HEADING):
        return unit
    key = quote_key(unit.text)
    if key in hints.outline:
        return replace(unit, kind=UnitKind.HEADING, rank=hints.outline[key])
    if not hints.markdown and (key in hints.labels or is_contents(unit.text)):
        return replace(unit, kind=UnitKind.HEADING, rank=TOP_RANK)
    return unit


def _marks_keep_parts_on_top(units: Sequence[Unit]) -> bool:
    """Whether the `#` of a document put its parts, if it has any, at one depth and nothing in them as high."""
    headings = [unit for unit in units if unit.rank]
    parts = [index for index, unit in enumerate(headings) if _PART_OR_CHAPTER.match(unit.text)]
    if not parts:
        return True
    inside = (unit for index, unit in enumerate(headings) if index > parts[0] and index not in parts)
    depth = headings[parts[0]].rank
    return all(headings[index].rank == depth for index in parts) and all(
        unit.rank > depth or (unit.rank == depth and _FRONT_OR_BACK.match(unit.text)) for unit in inside
    )


def _nest_in_parts(unit: Unit) -> Unit:
    """Depth in a document of parts, whose own `#` are not to be relied on: parts first, all else below them."""
    if not unit.rank:
        return unit
    if _PART_OR_CHAPTER.match(unit.text) or (unit.rank == 1 and _FRONT_OR_BACK.match(unit.text)):
        return replace(unit, rank=TOP_RANK)
    return replace(unit, rank=unit.rank + 1)


def _title_slides(units: Sequence[Unit]) -> list[Unit]:
    """Slides that came out of their PDF with the picture first: their title is put back to the front.

    The title is the last short line with a list right under it; the labels of the picture are captions.
    """
    titled: list[Unit] = []
    for slide in _slides(units):
        labels = next((index for index, unit in enumerate(slide) if unit.kind is not UnitKind.CANDIDATE), len(slide))
        titles = [
            index
            for index in range(len(slide) - 1)
            if slide[index].kind is UnitKind.CANDIDATE and slide[index + 1].kind is UnitKind.LIST_ITEM
        ]
        if slide[0].starts_slide and labels >= _LABELS_OF_A_PICTURE and titles:
            title = slide.pop(titles[-1])
            titled.append(replace(title, kind=UnitKind.HEADING, rank=LEAF_RANK, starts_slide=True))
            slide = [_as_caption(replace(unit, starts_slide=False)) for unit in slide]
        titled.extend(slide)
    return titled


def _slides(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    slide: list[Unit] = []
    for unit in units:
        if slide and unit.starts_slide and unit.kind in (UnitKind.CANDIDATE, UnitKind.HEADING):
            yield slide
            slide = []
        slide.append(unit)
    if slide:
        yield slide


def _as_caption(unit: Unit) -> Unit:
    return replace(unit, kind=UnitKind.CAPTION) if unit.kind is UnitKind.CANDIDATE else unit


def _resolve_candidates(units: Sequence[Unit], hints: Hints) -> Iterator[Unit]:
    index = 0
    while index < len(units):
        end = index
        while end < len(units) and units[end].kind is UnitKind.CANDIDATE:
            end += 1
        if end > index:
            before = units[index - 1] if index else None
            after = units[end] if end < len(units) else None
            yield from _resolve_run(units[index:end], before, after, hints)
            index = end
            continue
        yield _resolve_enumerated(units, index, hints) if units[index].kind is UnitKind.ENUMERATED else units[index]
        index += 1


def _resolve_run(run: Sequence[Unit], before: Unit | None, after: Unit | None, hints: Hints) -> Iterator[Unit]:
    """Short lines in a row, up to what follows them, as headings and captions."""
    if after is None or _are_labels(run, after):
        yield from run
    elif len(run) > 1 and all(ARTICLE.match(unit.text) for unit in run):
        yield from (replace(unit, kind=UnitKind.LIST_ITEM) for unit in run)
    elif len(run) == 1:
        yield _resolve_single(run[0], before if hints.paged else None, after)
    elif len(run) == 2:
        yield from _resolve_pair(run[0], run[1], bool(hints.labels))
    elif len(run) < _LABELS_OF_A_PICTURE:
        # Two labels and the thing they label: the labels belong under it, not to what came before.
        yield replace(run[-1], kind=UnitKind.HEADING, rank=LEAF_RANK)
        yield from run[:-1]
    else:
        yield from run[:-1]
        yield replace(run[-1], kind=UnitKind.HEADING, rank=LEAF_RANK)


def _are_labels(run: Sequence[Unit], after: Unit) -> bool:
    """Whether all lines of a row are labels, for what stands behind them begins something new."""
    if len(run) > 1 and after.kind is UnitKind.HEADING and after.rank < PART_RANK:
        return True
    return len(run) >= _LABELS_OF_A_PICTURE and after.page != run[-1].page


def _resolve_single(unit: Unit, before: Unit | None, after: Unit) -> Unit:
    together = before is not None and before.page == unit.page
    under = before.rank if before and together and _NUMBERED_HEADING.match(before.text) else 0
    if after.kind is UnitKind.HEADING:
        if _REFERENCE.match(after.text) or after.rank <= max(under, PARENT_RANK):
            return unit
        return replace(unit, kind=UnitKind.HEADING, rank=PARENT_RANK if after.rank <= LEAF_RANK else LEAF_RANK)
    return replace(unit, kind=UnitKind.HEADING, rank=max(LEAF_RANK, under + 1))


def _resolve_pair(first: Unit, second: Unit, has_contents: bool) -> Iterator[Unit]:
    """Two short lines: a parent with its first child, or the foot of one slide and the title of the next.

    A parent holds more than its first child only in a document that has a table of contents: in slides, the next
    short line is as likely the title of the next slide.
    """
    parent, leaf = (PARENT_RANK, LEAF_RANK) if has_contents else (LEAF_RANK, PART_RANK)
    if not has_contents and first.gap < _SLIDE_GAP <= second.gap:
        yield first
        yield replace(second, kind=UnitKind.HEADING, rank=LEAF_RANK)
        return
    yield replace(first, kind=UnitKind.HEADING, rank=parent)
    yield replace(second, kind=UnitKind.HEADING, rank=leaf)


def _resolve_enumerated(units: Sequence[Unit], index: int, hints: Hints) -> Unit:
    """A line such as 「① 相手国の制度の確認」 or 「1. 目的」: a heading when text stands under it, else an item."""
    unit = units[index]
    before = units[index - 1] if index else None
    after = units[index + 1].kind if index + 1 < len(units) else None
    in_list = before is not None and (before.kind is UnitKind.ENUMERATED or _is_numbered_item(before))
    if in_list or after not in (UnitKind.LIST_ITEM, UnitKind.PARAGRAPH, UnitKind.CANDIDATE, UnitKind.HEADING):
        return unit
    if CIRCLED.match(unit.text):
        above = after in (UnitKind.LIST_ITEM, UnitKind.PARAGRAPH)
        return replace(unit, kind=UnitKind.HEADING, rank=PART_RANK + 1) if above else unit
    return replace(unit, kind=UnitKind.HEADING, rank=PARENT_RANK if hints.paged else LEAF_RANK)


def _is_numbered_item(unit: Unit) -> bool:
    return unit.kind is UnitKind.LIST_ITEM and _NUMBER.match(unit.text) is not None


def _without_empty_headings(units: list[Unit], hints: Hints) -> list[Unit]:
    """Headings with nothing under them are text that no chunk would hold: they become candidates again."""
    return [
        replace(unit, kind=UnitKind.CANDIDATE) if _is_empty_heading(units, index, hints) else unit
        for index, unit in enumerate(units)
    ]


def _is_empty_heading(units: Sequence[Unit], index: int, hints: Hints) -> bool:
    unit = units[index]
    if unit.kind is not UnitKind.HEADING or quote_key(unit.text) in hints.labels:
        return False
    after = units[index + 1] if index + 1 < len(units) else None
    return after is None or (after.kind is UnitKind.HEADING and (after.rank <= unit.rank or after.starts_slide))
