"""The process that reads one file: `python child.py` with a request on standard input, the result in a file.

Everything hostile in a document meets this process and not the one that people use. It is started by `corpus.sandbox`,
holds itself to its limits first, reads one file, writes one JSON file and ends.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # Started by its path, so that no folder that somebody works in can stand in for this package.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus.files import open_plain
from corpus.limits import Limits, hold_to
from corpus.manifest import Source

NO_ROOM = 74
"""Exit status where the answer cannot be written for want of room: EX_IOERR of sysexits.h."""
# What goes wrong in a way that the parent has words for.
OUT_OF_MEMORY, TOO_DEEP, CHANGED = "out_of_memory", "too_deep", "changed"


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin.buffer)
    limits = Limits(**request["limits"])
    hold_to(limits, may_start_programs=request["ocr"])
    answer = json.dumps(_answer(request, limits))
    try:
        Path(request["result"]).write_text(answer, encoding="utf-8")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SystemExit(NO_ROOM) from error
        raise


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        return _read(request, limits)
    except MemoryError:
        return {"problem": OUT_OF_MEMORY}
    except RecursionError:
        return {"problem": TOO_DEEP}


def _read(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    data = _content(request["path"], limits.file_bytes)
    if data is None:
        return {"problem": CHANGED}
    digest = hashlib.sha256(data).hexdigest()
    if request["unpack"]:
        return {"sha256": digest, "members": _members(data, Path(request["unpack"]))}
    from corpus.reading import read_content

    source = request["source"]
    known = Source(**{**source, "replaces": tuple(source["replaces"])}) if source else None
    read = read_content(request["name"], data, known, ocr=request["ocr"])
    return {"sha256": digest, "read": asdict(read)}


def _content(path: str, most: int) -> bytes | None:
    """The bytes of a plain file of the size allowed; None for anything else that has taken its place."""
    with open_plain(path) as opened:
        if opened is None or opened[1] > most:
            return None
        return opened[0].read(most)


def _members(data: bytes, folder: Path) -> list[dict[str, Any]]:
    from corpus.archive import unpack

    return [
        {
            "name": member.name,
            "path": str(member.path) if member.path else None,
            "problem": member.problem,
            "verdict": member.verdict,
        }
        for member in unpack(data, folder)
    ]


if __name__ == "__main__":
    main()
