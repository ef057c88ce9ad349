"""Tests of `mamori eval run` with a language model, over the real client against the scripted server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_helpful_line
from tests.cli.eval_set import answer, write_answers, write_set
from tests.cli.llm import KEY, Play, needs_openai, playing

pytestmark = needs_openai


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Sets a server of a personality as the language model."""
    return playing(monkeypatch)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A question set of three."""
    return write_set(tmp_path / "small.jsonl")


def info(data: Path) -> dict[str, object]:
    """What the one run of a data folder was run on."""
    (folder,) = (data / "eval" / "runs").iterdir()
    found: dict[str, object] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


def test_a_good_model_is_named_and_its_sentences_counted(mamori: Run, data: Path, small: Path, play: Play) -> None:
    """This test ensures that the run says which model wrote, and the table how each sentence is supported."""
    with play("good"):
        result = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert (result.status, result.out.splitlines()[0]) == (0, "small（3 問）、mamori+openai:scripted"), result.err
    rows = [line.split() for line in result.out.splitlines()]
    (verbatim,) = [row for row in rows if row[:1] == ["資料の文のまま"]]
    assert (int(verbatim[1]) > 0, verbatim[2]) == (True, "100.0％")
    named = info(data)
    assert (named["system"], named["model"], named["generated"]) == ("mamori+openai:scripted", "openai:scripted", True)
    assert KEY not in json.dumps(named)


def test_an_inventing_model_is_counted(mamori: Run, data: Path, small: Path, play: Play) -> None:
    """This test ensures that markers that were invented are gone from the answers and counted, texts kept or not."""
    with play("invents_markers"):
        result = mamori("eval", "run", "--set", small, "--no-texts", "--json", "--data-dir", data)
    counts = json.loads(result.out)["generated"]
    assert counts["removed_markers"] > 0
    assert counts["sentences"]["unsupported"] == 0
    assert json.loads(result.out)["groups"]["all"]["citation_validity"]["mean"] == 1.0


def test_a_model_that_fails_is_counted(mamori: Run, data: Path, small: Path, play: Play) -> None:
    """This test ensures that extractive answers do not pass for the model's."""
    with play("unauthorised"):
        result = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert result.status == 0
    assert "その文章を答えにしたもの 0（問題のあったもの：not_permitted" in result.out


def test_the_model_of_the_command_line(
    mamori: Run, data: Path, small: Path, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that `--llm` names the model, and `--no-llm` measures without the environment's."""
    with play("good") as server:
        monkeypatch.setenv("MAMORI_LLM", "wrong")
        assert mamori("eval", "run", "--set", small, "--llm", "openai:other", "--data-dir", data).status == 0
        assert server.requests[-1].body["model"] == "other"
        asked = len(server.requests)
        floor = ["--min", "key_facts=0.1"]
        assert mamori("eval", "gate", "--set", small, *floor, "--no-llm", "--data-dir", data).status == 0
        assert len(server.requests) == asked
    assert info(data)["model"] == "openai:other"


def test_without_a_model_nothing_is_said_of_one(mamori: Run, data: Path, small: Path) -> None:
    """This test ensures that a run without a model is as it was."""
    result = mamori("eval", "run", "--set", small, "--data-dir", data)
    assert "言語モデル" not in result.out
    assert (info(data)["system"], info(data)["generated"]) == ("mamori", False)


@pytest.mark.parametrize(
    "arguments", [["--system", "bm25-bigrams"], ["--answers", "{answers}"], ["--no-llm"]], ids=lambda given: given[0]
)
def test_wrong_usage(mamori: Run, small: Path, tmp_path: Path, arguments: list[str]) -> None:
    """This test ensures that a model for what is not Mamori's answer is one line and exit 2."""
    answers = write_answers(tmp_path / "theirs.jsonl", answer("q1"))
    given = [one.format(answers=answers) for one in arguments]
    result = mamori("eval", "run", "--set", small, "--llm", "openai:m", *given)
    assert (result.status, result.out) == (2, "")
    assert is_one_helpful_line(result.err)
