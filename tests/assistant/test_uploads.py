"""Tests of uploaded files: what is refused, what they are called, and that they are kept whole or not at all."""

from __future__ import annotations

import errno
import io
import os
import threading
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import uploads as module
from assistant.errors import LibraryError
from assistant.settings import Settings
from assistant.uploads import MOST_BYTES, discard_upload, kept_content, safe_name, save_upload, uploads
from corpus.files import find_files
from index import lock

PDF = b"%PDF-1.4\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder that is not there yet."""
    return Settings(tmp_path / "data")


def kept(settings: Settings) -> dict[str, bytes]:
    """Everything that lies in the folder of uploads, but for the lock."""
    folder = settings.documents_dir
    files = folder.iterdir() if folder.exists() else ()
    return {path.name: path.read_bytes() for path in files if not path.name.endswith(".lock")}


def is_one_line(error: pytest.ExceptionInfo[LibraryError]) -> bool:
    """Whether a message is one line that says what to do."""
    return "\n" not in str(error.value) and "ください" in str(error.value)


def zipped(*names: str) -> bytes:
    """A ZIP with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("手引き.pdf", "手引き.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\規程.docx", "規程.docx"),
        ("/abs/olute.md", "olute.md"),
        ("a\x00b\x1bc\u202egnp.md", "abcgnp.md"),
        ("a\nb\tc.md", "abc.md"),
        ("lone\udcffsurrogate.md", "lonesurrogate.md"),
        ('q<w>e:r"t|y?u*i.md', "q_w_e_r_t_y_u_i.md"),
        ("か\u3099っこう.md", "がっこう.md"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("Lpt9.old.md", "_Lpt9.old.md"),
        ("com¹.md", "_com¹.md"),
        ("console.md", "console.md"),
        ("...hidden.md", "hidden.md"),
        ("__init__.md", "init__.md"),
        ("~$下書き.docx", "下書き.docx"),
        ("end. . ", "end"),
        ("a .md", "a.md"),
        (".pdf", "無題.pdf"),
        ("", "無題"),
        ("..", "無題"),
        ("/", "無題"),
        ("葛\U000e0100城.md", "葛\U000e0100城.md"),
    ],
)
def test_a_name_becomes_safe(name: str, safe: str) -> None:
    """This test ensures that no name leaves its folder, steers a terminal or is one that Windows cannot have."""
    assert safe_name(name) == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize("character", ["あ", "a", "🛡", "が"])
def test_a_long_name_is_shortened_and_stays_its_own(character: str) -> None:
    """This test ensures that a name of 4,000 characters fits every file system and two of them stay two."""
    one, other = (safe_name("\udcff" + character * 4000 + f"{end}.pdf") for end in "12")
    assert one != other
    assert one.endswith(".pdf")
    assert max(len(one.encode()), len(other.encode())) <= 140
    assert one == unicodedata.normalize("NFC", one) == safe_name(one)
    assert len(safe_name("a." + "b" * 4000).encode()) <= 140


def test_a_kept_file_is_found_again(settings: Settings) -> None:
    """This test ensures that a file lies where uploads lie, as it was, and is one that an update will read."""
    path = save_upload(settings, "../手引き.pdf", PDF)
    assert path == settings.documents_dir.absolute() / "手引き.pdf"
    assert kept(settings) == {"手引き.pdf": PDF}
    assert uploads(settings) == [path]
    assert [file.path.name for file in find_files([settings.documents_dir])] == ["手引き.pdf"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.pdf", b"", "空のファイル"),
        ("photo.pdf", PNG, "画像"),
        ("photo.md", PNG, "画像"),
        ("program.exe", b"MZ" + bytes(90), "読めるのは"),
        ("no-ending", b"text", "読めるのは"),
        ("old.doc", b"{\\rtf1 x}", ".docx"),
        ("packed.zip", b"7z\xbc\xaf\x27\x1c", "ZIP"),
        ("open.docx", zipped("mimetype", "content.xml"), "OpenDocument"),
        ("sources.toml", b"[[documents]]\n", "読めるのは"),
        ("Sources.TOML", PDF, "名前を変えて"),
    ],
)
def test_what_cannot_be_read_is_refused(settings: Settings, name: str, data: bytes, words: str) -> None:
    """This test ensures that the content decides, whatever the name says, and that nothing stays of it."""
    with pytest.raises(LibraryError, match=words) as error:
        save_upload(settings, name, data)
    assert is_one_line(error)
    assert safe_name(name) in str(error.value)
    assert kept(settings) == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("表.csv", "名前,数\nねじ,3\n".encode("cp932")),
        ("page.html", b"<!doctype html><title>x</title>"),
        ("misnamed.txt", PDF),
        ("束.zip", zipped("a.md")),
        ("a.docx", zipped("[Content_Types].xml", "word/document.xml")),
        ("a.bin", zipped("[Content_Types].xml", "ppt/presentation.xml")),
        ("utf16.txt", "本文".encode("utf-16")),
    ],
)
def test_what_can_be_read_is_kept(settings: Settings, name: str, data: bytes) -> None:
    """This test ensures that every kind with a reader is taken, told by its content."""
    assert save_upload(settings, name, data).read_bytes() == data


def test_fifty_megabytes_and_no_more(settings: Settings) -> None:
    """This test ensures that the size is checked here, and the limit itself is still within."""
    data = PDF.ljust(MOST_BYTES + 1, b" ")
    with pytest.raises(LibraryError, match="上限 50 MB") as error:
        save_upload(settings, "large.pdf", data)
    assert is_one_line(error)
    assert kept(settings) == {}
    save_upload(settings, "large.pdf", data[:-1])
    assert [path.stat().st_size for path in uploads(settings)] == [MOST_BYTES]


def test_another_content_of_the_same_name(settings: Settings) -> None:
    """This test ensures that nothing is replaced unasked, in another spelling neither, and the same content is fine."""
    first = save_upload(settings, "Guide.md", b"one")
    assert kept_content(settings, "x/GUIDE.md") == b"one"
    assert kept_content(settings, "other.md") is None
    assert save_upload(settings, "guide.MD", b"one") == first
    with pytest.raises(LibraryError, match="置き換える") as error:
        save_upload(settings, "guide.md", b"two")
    assert is_one_line(error)
    assert kept(settings) == {"Guide.md": b"one"}
    assert save_upload(settings, "guide.md", b"two", replace=True) == first
    assert kept(settings) == {"Guide.md": b"two"}


def test_a_name_stored_in_two_pieces_is_the_same(settings: Settings) -> None:
    """This test ensures that が as one character and as two do not become two files."""
    settings.documents_dir.mkdir(parents=True)
    stored = settings.documents_dir / unicodedata.normalize("NFD", "がっこう.md")
    stored.write_bytes(b"one")
    assert kept_content(settings, "がっこう.md") == b"one"
    save_upload(settings, "がっこう.md", b"two", replace=True)
    assert list(kept(settings).values()) == [b"two"]


def test_a_folder_or_a_link_in_the_way(settings: Settings, tmp_path: Path) -> None:
    """This test ensures that a folder is left alone, and that what a link leads to is not written over."""
    outside = tmp_path / "outside.md"
    outside.write_bytes(b"precious")
    (settings.documents_dir / "folder.md").mkdir(parents=True)
    with pytest.raises(LibraryError, match="フォルダー") as error:
        save_upload(settings, "folder.md", b"x", replace=True)
    assert is_one_line(error)
    try:
        (settings.documents_dir / "link.md").symlink_to(outside)
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(LibraryError, match="置き換える"):
        save_upload(settings, "link.md", b"new")
    save_upload(settings, "link.md", b"new", replace=True)
    assert outside.read_bytes() == b"precious"


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("before", [None, b"old"])
def test_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch, call: str, before: bytes | None) -> None:
    """This test ensures that a disk that is full at any step leaves the old file, or none, and says what is wrong."""
    if before:
        save_upload(settings, "a.md", before)
    settings.documents_dir.mkdir(parents=True, exist_ok=True)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # The folders' own names wait for the disk too; what is tested here is the file.
    monkeypatch.setattr(module, "make_folder", lambda _folder: None)
    monkeypatch.setattr(os, call, full)
    with pytest.raises(LibraryError, match="空き容量") as error:
        save_upload(settings, "a.md", b"new", replace=True)
    assert is_one_line(error)
    assert kept(settings) == ({"a.md": before} if before else {})


def test_written_before_it_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the content is on the disk before it gets its name, and the name before all is well."""
    settings.documents_dir.mkdir(parents=True)
    calls: list[str] = []

    def noting(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            calls.append(name)
            return original(*arguments)

        return call

    monkeypatch.setattr(module, "make_folder", lambda _folder: None)
    for owner, name in ((module, "write_file"), (module, "replace"), (module, "sync_folder")):
        monkeypatch.setattr(owner, name, noting(name, getattr(owner, name)))
    save_upload(settings, "a.md", b"text")
    assert calls == ["write_file", "replace", "sync_folder"]


def test_a_folder_that_cannot_be_made(settings: Settings) -> None:
    """This test ensures that a file where the data folder should be is told of in one line."""
    settings.data_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.data_dir.write_bytes(b"")
    with pytest.raises(LibraryError, match="フォルダー") as error:
        save_upload(settings, "a.md", b"text")
    assert is_one_line(error)
    assert uploads(settings) == []
    assert kept_content(settings, "a.md") is None


def test_remains_of_a_crash(settings: Settings) -> None:
    """This test ensures that half a file of a crash is no document and is gone after the next upload."""
    settings.documents_dir.mkdir(parents=True)
    (settings.documents_dir / ".upload-123").write_bytes(b"hal")
    assert uploads(settings) == []
    save_upload(settings, "a.md", b"text")
    assert kept(settings) == {"a.md": b"text"}


def test_two_at_once_and_one_that_waits_too_long(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that of two files of one name one is refused, and that a lock held for long is told of."""
    results: list[str] = []

    def save(data: bytes) -> None:
        try:
            results.append(save_upload(settings, "a.md", data).name)
        except LibraryError as error:
            results.append(str(error))

    threads = [threading.Thread(target=save, args=(f"text {number}".encode(),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("a.md") == 1
    assert sum("置き換える" in result for result in results) == 5
    monkeypatch.setattr(module, "_LOCK_SECONDS", 0.05)
    with (
        lock.only_one(settings.documents_dir / ".upload.lock"),
        pytest.raises(LibraryError, match="少し待って") as error,
    ):
        save_upload(settings, "b.md", b"x")
    assert is_one_line(error)


def test_discarding(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that an upload can be deleted again, nothing else ever is, and a failure is told."""
    path, other = save_upload(settings, "a.md", b"text"), tmp_path / "original.md"
    other.write_bytes(b"original")
    discard_upload(settings, other)
    assert other.exists()
    discard_upload(settings, path)
    discard_upload(settings, path)
    assert kept(settings) == {}
    discard_upload(Settings(tmp_path / "nowhere"), tmp_path / "nowhere" / "documents" / "a.md")
    path = save_upload(settings, "a.md", b"text")

    def refuse(_self: Path, **_options: bool) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(LibraryError, match="消せません") as error:
        discard_upload(settings, path)
    assert is_one_line(error)
