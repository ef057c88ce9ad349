"""Tests of what can go wrong before there is an answer: one clear line each, exit 1, and nothing lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.encoder import BUNDLED_FOLDER
from tests.cli.conftest import TEXT, Run, is_one_helpful_line
from tests.corpus.make_pdfs import PageSpec, encrypt, make_pdf

PDF = make_pdf([PageSpec(lines=("見本の管理番号は台帳に書きます。",))])
UNREADABLE = {
    "an empty file": ("empty.txt", b"", "empty"),
    "a PDF cut off": ("cut.pdf", PDF[:200], "damaged"),
    "a PDF that is none": ("none.pdf", b"\x00\x01garbage" * 40, "damaged"),
    "a PDF with a password": ("locked.pdf", encrypt(PDF, "himitsu"), "needs_password"),
    "a PDF of pictures": ("scan.pdf", make_pdf([PageSpec(image=True)]), "needs_ocr"),
    "a program called .txt": ("program.txt", b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 64, "unsupported"),
}


def still_answers(mamori: Run, data: Path) -> bool:
    """Whether the index in use before is whole and answers."""
    asked = mamori("ask", "試作品を社外へ持ち出すとき、何を記入しますか", "--data-dir", data)
    return asked.status == 0 and "承認番号" in asked.out and mamori("index", "verify", "--data-dir", data).status == 0


@pytest.mark.parametrize(("name", "content", "verdict"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_file_costs_that_file_only(
    mamori: Run, data: Path, tmp_path: Path, name: str, content: bytes, verdict: str
) -> None:
    """This test ensures that a file that cannot be read is told with its reason, alone or among good ones."""
    path = tmp_path / name
    path.write_bytes(content)
    alone = mamori("index", "build", path, "--data-dir", data)
    assert alone.status == 1
    assert alone.out.split("\t")[:2] == [str(path), verdict]
    assert "ください" in alone.out or verdict == "empty", "the line says what to do"
    assert is_one_helpful_line(alone.err)
    assert still_answers(mamori, data)
    among = mamori("index", "build", path, tmp_path / "kitei.md", "--data-dir", data)
    assert (among.status, among.err) == (0, "")
    assert still_answers(mamori, data)


def test_a_path_that_is_not_there(mamori: Run, data: Path, tmp_path: Path) -> None:
    """This test ensures that a wrong path is named and the index in use stays."""
    result = mamori("index", "build", tmp_path / "いない.pdf", "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert "いない.pdf" in result.err
    assert is_one_helpful_line(result.err)
    assert still_answers(mamori, data)


def test_an_empty_folder(mamori: Run, data: Path, tmp_path: Path) -> None:
    """This test ensures that a folder without files is named and the index in use stays."""
    (tmp_path / "空").mkdir()
    result = mamori("index", "build", tmp_path / "空", "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert is_one_helpful_line(result.err)
    assert still_answers(mamori, data)


def test_a_sources_toml_that_is_broken(mamori: Run, data: Path, tmp_path: Path) -> None:
    """This test ensures that a manifest with a mistake is named and the index in use stays."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").write_text(TEXT, encoding="utf-8")
    (folder / "sources.toml").write_text('[[document]]\nfile = "a.md"\n', encoding="utf-8")
    result = mamori("index", "build", folder, "--data-dir", data)
    assert result.status == 1
    assert "sources.toml" in result.err
    assert result.err.count("\n") == 1
    assert still_answers(mamori, data)


@pytest.mark.parametrize("question", ["", "   ", "？！…", "\x00\x1b\x07", "長" * 10_000])
def test_a_question_without_words_or_without_end(mamori: Run, data: Path, question: str) -> None:
    """This test ensures that what is no question is refused in one line."""
    result = mamori("ask", "--data-dir", data, "--", question)
    assert (result.status, result.out) == (1, "")
    assert is_one_helpful_line(result.err)


def test_control_characters_in_a_question_are_passed_over(mamori: Run, data: Path) -> None:
    """This test ensures that a question pasted with control characters is answered as if without them."""
    plain = mamori("ask", "試作品を持ち出すとき何を記入しますか", "--data-dir", data)
    pasted = mamori("ask", "試作品を\x00\x1b持ち出す\x07とき\u200b何を記入しますか", "--data-dir", data)
    assert (pasted.status, pasted.out) == (0, plain.out)


@pytest.mark.parametrize("command", [["ask", "試作品"], ["index", "status"], ["index", "verify"]])
def test_no_index_yet(mamori: Run, tmp_path: Path, command: list[str]) -> None:
    """This test ensures that a first user without an index is told the command to run."""
    result = mamori(*command, "--data-dir", tmp_path / "nothing")
    assert (result.status, result.out) == (1, "")
    assert "mamori index build" in result.err
    assert is_one_helpful_line(result.err)
    assert not (tmp_path / "nothing").exists(), "asking makes no folder"


def test_an_index_of_another_schema(mamori: Run, data: Path) -> None:
    """This test ensures that an index of another layout is refused with the command to run, and can be replaced."""
    pointer = data / "index" / "CURRENT"
    values = json.loads(pointer.read_text(encoding="utf-8"))
    pointer.write_text(json.dumps(values | {"schema": 999}), encoding="utf-8")
    result = mamori("ask", "試作品", "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert "999" in result.err
    assert "mamori index build" in result.err
    assert is_one_helpful_line(result.err)


def test_an_index_of_another_encoder(mamori: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that vectors of another model are never searched, and that the old model still can."""
    other = tmp_path / "encoder"
    shutil.copytree(BUNDLED_FOLDER, other)
    record = json.loads((other / "mamori.json").read_text(encoding="utf-8"))
    (other / "mamori.json").write_text(json.dumps(record | {"fingerprint": "f" * 64}), encoding="utf-8")
    monkeypatch.setenv("MAMORI_ENCODER", str(other))
    result = mamori("ask", "試作品", "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert "ffffffff" in result.err
    assert is_one_helpful_line(result.err)
    monkeypatch.delenv("MAMORI_ENCODER")
    assert still_answers(mamori, data)


@pytest.mark.slow
@pytest.mark.parametrize("command", [["ask", "試作品"], ["index", "build"]])
def test_an_encoder_that_is_not_there(
    mamori: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """This test ensures that a wrong MAMORI_ENCODER is named, nothing is fetched, and the index in use stays."""
    monkeypatch.setenv("MAMORI_ENCODER", str(tmp_path / "no-such-model"))
    result = mamori(*command, "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert "no-such-model" in result.err
    assert is_one_helpful_line(result.err), result.err
    monkeypatch.delenv("MAMORI_ENCODER")
    assert still_answers(mamori, data)


def test_a_setting_that_means_nothing(mamori: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that MAMORI_ALLOW_REMOTE=maybe is refused, since guessing could open a connection."""
    monkeypatch.setenv("MAMORI_ALLOW_REMOTE", "maybe")
    result = mamori("ask", "試作品", "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert "MAMORI_ALLOW_REMOTE" in result.err
    assert is_one_helpful_line(result.err)


def test_a_document_that_is_not_indexed(mamori: Run, data: Path) -> None:
    """This test ensures that a wrong `--doc` is answered with the ids that there are."""
    result = mamori("ask", "試作品", "--doc", "nowhere", "--data-dir", data)
    assert (result.status, result.out) == (1, "")
    assert "nowhere" in result.err
    assert "kitei" in result.err
    assert result.err.count("\n") == 1


def test_a_data_folder_that_cannot_be_written(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a file in the place of the data folder is said in one line."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = mamori("index", "build", "--data-dir", tmp_path / "file" / "data")
    assert result.status == 1
    assert is_one_helpful_line(result.err)
