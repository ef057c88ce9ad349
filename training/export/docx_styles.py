"""The look of the Word document: page, fonts, styles, numbered headings, header and footer. Knows nothing of packs.

Line heights are fixed, because 游ゴシック asks for 1.7 times its size and would tear the text apart. Nothing is left to
the theme, so that a Japanese font is used whatever language Word runs in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docx import Document as new_document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from training.export.docx_fields import add_field
from training.export.docx_lists import number_headings
from training.export.docx_names import CELL, CELL_HEAD, GAP, IDS, MARK, SMALL_INDENTED, STORY, TABLE

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import CharacterStyle, ParagraphStyle

GOTHIC: Final = "游ゴシック"
MINCHO: Final = "游明朝"
DARK, GREY = "1F3A5F", "595959"
SHADE: Final = "EAF0F7"

# name: points, line height in points, points before, points after, bold, colour
_PARAGRAPHS: dict[str, tuple[float, float, float, float, bool, str | None]] = {
    "Normal": (10.5, 17, 0, 4, False, None),
    "Title": (20, 30, 0, 6, True, DARK),
    "Subtitle": (12, 19, 0, 10, False, GREY),
    "Heading 1": (15, 23, 22, 8, True, DARK),
    "Heading 2": (12, 19, 14, 4, True, DARK),
    "Heading 3": (10.5, 17, 12, 3, True, "000000"),
    "List Bullet": (10.5, 17, 0, 3, False, None),
    "List Bullet 2": (10.5, 17, 0, 2, False, None),
    "List Number": (10.5, 17, 0, 3, False, None),
    "List Continue": (10.5, 17, 0, 2, False, None),
    "Caption": (9, 14, 8, 4, True, GREY),
    "Header": (9, 13, 0, 0, False, GREY),
    "Footer": (9, 13, 0, 0, False, GREY),
    "TOC Heading": (12, 19, 10, 4, True, DARK),
    "TOC 1": (10.5, 17, 3, 0, False, None),
    "TOC 2": (9.5, 15, 0, 0, False, GREY),
    GAP: (4, 8, 0, 0, False, None),
    SMALL_INDENTED: (9, 14, 0, 4, False, GREY),
    CELL: (9, 13.5, 0, 0, False, None),
    CELL_HEAD: (9, 13.5, 0, 0, True, "FFFFFF"),
    STORY: (10.5, 17, 0, 6, False, None),
}


def styled_document(title: str) -> Document:
    """An empty A4 document with the styles, the title in its header and page numbers in its footer."""
    document = new_document()
    _settle_package(document, title)
    _set_defaults(document)
    _drop_style(document, "TOC Heading")
    for name, look in _PARAGRAPHS.items():
        _set_paragraph_style(_style(document, name), *look)
    _set_special_styles(document)
    _add_table_style(document)
    number_headings(document)
    _set_page(document, title)
    return document


def _settle_package(document: Document, title: str) -> None:
    """Properties; and away with what the library's template brings of its own: its author, its date, its picture."""
    core = document.core_properties
    # Longer ones are refused.
    core.title, core.language, core.author, core.last_modified_by, core.comments = title[:255], "ja-JP", "", "", ""
    # When it was made is not said: the same pack gives the same file.
    for dated in [child for child in core._element if child.tag in (qn("dcterms:created"), qn("dcterms:modified"))]:
        core._element.remove(dated)
    relations = document.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]
    # A copy of the styles that Word 2010 alone looks at.
    for key in [key for key, each in document.part.rels.items() if each.reltype.endswith("stylesWithEffects")]:
        del document.part.rels[key]
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            # Anything older makes Word say 「互換モード」.
            setting.set(qn("w:val"), "15")
    for zoom in settings.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")
    for spacing in settings.iter(qn("w:characterSpacingControl")):
        spacing.set(qn("w:val"), "compressPunctuation")


def _set_defaults(document: Document) -> None:
    """Fonts and language of everything; every mention of the theme's fonts goes."""
    root = document.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if str(name).endswith("Theme")]:
            del fonts.attrib[name]
    for language in root.iter(qn("w:lang")):
        # As Word for Japanese has it: with Japanese for Latin letters, too, addresses would be broken anywhere.
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "ja-JP")
    defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _set_fonts(defaults, GOTHIC)


def _set_fonts(properties: object, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))  # type: ignore[attr-defined]
    if fonts is None:
        fonts = parse_xml(f"<w:rFonts {nsdecls('w')}/>")
        properties.insert(0, fonts)  # type: ignore[attr-defined]
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), name)


def _drop_style(document: Document, name: str) -> None:
    """Without a style of the template that would bring a number and a level of its own."""
    if name in document.styles:
        document.styles[name].delete()


def _style(document: Document, name: str) -> ParagraphStyle:
    styles = document.styles
    if name in styles:
        return styles[name]  # type: ignore[no-any-return]
    made: ParagraphStyle = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("TOC"))
    made.style_id = IDS.get(name, made.style_id)
    made.base_style = styles["Normal"]
    made.quick_style = not name.startswith("TOC")
    return made


def _set_paragraph_style(
    style: ParagraphStyle, points: float, line: float, before: float, after: float, is_bold: bool, colour: str | None
) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(points), is_bold, False
    _set_fonts(style.element.get_or_add_rPr(), GOTHIC)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    shape.space_before, shape.space_after, shape.widow_control = Pt(before), Pt(after), True
    properties = style.element.get_or_add_pPr()
    for contextual in properties.findall(qn("w:contextualSpacing")):
        properties.remove(contextual)


def _set_special_styles(document: Document) -> None:
    """What a style has besides size, spacing and colour."""
    styles = document.styles
    _border(styles["Title"], "bottom", DARK, 12, space=6)
    _border(styles["Heading 1"], "bottom", "9DB2CC", 6, space=3)
    _border(styles["Header"], "bottom", "BFBFBF", 4, space=4)
    _border(styles[STORY], "left", DARK, 24, space=8)
    styles[STORY].paragraph_format.left_indent = Mm(4)
    styles["TOC 2"].paragraph_format.left_indent = Mm(9)
    for name, indent in (("List Bullet", 5.5), ("List Number", 6.5), ("List Bullet 2", 11)):
        shape = styles[name].paragraph_format
        shape.left_indent, shape.first_line_indent = Mm(indent), Mm(-5.5 if name != "List Number" else -6.5)
    for name in (CELL_HEAD, "Caption", "Heading 1", "Heading 2", "Heading 3", "TOC Heading"):
        styles[name].paragraph_format.keep_with_next = True
    for level, name in enumerate(("TOC 1", "TOC 2")):
        styles[name].paragraph_format.tab_stops.add_tab_stop(Mm(8 + 6 * level))
    _set_fonts(styles[STORY].element.get_or_add_rPr(), MINCHO)
    styles[SMALL_INDENTED].paragraph_format.left_indent = Mm(5.5)
    # No room within a story, but behind it.
    styles[STORY].element.get_or_add_pPr().get_or_add_ind().addnext(OxmlElement("w:contextualSpacing"))
    # As wide as 「ア．」, so that the second line of an answer stands under its first.
    answers = styles["List Continue"].paragraph_format
    answers.left_indent, answers.first_line_indent = Mm(13), Mm(-7.5)
    mark: CharacterStyle = styles.add_style(MARK, WD_STYLE_TYPE.CHARACTER)
    mark.style_id = IDS[MARK]
    # Not raised: in the cells of a table a raised number would be five points high.
    mark.font.size, mark.font.color.rgb = Pt(8), RGBColor.from_string("2F5F9E")


def _add_table_style(document: Document) -> None:
    """Tables: quiet lines, room in the cells, the first row white on dark."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6B4C6"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{IDS[TABLE]}">'
            f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
            f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders><w:tblCellMar>"
            '<w:top w:w="57" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
            '<w:bottom w:w="57" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{DARK}"/></w:tcPr>'
            "</w:tblStylePr></w:style>"
        )
    )


def _border(style: ParagraphStyle, side: str, colour: str, eighths: int, space: int) -> None:
    """A line on one side of the paragraphs of a style; the width in eighths of a point."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    line = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>")
    # The schema has an order: what may stand before it is put before it.
    before = {
        qn(f"w:{name}") for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr")
    }
    at = sum(child.tag in before for child in properties)
    properties.insert(at, borders)


def _set_page(document: Document, title: str) -> None:
    """A4 with margins of 20 mm; no title above the first page, which has it in large."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance, section.footer_distance = Mm(12), Mm(10)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.text, head.alignment = title, WD_ALIGN_PARAGRAPH.RIGHT
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = document.styles["Footer"], WD_ALIGN_PARAGRAPH.CENTER
        add_field(paragraph, "PAGE", "1")
        paragraph.add_run(" / ")
        add_field(paragraph, "NUMPAGES", "1")
    first = section.first_page_header.paragraphs[0]
    # Without its own style it would have the line under it.
    first.style = document.styles["Normal"]
