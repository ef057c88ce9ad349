"""Two runs side by side: differences, questions that turned, and runs that cannot be compared."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from eval.compare import compare
from eval.errors import RunError
from eval.models import Outcome, QuestionScore
from eval.runs import IndexInfo, Run, RunInfo
from eval.scoring import summarise
from tests.eval.samples import score

RIGHT, WRONG = Outcome.RIGHT, Outcome.INCOMPLETE


def run(name: str, scores: list[QuestionScore], **changes: object) -> Run:
    """A complete run of the set «small»."""
    info = RunInfo("2026-01-01T00:00:00", None, "small", "a" * 64, len(scores), name, IndexInfo(("guide",), "e", "g1"))
    info = dataclasses.replace(info, **changes)  # type: ignore[arg-type]
    return Run(Path(name), info, (), {}, tuple(scores), summarise(scores))


def scores(outcomes: list[Outcome], facts: list[float | None]) -> list[QuestionScore]:
    """Questions q0, q1, … with their outcome, whether they are right, and their key facts."""
    return [
        score(f"q{number}", {"right": float(one is RIGHT), "key_facts": share}, outcome=one)
        for number, (one, share) in enumerate(zip(outcomes, facts, strict=True))
    ]


A = run("a", scores([RIGHT, WRONG, WRONG, RIGHT], [1.0, 0.5, None, 1.0]))
B = run("b", scores([RIGHT, RIGHT, RIGHT, WRONG], [1.0, 1.0, 0.0, None]))


def test_a_comparison_worked_out_by_hand() -> None:
    """This test ensures that differences are over the questions that a measure applies to in both runs."""
    found = compare(A, B)
    assert (found.run_a, found.run_b, found.notes) == ("a", "b", ())
    right, facts = found.differences["right"], found.differences["key_facts"]
    assert (right.mean_a, right.mean_b, right.difference, right.n) == (0.5, 0.75, 0.25, 4)
    # q0 and q1 alone have key facts in both: 0.75 and 1.
    assert (facts.mean_a, facts.mean_b, facts.n) == (0.75, 1.0, 2)
    assert list(found.differences) == ["right", "key_facts"]


def test_questions_that_turned() -> None:
    """This test ensures that the questions that only one of the runs has right are named, in the set's order."""
    found = compare(A, B)
    assert (found.turned_right, found.turned_wrong) == (("q1", "q2"), ("q3",))
    back = compare(B, A)
    assert (back.turned_right, back.turned_wrong) == (("q3",), ("q1", "q2"))


def test_a_run_does_not_differ_from_itself() -> None:
    """This test ensures that comparing a run with itself shows nothing."""
    found = compare(A, A)
    assert (found.turned_right, found.turned_wrong) == ((), ())
    assert all(one.difference == 0 and one.p_value == 1 for one in found.differences.values())


def test_another_index_is_noted() -> None:
    """This test ensures that runs over other documents or another encoder are compared, with a note on each."""
    other = run("b", list(B.scores), index=IndexInfo(("guide", "manual"), None, "g1"))
    documents, encoder = compare(A, other).notes
    assert "guide（1件）" in documents
    assert "guide、manual（2件）" in documents
    assert "エンコーダー" in encoder
    assert "なし" in encoder


def test_questions_of_one_run_only_are_noted() -> None:
    """This test ensures that a run that lacks a question is compared over the others, and that this is said."""
    found = compare(A, run("b", list(B.scores[:3])))
    assert found.differences["right"].n == 3
    assert found.notes == ("両方にある 3 問だけを比べました。",)


def test_runs_of_other_sets_are_refused() -> None:
    """This test ensures that the message says which runs are of which set."""
    other = run("other", list(B.scores), set_sha256="b" * 64, set_name="large")
    with pytest.raises(RunError, match=r"「a」は small（4問、aaaaaaaa）、「other」は large（4問、bbbbbbbb）"):
        compare(A, other)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_run_that_is_not_complete_is_refused(swapped: bool) -> None:
    """This test ensures that a run without a summary is named, whichever of the two it is."""
    broken = dataclasses.replace(B, summary=None, scores=())
    with pytest.raises(RunError, match="「b」はまだ終わっていません"):
        compare(*((broken, A) if swapped else (A, broken)))
