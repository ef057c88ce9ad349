"""The words that the check knows, from `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def common_katakana() -> frozenset[str]:
    """Katakana words that are no names."""
    return frozenset(_tables()["common"].split())


@cache
def everywhere() -> frozenset[str]:
    """Words that stand in most sentences and tell nothing of what is said."""
    return frozenset(_tables()["everywhere"].split())


@cache
def contraries() -> tuple[tuple[str, str], ...]:
    """Pairs of words of which the one denies the other."""
    pairs = (pair.partition("/") for pair in _tables()["contrary"].split())
    return tuple((one, other) for one, _, other in pairs)


@cache
def _tables() -> dict[str, str]:
    return tomllib.loads(resources.files("assistant.verify").joinpath("words.toml").read_text(encoding="utf-8"))
