"""Generations on disk: what is damaged is named, what is half written is never seen."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from corpus import durable
from index import generations
from index import store as store_module
from index.errors import DamagedIndex, IncompatibleIndex, IndexBusy, IndexNotWritten, NoIndex
from index.manifest import EncoderRecord, Manifest, Pointer, Recipe, Reference
from index.store import CURRENT, GENERATIONS, LOCK, MANIFEST, UNFINISHED, IndexStore

RECIPE = Recipe(EncoderRecord("fake", "00ff", 8), {"schema": "1"}, {"words": 1.0}, {"chunks": 2})
FILES = {"a.txt": "あ".encode(), "b.npy": bytes(range(256)), "empty": b""}


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    """A store with one generation in it."""
    made = IndexStore(tmp_path / "index")
    made.write(FILES, RECIPE)
    return made


def folder(store: IndexStore) -> Path:
    """Return the folder of the current generation."""
    return store.status().folder


def test_what_is_written_is_read(store: IndexStore) -> None:
    """This test ensures that a generation gives back its files and how it was made."""
    generation = store.open()
    assert {name: generation.read(name) for name in FILES} == FILES
    assert generation.manifest.recipe == RECIPE
    assert generation.path("a.txt").read_bytes() == FILES["a.txt"]
    assert store.status().generation_id == generation.generation_id
    assert store.status().manifest.size == 259
    assert store.verify() == []


def test_manifest_survives_its_json(store: IndexStore) -> None:
    """This test ensures that the manifest read back equals the one written, version and date included."""
    manifest = store.open().manifest
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
    assert manifest.created_at.endswith("+00:00")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"recipe": 1}', b"\xff", b"null"])
def test_manifest_of_something_else(data: bytes) -> None:
    """This test ensures that bytes which are no manifest give ValueError and nothing worse."""
    with pytest.raises(ValueError, match=r"."):
        Manifest.from_bytes(data)


def test_nothing_built(tmp_path: Path) -> None:
    """This test ensures that an empty folder is told from a damaged one, with the command to run."""
    for ask in (IndexStore(tmp_path / "new").open, IndexStore(tmp_path).status, IndexStore(tmp_path).verify):
        with pytest.raises(NoIndex, match="mamori index build"):
            ask()


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_flipped_byte_is_named(store: IndexStore, name: str) -> None:
    """This test ensures that one changed bit in any file, the manifest included, is found and the file named."""
    path = folder(store) / name
    content = path.read_bytes() or b"\x00"
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(DamagedIndex, match=name) as caught:
        store.open()
    assert caught.value.files == (name,)
    (problem,) = store.verify()
    assert name in problem


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_named(store: IndexStore, name: str) -> None:
    """This test ensures that a deleted file is found and named."""
    (folder(store) / name).unlink()
    with pytest.raises(DamagedIndex, match=f"{name}: 見つかりません"):
        store.open()
    (problem,) = store.verify()
    assert name in problem
    assert "見つかりません" in problem


def test_a_manifest_that_was_edited_is_named(store: IndexStore) -> None:
    """This test ensures that a manifest that still reads well, but is not the one that was written, is refused."""
    path = folder(store) / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"words", b"w0rds"))
    for ask in (store.open, store.status):
        with pytest.raises(DamagedIndex, match="manifest"):
            ask()


def test_every_damaged_file_is_named(store: IndexStore) -> None:
    """This test ensures that two damaged files are both reported, by opening and by verifying."""
    (folder(store) / "a.txt").write_bytes(b"?")
    (folder(store) / "b.npy").unlink()
    with pytest.raises(DamagedIndex) as caught:
        store.open()
    assert caught.value.files == ("a.txt", "b.npy")
    assert [line.split(":")[0] for line in store.verify()] == ["a.txt", "b.npy"]


def test_a_folder_in_the_place_of_a_file(store: IndexStore) -> None:
    """This test ensures that a file that cannot be read is named as well."""
    (folder(store) / "a.txt").unlink()
    (folder(store) / "a.txt").mkdir()
    with pytest.raises(DamagedIndex, match=r"a\.txt"):
        store.open()


def test_an_extra_file_is_reported(store: IndexStore) -> None:
    """This test ensures that a foreign file is reported by verify but does not stop a search."""
    (folder(store) / ".DS_Store").write_bytes(b"x")
    store.open()
    assert store.verify() == [".DS_Store: 索引の記録にない余分なファイルです"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"generation": "2026',
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"generation": "../../etc", "manifest_sha256": "", "schema": 1}',
        b'{"generation": "", "manifest_sha256": "", "schema": 1}',
    ],
)
def test_a_damaged_pointer_is_named(store: IndexStore, content: bytes) -> None:
    """This test ensures that a truncated or foreign CURRENT is named, and leads out of no folder."""
    (store.root / CURRENT).write_bytes(content)
    with pytest.raises(DamagedIndex, match=CURRENT):
        store.open()
    (problem,) = store.verify()
    assert CURRENT in problem


def test_a_pointer_to_a_missing_generation(store: IndexStore) -> None:
    """This test ensures that CURRENT naming a generation that is gone is an error that says what to run."""
    gone = Pointer(Reference("20200101T000000Z-0000000000000000", "00" * 32))
    (store.root / CURRENT).write_bytes(gone.to_bytes())
    with pytest.raises(DamagedIndex, match="mamori index build"):
        store.open()


def test_another_schema_is_refused(store: IndexStore) -> None:
    """This test ensures that an index of another layout is refused before anything in it is read."""
    pointer = Pointer.from_bytes((store.root / CURRENT).read_bytes())
    (store.root / CURRENT).write_bytes(replace(pointer, schema=99).to_bytes())
    for ask in (store.open, store.status):
        with pytest.raises(IncompatibleIndex, match=r"99.*mamori index build"):
            ask()


def test_a_pointer_from_before_generations_were_kept(store: IndexStore) -> None:
    """This test ensures that an index written before old generations were listed is read, and written on."""
    values = json.loads((store.root / CURRENT).read_bytes())
    line = json.dumps({key: values[key] for key in ("generation", "manifest_sha256", "schema")}) + "\n"
    (store.root / CURRENT).write_text(line)
    before = store.open().generation_id
    assert [one.generation_id for one in store.generations()] == [before]
    store.write({"a.txt": b"new"}, RECIPE)
    assert store.rollback().generation_id == before


def test_an_unknown_file_is_an_error(store: IndexStore) -> None:
    """This test ensures that a file that the generation does not have is named."""
    with pytest.raises(DamagedIndex, match="nosuchfile"):
        store.open().read("nosuchfile")


def test_two_before_stay_and_older_ones_go(store: IndexStore) -> None:
    """This test ensures that after a switch the two generations before are kept to go back to, and no other."""
    ids = [store.write(FILES, RECIPE).generation_id for _ in range(4)]
    assert {path.name for path in (store.root / GENERATIONS).iterdir()} == set(ids[1:])
    assert [one.generation_id for one in store.generations()] == ids[:0:-1]
    assert store.open().generation_id == ids[-1]


def test_a_reader_keeps_what_it_opened(store: IndexStore) -> None:
    """This test ensures that an open generation can be read while, and after, others replace and remove it."""
    reader = store.open()
    for number in range(4):
        store.write({"a.txt": str(number).encode()}, RECIPE)
        assert reader.read("a.txt") == FILES["a.txt"]
    assert not reader.folder.exists()
    assert store.open().read("a.txt") == b"3"


def test_a_reader_overtaken_by_three_switches(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a reader whose generation is removed while it opens it takes the new one instead."""
    read_files, overtaken = generations.read_files, []

    def slow(path: Path, manifest: Manifest) -> tuple[dict[str, bytes], dict[str, str]]:
        if not overtaken:
            overtaken.append(path)
            for number in range(3):
                store.write({"a.txt": str(number).encode()}, RECIPE)
        return read_files(path, manifest)

    monkeypatch.setattr(generations, "read_files", slow)
    assert store.open().read("a.txt") == b"2"
    assert overtaken


@pytest.mark.parametrize("dies_at", ["write_file", "replace", "sync_folder"])
def test_a_writer_that_dies_changes_nothing(store: IndexStore, monkeypatch: pytest.MonkeyPatch, dies_at: str) -> None:
    """This test ensures that a writer killed at any step leaves the old generation current and the next one works."""
    before = store.open()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store_module, dies_at, die)
        with pytest.raises(KeyboardInterrupt):
            store.write({"a.txt": b"new"}, RECIPE)
    assert store.open().generation_id == before.generation_id
    assert store.verify() == []
    after = store.write({"a.txt": b"newer"}, RECIPE)
    names = {path.name for path in (store.root / GENERATIONS).iterdir()}
    assert names == {before.generation_id, after.generation_id}


def test_what_a_crash_left_goes_first(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a half-written generation makes room before the next one is written, not after."""
    left = store.root / GENERATIONS / f"{UNFINISHED}20200101T000000Z-00000000"
    left.mkdir()
    (left / "a.txt").write_bytes(b"half")
    seen: list[bool] = []

    def write(path: Path, content: bytes) -> None:
        seen.append(left.exists())
        durable.write_file(path, content)

    monkeypatch.setattr(store_module, "write_file", write)
    store.write(FILES, RECIPE)
    assert seen == [False] * (len(FILES) + 2)


def test_a_killed_process_changes_nothing(store: IndexStore) -> None:
    """This test ensures that a process that ends at once before the switch leaves neither a lock nor a new index."""
    code = (
        "import os, sys\n"
        "from index.store import IndexStore\n"
        "from tests.index.test_store import RECIPE\n"
        "os.replace = lambda *_: os._exit(9)\n"
        "IndexStore(sys.argv[1]).write({'a.txt': b'new'}, RECIPE)\n"
    )
    before = store.open().generation_id
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code, str(store.root)], cwd=root, check=False).returncode == 9
    assert len(list((store.root / GENERATIONS).iterdir())) == 2
    assert store.open().generation_id == before
    after = store.write({"a.txt": b"newer"}, RECIPE).generation_id
    assert {path.name for path in (store.root / GENERATIONS).iterdir()} == {before, after}


@pytest.mark.parametrize(
    ("code", "why"), [(errno.ENOSPC, "空き容量がありません"), (errno.EACCES, "権限"), (errno.ENXIO, "No such device")]
)
def test_a_full_disk_changes_nothing(store: IndexStore, monkeypatch: pytest.MonkeyPatch, code: int, why: str) -> None:
    """This test ensures that a failed write is one line, leaves nothing behind and the old generation current."""
    before = store.open().generation_id

    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(durable.os, "fsync", fail)
        with pytest.raises(IndexNotWritten, match=why) as caught:
            store.write({"a.txt": b"new"}, RECIPE)
    assert "\n" not in str(caught.value)
    assert store.open().generation_id == before
    assert [path.name for path in (store.root / GENERATIONS).iterdir()] == [before]


def test_a_root_that_cannot_be_made(tmp_path: Path) -> None:
    """This test ensures that a file standing where the folder should be is one line, not a trace."""
    (tmp_path / "index").write_text("a file")
    with pytest.raises(IndexNotWritten):
        IndexStore(tmp_path / "index").write(FILES, RECIPE)


def test_one_writer_at_a_time(store: IndexStore) -> None:
    """This test ensures that a second writer is told so at once, and that readers do not care."""
    with FileLock(store.root / LOCK), pytest.raises(IndexBusy, match="作成中"):
        IndexStore(store.root).write(FILES, RECIPE)
    assert store.verify() == []


def test_writing_mends_a_damaged_index(store: IndexStore) -> None:
    """This test ensures that what the message says to run does help."""
    (store.root / CURRENT).write_bytes(b"")
    store.write(FILES, RECIPE)
    assert store.verify() == []


@pytest.mark.parametrize("name", ["../x", "a/b", "", MANIFEST, ".hidden", "a\\b"])
def test_names_that_lead_elsewhere(store: IndexStore, name: str) -> None:
    """This test ensures that no file is written outside its generation or over its manifest."""
    with pytest.raises(ValueError, match="not a name"):
        store.write({name: b""}, RECIPE)


def test_a_drive_that_cannot_sync_folders(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a network drive without fsync for folders is no reason to fail, a broken one is."""
    for code, fails in ((errno.EINVAL, False), (errno.EIO, True)):

        def fail(_: int, code: int = code) -> None:
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patched:
            patched.setattr(durable.os, "fsync", fail)
            if fails:
                with pytest.raises(OSError, match=os.strerror(code)):
                    durable.sync_folder(store.root)
            else:
                durable.sync_folder(store.root)
