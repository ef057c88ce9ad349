"""Fetching the official documents into a folder, each whole under its name or not at all.

The connection itself is in corpus/download.py. What lies in the folder is replaced only where it was fetched before and
has not been touched since.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from corpus.download import Bounds, Progress, Record, Refused, download
from corpus.durable import replace as rename
from corpus.durable import sync_folder
from corpus.manifest import MANIFEST_NAME
from corpus.originals import FetchError, Original, entry_of, read_records, record_of, records_text

_DRAFT: Final = ".fetch-"
_DAY: Final = 86_400
_BY_HAND: Final = (
    "ファイルのアドレスがわかりません。次のページをブラウザーで開いて、PDFを {path} に保存してから、"
    "もう一度実行してください（登録します）: {page}"
)
_NOT_OURS: Final = "{path} に、取得したものとは別のファイルがあります。名前を変えてから、もう一度実行してください。"
_REASONS: Final = {
    errno.ENOSPC: "保存先の空き容量が足りません。空けて",
    errno.EDQUOT: "割り当てられた容量を使い切っています。空けて",
    errno.EACCES: "保存先に書く権限がありません。--to で別のフォルダーを指定して",
    errno.EROFS: "保存先は書き込めない場所です。--to で別のフォルダーを指定して",
}

Entries = dict[str, dict[str, object]]


class Outcome(StrEnum):
    """What became of one original."""

    FETCHED = "fetched"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BY_HAND = "by_hand"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One original after the attempt: `text` says in a line what came of it, `path` where it lies if it does."""

    original: Original
    outcome: Outcome
    text: str
    path: Path | None = None
    sha256: str | None = None


def fetch(
    originals: Iterable[Original], folder: Path, bounds: Bounds | None = None, progress: Progress | None = None
) -> Iterator[Fetched]:
    """Fetch the originals into `folder`, one after the other, and keep the sources.toml there in step.

    `progress` is told ("fetch", kilobytes, kilobytes in all). Raises FetchError where the folder cannot be used; what
    goes wrong with one original is its outcome.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_old_drafts(folder)
        entries = read_records(folder)
    except OSError as error:
        raise FetchError(f"{folder} を使えません。{_disk_problem(error)}") from error
    for original in originals:
        try:
            yield _fetch_one(original, folder, entries, bounds or Bounds(), progress or (lambda *_: None))
        except Refused as refusal:
            yield Fetched(original, Outcome.FAILED, str(refusal))
        except OSError as error:
            yield Fetched(original, Outcome.FAILED, _disk_problem(error))


def _fetch_one(original: Original, folder: Path, entries: Entries, bounds: Bounds, progress: Progress) -> Fetched:
    path = folder / original.file
    there, known = _sha256(path), record_of(entries.get(original.doc_id))
    if original.file_url is None:
        return _by_hand(original, path, there, entries)
    is_ours = known is not None and known.sha256 == there
    with _draft(folder) as (file, draft):
        record = download(original.file_url, file, known if is_ours else None, bounds, progress) or known
        assert record is not None  # unchanged is only what is known
        if there != record.sha256:
            if there is not None and not is_ours:
                return Fetched(original, Outcome.FAILED, _NOT_OURS.format(path=path))
            _put(file, draft, path)
    _keep(folder, entries, original, record)
    return Fetched(original, *_told(there, record.sha256), path, record.sha256)


def _by_hand(original: Original, path: Path, there: str | None, entries: Entries) -> Fetched:
    """An original that has to be saved by a person: where it is to be found, or, once it is there, its entry."""
    if there is None:
        return Fetched(original, Outcome.BY_HAND, _BY_HAND.format(path=path, page=original.source_url or "（不明）"))
    _keep(path.parent, entries, original, Record(there, datetime.now(UTC).date().isoformat()))
    return Fetched(original, Outcome.UNCHANGED, f"保存されています（SHA-256 {there[:12]}）", path, there)


def _told(before: str | None, now: str) -> tuple[Outcome, str]:
    if before is None:
        return Outcome.FETCHED, f"取得しました（SHA-256 {now[:12]}）"
    if before == now:
        return Outcome.UNCHANGED, f"変わっていません（SHA-256 {now[:12]}）"
    return Outcome.CHANGED, f"内容が変わっていたので入れ替えました（SHA-256 {before[:12]} → {now[:12]}）"


def _keep(folder: Path, entries: Entries, original: Original, record: Record) -> None:
    """Write down what a file is; the entry of one that is as it was keeps the day on which it was fetched."""
    known = record_of(entries.get(original.doc_id))
    if known is not None and known.sha256 == record.sha256:
        record = replace(record, fetched=known.fetched)
    entry = entry_of(original, record)
    if entries.get(original.doc_id) == entry:
        return
    changed = {**entries, original.doc_id: entry}
    with _draft(folder) as (file, draft):
        file.write(records_text(changed.values()).encode())
        _put(file, draft, folder / MANIFEST_NAME)
    entries.update(changed)


@contextmanager
def _draft(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file to write to under a name that nothing reads; gone in the end, Ctrl-C or not, unless put in place."""
    descriptor, name = tempfile.mkstemp(prefix=_DRAFT, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _put(file: IO[bytes], draft: Path, path: Path) -> None:
    """Give a draft its name once the disk has all of it."""
    file.flush()
    os.fsync(file.fileno())
    file.close()
    rename(draft, path)
    sync_folder(path.parent)


def _remove_old_drafts(folder: Path) -> None:
    """Remove what a fetch that was killed left behind; what another one is writing now is younger."""
    for draft in folder.glob(_DRAFT + "*"):
        if time.time() - draft.stat().st_mtime > _DAY:
            draft.unlink()


def _sha256(path: Path) -> str | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _disk_problem(error: OSError) -> str:
    what = _REASONS.get(error.errno or 0, f"読み書きできません（{error.strerror}）。保存先を確かめて")
    return f"{what}から、もう一度実行してください。"
