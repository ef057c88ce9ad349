"""A small question set over the document of `tests.cli.conftest`, as a file: for the commands of `mamori eval`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DEFAULTS: dict[str, Any] = {
    "language": "ja",
    "kind": "fact",
    "history": [],
    "answerable": True,
    "reference_answer": "",
    "key_facts": [],
    "gold": [],
    "note": "",
}
TARGET = {"doc_id": "kitei", "section": "試作品の持ち出し", "phrase": "品質保証課の承認番号"}
QUESTIONS = [
    {
        "id": "q1",
        "question": "試作品を社外へ持ち出すときは何を台帳に記入しますか",
        "key_facts": [["承認番号"]],
        "gold": [{"grade": "needed", "targets": [TARGET]}],
    },
    {"id": "q2", "question": "持ち出した試作品は何日以内に戻しますか", "key_facts": [["14日以内"]]},
    {"id": "q3", "question": "火星の気温は何度ですか", "kind": "unanswerable", "answerable": False},
]


def write_set(path: Path, *changes: dict[str, Any]) -> Path:
    """Write the questions, each with the changes of the same place, one a line."""
    rows = [{**DEFAULTS, **row} for row in QUESTIONS]
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def answer(question_id: str, text: str = "承認番号です。", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """An answer as another system may write it."""
    return {"id": question_id, "status": "answered", "answer": text, **changes}


def write_answers(path: Path, *rows: dict[str, Any]) -> Path:
    """Write answers, one a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
