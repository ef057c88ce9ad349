"""Tests of reading lines with a clear error, and of writing files whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from eval.errors import AnswersError, EvaluationError, QuestionSetError, RunError
from eval.files import read_lines, write_whole


def written(folder: Path, content: bytes) -> Path:
    """A file with these bytes."""
    path = folder / "rows.jsonl"
    path.write_bytes(content)
    return path


def refused(path: Path, error: type[EvaluationError] = QuestionSetError) -> str:
    """The one line that says why a file is not read, and what to do."""
    with pytest.raises(error) as caught:
        read_lines(path, error)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    assert message.endswith("ください。")
    return message


def test_lines_keep_their_numbers(tmp_path: Path) -> None:
    """This test ensures that blank lines are left out but counted, and that the bytes come back as they are."""
    content = b"\n{}\n  \n\t\nlast"
    data, lines = read_lines(written(tmp_path, content), QuestionSetError)
    assert data == content
    assert lines == [(2, "{}"), (5, "last")]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    """This test ensures that a byte-order mark is let through, and stays in the bytes that are hashed."""
    data, lines = read_lines(written(tmp_path, b"\xef\xbb\xbf{}\n"), QuestionSetError)
    assert data.startswith(b"\xef\xbb\xbf")
    assert lines == [(1, "{}")]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e"])
def test_only_a_newline_ends_a_line(separator: str, tmp_path: Path) -> None:
    """This test ensures that what Python's splitlines() takes for a line end splits no JSON string."""
    line = f'{{"id": "a{separator}b"}}'
    assert read_lines(written(tmp_path, f"{line}\nz".encode()), QuestionSetError)[1] == [(1, line), (2, "z")]


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", "\u3000\n".encode()])
def test_a_file_without_a_line_is_empty(content: bytes, tmp_path: Path) -> None:
    """This test ensures that nothing, or nothing but blank lines, is said to be empty."""
    assert "空です" in refused(written(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("質問".encode("cp932"), 1),
        (b"{}\n{}\n" + "質問".encode("cp932"), 3),
        (b"{}\r\n" + "質問".encode("cp932") + b"\r\n", 2),
        (b"\xef\xbb\xbf{}\n" + "質問".encode("cp932"), 2),
        ("{}\n".encode("utf-16"), 1),
        ("{}\n質".encode()[:-1], 2),
    ],
    ids=["CP932", "CP932 from line 3", "CP932 with CRLF", "mark, then CP932", "UTF-16", "cut off inside a character"],
)
def test_another_encoding_is_named_with_its_line(content: bytes, line: int, tmp_path: Path) -> None:
    """This test ensures that the first line that is not UTF-8 is named, not a stack trace or a guess at its text."""
    assert f"の{line}行目がUTF-8ではありません" in refused(written(tmp_path, content))


@pytest.mark.parametrize("error", [QuestionSetError, AnswersError, RunError])
def test_what_cannot_be_read_is_the_callers_error(error: type[EvaluationError], tmp_path: Path) -> None:
    """This test ensures that a missing file and a folder are refused with the error that was asked for."""
    assert "読めません" in refused(tmp_path / "none.jsonl", error)
    assert "フォルダーがあります" in refused(tmp_path, error)


def test_what_is_written_is_what_was_given(tmp_path: Path) -> None:
    """This test ensures that folders are made, bytes and text stand as given, and nothing else is left there."""
    path = tmp_path / "a" / "b" / "file"
    write_whole(path, b"\xff\r\n", RunError)
    assert path.read_bytes() == b"\xff\r\n"
    write_whole(path, "一\r\n二\n", RunError)
    assert path.read_bytes() == "一\r\n二\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_half_a_character_is_written_as_json_escapes_it(tmp_path: Path) -> None:
    """This test ensures that a lone surrogate, which UTF-8 cannot hold, does not break the writing off."""
    write_whole(tmp_path / "file", '"\ud800"', RunError)
    assert (tmp_path / "file").read_bytes() == rb'"\ud800"'


STEPS = {"opening": (Path, "open"), "syncing": (os, "fsync"), "replacing": (os, "replace")}


@pytest.mark.parametrize(("owner", "name"), STEPS.values(), ids=STEPS.keys())
@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "空き容量"), (errno.EACCES, "権限"), (errno.EROFS, "書き込みできない")]
)
@pytest.mark.parametrize("before", [None, "before"])
def test_a_write_that_fails_changes_nothing(
    owner: object,
    name: str,
    number: int,
    words: str,
    before: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """This test ensures that at whichever step the disk gives up, the file is as it was and no part lies about."""
    path = tmp_path / "file"
    if before is not None:
        path.write_text(before, encoding="utf-8")

    def fail(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        with pytest.raises(RunError, match=f"書けません.*{words}.*ください") as caught:
            write_whole(path, "after", RunError)
    assert "\n" not in str(caught.value)
    assert [one.name for one in tmp_path.iterdir()] == ["file"] * (before is not None)
    assert before is None or path.read_text(encoding="utf-8") == before


def test_a_file_in_a_folders_place_is_said(tmp_path: Path) -> None:
    """This test ensures that a path through a file, and a folder in the file's place, are errors of one line."""
    (tmp_path / "file").write_text("before", encoding="utf-8")
    with pytest.raises(AnswersError, match="ファイルがあります"):
        write_whole(tmp_path / "file" / "below", "x", AnswersError)
    (tmp_path / "folder").mkdir()
    with pytest.raises(AnswersError, match="フォルダーがあります"):
        write_whole(tmp_path / "folder", "x", AnswersError)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "before"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not hold for an administrator")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    """This test ensures that a folder that may not be written to is one line, and stays empty."""
    tmp_path.chmod(0o500)
    with pytest.raises(RunError, match="権限がありません"):
        write_whole(tmp_path / "file", "x", RunError)
    tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_write_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that Ctrl-C in the middle of a write leaves the file as it was and nothing beside it."""

    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "file").write_text("before", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / "file", "after", RunError)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "before"
