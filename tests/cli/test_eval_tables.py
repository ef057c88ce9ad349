"""Tests of `mamori eval export`, `import` and `template`."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.question_set import read_set
from eval.tables.columns import NAMES
from tests.cli.conftest import Run, is_one_helpful_line
from tests.cli.eval_set import write_set


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A question set of three."""
    return write_set(tmp_path / "small.jsonl")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_set_goes_to_a_table_and_back(mamori: Run, small: Path, suffix: str, tmp_path: Path) -> None:
    """This test ensures that a set exported and imported is the same, and that the person is told what was written."""
    table, back = tmp_path / f"table{suffix}", tmp_path / "back.jsonl"
    exported = mamori("eval", "export", small, table)
    assert (exported.status, exported.out) == (0, "")
    assert f"{table} に 3 問を書き出しました。" in exported.err
    imported = mamori("eval", "import", table, back)
    assert imported.status == 0
    assert f"mamori eval validate {back}" in imported.err
    assert "CP932" not in imported.err
    assert read_set(back).questions == read_set(small).questions
    assert mamori("eval", "validate", back).status == 0


def test_a_set_by_its_name(mamori: Run, small: Path, tmp_path: Path) -> None:
    """This test ensures that a person's own set in the data folder is exported by its name."""
    own = tmp_path / "data" / "eval" / "questions" / "mine.jsonl"
    own.parent.mkdir(parents=True)
    own.write_bytes(small.read_bytes())
    result = mamori("eval", "export", "mine", tmp_path / "mine.csv", "--data-dir", tmp_path / "data")
    assert result.status == 0
    assert (tmp_path / "mine.csv").read_bytes().startswith(b"\xef\xbb\xbfid,question,")


def test_cp932_is_said(mamori: Run, small: Path, tmp_path: Path) -> None:
    """This test ensures that a table in the old encoding of Excel is read, and that the person is told to look."""
    table = tmp_path / "table.csv"
    mamori("eval", "export", small, table)
    table.write_bytes(table.read_text(encoding="utf-8-sig").encode("cp932"))
    result = mamori("eval", "import", table, tmp_path / "back.jsonl")
    assert result.status == 0
    assert "CP932（シフトJIS）として読みました" in result.err
    assert read_set(tmp_path / "back.jsonl").questions == read_set(small).questions


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_template_is_a_table_without_questions(mamori: Run, suffix: str, tmp_path: Path) -> None:
    """This test ensures that a template is written, and that importing it unfilled says where to write."""
    path = tmp_path / f"empty{suffix}"
    assert mamori("eval", "template", path).status == 0
    result = mamori("eval", "import", path, tmp_path / "set.jsonl")
    assert result.status == 1
    assert is_one_helpful_line(result.err)
    assert "2行目から" in result.err
    assert not (tmp_path / "set.jsonl").exists()


@pytest.mark.parametrize("command", ["export", "import", "template"])
def test_what_is_there_is_kept(mamori: Run, small: Path, command: str, tmp_path: Path) -> None:
    """This test ensures that no command writes over a file unless --force says so."""
    out = tmp_path / ("out.jsonl" if command == "import" else "out.csv")
    mamori("eval", "export", small, tmp_path / "in.csv")
    out.write_text("mine", encoding="utf-8")
    arguments = {"export": (small, out), "import": (tmp_path / "in.csv", out), "template": (out,)}[command]
    refused = mamori("eval", command, *arguments)
    assert refused.status == 1
    assert is_one_helpful_line(refused.err)
    assert "--force" in refused.err
    assert out.read_text(encoding="utf-8") == "mine"
    assert mamori("eval", command, *arguments, "--force").status == 0
    assert out.read_text(encoding="utf-8") != "mine"


def test_a_mistake_leaves_nothing_behind(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a table with a mistake is one line with row and column, and no set is written."""
    table = tmp_path / "table.csv"
    table.write_text(f"{','.join(NAMES)}\nq1,何日？,ja,fuct,,TRUE,,,,\n", encoding="utf-8")
    result = mamori("eval", "import", table, tmp_path / "set.jsonl")
    assert result.status == 1
    assert is_one_helpful_line(result.err)
    assert "2行目の kind" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("export", "nowhere.jsonl", "out.csv"), "「nowhere.jsonl」がありません"),
        (("export", "readme", "out.txt"), ".csv か .xlsx"),
        (("import", "nowhere.csv", "out.jsonl"), "「nowhere.csv」を読めません"),
        (("import", "nowhere.csv", "out.json"), ".jsonl で終わる"),
        (("template", "out"), ".csv か .xlsx"),
    ],
)
def test_wrong_names_are_explained(
    mamori: Run, arguments: tuple[str, ...], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that a file or set that is not there or not what its name says is one line."""
    monkeypatch.chdir(tmp_path)
    result = mamori("eval", *arguments)
    assert result.status == 1
    assert is_one_helpful_line(result.err)
    assert problem in result.err
    assert list(tmp_path.glob("out*")) == []
