"""Many questions from a JSON Lines file, one answer object a line; a bad line costs that line only."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from assistant.contract import answer_object, error_object
from assistant.errors import AssistantError, QuestionError
from assistant.models import Turn
from assistant.responder import Responder
from index.errors import UnknownDocument, reason

_ROLES = ("user", "assistant")
_HISTORY = 'history は [["user", "…"], ["assistant", "…"]] の形で書いてください'
_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How many lines were answered and how many were bad; of the answers, how many a language model failed to give."""

    answered: int
    failed: int
    without_model: int = 0


def run_batch(
    responder: Responder,
    questions: Path,
    output: Path,
    *,
    top_k: int,
    doc_ids: Collection[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BatchReport:
    """Answer every line of `questions` into `output`, which appears only once it is complete.

    Raises QuestionError where the file cannot be read or holds no line at all, or where `output` cannot be written;
    UnknownDocument for an id that is not indexed.
    """
    lines = _lines(questions)
    _check_documents(responder, doc_ids)
    failed = without_model = 0
    with _whole_file(output, questions) as handle:
        for done, (number, line) in enumerate(lines, start=1):
            row = _answer_line(responder, line, number, top_k, doc_ids)
            failed += row["status"] == "error"
            without_model += bool(row.get("fault")) and not row.get("generated")
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
            if progress:
                progress(done, len(lines))
    return BatchReport(len(lines) - failed, failed, without_model)


def _lines(path: Path) -> list[tuple[int, bytes]]:
    """Return the lines that are not blank, with their numbers from 1."""
    try:
        data = path.read_bytes().removeprefix(_UTF8_MARK)
    except OSError as error:
        raise QuestionError(
            f"{path} を読めません（{reason(error)}）。JSON Linesのファイルを指定してください。"
        ) from error
    # Not splitlines(): U+2028 and its like may stand inside a JSON string.
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise QuestionError(f"{path} に質問がありません。1行に1つ、JSONで書いてください。")
    return lines


def _check_documents(responder: Responder, doc_ids: Collection[str] | None) -> None:
    known = [document.doc_id for document in responder.documents]
    if unknown := set(doc_ids or ()) - set(known):
        raise UnknownDocument(unknown, known)


def _answer_line(
    responder: Responder, line: bytes, number: int, top_k: int, doc_ids: Collection[str] | None
) -> dict[str, Any]:
    question_id: str | int | None = None
    try:
        row = _parse(line)
        question_id = _id(row)
        question, history = _question(row), _history(row)
        return answer_object(responder.ask(question, history, doc_ids, top_k), question_id)
    except (ValueError, AssistantError) as error:
        return error_object(question_id, f"{number}行目: {error}")
    except Exception as error:  # a fault of ours on one question must not lose the answers to the others
        return error_object(question_id, f"{number}行目: 思わぬエラーです（{type(error).__name__}: {error}）。")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("UTF-8ではありません。UTF-8で保存し直してください。") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"JSONとして読めません（{error.colno}文字目のあたり）。") from None
    except RecursionError:
        raise ValueError("JSONの入れ子が深すぎます。") from None
    if not isinstance(row, dict):
        raise ValueError('{"id": "…", "question": "…"} の形で書いてください。')
    return row


def _id(row: dict[str, Any]) -> str | int:
    """Return the id as it was given; a number is let through, since the answers are matched by it."""
    question_id = row.get("id")
    if isinstance(question_id, bool) or not isinstance(question_id, (str, int)):
        raise ValueError("id（文字列）がありません。")
    return question_id


def _question(row: dict[str, Any]) -> str:
    question = row.get("question")
    if not isinstance(question, str):
        raise ValueError("question（文字列）がありません。")
    return question


def _history(row: dict[str, Any]) -> list[Turn]:
    turns = row.get("history")
    if turns is None:
        return []
    if not isinstance(turns, list):
        raise ValueError(_HISTORY)
    return [_turn(turn) for turn in turns]


def _turn(turn: object) -> Turn:
    match turn:
        case [str(role), str(text)] if role in _ROLES:
            return Turn(role, text)
    raise ValueError(_HISTORY)


@contextmanager
def _whole_file(path: Path, questions: Path) -> Iterator[TextIO]:
    """A text file that replaces `path` when it is complete, and leaves no trace when it is not."""
    target = path.resolve()
    if target == questions.resolve():
        raise QuestionError(f"{path} は質問のファイルです。--output には別のファイルを指定してください。")
    if target.exists() and not target.is_file():
        raise QuestionError(f"{path} はファイルではありません。--output にはファイルを指定してください。")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        # A lone surrogate, which UTF-8 has no bytes for, becomes the escape that JSON knows it by.
        handle = part.open("x", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise QuestionError(f"{path} に書けません（{reason(error)}）。書けるフォルダを指定してください。") from error
    try:
        with handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
