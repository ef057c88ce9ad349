"""The DOCX reader: structure, automatic numbers, tables, notes, what is left out, and files that mean harm."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Inches

from corpus.models import Block, BlockKind, RawDocument, RawLine, Verdict
from corpus.readers.docx import read_docx
from corpus.readers.numerals import print_number
from corpus.structure import structure_document
from tests.corpus.make_office import BOMB, W, behind_declaration, changed, linked, replacing, saved


def _raw(document: Document, xml: str) -> None:
    """Put XML with the prefixes w, mc and wps at the end of the body."""
    names = (
        f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    element = parse_xml(xml.replace(">", f" {names}>", 1))
    document.element.body.insert(len(document.element.body) - 1, element)


def _p(runs: str, properties: str = "") -> str:
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{runs}</w:p>"


def _r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties and f"<w:rPr>{properties}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _headed() -> Document:
    document = docx.Document()
    document.add_heading("第1章 総則", 1)
    return document


def _lines(document: Document | bytes) -> tuple[RawLine, ...]:
    read = read_docx(document if isinstance(document, bytes) else saved(document))
    assert read.verdict is Verdict.READ, read.warnings
    return read.pages[0].lines


def _texts(document: Document | bytes) -> list[str]:
    """The texts behind the first heading."""
    return [line.text for line in _lines(document)][1:]


def _blocks(read: RawDocument) -> list[Block]:
    return [block for page in structure_document(read) for block in page.blocks]


def test_headings_make_the_section_path() -> None:
    """This test ensures that headings by style give section paths, in a file without pages, with its title known."""
    document = docx.Document()
    document.add_heading("茶園の手引き", 0)
    document.add_heading("第1章 総則", 1)
    document.add_paragraph("この章の本文です。")
    document.add_heading("第1節 目的", 2)
    document.add_paragraph("この節の本文です。")
    document.add_heading("第2章 管理", 1)
    document.add_paragraph("次の章の本文です。")
    read = read_docx(saved(document))
    assert (read.verdict, read.title, read.pages[0].number, read.warnings) == (Verdict.READ, "茶園の手引き", None, ())
    paths = {block.text: block.section for block in _blocks(read) if block.kind is BlockKind.PARAGRAPH}
    assert paths == {
        "この章の本文です。": ("第1章 総則",),
        "この節の本文です。": ("第1章 総則", "第1節 目的"),
        "次の章の本文です。": ("第2章 管理",),
    }


def test_the_files_own_title_comes_first() -> None:
    """This test ensures that the title of the properties is taken, but not one that a program wrote there."""
    document = _headed()
    document.core_properties.title = "摘採の基準"
    assert read_docx(saved(document)).title == "摘採の基準"
    document.core_properties.title = "Microsoft Word - 文書1.docx"
    assert read_docx(saved(document)).title is None


@pytest.mark.parametrize(
    ("style", "level"),
    [
        ('<w:name w:val="見出し 2"/>', 2),
        ('<w:name w:val="見出し３"/>', 3),
        ('<w:name w:val="社内の章題"/><w:basedOn w:val="Heading2"/>', 2),
        ('<w:name w:val="大項目"/><w:pPr><w:outlineLvl w:val="3"/></w:pPr>', 4),
        ('<w:name w:val="もと見出し"/><w:basedOn w:val="Heading2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>', 0),
        ('<w:name w:val="環"/><w:basedOn w:val="X9"/>', 0),
    ],
)
def test_styles_are_headings_by_name_base_and_outline_level(style: str, level: int) -> None:
    """This test ensures that Japanese style names, derived styles and outline levels make headings, and loops none."""
    document = _headed()
    _raw(document, _p(_r("ここに立つ行"), '<w:pStyle w:val="X9"/>'))
    added = f'<w:style w:type="paragraph" w:styleId="X9">{style}</w:style></w:styles>'.encode()
    data = changed(saved(document), {"word/styles.xml": replacing(b"</w:styles>", added)})
    kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
    assert _lines(data)[1] == RawLine(kind, "ここに立つ行", level)


def test_an_outline_level_of_its_own_makes_a_heading() -> None:
    """This test ensures that a paragraph's own outline level makes a heading."""
    document = _headed()
    _raw(document, _p(_r("節の題"), '<w:outlineLvl w:val="1"/>'))
    assert _lines(document)[1] == RawLine(BlockKind.HEADING, "節の題", 2)


NUMBERING = f"""<w:numbering xmlns:w="{W}">
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{{fmt}}"/><w:lvlText w:val="{{text}}"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1-%2"/>
<w:suff w:val="nothing"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{{bullet}}"/></w:lvl></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="2"/></w:num>
</w:numbering>"""


def _numbered(
    items: Iterable[tuple[int, int]], fmt: str = "decimal", text: str = "%1.", bullet: str = "\uf0b7"
) -> bytes:
    """A document with an item 「項」 for each (list, depth)."""
    document = _headed()
    for list_id, depth in items:
        _raw(document, _p(_r("項"), f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'))
    part = NUMBERING.format(fmt=fmt, text=text, bullet=bullet).encode()
    return changed(saved(document), {"word/numbering.xml": lambda _: part})


@pytest.mark.parametrize(
    ("fmt", "text", "third"),
    [
        ("decimal", "%1.", "3. 項"),
        ("decimal", "第%1章", "第3章 項"),
        ("decimalEnclosedCircle", "%1", "③ 項"),
        ("decimalFullWidth", "（%1）", "（３） 項"),
        ("aiueoFullWidth", "%1", "ウ 項"),
        ("aiueo", "%1", "ｳ 項"),
        ("irohaFullWidth", "%1", "ハ 項"),
        ("japaneseCounting", "第%1条", "第三条 項"),
        ("upperLetter", "%1)", "C) 項"),
        ("lowerRoman", "%1", "iii 項"),
        ("none", "", "項"),
        ("unheardOf", "%1.", "3. 項"),
    ],
)
def test_automatic_numbers_are_printed(fmt: str, text: str, third: str) -> None:
    """This test ensures that an item has the number that Word prints before it."""
    assert _lines(_numbered([(5, 0)] * 3, fmt, text))[3] == RawLine(BlockKind.LIST_ITEM, third)


@pytest.mark.parametrize(
    ("value", "fmt", "text"),
    [
        (21, "decimalEnclosedCircle", "㉑"),
        (50, "decimalEnclosedCircle", "㊿"),
        (51, "decimalEnclosedCircle", "51"),
        (230, "japaneseCounting", "二百三十"),
        (27, "upperLetter", "AA"),
        (1994, "upperRoman", "MCMXCIV"),
        (47, "aiueoFullWidth", "ア"),
        (4, "decimalZero", "04"),
        (0, "upperLetter", "0"),
        (10**9, "lowerRoman", "1000000000"),
    ],
)
def test_numbers_at_the_ends_of_their_formats(value: int, fmt: str, text: str) -> None:
    """This test ensures that a format that runs out of signs goes on as Word does, and that no number is too large."""
    assert print_number(value, fmt) == text


def test_numbers_are_counted_as_word_counts() -> None:
    """This test ensures that deeper levels restart, that lists of one kind go on, and that an override starts anew."""
    items = [(5, 0), (5, 1), (5, 1), (5, 0), (5, 1), (6, 0), (6, 0), (5, 0), (0, 0), (99, 0)]
    assert _texts(_numbered(items)) == [
        "1. 項",
        "1-1項",
        "1-2項",
        "2. 項",
        "2-1項",
        "7. 項",
        "8. 項",
        "9. 項",
        "項",
        "項",
    ]


def test_bullets_are_kept_where_they_say_something() -> None:
    """This test ensures that a plain bullet is left to the kind of the line and that ※ is text."""
    assert _lines(_numbered([(8, 0)]))[1] == RawLine(BlockKind.LIST_ITEM, "項")
    assert _lines(_numbered([(8, 0)], bullet="※"))[1] == RawLine(BlockKind.LIST_ITEM, "※ 項")


def test_headings_have_their_automatic_numbers() -> None:
    """This test ensures that a heading numbered by Word carries its number into the section path."""
    document = docx.Document()
    for text in ("目的", "定義"):
        heading = document.add_heading(text, 1)
        heading._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 5
        document.add_paragraph("本文です。")
    part = NUMBERING.format(fmt="decimal", text="第%1章", bullet="-").encode()
    read = read_docx(changed(saved(document), {"word/numbering.xml": lambda _: part}))
    assert {block.section for block in _blocks(read)} == {("第1章 目的",), ("第2章 定義",)}


def test_tables_keep_their_places() -> None:
    """This test ensures that rows stand where the table stands, merged cells once, empty and covered cells as empty."""
    document = _headed()
    document.add_paragraph("表の前")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横に結合"
    table.cell(0, 2).text = "右\n上"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "縦に結合"
    table.cell(2, 2).text = "右下"
    document.add_paragraph("表の後")
    assert [(line.kind, line.text) for line in _lines(document)[1:]] == [
        (BlockKind.PARAGRAPH, "表の前"),
        (BlockKind.TABLE_ROW, "横に結合\t\t右 上"),
        (BlockKind.TABLE_ROW, "縦に結合\t\t"),
        (BlockKind.TABLE_ROW, "\t\t右下"),
        (BlockKind.PARAGRAPH, "表の後"),
    ]


def test_nested_tables_and_frames() -> None:
    """This test ensures that a nested table follows its row, and that a frame of one cell is no table."""
    document = _headed()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "外"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内1", "内2"
    frame = document.add_table(1, 1)
    frame.cell(0, 0).text = "囲みの文。"
    assert [(line.kind, line.text) for line in _lines(document)[1:]] == [
        (BlockKind.TABLE_ROW, "外\t"),
        (BlockKind.TABLE_ROW, "内1\t内2"),
        (BlockKind.PARAGRAPH, "囲みの文。"),
    ]


def test_deep_nesting_is_read() -> None:
    """This test ensures that tables within tables, as deep as the parser lets them be, are read and not given up."""
    document = _headed()
    inner = _p(_r("底"))
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    _raw(document, inner)
    assert _texts(document) == ["\t底"]


def test_an_absurd_span_is_cut() -> None:
    """This test ensures that a cell over a billion columns does not become a billion cells."""
    document = _headed()
    document.add_table(1, 2).cell(0, 0).text = "広い"
    wide = replacing(b"<w:tcPr><w:tcW", b'<w:tcPr><w:gridSpan w:val="999999999"/><w:tcW')
    assert len(_texts(changed(saved(document), {"word/document.xml": wide}))[0]) < 200


def _with_notes(body: str) -> bytes:
    document = _headed()
    _raw(document, body)
    document.add_paragraph("次の段落")
    notes = "".join(f'<w:footnote w:id="{n}">{_p(_r(f"注の文{n}"))}</w:footnote>' for n in (2, 3))
    ends = f'<w:endnote w:id="2">{_p(_r("文末の注"))}</w:endnote>'
    return changed(
        saved(document),
        {
            "word/_rels/document.xml.rels": lambda blob: linked("footnotes", "footnotes.xml")(
                linked("endnotes", "endnotes.xml")(blob).replace(b"rId900", b"rId901")
            ),
            "word/footnotes.xml": lambda _: f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>'.encode(),
            "word/endnotes.xml": lambda _: f'<w:endnotes xmlns:w="{W}">{ends}</w:endnotes>'.encode(),
        },
    )


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    """This test ensures that foot- and endnotes stand right behind their paragraph, numbered as referred to."""
    runs = (
        _r("秘密") + '<w:r><w:footnoteReference w:id="3"/></w:r>' + _r("を守る")
        + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r>'
    )  # fmt: skip
    lines = _lines(_with_notes(_p(runs)))[1:]
    assert [line.text for line in lines] == [
        "秘密※1を守る※2（注1）", "※1 注の文3", "※2 注の文2", "（注1） 文末の注", "次の段落",
    ]  # fmt: skip
    assert [line.kind for line in lines].count(BlockKind.CAPTION) == 3


@pytest.mark.parametrize(
    ("mark", "note", "shown"),
    [
        ("注", "<w:r><w:t>注</w:t></w:r><w:r><w:tab/><w:t>別の文</w:t></w:r>", "注 別の文"),
        ("注", _r("注意の文"), "注 注意の文"),
        ("*", _r("*") + _r("星の文"), "* 星の文"),
    ],
)
def test_a_mark_of_its_own_is_shown_once(mark: str, note: str, shown: str) -> None:
    """This test ensures that a note's own mark, which mostly stands before its text as well, is not shown twice."""
    reference = f'<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>{mark}</w:t></w:r>'
    body = _with_notes(_p(_r("本文") + reference))
    data = changed(body, {"word/footnotes.xml": replacing(_r("注の文2").encode(), note.encode())})
    assert _texts(data) == [f"本文{mark}", shown, "次の段落"]


def test_notes_in_headings_and_tables() -> None:
    """This test ensures that a heading is free of note marks and that a table's notes stand behind the table."""
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    heading = _p(_r("見出し") + reference, '<w:outlineLvl w:val="1"/>')
    assert _texts(_with_notes(heading)) == ["見出し", "※1 注の文2", "次の段落"]
    cells = f"<w:tc>{_p(_r('左') + reference)}</w:tc><w:tc>{_p(_r('右'))}</w:tc>"
    rows = f"<w:tr>{cells}</w:tr><w:tr><w:tc>{_p(_r('下'))}</w:tc><w:tc><w:p/></w:tc></w:tr>"
    assert _texts(_with_notes(f"<w:tbl>{rows}</w:tbl>")) == ["左※1\t右", "下\t", "※1 注の文2", "次の段落"]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (
            _r("残る") + f'<w:del><w:r><w:delText>消えた</w:delText></w:r></w:del><w:ins>{_r("加えた")}</w:ins>',
            "残る加えた",
        ),
        (f"<w:moveFrom>{_r('元')}</w:moveFrom><w:moveTo>{_r('先')}</w:moveTo>", "先"),
        (f'<w:hyperlink r:id="rId77">{_r("リンク")}</w:hyperlink>', "リンク"),
        ("<w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>右</w:t></w:r>", "上\n下 右"),
        (
            '<w:r><w:ruby><w:rt><w:r><w:t>ろうえい</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漏えい</w:t></w:r>'
            "</w:rubyBase></w:ruby></w:r>",
            "漏えい",
        ),
        (f"<w:sdt><w:sdtContent>{_r('枠の中')}</w:sdtContent></w:sdt>", "枠の中"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
            + _r("指示")
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + _r("結果")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            + _r("の後"),
            "結果の後",
        ),
        (f'<w:fldSimple w:instr="PAGE">{_r("十二")}</w:fldSimple>', "十二"),
        (f'<w:commentRangeStart w:id="1"/>{_r("本文")}<w:r><w:commentReference w:id="1"/></w:r>', "本文"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>済み</w:t></w:r>', "☑済み"),
    ],
)  # fmt: skip
def test_what_is_seen_of_a_paragraph(runs: str, text: str) -> None:
    """This test ensures that a paragraph reads as it shows: revisions, links, breaks, ruby, controls, fields."""
    document = _headed()
    _raw(document, _p(runs))
    assert _texts(document) == [text]


def test_hidden_text_is_left_out_and_told() -> None:
    """This test ensures that hidden text is not read, the person is told, and a switch set to 0 hides none."""
    document = _headed()
    _raw(document, _p(_r("見える") + _r("隠れた", "<w:vanish/>") + _r("これも", '<w:vanish w:val="0"/>')))
    read = read_docx(saved(document))
    assert [line.text for line in read.pages[0].lines][1:] == ["見えるこれも"]
    assert [("隠し文字" in warning) for warning in read.warnings] == [True]


def test_text_boxes_are_read_once() -> None:
    """This test ensures that a text box follows its paragraph, once, though Word writes it twice."""
    box = f"<w:txbxContent>{_p(_r('箱の文'))}{_p(_r('箱の二'))}</w:txbxContent>"
    document = _headed()
    _raw(
        document,
        _p(
            _r("本文")
            + f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
            f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        ),
    )
    assert _texts(document) == ["本文", "箱の文", "箱の二"]


def test_tables_of_contents_headers_and_footers_are_left_out() -> None:
    """This test ensures that neither a table of contents nor running headers are text."""
    document = _headed()
    _raw(document, _p(_r("第1章 総則 1"), '<w:pStyle w:val="TOC1"/>'))
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    _raw(document, f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{_p(_r('目次'))}</w:sdtContent></w:sdt>")
    document.sections[0].header.paragraphs[0].text = "柱"
    document.sections[0].footer.paragraphs[0].text = "- 1 -"
    document.add_paragraph("本文")
    assert _texts(document) == ["本文"]


def test_without_heading_styles_the_text_is_left_to_be_guessed() -> None:
    """This test ensures that typed headings are found where no style marks any, with tables and lists in place."""
    document = docx.Document()
    for text in ("第1章 総則", "この規程は、秘密の扱いを定めます。", "第2章 管理"):
        document.add_paragraph(text)
    document.add_paragraph("箱に鍵をかけます。", style="List Bullet")
    table = document.add_table(2, 2)
    for index, text in enumerate(("区分", "扱い", "", "封をする")):
        table.cell(index // 2, index % 2).text = text
    read = read_docx(saved(document))
    assert (read.verdict, read.pages[0].lines) == (Verdict.READ, ())
    assert [(block.kind, block.text, block.section) for block in _blocks(read)] == [
        (BlockKind.HEADING, "第1章 総則", ("第1章 総則",)),
        (BlockKind.PARAGRAPH, "この規程は、秘密の扱いを定めます。", ("第1章 総則",)),
        (BlockKind.HEADING, "第2章 管理", ("第2章 管理",)),
        (BlockKind.LIST_ITEM, "箱に鍵をかけます。", ("第2章 管理",)),
        (BlockKind.TABLE_ROW, "区分\u3000扱い", ("第2章 管理",)),
        (BlockKind.TABLE_ROW, "\u3000封をする", ("第2章 管理",)),
    ]


def test_strict_open_xml_and_macros_are_read() -> None:
    """This test ensures that the strict form of the format, and a document with macros, read like any other."""
    document = _headed()
    document.add_paragraph("本文")
    data = saved(document)
    strict = data
    for name in ("word/document.xml", "word/styles.xml", "_rels/.rels", "word/_rels/document.xml.rels"):
        strict = changed(strict, {name: _as_strict})
    assert b"purl.oclc.org" in zipfile.ZipFile(io.BytesIO(strict)).read("word/document.xml")
    assert _texts(strict) == ["本文"]
    macro = replacing(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert _texts(changed(data, {"[Content_Types].xml": macro})) == ["本文"]


def _as_strict(blob: bytes) -> bytes:
    for room in (b"wordprocessingml/2006/main", b"officeDocument/2006/relationships"):
        blob = blob.replace(
            b"http://schemas.openxmlformats.org/" + room, b"http://purl.oclc.org/ooxml/" + room.replace(b"/2006", b"")
        )
    return blob


def test_a_document_of_pictures_needs_ocr_and_one_of_nothing_is_empty(tmp_path: Path) -> None:
    """This test ensures that the two ways of holding no text are told apart, each with advice."""
    empty = read_docx(saved(docx.Document()))
    assert (empty.verdict, empty.pages, len(empty.warnings)) == (Verdict.EMPTY, (), 1)
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "scan.png")
    document = docx.Document()
    document.add_picture(str(tmp_path / "scan.png"), Inches(1))
    scan = read_docx(saved(document))
    assert (scan.verdict, scan.pages) == (Verdict.NEEDS_OCR, ())
    assert "OCR" in scan.warnings[0]


def test_parts_that_are_missing_cost_themselves() -> None:
    """This test ensures that broken styles or a missing picture leave the rest, and are told of where it matters."""
    document = _headed()
    document.add_paragraph("本文")
    data = saved(document)
    read = read_docx(changed(data, {"word/styles.xml": lambda blob: blob[:500]}))
    assert read.verdict is Verdict.PARTLY_READ
    assert "word/styles.xml" in read.warnings[0]
    assert [(line.text, line.level) for line in read.pages[0].lines] == [("第1章 総則", 1), ("本文", 0)]
    dangling = changed(data, {"word/_rels/document.xml.rels": linked("image", "media/gone.png")})
    assert read_docx(dangling).verdict is Verdict.READ
    assert _texts(changed(data, {"_rels/.rels": lambda _: None})) == ["本文"]
    assert _texts(changed(data, {"[Content_Types].xml": lambda _: None})) == ["本文"]


def test_embedded_documents_are_told() -> None:
    """This test ensures that a document that is embedded whole is not passed over in silence."""
    document = _headed()
    document.add_paragraph("本文")
    _raw(document, "<w:customXml><w:altChunk/></w:customXml>")
    read = read_docx(saved(document))
    assert read.verdict is Verdict.PARTLY_READ
    assert "埋め込" in read.warnings[0]


def test_an_entity_bomb_does_not_go_off() -> None:
    """This test ensures that a document with a document type of its own is refused before an entity grows."""
    document = _headed()
    document.add_paragraph("ここ")
    data = changed(
        saved(document),
        {"word/document.xml": lambda blob: behind_declaration(BOMB)(blob).replace("ここ".encode(), b"&g;")},
    )
    read = read_docx(data)
    assert (read.verdict, read.pages) == (Verdict.DAMAGED, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_local_file_is_not_read(tmp_path: Path, encoding: str) -> None:
    """This test ensures that an external entity brings no other file into a document."""
    (tmp_path / "secret.txt").write_text("よそのファイル", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'.encode()

    def spoil(blob: bytes) -> bytes:
        text = behind_declaration(entity)(blob).replace("ここ".encode(), b"&e;").decode()
        return text.replace("UTF-8", encoding).encode(encoding)

    document = _headed()
    document.add_paragraph("ここ")
    read = read_docx(changed(saved(document), {"word/document.xml": spoil}))
    assert read.verdict is Verdict.DAMAGED
    assert "よそ" not in str(read)


def test_the_parser_itself_resolves_no_entity(tmp_path: Path) -> None:
    """This test ensures that python-docx's own parser would not read a file either, should a DTD get that far."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    xml = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]><x>&e;</x>'
    assert "secret" not in "".join(parse_xml(xml).itertext(tag="x"))


def test_links_to_the_outside_are_not_followed() -> None:
    """This test ensures that a part that is said to stand elsewhere is left alone."""
    outside = linked("footnotes", "file:///etc/hostname")
    document = _headed()
    document.add_paragraph("本文")
    data = changed(
        saved(document),
        {
            "word/_rels/document.xml.rels": lambda b: outside(b).replace(
                b'hostname"', b'hostname" TargetMode="External"'
            )
        },
    )
    assert _texts(data) == ["本文"]


def test_encryption_asks_for_the_password() -> None:
    """This test ensures that a document behind a password is told from a damaged one."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + _ole_entry("EncryptedPackage")
    assert read_docx(ole).verdict is Verdict.NEEDS_PASSWORD


def _ole_entry(name: str) -> bytes:
    raw = name.encode("utf-16-le")
    return raw.ljust(64, b"\x00") + (len(raw) + 2).to_bytes(2, "little")


def test_no_content_raises() -> None:
    """This test ensures that cut, flipped and foreign contents give a verdict and a line of advice, never an error."""
    document = _headed()
    document.add_table(2, 2).cell(0, 0).text = "表"
    good = saved(document)
    rng = random.Random(7)
    contents = [b"", b"PK\x03\x04", good[: len(good) // 2], rng.randbytes(3000)]
    for _ in range(60):
        spoiled = bytearray(good)
        for _ in range(rng.choice((1, 8, 64))):
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
        contents.append(bytes(spoiled))
    reads = [read_docx(content) for content in contents]
    assert all(read.verdict is Verdict.DAMAGED and len(read.warnings) == 1 for read in reads[:4])
    assert all(read.verdict is Verdict.READ or read.warnings for read in reads)
