"""What every test shares: an environment without settings of one's own, and golden files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

# Before anything imports numpy or torch: two cores are shared by tests and the servers that they start.
os.environ.setdefault("OMP_NUM_THREADS", "1")

CheckGolden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option behind `make goldens`."""
    parser.addoption("--update-goldens", action="store_true", help="write the golden files anew instead of comparing")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("MAMORI_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> CheckGolden:
    """A function (path, text) that fails where the golden file differs; `make goldens` lets it write the file."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--update-goldens"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path.name} is missing; `make goldens` writes it"
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; if that is right, `make goldens`"

    return check
