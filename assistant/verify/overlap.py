"""How much of what a claim says stands in a quote: by pairs of characters, or by the glossary across languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.glossary import translate
from assistant.verify.figures import without_figures
from assistant.verify.words import everywhere
from assistant.wordings import english_stop_words

_RUN = re.compile(r"[一-龥々〆ヶ]+|[ァ-ヺー]+|[a-z][a-z0-9.&+-]*")
_JAPANESE = re.compile(r"[ぁ-んァ-ヺ一-龥]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def is_english(text: str) -> bool:
    """Whether a sentence is in English: Latin words, and no more Japanese than names take."""
    japanese = len(_JAPANESE.findall(text))
    words = len(_LATIN_WORD.findall(text))
    return words >= 3 and words * 2 > japanese


@lru_cache(maxsize=8192)
def units(text: str) -> frozenset[str]:
    """What a Japanese sentence is made of besides figures: pairs of neighbouring characters of its content words,
    single ones whole.
    """
    text = without_figures(text).lower()
    found = set()
    for run in _RUN.findall(text):
        if run.isascii() or len(run) == 1:
            found.add(run)
        else:
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(found - everywhere())


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """The content words of a Japanese sentence: runs of kanji or katakana of two characters and more."""
    text = without_figures(text).lower()
    return frozenset(run for run in _RUN.findall(text) if len(run) > 1 and not run.isascii()) - everywhere()


def missing_words(claim: str, quote: str, context: str) -> int:
    """How many of a claim's words have less than half of their characters' pairs in its quote and context."""
    there = units(quote) | units(context)
    return sum(share_of(units(word), there) < 0.5 for word in words(claim) if units(word))


def share_of(asked: frozenset[str], there: frozenset[str]) -> float:
    """The share of what is asked for that is there, 0 to 1; 0 where nothing is asked for."""
    return len(asked & there) / len(asked) if asked else 0.0


def coverage(claim: str, quote: str, context: str) -> float:
    """The share of a claim's content that stands in the quote, or at half its weight in the context; 0 to 1."""
    asked, there = units(claim), units(quote)
    return (share_of(asked, there) + share_of(asked, there | units(context))) / 2


def across_languages(claim: str, quote: str, context: str) -> tuple[int, int, int]:
    """An English claim about a Japanese quote: (words found by the glossary, those in the quote, words unknown).

    Where the quote is English too, its own words are compared.
    """
    if is_english(quote):
        words = _english(claim)
        return len(words), len(words & (_english(quote) | _english(context))), 0
    meant, unknown = _translated(claim)
    key = unicodedata.normalize("NFKC", quote + " " + context)
    known_names = {word for word in unknown if word in key.lower()}
    found = sum(word in key for word in meant) + len(known_names)
    return len(meant) + len(known_names), found, len(unknown) - len(known_names)


def all_translated(name: str, japanese: str) -> bool:
    """Whether the glossary knows an English name, and what it means stands in a Japanese text."""
    meant, unknown = _translated(name)
    return bool(meant) and not unknown and all(word in japanese for word in meant)


@lru_cache(maxsize=512)
def _translated(claim: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return translate(claim)


@lru_cache(maxsize=2048)
def _english(text: str) -> frozenset[str]:
    return frozenset(w.lower()[:6] for w in _LATIN_WORD.findall(text)) - english_stop_words()
