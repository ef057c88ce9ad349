"""Fit the two models of `assistant.compose.answerable`; prints their weights and what they get right.

Run: python -m eval.fit_answerable [--data-dir DIR], over an index of the bundled digests. The first model learns from
the likely questions: each is held against all others, so that it is asked as a stranger's question would be. The second
learns from the development sets; its figures are cross-validated. No test set is read.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.compose.answerable import said_by_words
from assistant.models import Turn
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.clean import search_text
from eval.question_set import find_set, read_set
from index.likely.evidence import NAMES, evidence
from index.retriever import Retriever

DEVELOPMENT = ("dev", "early-dev")
SAMPLE, SEED, FOLDS = 2_500, 0, 10
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
Matrix = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, and print weights and shares of false refusals and false answers."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
    from sklearn.model_selection import cross_val_predict  # type: ignore[import-untyped]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, help="data folder that holds an index of the bundled digests")
    options = parser.parse_args(arguments)
    assistant = build_assistant(Settings.from_environment(options.data_dir))
    numbers, labels = likely_numbers(assistant.retriever)
    scale = numbers.std(axis=0)
    first = LogisticRegression(class_weight="balanced", max_iter=2000).fit(numbers / scale, labels)
    slopes = first.coef_[0] / scale
    nearness = (*slopes.round(3).tolist(), round(float(first.intercept_[0]), 3))
    print("NEARNESS =", nearness)
    for name, slope in zip(NAMES, first.coef_[0], strict=True):
        print(f"  {slope:+.2f} a standard deviation: {name}")
    for_second, answerable, sets = development_numbers(assistant, nearness)
    second = LogisticRegression(class_weight="balanced", max_iter=2000)
    predicted = cross_val_predict(second, for_second, answerable, cv=FOLDS, method="predict_proba")[:, 1]
    second.fit(for_second, answerable)
    print("WORDS_TOO =", (*second.coef_[0].round(3).tolist(), round(float(second.intercept_[0]), 3)))
    for name in DEVELOPMENT:
        mine = np.array([one == name for one in sets])
        for title, scored in (("first model, unseen", for_second[:, 0]), ("both, cross-validated", predicted)):
            print(f"{name}: area under the curve {roc_auc_score(answerable[mine], scored[mine]):.3f} ({title})")
        for least in THRESHOLDS:
            refused = float((predicted[mine & answerable] < least).mean())
            answered = float((predicted[mine & ~answerable] >= least).mean())
            print(f"{name} at {least}: answerable refused {refused:.3f}, unanswerable answered {answered:.3f}")


def likely_numbers(retriever: Retriever) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return the evidence of a sample of the likely questions with an answer and of all without, each left out."""
    likely = retriever.likely
    if likely is None:
        raise SystemExit("この索引には想定質問がありません。`mamori index build` を実行してください。")
    chosen = np.random.default_rng(SEED).choice(likely.answerable, min(SAMPLE, likely.answerable), replace=False)
    asked = [*sorted(chosen.tolist()), *range(likely.answerable, len(likely.texts))]
    rows = []
    for number in asked:
        text = search_text(likely.texts[number])
        tokens, vector = retriever.tokenizer.fields(text), retriever.encoder.encode([text])[0]
        rows.append(evidence(likely, tokens, vector, retriever.weights.fields, without=number))
    return np.array(rows), np.array([number < likely.answerable for number in asked])


def development_numbers(assistant: Assistant, nearness: Sequence[float]) -> tuple[Matrix, NDArray[np.bool_], list[str]]:
    """Return what the second model sees of the development questions, whether each is answerable, and its set."""
    *slopes, intercept = nearness
    rows, answerable, sets = [], [], []
    for name in DEVELOPMENT:
        for question in read_set(find_set(name)).questions:
            found = assistant.find(question.question, [Turn(role, text) for role, text in question.history])
            numbers = found.retriever.likely_evidence(found.query.asked)
            assert numbers is not None, "looked at before"
            rows.append([float(numbers @ np.array(slopes)) + intercept, *said_by_words(found)])
            answerable.append(question.answerable)
            sets.append(name)
    return np.array(rows), np.array(answerable), sets


if __name__ == "__main__":
    main()
