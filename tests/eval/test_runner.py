"""Runs from the first answer to the report's data: complete, broken off, gone on with, with and without texts."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from eval import runner
from eval.errors import RunError
from eval.models import Outcome, Question
from eval.runner import asked_so_far, code_commit, resume, run_job, start
from eval.runs import ANSWERS, QUESTIONS, SCORES, SUMMARY, IndexInfo, read_run, strip_texts
from tests.eval.fake_systems import TEXT, FakeSystem, answered, job, question_set


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def broken_off(parent: Path, at: str = "q2", **changes: Any) -> Path:  # noqa: ANN401
    """The folder of a run that was interrupted at a question."""
    interrupted = job(FakeSystem({at: KeyboardInterrupt()}), **changes)
    folder = start(interrupted, parent)
    with pytest.raises(KeyboardInterrupt):
        run_job(interrupted, folder, nothing)
    return folder


def test_a_run_from_start_to_end(tmp_path: Path) -> None:
    """This test ensures that every question is asked once, scored, and on disk, and that the progress is told."""
    system, told = FakeSystem(), list[tuple[str, int, int]]()
    folder = start(job(system), tmp_path)
    run = run_job(job(system), folder, lambda *now: told.append(now))
    assert system.asked == ["q1", "q2", "q3"]
    assert run.complete
    assert [score.outcome for score in run.scores] == [Outcome.RIGHT] * 3
    assert (run.info.set_name, run.info.system, run.info.questions) == ("small", "fake", 3)
    assert told == [("question", 1, 3), ("question", 2, 3), ("question", 3, 3), ("score", 0, 1), ("score", 1, 1)]


def test_a_failing_question_costs_itself_only(tmp_path: Path) -> None:
    """This test ensures that what a system raises on one question becomes a row and counts as zero; the run goes on."""
    failing = job(FakeSystem({"q1": ValueError("first\nsecond")}))
    run = run_job(failing, start(failing, tmp_path), nothing)
    assert run.answers["q1"] == {"id": "q1", "status": "error", "error": "ValueError: first\nsecond"}
    assert [score.outcome for score in run.scores] == [Outcome.NO_RESULT, Outcome.RIGHT, Outcome.RIGHT]
    assert run.summary is not None
    assert run.summary.groups["all"]["right"].mean == pytest.approx(2 / 3)


def test_a_row_has_the_id_of_its_question(tmp_path: Path) -> None:
    """This test ensures that a system that calls a question otherwise does not make its answer disappear."""

    class Nameless(FakeSystem):
        def answer(self, question: Question) -> dict[str, Any]:
            return answered("something else")

    nameless = job(Nameless())
    assert set(run_job(nameless, start(nameless, tmp_path), nothing).answers) == {"q1", "q2", "q3"}


def test_questions_known_to_have_no_answer_are_not_asked(tmp_path: Path) -> None:
    """This test ensures that a question without a recorded answer has no result and counts as zero."""
    system = FakeSystem()
    partial = job(system, missing=frozenset({"q1"}))
    run = run_job(partial, start(partial, tmp_path), nothing)
    assert system.asked == ["q2", "q3"]
    assert run.scores[0].outcome is Outcome.NO_RESULT
    assert run.scores[0].scores["right"] == 0


def test_an_interruption_keeps_what_is_done(tmp_path: Path) -> None:
    """This test ensures that a run that was broken off is there with its answers, and does not pass for complete."""
    folder = broken_off(tmp_path, at="q3")
    run = read_run(folder)
    assert (set(run.answers), run.complete) == ({"q1", "q2"}, False)
    assert asked_so_far(folder) == 2


def test_going_on_asks_only_what_is_left(tmp_path: Path) -> None:
    """This test ensures that `resume` finds the run, keeps its answers, and ends with the figures of a whole one."""
    folder = broken_off(tmp_path)
    system = FakeSystem()
    assert resume(job(system), tmp_path) == folder
    gone_on = run_job(job(system), folder, nothing)
    assert system.asked == ["q2", "q3"]
    whole = run_job(job(), start(job(), tmp_path), nothing)
    assert gone_on.scores == whole.scores
    assert gone_on.summary == whole.summary


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_line_cut_off_by_a_crash_is_asked_again(tmp_path: Path, cut: int) -> None:
    """This test ensures that half a line, cut within a character or not, is dropped and never glued to the next one."""
    folder = broken_off(tmp_path, at="q3")
    path = folder / ANSWERS
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    system = FakeSystem()
    assert asked_so_far(folder) == 1
    assert run_job(job(system), folder, nothing).complete
    assert system.asked == ["q2", "q3"]
    assert [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()] == ["q1", "q2", "q3"]


def test_a_run_that_is_still_going_is_left_alone(tmp_path: Path) -> None:
    """This test ensures that two processes never write the same run, and that the lock is gone with the run."""

    class Twice(FakeSystem):
        def answer(self, question: Question) -> dict[str, Any]:
            with pytest.raises(RunError, match=r"実行中です.*ください"):
                run_job(job(), resume(job(), tmp_path), nothing)
            return super().answer(question)

    folder = start(job(), tmp_path)
    assert run_job(job(Twice()), folder, nothing).complete
    assert len((folder / ANSWERS).read_text(encoding="utf-8").splitlines()) == 3
    assert list(folder.glob("*.lock")) == []


def test_the_newest_broken_run_goes_on(tmp_path: Path) -> None:
    """This test ensures that of several broken runs the last is taken."""
    broken_off(tmp_path)
    newest = broken_off(tmp_path)
    assert resume(job(), tmp_path) == newest


@pytest.mark.parametrize(
    "changes",
    [
        {"questions": question_set(sha256="other")},
        {"system": FakeSystem(name="another")},
        {"index": IndexInfo(("kitei",), "fake", "g2")},
        {"texts": False},
    ],
    ids=["set", "system", "index", "texts"],
)
def test_only_the_same_run_goes_on(tmp_path: Path, changes: dict[str, Any]) -> None:
    """This test ensures that a broken run of another set, system or index is not continued, and the error says so."""
    broken_off(tmp_path)
    with pytest.raises(RunError, match=r"続きから始められる実行がありません.*ください"):
        resume(job(**changes), tmp_path)


def test_a_complete_run_is_not_gone_on_with(tmp_path: Path) -> None:
    """This test ensures that there is nothing to resume after a run came to its end, nor beside a damaged one."""
    run_job(job(), start(job(), tmp_path), nothing)
    damaged = tmp_path / "z-damaged"
    damaged.mkdir()
    (damaged / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError):
        resume(job(), tmp_path)


def test_a_run_without_texts_holds_none(tmp_path: Path) -> None:
    """This test ensures that no text of documents, questions or answers is left, and that the figures are the same."""
    bare = job(texts=False)
    folder = start(bare, tmp_path)
    run = run_job(bare, folder, nothing)
    everything = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert "承認番号" not in everything
    assert TEXT not in everything
    assert not (folder / QUESTIONS).exists()
    assert run.info.texts is False
    assert run.scores == run_job(job(), start(job(), tmp_path), nothing).scores
    assert run.answers["q1"]["citations"][0]["section"] == "試作品の持ち出し"


def test_a_run_without_texts_goes_on_too(tmp_path: Path) -> None:
    """This test ensures that answers keep their texts until the end, so that the first half can still be scored."""
    broken_off(tmp_path, at="q2", texts=False)
    system = FakeSystem()
    folder = resume(job(system, texts=False), tmp_path)
    run = run_job(job(system, texts=False), folder, nothing)
    assert system.asked == ["q2", "q3"]
    assert [score.outcome for score in run.scores] == [Outcome.RIGHT] * 3


def test_a_crash_while_texts_are_taken_out_is_asked_anew(tmp_path: Path) -> None:
    """This test ensures that answers without their texts are never scored: they would count as wrong."""
    bare = job(texts=False)
    folder = start(bare, tmp_path)
    run_job(bare, folder, nothing)
    for name in (SCORES, SUMMARY):
        (folder / name).unlink()
    system = FakeSystem()
    assert resume(job(system, texts=False), tmp_path) == folder
    run = run_job(job(system, texts=False), folder, nothing)
    assert system.asked == ["q1", "q2", "q3"]
    assert [score.outcome for score in run.scores] == [Outcome.RIGHT] * 3


def test_stripping_leaves_errors(tmp_path: Path) -> None:
    """This test ensures that a run without texts still says which questions failed."""
    failing = job(FakeSystem({"q1": ValueError("broken")}), texts=False)
    run = run_job(failing, start(failing, tmp_path), nothing)
    assert run.answers["q1"] == {**strip_texts({"id": "q1", "status": "error"}), "error": "ValueError: broken"}


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """This test ensures that a parent that is a file is one line, before anything is asked."""
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    system = FakeSystem()
    with pytest.raises(RunError, match=r"書けません.*ください"):
        start(job(system), file)
    assert system.asked == []


def test_the_commit_of_this_code() -> None:
    """This test ensures that a run names the commit it was made with, marked where the tree has changes."""
    commit = code_commit()
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(runner.__file__).parent, capture_output=True, text=True, check=False
    )
    if head.returncode:
        assert commit is None
    else:
        assert commit is not None
        assert commit.removesuffix("+") == head.stdout.strip()


def test_no_commit_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that code that lies in somebody else's repository does not take that one's commit."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.setattr(runner, "__file__", str(tmp_path / "runner.py"))
    assert code_commit() is None


def test_no_commit_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a machine without git is no error."""
    monkeypatch.setenv("PATH", "")
    assert code_commit() is None


def test_the_job_counts_what_it_asks() -> None:
    """This test ensures that the total that is shown leaves out what is not asked."""
    assert dataclasses.replace(job(), missing=frozenset({"q1"})).asked == 2
