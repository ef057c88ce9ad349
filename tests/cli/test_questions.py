"""Tests of `mamori ask --questions IN.jsonl --output OUT.jsonl`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from tests.cli.conftest import Result, Run, is_one_helpful_line
from tests.cli.test_ask import KEYS

GOOD = '{"id": "g", "question": "試作品を社外へ持ち出すとき、何を記入しますか"}'


class Batch:
    """Runs lines through the command and reads what it wrote."""

    def __init__(self, mamori: Run, data: Path, folder: Path) -> None:
        self.mamori, self.data = mamori, data
        self.questions, self.output = folder / "in.jsonl", folder / "out.jsonl"

    def run(self, content: str | bytes, *options: str) -> Result:
        """Run the command over this content."""
        self.questions.write_bytes(content.encode() if isinstance(content, str) else content)
        files = ("--questions", self.questions, "--output", self.output)
        return self.mamori("ask", *files, *options, "--data-dir", self.data)

    def rows(self, content: str | bytes, *options: str) -> list[dict[str, Any]]:
        """Return the objects written for this content."""
        self.run(content, *options)
        return [json.loads(line) for line in self.output.read_bytes().decode().split("\n") if line]


@pytest.fixture
def batch(mamori: Run, data: Path, tmp_path: Path) -> Batch:
    """The command over the index of the small document."""
    return Batch(mamori, data, tmp_path)


def test_answers_every_line(batch: Batch) -> None:
    """This test ensures that each line gives one object with the fields of the contract, in order, exit 0."""
    content = GOOD + "\n\n" + GOOD.replace('"g"', '"h"') + "\n"
    rows = batch.rows(content)
    assert [row["id"] for row in rows] == ["g", "h"]
    assert all(row.keys() >= KEYS and row["status"] == "answered" for row in rows)
    assert batch.run(content).status == 0


def test_standard_output_stays_empty(batch: Batch) -> None:
    """This test ensures that the count goes to standard error, where messages go."""
    result = batch.run(GOOD)
    assert result.out == ""
    assert "回答 1、エラー 0" in result.err


BAD = {
    "no JSON": "{broken",
    "no object": '["id", "question"]',
    "no question": '{"id": "b"}',
    "a number for a question": '{"id": "b", "question": 3}',
    "an empty question": '{"id": "b", "question": "  "}',
    "a far too long question": json.dumps({"id": "b", "question": "長" * 10_000}),
    "no id": '{"question": "試作品の返却"}',
    "an object for an id": '{"id": {}, "question": "試作品の返却"}',
    "history of no turns": '{"id": "b", "question": "返却は", "history": "前"}',
    "a role that is none": '{"id": "b", "question": "返却は", "history": [["system", "前"]]}',
    "a turn of three": '{"id": "b", "question": "返却は", "history": [["user", "前", "後"]]}',
    "nesting without end": '{"id": "b", "question": ' + "[" * 200_000,
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD.keys())
def test_a_bad_line_costs_that_line_only(batch: Batch, line: str) -> None:
    """This test ensures that a bad line gives its error object with its line number, the rest runs, and exit is 1."""
    content = f"{GOOD}\n{line}\n{GOOD}\n"
    first, bad, last = batch.rows(content)
    assert first["status"] == last["status"] == "answered"
    assert bad.keys() == {"id", "status", "error"}
    assert bad["status"] == "error"
    assert bad["id"] == ("b" if '"id": "b"' in line and "[[[" not in line else None)
    assert bad["error"].startswith("2行目: ")
    assert "思わぬ" not in bad["error"]
    assert batch.run(content).status == 1


def test_a_line_that_is_not_utf8_costs_that_line_only(batch: Batch) -> None:
    """This test ensures that one line in another encoding does not lose the others."""
    rows = batch.rows(GOOD.encode() + b"\n" + GOOD.encode("cp932") + b"\n")
    assert [row["status"] for row in rows] == ["answered", "error"]


def test_a_fault_of_ours_costs_that_line_only(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that an unforeseen exception at one question is reported there and the rest runs."""
    real = Assistant.ask

    def ask(self: Assistant, question: str, *arguments: Any) -> Any:  # noqa: ANN401
        if question == "爆発":
            raise KeyError("fault")
        return real(self, question, *arguments)

    monkeypatch.setattr(Assistant, "ask", ask)
    rows = batch.rows('{"id": "x", "question": "爆発"}\n' + GOOD)
    assert [row["status"] for row in rows] == ["error", "answered"]
    assert "KeyError" in rows[0]["error"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e"])
def test_only_a_newline_ends_a_line(batch: Batch, separator: str) -> None:
    """This test ensures that other separators inside a string split no line, neither read nor written."""
    # Below U+0020 JSON wants an escape; the others may stand as they are.
    raw = json.dumps(separator)[1:-1] if separator < " " else separator
    rows = batch.rows('{"id": "s", "question": "試作品の' + raw + '返却"}\n' + GOOD)
    assert [row["id"] for row in rows] == ["s", "g"]
    assert rows[0]["status"] != "error"


def test_windows_line_ends_and_a_byte_order_mark_are_welcome(batch: Batch) -> None:
    """This test ensures that a file saved by a Windows editor reads like any other."""
    rows = batch.rows(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n" + GOOD.encode() + b"\r\n")
    assert [row["status"] for row in rows] == ["answered", "answered"]


def test_a_lone_surrogate_is_written_as_json_knows_it(batch: Batch) -> None:
    """This test ensures that half a character in a question breaks neither the run nor the encoding of the file."""
    (row,) = batch.rows(r'{"id": "s\udc80", "question": "試作品の\ud800返却"}')
    assert row["id"] == "s\udc80"


def test_history_makes_a_short_question_whole(batch: Batch) -> None:
    """This test ensures that the turns given are used to understand the question."""
    turns = [["user", "試作品の持ち出しについて教えてください"], ["assistant", "台帳に記入します。"]]
    (row,) = batch.rows(json.dumps({"id": "f", "question": "返却は？", "history": turns}))
    assert row["standalone_question"] != row["question"]


def test_a_numeric_id_comes_back_as_it_was(batch: Batch) -> None:
    """This test ensures that answers can be matched to questions by the very id given."""
    (row,) = batch.rows('{"id": 7, "question": "試作品の返却"}')
    assert row["id"] == 7


def refused(batch: Batch, result: Result) -> bool:
    """Whether a run ended with one helpful line, exit 1 and nothing left behind."""
    leftovers = list(batch.output.parent.glob(".*part*"))
    return result.status == 1 and is_one_helpful_line(result.err) and not leftovers


def test_an_output_that_cannot_be_written_is_said_in_one_line(batch: Batch, tmp_path: Path) -> None:
    """This test ensures that a folder that is not there, or a folder in the file's place, ends the run at once."""
    batch.output = tmp_path / "missing" / "out.jsonl"
    assert refused(batch, batch.run(GOOD))
    batch.output = tmp_path / "folder"
    batch.output.mkdir()
    assert refused(batch, batch.run(GOOD))


def test_the_questions_are_never_overwritten(batch: Batch) -> None:
    """This test ensures that naming one file for both is refused, also through a link."""
    link = batch.output
    link.symlink_to(batch.questions)
    assert refused(batch, batch.run(GOOD))
    assert batch.questions.read_text(encoding="utf-8") == GOOD


def test_a_link_for_an_output_stays_a_link(batch: Batch, tmp_path: Path) -> None:
    """This test ensures that the file behind a link is written, not the link replaced."""
    target = tmp_path / "real.jsonl"
    target.touch()
    batch.output.symlink_to(target)
    assert len(batch.rows(GOOD)) == 1
    assert batch.output.is_symlink()
    assert target.stat().st_size


def test_a_run_that_breaks_off_leaves_the_old_output(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that there is never half a file: the one before stays, and no part of the new one."""
    batch.output.write_text("before", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = batch.run(GOOD)
    assert result.status == 1
    assert batch.output.read_text(encoding="utf-8") == "before"
    assert list(batch.output.parent.glob(".*part*")) == []


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_file_without_questions_is_said_in_one_line(batch: Batch, content: str) -> None:
    """This test ensures that nothing to ask is an error and writes nothing."""
    assert refused(batch, batch.run(content))
    assert not batch.output.exists()


def test_questions_that_are_not_there_are_said_in_one_line(batch: Batch, mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a wrong path, or a folder, for `--questions` ends in one line."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        files = ("--questions", path, "--output", batch.output)
        assert refused(batch, mamori("ask", *files, "--data-dir", batch.data))


def test_an_unknown_document_ends_the_run_at_once(batch: Batch) -> None:
    """This test ensures that a wrong `--doc` is one line on standard error, not an error on every question."""
    result = batch.run(GOOD, "--doc", "nowhere")
    assert (result.status, result.err.count("\n")) == (1, 1)
    assert "kitei" in result.err
    assert not batch.output.exists()
