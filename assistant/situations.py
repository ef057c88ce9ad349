"""What a question says of its situation: the theme of the guidance, the other party, the stage of work, the region.

The words come from `situations.toml`; nothing here knows any document.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Situations:
    """The tables of `situations.toml`: name → words that point to it."""

    parties: Mapping[str, tuple[str, ...]]
    title_parties: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, tuple[str, ...]]


@cache
def load_situations() -> Situations:
    """The bundled tables."""
    text = resources.files("assistant").joinpath("situations.toml").read_text(encoding="utf-8")
    tables = {name: {key: tuple(words) for key, words in table.items()} for name, table in tomllib.loads(text).items()}
    return Situations(**tables)


def named(table: Mapping[str, tuple[str, ...]], text: str) -> tuple[str, ...]:
    """The entries of a table that a text points to, in table order."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return tuple(name for name, words in table.items() if any(word.lower() in folded for word in words))


def theme_of(title: str) -> str | None:
    """The theme whose name a heading carries, such as すり合わせ in 「すり合わせに伴う技術流出の事例」."""
    folded = unicodedata.normalize("NFKC", title)
    return next((theme for theme in load_situations().themes if theme in folded), None)


def theme_hits(text: str) -> dict[str, int]:
    """How many words of each theme a text has; themes without any are left out."""
    folded = unicodedata.normalize("NFKC", text)
    counts = {theme: sum(w in folded for w in (theme, *words)) for theme, words in load_situations().themes.items()}
    return {theme: count for theme, count in counts.items() if count}
