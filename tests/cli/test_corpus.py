"""Tests of `mamori corpus fetch`: what it prints, where it puts things, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import originals
from tests.cli.conftest import Run, is_one_helpful_line
from tests.corpus.test_fetch import HTML, PDF, reply, serving

ONE = '[[original]]\nid = "{id}"\ntitle = "茶"\n'


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sources.toml in the place of the bundled one, to be written to."""
    folder = tmp_path / "list"
    folder.mkdir()
    monkeypatch.setattr(originals.read_originals, "__defaults__", (folder,))
    return folder / "sources.toml"


def test_what_can_be_fetched_is_fetched(mamori: Run, listed: Path, tmp_path: Path) -> None:
    """This test ensures that there is a line a document, the file in the folder, and what to do next; and again."""
    folder = tmp_path / "to"
    with serving(reply()) as server:
        pages = ONE.format(id="rice") + 'source_url = "https://www.example.org/rice"\n'
        listed.write_text(ONE.format(id="tea") + f'file_url = "{server.url}"\n\n{pages}', encoding="utf-8")
        results = [mamori("corpus", "fetch", "--to", folder) for _ in range(2)]
    first, second = (result.out.splitlines() for result in results)
    assert [line.split("\t")[:2] for line in first] == [["fetched", "tea"], ["by_hand", "rice"]]
    assert [line.split("\t")[:2] for line in second] == [["unchanged", "tea"], ["by_hand", "rice"]]
    assert first[0].endswith(str(folder / "tea.pdf"))
    assert "https://www.example.org/rice" in first[1]
    assert [(result.status, f"mamori index build {folder}" in result.err) for result in results] == [(0, True)] * 2
    assert (folder / "tea.pdf").read_bytes() == PDF


def test_what_goes_wrong_is_told(mamori: Run, listed: Path, tmp_path: Path) -> None:
    """This test ensures that a fault is the document's line and one line at the end, with exit 1."""
    with serving(reply(HTML, 404, "text/html")) as server:
        listed.write_text(ONE.format(id="tea") + f'file_url = "{server.url}"\n', encoding="utf-8")
        result = mamori("corpus", "fetch", "--to", tmp_path / "to")
    assert (result.status, result.out.partition("\t")[0]) == (1, "failed")
    assert is_one_helpful_line(result.err)
    assert "HTTP 404" in result.out


def test_nothing_that_can_be_fetched(mamori: Run, listed: Path, tmp_path: Path) -> None:
    """This test ensures that only pages to open is no success."""
    listed.write_text(ONE.format(id="tea"), encoding="utf-8")
    result = mamori("corpus", "fetch", "--to", tmp_path / "to")
    assert (result.status, is_one_helpful_line(result.err)) == (1, True)


def test_one_of_them_into_the_data_folder(mamori: Run, listed: Path, tmp_path: Path) -> None:
    """This test ensures that an id chooses, and that files go to `originals` in the data folder by default."""
    with serving(reply()) as server:
        address = f'file_url = "{server.url}"\n'
        listed.write_text(ONE.format(id="tea") + address + "\n" + ONE.format(id="rice") + address, encoding="utf-8")
        result = mamori("corpus", "fetch", "rice", "--data-dir", tmp_path / "data")
    assert (result.status, result.out.count("\n")) == (0, 1)
    assert sorted(path.name for path in (tmp_path / "data" / "originals").iterdir()) == ["rice.pdf", "sources.toml"]


def test_an_id_that_is_none(mamori: Run) -> None:
    """This test ensures that the ids there are stand in the line, and nothing is asked for."""
    result = mamori("corpus", "fetch", "no-such")
    assert (result.status, result.out, result.err.count("\n")) == (2, "", 1)
    assert "guidance-2" in result.err


def test_a_folder_of_ones_own(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a sources.toml of one's own stops everything with one line."""
    (tmp_path / "sources.toml").write_text("# my own\n", encoding="utf-8")
    result = mamori("corpus", "fetch", "--to", tmp_path)
    assert (result.status, result.out, is_one_helpful_line(result.err)) == (1, "", True)
