"""Tests of the Makefile, with stand-ins for what it calls: nothing is installed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.repository import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

QUESTIONS = {
    "plain": "海外の顧客からサンプルを求められた",
    "dollars": "価格は$100と$$、${HOME}",
    "substitution": "`touch pwned` $(touch pwned) ${IFS}",
    "make's own functions": "$(shell touch pwned)$(error boom)",
    "quotes": """片方の"と'と「」""",
    "operators": "a; touch pwned & b | c > pwned # d * ! ~",
    "backslashes": "\\ \\n \\",
    "a hyphen": "--doc とは",
    "two lines": "一行目\n二行目",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Makefile beside an environment that seems installed; its `mamori` prints its arguments."""
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "mamori").write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n", encoding="utf-8")
    (commands / "mamori").chmod(0o755)
    (commands / "python").touch()
    for stamp in (".installed-run", ".installed-dev"):
        (tmp_path / ".venv" / stamp).touch()
    return tmp_path


def make(folder: Path, *arguments: str, **variables: str) -> str:
    """What `make ARGUMENTS` prints in that folder, outside any make that runs these tests."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "Q"))}
    command = ["make", "--no-print-directory", *arguments]
    done = subprocess.run(
        command, cwd=folder, env={**inherited, **variables}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_the_question_arrives_as_it_was_typed(folder: Path, question: str) -> None:
    """This test ensures that neither make nor the shell looks for anything in Q, wherever Q comes from."""
    expected = ["ask", "--build", "--", question, ""]
    assert make(folder, "ask", f"Q={question}").split("\0") == expected
    assert make(folder, "ask", Q=question).split("\0") == expected
    assert not (folder / "pwned").exists()


def test_a_second_start_installs_nothing(folder: Path) -> None:
    """This test ensures that what is installed stays, and that a newer lock is installed."""
    assert "pip" not in make(folder, "-n", "chat")
    newer = (folder / ".venv" / ".installed-run").stat().st_mtime + 10
    os.utime(folder / "requirements.lock", (newer, newer))
    assert "install -r requirements.lock" in make(folder, "-n", "chat")


def test_help_lists_every_target(folder: Path) -> None:
    """This test ensures that `make` and `make help` name each target that is meant for people, a line each."""
    listed = {line.split()[0] for line in make(folder, "help").splitlines()}
    promised = {"help", "chat", "ask", "test", "check", "lock", "goldens", "clean"}
    assert promised <= listed
    assert make(folder) == make(folder, "help")


def test_clean_keeps_what_people_made(folder: Path) -> None:
    """This test ensures that `make clean` removes what can be made again and nothing else."""
    kept = {folder / "Makefile", folder / "requirements.lock", folder / "notes.md"}
    (folder / "notes.md").touch()
    make(folder, "clean")
    assert not (folder / ".venv").exists()
    assert all(path.exists() for path in kept)


def test_continuous_integration_runs_the_developers_command() -> None:
    """This test ensures that `.ci/run` is `make test` and nothing cleverer."""
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not re.match(r"#|set |cd ", line)]
    assert commands == ["exec make test"]
