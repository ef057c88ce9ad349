"""What likely questions bring to the search, and how to weigh their scores: a line of figures for each weighting.

Run: python -m eval.tune_likely [--data-dir DIR] [--set NAME]. Weights are for BM25 of the text, the cosine of the text,
BM25 of the likely questions and their cosine; the last line is what ships. Only a development set should be given.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.models import Turn
from assistant.question import analyse
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.models import Chunk
from eval.models import Question
from eval.question_set import find_set, read_set
from eval.scoring import score_all
from eval.sources import Sources
from index.fusion import Scores, divide_by_max
from index.retriever import DEFAULT_TOP_K, DENSE, LIKELY, LIKELY_DENSE, Retriever

WEIGHTS = (
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (0, 0, 1, 0),
    (0, 0, 0, 1),
    (1, 1, 0, 0),
    (1, 0, 1, 0),
    (1, 0, 0, 1),
    (0, 1, 0, 1),
    (1, 1, 1, 1),
    (1, 2, 1, 2),
    (1, 2, 1.4, 4),
    (1, 4, 2, 4),
    (1, 2.5, 1.5, 2.5),
)
MEASURES = ("MRR@10", "nDCG@10", "recall_1500", "recall_3000", "recall@20")
Parts = tuple[Scores, Scores, Scores, Scores]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the retrieval measures for each weighting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, help="data folder that holds the index")
    parser.add_argument("--set", default="dev", help="question set (%(default)s)")
    options = parser.parse_args(arguments)
    retriever = build_assistant(Settings.from_environment(options.data_dir)).retriever
    if retriever.likely is None:
        raise SystemExit("この索引には想定質問がありません。`mamori index build` を実行してください。")
    questions = [one for one in read_set(find_set(options.set)).questions if one.answerable]
    parts = [scores_of(retriever, question) for question in questions]
    sources = Sources(retriever.chunks)
    print("BM25, cosine, likely BM25, likely cosine: ", ", ".join(MEASURES))
    for weights in WEIGHTS:
        rows = {q.id: _row(retriever, p, weights) for q, p in zip(questions, parts, strict=True)}
        scores = [score.scores for score in score_all(questions, rows, sources, retrieval_only=True)]
        means = [np.mean([one[name] for one in scores if one[name] is not None]) for name in MEASURES]
        print(weights, " ".join(f"{100 * mean:.1f}" for mean in means))


def scores_of(retriever: Retriever, question: Question) -> Parts:
    """Return the four lists of scores of a question, each of shape (chunks,)."""
    query = analyse(question.question, [Turn(role, text) for role, text in question.history])
    scores = retriever.scores(query.text or query.standalone, expansions=query.expansions)
    fields = {name: values for name, values in scores.items() if name not in (DENSE, LIKELY, LIKELY_DENSE)}
    return divide_by_max(retriever.weights.lexical(fields)), scores[DENSE], scores[LIKELY], scores[LIKELY_DENSE]


def _row(retriever: Retriever, parts: Parts, weights: Sequence[float]) -> dict[str, Any]:
    """Return the best passages under a weighting as the terminal contract has them, no text twice."""
    total = sum(weight * part for weight, part in zip(weights, parts, strict=True))
    first: dict[str, Chunk] = {}
    for number in np.argsort(-np.asarray(total), kind="stable").tolist():
        first.setdefault(retriever.chunks[number].text, retriever.chunks[number])
    best = list(first.values())[:DEFAULT_TOP_K]
    passages = [{"doc_id": chunk.doc_id, "section": chunk.section_path, "text": chunk.text} for chunk in best]
    return {"status": "answered", "passages": passages, "citations": []}


if __name__ == "__main__":
    main()
