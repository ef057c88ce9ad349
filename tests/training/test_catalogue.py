"""This module ensures that themes, audiences and lengths are found by what people call them."""

from __future__ import annotations

import pytest

from assistant.situations import load_situations
from training.catalogue import LENGTHS, MAX_THEME, audience_named, audiences, extent, theme_named, themes
from training.errors import UnknownChoice


def test_there_are_seven_themes_and_seven_audiences() -> None:
    """This test ensures that nothing was lost from the tables and no name stands twice."""
    assert len({theme.name for theme in themes()}) == len(themes()) == 7
    assert len({audience.name for audience in audiences()}) == len(audiences()) == 7


def test_no_name_leads_to_two_themes() -> None:
    """This test ensures that an alias belongs to one theme or audience only."""
    for entries in (themes(), audiences()):
        names = [name for entry in entries for name in {entry.name, *entry.aliases}]
        assert len(names) == len(set(names))


def test_guided_themes_are_those_of_the_guidance() -> None:
    """This test ensures that each theme of the assistant's tables can be trained, under its name there."""
    assert [theme.guidance for theme in themes() if theme.guidance] == list(load_situations().themes)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("すり合わせ", "すり合わせ"),
        ("すり合わせに伴う技術流出への対策", "すり合わせ"),
        ("ｔｉｃｓ", "TICS（技術情報管理認証制度）"),
        ("TICS(技術情報管理認証制度)", "TICS（技術情報管理認証制度）"),
        ("みなし輸出", "外為法・みなし輸出"),
        ("海外進出", "生産拠点の海外進出"),
        (" まず最初に ", "まず最初にやるべき対策"),
    ],
)
def test_a_theme_is_found_by_its_other_names(said: str, name: str) -> None:
    """This test ensures that width, case, blanks and short forms do not matter."""
    assert theme_named(said).name == name
    assert not theme_named(said).is_free


def test_any_other_text_is_a_theme_of_its_own() -> None:
    """This test ensures that free text is kept as it was typed."""
    theme = theme_named("サンプル提供")
    assert (theme.name, theme.title, theme.is_free) == ("サンプル提供", "サンプル提供", True)


@pytest.mark.parametrize("text", ["", " 　\n", "あ" * (MAX_THEME + 1)])
def test_no_theme_and_far_too_long_ones_are_refused(text: str) -> None:
    """This test ensures that the refusal lists the themes that there are."""
    with pytest.raises(UnknownChoice, match="すり合わせ"):
        theme_named(text)


def test_an_unknown_audience_is_refused_with_those_there_are() -> None:
    """This test ensures that the message names the audience asked for and all seven to choose from."""
    with pytest.raises(UnknownChoice) as error:
        audience_named("宇宙飛行士")
    assert "宇宙飛行士" in str(error.value)
    assert all(audience.name in str(error.value) for audience in audiences())


@pytest.mark.parametrize(("said", "name"), [("営業部", "営業"), ("HR", "人事・総務"), ("新人", "新入社員")])
def test_an_audience_is_found_by_its_other_names(said: str, name: str) -> None:
    """This test ensures that usual words for a department lead to it."""
    assert audience_named(said).name == name


def test_longer_sessions_hold_more() -> None:
    """This test ensures that goals, questions and quiz grow with the minutes."""
    extents = [extent(minutes) for minutes in LENGTHS]
    assert [entry.goals for entry in extents] == [3, 4, 5]
    assert [entry.quiz_items for entry in extents] == [4, 8, 15]
    assert [entry.questions for entry in extents] == [2, 3, 4]


def test_an_unknown_length_is_refused_with_those_there_are() -> None:
    """This test ensures that the message names all lengths."""
    with pytest.raises(UnknownChoice, match="15、30、60"):
        extent(45)
