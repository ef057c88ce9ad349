"""Tests of what the documents say: every command in them exists and runs, every path and link leads somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.models import AnswerStatus
from assistant.settings import Settings
from assistant.wiring import build_assistant
from cli import run
from tests.cli.test_usage import COMMANDS
from tests.repository import ROOT, files

DOCUMENTS = [name for name in files() if name.endswith(".md") and ("/" not in name or name.startswith("docs/"))]
READMES = [name for name in DOCUMENTS if name.startswith("README")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.\w+)(?:::\w+)?`")
FENCE = re.compile(r"^```(?:console|sh|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:mamori|make) [^`]+)`")
# What the reader puts something of their own for.
PLACEHOLDERS = ("…", "QUESTION", "IN.jsonl", "DIR", "PATH", "FOLDER", "RUN")


def text(name: str) -> str:
    """A document."""
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> Iterator[list[str]]:
    """Every command in a document's console blocks and between back quotes, split as a shell does."""
    lines = [line for block in FENCE.findall(text(name)) for line in block.splitlines()]
    for line in [*lines, *INLINE.findall(text(name))]:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words:
            yield words


def of_program(program: str) -> list[tuple[str, list[str]]]:
    """(document, words) of each command of a program."""
    return [(name, words) for name in DOCUMENTS for words in commands(name) if words[0] == program]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_paths_lead_somewhere(name: str) -> None:
    """This test ensures that a file that a document names is there."""
    linked = {link.split("#")[0] for link in LINK.findall(text(name)) if "://" not in link and not link.startswith("#")}
    missing = [link for link in linked if not (ROOT / name).parent.joinpath(link).exists()]
    named = [path for path in CODE_PATH.findall(text(name)) if not (ROOT / path).exists()]
    assert missing == []
    assert [path for path in named if path.split("/")[0] in {"assistant", "cli", "corpus", "eval", "index"}] == []


@pytest.mark.parametrize(("name", "words"), of_program("mamori"), ids=lambda value: str(value)[:60])
def test_the_commands_of_the_documents_exist(name: str, words: list[str]) -> None:
    """This test ensures that each `mamori …` in a document is a command with options that it has."""
    path = max((path for path in COMMANDS if words[1 : 1 + len(path)] == list(path)), default=None, key=len)
    if path is None:
        assert words[1] in {"…", "index", "--version", "--help"}, f"{name}: no such command"
        return
    options = {option for parameter in COMMANDS[path].params for option in parameter.opts} | {"--help", "--"}
    assert {word.strip("[]") for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize(("name", "words"), of_program("make"), ids=lambda value: str(value)[:60])
def test_the_targets_of_the_documents_exist(name: str, words: list[str]) -> None:
    """This test ensures that each `make …` in a document is a target of the Makefile."""
    targets = re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE)
    assert words[1] in targets, name


@pytest.mark.parametrize(("name", "words"), of_program("python"), ids=lambda value: str(value)[:60])
def test_the_modules_of_the_documents_exist(name: str, words: list[str]) -> None:
    """This test ensures that each `python -m …` in a document is there to be run."""
    if words[1] == "-m":
        assert find_spec(words[2]) is not None, name


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index of the bundled digest."""
    folder = tmp_path_factory.mktemp("documents")
    Library(Settings(folder)).build([])
    return folder


@pytest.fixture(scope="module")
def assistant(digest: Path) -> Assistant:
    """An assistant over the bundled digest."""
    return build_assistant(Settings(digest))


@pytest.mark.parametrize("name", READMES)
def test_the_commands_of_the_readme_run(
    name: str, digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that what a newcomer copies from the README works, but for what needs files of their own."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(digest))
    monkeypatch.chdir(tmp_path)
    lines = [words[1:] for words in commands(name) if words[0] == "mamori" and len(words) > 1 and words[1] != "chat"]
    runnable = [
        words
        for words in lines
        if not any(mark in word for mark in PLACEHOLDERS for word in words)
        and not (words[:2] == ["index", "build"] and len(words) > 2)
    ]
    assert len(runnable) >= 3
    assert [words for words in runnable if run(words) != 0] == []


def test_the_questions_of_the_readme_are_answered(assistant: Assistant) -> None:
    """This test ensures that each question that the README suggests gets an answer with citations from the digest."""
    table = re.search(r"^\| \| \|\n\|---\|---\|\n((?:\|.*\|\n)+)", text("README.md"), re.MULTILINE)
    assert table
    questions = [cell.strip() for row in table[1].splitlines() for cell in row.strip("|").split("|")]
    assert len(questions) >= 10
    answers = [assistant.ask(question) for question in questions]
    assert [a.question for a in answers if a.status is not AnswerStatus.ANSWERED or not a.citations] == []


@pytest.mark.parametrize("name", READMES)
def test_the_readme_tells_every_command_and_setting(name: str) -> None:
    """This test ensures that a new command or environment variable is not left undocumented."""
    told = text(name)
    assert [" ".join(path) for path in COMMANDS if f"mamori {' '.join(path)}" not in told] == []
    settings = set(re.findall(r"MAMORI_\w+", (ROOT / "assistant/settings.py").read_text(encoding="utf-8")))
    assert len(settings) >= 3
    assert [setting for setting in settings if setting not in told] == []
