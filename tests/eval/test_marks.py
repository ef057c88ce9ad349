"""Tests of human marks: which hold, how far markers agree, and the order in which answers are shown blind."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.errors import MarkError
from eval.marks import (
    MODEL_PREFIX,
    CitationVerdict,
    Mark,
    MarkVerdict,
    agreement,
    blind_order,
    marks_file,
    read_marks,
    shares,
    store_mark,
)

CORRECT, PARTLY, WRONG = MarkVerdict
RIGHT, FALSE, NONE = CitationVerdict


def mark(
    question: str,
    verdict: MarkVerdict = CORRECT,
    citation: CitationVerdict = RIGHT,
    *,
    marker: str = "A",
    run: str = "run-1",
    comment: str = "",
) -> Mark:
    """A mark made on a certain day."""
    return Mark(run, question, marker, verdict, citation, comment, "2026-01-05T09:30:00+09:00")


def test_marks_come_back_and_the_newest_holds(tmp_path: Path) -> None:
    """This test ensures that a marker's last word about an answer holds, and that runs and markers are kept apart."""
    path = marks_file(tmp_path)
    for one in (
        mark("q1", WRONG, comment="一"),
        mark("q1", marker="B"),
        mark("q1", run="run-2"),
        mark("q1", PARTLY, NONE, comment="二"),
    ):
        store_mark(path, one)
    assert read_marks(path).entries == (
        mark("q1", marker="B"),
        mark("q1", run="run-2"),
        mark("q1", PARTLY, NONE, comment="二"),
    )


def test_a_torn_or_foreign_line_is_counted(tmp_path: Path) -> None:
    """This test ensures that what is no mark costs its own line only and is named."""
    path = marks_file(tmp_path)
    store_mark(path, mark("q1"))
    with path.open("ab") as handle:
        handle.write(b'{"run": "run-1"}\n{"run": "run-1", "question_id": "q9", "verd')
    store_mark(path, mark("q2"))
    kept = read_marks(path)
    assert [one.question_id for one in kept.entries] == ["q1", "q2"]
    assert kept.unreadable == (2, 3)


def test_nowhere_to_write(tmp_path: Path) -> None:
    """This test ensures that a data folder that is a file gives one line."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(MarkError, match="保存できません"):
        store_mark(marks_file(tmp_path / "file"), mark("q1"))


def test_agreement_by_hand() -> None:
    """This test ensures that kappa is Cohen's over the answers that both marked, for verdicts and citations."""
    a = [mark("q1", CORRECT), mark("q2", CORRECT), mark("q3", WRONG, FALSE), mark("q4", WRONG, NONE), mark("only-a")]
    b = [
        mark("q1", CORRECT, marker="B"),
        mark("q2", WRONG, marker="B"),
        mark("q3", WRONG, FALSE, marker="B"),
        mark("q4", WRONG, RIGHT, marker="B"),
    ]
    (pair,) = agreement([*a, *b, mark("q1", run="run-2", marker="C")], "run-1")
    assert (pair.marker_a, pair.marker_b, pair.n) == ("A", "B", 4)
    # They agree on 3 of 4. By chance: correct 2/4 × 1/4, wrong 2/4 × 3/4, together 0.5; (0.75 − 0.5) / 0.5 = 0.5.
    assert pair.verdict_kappa == pytest.approx(0.5)
    # q4 is left out, A said nothing of its citations: 3 of 3 agree, over two labels.
    assert (pair.citation_n, pair.citation_kappa) == (3, pytest.approx(1.0))


def test_agreement_where_it_is_undefined() -> None:
    """This test ensures that one label throughout gives no kappa, and markers without a common answer no pair."""
    (pair,) = agreement([mark("q1"), mark("q1", marker="B"), mark("q2", marker="C")], "run-1")
    assert (pair.marker_a, pair.marker_b, pair.n, pair.verdict_kappa) == ("A", "B", 1, None)
    assert agreement([], "run-1") == []


def test_shares_by_marker_people_first() -> None:
    """This test ensures that each marker has a row with share and counts, a model behind the people."""
    marks = [
        mark("q1", CORRECT, marker=f"{MODEL_PREFIX}x"),
        mark("q1"),
        mark("q2", PARTLY, NONE),
        mark("q1", run="other"),
    ]
    person, model = shares(marks, "run-1")
    assert (person.marker, model.marker) == ("A", f"{MODEL_PREFIX}x")
    assert (person.correct.mean, person.correct.n) == (0.5, 2)
    assert person.verdicts == {CORRECT: 1, PARTLY: 1, WRONG: 0}
    assert person.citations == {RIGHT: 1, FALSE: 0, NONE: 1}
    assert [one.by_model for one in marks[:2]] == [True, False]


def test_the_blind_order_is_fixed_and_fair() -> None:
    """This test ensures that the order does not depend on which run was chosen first, and favours no run."""
    orders = {
        (question, marker): blind_order(question, marker, ("run-a", "run-b"))
        for question in (f"q{number}" for number in range(200))
        for marker in ("A", "B")
    }
    assert all(blind_order(*key, ("run-b", "run-a")) == order for key, order in orders.items())
    first = [order[0] for order in orders.values()]
    assert 0.4 < first.count("run-a") / len(first) < 0.6
    same = [orders[f"q{number}", "A"] == orders[f"q{number}", "B"] for number in range(200)]
    assert 0.4 < sum(same) / len(same) < 0.6
