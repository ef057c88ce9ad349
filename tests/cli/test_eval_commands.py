"""Tests of `mamori eval compare`, `gate` and `validate`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_helpful_line
from tests.cli.eval_set import TARGET, answer, write_answers, write_set
from tests.repository import ROOT


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A question set of three."""
    return write_set(tmp_path / "small.jsonl")


@pytest.fixture
def two_runs(mamori: Run, data: Path, small: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two runs of the set: A has the first question right, B the second."""
    parent = data / "eval" / "runs"
    for name, rows in {
        "a": [answer("q1"), answer("q2", "さあ。")],
        "b": [answer("q1", "はて。"), answer("q2", "14日以内")],
    }.items():
        answers = write_answers(tmp_path / f"{name}.jsonl", *rows)
        assert mamori("eval", "run", "--set", small, "--answers", answers, "--data-dir", data).status == 0
    a, b = sorted(parent.iterdir(), key=lambda folder: folder.name.rpartition("-")[2])
    return a, b


def test_two_runs_compared(mamori: Run, data: Path, two_runs: tuple[Path, Path]) -> None:
    """This test ensures that runs are found by name or folder, and each measure and turned question is shown."""
    a, b = two_runs
    result = mamori("eval", "compare", a.name, b, "--data-dir", data)
    assert result.status == 0, result.err
    lines = result.out.splitlines()
    assert lines[:2] == [f"A: {a.name}", f"B: {b.name}"]
    assert any(line.split()[:4] == ["正答", "33.3％", "33.3％", "+0.0"] for line in lines)
    right, wrong = lines.index("正しくなった質問（1 件）"), lines.index("誤りになった質問（1 件）")
    assert lines[right + 1].split() == ["q2", "持ち出した試作品は何日以内に戻しますか"]
    assert lines[wrong + 1].split()[0] == "q1"


def test_a_comparison_as_json(mamori: Run, data: Path, two_runs: tuple[Path, Path]) -> None:
    """This test ensures that `--json` prints one object with the difference of each measure."""
    values = json.loads(mamori("eval", "compare", *two_runs, "--json", "--data-dir", data).out)
    assert (values["turned_right"], values["turned_wrong"]) == (["q2"], ["q1"])
    assert values["differences"]["right"]["n"] == 3


def test_what_cannot_be_compared(mamori: Run, data: Path, two_runs: tuple[Path, Path], tmp_path: Path) -> None:
    """This test ensures that another set, an incomplete run and a missing one are one line each, exit 1."""
    a, b = two_runs
    other = write_set(tmp_path / "other.jsonl", {"question": "別の質問ですか"})
    mamori("eval", "run", "--set", other, "--data-dir", data, "--output", tmp_path / "others")
    (another,) = (tmp_path / "others").iterdir()
    cases = [(a, another), (a, "none"), (a, tmp_path)]
    (b / "summary.json").unlink()
    for pair in [*cases, (a, b)]:
        result = mamori("eval", "compare", *pair, "--data-dir", data)
        assert (result.status, result.out) == (1, "")
        assert is_one_helpful_line(result.err), result.err


def test_floors_of_a_run(mamori: Run, data: Path, two_runs: tuple[Path, Path]) -> None:
    """This test ensures that held floors exit 0, a broken one exits 1 and is marked in the table."""
    held = mamori("eval", "gate", two_runs[0], "--min", "right=0.3", "--max", "right=0.4", "--data-dir", data)
    assert (held.status, held.err, held.out.count("○")) == (0, "", 2)
    broken = mamori("eval", "gate", two_runs[0], "--min", "right=0.3", "--min", "key_facts=0.9", "--data-dir", data)
    assert (broken.status, broken.out.count("○"), broken.out.count("×")) == (1, 1, 1)
    assert is_one_helpful_line(broken.err)
    assert "90.0％以上" in broken.out


def test_floors_of_a_kind(mamori: Run, data: Path, two_runs: tuple[Path, Path]) -> None:
    """This test ensures that `--kind` looks at that kind alone, and one that the run does not have is said."""
    unanswerable = mamori(
        "eval", "gate", two_runs[0], "--min", "right=0.1", "--kind", "unanswerable", "--data-dir", data
    )
    assert (unanswerable.status, unanswerable.out.split()[-1]) == (1, "×")
    missing = mamori("eval", "gate", two_runs[0], "--min", "right=0.1", "--kind", "why", "--data-dir", data)
    assert (missing.status, missing.out) == (1, "")
    assert is_one_helpful_line(missing.err)


def test_floors_of_a_set_leave_no_run(mamori: Run, data: Path, small: Path) -> None:
    """This test ensures that `--set` runs and checks without leaving a folder, as continuous integration wants it."""
    result = mamori("eval", "gate", "--set", small, "--min", "right=0.9", "--data-dir", data)
    assert (result.status, result.out.count("○")) == (0, 1)
    assert not (data / "eval").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["RUN"],
        ["--min", "right=0.9"],
        ["RUN", "--set", "readme", "--min", "right=0.9"],
        ["RUN", "--min", "wrong=0.9"],
        ["RUN", "--min", "right=high"],
        ["RUN", "--max", "right=90"],
        ["RUN", "--min", "right=0.9", "--kind", "easy"],
        ["RUN", "--min", "right=0.9", "--index", "somewhere"],
    ],
)
def test_wrong_usage_of_gate(mamori: Run, arguments: list[str]) -> None:
    """This test ensures that a measure, number or kind that is none is one line and exit 2, before anything is run."""
    result = mamori("eval", "gate", *arguments)
    assert (result.status, result.out) == (2, "")
    assert is_one_helpful_line(result.err), result.err


def test_a_set_that_fits(mamori: Run, data: Path, small: Path) -> None:
    """This test ensures that kinds, languages and what was looked up are counted."""
    result = mamori("eval", "validate", small, "--data-dir", data)
    assert (result.status, result.err) == (0, "")
    assert "3 問（資料で答えられる 2、答えられない 1）" in result.out
    assert any(line.split() == ["事実", "2", "0"] for line in result.out.splitlines())
    assert "1 件を索引と照合しました" in result.out


def test_own_words(mamori: Run, data: Path, tmp_path: Path) -> None:
    """This test ensures that the share of bigrams of paraphrases and scenarios is shown as their median."""
    path = write_set(tmp_path / "own.jsonl", {"kind": "paraphrase", "question": "品質保証課の承認番号"})
    assert "（言い換え、1 問）：中央値 1.00" in mamori("eval", "validate", path, "--data-dir", data).out


def test_a_set_that_does_not_fit(mamori: Run, data: Path, tmp_path: Path) -> None:
    """This test ensures that a phrase that stands nowhere is named with question and field, exit 1; others are left."""
    targets = [{**TARGET, "phrase": "どこにもない句"}, {**TARGET, "doc_id": "elsewhere"}]
    path = write_set(tmp_path / "bad.jsonl", {"gold": [{"grade": "needed", "targets": targets}]})
    result = mamori("eval", "validate", path, "--index", data)
    assert result.status == 1
    (line,) = [line for line in result.out.splitlines() if "どこにもない句" in line]
    assert line.split()[:2] == ["q1", "gold[0].targets[0].phrase"]
    assert "1 件は索引にない文書" in result.out
    assert "elsewhere" in result.out
    assert is_one_helpful_line(result.err)


def test_a_set_without_an_index(mamori: Run, small: Path, tmp_path: Path) -> None:
    """This test ensures that the format is checked without an index too, which is said; one that is named must be."""
    result = mamori("eval", "validate", small)
    assert (result.status, "索引がないので" in result.err) == (0, True)
    named = mamori("eval", "validate", small, "--index", tmp_path)
    assert named.status == 1
    assert is_one_helpful_line(named.err)


@pytest.mark.parametrize(
    ("line", "named"),
    [('{"id": "q1"}', "1行目"), ("{", "JSON"), ("", "空です"), ('{"id": "q1", "kind": "hard"}', "1行目")],
)
def test_a_file_that_is_no_set(mamori: Run, tmp_path: Path, line: str, named: str) -> None:
    """This test ensures that a bad line is named and nothing else is printed."""
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    result = mamori("eval", "validate", path)
    assert (result.status, result.out) == (1, "")
    assert named in result.err
    assert result.err.count("\n") == 1


def test_the_help_of_eval_imports_nothing_heavy() -> None:
    """This test ensures that the help, and with it every other command, loads none of what an evaluation needs."""
    code = (
        "import sys\nfrom cli import run\nrun(['eval', '--help'])\n"
        "print([name for name in ('numpy', 'scipy', 'pandas', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
