"""The command line in this process, an index of the bundled digest, and small documents to index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.library import Library
from assistant.settings import Settings
from cli import run

TEXT = (
    "# 試作品の取扱規程（第3版）\n\n"
    "2025年10月に改定しました。\n\n"
    "## 試作品の持ち出し\n\n"
    "試作品を社外へ持ち出すときは、品質保証課の承認番号を台帳に記入します。\n\n"
    "## 返却\n\n"
    "持ち出した試作品は、14日以内に資材倉庫へ戻します。\n"
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one command did: its exit status and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def mamori(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A function that runs `mamori ARGUMENTS`; a command that names no data folder gets an empty one."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(tmp_path / "no-data"))

    def command(*arguments: str | Path) -> Result:
        capfd.readouterr()
        status = run([str(argument) for argument in arguments])
        return Result(status, *capfd.readouterr())

    return command


@pytest.fixture(scope="session")
def digest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index of the bundled digest; to be read only."""
    folder = tmp_path_factory.mktemp("digest") / "data"
    Library(Settings(folder)).build([])
    return folder


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A small document."""
    path = tmp_path / "kitei.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path, document: Path) -> Path:
    """A data folder of its own, with an index of the small document."""
    folder = tmp_path / "data"
    Library(Settings(folder)).build([document])
    return folder


def is_one_helpful_line(text: str) -> bool:
    """Whether an error message is one line of ours that says what to do, without a traceback."""
    return (
        text.startswith("mamori: ") and text.endswith("\n") and text.count("\n") == 1 and "ください" in text
    ) and "思わぬ" not in text
