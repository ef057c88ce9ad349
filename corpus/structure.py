"""Headings, lists, tables, cases and check-list items: from a reader's raw pages to pages of blocks.

Lines become units in `corpus.lines`, units get their depth in `corpus.headings` and `corpus.bookmarks`; here they are
walked in order and become blocks under the path of headings above them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from corpus.bookmarks import apply_bookmarks, contents_pages, list_contents, page_less_outline
from corpus.clean import quote_key
from corpus.headings import CIRCLED, LEAF_RANK, PART_RANK, TOP_RANK, Hints, is_contents, resolve_headings
from corpus.lines import Unit, UnitKind, marked_units, split_units
from corpus.models import Block, BlockKind, Page, RawDocument, RawPage
from corpus.printed_page import label_pages

_RANGE = r"\d{1,3}(?:\s*[~～〜–—-]\s*\d{1,3})?"
_TOC_LINE = re.compile(rf"^(.{{2,60}}?)[\s…・.．]*({_RANGE})\s*ページ$")
_TOC_LINE_LIMIT = 200
_PAGES_IN_HEADING = re.compile(rf"\s*[（(](?:原典)?\s*({_RANGE})\s*ページ[）)]\s*$")
_CASE = re.compile(r"^Case\s*\d+", re.IGNORECASE)
_CASE_PART = re.compile(r"論点|学び|概要|背景|経緯|教訓|関係図")
_PROSE = (UnitKind.PARAGRAPH, UnitKind.CAPTION, UnitKind.CANDIDATE)
_MARKDOWN_HEADINGS = 5
_CONTENTS_ENTRIES = 3
_BLOCK_KINDS = {
    UnitKind.LIST_ITEM: BlockKind.LIST_ITEM,
    UnitKind.ENUMERATED: BlockKind.LIST_ITEM,
    UnitKind.TABLE_ROW: BlockKind.TABLE_ROW,
    UnitKind.CHECKLIST_ITEM: BlockKind.CHECKLIST_ITEM,
    UnitKind.CANDIDATE: BlockKind.CAPTION,
    UnitKind.CAPTION: BlockKind.CAPTION,
}


def structure_document(raw: RawDocument, *, title: str = "") -> tuple[Page, ...]:
    """The pages of a document as blocks under section paths.

    A file without pages becomes one Page for each stretch that its own contents give a page range for. `title` is
    kept out of the section paths.
    """
    raw = replace(raw, pages=label_pages(raw.pages))
    markdown = sum(len(re.findall(r"(?m)^#{1,6}\s", page.text)) for page in raw.pages) >= _MARKDOWN_HEADINGS
    units = [unit for index, page in enumerate(raw.pages) for unit in _units(page, index, markdown)]
    paged = any(page.number is not None for page in raw.pages)
    labels = {} if paged else _contents_labels(units)
    contents = contents_pages(raw.pages)
    units = apply_bookmarks(list_contents(units, contents), raw)
    walker = _Walker(raw.pages, quote_key(title), markdown, labels, contents)
    for unit in resolve_headings(units, Hints(labels, page_less_outline(raw), markdown, paged)):
        walker.take(unit)
    return walker.pages()


def _units(page: RawPage, index: int, markdown: bool) -> list[Unit]:
    if page.lines:
        return marked_units(page.lines, index)
    return split_units(page.text, index, markdown=markdown, paged=page.number is not None)


def _contents_labels(units: list[Unit]) -> dict[str, str]:
    """Headings with their printed page range, read from the document's own table of contents."""
    labels: dict[str, str] = {}
    for unit in units:
        if len(unit.text) <= _TOC_LINE_LIMIT and (match := _TOC_LINE.match(unit.text)):
            labels[quote_key(match[1])] = _page_range(match[2])
    return labels if len(labels) >= _CONTENTS_ENTRIES else {}


def _page_range(text: str) -> str:
    return "–".join(re.findall(r"\d+", text))


@dataclass
class _Walker:
    """Walks the units in order and keeps the path of headings above the current one."""

    raw_pages: tuple[RawPage, ...]
    title_key: str
    markdown: bool
    labels: Mapping[str, str]
    contents_pages: frozenset[int]
    path: list[tuple[int, str]] = field(default_factory=list)
    segments: list[tuple[int, str | None, list[Block]]] = field(default_factory=list)
    label: str | None = None
    in_contents: bool = False
    in_checklist: bool = False

    def take(self, unit: Unit) -> None:
        if self.in_contents and quote_key(unit.text) not in self.labels:
            self._add(BlockKind.LIST_ITEM, unit)
            return
        if self._is_behind_contents(unit) or (unit.starts_slide and unit.kind is not UnitKind.PARAGRAPH):
            self._leave()
        if unit.kind is UnitKind.HEADING:
            self._open(unit)
        elif unit.kind is UnitKind.CHECKLIST_GROUP:
            self._enter(unit.text, PART_RANK, unit.page)
            self.in_checklist = True
        else:
            self._body(unit)

    def _is_behind_contents(self, unit: Unit) -> bool:
        listed = bool(self.contents_pages) and bool(self.path) and is_contents(self.path[0][1])
        return listed and unit.page not in self.contents_pages

    def _open(self, unit: Unit) -> None:
        key = quote_key(unit.text)
        pages_in_heading = _PAGES_IN_HEADING.search(unit.text)
        text = unit.text[: pages_in_heading.start()] if pages_in_heading else unit.text
        self.in_contents = bool(self.labels) and is_contents(text)
        rank = unit.rank
        if self._in_case() and _CASE_PART.search(text) and not _CASE.match(text) and rank >= LEAF_RANK:
            rank = max(rank, PART_RANK)
        if self.in_checklist and key not in self.labels and not self.markdown:
            self._leave()
        if rank == TOP_RANK or pages_in_heading or key in self.labels:
            self.label = self.labels.get(key) or (_page_range(pages_in_heading[1]) if pages_in_heading else None)
        elif self._is_outside_label(rank):
            self.label = None
        if not (rank == TOP_RANK and self.title_key in (quote_key(text), key)):
            self._enter(text, self._among_siblings(text, rank), unit.page)

    def _body(self, unit: Unit) -> None:
        if unit.kind is UnitKind.CHECKLIST_ITEM:
            self.in_checklist = True
        elif self.in_checklist and not self.markdown and unit.kind in _PROSE:
            # A check list is the end of its section: what stands behind it belongs to no page range any more.
            self._leave()
        if unit.rank:
            self._close_sections(unit.rank)
        kind = _BLOCK_KINDS.get(unit.kind, BlockKind.PARAGRAPH)
        if kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and self._in_case():
            kind = BlockKind.CASE
        self._add(kind, unit)

    def _in_case(self) -> bool:
        return any(_CASE.match(text) for _, text in self.path)

    def _is_outside_label(self, rank: int) -> bool:
        return self.label is not None and not any(level < rank for level, _ in self.path)

    def _leave(self) -> None:
        self.path.clear()
        self.label, self.in_checklist = None, False

    def _among_siblings(self, text: str, rank: int) -> int:
        """The depth of ② is that of the ① above it, whatever the document's own marks say."""
        if match := CIRCLED.match(text):
            for level, above in self.path:
                if (sibling := CIRCLED.match(above)) and sibling[0] < match[0]:
                    return level
        return rank

    def _close_sections(self, rank: int) -> None:
        while self.path and self.path[-1][0] >= rank:
            self.path.pop()

    def _enter(self, text: str, rank: int, page: int) -> None:
        self._close_sections(rank)
        self.path.append((rank, text))
        self._place(page, Block(BlockKind.HEADING, text, self._section(), self.raw_pages[page].number))

    def _add(self, kind: BlockKind, unit: Unit) -> None:
        self._place(unit.page, Block(kind, unit.text, self._section(), self.raw_pages[unit.page].number))

    def _section(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.path)

    def _place(self, page: int, block: Block) -> None:
        if not self.segments or self.segments[-1][:2] != (page, self.label):
            self.segments.append((page, self.label, []))
        self.segments[-1][2].append(block)

    def pages(self) -> tuple[Page, ...]:
        """One Page for each page of the file or, where it has none, for each stretch with a label of its own."""
        return tuple(
            Page(
                self.raw_pages[index].number,
                self.raw_pages[index].label or label,
                tuple(blocks),
                is_ocr=self.raw_pages[index].is_ocr,
            )
            for index, label, blocks in self.segments
        )
