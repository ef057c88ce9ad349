"""Assistants over real indexes: the bundled digest, and the client's originals where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import build_assistant

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


@pytest.fixture(scope="session")
def digest_assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the bundled digest."""
    return _assistant([], tmp_path_factory.mktemp("digest"))


@pytest.fixture(scope="session")
def seeds_assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the client's five documents."""
    if not SEEDS.is_dir():
        pytest.skip("../shared/seeds is not on this machine")
    return _assistant([SEEDS], tmp_path_factory.mktemp("seeds"))


def _assistant(paths: list[Path], folder: Path) -> Assistant:
    settings = Settings(folder)
    Library(settings).build(paths)
    return build_assistant(settings)
