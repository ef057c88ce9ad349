"""This module ensures that packs are whole, cited, in time, the same each time, and never empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import product

import pytest

from assistant.citations import stands
from training.catalogue import LENGTHS, Audience, audience_named, audiences, extent, themes
from training.errors import NothingForTheme, UnknownChoice
from training.material import Material
from training.models import Line, Pack
from training.pack.builder import build_pack
from training.quiz.candidate import Candidate
from training.quiz.pool import build_pool

from .conftest import material_over

THEMES, AUDIENCES = [theme.name for theme in themes()], [audience.name for audience in audiences()]
LITTLE = """# 猫車の手引き

## 猫車の点検

猫車は、使う前に車輪を確かめる必要があります。車輪が外れると、荷が落ちるおそれがあります。

## 猫車の保管

猫車は、屋根のある場所に置きましょう。雨に当たると、金具がさびる場合があります。
"""


@pytest.fixture(scope="session")
def digest_pool(digest_material: Material) -> tuple[Candidate, ...]:
    """All that can be asked over the digests."""
    return build_pool(digest_material)


@pytest.fixture(scope="session")
def digest_packs(digest_material: Material, digest_pool: tuple[Candidate, ...]) -> list[Pack]:
    """A pack for each theme, audience and length over the digests."""
    return [build_pack(digest_material, *chosen, pool=digest_pool) for chosen in product(THEMES, AUDIENCES, LENGTHS)]


@pytest.fixture(scope="session")
def little_material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The material of one made-up document without cases, check list or offices."""
    folder = tmp_path_factory.mktemp("little")
    path = folder / "猫車.md"
    path.write_text(LITTLE, encoding="utf-8")
    return material_over([path], folder / "data")


def markers_in(value: object) -> Iterator[int]:
    """All markers of a pack, wherever they stand."""
    if isinstance(value, tuple):
        for part in value:
            yield from markers_in(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name == "markers":
                yield from getattr(value, "markers")  # noqa: B009
            elif field.name not in ("citations", "sources"):
                yield from markers_in(getattr(value, field.name))


def stating_lines(pack: Pack) -> list[Line]:
    """The lines that say what documents say."""
    rows = [line for row in pack.countermeasures for line in (row.what, row.why) if line]
    told = [line for case in pack.cases for line in (*case.story, *case.learnings)]
    return [*pack.goals, *told, *rows, *pack.contacts]


def test_every_choice_gives_a_whole_pack(digest_packs: list[Pack]) -> None:
    """This test ensures that all 147 packs have every part, as much of it as the length asks for."""
    assert len(digest_packs) == len(THEMES) * len(AUDIENCES) * len(LENGTHS)
    for pack in digest_packs:
        length = extent(pack.minutes)
        assert len(pack.goals) == length.goals, pack.title
        assert 1 <= len(pack.cases) <= length.cases, pack.title
        assert len(pack.cases[0].questions) == length.questions
        assert all(len(case.questions) >= 3 for case in pack.cases[1:])
        assert len(pack.countermeasures) >= 4 or pack.minutes == 15, pack.title
        assert len(pack.countermeasures) <= (length.rows or 99)
        assert len(pack.checklist) >= len(pack.countermeasures)
        assert pack.contacts
        assert pack.title.endswith(f"{pack.audience}向け（{pack.minutes}分）")


def test_every_marker_is_that_of_a_citation(digest_packs: list[Pack]) -> None:
    """This test ensures that no marker points outside the citations, and that no citation is without use."""
    for pack in digest_packs:
        assert set(markers_in(pack)) == {citation.marker for citation in pack.citations}, pack.title
        assert [citation.marker for citation in pack.citations] == list(range(1, len(pack.citations) + 1))


def test_every_quote_stands_in_its_passage(digest_packs: list[Pack], digest_material: Material) -> None:
    """This test ensures that quotes are pieces of the passages that citations name."""
    chunks = {chunk.chunk_id: chunk for chunk in digest_material.chunks}
    for citation in {citation for pack in digest_packs for citation in pack.citations}:
        assert stands(citation.quote, chunks[citation.chunk_id]), citation.quote
        assert 8 <= len(citation.quote) <= 300


def test_nothing_is_stated_without_a_citation(digest_packs: list[Pack]) -> None:
    """This test ensures that goals, stories, learnings, countermeasures, reasons and contacts all have markers."""
    for pack in digest_packs:
        assert all(line.markers for line in stating_lines(pack)), pack.title
        assert all(check.markers for check in pack.checklist)


def test_the_facilitator_quotes_with_citations_only(digest_packs: list[Pack]) -> None:
    """This test ensures that a note that hands on a text of the pack has that text's markers."""
    for pack in digest_packs:
        said = {line.text: line for line in stating_lines(pack)}
        for note in (note for step in pack.agenda for note in step.notes):
            quoted = [line for text, line in said.items() if len(text) > 20 and text in note.text]
            assert all(set(line.markers) <= set(note.markers) for line in quoted), note.text


def test_minutes_add_up(digest_packs: list[Pack]) -> None:
    """This test ensures that each step begins where the one before ends, and the last one at the session's end."""
    for pack in digest_packs:
        assert all(step.minutes > 0 for step in pack.agenda)
        starts = [sum(step.minutes for step in pack.agenda[:at]) for at in range(len(pack.agenda))]
        assert [step.start for step in pack.agenda] == starts
        assert sum(step.minutes for step in pack.agenda) == pack.minutes


def test_the_audience_comes_first(digest_packs: list[Pack]) -> None:
    """This test ensures that items about the audience's work lead the check list, or the pack says there are none."""
    for pack in digest_packs:
        marked = [check.is_for_audience for check in pack.checklist]
        assert marked == sorted(marked, reverse=True), pack.title
        assert any("名指しした項目" in note for note in pack.notes) is not any(marked)


def test_an_audience_has_a_case_and_a_question_of_its_own(digest_packs: list[Pack]) -> None:
    """This test ensures that sales people talk about a customer, and everybody about their own day."""
    packs = {(pack.theme, pack.audience, pack.minutes): pack for pack in digest_packs}
    assert "顧客" in packs["すり合わせ", "営業", 30].cases[0].title
    assert "仕入先" in packs["すり合わせ", "調達", 30].cases[0].title
    for pack in digest_packs:
        listeners: Audience = audience_named(pack.audience)
        assert not pack.cases or listeners.question in [line.text for line in pack.cases[0].questions]


def test_countermeasures_come_from_the_check_list(digest_packs: list[Pack], digest_material: Material) -> None:
    """This test ensures that a guided theme's table has all countermeasures of its chapter, in order, with pages."""
    for pack in digest_packs:
        theme = next(theme for theme in themes() if theme.name == pack.theme)
        listed = [m.title for m in digest_material.guidance.measures() if theme.guidance and m.theme == theme.guidance]
        shown = [row.title for row in pack.countermeasures if row.pages]
        if pack.minutes == 15:
            assert shown == [title for title in listed if title in shown]
        elif theme.guidance:
            assert shown == listed
        checked = [check.title for check in pack.checklist if check.pages]
        assert sorted(checked) == sorted(listed)


def test_sources_are_named_with_edition_and_credit(digest_packs: list[Pack], digest_material: Material) -> None:
    """This test ensures that exactly the cited documents are listed, and replaced ones with the newer edition."""
    for pack in digest_packs:
        assert {source.doc_id for source in pack.sources} == {citation.doc_id for citation in pack.citations}
        for source in pack.sources:
            assert source.credit
            assert bool(source.replaced_by) is digest_material.guidance.is_replaced(source.doc_id)
            assert bool(source.replaced_by) is any(f"（{source.edition}）は" in note for note in pack.notes)


def test_no_text_is_about_the_document_itself(digest_packs: list[Pack]) -> None:
    """This test ensures that remarks such as 「原典は図で」 and pointers to pages stay out of what is taught."""
    for line in {line for pack in digest_packs for line in stating_lines(pack)}:
        assert "読み取れ" not in line.text
        assert "詳しい説明は" not in line.text


def test_no_row_gives_as_its_reason_what_it_says_to_do(digest_packs: list[Pack]) -> None:
    """This test ensures that a reason is not a sentence of the same row told twice, nor of another row."""
    for pack in digest_packs:
        reasons = [row.why.text for row in pack.countermeasures if row.why]
        assert len(reasons) == len(set(reasons)), pack.title
        assert not any(row.why.text in row.what.text for row in pack.countermeasures if row.why), pack.title
        assert not any("国籍" in reason for reason in reasons)


def test_a_case_gives_the_reason_where_the_documents_give_none(digest_packs: list[Pack]) -> None:
    """This test ensures that the reason names the case, tells the harm and cites the sentence that tells it."""
    pack = next(p for p in digest_packs if (p.theme, p.audience, p.minutes) == ("すり合わせ", "営業", 30))
    row = next(row for row in pack.countermeasures if row.title.startswith("顧客に対する"))
    assert row.why
    assert row.why.text.startswith("事例「海外顧客へのサンプル提供")
    quotes = [citation.quote for citation in pack.citations if citation.marker in row.why.markers]
    assert any("リバースエンジニアリング" in quote for quote in quotes)


def test_a_case_is_linked_to_the_countermeasure_that_would_have_helped(digest_packs: list[Pack]) -> None:
    """This test ensures that machines left behind lead to machines, not to the people who change their employer."""
    pack = next(p for p in digest_packs if (p.theme, p.minutes) == ("生産拠点の海外進出", 60))
    left_behind = next(case for case in pack.cases if "撤退" in case.title)
    assert any("製造設備の管理・処分" in question.text for question in left_behind.questions)


def test_every_audience_finds_its_own_in_export_control(digest_packs: list[Pack], seeds_material: Material) -> None:
    """This test ensures that nobody is told that rules on giving technology away are none of their work."""
    packs = [pack for pack in digest_packs if pack.theme == "外為法・みなし輸出" and pack.minutes == 60]
    packs += [build_pack(seeds_material, "外為法", name, 60, pool=()) for name in AUDIENCES]
    assert len(packs) == 2 * len(AUDIENCES)
    assert all(any(row.is_for_audience for row in pack.countermeasures) for pack in packs)


def test_goals_suit_what_they_are_about(digest_packs: list[Pack]) -> None:
    """This test ensures that one tells whether a rule applies at work, but whether a countermeasure is carried out."""
    for pack in digest_packs:
        titles = {check.title.partition("～")[0].strip(): check.pages for check in pack.checklist}
        for goal in pack.goals:
            if "できているかどうかを言えます" in goal.text:
                assert any(pages and title in goal.text for title, pages in titles.items()), goal.text
            assert "～みなし" not in goal.text


def test_an_opening_shows_all_kinds_that_it_announces(digest_packs: list[Pack]) -> None:
    """This test ensures that a list of labelled means is shown one of each, not the first kind three times."""
    pack = next(p for p in digest_packs if p.theme == "外為法・みなし輸出")
    labels = [line.text.partition("：")[0] for line in pack.cases[0].story if "：" in line.text]
    assert len(labels) >= 4
    assert len(labels) == len(set(labels))


def test_a_short_quiz_takes_less_time(seeds_material: Material) -> None:
    """This test ensures that nobody waits minutes over one question: the table has the time instead."""
    pack = build_pack(seeds_material, "TICS", "営業", 60)
    quiz = next(step for step in pack.agenda if step.title == "確認クイズ")
    assert quiz.minutes <= len(pack.quiz) + 1 or len(pack.quiz) > 11
    assert sum(step.minutes for step in pack.agenda) == 60


def test_quiz_is_about_the_theme_and_long_enough(digest_packs: list[Pack]) -> None:
    """This test ensures that quizzes are as long as planned, or the pack says that they are shorter."""
    for pack in digest_packs:
        wanted = extent(pack.minutes).quiz_items
        assert 1 <= len(pack.quiz) <= wanted, pack.title
        assert any("問ではなく" in note for note in pack.notes) is (len(pack.quiz) < wanted)


def test_the_same_choice_gives_the_same_pack(digest_material: Material, digest_pool: tuple[Candidate, ...]) -> None:
    """This test ensures that a pack is repeatable, and that another seed changes nothing but the quiz."""
    first = build_pack(digest_material, "すり合わせ", "営業", 30, 1, pool=digest_pool)
    assert first == build_pack(digest_material, "すり合わせ", "営業", 30, 1)
    other = build_pack(digest_material, "すり合わせ", "営業", 30, 2, pool=digest_pool)
    assert (other.cases, other.countermeasures) == (first.cases, first.countermeasures)
    assert [item.item_id for item in other.quiz] != [item.item_id for item in first.quiz]


@pytest.mark.parametrize("theme", ["円周率", "給与計算", "ランサムウェア", "!!!"])
def test_nothing_there_is_said_with_what_is_near(digest_material: Material, theme: str) -> None:
    """This test ensures that a theme that the documents do not know gives no pack, but themes that do."""
    with pytest.raises(NothingForTheme) as error:
        build_pack(digest_material, theme, "営業")
    assert theme in str(error.value)
    assert error.value.nearest
    assert set(error.value.nearest) <= set(THEMES)


@pytest.mark.parametrize(
    ("theme", "case"),
    [("サンプル提供", "サンプル"), ("退職者", "引き抜き"), ("展示会", "展示会"), ("買収", "投資買収")],
)
def test_free_text_finds_its_case(
    digest_material: Material, digest_pool: tuple[Candidate, ...], theme: str, case: str
) -> None:
    """This test ensures that a theme of one's own opens with the case that is about it, and says how it was made."""
    pack = build_pack(digest_material, theme, "営業", pool=digest_pool)
    assert case in pack.cases[0].title
    assert pack.theme == theme
    assert any("自由に入れたテーマ" in note for note in pack.notes)


def test_wrong_choices_are_refused(digest_material: Material) -> None:
    """This test ensures that an unknown audience or length is an error before anything is made."""
    with pytest.raises(UnknownChoice):
        build_pack(digest_material, "すり合わせ", "宇宙飛行士")
    with pytest.raises(UnknownChoice):
        build_pack(digest_material, "すり合わせ", "営業", 45)


def test_originals_give_packs_too(seeds_material: Material) -> None:
    """This test ensures that every theme can be trained from the client's own documents, cited in them."""
    chunks = {chunk.chunk_id: chunk for chunk in seeds_material.chunks}
    pool = build_pool(seeds_material)
    for theme, minutes in product(THEMES, LENGTHS):
        pack = build_pack(seeds_material, theme, "経営層", minutes, pool=pool)
        assert len(pack.countermeasures) >= 4, pack.title
        assert set(markers_in(pack)) == {citation.marker for citation in pack.citations}
        assert all(stands(citation.quote, chunks[citation.chunk_id]) for citation in pack.citations)
        assert sum(step.minutes for step in pack.agenda) == minutes
        assert not any(source.is_digest for source in pack.sources)


def test_a_document_without_cases_or_check_list_gives_a_pack(little_material: Material) -> None:
    """This test ensures that a pack adapts to what is there, and says what is missing."""
    pack = build_pack(little_material, "猫車の点検", "営業", 30)
    assert "猫車は、使う前に車輪を確かめる必要があります。" in pack.countermeasures[0].what.text
    assert sum(step.minutes for step in pack.agenda) == 30
    assert not pack.contacts
    assert any("相談先が見つかりません" in note for note in pack.notes)
    assert all(line.markers for line in stating_lines(pack))


def test_a_theme_of_the_catalogue_may_be_missing(little_material: Material) -> None:
    """This test ensures that a theme whose documents are not in the index gives no pack and offers none that is not."""
    with pytest.raises(NothingForTheme) as error:
        build_pack(little_material, "TICS", "営業")
    assert error.value.nearest == ()


def test_names_of_offices_keep_their_blanks(seeds_material: Material) -> None:
    """This test ensures that blanks are closed inside words of sentences only, never in the name of an office."""
    pack = build_pack(seeds_material, "すり合わせ", "営業", pool=())
    offices = [line.text for line in pack.contacts if "経済産業局" in line.text and "：" in line.text]
    assert offices
    assert all(" " in office.partition("：")[0] for office in offices)


def test_a_second_case_is_asked_about_in_other_words(digest_packs: list[Pack]) -> None:
    """This test ensures that an hour does not ask the same questions twice."""
    packs = [pack for pack in digest_packs if len(pack.cases) > 1]
    assert packs
    for pack in packs:
        asked = [question.text for case in pack.cases for question in case.questions]
        titled = [text for text in asked if text.startswith("「")]
        assert len(set(asked) - set(titled)) == len(asked) - len(titled)


def test_times_are_said_as_people_say_them(digest_packs: list[Pack]) -> None:
    """This test ensures that no facilitator is told to take 220 seconds."""
    notes = [note.text for pack in digest_packs for step in pack.agenda for note in step.notes]
    seconds = [int(found) for text in notes for found in re.findall(r"(\d+)秒", text)]
    assert seconds
    assert max(seconds) <= 60


def test_originals_get_the_line_that_readers_are_owed(seeds_material: Material) -> None:
    """This test ensures that a source without a credit line of its own is credited to its publisher."""
    pack = build_pack(seeds_material, "すり合わせ", "営業", 15, pool=())
    assert all(source.credit and source.credit.startswith("出典：経済産業省") for source in pack.sources)
