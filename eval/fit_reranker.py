"""Fit the weights of `index.rerank.linear`; prints what they get right on articles that they have not seen.

Run: python -m eval.fit_reranker ../shared/bench/jaquad_train --fold 10 0 ENCODER --fold 5 2 ENCODER

A fold is one part of the articles, as `eval.tune_fusion` parts them, with an encoder trained without it (`--write-rest`
there). Each fold is searched by itself, and its first results are put in order by weights fitted on the other folds.
The last lines are weights fitted on all, with 1 for the search's score. Never run it on the set that figures are
reported on.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.clean import search_text
from eval.beir import BeirSet, as_documents, read_beir
from eval.prepared import Means
from eval.tune_fusion import articles, is_held_back
from index.build import build_index
from index.encoder import load_encoder
from index.encoder.adapted import Adaptation
from index.rerank import DEPTH
from index.rerank.features import FEATURES, Asked
from index.rerank.linear import combine
from index.retriever import Retriever
from index.store import IndexStore

STRENGTH = 0.5
"""Inverse of the regularisation; not tuned: with thousands of questions it hardly matters."""
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fold:
    """The first results of each question of a fold: (questions, DEPTH, 1 + features), and which of them are right."""

    numbers: Matrix
    right: NDArray[np.bool_]

    def ranks(self, weights: Matrix) -> NDArray[np.int64]:
        """Return the rank, from 1, of the first right result of each question under `weights`; 1,000 where none is."""
        signs = weights[1:] / weights[0]
        scores = np.array([combine(rows[:, 1:], rows[:, 0], signs) for rows in self.numbers])
        order = np.argsort(-scores, axis=1, kind="stable")
        right = np.take_along_axis(self.right, order, axis=1)
        return np.where(right.any(axis=1), right.argmax(axis=1) + 1, 1000)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, and print figures and weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", nargs=3, action="append", required=True, metavar=("PARTS", "PART", "ENCODER"))
    options = parser.parse_args(arguments)
    everything = read_beir(options.folder)
    folds = []
    for parts, part, encoder in options.fold:
        held_back = partial(is_held_back, parts=int(parts), part=int(part))
        folds.append(read_fold(articles(everything, held_back), encoder))
    names = ("the search's score", *FEATURES)
    kept: dict[str, list[int]] = {"the search's score alone": [0], "all": list(range(len(names)))}
    kept |= {f"without {name}": [k for k in kept["all"] if names[k] != name] for name in FEATURES}
    if len(folds) > 1:
        for name, columns in kept.items():
            print(f"{name:36} {_figures(folds, columns)}", flush=True)
    weights = fit(folds, kept["all"])
    for name, weight in zip(names, weights / weights[0], strict=True):
        print(f"{name:36} {weight:.3f}")


def read_fold(data: BeirSet, encoder: str) -> Fold:
    """Search for each question of `data` in an index of its paragraphs, made as `mamori index build` makes it."""
    documents, chunks = as_documents(data.paragraphs)
    with tempfile.TemporaryDirectory() as folder:
        store = IndexStore(folder)
        build_index(documents, chunks, store, load_encoder(encoder), adaptation=Adaptation.FIT)
        retriever = Retriever.open(store, load_encoder(encoder))
    retriever.linear = None
    numbers, right = [], []
    for name, question in data.questions.items():
        found = retriever.search(question, top_k=DEPTH)
        text = search_text(question)
        words = retriever.tokenizer.words(text)
        idf = retriever.lexical.idf
        asked = Asked.of(text, words, partial(idf, "bigrams"), partial(idf, "words"))
        best = found[0].score or 1.0
        numbers.append([[one.score / best, *asked.features(*retriever.apart(one.chunk))] for one in found])
        right.append([one.chunk.doc_id in data.relevant[name] for one in found])
    return Fold(np.array(numbers), np.array(right))


def fit(folds: Sequence[Fold], columns: Sequence[int]) -> Matrix:
    """Return weights for `columns`, zero elsewhere: a logistic model of (right - wrong) for each pair of a question."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    pairs = np.concatenate([_pairs(fold) for fold in folds])[:, columns]
    spread = pairs.std(axis=0)
    # Each pair both ways round, one way 1 and the other 0: the same fit with every second one turned.
    turned = np.where(np.arange(len(pairs)) % 2, -1.0, 1.0)
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=1000)
    model.fit(pairs / spread * turned[:, None], turned > 0)
    weights = np.zeros(1 + len(FEATURES))
    weights[columns] = model.coef_[0] / spread
    return weights


def _pairs(fold: Fold) -> Matrix:
    """Return right minus wrong for every right and every wrong result of a question, shape (pairs, columns)."""
    rows = [
        (numbers[right][:, None] - numbers[~right][None]).reshape(-1, numbers.shape[-1])
        for numbers, right in zip(fold.numbers, fold.right, strict=True)
    ]
    return np.concatenate(rows)


def _figures(folds: Sequence[Fold], columns: Sequence[int]) -> str:
    """Return the means of each fold and of all under weights fitted on the other folds."""
    ranks = [fold.ranks(fit([one for one in folds if one is not fold], columns)) for fold in folds]
    return " | ".join(str(Means.of(some)) for some in (*ranks, np.concatenate(ranks)))


if __name__ == "__main__":
    main()
