"""A first check of answers against question sets: is what should be answered answered, and are the key facts there.

Run: python -m eval.check [--data-dir DIR] [SET ...], where a set is a name in eval/questions or a JSON Lines file with
id, question, answerable and key_facts (groups of accepted wordings). No retrieval measures, no intervals: those belong
to the evaluation proper.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.models import Answer, AnswerStatus
from assistant.settings import Settings
from assistant.wiring import build_assistant

DEFAULT_SETS = ("readme", "dev-paraphrases", "dev-paraphrases-2", "dev-others", "dev-others-2", "answerability")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question: `missing` are the groups of key facts of which no wording was shown."""

    question_id: str
    question: str
    answerable: bool
    answered: bool
    missing: tuple[tuple[str, ...], ...]

    @property
    def right(self) -> bool:
        """Whether it was answered with every key fact, or refused where there is no answer."""
        return self.answered == self.answerable and not (self.answered and self.missing)


def read_set(name: str) -> list[dict[str, Any]]:
    """The rows of a set of eval/questions, or of a file."""
    path = Path(name)
    if path.suffix == ".jsonl":
        text = path.read_text(encoding="utf-8")
    else:
        text = resources.files("eval.questions").joinpath(f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def missing_facts(answer: Answer, key_facts: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The groups of accepted wordings of which none stands in the answer or in what it quotes."""
    shown = _plain(answer.text + "".join(citation.quote for citation in answer.citations))
    return tuple(tuple(group) for group in key_facts if not any(_plain(wording) in shown for wording in group))


def check(assistant: Assistant, rows: Iterable[dict[str, Any]]) -> list[Outcome]:
    """Ask every question of a set."""
    outcomes = []
    for row in rows:
        answer = assistant.ask(row["question"])
        missing = missing_facts(answer, row.get("key_facts", ()))
        answered = answer.status is AnswerStatus.ANSWERED
        outcomes.append(Outcome(row["id"], row["question"], row["answerable"], answered, missing))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> str:
    """Counts in one line: right, refused though answerable, answered though not."""
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    others = [outcome for outcome in outcomes if not outcome.answerable]
    parts = [
        f"answerable: {sum(o.right for o in answerable)} of {len(answerable)} with every key fact, "
        f"{sum(not o.answered for o in answerable)} refused"
    ]
    if others:
        parts.append(f"unanswerable: {sum(o.answered for o in others)} of {len(others)} answered")
    return "; ".join(parts)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("*", "")


def main() -> None:
    """Print the counts for each set and, with --show, each question that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=DEFAULT_SETS, help="names in eval/questions, or .jsonl files")
    parser.add_argument("--data-dir", type=Path, help="data folder that holds the index")
    parser.add_argument("--show", action="store_true", help="print each question that went wrong")
    args = parser.parse_args()
    assistant = build_assistant(Settings.from_environment(args.data_dir))
    for name in args.sets:
        outcomes = check(assistant, read_set(name))
        print(f"{name}: {summary(outcomes)}")
        for outcome in outcomes if args.show else ():
            if not outcome.right:
                print(f"  {outcome.question_id}\t{outcome.question}\t{outcome.missing}")


if __name__ == "__main__":
    main()
