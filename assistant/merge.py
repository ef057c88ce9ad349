"""What there was and what was read now, put together: pure functions on loaded files, but for hashing moved ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.catalogue import Holding
from corpus.files import FoundFile
from corpus.limits import Limits
from corpus.loaded import MEMBER_SEPARATOR, LoadedFile, archive_key
from corpus.models import Verdict
from corpus.one_file import file_path_key, hash_file

_KEPT_OLD = "前に取り込んだ内容を、そのまま残しました。"


def merged(before: Sequence[LoadedFile], loaded: Sequence[LoadedFile]) -> list[LoadedFile]:
    """The files of before with what was read now in their places, and the new ones behind them.

    A document whose file can no longer be read stays as it was.
    """
    fresh = {file.report.key: file for file in loaded}
    reread = {archive_key(key) for key in fresh if archive_key(key) != key}
    together = []
    for old in before:
        key = old.report.key
        if key in fresh:
            together.append(_newer(old, fresh.pop(key)))
        elif archive_key(key) not in reread:
            together.append(old)
    return [*together, *fresh.values()]


def _newer(old: LoadedFile, new: LoadedFile) -> LoadedFile:
    return with_warnings(old, *new.report.warnings, _KEPT_OLD) if _stays(old, new) else new


def _stays(old: LoadedFile, new: LoadedFile) -> bool:
    """Whether a document stays as it was, for its file can no longer be read; a copy of another can."""
    return old.document is not None and new.document is None and new.report.verdict is not Verdict.READ


def looked_at(loaded: Sequence[LoadedFile], files: Sequence[LoadedFile]) -> list[LoadedFile]:
    """What was read now, as the person is told of it: where the old text of a file was kept, that is said."""
    by_key = {file.report.key: file for file in files}
    told = []
    for new in loaded:
        kept = by_key.get(new.report.key, new)
        told.append(with_warnings(new, *kept.report.warnings) if _stays(kept, new) else new)
    return told


def with_warnings(file: LoadedFile, *warnings: str) -> LoadedFile:
    """The file with these warnings in its report."""
    return replace(file, report=replace(file.report, warnings=warnings))


def with_moved(before: Holding, found: Sequence[FoundFile]) -> Holding:
    """What there was, with a file that lies elsewhere now under its new path."""
    here = {file_path_key(file.path): file for file in found}
    missing = {
        file.report.sha256: file
        for file in before.files
        if file.document and file.report.key not in here and MEMBER_SEPARATOR not in file.report.key
    }
    known = {file.report.key for file in before.files}
    moved: dict[str, LoadedFile] = {}
    for key, file in here.items() if missing else ():
        if key in known or file.problem:
            continue
        sha256, _, _ = hash_file(file.path, Limits().file_bytes)
        if (old := missing.pop(sha256, None)) and old.document:
            path = str(file.path)
            document = replace(old.document, path=path)
            moved[old.report.key] = replace(old, report=replace(old.report, key=key, path=path), document=document)
    return replace(before, files=tuple(moved.get(file.report.key, file) for file in before.files))


def differences(
    before: Sequence[LoadedFile], after: Sequence[LoadedFile]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The ids of documents that are new, that are not what they were, and that are gone."""
    old = {file.document.doc_id: file for file in before if file.document}
    new = {file.document.doc_id: file for file in after if file.document}
    changed = (doc_id for doc_id in new if doc_id in old and not _is_same(old[doc_id], new[doc_id]))
    return (
        tuple(doc_id for doc_id in new if doc_id not in old),
        tuple(changed),
        tuple(doc_id for doc_id in old if doc_id not in new),
    )


def _is_same(old: LoadedFile, new: LoadedFile) -> bool:
    """Whether text and description are equal, wherever the file lies."""
    if old.document is None or new.document is None:
        return False
    described = (replace(document, pages=(), path="") for document in (old.document, new.document))
    return old.chunks == new.chunks and next(described) == next(described)
