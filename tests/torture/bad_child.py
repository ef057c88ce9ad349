"""Readers that misbehave, in the place of `corpus.child`: what a harness must notice, and a parent must survive.

Started by its path with a request on standard input; the name of the file to read says which of WAYS it takes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus.limits import Limits, hold_to

_GOOD: dict[str, Any] = {
    "verdict": "damaged",
    "source": None,
    "pages": [],
    "page_count": 0,
    "pages_without_text": [],
    "warnings": ["作り直してください。"],
    "is_archive": False,
}


def main() -> None:
    """Misbehave as the request asks for."""
    request = json.load(sys.stdin.buffer)
    hold_to(Limits(**request["limits"]), may_start_programs=False)
    way, _, detail = request["name"].rpartition(".")[0].partition("-")[2].partition("=")
    globals()[f"_{way}"](Path(request["result"]), detail)


def _hang(_result: Path, _detail: str) -> None:
    time.sleep(600)


def _ignore(_result: Path, _detail: str) -> None:
    """Not to be ended by anything that can be caught."""
    for number in (signal.SIGTERM, signal.SIGALRM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def _raise(_result: Path, _detail: str) -> None:
    raise ValueError("a reader that raises")


def _allocate(_result: Path, _detail: str) -> None:
    held = []
    while True:
        held.append(b"x" * 10_000_000)


def _kill(_result: Path, detail: str) -> None:
    os.kill(os.getpid(), int(detail))


def _write(result: Path, _detail: str) -> None:
    """Output without end."""
    with result.open("wb") as file:
        while True:
            file.write(b" " * 1_000_000)


def _chatter(_result: Path, _detail: str) -> None:
    """Standard error without end."""
    while True:
        os.write(2, b"x" * 1_000_000)


def _leave(_result: Path, detail: str) -> None:
    """An end without an answer."""
    os._exit(int(detail))


def _answer(result: Path, detail: str) -> None:
    """An answer that is not what was agreed on."""
    result.write_text(_ANSWERS[detail], encoding="utf-8")


def _read_as(**changes: Any) -> str:  # noqa: ANN401 (whatever does not belong there)
    return json.dumps({"sha256": "0" * 64, "read": {**_GOOD, **changes}})


_ANSWERS = {
    "nothing": "",
    "list": "[]",
    "deep": "[" * 200_000,
    "null": json.dumps({"read": None}),
    "verdict": _read_as(verdict="wonderful"),
    "infinite": _read_as(page_count=float("inf")),
    "lines": _read_as(warnings=["一行目\n二行目"]),
    "english": _read_as(warnings=["Traceback"]),
    "mute": _read_as(warnings=[]),
    "archive": json.dumps({"read": {**_GOOD, "verdict": "read", "is_archive": True}, "members": [{"name": 1}]}),
    "hollow": _read_as(verdict="read"),
    "surrogate": _read_as(
        verdict="read",
        source={
            "doc_id": "a",
            "title": "\ud800",
            "publisher": None,
            "published": None,
            "edition": None,
            "replaces": [],
            "source_url": None,
        },
        pages=[
            {
                "number": 1,
                "label": None,
                "is_ocr": False,
                "blocks": [{"kind": "paragraph", "text": "あ\udfff", "section": ["\ud800"], "page_number": 1}],
            }
        ],
    ),
}


if __name__ == "__main__":
    main()
