"""From the raw text of a page to units: runs of lines that belong together, with what they look like.

Looks at single lines and their neighbours only; what a unit means within its document is decided in
`corpus.headings` and `corpus.structure`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from corpus.clean import SYMBOL_FONT, display_text, join_lines, normalise_newlines, strip_markup
from corpus.models import BlockKind, RawLine
from corpus.printed_page import break_dense_lines


class UnitKind(StrEnum):
    """What a run of lines looks like. A CANDIDATE is a short line alone: a heading, or the label of a picture.

    An ENUMERATED one is a short line with a number before it: a heading or an item of a list.
    """

    HEADING = "heading"
    CANDIDATE = "candidate"
    ENUMERATED = "enumerated"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CHECKLIST_ITEM = "checklist_item"
    CHECKLIST_GROUP = "checklist_group"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Unit:
    """One run of lines; `page` is the index of its raw page, `gap` the number of blank lines before it.

    `rank` is the depth of an explicit heading, from 1; 0 for all else.
    """

    kind: UnitKind
    text: str
    page: int
    rank: int = 0
    starts_slide: bool = False
    gap: int = 0


_HEADING_LIMIT = 45
_ENUMERATED_LIMIT = 40
_JOIN_LIMIT = 300
# What is longer is no heading, rule or entry of a table of contents; some patterns would take long to find that out.
_LINE_LIMIT = 400
_NUMERAL = r"[\d一二三四五六七八九十百]+"
_MARKDOWN_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*$")
_CHECKBOX = re.compile(r"^\s*(?:<input\b[^>]*>|[☐☑]|- \[[ xX]\])\s*")
_GROUP_ROW = re.compile(r"^✓\t(?=\S)")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_BULLET = re.compile(rf"^\s*(?:(?:[-–‒⁃•‣∙●▶✓○◆◇□◦▪◾◼❖⚫➢➤{SYMBOL_FONT}]|■)\s*|[*+]\s+|・\s*)+")
_SQUARE = re.compile(r"^\s*■\s*(.{1,30})$")
_BRACKETED = re.compile(r"^【[^】\d]{1,40}】$")
_ENUMERATED = re.compile(r"^(?:[①-⑳]|\d{1,2}[.．)）]\s*(?=[^\d\s]))")
_NOTE = re.compile(r"^(?:※|[（(]注|[（(]?出[典所])")
_PAGE_NUMBER = re.compile(r"^\s*[-–—]?\s*\d{1,4}\s*[-–—]?\s*$")
_DOT_LEADER = re.compile(r"(?<![…．.・‥])(?:…{2,}|[.．・‥]{4,})\s*\d{1,4}\s*$")
# In text made from slides a title line starts with one space, behind a finished sentence or another such line.
_SLIDE = re.compile(r"^ \S")
_ENDED = re.compile(r"^\s*$|。\s*$")
_RULE = re.compile(r"^\s*[-_*=—─]{3,}\s*$")
# Characters that no sentence and no heading begins with: what stands behind them was cut off from its beginning.
_CANNOT_BEGIN = re.compile(r"^(?:[をーぁぃぅぇぉっゃゅょァィゥェォッャュョ、。，）)」』】〕]|[（(]以下)")
# Explicit headings of plain text, by how the guidance and Japanese rules write them; the rank is how deep they nest.
_PATTERNS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"^第\s*{_NUMERAL}\s*[部章](?!の)"), 1),
    (re.compile(rf"^第\s*{_NUMERAL}\s*節"), 2),
    (re.compile(r"^STEP\s*\d+", re.IGNORECASE), 2),
    (re.compile(r"^コラム(?:\s*\d+)?$"), 2),
    (re.compile(r"^Case\s*\d+", re.IGNORECASE), 3),
    (re.compile(r"^対策例\s*\d+"), 3),
    (re.compile(r"^[（(]参考(?=[）):：])"), 3),
    (re.compile(r"^\d{1,2}[-.．－]\d{1,2}\s+\D"), 3),
    (re.compile(r"^【第\s*\d+\s*条[^】]{0,40}】$"), 4),
    (re.compile(r"^\d{1,2}\s+\D"), 4),
    (re.compile(r"^[（(]\d{1,2}[）)]"), 4),
)
_NO_HEADING = re.compile(
    r"(?:[。、，,:：!！→…▶]|はこちら|ます|ましょう|です|ません|ください|公開中[!！]?)$"
    r"|https?://|[\w.]+@[\w.]+|TEL|〒|\d{2,4}-\d{2,4}-\d{3,4}"
    r"|[円※]|\d[%％]|\d月|\d\s*(?:時間|分|日|週間|人|件|回)$|^[≦≧＝=×÷＋+－→⇒]|[×÷＝=]$|^\[|^【[^】]*】\S|[：:]\S*\d|^[\d\s年月日令和./~～()（）-]+$"
)
_DATE_AT_END = re.compile(r"(?<=\S)\s*[（(][^（）()]{0,12}\d[年月][^（）()]{0,12}[）)]$")
_WORD = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff]\s+[\u3040-\u30ff\u3400-\u9fff]")


def split_units(text: str, page: int, *, markdown: bool, paged: bool = False) -> list[Unit]:
    """The units of one page's raw text, in order.

    With `markdown`, `#` alone makes headings. A `paged` text comes from a page of its own: its lines are as wide as
    the paper, so paragraphs are found by where lines stop short, and no line begins a slide.
    """
    splitter = _Splitter(page, markdown, paged)
    for line in normalise_newlines(break_dense_lines(text) if paged else text).split("\n"):
        splitter.take(line)
    splitter.flush()
    return splitter.units


def marked_units(lines: Sequence[RawLine], page: int) -> list[Unit]:
    """The units of a page whose format says what each line is; those without text are left out."""
    units = (Unit(UnitKind(line.kind), _shown(line), page, rank=line.level) for line in lines)
    return [unit for unit in units if unit.text.strip()]


def _shown(line: RawLine) -> str:
    return _row(line.text.split("\t")) if line.kind is BlockKind.TABLE_ROW else display_text(line.text)


def _row(cells: Sequence[str]) -> str:
    """A row as it is shown: an ideographic space between two cells, so that an empty cell leaves its place behind."""
    return "\u3000".join(display_text(cell) for cell in cells)


@dataclass
class _Splitter:
    """Gathers lines until a unit is complete; `gap` counts the blank lines since the last line with text."""

    page: int
    markdown: bool
    paged: bool
    units: list[Unit] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    kind: UnitKind = UnitKind.PARAGRAPH
    slide: bool = False
    gap: int = 0
    gap_before_pending: int = 0
    before: str = ""
    before_was_slide: bool = False

    def take(self, line: str) -> None:
        # The tabs at the end of a row are its empty cells.
        line = line.rstrip(" \u3000") if "\t" in line.strip() else line.rstrip()
        if not line or (len(line) <= _LINE_LIMIT and (_RULE.match(line) or _TABLE_RULE.match(line))):
            self._blank(line)
            return
        whole = self._whole(line)
        started = None if whole else _started_kind(line)
        slide = not whole and started is None and self._opens_slide(line)
        if whole is not None:
            self.flush()
            self._append(whole)
        elif started is not None or slide or (self.gap and not self._continues(line)):
            self.flush()
            self._begin(line, started or UnitKind.PARAGRAPH, slide)
        else:
            self._begin(line, self.kind, self.slide) if not self.pending else self.pending.append(line)
        self.before, self.before_was_slide, self.gap = line, slide, 0
        if slide:
            self.flush()

    def flush(self) -> None:
        if self.pending:
            unit = _close(self.kind, self.pending, self.page, self.markdown)
            self._append(replace(unit, starts_slide=self.slide), self.gap_before_pending)
        self.pending, self.kind, self.slide = [], UnitKind.PARAGRAPH, False

    def _blank(self, line: str) -> None:
        if line:
            self.flush()
        self.before, self.before_was_slide, self.gap = "", False, self.gap + 1

    def _begin(self, line: str, kind: UnitKind, slide: bool) -> None:
        self.kind, self.slide, self.gap_before_pending = kind, slide, self.gap
        self.pending.append(_BULLET.sub("", line) if kind is UnitKind.LIST_ITEM else line)

    def _append(self, unit: Unit, gap: int | None = None) -> None:
        if unit.text:
            self.units.append(replace(unit, gap=self.gap if gap is None else gap))

    def _whole(self, line: str) -> Unit | None:
        behind = not self.pending and not self.gap and bool(self.units)
        in_table = behind and self.units[-1].kind is UnitKind.TABLE_ROW
        return _whole_line_unit(line, self.page, self.markdown, self.paged, in_table)

    def _opens_slide(self, line: str) -> bool:
        ended = self.before_was_slide or _ENDED.search(self.before) is not None
        return ended and not self.markdown and not self.paged and _SLIDE.match(line) is not None

    def _continues(self, line: str) -> bool:
        """Whether one blank line cut a sentence in two."""
        text = "".join(self.pending)
        if self.gap > 1 or not text or self.kind is UnitKind.CAPTION or len(text) > _JOIN_LIMIT:
            return False
        cut_off = text.rstrip().endswith(("、", ",")) or _is_open(text)
        return cut_off or _CANNOT_BEGIN.match(line.strip()) is not None


def _is_open(text: str) -> bool:
    """Whether a bracket is still open at the end."""
    plain = unicodedata.normalize("NFKC", text)
    return plain.count("(") > plain.count(")") or plain.count("「") > plain.count("」")


def _whole_line_unit(line: str, page: int, markdown: bool, paged: bool, in_table: bool) -> Unit | None:
    """A unit for a line that is one by itself whatever stands around it."""
    short = len(line) <= _LINE_LIMIT
    if short and (match := _MARKDOWN_HEADING.match(line)):
        return Unit(UnitKind.HEADING, display_text(match[2]), page, rank=len(match[1]))
    if match := _CHECKBOX.match(line):
        return Unit(UnitKind.CHECKLIST_ITEM, display_text(line[match.end() :].replace("\t", " ")), page)
    if _GROUP_ROW.match(line):
        return Unit(UnitKind.CHECKLIST_GROUP, display_text(line[1:]), page)
    cells = _cells(line)
    # In plain text a tab may only indent a line; on a page of its own the reader put it between two cells.
    if sum(map(bool, cells)) > 1 or (any(cells) and (in_table or paged)):
        return Unit(UnitKind.TABLE_ROW, _row(cells), page)
    if paged and _PAGE_NUMBER.match(line):
        return Unit(UnitKind.CAPTION, display_text(line), page)
    if short and _DOT_LEADER.search(line):
        return Unit(UnitKind.LIST_ITEM, display_text(_BULLET.sub("", line)), page)
    if not markdown and (match := _SQUARE.match(line)) and not match[1].rstrip().endswith("。"):
        return Unit(UnitKind.HEADING, display_text(match[1]), page, rank=4)
    return None


def _cells(line: str) -> list[str]:
    if "\t" in line:
        parts = line.split("\t")
    elif line.strip().startswith("|") and line.count("|") > 2:
        parts = line.strip().strip("|").split("|")
    else:
        return []
    return [display_text(part) for part in parts]


def _started_kind(line: str) -> UnitKind | None:
    """The kind of unit that this line begins, or None where it may go on with the one before."""
    if _BULLET.match(line) and not _BRACKETED.match(line.strip()):
        return UnitKind.LIST_ITEM
    text = strip_markup(line).strip()
    if _ENUMERATED.match(text):
        return UnitKind.ENUMERATED
    if _NOTE.match(text):
        return UnitKind.CAPTION
    return None


def _close(kind: UnitKind, lines: list[str], page: int, markdown: bool) -> Unit:
    """The unit of the lines gathered, with what they look like once they stand together."""
    text = display_text(join_lines([strip_markup(line) for line in lines]))
    if kind is UnitKind.ENUMERATED and (markdown or len(text) > _ENUMERATED_LIMIT or _ENDED.search(text)):
        return Unit(UnitKind.LIST_ITEM, text, page)
    if kind is not UnitKind.PARAGRAPH or markdown or not _may_be_heading(text):
        return Unit(kind, text, page)
    if _BRACKETED.match(text):
        return Unit(UnitKind.HEADING, text, page, rank=4)
    for pattern, rank in _PATTERNS:
        if pattern.match(text):
            return Unit(UnitKind.HEADING, text, page, rank=rank)
    return Unit(UnitKind.CANDIDATE, text, page)


def _may_be_heading(text: str) -> bool:
    # A date in brackets at the end says when something came out, as titles do.
    words = len(text) <= _HEADING_LIMIT and _WORD.search(text) is not None
    return words and not _NO_HEADING.search(_DATE_AT_END.sub("", text))
