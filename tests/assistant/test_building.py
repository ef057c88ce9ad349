"""When the bundled digests are indexed without being asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import building
from assistant.building import Due, bundled_index_due
from assistant.changes import LibraryOptions
from assistant.library import Library
from assistant.settings import Settings
from tests.fakes import FakeEncoder


def test_missing_then_there_then_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that digests are indexed when there is no index, and again when an update changes encoder."""
    settings = Settings(tmp_path)
    assert bundled_index_due(settings) is Due.MISSING
    Library(settings, options=LibraryOptions(adapt=False)).build([])
    assert bundled_index_due(settings) is None
    monkeypatch.setattr(building, "build_encoder", lambda _settings: FakeEncoder(fingerprint="another"))
    assert bundled_index_due(settings) is Due.STALE


def test_stale_when_a_digest_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that an update of a digest's text is noticed."""
    settings = Settings(tmp_path / "data")
    Library(settings, options=LibraryOptions(adapt=False)).build([])
    (tmp_path / "new.md").write_text("# 新しい要約", encoding="utf-8")
    monkeypatch.setattr(building, "bundled_documents", lambda: tmp_path)
    assert bundled_index_due(settings) is Due.STALE


def test_an_index_of_ones_own_documents_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that documents of one's own are not dropped for the digests, whatever has been updated."""
    (tmp_path / "own.md").write_text("# 猫車の手引き\n\n猫車は毎週点検します。\n", encoding="utf-8")
    settings = Settings(tmp_path / "data")
    Library(settings, options=LibraryOptions(adapt=False)).build([tmp_path / "own.md"])
    monkeypatch.setattr(building, "build_encoder", lambda _settings: FakeEncoder(fingerprint="another"))
    assert bundled_index_due(settings) is None
