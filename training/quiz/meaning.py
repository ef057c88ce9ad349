"""Whether one text says what another says: the strict guard before a sentence is offered as a wrong answer.

It compares words and characters only, so it errs towards "says it": a good wrong answer lost costs nothing, one that
is true as well spoils the item.
"""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.citations import sentences_of
from assistant.relevance import Words
from corpus.bigrams import bigrams, jaccard
from training.material import Material

# From these shares a text counts as said by another. Pairs of check-list items that mean the same share 0.36 and more.
_SAID_WORDS = 0.33
_SAID_CLAUSE = 0.75
_SAID_BIGRAMS = 0.5
# A clause of fewer content words says too little to be held against a text.
_CLAUSE_WORDS = 3
_SAME_TITLE = 0.4
# From this weighed share of the words of either title on. Titles on what to tell whom share 0.58 and more, titles that
# end alike (…の明確化) 0.54 at most.
_ONE_MATTER = 0.55
# Words of this weight and more name a matter (設備, 研修, 顧客); below it are 制度, 者, 先.
_TELLING = 1.9
_CLAUSE_END = re.compile(r"[、,。]")
# Words that advice is made of, whatever it is about: two texts that share them alone are not alike.
_ADVICE = frozenset("技術 情報 大切 重要 必要 行う 決める 定める 考える 会社 自社 社員 対策 確認 管理".split())  # noqa: SIM905
_LITTLE, _LEAST = 0.2, 0.1


class Meaning:
    """Compares texts by the words and the weights of one index."""

    def __init__(self, material: Material) -> None:
        retriever = material.assistant.retriever
        self._words = Words(retriever.tokenizer)
        self._idf = retriever.idf
        self._weights: dict[str, float] = {}
        self._bigrams: dict[str, frozenset[str]] = {}

    def words(self, text: str) -> Set[str]:
        """The content words of a text."""
        return self._words.of(text)

    def weight(self, word: str) -> float:
        """How telling a word is in this index; little for the words that all advice is made of."""
        if word not in self._weights:
            self._weights[word] = _LITTLE if word in _ADVICE else max(self._idf(word), _LEAST)
        return self._weights[word]

    def share(self, text: str, within: Set[str]) -> float:
        """How much of the words of a text stands among others, weighed by how telling they are, from 0 to 1."""
        words = self.words(text)
        total = sum(self.weight(word) for word in words)
        return sum(self.weight(word) for word in words if word in within) / total if total else 1.0

    def names(self, title: str, text: str) -> float:
        """How much of a title stands in a text, from 0 to 1: what gives an answer away."""
        return self.share(title, self.words(text))

    def tells(self, title: str, text: str) -> bool:
        """Whether a text has a telling word of a title, by which it is found without knowing what it means."""
        return any(self.weight(word) >= _TELLING for word in self.words(title) & self.words(text))

    def are_of_one_matter(self, first: str, second: str) -> bool:
        """Whether much of one title stands in the other: 「取引開始前の情報提供の範囲の限定」 is of customers too."""
        return max(self.names(first, second), self.names(second, first)) >= _ONE_MATTER

    def is_said(self, text: str, known: str) -> bool:
        """Whether `known` says what a text says, or one clause of it."""
        words = self.words(known)
        if self.share(text, words) >= _SAID_WORDS or self._is_said_in_characters(text, known):
            return True
        clauses = [clause for clause in _CLAUSE_END.split(text) if len(self.words(clause)) >= _CLAUSE_WORDS]
        return any(self.share(clause, words) >= _SAID_CLAUSE for clause in clauses)

    def are_titles_alike(self, first: str, second: str) -> bool:
        """Whether two titles may be taken for the same thing."""
        one, other = self.bigrams(first), self.bigrams(second)
        return one == other or jaccard(one, other) >= _SAME_TITLE

    def bigrams(self, text: str) -> frozenset[str]:
        """The pairs of neighbouring characters of a text."""
        if text not in self._bigrams:
            self._bigrams[text] = bigrams(text)
        return self._bigrams[text]

    def _is_said_in_characters(self, text: str, known: str) -> bool:
        asked = self.bigrams(text)
        if not asked:
            return True
        return any(
            len(asked & self.bigrams(sentence)) / len(asked) >= _SAID_BIGRAMS for sentence in sentences_of(known)
        )
