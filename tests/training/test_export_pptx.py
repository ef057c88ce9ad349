"""Tests of the PowerPoint export: the file is opened again by its library, and looked at shape by shape."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from tests.training.sample import CITATIONS, HOSTILE, LONG, choice, sample_pack
from training.export.pptx import write_pptx
from training.export.text_fit import cut, line_count, line_height
from training.labels import short_name
from training.models import CheckItem, Countermeasure, Line, Option, Pack, QuizKind

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

POINT = 12700
WIDTH, HEIGHT = 960 * POINT, 540 * POINT
BODY_LEAST, TABLE_LEAST, FOOTER_LEAST = 14, 12, 10
ENDLESS = LONG * 12


def overfull() -> Pack:
    """The sample with texts that take several slides each, in every part."""
    pack = sample_pack()
    row, check, case = pack.countermeasures[0], pack.checklist[0], pack.cases[0]
    options = tuple(Option(f"{LONG}{letter}", letter == "イ", Line(LONG, (1,))) for letter in "アイウエ")
    long_item = replace(choice(9), options=options, stem=LONG * 2, explanation=Line(LONG, (1, 2)))
    story = replace(choice(8, QuizKind.CASE), story=Line(ENDLESS, (3,)))
    return replace(
        pack,
        title=f"{HOSTILE}{LONG}",
        goals=tuple(Line(f"{LONG}{HOSTILE}", (1, 2)) for _ in range(9)),
        cases=(replace(case, title=LONG * 3, story=(Line(ENDLESS, (3,)), *case.story)),),
        countermeasures=(replace(row, what=Line(ENDLESS, (1,)), why=Line(LONG * 2, (2,))), *pack.countermeasures),
        checklist=(replace(check, text=ENDLESS), *pack.checklist, replace(check, title="W" * 400)),
        quiz=(*pack.quiz, long_item, story),
        contacts=tuple(Line("見本局 猫車課：" + "a.very-long_address" * 6 + "@example.com", (3,)) for _ in range(20)),
        agenda=tuple(replace(step, title=f"{step.title}{LONG}") for step in pack.agenda),
        notes=(ENDLESS,),
    )


def many_sources() -> Pack:
    """The sample with a goal that cites sixty places, each of a long name."""
    citations = tuple(
        replace(
            CITATIONS[number % 3], marker=number, section=f"章{number}", page_label=str(number), doc_id=f"d{number}"
        )
        for number in range(1, 61)
    )
    return replace(sample_pack(), goals=(Line("言えます。", tuple(range(1, 61))),), citations=citations)


PACKS = {"sample": sample_pack, "overfull": overfull, "many_sources": many_sources}


@pytest.fixture(scope="module", params=PACKS.values(), ids=PACKS.keys())
def deck(request: pytest.FixtureRequest) -> Deck:
    """The file made of a pack, opened again."""
    return Presentation(io.BytesIO(write_pptx(request.param())))


@pytest.fixture(scope="module")
def sample() -> Deck:
    """The file made of the sample, opened again."""
    return Presentation(io.BytesIO(write_pptx(sample_pack())))


def footer_of(slide: Slide) -> str:
    """The sources in the footer of a slide, or ""."""
    texts = [
        shape.text_frame.text for shape in slide.placeholders if shape.placeholder_format.type == PP_PLACEHOLDER.FOOTER
    ]
    return texts[0] if texts else ""


def frames(slide: Slide) -> Iterator[tuple[TextFrame, float, float, int]]:
    """Every text of a slide: its frame, the width and height in points that it has, and its least font size."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            frame = shape.text_frame
            is_footer = shape.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
            inset = 28 if shape.placeholder_format.idx == 14 else 0
            size = FOOTER_LEAST if is_footer else BODY_LEAST
            yield frame, shape.width / POINT - inset, shape.height / POINT - inset, size
        else:
            for row in shape.table.rows:
                for cell, column in zip(row.cells, shape.table.columns, strict=True):
                    yield cell.text_frame, column.width / POINT - 14, row.height / POINT - 10, TABLE_LEAST


def needed(frame: TextFrame, width: float) -> float:
    """The height in points that the text of a frame takes."""
    height = 0.0
    for paragraph in frame.paragraphs:
        if not paragraph.runs:
            continue
        indent = int(paragraph._p.pPr.get("marL", 0)) / POINT
        text = "".join(run.text for run in paragraph.runs).rpartition("\t")[2]
        size = max(run.font.size.pt for run in paragraph.runs)
        lines = line_count(text, size, width - indent)
        height += lines * paragraph.line_spacing.pt + paragraph.space_before.pt
    return height


def body_text(slide: Slide) -> str:
    """What the audience reads on a slide, footer apart."""
    shapes = [shape for shape in slide.shapes if not shape.has_text_frame or shape.text_frame.text != footer_of(slide)]
    texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    cells = [cell.text_frame.text for shape in shapes if shape.has_table for cell in shape.table.iter_cells()]
    return "\n".join(texts + cells)


def whole_text(deck: Deck) -> str:
    """What the audience reads on all slides."""
    return "\n".join(body_text(slide) for slide in deck.slides)


def titles(deck: Deck) -> list[str]:
    """The titles of all slides."""
    return [slide.shapes.title.text for slide in deck.slides]


def test_slides_of_the_sample(sample: Deck) -> None:
    """This test ensures that every part is there, in the order of the session, with a slide for each question."""
    found = titles(sample)
    order = [
        "今日の目標",
        "今日の進め方",
        "Case 1",
        "学べること",
        "Case 2",
        "対策の一覧",
        "チェックリスト：技術者",
        "クイズ 1／6",
    ]
    order += ["クイズ 1／6 の答え", "クイズ 6／6 の答え", "困ったときの相談先", "資料の一覧", "この資料について"]
    places = [next(at for at, title in enumerate(found) if title.startswith(name)) for name in order]
    assert places == sorted(places)
    assert sum(title.startswith("クイズ") for title in found) == 12
    assert "☐" in whole_text(sample)


def test_format_is_wide_with_real_layouts(sample: Deck) -> None:
    """This test ensures that the deck is 16:9 and every slide follows one of the five layouts of the master."""
    assert (sample.slide_width, sample.slide_height) == (WIDTH, HEIGHT)
    assert len(sample.slide_layouts) == 5
    for slide in sample.slides:
        layout = {holder.placeholder_format.idx for holder in slide.slide_layout.placeholders}
        assert {holder.placeholder_format.idx for holder in slide.placeholders} <= layout
        assert all(shape.is_placeholder for shape in slide.shapes)


def test_every_slide_has_a_title_a_number_and_notes(deck: Deck) -> None:
    """This test ensures that outline view, screen readers and the facilitator find their way on every slide."""
    for at, slide in enumerate(deck.slides):
        assert slide.shapes.title.text.strip()
        kinds = {holder.placeholder_format.type for holder in slide.placeholders}
        assert (PP_PLACEHOLDER.SLIDE_NUMBER in kinds) == (at > 0)
        assert "【進め方】" in slide.notes_slide.notes_text_frame.text


def test_no_placeholder_is_left_empty(deck: Deck) -> None:
    """This test ensures that nobody sees "click to add text"."""
    for slide in deck.slides:
        assert all(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_nothing_runs_off(deck: Deck) -> None:
    """This test ensures that every text fits its shape or row, at a readable size."""
    for slide in deck.slides:
        for frame, width, height, least in frames(slide):
            if frame.text:
                assert needed(frame, width) <= height + 0.5, (slide.shapes.title.text, frame.text[:40])
            sizes = {run.font.size.pt for paragraph in frame.paragraphs for run in paragraph.runs}
            assert all(size >= least for size in sizes)


def test_shapes_stay_on_the_slide_and_apart(deck: Deck) -> None:
    """This test ensures that no shape leaves the slide or lies on another."""
    for slide in deck.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height, s.name) for s in slide.shapes]
        for left, top, right, bottom, name in boxes:
            assert min(left, top) >= 0, name
            assert (right <= WIDTH, bottom <= HEIGHT) == (True, True), name
        for one, other in combinations(boxes, 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (slide.shapes.title.text, one[4], other[4])


def test_rows_fill_their_table(deck: Deck) -> None:
    """This test ensures that a table is as tall as its rows, each with the header above it."""
    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert tables
    for shape in tables:
        assert sum(row.height for row in shape.table.rows) == shape.height
        assert shape.table.first_row
        assert len(shape.table.rows) > 1
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr")


def test_every_marker_has_its_source_in_the_footer_or_notes(deck: Deck) -> None:
    """This test ensures that each [n] of a slide is named in its footer and quoted in its notes."""
    for slide in deck.slides:
        text = body_text(slide).replace(HOSTILE, "")
        marked = set(re.findall(r"\[(\d+)\]", text)) - {"9" if "[9]" in HOSTILE and "script" in text else ""}
        footer, notes = footer_of(slide), slide.notes_slide.notes_text_frame.text
        if marked:
            assert footer.startswith("出典 ")
        for marker in marked:
            assert f"[{marker}]" in footer
            assert re.search(rf"^\[{marker}\] .+「.+」", notes, re.MULTILINE), (marker, slide.shapes.title.text)


def test_footer_names_edition_page_and_digest(sample: Deck) -> None:
    """This test ensures that a footer tells document, edition, page and that it is a digest."""
    goals = next(slide for slide in sample.slides if slide.shapes.title.text == "今日の目標")
    assert short_name(CITATIONS[0]) in footer_of(goals)
    assert "（要約）（2026年4月発行）原典の3–4ページ" in footer_of(goals)
    assert "[2] 同 原典の5ページ" in footer_of(goals)


def test_too_many_sources_are_told_of() -> None:
    """This test ensures that sources without room in the footer are said to stand in the notes, and do."""
    deck = Presentation(io.BytesIO(write_pptx(many_sources())))
    goals = next(slide for slide in deck.slides if slide.shapes.title.text == "今日の目標")
    assert "[60] はノートにあります" in footer_of(goals)
    assert "[60] " in goals.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("make", [sample_pack, overfull])
def test_no_text_is_lost(make: Callable[[], Pack]) -> None:
    """This test ensures that every text of the pack is read on some slide, however long or hostile it is."""
    pack = make()
    deck = Presentation(io.BytesIO(write_pptx(pack)))
    everything = re.sub(r"[\s　]|\[[123]\]", "", whole_text(deck)).replace("〔言語モデルによる言い換え〕", "")
    lines = [*pack.goals, *pack.contacts, *(line for case in pack.cases for line in (*case.story, *case.questions))]
    lines += [line for case in pack.cases for line in case.learnings]
    texts = [line.text for line in lines] + [row.what.text for row in pack.countermeasures]
    texts += [item.text for item in pack.checklist] + [item.title for item in pack.checklist]
    texts += [item.stem for item in pack.quiz] + [option.text for item in pack.quiz for option in item.options]
    for text in texts:
        for sentence in re.split(r"(?<=。)", text):
            assert re.sub(r"[\s　]", "", sentence) in everything


def test_a_cut_title_stands_whole_in_the_notes() -> None:
    """This test ensures that a title too long for its place ends in 「…」 and is whole in the notes."""
    deck = Presentation(io.BytesIO(write_pptx(replace(sample_pack(), title=LONG * 3))))
    assert deck.slides[0].shapes.title.text.endswith("…")
    assert f"見出しの全文：{LONG * 3}" in deck.slides[0].notes_slide.notes_text_frame.text


def test_right_answers_are_marked_on_answer_slides_alone(sample: Deck) -> None:
    """This test ensures that a question does not give its answer away, and the next slide does."""
    by_title = {slide.shapes.title.text: slide for slide in sample.slides}
    question, answer = by_title["クイズ 1／6"], by_title["クイズ 1／6 の答え"]
    assert "○" not in body_text(question)
    assert "○\tイ 選択肢1のイ：毎朝、車輪を確かめる" in body_text(answer)
    assert "解説\t朝は車輪を確かめます。" in body_text(answer)
    assert "答え：イ（選択肢1のイ：毎朝、車輪を確かめる）" in question.notes_slide.notes_text_frame.text
    assert "答え\t誤り" in body_text(by_title["クイズ 2／6 の答え"])
    assert "1.\t朝の点検 ― イ 車輪を確かめる" in body_text(by_title["クイズ 3／6 の答え"])
    assert "1. ウ\t計画" in body_text(by_title["クイズ 4／6 の答え"])


def test_notes_have_the_time_and_what_to_say(sample: Deck) -> None:
    """This test ensures that the facilitator's notes of a step stand on its first slide, with its time on all."""
    case = next(slide for slide in sample.slides if slide.shapes.title.text.startswith("Case 1"))
    notes = case.notes_slide.notes_text_frame.text
    assert notes.startswith("【時間】3～13分「事例を話し合う」（10分）")
    assert "・事例を読み、2人で話し合います。 [3]" in notes


def test_audience_rows_are_marked(sample: Deck) -> None:
    """This test ensures that the audience's countermeasures are told from the others by more than a colour."""
    cells = [
        shape.table.cell(row, 0).text_frame.text
        for slide in sample.slides
        for shape in slide.shapes
        if shape.has_table and slide.shapes.title.text.startswith("対策")
        for row in range(1, len(shape.table.rows))
    ]
    assert [cell.startswith("★") for cell in cells] == [True] * 3 + [False] * 9


@pytest.mark.parametrize("part", ["goals", "cases", "countermeasures", "checklist", "quiz", "agenda", "contacts"])
def test_a_part_that_is_missing_gives_no_slide(part: str) -> None:
    """This test ensures that what a pack does not have leaves no empty slide behind."""
    empty = Presentation(io.BytesIO(write_pptx(replace(sample_pack(), **{part: ()}))))
    names = {
        "goals": "今日の目標",
        "cases": "Case",
        "countermeasures": "対策の一覧",
        "checklist": "チェックリスト",
        "quiz": "クイズ",
        "agenda": "今日の進め方",
        "contacts": "困ったとき",
    }
    assert not any(title.startswith(names[part]) for title in titles(empty))
    assert all(len(list(slide.shapes)) > 2 for slide in empty.slides)


def test_an_empty_pack_is_a_cover() -> None:
    """This test ensures that a pack with nothing in it still makes a file that opens."""
    bare = dict.fromkeys(("goals", "cases", "countermeasures", "checklist", "quiz", "agenda", "contacts"), ())
    pack = replace(sample_pack(), **bare, citations=(), sources=(), notes=(), model=None)
    deck = Presentation(io.BytesIO(write_pptx(pack)))
    assert titles(deck) == [pack.title]


def test_characters_that_nobody_sees_are_left_out() -> None:
    """This test ensures that controls, changes of direction and half characters neither break the file nor hide."""
    nasty = "朝\x00の\x1b点\u202e検\ud800で\ufffe\u200b。\n次\vの行_x0041_"
    row = Countermeasure(nasty, Line(nasty, (1,)), None, nasty, nasty, True)
    check = CheckItem(nasty, nasty, nasty, (1,), False)
    pack = replace(sample_pack(), title=nasty, goals=(Line(nasty, (1,)),), countermeasures=(row,), checklist=(check,))
    deck = Presentation(io.BytesIO(write_pptx(pack)))
    assert deck.slides[0].shapes.title.text == "朝の点検で。 次 の行_x0041_"
    assert deck.core_properties.title == "朝の点検で。 次 の行_x0041_"


def test_japanese_fonts_and_language(sample: Deck) -> None:
    """This test ensures that lines break as Japanese does and that the theme names a Japanese font."""
    package = zipfile.ZipFile(io.BytesIO(write_pptx(sample_pack())))
    themes = [package.read(name).decode() for name in package.namelist() if "/theme/" in name]
    assert len(themes) == 2
    assert all('<a:ea typeface="游ゴシック"/>' in theme and 'name="Mamori"' in theme for theme in themes)
    runs = [run for slide in sample.slides for frame, *_ in frames(slide) for p in frame.paragraphs for run in p.runs]
    assert {run._r.rPr.get("lang") for run in runs} == {"ja-JP"}


def test_nobody_is_named_in_the_file(sample: Deck) -> None:
    """This test ensures that the properties have title and language, and neither a name nor a date."""
    properties = sample.core_properties
    assert (properties.title, properties.language) == (sample_pack().title, "ja-JP")
    package = zipfile.ZipFile(io.BytesIO(write_pptx(sample_pack())))
    core, app = package.read("docProps/core.xml").decode(), package.read("docProps/app.xml").decode()
    assert not [word for word in ("Canny", "python-pptx", "W3CDTF", "Microsoft", "4:3") if word in core + app]
    assert not [name for name in package.namelist() if "printer" in name or "thumbnail" in name]


def test_same_pack_same_bytes() -> None:
    """This test ensures that an example that is made again does not change by itself."""
    assert write_pptx(sample_pack()) == write_pptx(sample_pack())


def test_reworded_lines_and_the_trainers_own_say_so() -> None:
    """This test ensures that nobody takes a model's or a trainer's words for those of the documents."""
    pack = sample_pack()
    edited = replace(pack, quiz=(replace(pack.quiz[0], edited=True),))
    text = whole_text(Presentation(io.BytesIO(write_pptx(edited))))
    assert "〔言語モデルによる言い換え〕" in text
    assert "講師が編集" in text
    assert "ollama:sample" in text


def test_estimate_of_lines() -> None:
    """This test ensures that a text takes as many lines as its characters need, Latin words whole, signs kept."""
    assert line_count("あ" * 9, 10, 100) == 1
    assert line_count("あ" * 10, 10, 100) == 2
    assert line_count("あ" * 9 + "。", 10, 100) == 2
    assert line_count("ああああ technology", 10, 100) == 2
    assert line_count("a" * 40, 10, 100) >= 3
    assert line_count("", 10, 100) == 1
    assert line_height(20) == 28


def test_cut_comes_to_an_end_at_a_sentence() -> None:
    """This test ensures that pieces put together are the text, and are cut behind a sentence where there is one."""
    text = "猫車を確かめます。" * 10
    head, rest = cut(text, " [1]", 10, 200, 2)
    assert head + rest == text
    assert head.endswith("。")
    assert line_count(f"{head} [1]", 10, 200) <= 2
    assert cut("あ", " [1]", 10, 5, 1) == ("あ", "")


def measure_tables(pack: Pack) -> list[list[str]]:
    """The headings of the table of countermeasures on each of its slides, after a look at its width."""
    deck = Presentation(io.BytesIO(write_pptx(pack)))
    slides = [slide for slide in deck.slides if slide.shapes.title.text.startswith("対策の一覧")]
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    assert {round(sum(column.width for column in table.columns) / POINT) for table in tables} == {864}
    return [[cell.text_frame.text for cell in table.rows[0].cells] for table in tables]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (("stage",), ["対策（何を）", "なぜ", "出典"]),
        (("why",), ["対策（何を）", "いつ", "出典"]),
        (("stage", "why"), ["対策（何を）", "出典"]),
    ],
)
def test_columns_that_would_be_empty_are_left_out(missing: tuple[str, ...], expected: list[str]) -> None:
    """This test ensures that rows without stage or reason have no column for it, and the others its room."""
    pack = sample_pack()
    none = dict.fromkeys(missing)
    given = tuple(replace(row, why=row.why or Line("荷が落ちます。", (2,))) for row in pack.countermeasures)
    rows = tuple(replace(row, **none) for row in given)
    heads = measure_tables(replace(pack, countermeasures=rows))
    assert heads
    assert all(head == expected for head in heads)


def test_a_slide_leaves_out_what_its_rows_do_not_have() -> None:
    """This test ensures that a stage of one row alone makes no empty column on the other slides."""
    pack = sample_pack()
    plain = tuple(replace(row, what=Line(LONG, (1,)), why=None, stage=None) for row in pack.countermeasures)
    heads = measure_tables(replace(pack, countermeasures=(replace(plain[0], stage="契約段階"), *plain[1:])))
    assert len(heads) > 1
    assert ["いつ" in head for head in heads] == [True] + [False] * (len(heads) - 1)


def test_questions_say_how_to_ask_with_and_without_paper(sample: Deck) -> None:
    """This test ensures that a quiz on paper, as the agenda has it, does not clash with the notes of its slides."""
    notes = next(
        slide.notes_slide.notes_text_frame.text for slide in sample.slides if slide.shapes.title.text == "クイズ 2／6"
    )
    assert "紙で配ったときは、全員が解き終えてから" in notes
    assert "配らないときは、1問ずつ" in notes
