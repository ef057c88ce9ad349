"""A set in BEIR layout made ready for trying searches on: tokens once, then ranks and figures for any scores.

No index is written; `eval.tune_fusion` and `eval.compare_encoders` try settings on this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.clean import search_text
from eval.beir import DEPTH, BeirSet, as_documents
from index.build import chunk_search_text
from index.dense import DenseIndex
from index.encoder import Encoder, EncoderError, StaticEncoder
from index.encoder.adapted import fit_to_texts
from index.fusion import Scores
from index.lexical import LexicalIndex, Tokens
from index.retriever import uncovered_share
from index.tokenize import Tokenizer

HARD = 10
"""One question in so many counts as hard: those that share the fewest telling words with their paragraph."""


@dataclass(frozen=True, slots=True)
class Means:
    """Shares in per cent: the right paragraph first, among the first ten, and the mean of 1 / rank up to ten."""

    recall_at_1: float
    recall_at_10: float
    mrr_at_10: float

    @classmethod
    def of(cls, ranks: NDArray[np.int64]) -> Means:
        """Return the means over the ranks of some questions, one at least."""
        found = ranks <= DEPTH
        return cls(
            100 * float((ranks == 1).mean()),
            100 * float(found.mean()),
            100 * float(np.where(found, 1 / ranks, 0).mean()),
        )

    def __str__(self) -> str:
        return f"R@1 {self.recall_at_1:.2f}  R@10 {self.recall_at_10:.2f}  MRR@10 {self.mrr_at_10:.2f}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Texts and questions of a set with their tokens; `answers` are the numbers of each question's paragraphs.

    `unjudged` counts the questions for which the set names no paragraph: they are left out of `questions`.
    """

    texts: tuple[str, ...]
    tokens: tuple[Tokens, ...]
    questions: tuple[str, ...]
    question_tokens: tuple[Tokens, ...]
    answers: tuple[NDArray[np.int64], ...]
    unjudged: int = 0

    def field_scores(self, index: LexicalIndex) -> list[dict[str, Scores]]:
        """Return the BM25 scores by field for each question over an index of `tokens`."""
        return [
            index.score({name: dict(Counter(tokens)) for name, tokens in fields.items()})
            for fields in self.question_tokens
        ]

    def cosines(self, encoder: Encoder) -> list[Scores]:
        """Return the cosine with every text for each question."""
        index = DenseIndex.build(encoder.encode(self.texts))
        return [index.scores(vector) for vector in encoder.encode(self.questions)]

    def uncovered(self, index: LexicalIndex, lexical: Sequence[Scores]) -> list[float]:
        """Return for each question the share that the best text by `lexical` lacks (`index.retriever`)."""
        return [
            uncovered_share(index, tokens["words"], int(np.argmax(scores)))
            for tokens, scores in zip(self.question_tokens, lexical, strict=True)
        ]

    def figures(self, scores: Sequence[Scores]) -> str:
        """Return the means of all questions and of the hard ones as one line."""
        ranks = np.array([rank(values, answers) for values, answers in zip(scores, self.answers, strict=True)])
        return f"{Means.of(ranks)}   hardest tenth {Means.of(ranks[self.hard()])}"

    def hard(self) -> NDArray[np.int64]:
        """Return the numbers of the tenth of the questions, one at least, that overlaps least with its paragraphs."""
        return np.argsort(self.overlaps(), kind="stable")[: max(1, len(self.questions) // HARD)]

    def overlaps(self) -> NDArray[np.float64]:
        """Return for each question the share of its words, by idf, that its paragraph has: low means paraphrased.

        Of several paragraphs the one that has most counts.
        """
        index = LexicalIndex.build([{"words": tokens["words"]} for tokens in self.tokens])
        shares = []
        for tokens, answers in zip(self.question_tokens, self.answers, strict=True):
            weights = {word: index.idf("words", word) for word in tokens["words"]}
            common = [weights.keys() & set(self.tokens[answer]["words"]) for answer in answers]
            best = max(sum(weights[word] for word in sorted(words)) for words in common)
            shares.append(best / (sum(weights.values()) or 1.0))
        return np.array(shares)


def prepare(data: BeirSet, tokenizer: Tokenizer, progress: Callable[[int, int], None] | None = None) -> Prepared:
    """Return the paragraphs of `data` and the questions about them, tokenised; `progress` is told (done, in all)."""
    documents, chunks = as_documents(data.paragraphs)
    texts = tuple(map(chunk_search_text(documents), chunks))
    numbers = {chunk.chunk_id: number for number, chunk in enumerate(chunks)}
    judged = [name for name in data.questions if data.relevant.get(name)]
    questions = tuple(search_text(data.questions[name]) for name in judged)
    total = len(texts) + len(questions)

    def fields(done: int, text: str) -> Mapping[str, Sequence[str]]:
        if progress:
            progress(done, total)
        return tokenizer.fields(text)

    return Prepared(
        texts=texts,
        tokens=tuple(fields(done, text) for done, text in enumerate(texts, start=1)),
        questions=questions,
        question_tokens=tuple(fields(done, text) for done, text in enumerate(questions, start=len(texts) + 1)),
        answers=tuple(np.array(sorted(numbers[found] for found in data.relevant[name])) for name in judged),
        unjudged=len(data.questions) - len(judged),
    )


def adapted(encoder: Encoder, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Encoder:
    """Return a static encoder fitted to `texts` as `mamori index build` does; EncoderError for any other encoder."""
    if not isinstance(encoder, StaticEncoder):
        raise EncoderError(
            f"埋め込みモデル「{encoder.name}」は資料に合わせて調整できません。+adapted をつけずに指定してください。"
        )
    return fit_to_texts(encoder, texts, progress).encoder


def rank(scores: Scores, answers: NDArray[np.int64]) -> int:
    """Return the best place of one of `answers`, from 1; among equal scores the earlier paragraph comes first."""
    return min(_place(scores, int(answer)) for answer in answers)


def _place(scores: Scores, answer: int) -> int:
    own = scores[answer]
    return 1 + int((scores > own).sum()) + int((scores[:answer] == own).sum())
