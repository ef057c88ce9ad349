"""Tests of `mamori eval run` and `mamori eval runs` over a small index, other systems' answers, and paragraphs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.beir import BeirSet, Paragraph, write_beir
from eval.errors import RunError
from eval.runner import asked_so_far
from eval.systems import MamoriSystem
from tests.cli.conftest import TEXT, Run, is_one_helpful_line
from tests.cli.eval_set import answer, write_answers, write_set


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A question set of three."""
    return write_set(tmp_path / "small.jsonl")


def folders(data: Path) -> list[Path]:
    """The run folders of a data folder, oldest first."""
    parent = data / "eval" / "runs"
    return sorted(parent.iterdir()) if parent.is_dir() else []


def interrupting(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """Let Ctrl+C come when a question is asked."""
    answer_as_usual = MamoriSystem.answer

    def answer_or_stop(system: MamoriSystem, question: Any) -> dict[str, Any]:  # noqa: ANN401
        if question.id == at:
            raise KeyboardInterrupt
        return answer_as_usual(system, question)

    monkeypatch.setattr(MamoriSystem, "answer", answer_or_stop)


def test_a_run_leaves_figures_and_a_report(mamori: Run, data: Path, small: Path) -> None:
    """This test ensures that a run prints every measure and each kind, and leaves a folder with a report, named."""
    result = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert result.status == 0, result.err
    head, columns, *rows = result.out.splitlines()
    assert (head, columns.split()) == ("small（3 問）、mamori", ["指標", "平均", "95％区間", "質問数"])
    assert any(row.split() == ["正答", "100.0％", "100.0–100.0", "3"] for row in rows)
    assert any(row.split()[:3] == ["資料にない", "1", "100.0％"] for row in rows)
    (folder,) = folders(data)
    assert str(folder) in result.err
    written = {"run.json", "questions.jsonl", "answers.jsonl", "scores.jsonl", "summary.json", "report.html"}
    assert {path.name for path in folder.iterdir()} == written


def test_figures_come_even_without_a_report(
    mamori: Run, data: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a report that cannot be written is said, and costs neither the run nor its table."""

    def full(run: object, beside: object) -> None:
        raise RunError("ディスクの空き容量がありません。空けてください。")

    monkeypatch.setattr("eval.report.write_report", full)
    result = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert (result.status, "正答" in result.out) == (1, True)
    assert is_one_helpful_line(result.err)
    assert "完了" in mamori("eval", "runs", "--data-dir", data).out


def test_json_is_the_summary_and_nothing_else(mamori: Run, data: Path, small: Path) -> None:
    """This test ensures that `--json` prints one object that says what the run's own summary says."""
    result = mamori("eval", "run", "--set", small, "--json", "--data-dir", data)
    (folder,) = folders(data)
    assert json.loads(result.out) == json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def test_a_set_of_ones_own_by_name(mamori: Run, data: Path) -> None:
    """This test ensures that a set in the data folder is found by its name, and an index by its folder."""
    (data / "eval" / "questions").mkdir(parents=True)
    write_set(data / "eval" / "questions" / "own.jsonl")
    assert mamori("eval", "run", "--set", "own", "--data-dir", data).out.startswith("own（3 問）")
    (folder,) = folders(data)
    elsewhere = folder.parent.parent / "elsewhere"
    index = data / "index"
    result = mamori("eval", "run", "--set", "own", "--index", index, "--output", elsewhere, "--data-dir", data)
    assert result.status == 0
    assert (len(folders(data)), len(list(elsewhere.iterdir()))) == (1, 1)


def test_answers_of_another_system(mamori: Run, data: Path, small: Path, tmp_path: Path) -> None:
    """This test ensures that answers from a file are scored under their name, and those that lack count as zero."""
    answers = write_answers(tmp_path / "theirs.jsonl", answer("q1"), {"id": "q3", "status": "not_in_corpus"})
    result = mamori("eval", "run", "--set", small, "--answers", answers, "--name", "相手", "--data-dir", data)
    assert (result.status, result.out.splitlines()[0]) == (0, "small（3 問）、相手")
    assert "答えのない質問が 1 件" in result.err
    assert any(row.split()[:2] == ["正答", "66.7％"] for row in result.out.splitlines())


def test_errors_count_as_zero_and_are_said(
    mamori: Run, data: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a fault on one question neither ends the run nor stays unsaid."""
    monkeypatch.setattr(MamoriSystem, "answer", lambda system, question: {}["lost\n"])
    result = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert result.status == 0
    assert "3 問はエラーで結果がなく" in result.err
    assert "q1: KeyError" in result.err
    assert any(row.split()[:2] == ["正答", "0.0％"] for row in result.out.splitlines())


def test_without_texts_no_text_is_left(mamori: Run, data: Path, small: Path) -> None:
    """This test ensures that `--no-texts` leaves no line of the documents in any file, the report included."""
    assert mamori("eval", "run", "--set", small, "--no-texts", "--data-dir", data).status == 0
    (folder,) = folders(data)
    everything = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    lines = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if line in everything] == []
    assert not (folder / "questions.jsonl").exists()


def test_an_interruption_and_going_on(mamori: Run, data: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that Ctrl+C says how far it came, exits 130, and that `--resume` ends the same run."""
    with monkeypatch.context() as patched:
        interrupting(patched, "q3")
        stopped = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert (stopped.status, stopped.out) == (130, "")
    assert "3 問のうち 2 問まで終わりました" in stopped.err
    assert "--resume" in stopped.err
    (folder,) = folders(data)
    assert asked_so_far(folder) == 2
    gone_on = mamori("eval", "run", "--set", small, "--resume", "--data-dir", data)
    assert (gone_on.status, folders(data)) == (0, [folder])
    assert "2 問は済み" in gone_on.err
    assert (folder / "report.html").is_file()
    nothing_left = mamori("eval", "run", "--set", small, "--resume", "--data-dir", data)
    assert (nothing_left.status, nothing_left.out) == (1, "")
    assert is_one_helpful_line(nothing_left.err)


def test_going_on_with_another_program_is_said(
    mamori: Run, data: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a run of which the program changed on the way does not pass for one of a piece."""
    with monkeypatch.context() as patched:
        interrupting(patched, "q2")
        mamori("eval", "run", "--set", small, "--data-dir", data)
    monkeypatch.setattr("eval.runner.code_commit", lambda: "0" * 40)
    assert "プログラムが変わっています" in mamori("eval", "run", "--set", small, "--resume", "--data-dir", data).err


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """A folder in BEIR layout."""
    paragraphs = (
        Paragraph("p1", "お茶", "緑茶は八十度の湯で淹れます。"),
        Paragraph("p2", "パン", "生地を発酵させます。"),
    )
    questions = {"a": "緑茶は何度の湯で淹れますか", "b": "生地はどうしますか"}
    write_beir(BeirSet(paragraphs, questions, {"a": frozenset({"p1"}), "b": frozenset({"p2"})}), tmp_path / "tea")
    return tmp_path / "tea"


def test_a_folder_in_beir_layout(mamori: Run, tea: Path, tmp_path: Path) -> None:
    """This test ensures that paragraphs run through the same command, with retrieval figures and no texts left."""
    result = mamori("eval", "run", "--set", tea, "--data-dir", tmp_path / "data")
    assert result.status == 0, result.err
    figures = {row.split()[0]: row.split()[1] for row in result.out.splitlines()[2:] if row}
    assert (figures["再現率@1"], figures["MRR@10"], figures["nDCG@10"]) == ("100.0％", "100.0％", "100.0％")
    assert "正答" not in figures
    (folder,) = folders(tmp_path / "data")
    assert "八十度" not in "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())


def test_runs_beside_each_other(mamori: Run, data: Path, small: Path, tea: Path, tmp_path: Path) -> None:
    """This test ensures that a report shows another run's system, and that one of another set is refused before all."""
    answers = write_answers(tmp_path / "theirs.jsonl", answer("q1"))
    mamori("eval", "run", "--set", small, "--answers", answers, "--name", "theirs", "--data-dir", data)
    (theirs,) = folders(data)
    assert mamori("eval", "run", "--set", small, "--beside", theirs.name, "--data-dir", data).status == 0
    ours = next(folder for folder in folders(data) if folder != theirs)
    assert "theirs" in (ours / "report.html").read_text(encoding="utf-8")
    refused = mamori("eval", "run", "--set", tea, "--beside", theirs, "--data-dir", data)
    assert (refused.status, len(folders(data))) == (1, 2)
    assert "別の質問セット" in refused.err


def test_the_list_of_runs(mamori: Run, data: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that runs are listed newest first with their figures, broken and damaged ones said to be so."""
    empty = mamori("eval", "runs", "--data-dir", data)
    assert (empty.status, "記録はありません" in empty.out) == (0, True)
    mamori("eval", "run", "--set", small, "--data-dir", data)
    with monkeypatch.context() as patched:
        interrupting(patched, "q2")
        mamori("eval", "run", "--set", small, "--data-dir", data)
    damaged = data / "eval" / "runs" / "0-damaged"
    damaged.mkdir()
    (damaged / "run.json").write_text("{", encoding="utf-8")
    result = mamori("eval", "runs", "--data-dir", data)
    head, *rows = result.out.splitlines()
    assert (result.status, head.split()[-2:]) == (0, ["正答", "要点"])
    by_name = {row.split()[0]: row for row in rows}
    assert list(by_name) == sorted(by_name, reverse=True)
    assert [row for row in rows if "完了" in row and row.split()[-2:] == ["100.0％", "100.0％"]]
    assert [row for row in rows if "途中（1 問）" in row]
    assert "壊れて" in by_name["0-damaged"]


BAD = {
    "no such set": ["--set", "nowhere"],
    "a set that is not one": ["--set", "{bad}"],
    "no such index": ["--set", "{small}", "--index", "{tmp}"],
    "no such system": ["--set", "{small}", "--system", "gpt"],
    "answers to other questions": ["--set", "{small}", "--answers", "{other}"],
    "no such run beside": ["--set", "{small}", "--beside", "none"],
    "an index for paragraphs": ["--set", "{tea}", "--index", "{data}"],
    "an output that is a file": ["--set", "{small}", "--output", "{small}"],
    "nothing to go on with": ["--set", "{small}", "--resume"],
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD.keys())
def test_what_is_wrong_is_said_before_anything_is_written(
    mamori: Run, data: Path, small: Path, tea: Path, tmp_path: Path, arguments: list[str]
) -> None:
    """This test ensures that bad input is one line, exit 1, and leaves no run behind."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "q1"}\n', encoding="utf-8")
    other = write_answers(tmp_path / "other.jsonl", answer("z9"))
    places = {"bad": bad, "small": small, "tea": tea, "tmp": tmp_path, "other": other, "data": data}
    result = mamori("eval", "run", *(one.format(**places) for one in arguments), "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("mamori: ")
    assert result.err.count("\n") == 1
    assert "思わぬ" not in result.err
    assert folders(data) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--set", "readme", "--answers", "a.jsonl", "--system", "bm25-bigrams"],
        ["--set", "readme", "--name", "x"],
        ["--set", "readme", "--answers", "a.jsonl", "--name", " "],
        ["--set", "readme", "--top-k", "0"],
    ],
)
def test_wrong_usage(mamori: Run, arguments: list[str]) -> None:
    """This test ensures that options that contradict each other are one line and exit 2."""
    result = mamori("eval", "run", *arguments)
    assert (result.status, result.out) == (2, "")
    assert is_one_helpful_line(result.err), result.err


def test_without_an_index_it_says_what_to_run(mamori: Run, small: Path) -> None:
    """This test ensures that a first run without an index names the command that builds one."""
    result = mamori("eval", "run", "--set", small)
    assert result.status == 1
    assert "mamori index build" in result.err
    assert is_one_helpful_line(result.err)
