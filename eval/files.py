"""Files of this room: lines read with a clear error, files and folders written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from eval.errors import EvaluationError
from index.errors import reason

_UTF8_MARK = b"\xef\xbb\xbf"


def read_lines(path: Path, error: type[EvaluationError]) -> tuple[bytes, list[tuple[int, str]]]:
    """Return the bytes of a UTF-8 file and its lines that are not blank, with their numbers from 1.

    Raises `error` where it cannot be read, is not UTF-8, or holds no line.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise error(f"「{path}」を読めません（{reason(problem)}）。場所を確かめてください。") from problem
    try:
        text = data.removeprefix(_UTF8_MARK).decode("utf-8")
    except UnicodeDecodeError as problem:
        number = problem.object[: problem.start].count(b"\n") + 1
        raise error(f"「{path}」の{number}行目がUTF-8ではありません。UTF-8で保存し直してください。") from problem
    # Not splitlines(): U+2028 and its like may stand inside a JSON string.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise error(f"「{path}」は空です。1行に1つ、JSONで書いてください。")
    return data, lines


def write_whole(path: Path, content: str | bytes, error: type[EvaluationError]) -> None:
    """Write a file so that it is there whole or as it was before; folders on the way are made.

    Raises `error` where it cannot be written.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", errors="backslashreplace")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, path)
    except OSError as problem:
        raise error(f"「{path}」に書けません（{reason(problem)}）。書けるフォルダーを指定してください。") from problem
    finally:
        # After Ctrl-C as after an error; once it has taken its place there is none.
        with suppress(OSError):
            part.unlink()
