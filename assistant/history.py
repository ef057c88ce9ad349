"""Who changed what in the index, and when; and the contents that a reader was lost to. Both are records that only grow.

Neither is needed for an answer: a record that cannot be written is told of and costs nothing else.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError
from assistant.settings import Settings
from corpus.reading import READERS
from index import journal
from index.journal import Kept


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the library. `at` is local time in ISO 8601, `who` the account, `where` "terminal" or "page".

    `generation` is the index after it; the lists are ids of documents.
    """

    at: str
    who: str
    where: str
    action: str
    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def record_change(settings: Settings, change: Change) -> None:
    """Keep a change, with the time and the account filled in where they are empty; LibraryError where it cannot be."""
    filled = replace(change, at=change.at or _now(), who=change.who or _account())
    journal.append(settings.history_file, asdict(filled), LibraryError)


def read_changes(settings: Settings) -> Kept[Change]:
    """Return all changes, oldest first; LibraryError where the record cannot be read."""
    return journal.read(settings.history_file, _change, LibraryError)


def record_loss(settings: Settings, sha256: str, path: str, why: str) -> None:
    """Keep that a reader was lost to this content, so that it is not tried again."""
    row = {"at": _now(), "sha256": sha256, "path": path, "reason": why, "readers": READERS}
    journal.append(settings.quarantine_file, row, LibraryError)


def quarantined(settings: Settings) -> Mapping[str, str]:
    """Return by SHA-256 why each content is not read; what older readers were lost to may be tried again."""
    rows = journal.read(settings.quarantine_file, _row, LibraryError).entries
    return {str(row["sha256"]): str(row["reason"]) for row in rows if row["readers"] == READERS}


def _change(line: bytes) -> Change:
    row = json.loads(line)
    lists = {name: tuple(map(str, row[name])) for name in ("added", "changed", "removed")}
    try:
        return Change(**{**row, **lists})
    except TypeError as error:
        raise ValueError("not a change") from error


def _row(line: bytes) -> dict[str, Any]:
    row = json.loads(line)
    if not isinstance(row, dict) or not {"sha256", "reason", "readers"} <= row.keys():
        raise ValueError("not a row of the quarantine")
    return row


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return ""


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def is_uploaded(settings: Settings, path: Path) -> bool:
    """Whether a file lies in the folder of uploaded documents."""
    return path.parent == settings.documents_dir.absolute()
