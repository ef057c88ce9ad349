"""Where the repository is, what belongs to it, and what `pyproject.toml` says: shared by the tests of the project."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_LEFT_OUT = {".git", ".venv", "build", "dist", "__pycache__"}


@cache
def project() -> dict[str, Any]:
    """`pyproject.toml` as a table."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def files() -> tuple[str, ...]:
    """Every file of the repository, committed or about to be, as paths from its root; without git, all there are."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        listed = [path.as_posix() for path in found if not _LEFT_OUT & set(path.parts)]
    return tuple(sorted(name for name in listed if name and (ROOT / name).is_file()))


def packages() -> tuple[str, ...]:
    """The top-level packages that are installed."""
    return tuple(sorted({name.partition(".")[0] for name in project()["tool"]["setuptools"]["packages"]}))


def sources() -> tuple[Path, ...]:
    """Every Python file that is installed."""
    inside = tuple(f"{name}/" for name in packages())
    return tuple(ROOT / name for name in files() if name.endswith(".py") and name.startswith((*inside, "app.py")))
