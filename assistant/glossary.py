"""The glossary: everyday, abbreviated and English words → the words that the guidance uses.

Matching only. What weight an expansion gets is the search's business.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from assistant.wordings import english_stop_words


@dataclass(frozen=True, slots=True)
class Term:
    """One entry: the field's word, other Japanese words that lead to it, and English ones."""

    ja: str
    also: tuple[str, ...]
    en: tuple[str, ...]


@cache
def load_glossary() -> tuple[Term, ...]:
    """The bundled glossary, in file order."""
    return tuple(
        Term(entry["ja"], tuple(entry.get("also", ())), tuple(entry.get("en", ()))) for entry in _table()["term"]
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("assistant").joinpath("glossary.toml").read_text(encoding="utf-8"))


def field_words(question: str) -> tuple[str, ...]:
    """The guidance's words for what a Japanese question says otherwise, each once."""
    return tuple(dict.fromkeys(ja for _, ja in in_field_words(question)[1]))


def in_field_words(question: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A Japanese question as (what is left of it without its everyday words, pairs of those and what they mean).

    The longest word wins where several begin at one place, and a word of the guidance is never taken apart.
    """
    text = _fold(question)
    pairs: dict[str, str] = {}
    left = _vocabulary().sub(lambda match: _taken(match[0], pairs), text)
    return left, tuple(pairs.items())


def _taken(word: str, pairs: dict[str, str]) -> str:
    ja = _meanings()[word]
    if ja is None:
        return word
    pairs[word] = ja
    return " "


@cache
def _meanings() -> dict[str, str | None]:
    """Folded word → the guidance's word it leads to, or None for a word that is the guidance's own."""
    meanings: dict[str, str | None] = {_fold(word): term.ja for term in load_glossary() for word in term.also}
    return meanings | {_fold(term.ja): None for term in load_glossary()}


@cache
def _vocabulary() -> re.Pattern[str]:
    """Every Japanese word of the glossary; a Latin one only as a whole word (OB is not in OBJECT)."""
    longest_first = sorted(_meanings(), key=len, reverse=True)
    return re.compile("|".join(_bounded(word) for word in longest_first))


def _bounded(word: str) -> str:
    return rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word)


def translate(question: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """An English question as (the guidance's words for it, the English words left over that no entry knows)."""
    found: dict[int, str] = {}
    text = _fold(question)
    for phrase, ja in _english_phrases():
        pattern = re.compile(rf"(?<![a-z]){re.escape(phrase)}(?:s|es|d|ed|ing)?(?![a-z])")
        for match in pattern.finditer(text):
            found.setdefault(match.start(), ja)
        text = pattern.sub(lambda match: "\x00" * len(match[0]), text)
    words = tuple(dict.fromkeys(ja for _, ja in sorted(found.items())))
    left = (word for word in re.findall(r"[a-z][a-z'-]+", text) if word not in english_stop_words())
    return words, tuple(dict.fromkeys(left))


@cache
def _english_phrases() -> tuple[tuple[str, str], ...]:
    """English phrase and the guidance's word, the longest phrase first."""
    pairs = [(phrase, term.ja) for term in load_glossary() for phrase in term.en]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def titles_in_english() -> dict[str, str]:
    """English for the titles of cases and countermeasures, which an English answer shows beside the Japanese."""
    return dict(_table().get("titles", {}))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
