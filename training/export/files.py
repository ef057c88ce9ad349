"""Files of a pack or a quiz in a folder: all made before the first is written, each put in place in one step."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from corpus.durable import make_folder, replace, sync_folder, write_file
from index.errors import reason
from training.errors import ExportError, UnknownChoice
from training.export.formats import Format, export, format_for, formats_for, ordered_keys
from training.export.names import file_name
from training.models import Pack, Quiz

_DRAFT = ".mamori-"


def write_files(
    material: Pack | Quiz, folder: Path, keys: Iterable[str], *, overwrite: bool = False, name: str | None = None
) -> list[Path]:
    """Write a file for each format and return their paths, in the order of the formats, once the disk has them.

    The folder is made where it is missing. `keys` may hold 「all」: every format that fits. The files are named after
    the title, or after `name`. Nothing is written where UnknownChoice or ExportError is raised, except where the disk
    fails between two files: then those that are there are whole.
    """
    chosen = _formats(material, keys)
    contents = [
        (folder / file_name(name or material.title, each.suffix), export(material, each.key)) for each in chosen
    ]
    try:
        make_folder(folder)
        if not overwrite:
            _refuse_taken([path for path, _ in contents])
        _refuse_folders([path for path, _ in contents])
        _put_all(folder, contents)
    except OSError as error:
        raise ExportError(
            f"「{folder}」に書き込めません（{reason(error)}）。空き容量と権限を確かめるか、別のフォルダーを選んでください。"
        ) from error
    return [path for path, _ in contents]


def _formats(material: Pack | Quiz, keys: Iterable[str]) -> list[Format]:
    wanted = list(keys)
    if any(key.strip().casefold() == "all" for key in wanted):
        ordered_keys(wanted)
        return list(formats_for(material))
    if not wanted:
        raise UnknownChoice(f"形式を {'、'.join(each.key for each in formats_for(material))} から選んでください。")
    return [format_for(material, key) for key in ordered_keys(wanted)]


def _refuse_taken(paths: Sequence[Path]) -> None:
    taken = [path for path in paths if path.exists() or path.is_symlink()]
    if taken:
        names = "、".join(f"「{path.name}」" for path in taken)
        raise ExportError(
            f"{names} はもうあるので、書き込みませんでした。別のフォルダーを選ぶか、"
            "上書きするなら --overwrite をつけて実行してください。"
        )


def _refuse_folders(paths: Sequence[Path]) -> None:
    """A folder of that name cannot be replaced by a file, whatever was asked for."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            raise ExportError(f"「{path.name}」という名前のフォルダーがあります。別のフォルダーに書き出してください。")


def _put_all(folder: Path, contents: Sequence[tuple[Path, bytes]]) -> None:
    """Write every file under a name that nothing reads, then give each its own; no draft stays behind."""
    drafts = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
    try:
        for number, (_, content) in enumerate(contents):
            write_file(drafts / str(number), content)
        for number, (path, _) in enumerate(contents):
            replace(drafts / str(number), path)
        sync_folder(folder)
    finally:
        for number in range(len(contents)):
            with suppress(OSError):
                (drafts / str(number)).unlink(missing_ok=True)
        with suppress(OSError):
            drafts.rmdir()
