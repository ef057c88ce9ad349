"""Tests of `mamori index`: build, status, verify."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import TEXT, Run, is_one_helpful_line
from tests.corpus.make_pdfs import PageSpec, encrypt, make_pdf

PDF = make_pdf([PageSpec(lines=("見本の管理番号は台帳に書きます。",))])
TEA = "# 茶の手引き\n\n一番茶は五月に摘みます。\n"
BINARY = bytes(range(256)) * 8


def test_build_names_every_file_with_its_verdict(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that each file gets one line of path, verdict, pages and chunks, whatever became of it."""
    folder = tmp_path / "資料"
    folder.mkdir()
    contents = {
        "a.md": TEXT.encode(),
        "b.pdf": PDF,
        "c.pdf": encrypt(PDF, "himitsu"),
        "d.pdf": b"%PDF-1.4 cut off",
        "e.txt": b"",
        "f.txt": BINARY,
        "g.xlsx": BINARY,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    result = mamori("index", "build", folder, "--data-dir", tmp_path / "data")
    *lines, summary = result.out.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        [str(folder / "a.md"), "read"],
        [str(folder / "b.pdf"), "read"],
        [str(folder / "c.pdf"), "needs_password"],
        [str(folder / "d.pdf"), "damaged"],
        [str(folder / "e.txt"), "empty"],
        [str(folder / "f.txt"), "unsupported"],
        [str(folder / "g.xlsx"), "damaged"],
    ]
    assert lines[1].split("\t")[2] == "1ページ"
    assert all(len(line.split("\t")) == 5 for line in lines[2:]), "a file that is not read has a reason"
    assert "文書 2" in summary
    assert result.status == 0
    assert result.err == ""


def test_build_without_a_path_takes_the_digest(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that no PATH means the bundled digest."""
    assert mamori("index", "build", "--data-dir", tmp_path / "data").status == 0
    assert "digest-handbook-2026-04" in mamori("index", "status", "--data-dir", tmp_path / "data").out


def test_build_holds_exactly_what_it_was_given(mamori: Run, tmp_path: Path, digest: Path, document: Path) -> None:
    """This test ensures that with PATH neither the digest nor an earlier document stays in the index."""
    data = tmp_path / "data"
    mamori("index", "build", "--data-dir", data)
    mamori("index", "build", document, "--data-dir", data)
    listed = [line for line in mamori("index", "status", "--data-dir", data).out.splitlines() if "\t" in line]
    assert [line.split("\t")[0] for line in listed] == ["kitei"]


def test_a_control_character_in_a_file_name_stays_on_its_line(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a file name neither breaks the list into more lines nor steers the terminal."""
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        (folder / "a\n\x1b[31mb.md").write_text(TEXT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    out = mamori("index", "build", folder, "--data-dir", tmp_path / "data").out
    assert len(out.splitlines()) == 2
    assert "\x1b" not in out


def test_status_tells_generation_encoder_and_documents(mamori: Run, data: Path) -> None:
    """This test ensures that `status` shows what is in use: generation, encoder, counts, a line a document."""
    result = mamori("index", "status", "--data-dir", data)
    generation = next((data / "index" / "generations").iterdir()).name
    for expected in (
        generation,
        "埋め込みモデル: ",
        "文書: 1",
        "kitei\t試作品の取扱規程(第3版)\t第3版、2025-10\t断片 ",
    ):
        assert expected in result.out
    assert (result.status, result.err) == (0, "")


def test_no_adapt_leaves_the_encoder_as_it_is(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a build adapts unless told not to, that `status` says which, and that both answer.

    To documents of one's own: the bundled ones need none of it.
    """
    stages = ("受付", "分解", "洗浄", "組立", "検査", "出荷")
    told = [
        f"# {stage}\n{stage}の工程では手順書を確かめます。{stage}が終わったら記録簿に書きます。\n" for stage in stages
    ]
    own = tmp_path / "own.md"
    own.write_text("\n".join(told), encoding="utf-8")
    for option, adapted in (("--adapt", True), ("--no-adapt", False)):
        data = tmp_path / option
        assert mamori("index", "build", own, option, "--data-dir", data).status == 0
        assert ("資料に合わせて調整済み" in mamori("index", "status", "--data-dir", data).out) is adapted
        assert bool(list(data.glob("index/generations/*/encoder.safetensors"))) is adapted
        assert mamori("ask", "技術流出とは何ですか", "--data-dir", data).status == 0


def test_verify_says_that_all_is_well(mamori: Run, data: Path) -> None:
    """This test ensures that an index as it was written passes."""
    result = mamori("index", "verify", "--data-dir", data)
    assert (result.status, result.out, result.err) == (0, "索引は正常です。\n", "")


def test_every_damaged_file_is_named_and_not_used(mamori: Run, data: Path) -> None:
    """This test ensures that a flipped byte in any file of the index makes `verify`, `ask`, `status` exit 1, named."""
    files = [path for path in (data / "index").rglob("*") if path.is_file() and path.name != "writer.lock"]
    assert len(files) > 5
    for file in files:
        original = file.read_bytes()
        middle = len(original) // 2
        file.write_bytes(original[:middle] + bytes([original[middle] ^ 0x20]) + original[middle + 1 :])
        verified = mamori("index", "verify", "--data-dir", data)
        asked = mamori("ask", "試作品の持ち出し", "--data-dir", data)
        status = mamori("index", "status", "--data-dir", data)
        file.write_bytes(original)
        assert (verified.status, asked.status, status.status) == (1, 1, 1), file.name
        if file.name != "CURRENT":  # another generation's name there names a folder that is missing
            assert file.name in verified.out
            assert file.name in asked.err
        for result in (verified, asked, status):
            assert is_one_helpful_line(result.err), result.err
        assert asked.out == ""
    assert mamori("ask", "試作品の持ち出し", "--data-dir", data).status == 0


def test_verify_names_a_missing_and_an_extra_file(mamori: Run, data: Path) -> None:
    """This test ensures that `verify` finds what is not there and what should not be."""
    generation = next((data / "index" / "generations").iterdir())
    (generation / "chunks.jsonl").unlink()
    (generation / "extra.bin").write_bytes(b"x")
    result = mamori("index", "verify", "--data-dir", data)
    assert result.status == 1
    assert "chunks.jsonl" in result.out
    assert "extra.bin" in result.out


def test_documents_come_and_go(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that add, update and remove tell of each document and of the index that came of it."""
    data, folder = ("--data-dir", tmp_path / "data"), tmp_path / "docs"
    folder.mkdir()
    (folder / "tea.md").write_text(TEA, encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 cut off")
    added = mamori("index", "add", folder, *data)
    assert added.status == 0
    assert "追加\ttea" in added.out
    assert [line.split("\t")[1] for line in added.out.splitlines()[:2]] == ["damaged", "read"]
    again = mamori("index", "update", *data)
    assert (again.status, again.out) == (0, "変更はありません。\n")
    (folder / "store.md").write_text(TEA.replace("茶", "蔵"), encoding="utf-8")
    updated = mamori("index", "update", *data)
    assert "追加\tstore" in updated.out
    assert "tea.md" not in updated.out
    removed = mamori("index", "remove", "tea", *data)
    assert removed.status == 0
    assert "削除\ttea" in removed.out
    status = mamori("index", "status", *data).out
    assert "tea" not in status.replace("tea.md", "")
    assert "bad.pdf\tdamaged" in status


def test_a_document_that_is_not_there_cannot_be_removed(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that an unknown id is one line that names the known ones."""
    (tmp_path / "tea.md").write_text(TEA, encoding="utf-8")
    mamori("index", "add", tmp_path / "tea.md", "--data-dir", tmp_path / "data")
    result = mamori("index", "remove", "coffee", "--data-dir", tmp_path / "data")
    assert result.status == 1
    assert "coffee" in result.err
    assert "tea" in result.err
    assert result.err.count("\n") == 1


def test_nothing_to_add(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that files of which none can be read leave the index as it was, with exit status 1."""
    (tmp_path / "tea.md").write_text(TEA, encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 cut off")
    mamori("index", "add", tmp_path / "tea.md", "--data-dir", tmp_path / "data")
    result = mamori("index", "add", tmp_path / "bad.pdf", "--data-dir", tmp_path / "data")
    assert (result.status, result.err.count("\n")) == (1, 1)
    assert "文書: 1" in mamori("index", "status", "--data-dir", tmp_path / "data").out
