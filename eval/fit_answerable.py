"""Fit the models of `assistant.compose.answerable`; prints their weights and what they get right.

Run: python -m eval.fit_answerable DIR [DIR …], data folders with an index each, over digests and over originals. The
model of the wording learns from the likely questions with and without an answer that were written in the same rounds,
and is written to `asked_for.npy`. The other one learns from the development sets; its figures are cross-validated, the
same question over all indexes in the same fold. No test set is read.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.compose import asked_for
from assistant.compose.answerable import FEATURES, features
from assistant.compose.telling import sentences_by_probability
from assistant.models import Turn
from assistant.settings import Settings
from assistant.wiring import build_assistant
from eval.errors import EvaluationError
from eval.files import write_whole
from eval.question_set import find_set, read_set
from index.likely.anchors import PASSAGES, anchors_of, bundled_unanswerable
from index.tokenize import Tokenizer

DEVELOPMENT = ("dev", "early-dev")
FOLDS = 10
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
WORDING_STRENGTH = 10.0
"""Inverse of the regularisation of the wording's model: of 10 and 50, no difference on the development sets."""
Matrix = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, and print weights and shares of false refusals and false answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path, nargs="+", help="data folder that holds an index")
    options = parser.parse_args(arguments)
    fit_wording()
    assistants = [build_assistant(Settings.from_environment(folder)) for folder in options.data_dir]
    parts = [development_numbers(assistant) for assistant in assistants]
    fit_all(np.concatenate([part[0] for part in parts]), parts[0][1], parts[0][2], len(parts))


def fit_wording() -> None:
    """Fit the model of the wording and write its weights; prints the area under the curve, cross-validated."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
    from sklearn.model_selection import cross_val_predict  # type: ignore[import-untyped]

    known = [question for anchor in anchors_of(PASSAGES) for question in anchor.questions]
    texts = [*known, *bundled_unanswerable()]
    tokenizer = Tokenizer()
    rows = [asked_for.hashed(text, tokenizer) for text in texts]
    places = [(number, cell) for number, row in enumerate(rows) for cell in row]
    values = [value for row in rows for value in row.values()]
    matrix: Any = csr_matrix((values, np.array(places).T), shape=(len(texts), asked_for.CELLS))
    labels = np.arange(len(texts)) < len(known)
    model = LogisticRegression(C=WORDING_STRENGTH, class_weight="balanced", max_iter=2000)
    predicted = cross_val_predict(model, matrix, labels, cv=FOLDS, method="predict_proba")[:, 1]
    print(f"wording: area under the curve {roc_auc_score(labels, predicted):.3f} on {len(texts)} likely questions")
    model.fit(matrix, labels)
    buffer = io.BytesIO()
    np.save(buffer, np.append(model.coef_[0], model.intercept_).astype(np.float16), allow_pickle=False)
    write_whole(Path(asked_for.__file__).with_name(asked_for.FILE), buffer.getvalue(), EvaluationError)
    asked_for.weights.cache_clear()


def fit_all(numbers: Matrix, labels: NDArray[np.bool_], sets: Sequence[str], indexes: int) -> None:
    """Fit the model of all evidence on the development questions of all indexes."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    questions = np.tile(np.arange(len(labels)), indexes)
    labels, names = np.tile(labels, indexes), np.tile(np.array(sets), indexes)
    scale = numbers.std(axis=0)
    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    predicted = cross_val_predict(
        model, numbers / scale, labels, groups=questions, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    model.fit(numbers / scale, labels)
    slopes = model.coef_[0] / scale
    print("WEIGHTS =", (*slopes.round(3).tolist(), round(float(model.intercept_[0]), 3)))
    for name, slope in zip(FEATURES, model.coef_[0], strict=True):
        print(f"  {slope:+.2f} a standard deviation: {name}")
    for name in DEVELOPMENT:
        mine = names == name
        print(f"{name}: area under the curve {roc_auc_score(labels[mine], predicted[mine]):.3f}, cross-validated")
        for least in THRESHOLDS:
            refused = float((predicted[mine & labels] < least).mean())
            answered = float((predicted[mine & ~labels] >= least).mean())
            print(f"{name} at {least}: answerable refused {refused:.3f}, unanswerable answered {answered:.3f}")


def development_numbers(assistant: Assistant) -> tuple[Matrix, NDArray[np.bool_], list[str]]:
    """Return what the last model sees of the development questions, whether each is answerable, and its set."""
    rows, labels, sets = [], [], []
    for name in DEVELOPMENT:
        for question in read_set(find_set(name)).questions:
            found = assistant.find(question.question, [Turn(role, text) for role, text in question.history])
            rows.append(features(found, sentences_by_probability(found)))
            labels.append(question.answerable)
            sets.append(name)
    return np.array(rows), np.array(labels), sets


if __name__ == "__main__":
    main()
