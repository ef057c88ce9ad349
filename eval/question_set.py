"""Question sets: one JSON Lines file a set, checked line by line on reading, written whole.

A set is known by its name in `eval/questions`, by its name in the data folder's `eval/questions`, or by its path. What
its documents say is not looked at here (`eval.check_set` does).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from eval.errors import QuestionSetError
from eval.files import read_lines, write_whole
from eval.models import MAX_PHRASE, Gold, Kind, Question, QuestionSet, Target

SUFFIX = ".jsonl"
_PROBLEMS = {
    "missing": "この項目がありません",
    "unexpected_keyword_argument": "知らない項目です",
    "extra_forbidden": "知らない項目です",
    "string_type": "文字列で書いてください",
    "bool_type": "true か false で書いてください",
    "list_type": "配列（[ ]）で書いてください",
    "tuple_type": "配列（[ ]）で書いてください",
    "too_long": "項目が多すぎます",
    "dataclass_type": "{ } の形で書いてください",
    "json_invalid": "JSONとして読めません",
}


def find_set(name: str, folder: Path | None = None) -> Path:
    """Return the file of a set: a path, a name in `folder` (the person's own sets), or a name in `eval/questions`.

    Raises QuestionSetError where there is none; the message lists the names there are.
    """
    given = Path(name)
    if given.suffix == SUFFIX or _is_file(given):
        if not _is_file(given):
            raise QuestionSetError(f"質問のファイル「{name}」がありません。場所を確かめてください。")
        return given
    for place in _folders(folder):
        if _is_file(path := place / f"{name}{SUFFIX}"):
            return path
    known = "、".join(set_names(folder))
    raise QuestionSetError(
        f"質問セット「{name}」がありません。あるのは {known} です。このどれかか、ファイルの場所を指定してください。"
    )


def set_names(folder: Path | None = None) -> list[str]:
    """Return the names of the sets that can be asked for without a path, in order."""
    return sorted({path.stem for place in _folders(folder) if place.is_dir() for path in place.glob(f"*{SUFFIX}")})


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that is too long for one, or not to be looked at, is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _folders(folder: Path | None) -> list[Path]:
    bundled = Path(str(resources.files("eval.questions")))
    return [bundled] if folder is None else [folder, bundled]


def read_set(path: Path) -> QuestionSet:
    """Read and check a set; its name is the file's.

    Raises QuestionSetError naming the line and the field: not UTF-8, not JSON, a field missing, unknown or of another
    type, an id that comes twice, a kind that does not fit the rest. A byte-order mark is let through.
    """
    data, lines = read_lines(path, QuestionSetError)
    questions: dict[str, Question] = {}
    for number, line in lines:
        question = parse_question(line, path, number)
        if question.id in questions:
            raise QuestionSetError.at(path, number, "id", f"「{question.id}」は前の行にもあります")
        questions[question.id] = question
    return QuestionSet(path.stem, hashlib.sha256(data).hexdigest(), tuple(questions.values()))


def parse_question(line: str | Mapping[str, Any], path: Path | str, number: int) -> Question:
    """Return the question of one line (JSON, or an object already read); QuestionSetError as for `read_set`."""
    try:
        text = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
        question = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        field, problem = _first_problem(error)
        raise QuestionSetError.at(path, number, field, problem) from None
    for field, problem in _contradictions(question):
        raise QuestionSetError.at(path, number, field, problem)
    return question


def write_set(path: Path, questions: Iterable[Question]) -> None:
    """Write a set whole or not at all; QuestionSetError where `path` cannot be written."""
    write_whole(path, "".join(question_line(question) for question in questions), QuestionSetError)


def question_line(question: Question) -> str:
    """Return one question as its line of the file, the fields in the order of the schema."""
    return json.dumps(asdict(question), ensure_ascii=False) + "\n"


@cache
def _adapter() -> TypeAdapter[Question]:
    for kind in (Question, Gold, Target):
        setattr(kind, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010
    return TypeAdapter(Question)


def _first_problem(error: ValidationError) -> tuple[str, str]:
    """Return the field as a path («gold[0].targets[1].phrase») and what is wrong with it."""
    first = error.errors(include_url=False)[0]
    field = ""
    for part in first["loc"]:
        field += f"[{part}]" if isinstance(part, int) else f".{part}" if field else str(part)
    if first["type"] in ("enum", "literal_error"):
        given = " ".join(str(first["input"]).split())
        return field, f"「{given}」は使えません。使えるのは {first['ctx']['expected']} です"
    return field, _PROBLEMS.get(first["type"], first["msg"])


def _contradictions(question: Question) -> Iterable[tuple[str, str]]:
    """Return (field, problem) for what the types alone do not rule out."""
    for field in ("id", "question"):
        if not getattr(question, field).strip():
            yield field, "空です"
    if question.answerable == (question.kind is Kind.UNANSWERABLE):
        yield "answerable", f"kind が {question.kind} のとき、{'false' if question.answerable else 'true'} にします"
    if not question.answerable and question.key_facts:
        yield "key_facts", "答えられない質問では空の配列にします"
    if not question.answerable and question.gold:
        yield "gold", "答えられない質問では空の配列にします"
    if question.kind is Kind.FOLLOW_UP and not question.history:
        yield "history", "kind が follow_up のとき、前のやりとりが要ります"
    for number, group in enumerate(question.key_facts):
        if not group or not all(wording.strip() for wording in group):
            yield f"key_facts[{number}]", "空の言い方があります"
    for number, gold in enumerate(question.gold):
        yield from ((f"gold[{number}].{field}", problem) for field, problem in _target_problems(gold))


def _target_problems(gold: Gold) -> Iterable[tuple[str, str]]:
    if not gold.targets:
        yield "targets", "1つ以上書いてください"
    for number, target in enumerate(gold.targets):
        if not target.doc_id.strip():
            yield f"targets[{number}].doc_id", "空です"
        if len(target.phrase) > MAX_PHRASE:
            yield f"targets[{number}].phrase", f"{MAX_PHRASE}文字までです（いまは{len(target.phrase)}文字）"
