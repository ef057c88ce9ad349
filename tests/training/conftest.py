"""Material over real indexes: the bundled digests, and the client's originals where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import build_assistant
from training.material import Material

SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"


@pytest.fixture(scope="session")
def digest_material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The material of the bundled digests."""
    return material_over([], tmp_path_factory.mktemp("digest"))


@pytest.fixture(scope="session")
def seeds_material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The material of the client's five documents."""
    if not SEEDS.is_dir():
        pytest.skip("../shared/seeds is not on this machine")
    return material_over([SEEDS], tmp_path_factory.mktemp("seeds"))


def material_over(paths: list[Path], folder: Path) -> Material:
    """The material of an index of these files, or of the bundled digests where there are none."""
    settings = Settings(folder)
    Library(settings).build(paths)
    return Material.of(build_assistant(settings))
