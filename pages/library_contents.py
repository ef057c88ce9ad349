"""What the library page shows of the index in use: its documents with state and last change, filtered and counted.

Values only: nothing here draws anything. The index is read once for each generation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import streamlit as st

from assistant.catalogue import Holding, holding_of
from assistant.errors import LibraryError
from assistant.history import Change, is_uploaded, read_changes
from assistant.settings import Settings
from assistant.uploads import uploads
from assistant.wiring import build_store
from corpus.clean import search_text
from corpus.loaded import MEMBER_SEPARATOR, LoadedFile, archive_key
from corpus.models import Verdict
from corpus.one_file import file_path_key
from index.store import CURRENT


class State(StrEnum):
    """What became of a file, as the page tells it; a copy is read, but is in the index already."""

    READ = "読み込み済み"
    PARTLY_READ = "一部だけ"
    NEEDS_OCR = "OCRが必要"
    NEEDS_PASSWORD = "パスワードあり"
    DAMAGED = "壊れている"
    EMPTY = "空"
    UNSUPPORTED = "未対応"
    COPY = "重複"


@dataclass(frozen=True, slots=True)
class Contents:
    """An index as it is: its generation, when it was made (ISO 8601), and what it holds."""

    generation: str
    created_at: str
    holding: Holding


@dataclass(frozen=True, slots=True)
class Row:
    """One file with the last change of its document, None where nobody noted one."""

    file: LoadedFile
    last: Change | None = None

    @property
    def state(self) -> State:
        """What became of the file."""
        return state_of(self.file.report.verdict, is_document=self.file.document is not None)

    @property
    def name(self) -> str:
        """What people call it: the title, without a document the name of the file."""
        return self.file.document.title if self.file.document else file_name(self.file.report.path)

    @property
    def is_ocr(self) -> bool:
        """Whether any of its text was recognised in a picture."""
        return any(chunk.is_ocr for chunk in self.file.chunks)


@dataclass(frozen=True, slots=True)
class Totals:
    """How much an index holds; `unread` counts the files that gave no document."""

    documents: int
    pages: int
    chunks: int
    unread: int


def load_contents(settings: Settings) -> Contents:
    """Return what the index in use holds; raises as `IndexStore.open` does."""
    return _cached(settings, _pointer(settings))


def load_changes(settings: Settings) -> tuple[tuple[Change, ...], str | None]:
    """Return all changes, newest first, and what is wrong with the record, None where nothing is."""
    try:
        kept = read_changes(settings)
    except LibraryError as error:
        return (), str(error)
    lines = "、".join(map(str, kept.unreadable))
    problem = f"変更の記録の{lines}行目は、壊れていて読めません。ほかの行は表示しています。" if lines else None
    return tuple(reversed(kept.entries)), problem


def rows_of(settings: Settings, contents: Contents, changes: Sequence[Change]) -> list[Row]:
    """Return every file of an index; one that was uploaded, gave nothing and was deleted again is left out."""
    last = last_changes(changes)
    return [
        Row(file, last.get(file.report.doc_id or ""))
        for file in contents.holding.files
        if file.document or not _is_discarded(settings, file)
    ]


def last_changes(changes: Iterable[Change]) -> Mapping[str, Change]:
    """Return by document the newest of the changes, given newest first, that put it in or altered it."""
    last: dict[str, Change] = {}
    for change in changes:
        for doc_id in (*change.added, *change.changed):
            last.setdefault(doc_id, change)
    return last


def filtered(rows: Iterable[Row], text: str, states: Collection[State]) -> list[Row]:
    """Return the files of these states, of any where there are none, with this text in title, name, edition or id."""
    wanted = search_text(text).casefold()
    return [
        row
        for row in rows
        if (not states or row.state in states) and (not wanted or wanted in search_text(_searched(row)).casefold())
    ]


def totals_of(rows: Iterable[Row]) -> Totals:
    """Count what the files hold."""
    files = [row.file for row in rows]
    documents = [file for file in files if file.document]
    return Totals(
        len(documents),
        sum(file.report.pages for file in documents),
        sum(len(file.chunks) for file in documents),
        sum(state_of(file.report.verdict, is_document=False) is not State.COPY for file in files if not file.document),
    )


def left_over(settings: Settings, contents: Contents | None) -> list[Path]:
    """Return the uploaded files that are not in the index: their change is under way, or was cut off."""
    files = contents.holding.catalogue.files if contents else ()
    known = {archive_key(file.key) for file in files}
    return [path for path in uploads(settings) if file_path_key(path) not in known]


def state_of(verdict: Verdict, *, is_document: bool) -> State:
    """Return the state of a file by its verdict and whether there is a document of it."""
    if verdict is Verdict.READ and not is_document:
        return State.COPY
    return State[verdict.name]


def file_name(path: str) -> str:
    """Return the name of a file, behind that of the archive that it lies in."""
    archive, _, member = path.partition(MEMBER_SEPARATOR)
    name = Path(archive).name
    return f"{name} の中の {member}" if member else name


def when(moment: str) -> str:
    """Return a moment (ISO 8601) in this machine's time, in words; what is none as it stands."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except (ValueError, OverflowError):
        return moment
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def numbers_in_words(numbers: Sequence[int]) -> str:
    """Return page numbers with neighbours drawn together: 「3、7–9」."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return "、".join("–".join(map(str, run)) for run in runs)


def _pointer(settings: Settings) -> bytes:
    try:
        return (settings.index_dir / CURRENT).read_bytes()
    except OSError:
        return b""


@st.cache_resource(show_spinner="文書の一覧を読み込んでいます…", max_entries=2)
def _cached(settings: Settings, pointer: bytes) -> Contents:
    generation = build_store(settings).open()
    return Contents(generation.generation_id, generation.manifest.created_at, holding_of(generation))


def _is_discarded(settings: Settings, file: LoadedFile) -> bool:
    path = Path(archive_key(file.report.key))
    return is_uploaded(settings, path) and not path.exists()


def _searched(row: Row) -> str:
    document = row.file.document
    about = (document.doc_id, document.title, document.edition, document.publisher) if document else ()
    return "\n".join((row.file.report.path, *(text for text in about if text)))
