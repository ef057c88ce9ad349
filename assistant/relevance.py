"""How much of a question a text speaks to: the weights behind sentence choice and behind "not in the documents".

Weights are inverse document frequencies of the index at hand; nothing is learned here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from assistant.question import Query
from assistant.wordings import generic_words
from corpus.clean import search_text
from corpus.models import Chunk
from index.models import SearchResult
from index.retriever import Retriever
from index.tokenize import Tokenizer, WordClass

_COVERING_RESULTS = 5
# What a word that no document has takes away. A story has names and verbs that no guidance would know.
_UNHEARD = {WordClass.NAME: 1.0, WordClass.NOUN: 1.0, WordClass.OTHER: 0.25}
_UNHEARD_IN_STORY = {WordClass.NAME: 0.0, WordClass.NOUN: 0.5, WordClass.OTHER: 0.15}
# A word that every passage has tells none of them apart, but it is a word that was asked for.
_LEAST_WEIGHT = 0.1
# No document holds it: its idf is that of a word never seen.
_NOWHERE = "\x00"
_INFLECTION = re.compile(r"[ぁ-ん]{1,2}")


class Words:
    """The content words of texts, each text read once: an index asks for the same passages again and again."""

    _LIMIT = 20_000

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, Mapping[str, WordClass]] = {}

    def of(self, text: str) -> Set[str]:
        """The content words of a text, as the search sees them."""
        return self.classes(text).keys()

    def classes(self, text: str) -> Mapping[str, WordClass]:
        """The content words of a text with their classes."""
        if text not in self._known:
            if len(self._known) >= self._LIMIT:
                self._known = {}
            self._known[text] = self._tokenizer.content(search_text(text)) if text else {}
        return self._known[text]


@dataclass(frozen=True, slots=True)
class _Unit:
    """One thing asked for: the sets of words that would each speak of it, and how telling it is."""

    wordings: tuple[frozenset[str], ...]
    weight: float

    def part_in(self, words: Collection[str]) -> float:
        """How much of the best wording stands among `words`, from 0 to 1."""
        return max(sum(word in words for word in wording) / len(wording) for wording in self.wordings)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the best results speak of: weights of what is asked, in the best one of them, in all together, in none."""

    single: float
    together: float
    missing: float

    @property
    def share(self) -> float:
        """The mean of the best passage and all together, as a share of what is asked, from 0 to 1."""
        total = self.together + self.missing
        return (self.single + self.together) / (2 * total) if total else 0.0


class Relevance:
    """What one query asks for, weighed over one index."""

    def __init__(self, query: Query, retriever: Retriever, words: Words) -> None:
        self._idf = retriever.idf
        self._known = partial(retriever.lexical.contains, "words")
        self._words = words
        self._titles = {document.doc_id: document.title for document in retriever.documents}
        self._is_story = query.is_story
        classes = words.classes(query.left)
        units = [self._unit(frozenset([word]), part=classes[word]) for word in classes if not _says_nothing(word)]
        units += [self._unit(self._content(said), self._content(meant)) for said, meant in query.meant]
        self._units = [unit for unit in units if unit.wordings and unit.weight]
        self._asked = frozenset(word for unit in self._units for wording in unit.wordings for word in wording)
        self._unknown = len(query.unknown) * self._idf(_NOWHERE) / 2

    def share(self, text: str, context: str = "", *, besides: str = "") -> float:
        """The share of the question's weight that a text has, from 0 to 1.

        Words only in `context` count half; words of `besides`, which all texts compared have in common, not at all.
        """
        common = self._words.of(besides)
        units = [unit for unit in self._units if not unit.part_in(common)] if common else self._units
        total = sum(unit.weight for unit in units)
        if not total:
            return 0.0
        here = self._words.of(text)
        around = here | self._words.of(context) if context else frozenset()
        got = sum(u.weight * max(u.part_in(here), u.part_in(around) / 2) for u in units)
        return got / total

    def names(self, title: str) -> float:
        """How much of a title the question names, from 0 to 1, whatever else it says."""
        words = {word: max(self._idf(word), _LEAST_WEIGHT) for word in self._content(title)}
        total = sum(words.values())
        return sum(weight for word, weight in words.items() if word in self._asked) / total if total else 0.0

    def coverage(self, results: Sequence[SearchResult]) -> Coverage:
        """How much of what is asked the best results speak of.

        Words that no document has count with the highest weight of their class, and the words of an English question
        that the glossary does not know with half of it.
        """
        texts = [self._words.of(self._searched(result.chunk)) for result in results[:_COVERING_RESULTS]]
        total = sum(unit.weight for unit in self._units) + self._unknown
        if not texts:
            return Coverage(0.0, 0.0, total)
        single = max(sum(unit.weight * unit.part_in(text) for unit in self._units) for text in texts)
        everything = frozenset[str]().union(*texts)
        together = sum(unit.weight * unit.part_in(everything) for unit in self._units)
        return Coverage(single, together, total - together)

    def _searched(self, chunk: Chunk) -> str:
        """The text by which a chunk is found: title, headings and text."""
        return f"{self._titles[chunk.doc_id]} {section_context(chunk)} {chunk.text}"

    def _content(self, phrase: str) -> frozenset[str]:
        return frozenset(word for word in self._words.of(phrase) if not _says_nothing(word))

    def _unit(self, *wordings: frozenset[str], part: WordClass = WordClass.NOUN) -> _Unit:
        """A unit weighed by the wording that the documents use, or the least telling one where they use none."""
        given = tuple(wording for wording in wordings if wording)
        used = [wording for wording in given if all(self._known(word) for word in wording)]
        weight = min((sum(max(self._idf(w), _LEAST_WEIGHT) for w in ws) for ws in used or given), default=0.0)
        if not used:
            weight *= _UNHEARD_IN_STORY[part] if self._is_story else _UNHEARD[part]
        return _Unit(given, weight)


def _says_nothing(token: str) -> bool:
    """Whether a token is of those that questions are made of, or the rest of an inflection."""
    return token in generic_words() or _INFLECTION.fullmatch(token) is not None


def section_context(chunk: Chunk) -> str:
    """The headings above a chunk as text to be compared."""
    return " ".join(chunk.section)
