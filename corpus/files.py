"""Which files there are to read: paths given by a person to a list of files, each with what its folder says of it.

Opens no document. What cannot be looked into is in the list all the same, with the reason, so that it is reported.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Final

from corpus.errors import NothingToRead
from corpus.manifest import MANIFEST_NAME, Source, read_sources

SUPPORTED: Final = (
    "テキスト（.txt）、Markdown（.md）、PDF、Word（.docx）、PowerPoint（.pptx）、Excel（.xlsx）、CSV、HTML、これらのZIP"
)
_HIDDEN = (".", "__")
_AN_INDEX = {"CURRENT", "generations"}
_NO_FILE = "ファイルではないか、リンクの先がありません。元のファイルを置き直してください。"
_LEADS_OUT = "指定したフォルダーの外へのリンクなので、読みません。読むには、リンク先を直接指定してください。"
_LISTED_ONLY = f"{MANIFEST_NAME} に書かれていますが、ファイルがありません。ファイルを置くか、記載を消してください。"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file under the paths given; `problem` says in one line why it cannot even be opened."""

    path: Path
    source: Source | None = None
    problem: str | None = None


def find_files(paths: Sequence[Path]) -> list[FoundFile]:
    """Every file under `paths`, folders with all that is in them, each file once.

    Left out are names that begin with "." or "__", sources.toml itself, and the folders of Mamori's own indexes. A link
    inside a folder that leads out of it is not followed, for it may lead to what nobody meant to show; a link that is
    itself a path given is.

    Raises NothingToRead for a path that does not exist or a folder without files, SourcesError for a sources.toml that
    cannot be understood.
    """
    found: dict[Path, FoundFile] = {}
    for path in paths:
        inside = list(_inside(path))
        if not inside:
            raise NothingToRead(f"{path} に読めるファイルがありません。{SUPPORTED}を置いてください。")
        for file in inside:
            found.setdefault(file.path, file)
    return list(found.values())


def _inside(path: Path) -> Iterator[FoundFile]:
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        raise NothingToRead(f"{path} を開けません（{error.strerror}）。読み取りの許可を確かめてください。") from error
    if is_folder:
        yield from _walk(path)
    elif is_file:
        yield FoundFile(path, read_sources(path.parent).get(file_key(path.name)))
    elif path.exists() or path.is_symlink():
        raise NothingToRead(
            f"{path} はふつうのファイルでもフォルダーでもありません。文書のファイルを指定してください。"
        )
    else:
        raise NothingToRead(f"{path} がありません。パスを確かめてください。")


def _walk(top: Path) -> Iterator[FoundFile]:
    """Files in the order of their paths, without recursion: folders may be as deep as the file system lets them."""
    waiting, seen, inside = [top], set[tuple[int, int]](), _resolved(top)
    while waiting:
        folder = waiting.pop()
        try:
            status = folder.stat()
            entries = sorted(folder.iterdir())
        except OSError as error:
            yield FoundFile(folder, problem=unreadable(error))
            continue
        if (status.st_dev, status.st_ino) in seen:
            continue  # a link back to a folder above, or a second link to the same one
        seen.add((status.st_dev, status.st_ino))
        if {entry.name for entry in entries} >= _AN_INDEX:
            continue
        sources = read_sources(folder)
        shown = [entry for entry in entries if not entry.name.startswith(_HIDDEN) and entry.name != MANIFEST_NAME]
        folders = [entry for entry in shown if _is(entry.is_dir) and not _leads_out(entry, inside)]
        files = [entry for entry in shown if entry not in folders]
        yield from map(partial(_found, sources=sources, inside=inside), files)
        yield from _listed_only(folder, shown, sources)
        waiting.extend(reversed(folders))


def _found(path: Path, sources: Mapping[str, Source], inside: Path) -> FoundFile:
    problem = _LEADS_OUT if _leads_out(path, inside) else None if _is(path.is_file) else _NO_FILE
    return FoundFile(path, sources.get(file_key(path.name)), problem)


def _leads_out(path: Path, inside: Path) -> bool:
    """Whether a path is a link to something that is there, but not inside the folder given."""
    return _is(path.is_symlink) and _is(path.exists) and not _resolved(path).is_relative_to(inside)


def _resolved(path: Path) -> Path:
    """The path without links; the path itself where they lead round in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _listed_only(folder: Path, shown: Sequence[Path], sources: Mapping[str, Source]) -> Iterator[FoundFile]:
    names = {file_key(entry.name) for entry in shown}
    for name in sources:
        if name not in names:
            yield FoundFile(folder / name, problem=_LISTED_ONLY)


def _is(kind: Callable[[], bool]) -> bool:
    """Whether an entry is of a kind; one that cannot be looked at is of none."""
    try:
        return kind()
    except OSError:
        return False


def file_key(name: str) -> str:
    """A file name as it is compared: some systems store か and ゛ as two characters."""
    return unicodedata.normalize("NFC", name)


def readable_name(name: str) -> str:
    """A file name that can be shown: one that is no UTF-8 on this system is read as CP932, as Windows wrote it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode(errors="surrogateescape").decode("cp932", errors="replace")
    return name


@contextmanager
def open_plain(path: Path | str) -> Iterator[tuple[BufferedReader, int] | None]:
    """A plain file with its size in bytes, open to be read for as long as the block runs; None for anything else.

    A pipe would be waited at for ever, and a link may have become one since it was looked at. Raises OSError.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        yield (file, status.st_size) if stat.S_ISREG(status.st_mode) else None


def unreadable(error: OSError) -> str:
    """One line on a file or folder that the system does not let us read."""
    return f"開けません（{error.strerror or error}）。読み取りの許可を確かめてください。"
