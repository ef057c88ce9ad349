"""What can be chosen: themes, audiences and lengths, with the words that lead to them in the documents.

The tables are `themes.toml` and `audiences.toml`; what the documents say of a theme is found by `training.pack`.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from training.errors import UnknownChoice
from training.seen import seen

LENGTHS = (15, 30, 60)
"""Minutes that a session may take."""
MAX_THEME = 100
"""Characters of a theme in free text."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of training.

    `guidance` is the theme's name in `assistant.situations`, where the documents' check list has it. `headings` and
    `words` tell which passages and sentences are about it, `opening` which passage may
    open a session that has no case. `is_free`: typed in, not from the catalogue.
    """

    name: str
    title: str
    guidance: str | None = None
    aliases: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is trained: the words by which a text is about their work, and a question of their own working day."""

    name: str
    aliases: tuple[str, ...]
    words: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much goes into a pack of so many minutes; `rows` is None where the table holds all there is."""

    minutes: int
    goals: int
    cases: int
    questions: int
    rows: int | None
    quiz_items: int


_EXTENTS = (
    Extent(15, goals=3, cases=1, questions=2, rows=4, quiz_items=4),
    Extent(30, goals=4, cases=1, questions=3, rows=9, quiz_items=8),
    Extent(60, goals=5, cases=2, questions=4, rows=None, quiz_items=15),
)


@cache
def themes() -> tuple[Theme, ...]:
    """The seven themes, in the order to offer them."""
    return tuple(Theme(**entry) for entry in _table("themes.toml", "theme"))


@cache
def audiences() -> tuple[Audience, ...]:
    """The seven audiences, in the order to offer them."""
    return tuple(Audience(**entry) for entry in _table("audiences.toml", "audience"))


def theme_named(text: str) -> Theme:
    """The theme of the catalogue with this name or alias, or else the text itself as a theme.

    Raises UnknownChoice for a text that is empty or longer than `MAX_THEME`.
    """
    name = seen(text)
    if not name or len(name) > MAX_THEME:
        raise UnknownChoice(f"テーマは1～{MAX_THEME}文字で入れてください。用意のあるテーマは{_listed(themes())}です。")
    known = next((theme for theme in themes() if _is_called(name, theme)), None)
    return known or Theme(name=name, title=name, is_free=True)


def audience_named(text: str) -> Audience:
    """The audience with this name or alias; raises UnknownChoice, which lists those that there are."""
    known = next((audience for audience in audiences() if _is_called(text, audience)), None)
    if known is None:
        raise UnknownChoice(f"対象者「{text}」はありません。{_listed(audiences())}から選んでください。")
    return known


def extent(minutes: int) -> Extent:
    """How much goes into a session of so many minutes; raises UnknownChoice for a length that there is not."""
    known = next((entry for entry in _EXTENTS if entry.minutes == minutes), None)
    if known is None:
        offered = "、".join(f"{length}" for length in LENGTHS)
        raise UnknownChoice(f"{minutes}分の教材は作れません。{offered}分から選んでください。")
    return known


def _is_called(text: str, entry: Theme | Audience) -> bool:
    return _folded(text) in {_folded(name) for name in (entry.name, *entry.aliases)}


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _listed(entries: Sequence[Theme | Audience]) -> str:
    return "、".join(f"「{entry.name}」" for entry in entries)


def _table(file: str, name: str) -> list[dict[str, Any]]:
    text = resources.files("training").joinpath(file).read_text(encoding="utf-8")
    return [
        {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        for entry in tomllib.loads(text)[name]
    ]
