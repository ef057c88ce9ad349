"""Tests of the command line itself: wrong usage, help, version, options that every command has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli import app
from tests.cli.conftest import Run, is_one_helpful_line


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    """Every command with its path, as typer makes them."""
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(typer.main.get_command(app)))

WRONG = {
    "no such command": ["speak"],
    "no such command of a group": ["index", "burn"],
    "no such option": ["ask", "--loud", "問"],
    "an option without its value": ["ask", "問", "--top-k"],
    "a word for a number": ["ask", "問", "--top-k", "many"],
    "a number below the range": ["ask", "問", "--top-k", "0"],
    "a question in two arguments": ["ask", "問一", "問二"],
    "no question": ["ask"],
    "a question and a file of them": ["ask", "問", "--questions", "in.jsonl", "--output", "out.jsonl"],
    "questions without an output": ["ask", "--questions", "in.jsonl"],
    "an output without questions": ["ask", "問", "--output", "out.jsonl"],
    "a port out of range": ["chat", "--port", "99999"],
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_one_line_and_exit_status_2(mamori: Run, arguments: list[str]) -> None:
    """This test ensures that a mistake on the command line is told in one line that says where help is."""
    result = mamori(*arguments)
    assert (result.status, result.out) == (2, "")
    assert is_one_helpful_line(result.err), result.err


def test_a_data_dir_that_is_a_file_is_wrong_usage(mamori: Run, document: Path) -> None:
    """This test ensures that `--data-dir FILE` is refused before anything is done."""
    result = mamori("index", "status", "--data-dir", document)
    assert result.status == 2
    assert "--data-dir" in result.err
    assert is_one_helpful_line(result.err)


def test_a_mistake_in_an_argument_stays_on_one_line(mamori: Run) -> None:
    """This test ensures that newlines and escape sequences in a wrong argument do not reach the terminal."""
    result = mamori("ask", "--a\n\x1b[31mb", "問")
    assert is_one_helpful_line(result.err)
    assert "\x1b" not in result.err


def test_a_word_for_a_number_is_told_in_japanese(mamori: Run) -> None:
    """This test ensures that the library's English about numbers reaches nobody."""
    assert "整数で書いてください" in mamori("training", "quiz", "--count", "many").err


@pytest.mark.parametrize("arguments", [[], ["index"]])
def test_nothing_asked_for_shows_the_help(mamori: Run, arguments: list[str]) -> None:
    """This test ensures that the bare command lists what there is, on standard error since nothing was done."""
    result = mamori(*arguments)
    assert (result.status, result.out) == (2, "")
    assert "Commands" in result.err


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_data_dir_and_debug(mamori: Run, path: tuple[str, ...]) -> None:
    """This test ensures that each command takes `--data-dir` and `--debug` after its name, and explains itself."""
    options = {name for parameter in COMMANDS[path].params for name in parameter.opts}
    assert {"--data-dir", "--debug"} <= options
    result = mamori(*path, "--help")
    assert (result.status, result.err) == (0, "")
    assert "--data-dir" in result.out


def test_the_commands_are_those_of_the_contract() -> None:
    """This test ensures that no command is renamed or lost: other programs call them."""
    promised = {("ask",), ("chat",), ("index", "build"), ("index", "status"), ("index", "verify")}
    assert COMMANDS.keys() >= promised


def test_version_is_printed(mamori: Run) -> None:
    """This test ensures that `--version` works, installed or not, and runs nothing else."""
    result = mamori("--version", "ask")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("mamori")


def test_debug_adds_the_traceback(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that the one line stays the last with `--debug`, and the traceback is there only then."""
    command = ["ask", "問い", "--data-dir", tmp_path / "none"]
    plain, debug = mamori(*command), mamori(*command, "--debug")
    assert "Traceback" not in plain.err
    assert "Traceback" in debug.err
    assert debug.err.endswith(plain.err)
    assert debug.status == plain.status == 1


def test_an_unforeseen_error_is_one_line_too(mamori: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that even a fault of ours shows no traceback, names itself and says how to see more."""

    def broken(*arguments: object) -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("assistant.wiring.build_assistant", broken)
    result = mamori("ask", "問い")
    assert result.status == 1
    assert result.err.startswith("mamori: 思わぬエラーです（RuntimeError: first second）")
    assert result.err.count("\n") == 1
    assert "--debug" in result.err


def test_an_interruption_is_said_and_is_no_fault(mamori: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that Ctrl+C ends with the exit status that shells expect, and without a traceback."""

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.wiring.build_assistant", interrupted)
    result = mamori("ask", "問い")
    assert (result.status, result.out, result.err) == (130, "", "mamori: 中断しました。\n")
