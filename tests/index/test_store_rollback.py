"""Going back to an older generation, and what is said where CURRENT or the generation in use is lost."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from corpus import durable
from index.errors import DamagedIndex, IndexNotWritten, NoIndex, NoSuchGeneration
from index.manifest import Pointer, Reference
from index.store import CURRENT, GENERATIONS, MANIFEST, IndexStore
from tests.index.test_store import RECIPE


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    """A store with three generations: 1, 2, and 3 in use."""
    made = IndexStore(tmp_path / "index")
    for number in (1, 2, 3):
        write(made, number)
    return made


def write(store: IndexStore, number: int) -> str:
    """Write a generation that holds a number and return its name."""
    return store.write({"a.txt": str(number).encode()}, RECIPE).generation_id


def now(store: IndexStore) -> int:
    """Return the number that the generation in use holds."""
    return int(store.open().read("a.txt"))


def ids(store: IndexStore) -> list[str]:
    """Return the names of the generations, newest first."""
    return [one.generation_id for one in store.generations()]


def damage(store: IndexStore, generation_id: str, name: str = "a.txt") -> None:
    """Change a file of a generation."""
    (store.root / GENERATIONS / generation_id / name).write_bytes(b"?")


def test_what_is_kept(store: IndexStore) -> None:
    """This test ensures that the generations are listed newest first, with what is in them and which one is in use."""
    listed = store.generations()
    assert [one.is_current for one in listed] == [True, False, False]
    assert [one.problem for one in listed] == [None] * 3
    assert [one.sequence for one in listed] == [3, 2, 1]
    assert all(one.counts == {"chunks": 2} and one.created_at for one in listed)


def test_back_and_further_back(store: IndexStore) -> None:
    """This test ensures that each rollback goes one back, that nothing is removed, and that there is an end to it."""
    before = ids(store)
    assert store.rollback().generation_id == before[1]
    assert now(store) == 2
    store.rollback()
    assert now(store) == 1
    with pytest.raises(NoSuchGeneration, match="より前のものはありません") as caught:
        store.rollback()
    assert caught.value.known == tuple(before[:2])
    assert ids(store) == before
    assert store.verify() == []


def test_by_name_and_forward_again(store: IndexStore) -> None:
    """This test ensures that any generation kept can be named, also one that is newer than the one in use."""
    newest, _, oldest = ids(store)
    assert store.rollback(oldest).generation_id == oldest
    assert now(store) == 1
    store.rollback(newest)
    assert now(store) == 3


def test_written_on_after_going_back(store: IndexStore) -> None:
    """This test ensures that the generation gone back to is kept when the next is written, and goes before that one."""
    store.rollback()
    write(store, 4)
    assert now(store) == 4
    assert len(ids(store)) == 3
    store.rollback(ids(store)[2])
    assert now(store) == 2


def test_the_one_in_use_is_always_kept(store: IndexStore) -> None:
    """This test ensures that one who went two back and writes can go back again."""
    store.rollback()
    store.rollback()
    write(store, 4)
    assert ids(store)[2] in {path.name for path in (store.root / GENERATIONS).iterdir()}
    store.rollback(ids(store)[2])
    assert now(store) == 1


@pytest.mark.parametrize("name", ["20200101T000000Z-0000000000000000", "../../x", "かなり前"])
def test_a_generation_that_is_not_there(store: IndexStore, name: str) -> None:
    """This test ensures that a wrong name changes nothing and the right ones are told."""
    with pytest.raises(NoSuchGeneration, match="ありません") as caught:
        store.rollback(name)
    assert caught.value.known == tuple(ids(store)[1:])
    assert "\n" not in str(caught.value)
    assert now(store) == 3


def test_the_generation_in_use_is_no_target(store: IndexStore) -> None:
    """This test ensures that going back to where one is is said to be no way."""
    with pytest.raises(NoSuchGeneration, match="いま使っている"):
        store.rollback(ids(store)[0])


@pytest.mark.parametrize("name", ["a.txt", MANIFEST])
def test_a_damaged_generation_is_never_gone_back_to(store: IndexStore, name: str) -> None:
    """This test ensures that every byte is checked first, and nobody lands two back who asked for one."""
    _, previous, oldest = ids(store)
    damage(store, previous, name)
    for asked in (None, previous):
        with pytest.raises(NoSuchGeneration, match=rf"{name}: 内容が記録と一致しません.*{oldest}"):
            store.rollback(asked)
    assert now(store) == 3
    store.rollback(oldest)
    assert now(store) == 1


def test_a_damaged_index_says_how_to_go_back(store: IndexStore) -> None:
    """This test ensures that the message names the generation that a rollback brings back, and that it does."""
    newest, previous, _ = ids(store)
    damage(store, newest)
    for ask in (store.open, store.open):
        with pytest.raises(DamagedIndex, match=rf"a\.txt.*mamori index rollback.*{previous}") as caught:
            ask()
        assert caught.value.rescue == previous
    assert [one.problem for one in store.generations()] == ["a.txt: 内容が記録と一致しません", None, None]
    store.rollback()
    assert now(store) == 2
    assert newest not in ids(store)


def test_a_damaged_index_after_going_back(store: IndexStore) -> None:
    """This test ensures that a newer generation is brought back only where no older one is whole."""
    store.rollback()
    newest, middle, oldest = ids(store)
    damage(store, middle)
    damage(store, oldest)
    assert store.rollback().generation_id == newest


def test_nothing_whole_is_left(store: IndexStore) -> None:
    """This test ensures that where all is damaged the way out is to build again."""
    for generation in ids(store):
        damage(store, generation)
    with pytest.raises(DamagedIndex, match="mamori index build") as caught:
        store.open()
    assert caught.value.rescue is None
    assert "rollback" not in str(caught.value)
    with pytest.raises(NoSuchGeneration, match="mamori index build"):
        store.rollback()


@pytest.mark.parametrize(
    "content", [None, b"", b"{}", b"x" * 100, b"[" * 100_000], ids=["gone", "empty", "{}", "x", "["]
)
def test_a_lost_pointer(store: IndexStore, content: bytes | None) -> None:
    """This test ensures that no generation is used unasked where CURRENT is lost, and a rollback takes the newest."""
    newest = ids(store)[0]
    (store.root / CURRENT).unlink()
    if content is not None:
        (store.root / CURRENT).write_bytes(content)
    for ask in (store.open, store.status):
        with pytest.raises(DamagedIndex, match=rf"CURRENT.*mamori index rollback.*{newest}"):
            ask()
    (problem,) = store.verify()
    assert "mamori index rollback" in problem
    listed = store.generations()
    assert (listed[0].generation_id, any(one.is_current for one in listed)) == (newest, False)
    assert store.rollback().generation_id == newest
    assert now(store) == 3
    assert len(ids(store)) == 3
    assert all(len(one.manifest_sha256) == 64 for one in Pointer.from_bytes((store.root / CURRENT).read_bytes()).kept)


def test_a_lost_pointer_and_a_damaged_manifest(store: IndexStore) -> None:
    """This test ensures that without CURRENT too a generation counts only with the manifest that it was named after."""
    newest, previous, _ = ids(store)
    path = store.root / GENERATIONS / newest / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"words", b"w0rds"))
    (store.root / CURRENT).unlink()
    assert store.rollback().generation_id == previous


def test_building_over_a_lost_pointer(store: IndexStore) -> None:
    """This test ensures that who builds anew instead still finds the two newest generations to go back to."""
    before = ids(store)
    (store.root / CURRENT).write_bytes(b"?")
    write(store, 4)
    assert now(store) == 4
    assert ids(store)[1:] == before[:2]
    assert store.rollback().generation_id == before[0]


def test_a_first_build_that_was_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a whole generation that CURRENT never named is no index, and the next build removes it."""
    store = IndexStore(tmp_path / "index")

    def die(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("index.store.sync_folder", lambda folder: die(folder) if folder.name == GENERATIONS else None)
        with pytest.raises(KeyboardInterrupt):
            write(store, 1)
    (left,) = (store.root / GENERATIONS).iterdir()
    for ask in (store.open, store.status, store.verify, store.generations, store.rollback):
        with pytest.raises(NoIndex, match="mamori index build"):
            ask()
    write(store, 2)
    assert left.name not in ids(store)
    assert not left.exists()


def test_nothing_to_go_back_to(tmp_path: Path) -> None:
    """This test ensures that without an index, or with only one, a rollback says so and makes no folder."""
    store = IndexStore(tmp_path / "index")
    with pytest.raises(NoIndex):
        store.rollback()
    assert not store.root.exists()
    write(store, 1)
    with pytest.raises(NoSuchGeneration, match="より前のものはありません"):
        store.rollback()


def test_a_generation_that_was_removed_by_hand(store: IndexStore) -> None:
    """This test ensures that a missing folder is told as damage, not as a trace."""
    previous = ids(store)[1]
    shutil.rmtree(store.root / GENERATIONS / previous)
    assert store.generations()[1].problem == f"{MANIFEST}: 見つかりません"
    with pytest.raises(NoSuchGeneration, match="見つかりません"):
        store.rollback()


def test_a_full_disk_while_going_back(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a rollback that fails is one line and changes nothing."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(durable.os, "fsync", fail)
        with pytest.raises(IndexNotWritten, match="空き容量"):
            store.rollback()
    assert now(store) == 3
    assert not list(store.root.glob(".new-*"))


@pytest.mark.parametrize("changed", [b" ", b"\n", b"\x00"])
def test_a_pointer_is_read_to_the_byte(store: IndexStore, changed: bytes) -> None:
    """This test ensures that no byte can be added to CURRENT, not even one that JSON does not mind."""
    path = store.root / CURRENT
    path.write_bytes(path.read_bytes() + changed)
    with pytest.raises(DamagedIndex, match=CURRENT):
        store.open()


def test_a_pointer_that_leads_elsewhere(store: IndexStore) -> None:
    """This test ensures that a well-made pointer to a folder outside is refused."""
    outside = Reference("../../elsewhere", "00" * 32)
    for pointer in (Pointer(outside), Pointer(None, (outside,))):
        (store.root / CURRENT).write_bytes(pointer.to_bytes())
        with pytest.raises(DamagedIndex, match=CURRENT):
            store.open()


def test_windows_readers_in_the_way(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that where Windows refuses for a moment, because a file is open, it is tried again."""
    refusals = 3
    real = os.replace

    def busy(source: Path, target: Path) -> None:
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise PermissionError
        real(source, target)

    monkeypatch.setattr(durable, "_WINDOWS", True)
    monkeypatch.setattr(durable, "_PAUSE_SECONDS", 0)
    monkeypatch.setattr(durable.os, "replace", busy)
    write(store, 4)
    assert now(store) == 4
    assert refusals < 0
