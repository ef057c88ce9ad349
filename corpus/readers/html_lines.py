"""From the events of an HTML parser to lines: what is a heading, an item, a row, and what nobody sees.

A target for lxml's parser that builds no tree, so that depth costs nothing and memory stays flat. It decodes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from corpus.clean import join_lines
from corpus.models import BlockKind, RawLine
from corpus.readers.html_lists import ListNumbers
from corpus.readers.html_tables import TableGrid

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol p pre search section"
    " summary table tbody td tfoot th thead tr ul"
)
_NEVER_SHOWN_TAGS = (
    "audio canvas datalist iframe noembed noframes noscript object rp rt rtc script select style svg template textarea"
    " video"
)
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_NEVER_SHOWN: Final = frozenset(_NEVER_SHOWN_TAGS.split())
_MARGINS: Final = frozenset({"nav", "aside"})
_MARGIN_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_OUTER_MARGINS: Final = frozenset({"header", "footer"})
_MAIN: Final = frozenset({"main", "article"})
_CONTEXTS: Final = frozenset({*_HEADINGS, "li", "dt", "dd", "caption", "figcaption"})
_CELLS: Final = frozenset({"td", "th"})
_INVISIBLE: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*0+(?:\.0+)?(?:[a-z%]+)?\s*(?:!|;|$)|opacity\s*:\s*0*(?:\.0+)?\s*(?:!|;|$))",
    re.IGNORECASE,
)
_BREAK = "\x0b"
_SPACES = re.compile(r"[ \t\f\xa0]+")
# What begins an item of its own behind a break in the line; any other break may be for looks only.
ITEM_MARK = re.compile(r"[・●○■□◆◇▶※①-⑳]|[（(]?[0-9０-９]{1,2}[.．)）](?!\d)")


class LineTarget:
    """Gathers the lines of a page in order; with `whole`, its navigation and margins as well.

    `hidden` counts the characters of elements that no reader sees, scripts apart; `preformatted` holds the texts that
    keep their own line breaks.
    """

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole
        self.lines: list[RawLine] = []
        self.title: list[str] = []
        self.preformatted: list[str] = []
        self.hidden = 0
        self._open: list[str] = []
        self._skipped_from: int | None = None
        self._counts_skipped = False
        self._contexts: list[str] = []
        self._text: list[str] = []
        self._term = ""
        self._lists: list[ListNumbers] = []
        self._tables: list[TableGrid] = []
        self._main_depth = 0
        self._pre_depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._open.append(tag)
        if self._skipped_from is not None:
            return
        if tag in _BLOCKS:
            self._flush()
        hidden = _is_hidden(attributes)
        if hidden or self._is_left_out(tag, attributes):
            self._skipped_from, self._counts_skipped = len(self._open), hidden
            return
        if tag == "br":
            self._text.append("\n" if self._pre_depth else _BREAK)
        elif tag in _CONTEXTS:
            self._contexts.append(tag)
        self._enter(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends; the parser closes each one that it opened."""
        depth = len(self._open)
        self._open.pop()
        if self._skipped_from is not None:
            if depth == self._skipped_from:
                self._skipped_from = None
            return
        if tag in _BLOCKS:
            self._flush()
        if tag in _CONTEXTS:
            self._contexts.pop()
        self._leave(tag)

    def data(self, text: str) -> None:
        """A piece of text."""
        if self._skipped_from is not None:
            if self._counts_skipped and self._open[-1] not in _NEVER_SHOWN:
                self.hidden += len("".join(text.split()))
        elif "title" in self._open[-1:]:
            self.title.append(text)
        else:
            self._text.append(text)

    def comment(self, text: str) -> None:
        """A comment, which nobody sees."""

    def close(self) -> None:
        """The end of the page."""
        self._flush()
        while self._tables:
            self._end_table()
        self._end_term()

    def _is_left_out(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _NEVER_SHOWN:
            return not (self.whole and tag == "noscript")
        if self.whole:
            return False
        if tag in _MARGINS or (attributes and attributes.get("role", "").lower() in _MARGIN_ROLES):
            return True
        return tag in _OUTER_MARGINS and not self._main_depth

    def _enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _HEADINGS and self._tables:
            # A table that holds headings lays out a page.
            self._dissolve(self._tables[-1], for_good=True)
        if tag == "table":
            if self._tables:
                self._dissolve(self._tables[-1], for_good=False)
            self._tables.append(TableGrid(is_layout=attributes.get("role") in ("presentation", "none")))
        elif tag == "tr" and self._tables:
            self._tables[-1].begin_row()
        elif tag in _CELLS and self._tables:
            self._tables[-1].begin_cell(attributes)
        elif tag in ("ol", "ul", "menu", "dir"):
            self._lists.append(ListNumbers(tag, attributes))
        elif tag == "li" and self._lists:
            self._lists[-1].begin_item(attributes)
        elif tag in _MAIN:
            self._main_depth += 1
        elif tag == "pre":
            self._pre_depth += 1

    def _leave(self, tag: str) -> None:
        if tag == "table" and self._tables:
            self._end_table()
        elif tag == "tr" and self._tables:
            self._tables[-1].end_row()
        elif tag in _CELLS and self._tables:
            self._tables[-1].end_cell()
        elif tag in ("ol", "ul", "menu", "dir"):
            self._lists.pop()
        elif tag == "dl":
            self._end_term()
        elif tag in _MAIN:
            self._main_depth -= 1
        elif tag == "pre":
            self._pre_depth -= 1

    def _flush(self) -> None:
        """What has been gathered becomes lines, or goes into the open cell."""
        if not self._text:
            return
        raw = "".join(self._text)
        self._text.clear()
        if raw.isspace():
            return
        texts = self._preformatted(raw) if self._pre_depth else _texts(raw)
        if self._contexts and self._contexts[-1] not in ("li", "dd"):
            texts = [" ".join(texts)] if texts else []
        for text in texts:
            if self._tables and self._tables[-1].cell is not None:
                self._tables[-1].cell.append(self._item_mark(text) + text)
            else:
                self._add(text)

    def _preformatted(self, raw: str) -> list[str]:
        self.preformatted.append(raw)
        return [line for line in (line.strip() for line in raw.split("\n")) if line]

    def _add(self, text: str) -> None:
        context = self._contexts[-1] if self._contexts else ""
        if context == "dt":
            self._end_term()
            self._term = text
        elif context == "dd" and self._term:
            self.lines.append(RawLine(BlockKind.TABLE_ROW, f"{_one_cell(self._term)}\t{_one_cell(text)}"))
            self._term = ""
        elif context == "li":
            self._put(BlockKind.LIST_ITEM, self._item_mark(text) + text)
        elif level := _HEADINGS.get(context):
            self._put(BlockKind.HEADING, text, level)
        else:
            self._put(BlockKind.CAPTION if context in ("caption", "figcaption") else BlockKind.PARAGRAPH, text)

    def _put(self, kind: BlockKind, text: str, level: int = 0) -> None:
        self._end_term()
        self.lines.append(RawLine(kind, text, level))

    def _end_term(self) -> None:
        term, self._term = self._term, ""
        if term:
            self.lines.append(RawLine(BlockKind.PARAGRAPH, term))

    def _item_mark(self, text: str) -> str:
        inside = "li" in self._contexts[-1:] and self._lists
        mark = self._lists[-1].take_mark() if inside else ""
        return "" if ITEM_MARK.match(text) else mark

    def _end_table(self) -> None:
        self._add_rows(self._tables.pop())

    def _add_rows(self, table: TableGrid) -> None:
        rows = table.take_rows()
        is_grid = any(len(row) > 1 for row in rows)
        for row in rows:
            text = "\t".join(map(_one_cell, row))
            if text.strip():
                self._put(BlockKind.TABLE_ROW if is_grid else BlockKind.PARAGRAPH, text)

    def _dissolve(self, table: TableGrid, *, for_good: bool) -> None:
        """The open cell becomes part of the page, the cells before it a row; `for_good`: also all cells to come."""
        parts, table.cell = table.cell or [], None
        table.end_row()
        self._add_rows(table)
        table.is_layout |= for_good
        for part in parts:
            self._put(BlockKind.PARAGRAPH, part)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return True
    return _INVISIBLE.search(attributes.get("style", "")) is not None


def _texts(raw: str) -> list[str]:
    """The paragraphs of a run of text: parted by two breaks, or by one before what looks like an item."""
    texts: list[list[str]] = []
    begun = False
    for piece in raw.replace("\xad", "").replace("\r", "\n").split(_BREAK):
        line = _unbroken(piece)
        if line and begun and not ITEM_MARK.match(line):
            texts[-1].append(line)
        elif line:
            texts.append([line])
        begun = bool(line)
    return [" ".join(lines) for lines in texts]


def _unbroken(text: str) -> str:
    """A text without the line breaks of its source; `join_lines` judges each one by the characters beside it."""
    joined: list[str] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        if joined and len(join_lines([joined[-1][-1], line[0]])) > 2:
            joined.append(" ")
        joined.append(_SPACES.sub(" ", line))
    return "".join(joined)


def _one_cell(text: str) -> str:
    return " ".join(text.split())
