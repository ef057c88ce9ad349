"""sources.toml, and what is known of a file that it does not name."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import SourcesError
from corpus.manifest import MANIFEST_NAME, Source, describe_from_text, id_from_name, read_sources

ENTRY = '[[document]]\nfile = "tea.txt"\nid = "tea-2025"\ntitle = "茶の手引き"\n'
FULL = """
[[document]]
file = "tea.txt"
id = "tea-2025"
title = "茶の手引き"
publisher = "茶業組合"
published = "2025-03-04"
edition = "第2版"
replaces = ["tea-2020"]
source_url = "https://example.org/tea"
digest_of = "tea"
credit = "出典：茶業組合"
"""


def sources_in(folder: Path, text: str) -> dict[str, Source]:
    """What a sources.toml of this text says."""
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")
    return read_sources(folder)


def test_every_field_arrives(tmp_path: Path) -> None:
    """This test ensures that an entry with every field is read whole, also behind a byte order mark."""
    expected = Source(
        doc_id="tea-2025",
        title="茶の手引き",
        publisher="茶業組合",
        published="2025-03-04",
        edition="第2版",
        replaces=("tea-2020",),
        source_url="https://example.org/tea",
        digest_of="tea",
        credit="出典：茶業組合",
    )
    assert sources_in(tmp_path, "\ufeff" + FULL) == {"tea.txt": expected}


def test_three_fields_are_enough(tmp_path: Path) -> None:
    """This test ensures that what an entry leaves out is not known rather than guessed."""
    assert sources_in(tmp_path, ENTRY) == {"tea.txt": Source("tea-2025", "茶の手引き")}


@pytest.mark.parametrize("text", [None, "", "# まだ何もない\n"])
def test_no_entry_is_no_source(tmp_path: Path, text: str | None) -> None:
    """This test ensures that a folder without the file, or with an empty one, names nothing."""
    assert (read_sources(tmp_path) if text is None else sources_in(tmp_path, text)) == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[document]\nfile =", "TOML"),
        ("document = 3", "[[document]]"),
        ("document = [3]", "表"),
        (ENTRY.replace('id = "tea-2025"\n', ""), "id"),
        (ENTRY.replace('"茶の手引き"', '""'), "title"),
        (ENTRY.replace('"茶の手引き"', "3"), "title"),
        (ENTRY.replace("tea-2025", "tea 2025"), "id"),
        (ENTRY.replace("tea.txt", "sub/tea.txt"), "file"),
        (ENTRY + 'replaces = "tea-2020"\n', "replaces"),
        (ENTRY + 'published = "2025年"\n', "YYYY"),
        (ENTRY + ENTRY, "二度"),
        (ENTRY + ENTRY.replace("tea.txt", "other.txt"), "tea-2025"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(tmp_path: Path, text: str, word: str) -> None:
    """This test ensures that a sources.toml that cannot be understood says where and what, in one line."""
    with pytest.raises(SourcesError) as caught:
        sources_in(tmp_path, text)
    message = str(caught.value)
    assert MANIFEST_NAME in message
    assert word in message
    assert "\n" not in message


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """This test ensures that a sources.toml in CP932 gives the same one line, not garbled names."""
    (tmp_path / MANIFEST_NAME).write_bytes(ENTRY.encode("cp932"))
    with pytest.raises(SourcesError, match="UTF-8"):
        read_sources(tmp_path)


def test_file_names_of_a_mac_are_the_same_names(tmp_path: Path) -> None:
    """This test ensures that a name written with separate ゛ is compared in one form."""
    assert list(sources_in(tmp_path, ENTRY.replace("tea", "か\u3099いと\u3099"))) == ["がいど.txt"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["# 茶の手引き", "第2版", "令和7年3月4日"], ("茶の手引き", "2025-03-04", "第2版")),
        (["1", "- 2 -", "**茶の<u>たより</u>**", "2025 年 3 月"], ("茶のたより", "2025-03", None)),
        (["茶史", "令和元年5月", "2018年2月"], ("茶史", "2019-05", None)),
        (["茶の話", "2025年13月", "第 10 回"], ("茶の話", None, "第 10 回")),
        (["２０２６（令和８）年４月"], ("2026(令和8)年4月", "2026-04", None)),
        ([], ("tea.txt", None, None)),
    ],
)
def test_a_file_that_no_entry_names_describes_itself(
    lines: list[str], expected: tuple[str, str | None, str | None]
) -> None:
    """This test ensures that title, date and edition are taken as written in the first lines, or not at all."""
    source = describe_from_text("tea.txt", lines)
    assert (source.doc_id, source.title, source.published, source.edition) == ("tea", *expected)


def test_the_title_of_the_file_itself_comes_first() -> None:
    """This test ensures that a PDF's own title is used, and that no title is endless."""
    assert describe_from_text("a.pdf", ["本文"], "茶").title == "茶"
    assert len(describe_from_text("a.txt", ["茶" * 500]).title) == 80


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("茶の手引き 2025.txt", "茶の手引き-2025"),
        ("ｔｅａ（最終）.pdf", "tea-最終"),
        ("か\u3099いと\u3099.md", "がいど"),
        ("...txt", "document"),
        ("a.b.txt", "a.b"),
    ],
)
def test_ids_from_file_names(name: str, expected: str) -> None:
    """This test ensures that any file name gives an id that a terminal and a sources.toml can hold."""
    assert id_from_name(name) == expected
