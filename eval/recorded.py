"""Answers that any other system wrote to a file, one object of the terminal contract a line, as a system of its own.

`id` and `status` must be there; what else is there must be of the contract's types, what is not counts as empty. A
question that the file has no line for has no result, which counts as zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.errors import AnswersError
from eval.files import read_lines
from eval.models import Question

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

_SHOWN = 3
_PROBLEMS = {
    "missing": "この項目がありません",
    "string_type": "文字列で書いてください",
    "string_too_short": "空です",
    "int_type": "整数で書いてください",
    "float_type": "数で書いてください",
    "finite_number": "有限の数で書いてください",
    "list_type": "配列（[ ]）で書いてください",
    "dict_type": "{ } の形で書いてください",
    "model_type": "{ } の形で書いてください",
    "json_invalid": "JSONとして読めません",
}


@dataclass(frozen=True, slots=True)
class RecordedAnswers:
    """Answers by question id, under the name that the evaluator gives the system that wrote them."""

    name: str
    rows: Mapping[str, Mapping[str, Any]]

    def answer(self, question: Question) -> dict[str, Any]:
        """Return the recorded answer; KeyError where there is none."""
        return dict(self.rows[question.id])


def read_answers(path: Path, ids: Collection[str], name: str) -> RecordedAnswers:
    """Read a file of answers to the questions of `ids`.

    Raises AnswersError naming line and field: not UTF-8, not JSON, not the contract's types, an id that comes twice or
    that the set does not have.
    """
    _, lines = read_lines(path, AnswersError)
    rows = [(number, _parse(line, path, number)) for number, line in lines]
    _check_ids([row["id"] for _, row in rows], rows, path, ids)
    return RecordedAnswers(name, {row["id"]: row for _, row in rows})


def _check_ids(found: list[str], rows: list[tuple[int, dict[str, Any]]], path: Path, ids: Collection[str]) -> None:
    counts = Counter(found)
    for number, row in reversed(rows):
        if counts[row["id"]] > 1:
            raise _at(path, number, "id", f"「{row['id']}」は前の行にもあります")
    unknown = [name for name in found if name not in ids]
    if unknown:
        shown = "、".join(unknown[:_SHOWN]) + (" など" if len(unknown) > _SHOWN else "")
        raise AnswersError(
            f"「{path}」に、質問セットにない id が {len(unknown)} 件あります（{shown}）。"
            "その質問セットへの答えのファイルを指定してください。"
        )


def _parse(line: str, path: Path, number: int) -> dict[str, Any]:
    """Return one line as an object with every list there, passages in the order of their ranks."""
    from pydantic import ValidationError

    try:
        row: dict[str, Any] = _adapter().validate_json(line, strict=True).model_dump()
    except ValidationError as error:
        raise _at(path, number, *_first_problem(error)) from None
    row["id"] = str(row["id"])
    if row["status"] == "error":
        return {"id": row["id"], "status": "error", "error": str(row.get("error") or "")}
    row["passages"] = _ranked(row["passages"])
    return row


def _ranked(passages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the passages best first: by rank where every one has a rank, else in the order of the file."""
    if all(passage["rank"] is not None for passage in passages):
        passages = sorted(passages, key=lambda passage: int(passage["rank"]))
    return [{**passage, "rank": rank} for rank, passage in enumerate(passages, start=1)]


@cache
def _adapter() -> TypeAdapter[Any]:
    from typing import Literal

    from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

    class Part(BaseModel):
        model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    class Place(Part):
        doc_id: str
        section: str | None = None
        start_page: int | None = None
        end_page: int | None = None

    class Passage(Place):
        text: str
        rank: int | None = None

    class Citation(Place):
        marker: int
        quote: str

    class Sentence(Part):
        text: str
        markers: list[int] = Field(default_factory=list)

    class Times(Part):
        total: float | None = None

    class Row(Part):
        id: str | int
        status: Literal["answered", "not_in_corpus", "error"]
        answer: str = ""
        sentences: list[Sentence] = Field(default_factory=list)
        citations: list[Citation] = Field(default_factory=list)
        passages: list[Passage] = Field(default_factory=list)
        timing_ms: Times = Field(default_factory=Times)

    return TypeAdapter(Row)


def _first_problem(error: ValidationError) -> tuple[str, str]:
    """Return the field as a path («citations[0].quote») and what is wrong with it."""
    first = error.errors(include_url=False)[0]
    # A union names the branch that failed as a part of the place: only ids have one.
    places = first["loc"][:1] if first["loc"][:1] == ("id",) else first["loc"]
    field = ""
    for part in places:
        field += f"[{part}]" if isinstance(part, int) else f".{part}" if field else str(part)
    if first["type"] == "literal_error":
        return field, f"「{first['input']}」は使えません。使えるのは {first['ctx']['expected']} です"
    return field, _PROBLEMS.get(first["type"], first["msg"])


def _at(path: Path, line: int, field: str, problem: str) -> AnswersError:
    where = f"{line}行目" + (f"の {field} " if field else "")
    return AnswersError(f"「{path}」の{where}が正しくありません：{problem}。直してから実行し直してください。")
