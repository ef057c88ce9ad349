"""The glossary: everyday, abbreviated, misspelled and English words → the words that the guidance uses.

Matching only, by whole entries of the bundled table. What weight an expansion gets is the search's business.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from assistant.wordings import english_stop_words

# A shorter word written in the other kana stands inside too many other words (こつ, しにあ).
_LEAST_OTHER_KANA = 4
_KANA = re.compile(rf"[ぁ-ゖァ-ヺー]{{{_LEAST_OTHER_KANA},}}")
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_TO_KATAKANA = {hiragana: katakana for katakana, hiragana in _TO_HIRAGANA.items()}
_ENGLISH_WORD = re.compile(r"[a-z0-9&]+(?:'[a-z]+)?")
_POSSESSIVE = re.compile(r"'s?$")
# The ending of a phrase's last word and what may stand in its place in the glossary.
_ENDINGS = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ed", ("", "e")),
    ("d", ("",)),
    ("ing", ("", "e")),
)
_LEAST_STEM = 3
_NUMBERING = re.compile(r"^(?:Case|対策例)\s*\d+\s*")


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
    left: list[str] = []
    end = 0
    for start, word in _words_in(text):
        ja = _meanings()[word]
        if ja is not None:
            pairs[word] = ja
            left += [text[end:start], " "]
            end = start + len(word)
    return "".join((*left, text[end:])), tuple(pairs.items())


def _words_in(text: str) -> Iterator[tuple[int, str]]:
    """Where words of the glossary stand in a folded text, and which: from the left, the longest first."""
    start = 0
    while start < len(text):
        word = next((w for w in _beginning_with(text[start]) if _stands(w, text, start)), None)
        if word is not None:
            yield start, word
        start += len(word) if word else 1


def _stands(word: str, text: str, start: int) -> bool:
    """Whether a word is in the text there; a Latin one only as a whole word (OB is not in OBJECT)."""
    if not text.startswith(word, start):
        return False
    return not word.isascii() or not (_is_latin(text[start - 1 : start]) or _is_latin(text[start + len(word) :][:1]))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


@cache
def _meanings() -> dict[str, str | None]:
    """Folded word → the guidance's word it leads to, or None for a word that is the guidance's own."""
    meanings: dict[str, str | None] = {_fold(word): term.ja for term in load_glossary() for word in term.also}
    own: dict[str, str | None] = {_fold(term.ja): None for term in load_glossary()}
    of_all = {_fold(term.ja): term.ja for term in load_glossary()} | meanings
    other_kana = {_in_other_kana(word): ja for word, ja in of_all.items() if _KANA.fullmatch(word)}
    return other_kana | meanings | own


def _in_other_kana(word: str) -> str:
    """A kana word in hiragana, or in katakana where it is in hiragana already."""
    hiragana = word.translate(_TO_HIRAGANA)
    return hiragana if hiragana != word else word.translate(_TO_KATAKANA)


def _beginning_with(character: str) -> tuple[str, ...]:
    return _by_first_character().get(character, ())


@cache
def _by_first_character() -> dict[str, tuple[str, ...]]:
    """First character → the glossary's Japanese words that begin with it, the longest first."""
    words: dict[str, list[str]] = {}
    for word in sorted(_meanings(), key=len, reverse=True):
        words.setdefault(word[0], []).append(word)
    return {character: tuple(found) for character, found in words.items()}


def translate(question: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """An English question as (the guidance's words for it, the English words left over that no entry knows).

    The phrase of most words wins; a phrase's last word may have an ending (plural, -ed, -ing).
    """
    asked = english_words(question)
    phrases, longest = _english_phrases()
    found: dict[int, str] = {}
    taken: set[int] = set()
    for size in range(min(longest, len(asked)), 0, -1):
        for start in range(len(asked) - size + 1):
            span = range(start, start + size)
            if taken.isdisjoint(span) and (ja := _meaning_of(asked[start : start + size], phrases)):
                found[start] = ja
                taken.update(span)
    words = tuple(dict.fromkeys(found[start] for start in sorted(found)))
    left = (word for i, word in enumerate(asked) if i not in taken and _is_unknown(word))
    return words, tuple(dict.fromkeys(left))


def english_words(text: str) -> tuple[str, ...]:
    """The words of an English text in lower case; a hyphen parts words, and the possessive is taken off."""
    return tuple(_POSSESSIVE.sub("", word) for word in _ENGLISH_WORD.findall(_fold(text).replace("’", "'")))


def _meaning_of(words: tuple[str, ...], phrases: dict[str, str]) -> str | None:
    *first, last = words
    return next((phrases[phrase] for form in _forms(last) if (phrase := " ".join((*first, form))) in phrases), None)


def _forms(word: str) -> Iterator[str]:
    """The word, and what it may be without its ending."""
    yield word
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST_STEM:
            yield from (stem + end for end in instead)
            if ending in ("ed", "ing") and stem[-1] == stem[-2]:
                yield stem[:-1]


def _is_unknown(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and word not in english_stop_words()


@cache
def _english_phrases() -> tuple[dict[str, str], int]:
    """English phrase → the guidance's word, and how many words the longest phrase has."""
    phrases: dict[str, str] = {}
    for term in load_glossary():
        for phrase in term.en:
            phrases.setdefault(" ".join(english_words(phrase)), term.ja)
    return phrases, max(phrase.count(" ") + 1 for phrase in phrases)


@cache
def titles_in_english() -> dict[str, str]:
    """English for the titles of countermeasures, which an English answer shows beside the Japanese."""
    return dict(_table().get("titles", {}))


@cache
def case_titles_in_english() -> dict[str, str]:
    """English for the titles of cases, without their number."""
    return dict(_table().get("case_titles", {}))


@cache
def glosses_in_english() -> dict[str, str]:
    """English for words of the documents that are shown to a reader but never searched with."""
    return dict(_table().get("glosses", {}))


def title_in_english(heading: str) -> str | None:
    """English for the heading of a case or a countermeasure, whether or not it has its number in front."""
    title = _NUMBERING.sub("", heading).strip()
    return titles_in_english().get(title) or case_titles_in_english().get(title)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
