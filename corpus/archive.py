"""ZIP archives: checked before anything opens them, and unpacked under file names of our own.

What a member says of itself (size, name, kind) is not believed: sizes are counted while it is decompressed, and no
name ever becomes a path. No document is read here, and an archive within an archive is not opened.
"""

from __future__ import annotations

import copy
import io
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from corpus.kind import FileKind, may_be_listed, zip_kind
from corpus.models import Verdict


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """The most that an archive may hold: sizes in bytes, `ratio` as decompressed to compressed size of one member.

    Members below `ratio_from` bytes may have any ratio. `name_length` is in characters, of a name as it is shown.
    """

    entries: int = 2_000
    total_bytes: int = 500_000_000
    member_bytes: int = 100_000_000
    ratio: int = 200
    ratio_from: int = 1_000_000
    name_length: int = 255


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: where it was unpacked to, or else why it was not, with the verdict that follows.

    `name` is for people: it may be shortened or stand twice in one archive, and is empty for the archive as a whole.
    """

    name: str
    path: Path | None = None
    problem: str | None = None
    verdict: Verdict | None = None


LIMITS: Final = ArchiveLimits()
_BLOCK = 1 << 16
_MEGABYTE = 1_000_000
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1 | 0x40 | 0x2000
# The other methods hand over a whole member at once, however large it turns out to be.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ODD_PATH = re.compile(r"^[A-Za-z]:|[\\\x00]")
_LEFT_OUT = (".", "__", "~$")
_SYSTEM_FILES = ("thumbs.db", "desktop.ini")
_SAFE_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")
_UNSHOWN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\ud800-\udfff]"
)

_NAMELESS = "（名前なし）"
_DAMAGED = "ファイルが壊れています。元のファイルを入手し直すか、作り直してください。"
_DAMAGED_MEMBER = "ZIPの中のこのファイルは壊れています。元のZIPを入手し直すか、作り直してください。"
_ENTRIES = "中のファイルが多すぎます（上限は{limit:,}個）。分けて追加してください。"
_TOTAL = "展開すると大きすぎます（合計の上限は{limit:,}MB）。分けて追加してください。"
_MEMBER = "展開すると大きすぎます（1ファイルの上限は{limit:,}MB）。分けて追加してください。"
_RATIO = "圧縮の比率が異常です（{limit}倍を超えます）。安全のため開きません。元のファイルを直接追加してください。"
_SIZE = "中のファイルの大きさの記載が偽りです。安全のため開きません。元のファイルを入手し直してください。"
_OVERLAP = "中のファイルが、同じ場所を指しています。安全のため開きません。元のファイルを入手し直してください。"
_PASSWORD = "パスワードで保護されています。パスワードのないZIPに作り直してください。"
_METHOD = "この圧縮の方式は読めません。標準の方式（Deflate）のZIPに作り直してください。"
_PATH = "名前が別のフォルダーを指しています。安全のため開きません。ZIPを作り直してください。"
_SPECIAL = "リンクなど、ファイルでないものは開きません。元のファイルをZIPに入れ直してください。"
_NESTED = "ZIPの中のZIPは開きません。展開してから追加してください。"
_WRITE = "展開できません（{reason}）。ディスクの空きと書き込みの許可を確かめてください。"


class _Refused(Exception):
    """Why a member or an archive is not opened, for the person who gave it."""

    def __init__(self, problem: str, verdict: Verdict = Verdict.UNSUPPORTED) -> None:
        super().__init__(problem)
        self.problem, self.verdict = problem, verdict


def check_archive(source: bytes | Path, limits: ArchiveLimits = LIMITS) -> str | None:
    """Why this ZIP (or Office file, which is one) must not be opened, or None. Raises nothing.

    Every member is decompressed once and counted, so that whoever opens the file next cannot be surprised. A damaged
    member is left to them.
    """
    try:
        with _opened(source, limits) as archive:
            budget = _Budget(limits)
            for info in archive.infolist():
                _check_member(archive, info, budget)
    except _Refused as refused:
        return refused.problem
    return None


def unpack(source: bytes | Path, folder: Path, limits: ArchiveLimits = LIMITS) -> list[Member]:
    """Write the files of a ZIP into `folder` as 00001.txt, 00002.pdf … and tell what became of each. Raises nothing.

    `folder` must exist. Folders and the hidden files of operating systems are left out. Where the archive as a whole
    cannot be opened, the list is one nameless Member with the problem.
    """
    members: list[Member] = []
    try:
        with _opened(source, limits) as archive:
            budget = _Budget(limits)
            for number, info in enumerate(archive.infolist(), start=1):
                name = member_name(info)
                if name.endswith("/") or _is_left_out(name):
                    continue
                members.append(_unpack_member(archive, info, folder / f"{number:05d}{_suffix(name)}", budget))
    except _Refused as refused:
        members.append(Member("", problem=refused.problem, verdict=refused.verdict))
    return members


def member_name(info: zipfile.ZipInfo) -> str:
    """The name that a member was given: UTF-8 where it says so or fits, else that of Japanese Windows, composed."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "cp932", "cp437"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name)


def shown_name(name: str, length: int = LIMITS.name_length) -> str:
    """A name as it is shown: without control characters, and with its middle left out where it is too long."""
    name = _UNSHOWN.sub("\ufffd", name)
    if len(name) <= length:
        return name
    end = length // 4
    return f"{name[: length - end - 1]}…{name[-end:]}"


@contextmanager
def _opened(source: bytes | Path, limits: ArchiveLimits) -> Iterator[zipfile.ZipFile]:
    """The archive with its list read; raises _Refused for one that cannot be, is too long or whose members overlap."""
    try:
        file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    except OSError as error:
        raise _Refused(
            f"開けません（{error.strerror}）。読み取りの許可を確かめてください。", Verdict.DAMAGED
        ) from error
    with file:
        if not may_be_listed(file):
            raise _Refused(_ENTRIES.format(limit=limits.entries))
        try:
            archive = zipfile.ZipFile(file)
        except MemoryError:
            raise
        # A broken list of members raises nearly anything.
        except Exception as error:
            raise _Refused(_DAMAGED, Verdict.DAMAGED) from error
        with archive:
            if len(archive.infolist()) > limits.entries:
                raise _Refused(_ENTRIES.format(limit=limits.entries))
            # Some versions of zipfile refuse all but one of them, others none.
            if len({info.header_offset for info in archive.infolist()}) < len(archive.infolist()):
                raise _Refused(_OVERLAP)
            yield archive


@dataclass
class _Budget:
    """Counts what comes out of the members, those that are refused on the way included."""

    limits: ArchiveLimits
    spent: int = 0

    def take(self, info: zipfile.ZipInfo, size: int, block: int) -> None:
        """Count a block that brings a member to `size` bytes. Raises _Refused past a limit."""
        self.spent += block
        if self.spent > self.limits.total_bytes:
            raise _Refused(_TOTAL.format(limit=self.limits.total_bytes // _MEGABYTE))
        if size > self.limits.member_bytes:
            raise _Refused(_MEMBER.format(limit=self.limits.member_bytes // _MEGABYTE))
        if size > max(self.limits.ratio_from, self.limits.ratio * info.compress_size):
            raise _Refused(_RATIO.format(limit=self.limits.ratio))


def _check_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> None:
    _refuse_locked(info)
    size = 0
    try:
        for block in _blocks(archive, info, budget):
            size += len(block)
    except _Refused as refused:
        if refused.verdict is not Verdict.DAMAGED:
            raise
    if size > info.file_size:
        raise _Refused(_SIZE)


def _unpack_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, budget: _Budget) -> Member:
    shown = shown_name(member_name(info), budget.limits.name_length) or _NAMELESS
    try:
        _refuse_special(info)
        _refuse_locked(info)
        _write(target, _blocks(archive, info, budget))
        with target.open("rb") as file:
            if file.read(4).startswith(b"PK") and zip_kind(file) is FileKind.ZIP:
                raise _Refused(_NESTED)
    except (_Refused, OSError) as error:
        target.unlink(missing_ok=True)
        if isinstance(error, _Refused):
            return Member(shown, problem=error.problem, verdict=error.verdict)
        return Member(shown, problem=_WRITE.format(reason=error.strerror or error), verdict=Verdict.DAMAGED)
    return Member(shown, target)


def _write(target: Path, blocks: Iterator[bytes]) -> None:
    with target.open("xb") as file:
        for block in blocks:
            file.write(block)


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """The content of a member, counted. Raises _Refused: DAMAGED where it breaks off, else past a limit."""
    # zipfile stops at the size that a member claims; what really comes out is wanted here.
    unlimited = copy.copy(info)
    unlimited.file_size = budget.limits.total_bytes + 1
    size = 0
    try:
        with archive.open(unlimited) as member:
            while block := member.read(_BLOCK):
                size += len(block)
                budget.take(info, size, len(block))
                yield block
    except (_Refused, MemoryError):
        raise
    # zlib, struct, zipfile: damage shows in many ways. A full disk shows outside, where the block is written.
    except Exception as error:
        raise _Refused(_DAMAGED_MEMBER, Verdict.DAMAGED) from error


def _refuse_locked(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise _Refused(_PASSWORD, Verdict.NEEDS_PASSWORD)
    if info.compress_type not in _METHODS:
        raise _Refused(_METHOD)


def _refuse_special(info: zipfile.ZipInfo) -> None:
    """Refuse what would leave the folder, were it unpacked by its name, and what is no file."""
    if _leaves_folder(member_name(info)):
        raise _Refused(_PATH)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise _Refused(_SPECIAL)


def _is_left_out(name: str) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(_LEFT_OUT) and part != "." for part in parts)
    return (hidden or parts[-1].lower() in _SYSTEM_FILES) and not _leaves_folder(name)


def _leaves_folder(name: str) -> bool:
    return ".." in name.split("/") or name.startswith("/") or _ODD_PATH.search(name) is not None


def _suffix(name: str) -> str:
    match = _SAFE_SUFFIX.search(name.lower())
    return match[0] if match else ""
