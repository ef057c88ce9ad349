"""Tests of training/export/pdf*.py and fonts.py: the file is opened again by pypdf and pypdfium2."""

import io
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.sample import HOSTILE, LONG, choice, sample_pack
from training.export.fonts import GETA, FontFile, Typeface, clean, find_typeface, installed, standard_typeface
from training.export.pdf import write_pdf
from training.export.pdf_lines import NOT_FIRST, NOT_LAST, break_lines
from training.export.quiz_text import right_letters
from training.models import Line, Pack


def typefaces() -> list[object]:
    """The standard font always; an embedded one where this machine has one."""
    font = next(installed(), None)
    missing = pytest.mark.skip(reason="no Japanese TrueType font on this machine")
    return [
        pytest.param(standard_typeface, id="standard"),
        pytest.param(find_typeface, id="embedded", marks=[] if font else [missing]),
    ]


FACES = pytest.mark.parametrize("make", typefaces())


def pages_of(content: bytes) -> list[str]:
    """The text of each page by pypdf, without spaces and line ends, full-width and half-width alike."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def pages_by_pdfium(content: bytes) -> list[str]:
    """The same by pypdfium2."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    """A text without spaces, its full-width letters as half-width ones."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def said_by(pack: Pack) -> list[str]:
    """Texts of every part of a pack."""
    return [
        pack.title,
        *(line.text for line in pack.goals),
        *(line.text for case in pack.cases for line in (*case.story, *case.questions, *case.learnings)),
        *(row.title for row in pack.countermeasures),
        *(item.text for item in pack.quiz[0].options),
        *(item.stem for item in pack.quiz),
        *(item.explanation.text for item in pack.quiz),
        *(line.text for line in pack.contacts),
        *(source.title for source in pack.sources),
        *(source.credit for source in pack.sources if source.credit),
        *(citation.quote for citation in pack.citations),
        *pack.notes,
    ]


@FACES
def test_every_text_can_be_copied_out(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """This test ensures that both readers of PDF give back all parts of a pack in Japanese."""
    content = write_pdf(sample_pack(), make())
    for pages in (pages_of(content), pages_by_pdfium(content)):
        whole = "".join(pages)
        for text in said_by(sample_pack()):
            if "<script>" not in text:
                assert squeezed(text) in whole


@FACES
def test_hostile_texts_are_shown_as_they_are(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """This test ensures that markup, escapes and markers of a text are printed, and do nothing."""
    whole = "".join(pages_of(write_pdf(sample_pack(), make())))
    assert whole.count(squeezed(HOSTILE)) >= 2


@FACES
def test_nothing_runs_off_the_page(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """This test ensures that every character stands between the margins, and is not smaller than 9 points."""
    wide = replace(
        sample_pack().countermeasures[0], title="A" * 90, what=Line("https://example.com/" + "a" * 300, (1,))
    )
    pack = replace(sample_pack(), title="猫車の" * 40, countermeasures=(wide,))
    document = pypdfium2.PdfDocument(write_pdf(pack, make()))
    for page in document:
        text = page.get_textpage()
        width, height = page.get_size()
        for number in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number)
            if right > left:
                assert left > 45
                assert right < width - 45
                assert bottom > 25
                assert top < height - 25
    document.close()


def sizes_of(content: bytes) -> set[float]:
    """The sizes of fonts that the pages set."""
    return {
        float(number)
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
        for number in re.findall(rb"/\S+ ([\d.]+) Tf", page.get_contents().get_data())  # type: ignore[union-attr]
    }


def test_nothing_is_smaller_than_nine_points() -> None:
    """This test ensures that all can be read on paper."""
    assert min(sizes_of(write_pdf(sample_pack()))) >= 9


def test_answers_begin_a_page_of_their_own() -> None:
    """This test ensures that no page has both questions and answers, nor answers and what comes after."""
    pack = sample_pack()
    pages = pages_of(write_pdf(pack))
    first = next(number for number, page in enumerate(pages) if "確認クイズの答えと解説" in page)
    last = next(number for number, page in enumerate(pages) if "相談先" in page)
    assert pages[first].startswith(f"{squeezed(pack.title)}{first + 1}/{len(pages)}確認クイズの答えと解説")
    for number, page in enumerate(pages):
        assert ("正解" in page) <= (first <= number < last)
        assert ("引用した箇所" in page) <= (number >= last)
    key = "".join(pages[first:last])
    assert all(squeezed(f"正解：{right_letters(item)}") in key for item in pack.quiz)


def test_what_cases_teach_is_not_beside_their_questions() -> None:
    """This test ensures that the room thinks for itself first: what is drawn from a case stands with the answers."""
    pages = pages_of(write_pdf(sample_pack()))
    (place,) = [number for number, page in enumerate(pages) if "決めた人が毎朝行います" in page]
    assert "事例から学ぶこと" in pages[place]
    assert "話し合う" not in pages[place]


def test_pages_are_numbered_of_all() -> None:
    """This test ensures that every page says which of how many it is."""
    pages = pages_of(write_pdf(sample_pack()))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page


def test_readers_are_told_title_language_and_outline() -> None:
    """This test ensures that the file has a title, its language, an outline in the order of its parts and no links."""
    reader = pypdf.PdfReader(io.BytesIO(write_pdf(sample_pack())))
    assert reader.metadata is not None
    assert reader.metadata.title == sample_pack().title
    assert reader.root_object["/Lang"] == "ja-JP"
    titles = [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    assert titles == [
        "学習の目標",
        "事例を読んで話し合う",
        "対策の一覧",
        "チェックリスト",
        "確認クイズ",
        "確認クイズの答えと解説",
        "事例から学ぶこと",
        "相談先",
        "出典",
    ]
    kinds = {note["/Subtype"] for page in reader.pages for note in page.annotations or []}
    assert kinds == {"/Widget"}


def test_boxes_can_be_ticked() -> None:
    """This test ensures that each line of the check list has an empty box with a name of its own and what it is for."""
    pack = sample_pack()
    fields = pypdf.PdfReader(io.BytesIO(write_pdf(pack))).get_fields() or {}
    assert len(fields) == len(pack.checklist)
    assert {field["/V"] for field in fields.values()} == {"/Off"}
    assert [fields[f"check-{number}"]["/TU"] for number in (1, 2)] == [item.title for item in pack.checklist[:2]]


def test_table_repeats_its_head_and_keeps_rows_whole() -> None:
    """This test ensures that a long table has its head on each page, and no row of a usual length is parted."""
    rows = tuple(
        replace(row, what=Line(f"はじまり{number}。{LONG}おわり{number}。", (1,)))
        for number, row in enumerate(sample_pack().countermeasures * 2)
    )
    pages = pages_of(write_pdf(replace(sample_pack(), countermeasures=rows)))
    table = [page for page in pages if "はじまり" in page]
    assert len(table) > 2
    assert all("何をするか" in page for page in table)
    for number in range(len(rows)):
        (page,) = [page for page in pages if f"はじまり{number}。" in page]
        assert f"おわり{number}。" in page


@pytest.mark.parametrize("length", [3_000, 20_000])
def test_texts_longer_than_a_page_are_set(length: int) -> None:
    """This test ensures that a text that no page holds goes on over pages, wherever it stands."""
    huge = "猫車を確かめます。" * (length // 9)
    pack = sample_pack()
    long_row = replace(pack.countermeasures[0], what=Line(huge, (1,)))
    long_check = replace(pack.checklist[0], text=huge)
    long_item = choice(9, stem=huge)
    pack = replace(
        pack, countermeasures=(long_row,), checklist=(long_check,), quiz=(long_item,), contacts=(Line(huge, (1,)),)
    )
    whole = "".join(pages_of(write_pdf(pack)))
    assert whole.count("猫車を確かめます。") >= 4 * (length // 9) * 0.98


def test_empty_columns_are_left_out() -> None:
    """This test ensures that a table without stages and reasons has no columns for them."""
    rows = tuple(replace(row, stage=None, why=None) for row in sample_pack().countermeasures)
    whole = "".join(pages_of(write_pdf(replace(sample_pack(), countermeasures=rows))))
    assert "対策何をするか出典" in whole
    assert "対策何をするかいつなぜ出典" in "".join(pages_of(write_pdf(sample_pack())))


def test_empty_parts_are_left_out() -> None:
    """This test ensures that a pack with nothing but sources is a file, without headings of what is not there."""
    bare = replace(sample_pack(), goals=(), cases=(), countermeasures=(), checklist=(), quiz=(), contacts=(), notes=())
    pages = pages_of(write_pdf(bare))
    assert len(pages) == 2
    assert not any(name in page for page in pages for name in ("目標", "事例", "チェック", "クイズの", "相談先"))


def test_marks_of_a_model_and_of_a_trainer_are_printed() -> None:
    """This test ensures that reworded lines and edited items say so."""
    pack = replace(sample_pack(), quiz=(replace(choice(1), edited=True),))
    whole = "".join(pages_of(write_pdf(pack)))
    assert "説明できます。※" in whole
    assert "言語モデル(ollama:sample)が言い換え" in whole
    assert "[講師が編集]" in whole


@FACES
def test_missing_characters_become_geta(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """This test ensures that what the font lacks is shown as 〓 and said so, and that the next pack starts afresh."""
    face = make()
    strange = replace(sample_pack(), goals=(Line("絵文字🚲と甲骨𠀋と半分\ud83dを書く。", (1,)),))
    whole = "".join(pages_of(write_pdf(strange, face)))
    assert f"絵文字{GETA}と甲骨{GETA}と半分{GETA}を書く。" in whole
    assert f"{GETA}は、この資料を作ったパソコンのフォントにない文字です。" in whole
    assert GETA not in "".join(pages_of(write_pdf(sample_pack(), face)))


@FACES
def test_the_same_pack_gives_the_same_bytes(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """This test ensures that nothing of the moment enters the file."""
    assert write_pdf(sample_pack(), make()) == write_pdf(sample_pack(), make())


def test_an_installed_font_is_embedded_in_part() -> None:
    """This test ensures that the file brings its font along, and only the characters that it needs."""
    if next(installed(), None) is None:
        pytest.skip("no Japanese TrueType font on this machine")
    content = write_pdf(sample_pack())
    assert find_typeface().is_embedded
    assert b"/FontFile2" in content
    assert len(content) < 400_000


def test_fonts_that_cannot_be_used_are_passed_over(tmp_path: Path) -> None:
    """This test ensures that a damaged, an empty and a missing font leave the standard one, without an exception."""
    damaged, empty = tmp_path / "damaged.ttf", tmp_path / "empty.ttc"
    damaged.write_bytes(b"\x00\x01\x00\x00" + b"\xff" * 200)
    empty.write_bytes(b"")
    face = find_typeface([FontFile(damaged), FontFile(empty, 3), FontFile(tmp_path / "gone.ttf")])
    assert not face.is_embedded
    assert "朝の点検" in "".join(pages_of(write_pdf(sample_pack(), face)))


def test_a_font_without_japanese_is_passed_over() -> None:
    """This test ensures that a Latin font is never taken, which would print nothing but 〓."""
    import reportlab  # type: ignore[import-untyped]

    latin = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    assert latin.is_file()
    assert not find_typeface([FontFile(latin)]).is_embedded


def test_clean_keeps_what_can_be_printed() -> None:
    """This test ensures that controls and invisible marks do not reach the page, and line ends do."""
    assert clean("か\u3099\x00と\u200b\u202e右\u3000\r\n次\ufe0f") == "が と右\u3000\n次"


def lines_of(text: str, room: float) -> list[str]:
    """Lines of a text of full-width characters 1 wide and others 0.5."""
    widths = [0.5 if character < "\u3000" else 1.0 for character in text]
    return [text[start:end] for start, end in break_lines(text, widths, room)]


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("猫車を確かめる。", 7, ["猫車を確かめ", "る。"]),
        ("猫車を確か「朝」", 6, ["猫車を確か", "「朝」"]),
        ("作業をチェック", 5, ["作業を", "チェック"]),
        ("資料はMETI省", 5, ["資料はMETI", "省"]),
        ("資料はMETI省", 4, ["資料は", "METI省"]),
        ("一行目\n\n三行目", 9, ["一行目", "", "三行目"]),
        ("cat cart wheel", 4.5, ["cat cart", "wheel"]),
        ("", 5, [""]),
        ("続けて……朝", 3.5, ["続け", "て……朝"]),
        ("猫[10][11][12]", 5, ["猫[10][11]", "[12]"]),
        ("長", 0.1, ["長"]),
    ],
)
def test_lines_end_where_japanese_may(text: str, room: float, lines: list[str]) -> None:
    """This test ensures that signs, small letters and words are carried over as books do it."""
    assert lines_of(text, room) == lines


@given(st.text("猫車を、。「」（）っャー確かめabc 12\n", max_size=60), st.integers(4, 12))
@settings(max_examples=300, deadline=None)
def test_lines_lose_nothing_and_fit(text: str, room: int) -> None:
    """This test ensures that lines hold every character but spaces and line ends, in order, and none is too wide."""
    lines = lines_of(text, room)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    for line in lines:
        assert sum(0.5 if character < "\u3000" else 1.0 for character in line) <= room


PIECES = ("猫", "車を", "確かめる。", "「朝」", "チェック", "P164", "（3）、", "表", "日々", "……")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40), st.integers(10, 20))
@settings(max_examples=300, deadline=None)
def test_no_line_begins_or_ends_wrongly(pieces: list[str], room: int) -> None:
    """This test ensures that in a usual text no line begins with a closing sign, or ends with an opening one."""
    lines = lines_of("".join(pieces), room)
    assert all(line[0] not in NOT_FIRST for line in lines[1:])
    assert all(line[-1] not in NOT_LAST for line in lines[:-1])
    assert not any(re.search(r"[P0-9]$", before) and re.match(r"[0-9]", after) for before, after in pairwise(lines))


@pytest.mark.parametrize("length", range(20, 60))
def test_a_whole_span_stays_on_one_line(length: int) -> None:
    """This test ensures that the kind of a question is never parted, however long the question is."""
    from training.export.pdf_flow import Block, Span, Text

    text = Text(standard_typeface(), Block(), ["猫" * length, Span("［並べ替え・ふつう］", is_whole=True)])
    text.wrap(400, 1000)
    lines = ["".join(glyph.character for glyph in glyphs) for glyphs, _ in text.lines]
    assert any("［並べ替え・ふつう］" in line for line in lines)
    assert "".join(lines) == "猫" * length + "［並べ替え・ふつう］"


def test_a_typeface_measures_once() -> None:
    """This test ensures that Latin letters that the standard font would space out come from another."""
    face: Typeface = standard_typeface()
    assert face.glyph("猫") == ("猫", "HeiseiKakuGo-W5", 1.0)
    assert face.glyph("A")[1] == "Helvetica"
    assert face.glyph("A", is_bold=True)[1] == "Helvetica-Bold"
    assert not face.lacking


@pytest.mark.parametrize("lines", range(0, 30, 2))
def test_no_heading_of_a_table_is_left_behind(lines: int) -> None:
    """This test ensures that a table begins on the page of its heading, wherever on the page that falls."""
    pack = sample_pack()
    case = replace(pack.cases[0], story=tuple(Line(f"{number}台目の猫車です。", (3,)) for number in range(lines * 12)))
    pages = pages_of(write_pdf(replace(pack, cases=(case,)), standard_typeface()))
    for heading, first in (
        ("対策の一覧", pack.countermeasures[0].title),
        ("チェックリスト", pack.checklist[0].title),
    ):
        begins = next(page for page in pages if heading in page)
        assert squeezed(first) in begins.partition(heading)[2]
