"""Tests of `mamori index rollback` and `mamori index generations`."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from assistant.settings import Settings
from cli.index_store import generations, rollback
from cli.messages import one_line
from index.errors import NoIndex, NoSuchGeneration
from index.store import CURRENT, GENERATIONS, IndexStore
from tests.index.test_store import RECIPE


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    """The store of a data folder with two generations in it."""
    made = IndexStore(Settings(tmp_path).index_dir)
    for number in range(2):
        made.write({"a.txt": str(number).encode()}, RECIPE)
    return made


def test_back_to_the_one_before(store: IndexStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """This test ensures that the command goes one back and prints where to."""
    newest, previous = (one.generation_id for one in store.generations())
    rollback(None, tmp_path)
    out = capsys.readouterr().out
    assert previous in out
    assert newest not in out
    assert "断片 2" in out
    assert store.open().read("a.txt") == b"0"
    rollback(newest, tmp_path)
    assert store.open().read("a.txt") == b"1"


def test_what_is_kept_is_listed(store: IndexStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """This test ensures that each generation has a line: in use, to be gone back to, or damaged and how."""
    generations(tmp_path)
    newest, previous = capsys.readouterr().out.splitlines()
    assert newest.endswith("使用中")
    assert previous.endswith("戻せます")
    for folder in (store.root / GENERATIONS).iterdir():
        (folder / "a.txt").unlink()
    generations(tmp_path)
    newest, previous = capsys.readouterr().out.splitlines()
    assert newest.endswith("使用中、壊れています（a.txt: 見つかりません）")
    assert previous.endswith("壊れています（a.txt: 見つかりません）")


def test_after_current_was_lost(store: IndexStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """This test ensures that the command that the message names does help."""
    (store.root / CURRENT).unlink()
    rollback(None, tmp_path)
    assert store.verify() == []
    generations(tmp_path)
    assert "使用中" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "error"), [("nosuch", NoSuchGeneration), (None, NoIndex)])
def test_what_cannot_be_done_is_one_line(
    store: IndexStore, tmp_path: Path, name: str | None, error: type[Exception]
) -> None:
    """This test ensures that a wrong name and an empty folder are told in one line with what to do."""
    with pytest.raises(error) as caught:
        rollback(name, tmp_path if name else tmp_path / "empty")
    assert "mamori index" in one_line(caught.value)


def test_as_commands(store: IndexStore, tmp_path: Path) -> None:
    """This test ensures that both can be registered as they are."""
    app = typer.Typer(rich_markup_mode=None)
    app.command()(rollback)
    app.command()(generations)
    for command in (["rollback"], ["generations"]):
        app([*command, "--data-dir", str(tmp_path)], standalone_mode=False)
    assert store.open().read("a.txt") == b"0"
