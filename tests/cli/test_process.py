"""Tests of `mamori` as a process of its own: what it imports, what it connects to, its streams, and its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_ask import SAMPLE
from tests.pages.servers import ROOT, guarded_environment

HEAVY = ("torch", "sentence_transformers", "transformers", "streamlit", "pandas", "scipy", "langchain", "rich")
REPORT_IMPORTS = (
    "import json, sys\n"
    "from cli import run\n"
    "status = run(sys.argv[1:])\n"
    "print(json.dumps([status, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)\n"
)


def run_mamori(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m cli ARGUMENTS` from the repository."""
    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=120, check=False)


def test_asking_imports_nothing_heavy(digest: Path) -> None:
    """This test ensures that an answer in the terminal needs no torch, no web server and no data frames."""
    command = [sys.executable, "-c", REPORT_IMPORTS, "ask", SAMPLE, "--data-dir", str(digest)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    status, modules = json.loads(done.stderr)
    assert status == 0
    assert "numpy" in modules, "the list of modules is read"
    assert [name for name in modules if name.startswith(HEAVY)] == []


@pytest.mark.slow
def test_building_and_asking_open_no_connection(tmp_path: Path) -> None:
    """This test ensures that from documents to answer nothing asks for another machine, by name or address."""
    notes, data = tmp_path / "attempts.txt", tmp_path / "data"
    environment = guarded_environment(notes)
    built = run_mamori("index", "build", "--data-dir", data, env=environment)
    asked = run_mamori("ask", SAMPLE, "--data-dir", data, env=environment)
    assert (built.returncode, asked.returncode) == (0, 0)
    assert "出典" in asked.stdout.decode()
    assert not notes.exists()


def test_a_connection_would_have_been_noted(tmp_path: Path) -> None:
    """This test ensures that the counting counts: a lookup and a connection are refused and noted."""
    notes = tmp_path / "attempts.txt"
    code = (
        "import contextlib, socket\n"
        "with contextlib.suppress(OSError): socket.getaddrinfo('example.invalid', 443)\n"
        "with contextlib.suppress(OSError): socket.create_connection(('192.0.2.1', 443), timeout=1)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=guarded_environment(notes), timeout=60, check=True)
    assert len(notes.read_text(encoding="utf-8").splitlines()) >= 2


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_other_programs_get_utf8_whatever_the_locale(digest: Path, encoding: str) -> None:
    """This test ensures that a pipe carries UTF-8 also where the system's own encoding is another."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = run_mamori("ask", "--json", SAMPLE + "𠮷🛡", "--data-dir", digest, env=environment)
    assert json.loads(done.stdout.decode("utf-8"))["question"] == SAMPLE + "𠮷🛡"
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="arguments are text there")
def test_bytes_that_are_no_text_in_an_argument_are_survived(digest: Path) -> None:
    """This test ensures that an argument in another encoding gives an answer or one line, never a traceback."""
    command = [sys.executable, "-m", "cli", "ask", "--json", b"\x8a\x43\x8a\x4f \xe8\xa6\x8b\xe6\x9c\xac", "--data-dir"]
    done = subprocess.run([*command, str(digest)], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0
    assert json.loads(done.stdout)["question"].endswith("見本")


@pytest.mark.skipif(os.name == "nt", reason="no such pipes there")
@pytest.mark.parametrize("arguments", [["ask", "--json", "--top-k", "100", SAMPLE], ["index", "verify"]])
def test_a_reader_that_goes_away_is_no_event(digest: Path, arguments: list[str]) -> None:
    """This test ensures that `mamori … | head` prints no complaint, be the output longer than a buffer or not."""
    command = [sys.executable, "-m", "cli", *arguments, "--data-dir", str(digest)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_same_question_gives_the_same_answer(digest: Path) -> None:
    """This test ensures that two processes, with other hash seeds, print the same bytes."""
    outputs = {
        run_mamori("ask", SAMPLE, "--data-dir", digest, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
