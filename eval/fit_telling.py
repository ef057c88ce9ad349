"""Fit the weights of `assistant.compose.telling`; prints them and what they bring on the development set.

Run: MAMORI_ENCODER=FOLDER python -m eval.fit_telling DIR [DIR …], data folders with an index each by this encoder,
which has not learnt from the statements' questions (`python -m index.training --without-statements`). Each of a sample
of these is asked while it is itself left out; the sentences that its targets name are the ones to be told. No
evaluation set is learnt from: `dev` only shows how many of its key facts stand among the first sentences.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.compose import telling
from assistant.compose.telling import FEATURES, PASSAGES, features
from assistant.models import Turn
from assistant.settings import Settings
from assistant.wiring import build_assistant
from eval.measures.facts import facts_found
from eval.question_set import find_set, read_set
from index.likely.anchors import STATEMENTS, anchors_of
from index.likely.field import LikelyField

SAMPLE, SEED, SHORT = 2_500, 0, 550
FORGOTTEN = 0.5
"""Share of the sample for which all questions of the same places are left out: nobody thought of asking for these."""


class LeftOut:
    """Likely questions as if some of them had not been written."""

    def __init__(self, likely: LikelyField) -> None:
        self._likely = likely
        self.without = np.zeros(0, dtype=np.int64)

    def __getattr__(self, name: str) -> object:
        return getattr(self._likely, name)

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each question, -1 for those left out."""
        cosines = self._likely.cosines(vector)
        cosines[self.without] = -1.0
        return cosines

    def lexical(self, weights: Mapping[str, Mapping[str, float]], fields: Mapping[str, float]) -> NDArray[np.float32]:
        """Return BM25 of each question, 0 for those left out."""
        scores = self._likely.lexical(weights, fields)
        scores[self.without] = 0.0
        return scores


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, and print the weights and the share of key facts told."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path, nargs="+", help="data folder that holds an index")
    options = parser.parse_args(arguments)
    assistants = [build_assistant(Settings.from_environment(folder)) for folder in options.data_dir]
    parts = [likely_sentences(assistant) for assistant in assistants]
    numbers, labels = np.concatenate([one[0] for one in parts]), np.concatenate([one[1] for one in parts])
    scale = numbers.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=5000).fit(numbers / scale, labels)
    slopes = model.coef_[0] / scale
    print(f"{len(labels)} sentences, {labels.mean():.3f} of them to be told")
    telling.WEIGHTS = (*slopes.round(3).tolist(), round(float(model.intercept_[0]), 3))
    print("WEIGHTS =", telling.WEIGHTS)
    for name, slope in zip(FEATURES, model.coef_[0], strict=True):
        print(f"  {slope:+.2f} a standard deviation: {name}")
    for folder, assistant in zip(options.data_dir, assistants, strict=True):
        print(f"{folder}: {told_on_development(assistant):.3f} of the key facts of dev in the first {SHORT} characters")


def likely_sentences(assistant: Assistant) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the features of the sentences found for a sample of the likely questions, and whether each is a target."""
    retriever = assistant.retriever
    likely = retriever.likely
    if likely is None:
        raise SystemExit("この索引には想定質問がありません。`mamori index build` を実行してください。")
    masked: Any = LeftOut(likely)
    retriever.likely = masked
    draws = np.random.default_rng(SEED)
    unseen = statements_in(likely)
    chosen = draws.choice(unseen, min(SAMPLE, len(unseen)), replace=False)
    rows, labels = [], []
    for question in sorted(chosen.tolist()):
        masked.without = siblings(likely, question) if draws.random() < FORGOTTEN else np.array([question])
        found = assistant.find(likely.texts[question])
        results = found.results[:PASSAGES]
        told = [
            bool((found.reader.read(result.chunk).asked[number] == question).any())
            for result in results
            for number in range(len(found.reader.read(result.chunk).sentences))
        ]
        if any(told):
            rows.append(features(found, results))
            labels += told
    retriever.likely = likely
    return np.concatenate(rows), np.array(labels)


def statements_in(likely: LikelyField) -> list[int]:
    """Return the numbers of the likely questions that were written for single statements."""
    statements = {question for anchor in anchors_of(STATEMENTS) for question in anchor.questions}
    return [number for number in range(likely.answerable) if likely.texts[number] in statements]


def siblings(likely: LikelyField, question: int) -> NDArray[np.int64]:
    """Return the numbers of the questions with the same phrases as this one, itself included."""
    own = likely.phrases[int(np.searchsorted(likely.pairs[0], question))]
    same = [number for number, phrases in zip(likely.pairs[0].tolist(), likely.phrases, strict=True) if phrases == own]
    return np.unique(np.array(same, dtype=np.int64))


def told_on_development(assistant: Assistant) -> float:
    """Return the mean share of key facts of `dev` among the first characters of the sentences by probability."""
    shares = []
    for question in read_set(find_set("dev")).questions:
        if not question.answerable or not question.key_facts:
            continue
        found = assistant.find(question.question, [Turn(role, text) for role, text in question.history])
        sentences = telling.sentences_by_probability(found)
        text = "\n".join(sentence.text for sentence in sentences)[:SHORT]
        shares.append(float(np.mean(facts_found(question.key_facts, [text]))))
    return float(np.mean(shares))


if __name__ == "__main__":
    main()
