"""Encoders side by side on a company's own questions: each alone, and beside BM25 at several weights. Chooses nothing.

`mamori encoder compare` prints what this returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from eval.beir import BeirError, BeirSet
from eval.prepared import Means, Prepared, adapted, prepare, rank
from index.encoder import Encoder, load_encoder
from index.fusion import FusionWeights, Scores, divide_by_max
from index.lexical import LexicalIndex
from index.tokenize import Tokenizer

BUNDLED = "bundled"
ADAPTED = "+adapted"
"""Put after the name of a static encoder: fitted to the paragraphs first, as `mamori index build` does."""

WEIGHTS = (0.1, 0.2, 0.4, 0.6)
"""Plain weights of the cosine beside BM25 divided by its greatest, tried besides the shipped one."""

BATCH = 256
"""Texts and questions that are encoded at once: between two batches the progress moves."""

Progress = Callable[[str, int, int], None]
"""Called with the stage, as a person reads it, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one way to search: "bm25" (no encoder), "alone", "fused" with a plain weight, or "shipped".

    "shipped" is the fusion that `mamori index build` records; `hard` is over the least overlapping tenth of questions.
    """

    encoder: str | None
    method: str
    weight: float | None
    overall: Means
    hard: Means


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was searched, and a line for each way; `unjudged` questions have no paragraph in the set: left out."""

    paragraphs: int
    questions: int
    unjudged: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What does not depend on the encoder: BM25 of each question, divided by its greatest, and what it leaves over."""

    prepared: Prepared
    lexical: list[Scores]
    uncovered: list[float]
    hard: NDArray[np.int64]

    @classmethod
    def of(cls, prepared: Prepared) -> _Setting:
        index = LexicalIndex.build(prepared.tokens)
        lexical = [divide_by_max(FusionWeights().lexical(fields)) for fields in prepared.field_scores(index)]
        return cls(prepared, lexical, prepared.uncovered(index, lexical), prepared.hard())

    def line(self, encoder: str | None, method: str, ranks: NDArray[np.int64], weight: float | None = None) -> Line:
        return Line(encoder, method, weight, Means.of(ranks), Means.of(ranks[self.hard]))


def compare(names: Sequence[str], data: BeirSet, progress: Progress, *, allow_remote: bool = False) -> Comparison:
    """Search every question of `data` with BM25 and with each of the encoders, alone and together.

    `names` are folders, names of sentence-transformers models, or "bundled"; "+adapted" may follow a static encoder's.

    Raises:
        EncoderError: an encoder is missing, damaged, or cannot be adapted.
        BeirError: the set names no paragraph for any question.
    """
    loaded = [load_encoder(_model(name), allow_remote=allow_remote) for name in names]
    prepared = prepare(data, Tokenizer(), lambda done, total: progress("単語分割", done, total))
    if not prepared.questions:
        raise BeirError("答えの文章がわかる質問が1つもありません。qrels.tsv に、点が1以上の行を入れてください。")
    setting = _Setting.of(prepared)
    bm25 = [rank(scores, answers) for scores, answers in zip(setting.lexical, prepared.answers, strict=True)]
    lines = [setting.line(None, "bm25", np.array(bm25))]
    for name, encoder in zip(names, loaded, strict=True):
        report = partial(progress, name)
        fitted = adapted(encoder, prepared.texts, report) if name.endswith(ADAPTED) else encoder
        lines += _lines(name, fitted, setting, report)
    return Comparison(len(prepared.texts), len(prepared.questions), prepared.unjudged, tuple(lines))


def _model(name: str) -> str | None:
    """Return what `load_encoder` takes for a name, None being the bundled encoder."""
    plain = name.removesuffix(ADAPTED)
    return None if plain == BUNDLED else plain


def _lines(name: str, encoder: Encoder, setting: _Setting, report: Callable[[int, int], None]) -> list[Line]:
    prepared = setting.prepared
    total = len(prepared.texts) + len(prepared.questions)
    texts = np.concatenate(list(_encoded(encoder, prepared.texts, lambda done: report(done, total))))
    ranks: list[list[int]] = []
    for vectors in _encoded(encoder, prepared.questions, lambda done: report(len(texts) + done, total)):
        ranks += [_ranks(setting, len(ranks) + row, texts @ vector) for row, vector in enumerate(vectors)]
    alone, shipped, *fused = np.array(ranks).T
    return [
        setting.line(name, "alone", alone),
        *(setting.line(name, "fused", column, weight) for column, weight in zip(fused, WEIGHTS, strict=True)),
        setting.line(name, "shipped", shipped),
    ]


def _ranks(setting: _Setting, number: int, cosines: Scores) -> list[int]:
    """Return the rank of a question's paragraph by the cosine alone, in the shipped fusion, and at each weight."""
    lexical, answers = setting.lexical[number], setting.prepared.answers[number]
    weights = [FusionWeights().dense_weight(setting.uncovered[number]), *WEIGHTS]
    fused = [lexical + np.float32(weight) * cosines for weight in weights]
    return [rank(scores, answers) for scores in (cosines, *fused)]


def _encoded(encoder: Encoder, texts: Sequence[str], report: Callable[[int], None]) -> Iterator[NDArray[np.float32]]:
    """Yield the vectors of `texts` batch by batch."""
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        yield encoder.encode(batch)
        report(start + len(batch))
