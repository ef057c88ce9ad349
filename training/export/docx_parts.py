"""The Word document while it is written: headings, lines with their markers, lists and tables. Knows no pack.

Chapters are remembered for the table of contents; every marker leads to the bookmark of its source.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from training.export.docx_fields import add_bookmark, add_box, add_contents, add_field, add_link, plain
from training.export.docx_lists import new_list
from training.export.docx_names import CELL, CELL_HEAD, GAP, MARK, TABLE
from training.export.docx_styles import SHADE, styled_document
from training.labels import worded_by
from training.models import Line

if TYPE_CHECKING:
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

_FIRST_SOURCE = 10_000
"""Numbers of bookmarks from here on are those of sources."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its width in millimetres, how its texts stand."""

    title: str
    width: float
    is_bold: bool = False
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A cell with a box to tick; `name` says what for."""

    name: str


@dataclass(frozen=True, slots=True)
class Strong:
    """A paragraph of a cell in bold."""

    text: str


Text = Line | str
Cell = Text | Box | Sequence[Line | Strong | str]


@dataclass
class Writer:
    """Writes a document from top to bottom. `sources` is how many citations there are to lead to."""

    title: str
    sources: int
    _chapters: int = 0
    _tables: int = 0
    _boxes: int = 0
    _entries: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._document = styled_document(plain(self.title))
        self._ids = {style.name: style.style_id for style in self._document.styles}

    def paragraph(
        self, text: Text, style: str = "Normal", *, is_kept: bool = False, is_apart: bool = False
    ) -> Paragraph:
        """A paragraph; `is_kept` keeps it on one page with the next, `is_apart` puts room above it."""
        made = self._styled(self._document.add_paragraph(), style)
        if is_kept:
            made.paragraph_format.keep_with_next = True
        if is_apart:
            made.paragraph_format.space_before = Pt(6)
        self._fill(made, text)
        return made

    def heading(self, text: str, level: int, *, on_new_page: bool = False) -> None:
        """A heading of level 1 to 3; the first two are in the table of contents."""
        made = self._document.add_heading(plain(text), level)
        made.paragraph_format.page_break_before = True if on_new_page else None
        if level > 2:
            return
        number = len(self._entries) + 1
        self._chapters += level == 1
        shown = f"{self._chapters}. {text}" if level == 1 else text
        self._entries.append((level, shown, f"heading_{number}"))
        add_bookmark(made, f"heading_{number}", number)

    def bullets(self, texts: Iterable[Text], style: str = "List Bullet", *, is_kept: bool = False) -> None:
        """A list with bullets."""
        for text in texts:
            self.paragraph(text, style, is_kept=is_kept)

    def numbered(self, texts: Sequence[Text], *, is_together: bool = False) -> None:
        """A list that counts from 1; `is_together` keeps it on one page, if one can hold it."""
        number = new_list(self._document)
        for at, text in enumerate(texts, start=1):
            made = self.paragraph(text, "List Number", is_kept=is_together and at < len(texts))
            made._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number

    def caption(self, text: str) -> None:
        """The caption of the table that follows: 表1 …, the number by a field."""
        self._tables += 1
        made = self._styled(self._document.add_paragraph("表"), "Caption")
        add_field(made, "SEQ 表 \\* ARABIC", str(self._tables))
        made.add_run(f"　{plain(text)}")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], shaded: Sequence[bool] = ()) -> Table:
        """A table whose header comes again on every page and whose rows stay whole; `shaded` tells of each row."""
        made = self._new_table(columns)
        for at, cells in enumerate(rows):
            row = made.add_row()  # type: ignore[no-untyped-call]
            _settle_row(row)
            is_shaded = at < len(shaded) and shaded[at]
            for cell, column, content in zip(row.cells, columns, cells, strict=True):
                cell.width = Mm(column.width)
                self._fill_cell(cell, column, content)
                if is_shaded:
                    _shade(cell)
        self._space()
        return made

    def room_to_write(self, title: str, millimetres: float) -> None:
        """An empty frame for notes by hand."""
        made = self._document.add_table(rows=1, cols=1)
        made.style = self._document.styles[TABLE]
        # Its one row is no header.
        made._tbl.tblPr.find(qn("w:tblLook")).set(qn("w:firstRow"), "0")
        made._tbl.tblPr.find(qn("w:tblLook")).set(qn("w:val"), "0000")
        made.rows[0].height, made.rows[0].height_rule = Mm(millimetres), WD_ROW_HEIGHT_RULE.AT_LEAST
        _settle_row(made.rows[0])
        first = made.rows[0].cells[0].paragraphs[0]
        self._styled(first, CELL).add_run(title)
        self._space()

    def source_row(self, table: Table, row: int, marker: int) -> None:
        """Make a row of a table the place that a marker leads to."""
        add_bookmark(table.rows[row].cells[0].paragraphs[0], f"source_{marker}", _FIRST_SOURCE + marker)

    def contents_before(self, paragraph: Paragraph) -> None:
        """Put the table of contents before a paragraph, with every heading written so far."""
        add_contents(self._document, paragraph, self._entries)

    def content(self) -> bytes:
        """The file; the same calls give the same bytes."""
        made = io.BytesIO()
        self._document.save(made)
        return _without_dates(made.getvalue())

    def _fill(self, paragraph: Paragraph, text: Text, *, is_bold: bool = False) -> None:
        line = Line(text) if isinstance(text, str) else text
        paragraph.add_run(plain(line.text)).bold = True if is_bold else None
        if by := worded_by(line):
            paragraph.add_run(f"（{by}）")
        for marker in line.markers:
            if 1 <= marker <= self.sources:
                add_link(paragraph, f"[{marker}]", f"source_{marker}", self._ids[MARK])

    def _fill_cell(self, cell: _Cell, column: Column, content: Cell) -> None:
        paragraph = cell.paragraphs[0]
        if isinstance(content, Box):
            self._boxes += 1
            add_box(paragraph, self._boxes, content.name)
        texts = [] if isinstance(content, Box) else [content] if isinstance(content, str | Line) else list(content)
        for at, text in enumerate(texts):
            paragraph = cell.add_paragraph() if at else paragraph
            is_strong = isinstance(text, Strong)
            self._fill(paragraph, text.text if isinstance(text, Strong) else text, is_bold=is_strong or column.is_bold)
        for paragraph in cell.paragraphs:
            self._styled(paragraph, CELL)
            if column.is_centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _new_table(self, columns: Sequence[Column]) -> Table:
        made: Table = self._document.add_table(rows=1, cols=len(columns))
        made.style, made.alignment, made.autofit = self._document.styles[TABLE], WD_TABLE_ALIGNMENT.LEFT, False
        head = made.rows[0]
        _settle_row(head)
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for at, column in enumerate(columns):
            made.columns[at].width = head.cells[at].width = Mm(column.width)
            paragraph = head.cells[at].paragraphs[0]
            self._styled(paragraph, CELL_HEAD)
            if column.is_centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(column.title)
        return made

    def _space(self) -> None:
        """A low paragraph behind a table: two tables without it would become one."""
        self._styled(self._document.add_paragraph(), GAP)

    def _styled(self, paragraph: Paragraph, style: str) -> Paragraph:
        """The paragraph with a style; by its id, for python-docx looks through all styles to find one by its name."""
        paragraph._p.style = self._ids[style]
        return paragraph


def _settle_row(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _shade(cell: _Cell) -> None:
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{SHADE}"/>')
    )


def _without_dates(content: bytes) -> bytes:
    """The same archive with every file dated alike."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            made.writestr(entry, archive.read(name))
    return settled.getvalue()
