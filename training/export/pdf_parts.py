"""The parts of the PDF hand-out, in the order in which they are handed out. How text is drawn is in `pdf_flow`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.platypus import CondPageBreak, KeepTogether, Table  # type: ignore[import-untyped]

from training.export.credit import credit_lines
from training.export.fonts import GETA, Typeface
from training.export.pdf_flow import NAVY, QUIET, RULE, TINT, Block, Ending, Heading, Span, Text, TickBox, WriteLines
from training.export.pdf_page import WIDTH
from training.labels import EDITED, edition_name, guidance_page, marks, short_name, with_digest_mark
from training.models import CaseStudy, CheckItem, Countermeasure, Line, Pack, Source

BODY = Block()
ITEM = Block(hang=14, after=4)
SMALL = Block(size=9, leading=1.5, colour=QUIET)
CELL = Block(size=9, leading=1.5, after=0, is_stretched=False)
HEAD = Block(size=9, leading=1.5, after=0, colour=NAVY, is_bold=True, is_stretched=False)
MARK = 9.0
# Points that must be left on a page for a heading, the lines below it and the first rows of its table.
_FOR_A_TABLE = 200
_STAR = "★"
_PADDING = 4
# Points: about a third of a page.
_TALL = 250


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a table: its name, its share of the width, and what stands in it for a row."""

    name: str
    share: float
    cell: Callable[[Countermeasure], list[Any]]


class Parts:
    """Makes the parts of one pack; each method gives flowables."""

    def __init__(self, pack: Pack, typeface: Typeface) -> None:
        self.pack, self.typeface = pack, typeface
        self._keys = 0

    def text(self, block: Block, *spans: Span | str, label: str = "") -> Text:
        """A block of text."""
        return Text(self.typeface, block, spans, label)

    def line(self, block: Block, line: Line, label: str = "") -> Text:
        """A line of the pack with its markers, and with ※ where a language model worded it."""
        return self.text(block, *said(line), label=label)

    def heading(self, title: str, level: int = 0) -> Heading:
        """A heading of a part (0) or in a part (1)."""
        self._keys += 1
        large = Block(14, 1.5, NAVY, is_bold=True, before=14, after=6, left=10, keeps=True)
        small = Block(11, 1.5, NAVY, is_bold=True, before=8, after=3, keeps=True)
        return Heading(self.typeface, (large, small)[level], title, f"part-{self._keys}", level)

    def title_block(self) -> Iterator[Any]:
        """The title, whom it is for, and what to know of the sources."""
        pack = self.pack
        about = f"テーマ：{pack.theme}　　対象：{pack.audience}　　時間：{pack.minutes}分"
        cell = [
            self.text(Block(9, 1.5, QUIET, after=2), "研修の配布資料（参加者用）"),
            self.text(Block(18, 1.35, NAVY, is_bold=True, after=4, is_stretched=False), pack.title),
            self.text(Block(10, 1.5, after=0, is_stretched=False), about),
        ]
        frame = [
            ("BACKGROUND", (0, 0), (-1, -1), HexColor(TINT)),
            ("LINEBEFORE", (0, 0), (0, -1), 4, HexColor(NAVY), "butt"),
            ("LEFTPADDING", (0, 0), (-1, -1), 14),
            ("TOPPADDING", (0, 0), (-1, -1), 10),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ]
        yield Table([[cell]], colWidths=[WIDTH], style=frame, spaceAfter=8, splitInRow=1)
        for note in pack.notes:
            yield self.text(Block(9, 1.5, QUIET, hang=12, after=2), note, label="・")
        yield self.text(Block(9, 1.5, QUIET, hang=12), "[1] などの番号は、最後の「出典」の番号です。", label="・")

    def goals(self) -> Iterator[Any]:
        """What those who are trained can do afterwards."""
        if self.pack.goals:
            yield self.heading("学習の目標")
        for number, goal in enumerate(self.pack.goals, start=1):
            yield self.line(ITEM, goal, label=f"{number}")

    def cases(self) -> Iterator[Any]:
        """The cases with their questions and room to write; what is drawn from them stands with the answers."""
        if self.pack.cases:
            yield self.heading("事例を読んで話し合う")
        for case in self.pack.cases:
            yield from self._case(case)

    def _case(self, case: CaseStudy) -> Iterator[Any]:
        yield CondPageBreak(110)
        yield self.heading(case.title, level=1)
        yield self.text(BODY, *(span for line in case.story for span in [*said(line), " "]))
        for number, question in enumerate(case.questions, start=1):
            asked = self.line(Block(before=4, hang=36, is_bold=False), question, label=f"問い{number}")
            yield KeepTogether([asked, WriteLines(3)])

    def countermeasures(self) -> Iterator[Any]:
        """The table of countermeasures."""
        if not self.pack.countermeasures:
            return
        yield CondPageBreak(_FOR_A_TABLE)
        yield self.heading("対策の一覧")
        yield from self._legend(self.pack.countermeasures)
        columns = self._columns()
        rows = [[[self.text(HEAD, column.name)] for column in columns]]
        rows += [[column.cell(row) for column in columns] for row in self.pack.countermeasures]
        shares = sum(column.share for column in columns)
        yield _table(rows, [WIDTH * column.share / shares for column in columns])

    def _columns(self) -> list[_Column]:
        """The columns of the table; one that would be empty is left out."""
        rows = self.pack.countermeasures
        wanted = [
            _Column("対策", 0.2, self._named),
            _Column("何をするか", 0.37, lambda row: self._plain(row.what)),
            _Column("いつ", 0.11, lambda row: [self.text(CELL, row.stage or "－")]),
            _Column("なぜ", 0.21, lambda row: self._plain(row.why)),
            _Column("出典", 0.11, self._origin_of),
        ]
        empty = {"いつ": not any(row.stage for row in rows), "なぜ": not any(row.why for row in rows)}
        return [column for column in wanted if not empty.get(column.name)]

    def _named(self, row: Countermeasure) -> list[Any]:
        return [self.text(HEAD, (f"{_STAR} " if row.is_for_audience else "") + row.title)]

    def _plain(self, line: Line | None) -> list[Any]:
        return [self.text(CELL, *(said(line, with_marks=False) if line else ["－"]))]

    def _origin_of(self, row: Countermeasure) -> list[Any]:
        return self._origin(row.pages, sorted({*row.what.markers, *(row.why.markers if row.why else ())}))

    def _legend(self, rows: Sequence[Countermeasure | CheckItem]) -> Iterator[Any]:
        if any(row.is_for_audience for row in rows):
            yield self.text(SMALL, f"{_STAR} は、{self.pack.audience}の仕事に特に関わる項目です。")

    def _origin(self, pages: str | None, markers: Sequence[int]) -> list[Any]:
        """Where the guidance explains it, and the numbers of the sources."""
        lines = [self.text(CELL, guidance_page(pages))] if pages else []
        return [*lines, self.text(CELL, Span(marks(markers), QUIET))]

    def checklist(self) -> Iterator[Any]:
        """What to tick, those of the audience first."""
        if not self.pack.checklist:
            return
        yield CondPageBreak(_FOR_A_TABLE)
        yield self.heading("チェックリスト")
        yield from self._legend(self.pack.checklist)
        yield self.text(SMALL, "できているものに印を付けてください。画面の上でも付けられます。")
        rows = [self._check(number, item) for number, item in enumerate(self.pack.checklist, start=1)]
        yield _table(rows, [24, WIDTH * 0.87 - 24, WIDTH * 0.13], has_head=False)

    def _check(self, number: int, item: CheckItem) -> list[Any]:
        title = (f"{_STAR} " if item.is_for_audience else "") + item.title
        wording = [self.text(CELL, item.text)] if item.text != item.title else []
        box = TickBox(f"check-{number}", item.title)
        return [[box], [self.text(HEAD, title), *wording], self._origin(item.pages, item.markers)]

    def contacts(self) -> Iterator[Any]:
        """Where to ask."""
        if self.pack.contacts:
            yield self.heading("相談先")
        for contact in self.pack.contacts:
            yield self.line(ITEM, contact, label="・")

    def sources(self) -> Iterator[Any]:
        """The documents, then every passage that is cited, word for word, under its document and page."""
        yield self.heading("出典")
        for source in self.pack.sources:
            yield from self._source(source)
        if self.pack.citations:
            yield self.heading("引用した箇所", level=1)
        for place, cited in groupby(self.pack.citations, short_name):
            yield self.text(Block(9, 1.5, before=3, after=1, keeps=True, is_stretched=False), place)
            for citation in cited:
                quote = " ".join(citation.quote.split())
                yield self.text(Block(9, 1.5, QUIET, hang=28, after=2), f"「{quote}」", label=f"[{citation.marker}]")
        yield from self._endings()

    def _source(self, source: Source) -> Iterator[Any]:
        name = with_digest_mark(source.title, source.is_digest)
        edition = "、".join(part for part in (source.publisher, edition_name(source)) if part)
        yield self.text(Block(hang=14, after=0, keeps=True), f"{name}（{edition}）", label="・")
        about = credit_lines(source)
        if source.replaced_by:
            about.append(f"新しい版があります：{source.replaced_by}")
        for text in about:
            yield self.text(Block(9, 1.5, QUIET, left=14, after=1, is_stretched=False), text)

    def _endings(self) -> Iterator[Any]:
        if self.pack.model:
            yield self.text(
                SMALL, f"※ の付いた文は、言語モデル（{self.pack.model}）が言い換え、出典と照らして確かめたものです。"
            )
        yield Ending(self.typeface, SMALL, self._lacking)

    def _lacking(self) -> str:
        if not self.typeface.lacking:
            return ""
        return f"{GETA} は、この資料を作ったパソコンのフォントにない文字です。"


def said(line: Line, with_marks: bool = True) -> list[Span | str]:
    """The text of a line with its markers behind it, small and quiet; ※ says that a language model worded it."""
    by = f"［{EDITED}］" if line.edited else "※" if line.reworded else ""
    shown = [Span(by, QUIET, MARK)] if by else []
    if with_marks and line.markers:
        shown.append(Span(marks(line.markers), QUIET, MARK))
    return [line.text, *shown]


def _table(rows: list[list[Any]], widths: Sequence[float], has_head: bool = True) -> Table:
    """A table whose rows stay whole, unless one is so tall that it would leave much of a page empty."""
    tallest = max(_height(cell, width) for row in rows for cell, width in zip(row, widths, strict=True))
    return Table(
        rows,
        colWidths=list(widths),
        repeatRows=1 if has_head else 0,
        style=_grid(has_head),
        splitInRow=1 if tallest > _TALL else 0,
    )


def _height(cell: Sequence[Any], width: float) -> float:
    return float(sum(block.wrap(width - 2 * _PADDING, 0)[1] for block in cell))


def _grid(has_head: bool) -> list[tuple[Any, ...]]:
    head = [
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(TINT)),
        ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor(NAVY)),
    ]
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(RULE)),
        ("LINEABOVE", (0, 0), (-1, 0), 0.5, HexColor(RULE)),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        *(head if has_head else []),
    ]
