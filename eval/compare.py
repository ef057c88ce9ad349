"""Two runs of the same set, question by question: what differs, how surely, and which questions turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.errors import RunError
from eval.measures import MEASURES
from eval.models import Outcome, QuestionScore
from eval.runs import Run
from eval.statistics import Difference, paired


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run B against run A: a difference for each measure that applies to a question in both, and what turned.

    `turned_right` and `turned_wrong` are the ids of questions that only B, or only A, has right, in the set's order;
    `notes` say, in the reader's words, in what else the runs differ.
    """

    run_a: str
    run_b: str
    differences: Mapping[str, Difference]
    turned_right: tuple[str, ...]
    turned_wrong: tuple[str, ...]
    notes: tuple[str, ...] = ()


def compare(run_a: Run, run_b: Run) -> Comparison:
    """Compare two complete runs of the same set; they may be on different indexes, which is noted.

    Raises RunError where one of them is not complete or their question sets differ.
    """
    _check(run_a, run_b)
    b_by_id = {score.id: score for score in run_b.scores}
    both = [(score, b_by_id[score.id]) for score in run_a.scores if score.id in b_by_id]
    right = [(a.id, a.outcome is Outcome.RIGHT, b.outcome is Outcome.RIGHT) for a, b in both]
    return Comparison(
        run_a.name,
        run_b.name,
        _differences(both),
        tuple(name for name, in_a, in_b in right if in_b and not in_a),
        tuple(name for name, in_a, in_b in right if in_a and not in_b),
        tuple(_notes(run_a, run_b, len(both))),
    )


def _differences(both: Sequence[tuple[QuestionScore, QuestionScore]]) -> dict[str, Difference]:
    differences = {}
    for measure in MEASURES:
        values = [(a.scores.get(measure.name), b.scores.get(measure.name)) for a, b in both]
        pairs = [(a, b) for a, b in values if a is not None and b is not None]
        if pairs:
            differences[measure.name] = paired([a for a, _ in pairs], [b for _, b in pairs])
    return differences


def _check(run_a: Run, run_b: Run) -> None:
    for run in (run_a, run_b):
        if not run.complete:
            raise RunError(f"「{run.name}」はまだ終わっていません。--resume をつけて続きを実行してください。")
    if run_a.info.set_sha256 != run_b.info.set_sha256:
        sets = "、".join(
            f"「{run.name}」は {run.info.set_name}（{run.info.questions}問、{run.info.set_sha256[:8]}）"
            for run in (run_a, run_b)
        )
        raise RunError(f"質問セットが違うため比べられません：{sets}です。同じ質問セットの記録を指定してください。")


def _notes(run_a: Run, run_b: Run, both: int) -> list[str]:
    """Return what a reader should know before trusting the comparison."""
    a, b = run_a.info.index, run_b.info.index
    notes = []
    if a.documents != b.documents:
        notes.append(f"索引の文書が違います：A は {_listed(a.documents)}、B は {_listed(b.documents)} です。")
    for label, of_a, of_b in (("エンコーダー", a.encoder, b.encoder), ("索引の世代", a.generation, b.generation)):
        if of_a != of_b:
            notes.append(f"{label}が違います：A は {of_a or 'なし'}、B は {of_b or 'なし'} です。")
    if both < max(len(run_a.scores), len(run_b.scores)):
        notes.append(f"両方にある {both} 問だけを比べました。")
    return notes


def _listed(documents: Sequence[str]) -> str:
    return f"{'、'.join(documents)}（{len(documents)}件）" if documents else "なし"
