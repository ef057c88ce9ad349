"""Build, add, remove, update: what an index holds afterwards, what is not read or embedded again, what is recorded."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.catalogue import FILE, Catalogue
from assistant.changes import LibraryOptions
from assistant.errors import LibraryError
from assistant.history import read_changes
from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import build_store
from corpus import one_file
from corpus.limits import Limits
from corpus.manifest import Source
from corpus.models import Verdict
from corpus.sandbox import Sandboxed
from index.build import load_chunks
from index.encoder.static import StaticEncoder
from index.errors import DamagedIndex, UnknownDocument

TEA = "茶の手引き\n\n一番茶は五月に摘みます。\n"
STORE = "蔵の手引き\n\n蔵の戸は朝に開けます。\n"
NEW = "茶の手引き\n\n二番茶は七月に摘みます。\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder of its own."""
    return Settings(tmp_path / "data")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with two documents."""
    folder = tmp_path / "docs"
    folder.mkdir()
    write(folder / "tea.txt", TEA)
    write(folder / "store.txt", STORE)
    return folder


def write(path: Path, text: str) -> Path:
    """A file with this text, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def library(settings: Settings, where: str = "terminal", on_wait: Callable[[object], None] | None = None) -> Library:
    """The library, fitting no encoder."""
    return Library(settings, options=LibraryOptions(adapt=False, where=where, on_wait=on_wait))


def texts(settings: Settings) -> dict[str, str]:
    """What the index in use says, by document."""
    found: dict[str, str] = {}
    for chunk in load_chunks(build_store(settings).open()):
        found[chunk.doc_id] = found.get(chunk.doc_id, "") + chunk.text
    return found


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from here on."""
    names: list[str] = []
    apart = one_file.read_apart

    def noted(path: Path, name: str, source: Source | None, *, ocr: bool, limits: Limits) -> Sandboxed:
        names.append(name)
        return apart(path, name, source, ocr=ocr, limits=limits)

    monkeypatch.setattr(one_file, "read_apart", noted)
    return names


def test_added_documents_stand_beside_the_others(settings: Settings, docs: Path, read: list[str]) -> None:
    """This test ensures that add reads the new file only, and that everything there was is still found."""
    library(settings).build([docs / "tea.txt"])
    read.clear()
    report = library(settings).add([docs])
    assert (report.added, report.changed, report.removed) == (("store",), (), ())
    assert read == ["store.txt"]
    assert set(texts(settings)) == {"tea", "store"}
    assert (report.documents, report.chunks) == (2, 2)


def test_add_begins_where_there_is_nothing(settings: Settings, docs: Path) -> None:
    """This test ensures that add makes the first index."""
    assert library(settings).add([docs]).documents == 2


def test_a_changed_file_replaces_its_text(settings: Settings, docs: Path, read: list[str]) -> None:
    """This test ensures that update takes a changed file in under its id, and its old text out."""
    library(settings).build([docs])
    read.clear()
    write(docs / "tea.txt", NEW)
    report = library(settings).update()
    assert (report.changed, read) == (("tea",), ["tea.txt"])
    assert "七月" in texts(settings)["tea"]
    assert "五月" not in texts(settings)["tea"]


def test_unchanged_chunks_keep_their_vectors(settings: Settings, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that only the text that changed is encoded."""
    library(settings).build([docs])
    encoded: list[str] = []
    encode = StaticEncoder.encode

    def noted(self: StaticEncoder, batch: Sequence[str]) -> NDArray[np.float32]:
        encoded.extend(batch)
        return encode(self, batch)

    monkeypatch.setattr(StaticEncoder, "encode", noted)
    write(docs / "tea.txt", NEW)
    library(settings).update()
    assert encoded
    assert all("七月" in text for text in encoded)


def test_nothing_changed_makes_nothing(settings: Settings, docs: Path, read: list[str]) -> None:
    """This test ensures that an update without a change reads no file and leaves the index as it is."""
    before = library(settings).build([docs]).generation
    read.clear()
    report = library(settings).update()
    assert (report.generation, read) == (None, [])
    assert build_store(settings).open().generation_id == before


def test_new_files_are_found_by_an_update(settings: Settings, docs: Path) -> None:
    """This test ensures that a file that was put into a known folder is taken in."""
    library(settings).build([docs])
    write(docs / "sub" / "new.txt", NEW)
    assert library(settings).update().added == ("new",)


def test_a_removed_document_stays_away(settings: Settings, docs: Path) -> None:
    """This test ensures that remove takes the text out, update does not bring it back, and add does."""
    library(settings).build([docs])
    assert library(settings).remove(["tea"]).removed == ("tea",)
    assert set(texts(settings)) == {"store"}
    library(settings).update()
    assert set(texts(settings)) == {"store"}
    assert (docs / "tea.txt").exists()
    library(settings).add([docs / "tea.txt"])
    assert set(texts(settings)) == {"tea", "store"}


def test_what_cannot_be_removed(settings: Settings, docs: Path) -> None:
    """This test ensures that an unknown id and the last document are refused, and nothing changes."""
    library(settings).build([docs])
    with pytest.raises(UnknownDocument):
        library(settings).remove(["tea", "coffee"])
    with pytest.raises(LibraryError):
        library(settings).remove(["tea", "store"])
    assert set(texts(settings)) == {"tea", "store"}


def test_an_uploaded_file_goes_with_its_document(settings: Settings, docs: Path) -> None:
    """This test ensures that what lies in the folder of uploads is deleted, and nothing else is."""
    mine = write(settings.documents_dir / "mine.txt", NEW)
    library(settings).build([docs, mine])
    library(settings).remove(["mine", "tea"])
    assert not mine.exists()
    assert (docs / "tea.txt").exists()


def test_a_missing_file_keeps_its_document(settings: Settings, docs: Path) -> None:
    """This test ensures that a file that is not there today costs nothing unless the person says so."""
    library(settings).build([docs])
    (docs / "tea.txt").unlink()
    report = library(settings).update()
    assert [file.doc_id for file in report.files if "見つかりません" in "".join(file.warnings)] == ["tea"]
    assert set(texts(settings)) == {"tea", "store"}
    assert library(settings).update(prune=True).removed == ("tea",)
    assert set(texts(settings)) == {"store"}


def test_a_missing_folder_keeps_its_documents(settings: Settings, docs: Path, tmp_path: Path) -> None:
    """This test ensures that a drive that is not there today loses no document."""
    library(settings).build([docs])
    docs.rename(tmp_path / "away")
    library(settings).update()
    assert set(texts(settings)) == {"tea", "store"}


def test_a_moved_file_is_the_same_document(settings: Settings, docs: Path, read: list[str]) -> None:
    """This test ensures that a file found elsewhere by its content keeps its id and is not read again."""
    library(settings).build([docs])
    read.clear()
    (docs / "sub").mkdir()
    (docs / "tea.txt").rename(docs / "sub" / "お茶.txt")
    library(settings).update()
    assert (set(texts(settings)), read) == ({"tea", "store"}, [])
    assert [file.report.path for file in library(settings).holding().files if file.report.doc_id == "tea"] == [
        str(docs / "sub" / "お茶.txt")
    ]


def test_a_file_that_breaks_keeps_its_old_text(settings: Settings, docs: Path) -> None:
    """This test ensures that a document is not lost to a later version of its file that nobody can read."""
    library(settings).build([docs])
    (docs / "tea.txt").write_bytes(b"\x00\x01\x02\x03" * 50)
    report = library(settings).update()
    assert "五月" in texts(settings)["tea"]
    told = next(file for file in report.files if file.path.endswith("tea.txt"))
    assert told.verdict is Verdict.UNSUPPORTED
    assert any("そのまま残しました" in warning for warning in told.warnings)


def test_a_copy_takes_the_place_of_what_it_copied(settings: Settings, docs: Path) -> None:
    """This test ensures that content that stands twice is one document, and stays when one of the two is taken out."""
    write(docs / "zcopy.txt", TEA)
    library(settings).build([docs])
    assert set(texts(settings)) == {"tea", "store"}
    (docs / "tea.txt").unlink()
    library(settings).update(prune=True)
    assert any("五月" in text for text in texts(settings).values())


def test_added_content_that_is_there_already(settings: Settings, docs: Path, tmp_path: Path) -> None:
    """This test ensures that the same text from another folder is not indexed twice."""
    library(settings).build([docs])
    report = library(settings).add([write(tmp_path / "other" / "tea-copy.txt", TEA)])
    assert set(texts(settings)) == {"tea", "store"}
    assert "二度は載せません" in report.files[0].warnings[0]


def test_a_name_that_is_taken_gets_a_number(settings: Settings, docs: Path, tmp_path: Path) -> None:
    """This test ensures that a file of the same name from another folder pushes nothing aside."""
    library(settings).build([docs])
    assert library(settings).add([write(tmp_path / "other" / "tea.txt", NEW)]).added == ("tea-2",)
    assert "五月" in texts(settings)["tea"]


def test_a_new_description_is_taken_over(settings: Settings, docs: Path) -> None:
    """This test ensures that a changed entry of sources.toml counts as a change of its file."""
    library(settings).build([docs])
    write(docs / "sources.toml", '[[document]]\nfile = "tea.txt"\nid = "tea"\ntitle = "お茶の本"\nedition = "第2版"\n')
    library(settings).update()
    documents = {one.document.doc_id: one.document for one in library(settings).holding().files if one.document}
    assert (documents["tea"].title, documents["tea"].edition) == ("お茶の本", "第2版")


def test_all_is_read_again_when_asked(settings: Settings, docs: Path, read: list[str]) -> None:
    """This test ensures that reread reads the unchanged files too, under their ids."""
    library(settings).build([docs])
    read.clear()
    library(settings).update(reread=True)
    assert (sorted(read), set(texts(settings))) == (["store.txt", "tea.txt"], {"tea", "store"})


def test_changes_are_recorded(settings: Settings, docs: Path) -> None:
    """This test ensures that the history says who did what, where, and which index came of it."""
    first = library(settings).build([docs / "tea.txt"])
    second = library(settings, where="page").add([docs])
    changes = read_changes(settings).entries
    assert [(change.action, change.where, change.generation) for change in changes] == [
        ("build", "terminal", first.generation),
        ("add", "page", second.generation),
    ]
    assert changes[1].added == ("store",)
    assert changes[1].who
    assert changes[1].at


def test_a_history_that_cannot_be_written_costs_nothing_else(settings: Settings, docs: Path) -> None:
    """This test ensures that the change stands, and the person learns that it was not recorded."""
    settings.history_file.mkdir(parents=True)
    report = library(settings).build([docs])
    assert report.problem
    assert set(texts(settings)) == {"tea", "store"}


def test_two_changes_at_once_lose_nothing(settings: Settings, docs: Path, tmp_path: Path) -> None:
    """This test ensures that of documents added at the same time all are there afterwards."""
    library(settings).build([docs])
    files = [write(tmp_path / "more" / f"{n}.txt", TEA.replace("五月", f"{n}日目")) for n in range(4)]
    waited: list[object] = []
    threads = [threading.Thread(target=library(settings, on_wait=waited.append).add, args=([file],)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(texts(settings)) == {"tea", "store", "0", "1", "2", "3"}
    assert waited


def test_a_catalogue_survives_its_json() -> None:
    """This test ensures that what is written is read back, and that anything else is refused."""
    catalogue = Catalogue(("/a\udc83",), ("/b",), ())
    assert Catalogue.from_bytes(catalogue.to_bytes()) == catalogue
    for data in (b"", b"[]", b"{}", b'{"roots": [], "excluded": [], "files": [{}]}'):
        with pytest.raises(ValueError, match=r"catalogue|Expecting"):
            Catalogue.from_bytes(data)


def test_a_generation_without_a_catalogue_still_tells_its_documents(settings: Settings, docs: Path) -> None:
    """This test ensures that documents that came in another way can be removed and added to."""
    library(settings).build([docs])
    store = build_store(settings)
    generation = store.open()
    store.write({name: data for name, data in generation.contents.items() if name != FILE}, generation.manifest.recipe)
    assert library(settings).remove(["tea"]).removed == ("tea",)


def test_a_broken_catalogue_is_a_damaged_index(settings: Settings, docs: Path) -> None:
    """This test ensures that nothing is changed on the ground of a catalogue that is none."""
    library(settings).build([docs])
    store = build_store(settings)
    generation = store.open()
    store.write({**generation.contents, FILE: b"[]"}, generation.manifest.recipe)
    with pytest.raises(DamagedIndex):
        library(settings).add([docs])


def test_an_archive_stays_while_it_is_needed(settings: Settings, docs: Path) -> None:
    """This test ensures that an uploaded ZIP is deleted with the last of its documents, not with the first."""
    settings.documents_dir.mkdir(parents=True)
    archive = settings.documents_dir / "two.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("one.txt", NEW)
        file.writestr("two.txt", NEW.replace("七月", "八月"))
    library(settings).build([docs, archive])
    library(settings).remove(["one"])
    assert archive.exists()
    assert library(settings).update().added == ()
    library(settings).remove(["two"])
    assert not archive.exists()


def test_a_file_that_gave_nothing_can_be_taken_off_the_list(settings: Settings, docs: Path) -> None:
    """This test ensures that remove takes the path of an unreadable file, and that an update does not list it again."""
    bad = docs / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 cut off")
    library(settings).build([docs])
    library(settings).remove([str(bad)])
    library(settings).update()
    assert [file.report.path for file in library(settings).holding().files if not file.document] == []


def test_an_unreadable_file_that_is_gone_is_forgotten(settings: Settings, docs: Path) -> None:
    """This test ensures that an update lists only what is there, where no document would be lost."""
    bad = docs / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 cut off")
    library(settings).build([docs])
    bad.unlink()
    library(settings).update()
    assert all(file.document for file in library(settings).holding().files)


def test_a_step_back_is_recorded(settings: Settings, docs: Path) -> None:
    """This test ensures that rollback brings the documents of before back, and is in the history with what changed."""
    library(settings).build([docs])
    library(settings).remove(["tea"])
    info = library(settings, where="page").rollback()
    assert set(texts(settings)) == {"tea", "store"}
    last = read_changes(settings).entries[-1]
    assert (last.action, last.where, last.generation, last.added) == ("rollback", "page", info.generation_id, ("tea",))


def test_prune_never_leaves_nothing(settings: Settings, docs: Path, tmp_path: Path) -> None:
    """This test ensures that a drive that is not there takes nothing away, even with prune, and is told of."""
    library(settings).build([docs])
    docs.rename(tmp_path / "away")
    with pytest.raises(LibraryError, match="見つからない"):
        library(settings).update(prune=True)
    assert set(texts(settings)) == {"tea", "store"}


def test_an_idle_update_makes_nothing_whatever_was_refused(
    settings: Settings, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that copies, unreadable files and a relative path do not count as a change."""
    write(docs / "zcopy.txt", TEA)
    (docs / "bad.pdf").write_bytes(b"%PDF-1.4 cut off")
    monkeypatch.chdir(docs.parent)
    library(settings).build([Path("docs")])
    assert library(settings).update().generation is None
