"""Who may change the index, and who waits: locks held over a whole change, holders that die, holders that are named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import lock
from index.errors import IndexBusy, IndexNotWritten
from index.lock import Holder
from index.store import LOCK, IndexStore
from tests.index.test_store import FILES, RECIPE

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import subprocess, sys, time
from index.store import IndexStore
with IndexStore(sys.argv[1]).exclusive():
    if sys.argv[2] == "with child":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid, flush=True)
    else:
        print(0, flush=True)
    time.sleep(float(sys.argv[3]))
"""


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    """A store with one generation in it."""
    made = IndexStore(tmp_path / "index")
    made.write(FILES, RECIPE)
    return made


@contextmanager
def held(store: IndexStore, seconds: float = 60, how: str = "alone") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that holds the lock, and the child of it that it may have."""
    command = [sys.executable, "-c", HOLD, str(store.root), how, str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        try:
            yield process, child
        finally:
            process.kill()
            if child:
                os.kill(child, signal.SIGTERM)


def test_write_inside(store: IndexStore) -> None:
    """This test ensures that who holds the lock can write, and go back, and hold it once more."""
    before = store.open().generation_id
    with store.exclusive(), store.exclusive():
        store.write({"a.txt": b"1"}, RECIPE)
        assert store.rollback().generation_id == before
        store.write({"a.txt": b"2"}, RECIPE)
    assert store.open().read("a.txt") == b"2"
    with IndexStore(store.root).exclusive():
        pass


def test_the_lock_is_held_to_the_end(store: IndexStore) -> None:
    """This test ensures that neither a write nor an inner block lets others in before the outer block ends."""
    with store.exclusive():
        with store.exclusive():
            store.write({"a.txt": b"1"}, RECIPE)
        with pytest.raises(IndexBusy):
            IndexStore(store.root).write(FILES, RECIPE)
    IndexStore(store.root).write(FILES, RECIPE)


def test_an_error_inside_lets_go(store: IndexStore) -> None:
    """This test ensures that what goes wrong inside is raised as it is, and the lock is free afterwards."""
    with pytest.raises(OSError, match="of the caller"), store.exclusive():
        raise OSError("of the caller")
    store.write(FILES, RECIPE)


def test_another_thread_is_another_writer(store: IndexStore) -> None:
    """This test ensures that a second thread with the same store waits for its turn."""
    errors: list[Exception] = []

    def write() -> None:
        try:
            store.write(FILES, RECIPE)
        except IndexBusy as error:
            errors.append(error)

    with store.exclusive():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert len(errors) == 1


def test_who_is_at_it_is_named(store: IndexStore) -> None:
    """This test ensures that the message names the other process and what to do, on one line."""
    with held(store) as (process, _), pytest.raises(IndexBusy, match=rf"{process.pid}.*もう一度") as caught:
        store.write(FILES, RECIPE)
    assert "\n" not in str(caught.value)


def test_waiting_is_told_once_and_ends_with_the_other(store: IndexStore) -> None:
    """This test ensures that a second writer waits, says so once with whom for, and then has its turn."""
    told: list[Holder | None] = []
    with held(store, 0.5) as (process, _), store.exclusive(30, told.append):
        store.write({"a.txt": b"mine"}, RECIPE)
        assert [holder and holder.pid for holder in told] == [process.pid]
    assert store.open().read("a.txt") == b"mine"


def test_waiting_has_an_end(store: IndexStore) -> None:
    """This test ensures that who waits no longer is told that the other is still at it."""
    told: list[Holder | None] = []
    start = time.monotonic()
    with held(store), pytest.raises(IndexBusy), store.exclusive(0.3, told.append):
        pass
    assert 0.3 <= time.monotonic() - start < 20
    assert len(told) == 1


def test_nobody_to_wait_for(store: IndexStore) -> None:
    """This test ensures that nothing is said about waiting where nobody else is at it."""
    told: list[Holder | None] = []
    with store.exclusive(30, told.append):
        assert told == []
    assert [path.name for path in store.root.iterdir() if path.name.startswith(LOCK)] == [LOCK]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("how", ["alone", "with child"])
def test_a_killed_holder_leaves_no_lock(store: IndexStore, how: str) -> None:
    """This test ensures that the lock dies with its holder, even where a process that the holder started lives on."""
    with held(store, how=how) as (process, _):
        process.kill()
        process.wait()
        store.write({"a.txt": b"after"}, RECIPE)
    assert store.open().read("a.txt") == b"after"


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"pid": "x", "since": 1}', b'{"pid": 1, "since": "now"}'])
def test_a_holder_that_nobody_knows(store: IndexStore, note: bytes) -> None:
    """This test ensures that what stands in the note about the holder can do no harm."""
    with store.exclusive():
        (store.root / f"{LOCK}.holder").write_bytes(note)
        with pytest.raises(IndexBusy, match="作成中です。"):
            IndexStore(store.root).write(FILES, RECIPE)


def test_a_note_that_cannot_be_written(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a writer works where nobody can be told who it is."""

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(lock.json, "dumps", fail)
    with store.exclusive():
        pass


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """This test ensures that no lock is one line that says why."""
    (tmp_path / "file").touch()
    with pytest.raises(IndexNotWritten, match="フォルダーがあるべき場所"), IndexStore(tmp_path / "file").exclusive():
        pass
