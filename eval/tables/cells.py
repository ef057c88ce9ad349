r"""A question as the cells of a row, and back. What a cell holds is text; the formats' own affairs are elsewhere.

Plain fields stand as they are. In `history`, `key_facts` and `gold` an item is a line and its parts are separated by
« | »; within a part `\|`, `\\`, `\n`, `\r` stand for a bar, a backslash and line ends, and a backslash before white
space keeps it, since white space around a part is for the eye only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.errors import QuestionSetError
from eval.models import Gold, Question
from eval.question_set import parse_question

SAME = "same"
_PLAIN = ("id", "question", "reference_answer", "note")
_SPACE = " \t\u3000"
_EDGES = re.compile(rf"\A[{_SPACE}]+|[{_SPACE}]+\Z")
# Lazy, so that white space after an escaped character is left to the edge; a lone backslash at the end never matches.
_TRIMMED = re.compile(rf"[{_SPACE}]*((?:\\.|[^\\])*?)[{_SPACE}]*", re.DOTALL)
_TOKEN = re.compile(r"\\.?|\||[^\\|]+", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "\\": "\\", "|": "|", **{space: space for space in _SPACE}}
_LINE_END = re.compile(r"\r\n|\n|\r")
_TURN = re.compile(r"(user|assistant)[ \u3000]*[:：](.*)", re.DOTALL | re.IGNORECASE)
_ANSWERABLE = {"TRUE": True, "FALSE": False}


class _CellProblem(ValueError):
    """What is wrong with a cell, to be said with its row and column."""


def to_cells(question: Question) -> dict[str, str]:
    """Return the texts of a question's cells by column, in the order of the schema."""
    return {
        "id": question.id,
        "question": question.question,
        "language": question.language,
        "kind": question.kind.value,
        "history": "\n".join(f"{role}: {escape(text)}" for role, text in question.history),
        "answerable": str(question.answerable).upper(),
        "reference_answer": question.reference_answer,
        "key_facts": "\n".join(" | ".join(map(escape, group)) for group in question.key_facts),
        "gold": "\n".join(line for gold in question.gold for line in _gold_lines(gold)),
        "note": question.note,
    }


def to_question(cells: Mapping[str, str], path: Path, row: int) -> Question:
    """Return the question of a row; QuestionSetError naming row and column where a cell is not what it should be."""
    readers: dict[str, Callable[[str], Any]] = {
        "language": str.strip,
        "kind": str.strip,
        "history": _history,
        "answerable": _answerable,
        "key_facts": _key_facts,
        "gold": _gold,
    }
    values: dict[str, Any] = {name: cells[name] for name in _PLAIN}
    for name, read in readers.items():
        try:
            values[name] = read(cells[name])
        except _CellProblem as problem:
            raise QuestionSetError.at(path, row, name, str(problem)) from None
    return parse_question(values, path, row)


def escape(text: str) -> str:
    """Return a part as it stands in its line."""
    for character, written in (("\\", r"\\"), ("|", r"\|"), ("\n", r"\n"), ("\r", r"\r")):
        text = text.replace(character, written)
    return _EDGES.sub(lambda edge: "".join(f"\\{space}" for space in edge[0]), text)


def unescape(part: str) -> str:
    """Return what a part of a line says, without the white space around it."""
    trimmed = _TRIMMED.fullmatch(part)
    if trimmed is None:
        raise _CellProblem(r"「\」で終わっています。文字としての \ は \\ と書いてください")
    return _ESCAPE.sub(_escaped, trimmed[1])


def _escaped(match: re.Match[str]) -> str:
    if match[1] not in _ESCAPED:
        raise _CellProblem(rf"「\{match[1]}」は読めません。文字としての \ は \\ と書いてください")
    return _ESCAPED[match[1]]


def _gold_lines(gold: Gold) -> Iterable[str]:
    for number, target in enumerate(gold.targets):
        head = SAME if number else gold.grade.value
        yield " | ".join((head, *map(escape, (target.doc_id, target.section, target.phrase))))


def _answerable(cell: str) -> bool:
    written = unicodedata.normalize("NFKC", cell).strip().upper()
    if written not in _ANSWERABLE:
        raise _CellProblem(f"「{cell}」は使えません。使えるのは TRUE か FALSE です")
    return _ANSWERABLE[written]


def _history(cell: str) -> list[list[str]]:
    return [_turn(line) for line in _lines(cell)]


def _turn(line: str) -> list[str]:
    match = _TURN.fullmatch(line.lstrip(_SPACE))
    if match is None:
        raise _CellProblem(f"「{line}」は user: か assistant: で始まっていません")
    return [match[1].lower(), unescape(match[2])]


def _key_facts(cell: str) -> list[list[str]]:
    return [_parts(line) for line in _lines(cell)]


def _gold(cell: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for line in _lines(cell):
        parts = _parts(line)
        if len(parts) != 4:
            raise _CellProblem(f"「{line}」は「needed | 文書のID | 見出し | 語句」の形（半角の | が3つ）ではありません")
        target = dict(zip(("doc_id", "section", "phrase"), parts[1:], strict=True))
        if parts[0] != SAME:
            items.append({"grade": parts[0], "targets": [target]})
        elif items:
            items[-1]["targets"].append(target)
        else:
            raise _CellProblem(f"1行目は {SAME} では始められません。needed か relevant で始めてください")
    return items


def _lines(cell: str) -> list[str]:
    """Return the lines that are not blank."""
    return [line for line in _LINE_END.split(cell) if line.strip(_SPACE)]


def _parts(line: str) -> list[str]:
    """Return the parts between the bars that are not escaped."""
    parts = [""]
    for token in _TOKEN.findall(line):
        if token == "|":
            parts.append("")
        else:
            parts[-1] += token
    return [unescape(part) for part in parts]
