"""English for the terms that stand in a Japanese quote, so that an English reader can see what it speaks of.

Looks words up in the bundled glossary; nothing is translated, and a term that the glossary lacks gets no gloss.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from assistant.glossary import case_titles_in_english, glosses_in_english, load_glossary, titles_in_english

MAX_GLOSSES = 6


def gloss(text: str, limit: int = MAX_GLOSSES) -> tuple[tuple[str, str], ...]:
    """(Japanese term, English) for at most `limit` terms of a quote, the longest first, each once.

    A term inside a longer one that is given gets no gloss of its own; of equally long ones the first comes first.
    A term and its English come as the glossary has them, whichever width or case the quote is written in.
    """
    found: dict[str, str] = {}
    folded = _fold(text)
    start = 0
    while start < len(folded):
        term = next((t for t in _terms_from(folded[start]) if folded.startswith(t, start)), None)
        if term is not None:
            ja, english = _english()[term]
            found.setdefault(ja, english)
        start += len(term) if term else 1
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))[:limit]


def _terms_from(character: str) -> tuple[str, ...]:
    return _by_first_character().get(character, ())


@cache
def _by_first_character() -> dict[str, tuple[str, ...]]:
    """First character → the terms that begin with it, the longest first."""
    terms: dict[str, list[str]] = {}
    for term in sorted(_english(), key=len, reverse=True):
        terms.setdefault(term[0], []).append(term)
    return {character: tuple(found) for character, found in terms.items()}


@cache
def _english() -> dict[str, tuple[str, str]]:
    """Folded term → (the term, its English); a Latin one (JETRO) needs none."""
    glossary = {term.ja: term.en[0] for term in load_glossary() if term.en}
    everything = glossary | case_titles_in_english() | titles_in_english() | glosses_in_english()
    return {_fold(ja): (ja, english) for ja, english in everything.items() if not ja.isascii()}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
