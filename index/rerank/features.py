"""What six small signs say about a question and a passage: numbers only, no model, no tokens of the passage.

A passage is looked at letter by letter (`str.find`), not word by word: to tokenise twenty passages takes 17 ms, to look
for thirty pairs of letters in them takes two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.tokenize import character_bigrams, normalise

FEATURES = (
    "words_in_sentence",
    "bigrams_in_two_sentences",
    "word_pairs",
    "names_found",
    "numbers_missing",
    "date_asked",
)
"""What the numbers of `Asked.features` are, in their order.

    words_in_sentence         share of the question's words, by idf, in the best sentence or the heading
    bigrams_in_two_sentences  share of its character bigrams, by idf, in the best two sentences on end or the heading
    word_pairs                share of its neighbouring words that the best sentence has in this order, close together
    names_found               share of its names (katakana, Latin, three kanji on end, quoted) that stand there
    numbers_missing           how many of its numbers do not
    date_asked                1 where it asks when, and a date stands in the best sentence or beside it
"""

PAIR_GAP = 6
"""Letters that may stand between two words that are close together."""

_SENTENCE_END = re.compile(r"(?<=[。！？!?\n])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(r"\d(?:年|月|日|世紀)")
_WHEN = re.compile(r"いつ|何年|何月|何日|何世紀|年代|時期")
_NAME = re.compile(r"[ァ-ヶー]{3,}|[a-z][a-z0-9.\-]+|「[^」]{2,}」|『[^』]{2,}』|[一-龠]{3,}")
_WHITE_SPACE, _BLANKS = re.compile(r"\s"), re.compile(r"[^\S\n]")

Idf = Callable[[str], float]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart once, to be held against many passages."""

    bigrams: tuple[str, ...]
    bigram_idf: Shares
    words: tuple[str, ...]
    word_idf: Shares
    pairs: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    asks_when: bool

    @classmethod
    def of(cls, question: str, words: Sequence[str], bigram_idf: Idf, word_idf: Idf) -> Asked:
        """Take `question` apart; `words` are its content words in order, as `index.tokenize` gives them."""
        text = _WHITE_SPACE.sub("", normalise(question))
        bigrams, once = dict.fromkeys(character_bigrams(text)), dict.fromkeys(words)
        return cls(
            bigrams=tuple(bigrams),
            bigram_idf=np.array([bigram_idf(token) for token in bigrams]),
            words=tuple(once),
            word_idf=np.array([word_idf(token) for token in once]),
            pairs=tuple(pairwise(words)),
            names=tuple(name.strip("「」『』") for name in _NAME.findall(text)),
            numbers=tuple(_NUMBER.findall(text)),
            asks_when=bool(_WHEN.search(text)),
        )

    def features(self, heading: str, body: str) -> Shares:
        """Return the numbers that `FEATURES` names for a passage and the headings above it, shape (6,)."""
        head = _WHITE_SPACE.sub("", normalise(heading))
        sentences = _sentences(body)
        words = _has(self.words, head, sentences)
        bigrams = _has(self.bigrams, head, sentences)
        by_word, by_bigram = _share(words, self.word_idf), _share(bigrams, self.bigram_idf)
        best = int(np.argmax(by_word + by_bigram))
        everything = "\n".join([head, "".join(sentences)])
        return np.array(
            [
                by_word.max(),
                _share(_two_on_end(bigrams), self.bigram_idf).max(),
                _part(_follows(pair, sentences[best]) for pair in self.pairs),
                _part(name in everything for name in self.names),
                sum(number not in everything for number in self.numbers),
                self.asks_when and bool(_DATE.search("".join(sentences[max(0, best - 1) : best + 2]))),
            ],
            dtype=np.float64,
        )


def _sentences(body: str) -> list[str]:
    """Return the sentences of a passage, normalised and without white space; one at least, be it empty."""
    pieces = _SENTENCE_END.split(_BLANKS.sub("", normalise(body)))
    return [piece.rstrip("\n") for piece in pieces if len(piece) > 2] or [_WHITE_SPACE.sub("", normalise(body))]


def _has(tokens: Sequence[str], head: str, sentences: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of `tokens` each sentence or the heading above it has, shape (sentences, tokens)."""
    above = np.array([token in head for token in tokens], dtype=bool)
    rows = [[token in sentence for token in tokens] for sentence in sentences]
    found: NDArray[np.bool_] = np.array(rows, dtype=bool).reshape(len(sentences), len(tokens)) | above
    return found


def _two_on_end(rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what each sentence has together with the next one; a single sentence has what it has."""
    return rows[:-1] | rows[1:] if len(rows) > 1 else rows


def _share(rows: NDArray[np.bool_], weights: Shares) -> Shares:
    """Return the share, by weight, of the tokens that each row has, shape (rows,); zeros without tokens."""
    total: Shares = rows @ weights / (weights.sum() or 1.0)
    return total


def _follows(pair: tuple[str, str], sentence: str) -> bool:
    """Whether the second of two words comes close behind the first, where that one stands first."""
    start = sentence.find(pair[0])
    behind = start + len(pair[0])
    return start >= 0 and sentence.find(pair[1], behind, behind + PAIR_GAP + len(pair[1])) >= 0


def _part(found: Iterable[bool]) -> float:
    """Return the share of the values that are true; 0 where there are none."""
    values = list(found)
    return sum(values) / len(values) if values else 0.0
