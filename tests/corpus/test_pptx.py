"""The PPTX reader: slides as pages, reading order, tables, charts, notes, what is left out, files that mean harm."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from corpus.models import BlockKind, RawDocument, RawLine, Verdict
from corpus.readers.pptx import read_pptx
from corpus.readers.pptx_order import Box, reading_order
from corpus.structure import structure_document
from tests.corpus.make_office import BOMB, behind_declaration, changed, linked, replacing, saved

TITLE_ONLY, BODY, BLANK = 5, 1, 6
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADING, ITEM, ROW, PLAIN = BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.PARAGRAPH


def _slide(show: Presentation, title: str = "", layout: int = TITLE_ONLY) -> Slide:
    slide = show.slides.add_slide(show.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    return slide


def _box(slide: Slide, text: str, left: float, top: float, width: float = 3, height: float = 0.5) -> None:
    slide.shapes.add_textbox(*map(Inches, (left, top, width, height))).text_frame.text = text


def _lines(show: Presentation | bytes, number: int = 1) -> list[tuple[BlockKind, str]]:
    read = read_pptx(show if isinstance(show, bytes) else saved(show))
    return [(line.kind, line.text) for line in next(page for page in read.pages if page.number == number).lines]


def _texts(show: Presentation | bytes) -> list[str]:
    """The texts of the first slide."""
    return [text for _, text in _lines(show)]


def _paths(read: RawDocument) -> dict[str, tuple[int | None, tuple[str, ...]]]:
    pages = structure_document(read)
    return {block.text: (block.page_number, block.section) for page in pages for block in page.blocks}


def test_a_slide_is_a_page_under_its_title() -> None:
    """This test ensures that slides give numbered pages whose text stands under the slide's title."""
    show = pptx.Presentation()
    for title, text in (("はじめに", "守ること"), ("次に", "伝えること")):
        _slide(show, title, BODY).placeholders[1].text = text
    show.core_properties.title = "研修資料"
    read = read_pptx(saved(show))
    assert (read.verdict, read.title, [page.number for page in read.pages]) == (Verdict.READ, "研修資料", [1, 2])
    paths = _paths(read)
    assert (paths["守ること"], paths["伝えること"]) == ((1, ("はじめに",)), (2, ("次に",)))


def test_a_slide_without_a_title_is_under_none() -> None:
    """This test ensures that the text of an untitled slide is not put under the title or notes of the last one."""
    show = pptx.Presentation()
    first = _slide(show, "題のあるスライド")
    _box(first, "一枚目の文", 1, 3)
    first.notes_slide.notes_text_frame.text = "一枚目のノート"
    _box(_slide(show, layout=BLANK), "二枚目の文", 1, 3)
    paths = _paths(read_pptx(saved(show)))
    assert paths["一枚目のノート"] == (1, ("題のあるスライド", "発表者のノート"))
    assert paths["二枚目の文"] == (2, ())


def test_bullets_are_inherited_and_can_be_taken_away() -> None:
    """This test ensures that the layout's bullets make items, that none makes text, and that numbers are counted."""
    show = pptx.Presentation()
    frame = _slide(show, "題", BODY).placeholders[1].text_frame
    frame.text = "点あり\n点なし\n一番\n中\n二番\n三"
    settings = ["", "<a:buNone/>", *['<a:buAutoNum type="{}"/>'] * 4]
    schemes = ("", "", "circleNumDbPlain", "arabicParenBoth", "circleNumDbPlain", "ea1JpnChsDbPeriod")
    levels = (0, 0, 0, 1, 0, 0)
    for paragraph, setting, scheme, level in zip(frame.paragraphs, settings, schemes, levels, strict=True):
        xml = f'<a:pPr xmlns:a="{A}" lvl="{level}">{setting.format(scheme)}</a:pPr>'
        paragraph._p.insert(0, parse_xml(xml))
    assert _lines(show)[1:] == [
        (ITEM, "点あり"), (PLAIN, "点なし"), (ITEM, "① 一番"), (ITEM, "(1) 中"), (ITEM, "② 二番"), (ITEM, "一． 三"),
    ]  # fmt: skip


def test_text_is_sane() -> None:
    """This test ensures that line breaks, tabs and vertical text read as one text, and hidden shapes not at all."""
    show = pptx.Presentation()
    slide = _slide(show, "上の段\v下の段")
    _box(slide, "左\t右\v下", 1, 2)
    vertical = slide.shapes.add_textbox(*map(Inches, (8, 2, 1, 3)))
    vertical.text_frame.text = "縦書き"
    vertical.text_frame._txBody.bodyPr.set("vert", "eaVert")
    hidden = slide.shapes.add_textbox(*map(Inches, (1, 5, 1, 1)))
    hidden.text_frame.text = "見えない"
    hidden._element.nvSpPr.cNvPr.set("hidden", "1")
    assert _texts(show) == ["上の段 下の段", "左 右\n下", "縦書き"]


def test_rows_are_read_from_top_and_from_left() -> None:
    """This test ensures that shapes are read as they stand, not as they were drawn."""
    show = pptx.Presentation()
    slide = _slide(show)
    for text, left, top in (("下", 1, 5), ("右上", 6, 2.1), ("左上", 1, 2)):
        _box(slide, text, left, top)
    assert _texts(show) == ["左上", "右上", "下"]


def test_columns_are_read_one_after_the_other() -> None:
    """This test ensures that under a line across the slide the left column comes before the right one."""
    show = pptx.Presentation()
    slide = _slide(show, "比較")
    for text, left, top in (("右の本文", 5.5, 3), ("左の本文", 1, 3), ("右の題", 5.5, 2.2), ("左の題", 1, 2.2)):
        _box(slide, text, left, top)
    _box(slide, "前書き", 1, 1.5, width=8)
    _box(slide, "後書き", 1, 6, width=8)
    assert _texts(show) == ["比較", "前書き", "左の題", "左の本文", "右の題", "右の本文", "後書き"]


def test_labels_are_read_with_what_they_label() -> None:
    """This test ensures that a narrow column of labels is read row by row."""
    boxes = [Box(0, 0, 0, 10, 5), Box(1, 12, 0, 60, 5), Box(2, 0, 6, 10, 5), Box(3, 12, 6, 60, 5)]
    assert [box.index for box in reading_order(boxes[::-1])] == [0, 1, 2, 3]


def test_every_box_is_read_once_whatever_its_place() -> None:
    """This test ensures that no arrangement, empty, turned or crowded, loses a shape."""
    rng = random.Random(3)
    for count in (0, 1, 2, 30, 400):
        boxes = [Box(n, *(rng.choice((0, rng.uniform(-9, 99))) for _ in range(4))) for n in range(count)]
        assert sorted(box.index for box in reading_order(boxes)) == list(range(count))


def test_groups_stand_where_their_frame_puts_them() -> None:
    """This test ensures that a shape in a group is placed by the group's frame and not by its own numbers."""
    show = pptx.Presentation()
    slide = _slide(show)
    _box(slide, "中ほど", 1, 3)
    group = slide.shapes.add_group_shape()
    for text, top in (("群の上", 0), ("群の下", 1)):
        group.shapes.add_textbox(*map(Inches, (0, top, 2, 0.5))).text_frame.text = text
    group.left, group.top = Inches(1), Inches(5)
    assert _texts(show) == ["中ほど", "群の上", "群の下"]
    group.top = Inches(1)
    assert _texts(show) == ["群の上", "群の下", "中ほど"]


def test_tables_keep_their_places() -> None:
    """This test ensures that rows keep empty cells, and that a merged cell is read once."""
    show = pptx.Presentation()
    table = _slide(show, "表").shapes.add_table(3, 3, *map(Inches, (1, 2, 6, 2))).table
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    for row, column, text in ((0, 0, "横\n結合"), (0, 2, "右"), (1, 0, "縦"), (2, 2, "下")):
        table.cell(row, column).text = text
    assert _lines(show)[1:] == [(ROW, "横 結合\t\t右"), (ROW, "縦\t\t"), (ROW, "\t\t下")]


def test_charts_give_their_numbers() -> None:
    """This test ensures that a chart gives its title, its series and a row for each category, shares as percentages."""
    show = pptx.Presentation()
    data = CategoryChartData(number_format="0%")
    data.categories = ["漏えい", "誤送信"]
    data.add_series("昨年", (0.1, 0.25))
    data.add_series("今年", (0.07, None))
    frame = _slide(show, "図").shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *map(Inches, (1, 2, 6, 4)), data)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "件数の割合"
    assert _lines(show)[1:] == [
        (BlockKind.CAPTION, "件数の割合"), (ROW, "\t昨年\t今年"), (ROW, "漏えい\t10%\t7%"), (ROW, "誤送信\t25%\t"),
    ]  # fmt: skip


def test_smartart_gives_its_texts() -> None:
    """This test ensures that the nodes of a SmartArt are read in their order, each before those below it."""
    show = pptx.Presentation()
    slide = _slide(show, "流れ")
    uri = DGM
    slide.shapes._spTree.append(
        parse_xml(
            f'<p:graphicFrame xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"><p:nvGraphicFramePr><p:cNvPr id="9" name="x"/>'
            f'<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/>'
            f'</p:xfrm><a:graphic><a:graphicData uri="{uri}"><d:relIds xmlns:d="{DGM}" r:dm="rId900"/></a:graphicData>'
            "</a:graphic></p:graphicFrame>"
        )
    )
    texts = {"1": "確かめる", "2": "直す", "3": "細かな手順"}
    points = "".join(
        f'<d:pt modelId="{id_}"><d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t></d:pt>'
        for id_, text in texts.items()
    )
    links = "".join(
        f'<d:cxn srcId="{source}" destId="{target}" srcOrd="{place}"/>'
        for source, target, place in (("0", "2", 1), ("0", "1", 0), ("1", "3", 0), ("3", "1", 0))
    )
    model = f'<d:dataModel xmlns:d="{DGM}" xmlns:a="{A}"><d:ptLst><d:pt modelId="0" type="doc"/>{points}</d:ptLst>'
    data = changed(
        saved(show),
        {
            "ppt/slides/_rels/slide1.xml.rels": linked("diagramData", "../diagrams/data1.xml"),
            "ppt/diagrams/data1.xml": lambda _: f"{model}<d:cxnLst>{links}</d:cxnLst></d:dataModel>".encode(),
        },
    )
    assert _lines(data)[1:] == [(ITEM, "確かめる"), (ITEM, "細かな手順"), (ITEM, "直す")]


def test_notes_are_marked_and_footers_left_out() -> None:
    """This test ensures that the speaker's notes stand under a heading of their own, and that footers are no text."""
    show = pptx.Presentation()
    slide = _slide(show, "題")
    _box(slide, "本文", 1, 3)
    slide.notes_slide.notes_text_frame.text = "話すこと\n補足"
    for kind, text in (("ftr", "社外秘"), ("dt", "4月1日"), ("sldNum", "12")):
        _box(slide, text, 1, 7)
        shape = slide.shapes[-1]._element
        shape.find(f"{{{P}}}nvSpPr/{{{P}}}nvPr").append(parse_xml(f'<p:ph xmlns:p="{P}" type="{kind}" idx="40"/>'))
    read = read_pptx(saved(show))
    assert read.pages[0].lines == (
        RawLine(HEADING, "題", 1),
        RawLine(PLAIN, "本文"),
        RawLine(HEADING, "発表者のノート", 2),
        RawLine(PLAIN, "話すこと"),
        RawLine(PLAIN, "補足"),
    )


def test_slides_keep_the_numbers_and_the_order_that_powerpoint_shows() -> None:
    """This test ensures that hidden slides are named, left out but counted, and the list of slides is the order."""
    show = pptx.Presentation()
    for title in "一二三四":
        _box(_slide(show, title), "文", 1, 3)
    show.slides[1]._element.set("show", "0")
    ids = show.slides._sldIdLst
    ids.insert(0, ids[-1])
    read = read_pptx(saved(show))
    assert [(page.number, page.lines[0].text) for page in read.pages] == [(1, "四"), (2, "一"), (4, "三")]
    assert read.verdict is Verdict.READ
    assert "非表示のスライド（3）" in read.warnings[0]


def _picture(slide: Slide, folder: Path) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(folder / "scan.png")
    slide.shapes.add_picture(str(folder / "scan.png"), 0, 0)


def test_slides_of_pictures_are_flagged(tmp_path: Path) -> None:
    """This test ensures that slides of only a picture are named, blank ones are not, and all such need OCR."""
    show = pptx.Presentation()
    _picture(_slide(show, layout=BLANK), tmp_path)
    alone = read_pptx(saved(show))
    assert (alone.verdict, alone.pages_without_text) == (Verdict.NEEDS_OCR, (1,))
    _slide(show, layout=BLANK)
    _picture(_slide(show, "題がある"), tmp_path)
    _picture(_slide(show, layout=BLANK), tmp_path)
    read = read_pptx(saved(show))
    assert (read.verdict, read.pages_without_text, len(read.pages)) == (Verdict.PARTLY_READ, (1, 4), 4)
    assert read.warnings[0].startswith("1、4ページは図だけ")


def test_nothing_is_empty() -> None:
    """This test ensures that presentations without slides, text or shown slides are empty, with advice."""
    show = pptx.Presentation()
    assert read_pptx(saved(show)).verdict is Verdict.EMPTY
    slide = _slide(show, layout=BLANK)
    assert read_pptx(saved(show)).verdict is Verdict.EMPTY
    slide._element.set("show", "0")
    read = read_pptx(saved(show))
    assert (read.verdict, read.pages, len(read.warnings)) == (Verdict.EMPTY, (), 2)


@pytest.mark.parametrize("spoil", [lambda blob: blob[:300], lambda _: None])
def test_a_broken_slide_costs_itself(spoil: object) -> None:
    """This test ensures that a damaged or missing slide is named and flagged, and that the others are read."""
    assert callable(spoil)
    show = pptx.Presentation()
    for title in "一二三":
        _box(_slide(show, title), "文", 1, 3)
    read = read_pptx(changed(saved(show), {"ppt/slides/slide2.xml": spoil}))
    assert (read.verdict, read.pages_without_text) == (Verdict.PARTLY_READ, (2,))
    assert [bool(page.lines) for page in read.pages] == [True, False, True]
    assert read.warnings[0].startswith("2ページは壊れて")


def test_missing_layouts_charts_and_pictures_cost_themselves(tmp_path: Path) -> None:
    """This test ensures that what a slide refers to may be missing."""
    show = pptx.Presentation()
    slide = _slide(show, "題", BODY)
    slide.placeholders[1].text = "本文"
    _picture(slide, tmp_path)
    data = CategoryChartData()
    data.categories, _ = ["分類"], data.add_series("系列", (1,))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, *map(Inches, (1, 2, 6, 4)), data)
    good = saved(show)
    assert "分類\t1" in _texts(good)
    for lost in ("ppt/media/image1.png", "ppt/slideLayouts/slideLayout2.xml", "ppt/slideMasters/slideMaster1.xml"):
        assert {"題", "本文", "分類\t1"} <= set(_texts(changed(good, {lost: lambda _: None})))
    chart = next(part.partname for part in show.part.package.iter_parts() if "/charts/" in part.partname)
    read = read_pptx(changed(good, {str(chart)[1:]: lambda blob: blob[:99]}))
    assert read.verdict is Verdict.PARTLY_READ
    assert [line.text for line in read.pages[0].lines] == ["題", "本文"]


def test_a_long_chain_of_links_between_slides_is_no_trap() -> None:
    """This test ensures that slides that link to one another, over a thousand in a row, are still read."""
    show = pptx.Presentation()
    _box(_slide(show, "題"), "文", 1, 3)
    numbers = range(2, 1201)
    ids = "".join(f'<p:sldId id="{300 + n}" r:id="rIdS{n}"/>' for n in numbers)
    good = saved(show)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        slide = archive.read("ppt/slides/slide1.xml")
    entry = '<Relationship Id="rId{}" Type="' + R + '/slide" Target="{}"/>'
    listed = "".join(entry.format(f"S{n}", f"slides/slide{n}.xml") for n in numbers)
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    changes = {
        "ppt/presentation.xml": replacing(b"</p:sldIdLst>", f"{ids}</p:sldIdLst>".encode()),
        "ppt/_rels/presentation.xml.rels": replacing(b"</Relationships>", f"{listed}</Relationships>".encode()),
        "ppt/slides/_rels/slide1.xml.rels": replacing(
            b"</Relationships>", f"{entry.format('N', 'slide2.xml')}</Relationships>".encode()
        ),
    }
    for n in numbers:
        following = rels.format(entry.format("N", f"slide{n + 1}.xml") if n < numbers[-1] else "").encode()
        changes[f"ppt/slides/slide{n}.xml"] = lambda _: slide
        changes[f"ppt/slides/_rels/slide{n}.xml.rels"] = lambda _, rels=following: rels  # type: ignore[misc]
    read = read_pptx(changed(good, changes))
    assert (read.verdict, len(read.pages), all(page.lines for page in read.pages)) == (Verdict.READ, 1200, True)


def test_an_entity_bomb_does_not_go_off() -> None:
    """This test ensures that a slide with a document type of its own is refused before an entity grows."""
    show = pptx.Presentation()
    _box(_slide(show, "題"), "ここ", 1, 3)
    _box(_slide(show, "次"), "文", 1, 3)
    spoil = lambda blob: replacing("ここ".encode(), b"&g;")(behind_declaration(BOMB)(blob))  # noqa: E731
    read = read_pptx(changed(saved(show), {"ppt/slides/slide1.xml": spoil}))
    assert (read.verdict, read.pages_without_text) == (Verdict.PARTLY_READ, (1,))


def test_a_local_file_is_not_read(tmp_path: Path) -> None:
    """This test ensures that neither this reader nor python-pptx's own parser brings in another file."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    show = pptx.Presentation()
    _box(_slide(show, "題"), "ここ", 1, 3)
    spoil = lambda blob: replacing("ここ".encode(), b"&e;")(behind_declaration(entity.encode())(blob))  # noqa: E731
    read = read_pptx(changed(saved(show), {"ppt/slides/slide1.xml": spoil}))
    assert read.verdict is Verdict.DAMAGED
    assert "secret" not in "".join(line.text for page in read.pages for line in page.lines)
    assert "secret" not in "".join(parse_xml(f"{entity}<x>&e;</x>").itertext(tag="x"))


def test_encryption_asks_for_the_password() -> None:
    """This test ensures that a presentation behind a password is told from a damaged one."""
    raw = "EncryptedPackage".encode("utf-16-le")
    entry = raw.ljust(64, b"\x00") + (len(raw) + 2).to_bytes(2, "little")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entry
    assert read_pptx(ole).verdict is Verdict.NEEDS_PASSWORD


def test_no_content_raises() -> None:
    """This test ensures that cut, flipped and foreign contents give a verdict and a line of advice, never an error."""
    show = pptx.Presentation()
    _box(_slide(show, "題"), "文", 1, 3)
    good = saved(show)
    rng = random.Random(7)
    contents = [b"", b"PK\x03\x04", good[: len(good) // 2], rng.randbytes(3000)]
    for _ in range(60):
        spoiled = bytearray(good)
        for _ in range(rng.choice((1, 8, 64))):
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
        contents.append(bytes(spoiled))
    reads = [read_pptx(content) for content in contents]
    assert all(read.verdict is Verdict.DAMAGED and len(read.warnings) == 1 for read in reads[:4])
    assert all(read.verdict is Verdict.READ or read.warnings for read in reads)
