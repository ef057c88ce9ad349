"""One file as it was found to what its reader made of it: hashed, known already, in quarantine, or read apart.

An archive becomes the files in it. Nothing here knows of the other documents.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.files import FoundFile, file_key, open_plain, readable_name, unreadable
from corpus.loaded import MEMBER_SEPARATOR, LoadedFile, LoadOptions
from corpus.manifest import Source
from corpus.models import Document, Verdict
from corpus.reading import READERS, ReadFile
from corpus.sandbox import Sandboxed, Unpacked, read_apart, unpack_apart

_TOO_LARGE = "ファイルが大きすぎます（上限 {megabytes} MB）。分けて保存してください。"
_NO_PLAIN_FILE = "ふつうのファイルではないので、読みません。"
_EMPTY_ARCHIVE = "ZIPの中に、読めるファイルがありません。"
_NESTED = "ZIPの中のZIPは開きません。取り出してから指定してください。"
_QUARANTINED = "前に読み取りの途中で止まったファイルと同じ内容なので、読みません（{reason}）"


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One file as it came back from its reader, or as it is known."""

    path: str
    key: str
    source: Source | None
    file: ReadFile
    sha256: str | None = None
    size: int = 0
    known: LoadedFile | None = None


def file_path_key(path: Path) -> str:
    """What names a file whichever way it was given: its path from the root, without "..", in NFC."""
    return file_key(os.path.abspath(path))


def read_found(found: FoundFile, options: LoadOptions) -> list[ReadResult]:
    """The file itself, or the files in it where it is an archive."""
    shown, key = _shown(found.path), file_path_key(found.path)
    if found.problem:
        return [ReadResult(shown, key, found.source, _bad(found.problem))]
    reads = _read_one(found.path, shown, key, found.path.name, found.source, options)
    return _members(found.path, shown, key, options) if reads.file.is_archive else [reads]


def _read_one(path: Path, shown: str, key: str, name: str, source: Source | None, options: LoadOptions) -> ReadResult:
    sha256, size, problem = hash_file(path, options.limits.file_bytes)
    if problem or sha256 is None:
        verdict = Verdict.UNSUPPORTED if size else Verdict.DAMAGED
        return ReadResult(shown, key, source, _bad(problem or "", verdict), None, size)
    known = options.known.get(key)
    if known and _is_same(known, sha256, source, options):
        return ReadResult(shown, key, source, ReadFile(known.report.verdict), sha256, size, known)
    if sha256 in options.quarantine:
        return ReadResult(
            shown, key, source, _bad(_QUARANTINED.format(reason=options.quarantine[sha256])), sha256, size
        )
    back = read_apart(path, readable_name(name), source, ocr=options.ocr, limits=options.limits)
    if back.gave_up and options.on_loss:
        options.on_loss(sha256, shown, _reason(back))
    return ReadResult(shown, key, source, back.file, back.sha256 or sha256, size)


def _members(path: Path, shown: str, key: str, options: LoadOptions) -> list[ReadResult]:
    """The files of an archive, each read as a file of its own; the archive where there are none."""
    with unpack_apart(path, options.limits) as (members, problem):
        if problem or not members:
            return [ReadResult(shown, key, None, _bad(problem or _EMPTY_ARCHIVE))]
        reads = []
        for member, name in zip(members, _names(members), strict=True):
            inner, inner_key = (f"{place}{MEMBER_SEPARATOR}{name}" for place in (shown, key))
            if inner_key in options.excluded:
                continue
            if member.path is None:
                place = (inner, inner_key) if member.name else (shown, key)
                reads.append(ReadResult(*place, None, _bad(member.problem or _NO_PLAIN_FILE, member.verdict)))
                continue
            read = _read_one(member.path, inner, inner_key, Path(member.name).name, None, options)
            nested = replace(read, file=_bad(_NESTED, Verdict.UNSUPPORTED)) if read.file.is_archive else read
            reads.append(nested)
        return reads


def _names(members: Sequence[Unpacked]) -> Iterator[str]:
    """The names of the members; one that an archive holds twice has a number the second time."""
    seen: Counter[str] = Counter()
    for member in members:
        seen[member.name] += 1
        yield member.name if seen[member.name] == 1 else f"{member.name} ({seen[member.name]})"


def hash_file(path: Path, most: int) -> tuple[str | None, int, str | None]:
    """SHA-256 and size of a plain file, or what is wrong with it; one of more than `most` bytes has no hash."""
    try:
        with open_plain(path) as opened:
            if opened is None:
                return None, 0, _NO_PLAIN_FILE
            file, size = opened
            if size > most:
                return None, size, _TOO_LARGE.format(megabytes=most // 1_000_000)
            return hashlib.file_digest(file, "sha256").hexdigest(), size, None
    except OSError as error:
        return None, 0, unreadable(error)


def _is_same(known: LoadedFile, sha256: str, source: Source | None, options: LoadOptions) -> bool:
    """Whether reading again would give the same: same content, same readers, same description."""
    report = known.report
    if options.reread or report.sha256 != sha256 or report.readers != READERS or (options.ocr and not report.ocr):
        return False
    if known.document is None and report.verdict.is_readable:
        return False  # it was a copy of another, which may be gone
    return known.document is None or source is None or _describes(source, known.document)


def _describes(source: Source, document: Document) -> bool:
    return all(getattr(source, name) == getattr(document, name) for name in Source.__slots__ if name != "doc_id") and (
        document.doc_id == source.doc_id or document.doc_id.startswith(f"{source.doc_id}-")
    )


def _bad(problem: str, verdict: Verdict = Verdict.DAMAGED) -> ReadFile:
    return ReadFile(verdict, warnings=(problem,))


def _reason(back: Sandboxed) -> str:
    return back.file.warnings[0] if back.file.warnings else ""


def _shown(path: Path) -> str:
    return readable_name(str(path))
