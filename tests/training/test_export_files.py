"""The table of formats, names of files, and files on disk."""

from __future__ import annotations

import errno
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import durable
from tests.training.sample import sample_pack
from training.errors import ExportError, UnknownChoice
from training.export import files, formats
from training.export.files import write_files
from training.export.formats import FORMATS, export, format_for, formats_for, ordered_keys
from training.export.names import MOST_BYTES, MOST_CHARACTERS, file_name
from training.models import Pack, Quiz

LIGHT = ("md", "csv", "json")


class TestFormats:
    def test_keys_name_their_formats(self) -> None:
        """This test ensures that the formats are those of the issue, in a settled order, with different suffixes."""
        assert list(FORMATS) == ["pptx", "docx", "pdf", "md", "gift", "xml", "csv", "apkg", "json"]
        assert all(key == each.key and each.suffix.startswith(".") for key, each in FORMATS.items())
        assert len({each.suffix for each in FORMATS.values()}) == len(FORMATS)

    def test_a_pack_gives_its_quiz_to_a_quiz_format(self) -> None:
        """This test ensures that a quiz format makes the same of a pack as of the pack's quiz."""
        pack = sample_pack()
        assert export(pack, "csv") == export(pack.as_quiz(), "csv")

    def test_a_quiz_alone_is_no_slides(self) -> None:
        """This test ensures that a format for packs refuses a quiz and lists what fits one."""
        with pytest.raises(UnknownChoice, match=r"クイズだけでは.*md、gift、xml、csv、apkg、json から選んで"):
            export(sample_pack().as_quiz(), "pptx")

    def test_no_quiz_file_without_items(self) -> None:
        """This test ensures that a pack without items is refused by quiz formats and not offered them."""
        empty = replace(sample_pack(), quiz=())
        assert [each.key for each in formats_for(empty)] == ["pptx", "docx", "pdf", "md", "json"]
        with pytest.raises(UnknownChoice, match="問題がないので"):
            export(empty, "gift")

    def test_an_unknown_key_lists_the_known_ones(self) -> None:
        """This test ensures that a format that there is not is told from those that there are."""
        with pytest.raises(UnknownChoice, match="「odt」という形式はありません。pptx、docx"):
            export(sample_pack(), "odt")

    def test_keys_are_put_in_order(self) -> None:
        """This test ensures that keys come once each, in the order of the table, however they were typed."""
        assert ordered_keys(["csv", " DOCX ", "csv"]) == ("docx", "csv")
        assert ordered_keys(["all"]) == tuple(FORMATS)
        with pytest.raises(UnknownChoice, match="「doc」"):
            ordered_keys(["doc", "docx"])

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (ValueError("壊れた文"), r"ファイルを作れませんでした（ValueError: 壊れた文）。"),
            (ModuleNotFoundError("no", name="pptx"), r"部品（pptx）がありません。`mamori doctor`"),
        ],
    )
    def test_a_format_that_fails_says_so(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
    ) -> None:
        """This test ensures that whatever goes wrong inside a format becomes a sentence for the user."""

        def failing(_: Pack | Quiz) -> bytes:
            raise error

        broken = replace(FORMATS["md"], write=failing)
        monkeypatch.setattr(formats, "FORMATS", {**FORMATS, "md": broken})
        with pytest.raises(ExportError, match=sentence):
            export(sample_pack(), "md")

    def test_a_format_is_found_by_its_key(self) -> None:
        """This test ensures that a key leads to its suffix and type."""
        assert (format_for(sample_pack(), "csv").suffix, format_for(sample_pack(), "csv").mime) == (".csv", "text/csv")


def test_no_library_is_imported_before_it_is_needed() -> None:
    """This test ensures that the table of formats brings no library of a format with it."""
    code = (
        "import sys, training.export.files, training.saved\n"
        "print(sorted({'docx', 'pptx', 'reportlab', 'genanki', 'lxml'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


class TestFileName:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("猫車の点検 ― 技術者向け（30分）", "猫車の点検 ― 技術者向け（30分）.md"),
            ('a/b\\c:d*e?f"g<h>i|j', "a／b＼c：d＊e？f”g＜h＞i｜j.md"),
            ("CON", "_CON.md"),
            ("com1.表", "_com1.表.md"),
            ("conte", "conte.md"),
            ("  末尾の点. . ", "末尾の点.md"),
            ("..隠し", "．.隠し.md"),
            ("-rf", "－rf.md"),
            ("改行\nと\tタブ", "改行 と タブ.md"),
            ("逆\u202e読み\u200b\x00", "逆読み.md"),
            ("か\u3099", "が.md"),
            ("", "研修資料.md"),
            ("...", "研修資料.md"),
            ("\ud800", "研修資料.md"),
        ],
    )
    def test_a_title_becomes_a_name(self, title: str, name: str) -> None:
        """This test ensures that Japanese stays and that what a system refuses is shown by a look-alike."""
        assert file_name(title, ".md") == name

    def test_a_long_title_is_cut_between_letters(self) -> None:
        """This test ensures that a long name fits every system and that no letter is halved or stripped of its mark."""
        name = file_name("が" * 200, ".gift.txt")
        assert name == "が" * 81 + ".gift.txt"
        marked = file_name("x" * 111 + "か\u309a" * 3, ".md")
        assert unicodedata.normalize("NFC", marked) == marked
        assert marked == "x" * 111 + "か\u309a" * 2 + ".md"
        assert marked.removesuffix(".md").endswith("\u309a")

    @given(st.text(max_size=400), st.sampled_from([each.suffix for each in FORMATS.values()]))
    def test_every_title_gives_a_name(self, title: str, suffix: str) -> None:
        """This test ensures that any title gives a name in NFC that is short enough and has nothing refused in it."""
        name = file_name(title, suffix)
        stem = name.removesuffix(suffix)
        assert name.endswith(suffix)
        assert stem
        assert stem == stem.strip()
        assert len(name.encode()) <= MOST_BYTES
        assert len(name) <= MOST_CHARACTERS
        assert unicodedata.is_normalized("NFC", name)
        assert not set(name) & set('<>:"/\\|?*')
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in name)
        assert not name.startswith(("-", ".", "~"))


class TestWriteFiles:
    def test_files_are_named_after_the_title(self, tmp_path: Path) -> None:
        """This test ensures that each format is one whole file, named after the title, and nothing else is left."""
        pack, folder = sample_pack(), tmp_path / "新しい" / "フォルダー"
        paths = write_files(pack, folder, ["json", "md", "csv", "md"])
        assert [path.name for path in paths] == [f"{pack.title}.{suffix}" for suffix in LIGHT]
        assert [path.read_bytes() for path in paths] == [export(pack, key) for key in LIGHT]
        assert sorted(folder.iterdir()) == sorted(paths)

    def test_another_name_may_be_given(self, tmp_path: Path) -> None:
        """This test ensures that a name given is used in place of the title, made safe."""
        assert [path.name for path in write_files(sample_pack(), tmp_path, ["md"], name="a/b")] == ["a／b.md"]

    def test_what_is_there_is_kept(self, tmp_path: Path) -> None:
        """This test ensures that a file that is there already stops everything, by name, before anything is written."""
        pack = sample_pack()
        (tmp_path / f"{pack.title}.csv").write_text("講師のメモ")
        with pytest.raises(ExportError, match=r"「猫車の点検 ― 技術者向け（30分）.csv」 はもうあるので"):
            write_files(pack, tmp_path, LIGHT)
        assert [path.read_text() for path in tmp_path.iterdir()] == ["講師のメモ"]

    def test_what_is_there_is_replaced_when_asked(self, tmp_path: Path) -> None:
        """This test ensures that `overwrite` replaces the file by the new one."""
        pack = sample_pack()
        (tmp_path / f"{pack.title}.csv").write_text("古い")
        (path,) = write_files(pack, tmp_path, ["csv"], overwrite=True)
        assert path.read_bytes() == export(pack, "csv")

    def test_a_folder_of_that_name_is_no_file(self, tmp_path: Path) -> None:
        """This test ensures that a folder in the way is told of and left alone, even with `overwrite`."""
        pack = sample_pack()
        (tmp_path / f"{pack.title}.csv").mkdir()
        with pytest.raises(ExportError, match="という名前のフォルダーがあります"):
            write_files(pack, tmp_path, ["csv"], overwrite=True)

    def test_a_format_that_fails_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """This test ensures that no file is written where one of them cannot be made."""

        def failing(material: Pack | Quiz, key: str) -> bytes:
            if key == "json":
                raise ExportError("作れません。")
            return export(material, key)

        monkeypatch.setattr(files, "export", failing)
        with pytest.raises(ExportError, match="作れません"):
            write_files(sample_pack(), tmp_path / "新しい", LIGHT)
        assert not (tmp_path / "新しい").exists()

    @pytest.mark.parametrize("call", [1, 2, 3])
    def test_a_full_disk_leaves_no_half(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int) -> None:
        """This test ensures that a disk that is full at any file leaves none, and that the user is told."""
        monkeypatch.setattr(files, "write_file", failing_at(call, durable.write_file))
        with pytest.raises(ExportError, match="に書き込めません"):
            write_files(sample_pack(), tmp_path, LIGHT)
        assert list(tmp_path.iterdir()) == []

    def test_a_failing_rename_leaves_whole_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """This test ensures that a failure between two files leaves the first whole and no draft."""
        pack = sample_pack()
        monkeypatch.setattr(files, "replace", failing_at(2, durable.replace))
        with pytest.raises(ExportError, match="に書き込めません"):
            write_files(pack, tmp_path, LIGHT)
        assert [path.read_bytes() for path in tmp_path.iterdir()] == [export(pack, "md")]

    def test_a_file_in_place_of_the_folder(self, tmp_path: Path) -> None:
        """This test ensures that a folder that cannot be made is told of in a sentence."""
        (tmp_path / "ファイル").write_text("")
        with pytest.raises(ExportError, match="別のフォルダーを選んで"):
            write_files(sample_pack(), tmp_path / "ファイル", ["md"])

    def test_all_is_all_that_fits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """This test ensures that 「all」 of a quiz leaves out what a quiz cannot be, and that no format is an error."""
        monkeypatch.setattr(files, "export", lambda material, key: key.encode())
        paths = write_files(sample_pack().as_quiz(), tmp_path, ["all"])
        assert [path.read_text() for path in paths] == ["md", "gift", "xml", "csv", "apkg", "json"]
        with pytest.raises(UnknownChoice, match="から選んでください"):
            write_files(sample_pack(), tmp_path, [])


def failing_at(call: int, real: Callable[..., None]) -> Callable[..., None]:
    """A function that runs out of room at its `call`-th call."""
    calls = 0

    def fails(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*arguments)

    return fails
