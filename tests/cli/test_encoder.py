"""Tests of `mamori encoder compare`, with the bundled encoder on four paragraphs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_helpful_line

PARAGRAPHS = {
    "p1": "緑茶は八十度の湯で淹れます。熱い湯では渋くなります。",
    "p2": "生地を発酵させます。三十度で一時間おきます。",
    "p3": "茶葉は湿気を避けて保管します。缶に入れます。",
    "p4": "パンは網の上で冷まします。袋にはすぐ入れません。",
}
QUESTIONS = {"q1": "緑茶は何度の湯で淹れますか", "q2": "生地はどうしますか", "q3": "誰も答えない質問"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in BEIR layout; nothing answers the third question."""
    for name, rows in (("corpus", PARAGRAPHS), ("queries", QUESTIONS)):
        lines = [json.dumps({"_id": key, "text": text}) + "\n" for key, text in rows.items()]
        (tmp_path / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp2\t1\n", encoding="utf-8")
    return tmp_path


def test_a_table_of_both_models(mamori: Run, folder: Path) -> None:
    """This test ensures that each way to search is a row of six figures, and that what was left out is said."""
    result = mamori("encoder", "compare", "bundled", "bundled+adapted", folder)
    about, head, *rows = result.out.splitlines()
    assert result.status == 0
    assert "文章 4、質問 2" in about
    figures = ["R@1", "R@10", "MRR@10"]
    assert head.split() == ["モデル", "検索", *(f for part in ("全体", "難問") for one in figures for f in (part, one))]
    assert [row.split()[0] for row in rows] == ["－", *["bundled"] * 6, *["bundled+adapted"] * 6]
    assert rows[0].split()[1:] == ["BM25だけ", *["100.0"] * 6]
    assert "1 件" in result.err


def test_json(mamori: Run, folder: Path) -> None:
    """This test ensures that `--json` prints one object and nothing else."""
    result = mamori("encoder", "compare", "bundled", "bundled", folder, "--json")
    values = json.loads(result.out)
    assert (values["paragraphs"], values["questions"], values["unjudged"], len(values["lines"])) == (4, 2, 1, 13)
    assert values["lines"][0] == {
        "encoder": None,
        "method": "bm25",
        "weight": None,
        "overall": {"recall_at_1": 100.0, "recall_at_10": 100.0, "mrr_at_10": 100.0},
        "hard": {"recall_at_1": 100.0, "recall_at_10": 100.0, "mrr_at_10": 100.0},
    }


def test_what_is_missing_is_named(mamori: Run, folder: Path) -> None:
    """This test ensures that a folder, a file, a model or a line that is not right is one line, named, exit 1."""
    (folder / "qrels.tsv").write_text("head\nq1\tp1\t1\nq1\tp1\n", encoding="utf-8")
    bad_line = mamori("encoder", "compare", "bundled", "bundled", folder)
    (folder / "qrels.tsv").unlink()
    no_file = mamori("encoder", "compare", "bundled", "bundled", folder)
    no_folder = mamori("encoder", "compare", "bundled", "bundled", folder / "nowhere")
    for result, named in ((bad_line, "3行目"), (no_file, "qrels.tsv"), (no_folder, "nowhere")):
        assert (result.status, result.out) == (1, "")
        assert is_one_helpful_line(result.err), result.err
        assert named in result.err


def test_a_damaged_model_is_named(mamori: Run, folder: Path, tmp_path: Path) -> None:
    """This test ensures that a folder that holds no whole model is one line, before anything is searched."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "mamori.json").write_text("{}", encoding="utf-8")
    result = mamori("encoder", "compare", model, "bundled", folder)
    assert (result.status, result.out) == (1, "")
    assert is_one_helpful_line(result.err), result.err
    assert "model" in result.err
