"""A pack as a Word document: opened again by python-docx, and its XML looked at where that does not reach."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from docx import Document as open_document
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from tests.training.sample import HOSTILE, LONG, choice, sample_pack
from training.export.docx import write_docx
from training.models import CheckItem, Line, Pack


def opened(pack: Pack) -> Document:
    """The document of a pack."""
    return open_document(io.BytesIO(write_docx(pack)))


@pytest.fixture(scope="module")
def document() -> Document:
    """The document of the sample pack."""
    return opened(sample_pack())


def styled(document: Document, style: str) -> list[str]:
    """The texts of the paragraphs of a style, outside tables."""
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == style]


def whole_text(document: Document) -> str:
    """Every text of the body, links and tables included."""
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in document.element.iter(qn("w:p"))
    )


CHAPTERS = [
    *("学習目標", "事例と話し合い", "対策の一覧", "チェックリスト", "確認クイズ", "相談先", "出典"),
    *("解答と解説（講師用）", "進行の手引き（講師用）"),
]


def test_chapters_stand_in_order(document: Document) -> None:
    """This test ensures that every part is a chapter, what the trainer keeps last, and the title a Title."""
    assert styled(document, "Heading 1") == CHAPTERS
    assert styled(document, "Title") == ["猫車の点検 ― 技術者向け（30分）"]
    assert styled(document, "Heading 2")[:2] == ["Case 1 車輪が外れたケース", "Case 2 荷が落ちたケース"]


def test_empty_parts_leave_nothing() -> None:
    """This test ensures that of a part of which there is nothing no heading and no table is made."""
    empty = replace(sample_pack(), cases=(), countermeasures=(), checklist=(), quiz=(), contacts=(), agenda=())
    document = opened(empty)
    assert styled(document, "Heading 1") == ["学習目標", "出典"]
    assert len(document.tables) == 1
    assert not styled(opened(replace(empty, goals=(), citations=(), sources=())), "Heading 1")


def test_the_trainers_part_begins_on_a_new_page(document: Document) -> None:
    """This test ensures that the answer key, and what follows it, each begin on a page of their own."""
    broken = [paragraph.text for paragraph in document.paragraphs if paragraph.paragraph_format.page_break_before]
    assert broken == ["解答と解説（講師用）", "進行の手引き（講師用）"]
    handed_out, kept = whole_text(document).rsplit("解答と解説（講師用）", 1)
    assert "正解" not in handed_out
    assert re.findall(r"問(\d)　正解：(.+)", kept) == [
        *(
            ("1", "イ"),
            ("2", "誤り"),
            ("3", "1＝イ、2＝ウ、3＝ア"),
            ("4", "ウ → イ → エ → ア"),
            ("5", "イ"),
            ("6", "イ"),
        )
    ]


def test_sources_of_answers_are_not_handed_out() -> None:
    """This test ensures that what the trainer's part alone cites is quoted there, under its number in the pack."""
    pack = sample_pack()
    answer = replace(pack.citations[0], marker=4, quote="答えはこの文です。")
    item = replace(choice(1), explanation=Line("朝です。", (4,)))
    document = opened(replace(pack, quiz=(item,), citations=(*pack.citations, answer)))
    assert styled(document, "Heading 1")[-2:] == ["進行の手引き（講師用）", "出典の続き（講師用）"]
    handed_out, kept = whole_text(document).rsplit("解答と解説（講師用）", 1)
    assert "答えはこの文です。" not in handed_out
    assert "「答えはこの文です。」" in kept
    assert document.tables[-1].cell(1, 0).text == "[4]"
    names = [mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))]
    assert sorted(name for name in names if name.startswith("source_")) == [
        f"source_{number}" for number in range(1, 5)
    ]


def test_contents_show_before_they_are_updated(document: Document) -> None:
    """This test ensures that the table of contents is a field of Word, holds every heading of two levels, each leading
    to its bookmark, and that Word is not told to ask its reader about updating it."""
    body = document.element
    instructions = [element.text for element in body.iter(qn("w:instrText"))]
    assert any(text.strip().startswith('TOC \\o "1-2"') for text in instructions)
    links = [link for link in body.iter(qn("w:hyperlink")) if link.get(qn("w:anchor")).startswith("heading_")]
    texts = ["".join(text.text for text in link.iter(qn("w:t"))) for link in links]
    chapters = [f"{number}. {title}" for number, title in enumerate(CHAPTERS, start=1)]
    assert [text for text in texts if text in chapters] == chapters
    assert len(texts) == len(styled(document, "Heading 1")) + len(styled(document, "Heading 2"))
    assert document.settings.element.find(qn("w:updateFields")) is None
    marks = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
    assert [marks.count(kind) for kind in ("begin", "separate", "end")] == [marks.count("begin")] * 3


def test_chapters_are_numbered_by_word(document: Document) -> None:
    """This test ensures that chapters count themselves and that the heading of the contents does not."""
    first = document.styles["Heading 1"].element
    number = first.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    assert number is not None
    assert document.styles["TOC Heading"].base_style.name == "Normal"


def test_every_link_has_its_place(document: Document) -> None:
    """This test ensures that each marker and each entry of the contents leads to a bookmark, each of which is one."""
    body = document.element
    anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    marks = list(body.iter(qn("w:bookmarkStart")))
    names = [mark.get(qn("w:name")) for mark in marks]
    assert anchors <= set(names)
    assert {"source_1", "source_2", "source_3"} <= anchors
    assert len(set(names)) == len(names)
    assert len({mark.get(qn("w:id")) for mark in marks}) == len(marks) == len(list(body.iter(qn("w:bookmarkEnd"))))


def test_every_statement_has_its_marker(document: Document) -> None:
    """This test ensures that as many links to sources are there as the pack has markers on what is stated."""
    pack = sample_pack()
    lines = [*pack.goals, *pack.contacts, *(note for step in pack.agenda for note in step.notes)]
    lines += [line for case in pack.cases for line in (*case.story, *case.questions, *case.learnings)]
    lines += [line for row in pack.countermeasures for line in (row.what, row.why) if line]
    lines += [line for item in pack.quiz for line in (item.explanation, *(option.reason for option in item.options))]
    lines += [line for item in pack.quiz for line in item.sequence]
    cited = [*lines, *pack.checklist, *(pair for item in pack.quiz for pair in item.pairs)]
    expected = sum(len(each.markers) for each in cited)
    links = document.element.iter(qn("w:hyperlink"))
    assert sum(link.get(qn("w:anchor")).startswith("source_") for link in links) == expected


def test_tables_repeat_their_header_and_keep_their_rows(document: Document) -> None:
    """This test ensures that tables with a header repeat it, that no row is torn, and that widths stay on the page."""
    titled = [table for table in document.tables if len(table.columns) > 1]
    assert [len(table.rows) for table in titled] == [13, 4, 11, 4, 7, 5]
    for table in titled:
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert sum(column.width for column in table.columns) <= 170.1 * 36_000
    for table in document.tables:
        assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)


def test_rows_of_the_audience_are_marked(document: Document) -> None:
    """This test ensures that the audience's countermeasures have a star, so that no colour is needed to tell them."""
    first = [row.cells[0].text for row in document.tables[2].rows]
    assert [text.startswith("★ ") for text in first[1:]] == [
        row.is_for_audience for row in sample_pack().countermeasures
    ]


def test_boxes_can_be_ticked(document: Document) -> None:
    """This test ensures that each line of the check list has a box that Word ticks, named by what it is for."""
    w14 = "{http://schemas.microsoft.com/office/word/2010/wordml}checkbox"
    boxes = [box for box in document.element.iter(qn("w:sdt")) if box.find(f"{qn('w:sdtPr')}/{w14}") is not None]
    names = [box.find(f"{qn('w:sdtPr')}/{qn('w:alias')}").get(qn("w:val")) for box in boxes]
    assert names == [item.title for item in sample_pack().checklist]
    assert ["".join(text.text for text in box.iter(qn("w:t"))) for box in boxes] == ["☐"] * len(boxes)


def test_fonts_and_language_are_japanese(document: Document) -> None:
    """This test ensures that every style's font is a Japanese one and none is left to the theme, on A4."""
    fonts = list(document.styles.element.iter(qn("w:rFonts")))
    assert {font.get(qn("w:eastAsia")) for font in fonts} - {None} == {"游ゴシック", "游明朝"}
    assert not [name for font in fonts for name in font.attrib if str(name).endswith("Theme")]
    assert {each.get(qn("w:eastAsia")) for each in document.styles.element.iter(qn("w:lang"))} == {"ja-JP"}
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    sizes = [style.font.size.pt for style in document.styles if style.name in ("Normal", "表の文", "補足")]
    assert min(sizes) >= 9


def test_header_and_footer(document: Document) -> None:
    """This test ensures that pages are numbered, and that the title is on top of all but the first."""
    section = document.sections[0]
    assert section.header.paragraphs[0].text == sample_pack().title
    assert section.first_page_header.paragraphs[0].text == ""
    for footer in (section.footer, section.first_page_footer):
        fields = [element.text.strip() for element in footer._element.iter(qn("w:instrText"))]
        assert fields == ["PAGE", "NUMPAGES"]


def test_properties_name_nobody(document: Document) -> None:
    """This test ensures that title and language are set, and that no author and no picture of a template remain."""
    core = document.core_properties
    assert (core.title, core.language) == (sample_pack().title, "ja-JP")
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    with zipfile.ZipFile(io.BytesIO(write_docx(sample_pack()))) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert archive.testzip() is None


def test_hostile_texts_stay_texts() -> None:
    """This test ensures that markup is shown as it stands and that what XML cannot hold is left out."""
    pack = sample_pack()
    bad = f"{HOSTILE}\x00\x0b\ud800\ufffe\u202e終わり"
    rows = (replace(pack.countermeasures[0], title=bad, what=Line(bad, (1,)), stage=bad, pages=bad),)
    checks = (CheckItem(bad, bad + LONG, bad, (1,), True),)
    items = (replace(choice(1), stem=bad, story=Line(bad)),)
    hostile = replace(
        pack, title=bad, audience=bad, countermeasures=rows, checklist=checks, quiz=items, notes=(bad,), model=bad
    )
    text = whole_text(opened(hostile))
    assert text.count(f"{HOSTILE}終わり") >= 9
    assert "\u202e" not in text


def test_long_titles_break_before_the_audience() -> None:
    """This test ensures that a long title is broken where it changes from the theme to the audience."""
    document = opened(replace(sample_pack(), title="生産拠点の海外進出に伴う技術流出 ― 海外拠点向け（60分）"))
    assert styled(document, "Title") == ["生産拠点の海外進出に伴う技術流出\n― 海外拠点向け（60分）"]


def test_a_title_may_be_of_any_length() -> None:
    """This test ensures that a title longer than Word's property for it is in the document in full."""
    document = opened(replace(sample_pack(), title="長" * 300))
    assert styled(document, "Title") == ["長" * 300]
    assert document.core_properties.title == "長" * 255


def test_marks_of_edits_and_digests(document: Document) -> None:
    """This test ensures that edited items, reworded lines, digests, credit lines and newer editions are told of."""
    text = whole_text(document)
    assert "説明できます。（言語モデルによる言い換え）[2][3]" in text
    assert "資料A：猫車の手引き 小さな工房編（要約）（2026年4月発行）" in text
    assert "出典：見本省ウェブサイト（https://example.com/carts）を加工して作成" in text
    assert "後の版があります（2026年版）。" in text
    assert "資料A（要約）　原典の3–4ページ、「点検 ＞ 朝の点検」" in text
    assert "「猫車は、毎朝、車輪を確かめます（その3）。」" in text
    edited = opened(replace(sample_pack(), quiz=(replace(choice(1), edited=True),)))
    assert "問1（選択・ふつう・講師が編集）" in styled(edited, "Heading 3")


def test_the_same_pack_gives_the_same_file() -> None:
    """This test ensures that the bytes depend on the pack alone, and that every part of the file is well-formed."""
    content = write_docx(sample_pack())
    assert content == write_docx(sample_pack())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def test_numbered_lists_begin_at_one(document: Document) -> None:
    """This test ensures that each numbered list has a number of its own, so that none goes on from the one before."""
    lists = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in document.paragraphs
        if paragraph.style and paragraph.style.name == "List Number"
    ]
    assert len(lists) == 6
    assert len(set(lists)) == 3


def test_columns_that_would_be_empty_are_left_out() -> None:
    """This test ensures that rows without reason, stage and pages leave their room to what is to be done."""
    pack = sample_pack()
    rows = tuple(replace(row, why=None, stage=None, pages=None) for row in pack.countermeasures)
    checks = tuple(replace(item, pages=None) for item in pack.checklist)
    made = open_document(io.BytesIO(write_docx(replace(pack, countermeasures=rows, checklist=checks))))
    heads = [[cell.text for cell in table.rows[0].cells] for table in made.tables]
    assert ["対策", "すること"] in heads
    assert not any("ガイダンス\nのページ" in head for head in heads)


def test_goals_stay_on_one_page(document: Document) -> None:
    """This test ensures that the goals are kept with their heading and each other, and the last with nothing."""
    at = next(i for i, each in enumerate(document.paragraphs) if each.text == "学習目標")
    heading, first, last = document.paragraphs[at : at + 3]
    assert heading.style
    assert heading.style.paragraph_format.keep_with_next
    assert first.paragraph_format.keep_with_next
    assert not last.paragraph_format.keep_with_next
