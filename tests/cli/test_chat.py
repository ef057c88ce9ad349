"""Tests of `mamori chat` up to the start of the server; the page has tests of its own."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from cli import chat as chat_package
from tests.cli.conftest import Run, is_one_helpful_line

Started = list[tuple[list[str], dict[str, str]]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """What the command would have become: its command line and environment, noted instead of run."""
    calls: Started = []

    def note(path: str, command: list[str], environment: dict[str, str]) -> None:
        calls.append((command, environment))
        raise SystemExit(0)

    monkeypatch.setattr(os, "execve", note)
    return calls


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def option(command: list[str], name: str) -> Any:  # noqa: ANN401
    """The value that follows an option."""
    return command[command.index(name) + 1]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process")
def test_serves_this_machine_only_and_reports_nothing(mamori: Run, started: Started, digest: Path) -> None:
    """This test ensures that the server is bound to the loopback address, with statistics off, on the port given."""
    port = free_port()
    with pytest.raises(SystemExit):
        mamori("chat", "--port", port, "--data-dir", digest)
    ((command, environment),) = started
    assert option(command, "--server.address") == option(command, "--browser.serverAddress") == "127.0.0.1"
    assert option(command, "--server.port") == str(port)
    assert option(command, "--browser.gatherUsageStats") == "false"
    assert Path(option(command, "run")).name == "app.py"
    assert environment["MAMORI_DATA_DIR"] == str(digest)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process")
def test_builds_the_digest_for_a_first_user(mamori: Run, started: Started, tmp_path: Path) -> None:
    """This test ensures that the first start makes the index, so that the page has something to answer from."""
    with pytest.raises(SystemExit):
        mamori("chat", "--port", free_port(), "--data-dir", tmp_path / "data")
    assert len(started) == 1
    assert mamori("index", "verify", "--data-dir", tmp_path / "data").status == 0


def test_a_port_in_use_is_said_in_one_line(mamori: Run, started: Started, digest: Path) -> None:
    """This test ensures that a second start says which port is taken and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = mamori("chat", "--port", port, "--data-dir", digest)
    assert (result.status, started) == (1, [])
    assert str(port) in result.err
    assert is_one_helpful_line(result.err)


def test_eight_thousand_five_hundred_and_one_is_the_port() -> None:
    """This test ensures that the port that the documents promise is the default."""
    assert chat_package.__defaults__ is not None
    assert 8501 in chat_package.__defaults__
