"""How questions are worded: the patterns of `wordings.toml`, each list compiled once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


def worded(kind: str, question: str) -> bool:
    """Whether a question is worded as one of `kind`, a list of `wordings.toml`."""
    return _pattern(kind).search(question) is not None


def without_politeness(question: str) -> str:
    """A question without greetings, thanks and forms of asking, which tell nothing of what is asked."""
    return " ".join(_pattern("politeness").sub(" ", question).split())


@cache
def generic_words() -> frozenset[str]:
    """Words that questions are made of and that tell nothing of what is asked, in Sudachi's normalised form."""
    return frozenset((_tables()["generic"] + _tables()["value_words"]).split())


@cache
def english_stop_words() -> frozenset[str]:
    """English words that questions are made of."""
    return frozenset(_tables()["english_stop_words"].split())


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _tables()[kind]), re.IGNORECASE)


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("assistant").joinpath("wordings.toml").read_text(encoding="utf-8"))
