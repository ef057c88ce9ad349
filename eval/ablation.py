"""What each part of an answer brings: the development set answered with one part taken away at a time.

Run: python -m eval.ablation [--data-dir DIR] [--set NAME], over an index with likely questions. A line a variant, in
per cent; only a development set should be given. Retrieval has its own table (`python -m eval.tune_likely`).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant.assistant import Assistant
from assistant.compose import answerable, asked_for, nearest, telling
from assistant.contract import answer_object
from assistant.models import Turn
from assistant.settings import Settings
from assistant.wiring import build_assistant
from eval.models import Question
from eval.question_set import find_set, read_set
from eval.scoring import score_all
from eval.sources import Sources

MEASURES = (
    "right",
    "key_facts",
    "key_facts_600",
    "citation_recall",
    "citation_precision",
    "false_refusals",
    "false_answers",
    "length",
)
Change = tuple[Any, str, Any]


def without(*names: str) -> tuple[float, ...]:
    """Return the weights of sentences with those of these features at zero."""
    slopes = zip(telling.FEATURES, telling.WEIGHTS, strict=False)
    return (*(0.0 if name in names else weight for name, weight in slopes), telling.WEIGHTS[-1])


def variants() -> dict[str, Sequence[Change]]:
    """Return name → what is changed in which module."""
    likely = tuple(name for name in telling.FEATURES if "likely question" in name)
    cosines = tuple(name for name in telling.FEATURES if name.startswith("cosine") and "question" in name)
    nothing: Callable[..., Any] = lambda *_: []  # noqa: E731
    return {
        "as shipped": (),
        "sentences without the likely questions that lead to them": ((telling, "WEIGHTS", without(*likely)),),
        "sentences without cosines": ((telling, "WEIGHTS", without(*likely, *cosines)),),
        "no countermeasures but those found": ((nearest, "applying_measures", nothing),),
        "sentences down to 0.15 of the best": ((nearest, "LEAST_SHARE", 0.15),),
        "sentences down to 0.02 of the best": ((nearest, "LEAST_SHARE", 0.02), (nearest, "LEAST_PROBABILITY", 0.0)),
        "budget of 300 characters": ((nearest, "BUDGET", 300),),
        "budget of 900 characters": ((nearest, "BUDGET", 900),),
        "wording says nothing": ((asked_for, "log_odds", lambda *_: 0.0),),
        "answered from 0.25": ((answerable, "LEAST", 0.25),),
        "answered from 0.45": ((answerable, "LEAST", 0.45),),
        "everything answered": ((answerable, "LEAST", 0.0), (answerable, "_SAME", 2.0)),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the measures of each variant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, help="data folder that holds the index")
    parser.add_argument("--set", default="dev", help="question set (%(default)s)")
    options = parser.parse_args(arguments)
    assistant = build_assistant(Settings.from_environment(options.data_dir))
    questions = read_set(find_set(options.set)).questions
    sources = Sources(assistant.retriever.chunks)
    print("| | " + " | ".join(MEASURES) + " |")
    for name, changes in variants().items():
        with changed(changes):
            values = figures(assistant, questions, sources)
        print(f"| {name} | " + " | ".join(values) + " |", flush=True)


@contextmanager
def changed(changes: Sequence[Change]) -> Iterator[None]:
    """Change these for as long as the context lasts."""
    if not changes:
        yield
        return
    module, name, value = changes[0]
    with patch.object(module, name, value), changed(changes[1:]):
        yield


def figures(assistant: Assistant, questions: Sequence[Question], sources: Sources) -> list[str]:
    """Return the mean of each of `MEASURES`, in per cent but for the length."""
    rows = {}
    for question in questions:
        turns = [Turn(role, text) for role, text in question.history]
        rows[question.id] = answer_object(assistant.ask(question.question, turns), question.id)
    scores = [score.scores for score in score_all(questions, rows, sources)]
    means = {name: np.mean([one[name] for one in scores if one[name] is not None]) for name in MEASURES}
    return [f"{mean:.0f}" if name == "length" else f"{100 * mean:.1f}" for name, mean in means.items()]


if __name__ == "__main__":
    main()
