"""`python -m tests.torture.tiny_disk FOLDER`: what an index does on the disk of 1 MB that is mounted there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import disk_usage

import pytest

from index.errors import IndexNotWritten
from index.manifest import EncoderRecord, Recipe
from index.store import IndexStore
from tests.torture.full_disk import NEW, OLD
from tests.torture.library import TinyLibrary, build

RECIPE = Recipe(EncoderRecord("fake", "00ff", 8), {}, {}, {})


def main(folder: Path) -> None:
    """Fill the disk by an index too large and by a file, make it read-only; fail with AssertionError."""
    root, library = folder / "data" / "index", TinyLibrary()
    store = IndexStore(root)
    build(store, OLD)
    _refused(lambda: _write_large(store), "空き容量がありません")
    assert library.contents(root) == OLD
    (folder / "filler").write_bytes(b"x" * _free(folder))
    _refused(lambda: build(store, NEW), "空き容量がありません")
    assert library.contents(root) == OLD
    (folder / "filler").unlink()
    build(store, NEW)
    assert library.contents(root) == NEW
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    _refused(lambda: build(store, OLD), "書き込みできない場所です")
    assert library.contents(root) == NEW
    assert store.verify() == []


def _refused(write: Callable[[], object], why: str) -> None:
    with pytest.raises(IndexNotWritten, match=why):
        write()


def _write_large(store: IndexStore) -> None:
    store.write({"large": bytes(2_000_000)}, RECIPE)


def _free(folder: Path) -> int:
    return disk_usage(folder).free


if __name__ == "__main__":
    main(Path(sys.argv[1]))
