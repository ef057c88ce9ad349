"""Starts the app as a process of its own for the browser tests, in an environment that lets nothing out."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARD = Path(__file__).with_name("loopback_only")
PATIENCE_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, and where it notes attempts to reach other machines."""

    url: str
    notes: Path

    def attempts(self) -> list[str]:
        """Every attempt so far to look up or reach another machine."""
        return self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []


def guarded_environment(notes: Path, **more: str) -> dict[str, str]:
    """An environment in which a Python process reaches this machine only and notes what it tried."""
    path = os.pathsep.join((str(GUARD), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "MAMORI_TEST_ATTEMPTS": str(notes), "OMP_NUM_THREADS": "1", **more}


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(arguments: Sequence[str], port: int, folder: Path, **environment: str) -> Iterator[Server]:
    """Run `python ARGUMENTS` until the block ends, its files in `folder`; RuntimeError where it does not answer."""
    output, server = folder / "server.log", Server(f"http://127.0.0.1:{port}", folder / "attempts.txt")
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=guarded_environment(server.notes, **environment),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(server.url, process, output)
            yield server
        finally:
            # The launcher starts a process of its own: the whole session goes.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE_SECONDS)


def _wait(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The page did not start:\n{output.read_text(encoding='utf-8', errors='replace')}")
