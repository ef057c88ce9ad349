"""What people make of answers: a verdict on the answer and one on its citations, by question, run and marker.

Kept as a record that only grows (`index.journal`); of what one marker said about one answer the last holds. A language
model that judges (`eval.judge`) is a marker among others, told by its name. Cohen's kappa is `eval.statistics`'.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from itertools import combinations
from pathlib import Path

from eval.errors import MarkError
from eval.models import Interval
from index import journal
from index.journal import Kept

MODEL_PREFIX = "モデル:"
MAX_MARKER = 20
"""Characters of a marker's name: a short name or initials."""


class MarkVerdict(StrEnum):
    """What an answer is worth."""

    CORRECT = "correct"
    PARTLY = "partly"
    WRONG = "wrong"


class CitationVerdict(StrEnum):
    """Whether the citations carry the answer; `NONE` where there are none or nobody looked."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marker says about the answer of one run to one question; `created` is local time in ISO 8601."""

    run: str
    question_id: str
    marker: str
    verdict: MarkVerdict
    citation: CitationVerdict
    comment: str
    created: str

    @property
    def by_model(self) -> bool:
        """Whether a language model said so, not a person."""
        return self.marker.startswith(MODEL_PREFIX)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two markers agree about one run: Cohen's kappa over the answers that both marked, None where undefined.

    `citation_n` counts the answers where both said right or wrong of the citations.
    """

    marker_a: str
    marker_b: str
    n: int
    verdict_kappa: float | None
    citation_n: int
    citation_kappa: float | None


@dataclass(frozen=True, slots=True)
class MarkedShare:
    """What one marker found in one run: the share of correct answers with its interval, and how many of each."""

    marker: str
    correct: Interval
    verdicts: Mapping[MarkVerdict, int]
    citations: Mapping[CitationVerdict, int]


def marks_file(data_dir: Path) -> Path:
    """Return where the marks of a data folder are kept."""
    return data_dir / "eval" / "marks.jsonl"


def store_mark(path: Path, mark: Mark) -> None:
    """Keep a mark; MarkError where it cannot be written."""
    journal.append(path, asdict(mark), MarkError)


def read_marks(path: Path) -> Kept[Mark]:
    """Return the marks that hold, in the order they were made; MarkError where the file cannot be read."""
    lines = journal.read(path, _parser(), MarkError)
    holding: dict[tuple[str, str, str], Mark] = {}
    for mark in lines.entries:
        key = (mark.run, mark.question_id, mark.marker)
        holding.pop(key, None)
        holding[key] = mark
    return Kept(tuple(holding.values()), lines.unreadable)


def agreement(marks: Iterable[Mark], run: str) -> list[Agreement]:
    """Return how far each pair of markers agrees about a run, people before models.

    A pair without an answer that both marked is left out.
    """
    found = _by_marker(marks, run)
    pairs = (_pair(a, found[a], b, found[b]) for a, b in combinations(found, 2))
    return [pair for pair in pairs if pair.n]


def shares(marks: Iterable[Mark], run: str) -> list[MarkedShare]:
    """Return what each marker found in a run, people before models."""
    return [_share(marker, list(found.values())) for marker, found in _by_marker(marks, run).items()]


def blind_order(question_id: str, marker: str, runs: Sequence[str]) -> tuple[str, ...]:
    """Return the names of runs in the order in which a marker sees their answers to a question.

    By a hash: the same whenever the page is drawn and whichever run was chosen first, another for each question and
    marker, so that a place tells nothing about a run.
    """
    names = sorted(runs)
    return tuple(
        sorted(names, key=lambda name: hashlib.sha256("\0".join((question_id, marker, *names, name)).encode()).digest())
    )


def _by_marker(marks: Iterable[Mark], run: str) -> dict[str, dict[str, Mark]]:
    """Return marker → question → mark for one run."""
    found: dict[str, dict[str, Mark]] = {}
    for mark in sorted((mark for mark in marks if mark.run == run), key=lambda mark: (mark.by_model, mark.marker)):
        found.setdefault(mark.marker, {})[mark.question_id] = mark
    return found


def _pair(name_a: str, a: Mapping[str, Mark], name_b: str, b: Mapping[str, Mark]) -> Agreement:
    from eval.statistics import kappa

    both = sorted(a.keys() & b.keys())
    looked = [one for one in both if CitationVerdict.NONE not in (a[one].citation, b[one].citation)]
    return Agreement(
        name_a,
        name_b,
        len(both),
        kappa([a[one].verdict.value for one in both], [b[one].verdict.value for one in both]),
        len(looked),
        kappa([a[one].citation.value for one in looked], [b[one].citation.value for one in looked]),
    )


def _share(marker: str, marks: Sequence[Mark]) -> MarkedShare:
    from eval.statistics import interval

    return MarkedShare(
        marker,
        interval([float(mark.verdict is MarkVerdict.CORRECT) for mark in marks]),
        {verdict: sum(mark.verdict is verdict for mark in marks) for verdict in MarkVerdict},
        {verdict: sum(mark.citation is verdict for mark in marks) for verdict in CitationVerdict},
    )


@cache
def _parser() -> Callable[[bytes], Mark]:
    from pydantic import TypeAdapter

    return TypeAdapter(Mark).validate_json
