"""Slides → a PowerPoint file, by python-pptx. Nothing is decided here but how things are written down.

Text is written as text, so nothing in it can become markup; what nobody can see (controls, changes of direction) is
left out. Line spacing is exact, so that what fits by `text_fit` fits whatever font there is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.oxml import parse_xml
from pptx.util import Pt

from assistant.verify.characters import visible
from training.export import pptx_geometry as at
from training.export.pptx_fit import fit_title, header_height, row_height
from training.export.pptx_models import FOOTER_SIZE, Box, Layout, Look, Para, Slide, Table
from training.export.pptx_template import new_deck, prepare_notes
from training.export.pptx_theme import (
    EMU,
    FOOTER_ID,
    KICKER_ID,
    NAMESPACES,
    NUMBER_ID,
    PANEL_ID,
    RIGHT_ID,
    TABLE_ID,
    colour,
    number_field,
)
from training.export.text_fit import line_height

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.shapes.placeholder import TablePlaceholder
    from pptx.slide import Slide as Drawn
    from pptx.table import _Cell
    from pptx.text.text import TextFrame, _Paragraph

_COLOURS = {
    Look.PLAIN: None,
    Look.STRONG: MSO_THEME_COLOR.TEXT_2,
    Look.MUTED: MSO_THEME_COLOR.ACCENT_4,
    Look.RIGHT: MSO_THEME_COLOR.ACCENT_2,
}
# The style of tables that has neither lines nor fills; ours are set cell by cell.
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_LONGEST_PROPERTY = 255


def draw(slides: Sequence[Slide], title: str) -> bytes:
    """A PowerPoint file of the slides; `title` is that of its properties."""
    deck, layouts = new_deck()
    for number, slide in enumerate(slides, start=1):
        drawn = deck.slides.add_slide(layouts[slide.layout])
        _draw_slide(drawn, slide, number)
        if number == 1:
            prepare_notes(deck.notes_master)
    _properties(deck, title)
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def _draw_slide(drawn: Drawn, slide: Slide, number: int) -> None:
    is_cover = slide.layout is Layout.COVER
    size, title = fit_title(slide.title, at.COVER_TITLE, at.COVER_SIZES) if is_cover else fit_title(slide.title)
    holders: dict[int, Any] = {holder.placeholder_format.idx: holder for holder in drawn.placeholders}
    _write(holders.pop(0).text_frame, (Para(title, size=size, before=0, is_bold=True),), inherits=True)
    kicker = (Para(fit_title(slide.kicker, at.KICKER, (14,))[1], size=14, before=0),) if slide.kicker else ()
    texts = {KICKER_ID: kicker, PANEL_ID: slide.panel, 1: slide.body, RIGHT_ID: slide.right}
    for place, paras in texts.items():
        if paras and place in holders:
            _write(holders.pop(place).text_frame, paras, inherits=place == KICKER_ID or is_cover)
    if slide.panel:
        _place_blocks(drawn, slide)
    if slide.table:
        _draw_table(holders.pop(TABLE_ID), slide.table)
    for empty in holders.values():
        empty._element.getparent().remove(empty._element)
    if not is_cover:
        _footers(drawn, slide.footer, number)
    if slide.notes:
        _draw_notes(drawn, slide.notes)


def _place_blocks(drawn: Drawn, slide: Slide) -> None:
    """Give the tinted block and the columns below it the heights that their texts take."""
    below = at.BODY.top + slide.panel_height + at.GAP
    width = at.HALF if slide.right else at.INNER
    boxes = {
        PANEL_ID: Box(at.MARGIN, at.BODY.top, at.INNER, slide.panel_height),
        1: Box(at.MARGIN, below, width, at.BODY.bottom - below),
        RIGHT_ID: Box(at.MARGIN + at.HALF + 2 * at.GAP, below, width, at.BODY.bottom - below),
    }
    for holder in drawn.placeholders:
        if box := boxes.get(holder.placeholder_format.idx):
            holder.left, holder.top = Pt(box.left), Pt(box.top)
            holder.width, holder.height = Pt(box.width), Pt(box.height)


def _write(text: TextFrame, paras: Sequence[Para], inherits: bool = False) -> None:
    """Write paragraphs into an empty text; `inherits`: colour and weight are the layout's."""
    frame: Any = text
    for count, para in enumerate(paras):
        written = frame.paragraphs[0] if count == 0 else frame.add_paragraph()
        _write_paragraph(written, para, inherits)


def _write_paragraph(written: _Paragraph, para: Para, inherits: bool) -> None:
    written.line_spacing, written.space_before = Pt(line_height(para.size)), Pt(para.before)
    properties = written._p.get_or_add_pPr()
    if para.indent:
        properties.set("marL", str(round(para.indent * EMU)))
        properties.set("indent", str(-round((para.indent - para.inset) * EMU)))
    if para.lead == "•":
        properties.append(parse_xml(f'<a:buFont {NAMESPACES} typeface="Arial"/>'))
        properties.append(parse_xml(f'<a:buChar {NAMESPACES} char="•"/>'))
    elif para.lead:
        _run(written, f"{para.lead}\t", para, None if inherits else para.look, is_bold=True)
    _run(written, plain(para.text), para, None if inherits else para.look, para.is_bold and not inherits)
    if para.tail:
        _run(written, para.tail, para, Look.MUTED, is_bold=False)


def _run(written: _Paragraph, text: str, para: Para, look: Look | None, is_bold: bool) -> None:
    run = written.add_run()
    run.text = text
    run.font.size, run.font.language_id = Pt(para.size), MSO_LANGUAGE_ID.JAPANESE
    if is_bold:
        run.font.bold = True
    if look is not None and (theme_colour := _COLOURS[look]):
        run.font.color.theme_color = theme_colour


def plain(text: str) -> str:
    """A text on one line, without what nobody can see."""
    return visible(text).replace("\n", " ")


def _draw_table(holder: TablePlaceholder, table: Table) -> None:
    frame: Any = holder.insert_table(rows=len(table.rows) + 1, cols=len(table.columns))  # type: ignore[no-untyped-call]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", table.description)
    drawn = frame.table
    drawn._tbl.tblPr.find(f"{{{drawn._tbl.nsmap['a']}}}tableStyleId").text = _PLAIN_TABLE
    drawn.horz_banding = False
    heights = [header_height(table), *(row_height(row, table.columns) for row in table.rows)]
    for column, width in zip(drawn.columns, (column.width for column in table.columns), strict=True):
        column.width = Pt(width)
    for row, height in zip(drawn.rows, heights, strict=True):
        row.height = Pt(height)
    frame.left, frame.top = Pt(at.BODY.left), Pt(at.BODY.top)
    frame.width, frame.height = Pt(sum(column.width for column in table.columns)), Pt(sum(heights))
    for cell, column in zip(drawn.rows[0].cells, table.columns, strict=True):
        _cell(cell, (Para(column.heading, size=table.size, before=0, is_bold=True),), "tx2", is_header=True)
    for drawn_row, row in zip(list(drawn.rows)[1:], table.rows, strict=True):
        for cell, paras in zip(drawn_row.cells, row.cells, strict=True):
            _cell(cell, paras, "bg2" if row.is_marked else "bg1")


def _cell(cell: _Cell, paras: Sequence[Para], fill: str, is_header: bool = False) -> None:
    _write(cell.text_frame, paras or (Para("", size=14, before=0),))
    if is_header:
        cell.text_frame.paragraphs[0].runs[0].font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    cell.margin_left = cell.margin_right = Pt(at.CELL_SIDE)
    cell.margin_top = cell.margin_bottom = Pt(at.CELL_TOP)
    properties = cell._tc.get_or_add_tcPr()
    line = f'<a:lnB {NAMESPACES} w="9525">{colour("accent5")}</a:lnB>'
    filled = colour(fill).replace("<a:solidFill", f"<a:solidFill {NAMESPACES}", 1)
    properties.extend([parse_xml(line), parse_xml(filled)])


def _footers(drawn: Drawn, footer: str, number: int) -> None:
    """The sources and the number of the slide; the library does not take these placeholders over from a layout."""
    if footer:
        shape: Any = _placeholder(drawn, "出典", f'type="ftr" sz="quarter" idx="{FOOTER_ID}"', "")
        _write(shape.text_frame, (Para(footer, size=FOOTER_SIZE, before=0),), inherits=True)
    _placeholder(drawn, "ページ番号", f'type="sldNum" sz="quarter" idx="{NUMBER_ID}"', number_field(str(number)))


def _placeholder(drawn: Drawn, name: str, kind: str, content: str) -> BaseShape:
    tree: Any = drawn.shapes._spTree
    number = max(int(each) for each in tree.xpath("//@id") if each.isdigit()) + 1
    tree.append(
        parse_xml(
            f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
            f"</p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr/>"
            f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{content}</a:p></p:txBody></p:sp>"
        )
    )
    return drawn.shapes[-1]


def _draw_notes(drawn: Drawn, notes: str) -> None:
    frame = drawn.notes_slide.notes_text_frame
    assert frame is not None
    frame.text = visible(notes)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.language_id = MSO_LANGUAGE_ID.JAPANESE


def _properties(deck: Presentation, title: str) -> None:
    """Title and language; no names, and no dates, so that the same pack gives the same file."""
    properties = deck.core_properties
    properties.title, properties.language = plain(title)[:_LONGEST_PROPERTY], "ja-JP"
    properties.author = properties.last_modified_by = properties.comments = ""
    element: Any = properties._element
    for child in list(element):
        if child.tag.endswith(("}created", "}modified")):
            element.remove(child)
