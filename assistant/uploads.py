"""Files that people hand over through the page: checked, given a safe name, and on the disk whole or not at all.

Type and size are judged by the content here, whatever the browser said. Reads no document and changes no index.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Final

from assistant.errors import LibraryError
from assistant.history import is_uploaded
from assistant.settings import Settings
from corpus.durable import make_folder, replace, sync_folder, write_file
from corpus.files import SUPPORTED, file_key
from corpus.kind import REFUSALS, FileKind, tell_kind
from corpus.manifest import MANIFEST_NAME
from index.errors import reason
from index.lock import Busy, only_one

MOST_MEGABYTES: Final = 50
MOST_BYTES: Final = MOST_MEGABYTES * 1024 * 1024

_READABLE = (
    *(FileKind.TEXT, FileKind.MARKDOWN, FileKind.CSV, FileKind.HTML, FileKind.PDF),
    *(FileKind.DOCX, FileKind.PPTX, FileKind.XLSX, FileKind.ZIP),
)
# File systems take 255 bytes, encrypted ones 143; a kana is three.
_NAME_BYTES = 140
_UNNAMED = "無題"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
# Looking through a folder of documents passes over what begins with these.
_LEADING = re.compile(r"^(?:[.\s]|__+|~\$)+")
_LOCK, _PART = ".upload.lock", ".upload-"
_LOCK_SECONDS = 10.0

_EMPTY = "「{name}」は空のファイルです。中身のあるファイルを選んでください。"
_LARGE = "「{name}」は大きすぎます（上限 {megabytes} MB）。分けて保存してください。"
_REFUSED = "「{name}」は取り込めません。{why}"
_UNKNOWN = f"読めるのは{SUPPORTED}です。どれかで保存し直してください。"
_OURS = "この名前のファイルは設定に使うため、取り込めません。名前を変えてください。"
_TAKEN = "「{name}」という別の内容のファイルがあります。置き換えるか、名前を変えてください。"
_IN_THE_WAY = "「{name}」という名前のフォルダーがあります。名前を変えてください。"
_BUSY = "ほかの人がファイルを保存しています。少し待って、もう一度取り込んでください。"
_NOT_WRITTEN = "「{name}」を保存できません（{why}）。空き容量と権限を確かめて、もう一度取り込んでください。"
_NOT_DELETED = "「{name}」を消せません（{why}）。ほかのプログラムで開いていないか、確かめてください。"


def save_upload(settings: Settings, name: str, data: bytes, *, replace: bool = False) -> Path:
    """Keep an uploaded file among the documents and return where it lies, once the disk has it.

    Its name is made safe; one of the same name and content is left as it is. Nothing is written where LibraryError is
    raised: the content is empty, too large or of a kind that cannot be read, another file has the name and `replace` is
    not set, the disk is full, or writing is not allowed.
    """
    safe, folder = checked_name(name, data), settings.documents_dir
    try:
        make_folder(folder)
        with only_one(folder / _LOCK, _LOCK_SECONDS):
            _sweep(folder)
            target = _target(folder, safe)
            if _holds(target, data):
                return target
            if target.is_dir():
                raise LibraryError(_IN_THE_WAY.format(name=safe))
            if target.exists() and not replace:
                raise LibraryError(_TAKEN.format(name=safe))
            _write(target, data)
            return target
    except Busy as error:
        raise LibraryError(_BUSY) from error
    except OSError as error:
        raise LibraryError(_NOT_WRITTEN.format(name=safe, why=reason(error))) from error


def checked_name(name: str, data: bytes) -> str:
    """Return the safe name of a file that may be kept; LibraryError, in one line, for one that may not."""
    safe = safe_name(name)
    if not data:
        raise LibraryError(_EMPTY.format(name=safe))
    if len(data) > MOST_BYTES:
        raise LibraryError(_LARGE.format(name=safe, megabytes=MOST_MEGABYTES))
    kind = tell_kind(safe, data)
    if kind not in _READABLE:
        raise LibraryError(_REFUSED.format(name=safe, why=REFUSALS.get(kind, _UNKNOWN)))
    if file_key(safe).casefold() == MANIFEST_NAME:
        raise LibraryError(_REFUSED.format(name=safe, why=_OURS))
    return safe


def kept_content(settings: Settings, name: str) -> bytes | None:
    """Return the content of the uploaded file that has this name already, None where there is none to be read."""
    target = _target(settings.documents_dir, safe_name(name))
    with suppress(OSError):
        return target.read_bytes() if target.is_file() else None
    return None


def uploads(settings: Settings) -> list[Path]:
    """Return the files among the uploaded documents, sorted by name; none where the folder cannot be listed."""
    with suppress(OSError):
        found = (path for path in settings.documents_dir.absolute().iterdir() if not path.name.startswith((".", "__")))
        return sorted(path for path in found if path.is_file() and path.name != MANIFEST_NAME)
    return []


def discard_upload(settings: Settings, path: Path) -> None:
    """Delete an uploaded file; one that is gone already, or lies elsewhere, is left alone. LibraryError on failure."""
    if not is_uploaded(settings, path):
        return
    try:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise LibraryError(_NOT_DELETED.format(name=path.name, why=reason(error))) from error


def safe_name(name: str) -> str:
    """Return a name that is a plain file on every system: no path, nothing unseen, not too long, NFC.

    A long one keeps its end and gets a hash, so that two that begin alike stay two.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(character for character in last if unicodedata.category(character) not in _UNSEEN)
    stem, dot, suffix = _FORBIDDEN.sub("_", seen).rstrip(". ").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    stem = _LEADING.sub("", stem).rstrip(". ") or _UNNAMED
    # Windows looks at what stands before the first dot.
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return _short(stem, dot + suffix, last)


def _short(stem: str, suffix: str, whole: str) -> str:
    if len((stem + suffix).encode()) <= _NAME_BYTES:
        return stem + suffix
    suffix = suffix if len(suffix.encode()) <= 12 else ""
    mark = "~" + hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:8]
    room = _NAME_BYTES - len((mark + suffix).encode())
    return stem.encode()[:room].decode(errors="ignore") + mark + suffix


def _target(folder: Path, name: str) -> Path:
    """Where a file of that name lies, whichever way its letters are written there; else where it would."""
    wanted = file_key(name).casefold()
    with suppress(OSError):
        for path in folder.absolute().iterdir():
            if file_key(path.name).casefold() == wanted:
                return path
    return folder.absolute() / name


def _holds(path: Path, data: bytes) -> bool:
    """Whether a plain file there has this content."""
    with suppress(OSError):
        if path.is_file() and not path.is_symlink() and path.stat().st_size == len(data):
            return path.read_bytes() == data
    return False


def _write(target: Path, data: bytes) -> None:
    part = target.with_name(f"{_PART}{os.getpid()}")
    try:
        write_file(part, data)
        replace(part, target)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _sweep(folder: Path) -> None:
    """Remove what a crash left behind half written; nobody else writes while the lock is held."""
    for part in folder.glob(_PART + "*"):
        with suppress(OSError):
            part.unlink()
