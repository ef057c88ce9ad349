"""Tests of run folders: what is written is read again, what a crash left is survived, what is damaged is named."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.errors import EvaluationError, RunError
from eval.models import Interval, Kind, Outcome, Summary
from eval.runs import (
    ANSWERS,
    INFO,
    QUESTIONS,
    SCHEMA,
    SCORES,
    SUMMARY,
    IndexInfo,
    RunInfo,
    append_answer,
    create,
    folder_name,
    read_info,
    read_run,
    run_folders,
    strip_texts,
    write_scores,
)
from tests.eval.fake_systems import ENGLISH, OTHER, QUESTION, answered
from tests.eval.samples import score

INDEX = IndexInfo(("kitei",), "fake", "g1")
INFORMATION = RunInfo("2026-01-05T09:30:07+09:00", "0123456789abcdef+", "small", "5e7", 3, "mamori", INDEX)
QUESTIONS_ASKED = (QUESTION, OTHER, ENGLISH)
SCORED = [
    score("q1", {"right": 1.0, "length": 17.0, "recall@1": None}, facts_found=(True,), gold_ranks=(None, 3)),
    score("q2", {"right": 0.0}, kind=Kind.UNANSWERABLE, outcome=Outcome.ANSWERED_ANYWAY, invalid_citations=(2,)),
]
SUMMED = Summary(
    {"all": {"right": Interval(0.5, 0.0, 1.0, 2), "recall@1": Interval(None, None, None, 0)}},
    {"all": {Outcome.RIGHT: 1, Outcome.ANSWERED_ANYWAY: 1}},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run with two answers so far."""
    made = create(tmp_path, INFORMATION, QUESTIONS_ASKED)
    append_answer(made, answered("q1"))
    append_answer(made, answered("q2", note="\u2028"))
    return made


@pytest.fixture
def complete(folder: Path) -> Path:
    """The same run, scored."""
    write_scores(folder, SCORED, SUMMED)
    return folder


def damaged(folder: Path, file: str) -> str:
    """The one line that says that a file of a run is damaged, and what to do."""
    with pytest.raises(EvaluationError) as caught:
        read_run(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder / file) in message
    assert message.endswith("ください。")
    return message


def test_a_run_is_read_as_it_was_written(complete: Path) -> None:
    """This test ensures that information, questions, answers, scores and summary come back as they were."""
    run = read_run(complete)
    assert run.info == read_info(complete) == INFORMATION
    assert run.questions == QUESTIONS_ASKED
    assert run.answers == {"q1": answered("q1"), "q2": answered("q2", note="\u2028")}
    assert list(run.scores) == SCORED
    assert run.summary == SUMMED
    assert run.complete
    assert run.name == complete.name == "2026-01-05T093007-01234567-small-mamori"


def test_a_run_without_a_summary_is_not_complete(folder: Path) -> None:
    """This test ensures that scores without the summary, which is written last, do not count."""
    assert not read_run(folder).complete
    write_scores(folder, SCORED, SUMMED)
    (folder / SUMMARY).unlink()
    run = read_run(folder)
    assert (run.complete, run.scores, run.summary) == (False, (), None)
    assert run.answers.keys() == {"q1", "q2"}


def test_a_run_of_nothing_yet(tmp_path: Path) -> None:
    """This test ensures that a run that has no answer yet is read, and one without index and commit as well."""
    info = replace(INFORMATION, commit=None, index=IndexInfo(("kitei",)))
    run = read_run(create(tmp_path, info, [QUESTION]))
    assert (run.info, run.questions, run.answers) == (info, (QUESTION,), {})
    assert "-nocommit-" in run.name


def test_the_last_answer_to_a_question_holds(folder: Path) -> None:
    """This test ensures that an answer that was asked for again takes the place of the one before."""
    append_answer(folder, answered("q1", answer="別の答え"))
    assert read_run(folder).answers["q1"]["answer"] == "別の答え"


@pytest.mark.parametrize("torn", ['{"id": "q3"', '{"id": "q3", "status": "answ', '{"id": "q3", "answer": "資'])
@pytest.mark.parametrize("cut", [0, 1])
def test_a_torn_last_line_is_dropped(folder: Path, torn: str, cut: int) -> None:
    """This test ensures that what a crash cut off, also inside a character, costs its own answer only."""
    with (folder / ANSWERS).open("ab") as handle:
        handle.write(torn.encode()[: len(torn.encode()) - cut])
    assert read_run(folder).answers.keys() == {"q1", "q2"}


def test_a_whole_object_without_its_line_end_is_torn(folder: Path) -> None:
    """This test ensures that a last line counts only with its line end, which is written last."""
    with (folder / ANSWERS).open("ab") as handle:
        handle.write(b'{"id": "q3"}')
    assert read_run(folder).answers.keys() == {"q1", "q2"}


@pytest.mark.parametrize("line", [b"{", b'{"id": "q', "答え".encode("cp932"), b"5", b"null", b'["id"]', b'"id"'])
def test_a_broken_line_in_the_middle_is_named(folder: Path, line: bytes) -> None:
    """This test ensures that a line that no crash leaves, before the end, is named with its number."""
    path = folder / ANSWERS
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + line + b"\n" + second)
    assert "の2行目が壊れています" in damaged(folder, ANSWERS)


def test_half_a_character_in_an_answer(folder: Path) -> None:
    """This test ensures that a lone surrogate of another system's answer is stored and comes back."""
    append_answer(folder, answered("q3", answer="\ud800"))
    assert read_run(folder).answers["q3"]["answer"] == "\ud800"


def test_no_run_at_all(tmp_path: Path) -> None:
    """This test ensures that a folder without a run, and none, are said to be no run, with what is missing."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RunError, match=f"評価の記録ではありません（{INFO} がありません）.*ください") as caught:
            read_run(folder)
        assert str(folder) in str(caught.value)


def test_a_run_of_another_version(complete: Path) -> None:
    """This test ensures that a run of another schema is refused by its number, not misread."""
    info = json.loads((complete / INFO).read_text(encoding="utf-8"))
    (complete / INFO).write_text(json.dumps({**info, "schema": SCHEMA + 1, "new": []}), encoding="utf-8")
    for read in (read_run, read_info):
        with pytest.raises(RunError, match=f"別の版の記録です（{SCHEMA + 1}）.*実行し直してください"):
            read(complete)


@pytest.mark.parametrize("file", [INFO, QUESTIONS, SCORES, SUMMARY])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"groups": 3, "id": "q1"}', "記録".encode("cp932")], ids=repr)
def test_a_damaged_file_is_named(complete: Path, file: str, content: bytes) -> None:
    """This test ensures that each file of a complete run, emptied, cut off or of other content, is named."""
    (complete / file).write_bytes(content)
    damaged(complete, file)


def test_scores_that_are_gone(complete: Path) -> None:
    """This test ensures that a summary without its scores is a damaged run, not one without scores."""
    (complete / SCORES).unlink()
    assert "読めません" in damaged(complete, SCORES)


WORDS = ("一", "二", "三", "四", "五", "六", "七", "八")
FULL: Mapping[str, Any] = {
    "id": "q1",
    "question": f"質問{WORDS[0]}",
    "standalone_question": f"質問{WORDS[1]}",
    "status": "answered",
    "answer": f"答え{WORDS[2]}[1]",
    "sentences": [{"text": f"答え{WORDS[3]}", "markers": [1], "status": "verbatim"}],
    "citations": [
        {
            "marker": 1,
            "doc_id": "kitei",
            "section": "章",
            "start_page": 3,
            "end_page": 4,
            "page_label": "2",
            "quote": f"引用{WORDS[4]}",
            "status": "verbatim",
        }
    ],
    "passages": [
        {
            "rank": 1,
            "doc_id": "kitei",
            "section": "章",
            "start_page": 3,
            "end_page": 3,
            "text": f"本文{WORDS[5]}",
            "score": 0.5,
        }
    ],
    "notes": [f"注{WORDS[6]}"],
    "suggestions": [f"質問{WORDS[7]}"],
    "timing_ms": {"retrieve": 1.0, "answer": 1.0, "total": 2.0},
}


def test_no_text_is_left() -> None:
    """This test ensures that without texts an answer keeps ids, places, statuses, scores and times, and no words."""
    bare = strip_texts(FULL)
    assert not [word for word in WORDS if word in json.dumps(bare, ensure_ascii=False)]
    assert (bare["id"], bare["status"], bare["timing_ms"]) == ("q1", "answered", FULL["timing_ms"])
    (citation,), (passage,) = bare["citations"], bare["passages"]
    assert citation.items() >= {"marker": 1, "doc_id": "kitei", "section": "章", "start_page": 3, "end_page": 4}.items()
    assert passage.items() >= {"rank": 1, "doc_id": "kitei", "section": "章", "start_page": 3, "score": 0.5}.items()


def test_no_text_is_left_of_fields_of_another_systems_own() -> None:
    """This test ensures that text in fields that the contract does not know is taken out as well."""
    place = {"doc_id": "kitei", "section": "章"}
    row = {
        **FULL,
        "context": WORDS[0],
        "citations": [{**place, "marker": 1, "quote": "", "text": WORDS[1], "meta": {"content": WORDS[2]}}],
        "passages": [{**place, "rank": 1, "text": "", "highlight": WORDS[3], "quote": WORDS[4]}],
        "timing_ms": {"total": 1.0, "log": WORDS[5]},
    }
    assert not [word for word in WORDS if word in json.dumps(strip_texts(row), ensure_ascii=False)]


def test_an_error_is_kept_without_texts() -> None:
    """This test ensures that a question that failed is still known to have, and why."""
    assert strip_texts({"id": "q1", "status": "error", "error": "timeout"}) == {
        "id": "q1",
        "status": "error",
        "error": "timeout",
        "citations": [],
        "passages": [],
    }


def test_a_run_without_texts_has_no_questions(tmp_path: Path) -> None:
    """This test ensures that the questions are not written where texts are not wanted."""
    folder = create(tmp_path, replace(INFORMATION, texts=False), QUESTIONS_ASKED)
    assert [path.name for path in folder.iterdir()] == [INFO]
    assert read_run(folder).questions == ()


def test_runs_of_the_same_second_get_numbers(tmp_path: Path) -> None:
    """This test ensures that a second run within a second has a folder of its own, and the first is not touched."""
    folders = [create(tmp_path, INFORMATION, [question]) for question in QUESTIONS_ASKED]
    name = folder_name(INFORMATION)
    assert [folder.name for folder in folders] == [name, f"{name}-2", f"{name}-3"]
    assert [read_run(folder).questions for folder in folders] == [(QUESTION,), (OTHER,), (ENGLISH,)]


@pytest.mark.parametrize(
    "name",
    ["../../up", "/root", "..", "", " ", "a/b", "a\\b", "a\0b", "a\nb", "C:\\x", "~", "*", "会議 （案）", "x" * 300],
)
def test_odd_names_stay_in_their_folder(name: str, tmp_path: Path) -> None:
    """This test ensures that whatever set, system and commit are called, the run is one folder right below."""
    parent = tmp_path / "runs"
    info = replace(INFORMATION, set_name=name, system=name, commit=name)
    folder = create(parent, info, QUESTIONS_ASKED)
    assert folder.parent == parent
    assert folder.resolve().parent == parent.resolve()
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    assert list(parent.iterdir()) == [folder]
    assert not set(folder.name) & set('/\\:*?"<>| \0\n')
    assert read_run(folder).info == info


def test_runs_come_newest_first(tmp_path: Path) -> None:
    """This test ensures that only folders with a run are listed, by date, and that no folder at all is no run."""
    older = create(tmp_path, replace(INFORMATION, created="2025-12-31T23:59:59+09:00"), [])
    newer = create(tmp_path, INFORMATION, [])
    (tmp_path / "other").mkdir()
    (tmp_path / INFO).write_text("{}", encoding="utf-8")
    assert run_folders(tmp_path) == [newer, older]
    assert run_folders(tmp_path / "nowhere") == run_folders(tmp_path / INFO) == []


def test_nowhere_to_write(tmp_path: Path, folder: Path) -> None:
    """This test ensures that a file in the folder's place is one line, for a new run and for an answer."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match=r"書けません.*ください"):
        create(tmp_path / "file", INFORMATION, QUESTIONS_ASKED)
    with pytest.raises(RunError, match=r"書けません.*ください"):
        append_answer(tmp_path / "file", answered("q1"))
    with pytest.raises(RunError, match=r"書けません.*ください"):
        append_answer(tmp_path / "nowhere", answered("q1"))


def test_a_full_disk_leaves_a_run_that_is_not_complete(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that scores that cannot be written leave the answers, no summary and no part of a file."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RunError, match="空き容量"):
            write_scores(folder, SCORED, SUMMED)
    assert sorted(path.name for path in folder.iterdir()) == sorted([INFO, QUESTIONS, ANSWERS])
    assert not read_run(folder).complete
