"""Small made-up questions, a document, and systems that answer as they are told: for the runner and its commands."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.models import BlockKind, Chunk
from eval.models import Gold, Grade, Kind, Question, QuestionSet, Target
from eval.runner import Job
from eval.runs import IndexInfo
from eval.sources import Sources

TEXT = "試作品を社外へ持ち出すときは、品質保証課の承認番号を台帳に記入します。"
CHUNK = Chunk("c1", "kitei", ("試作品の持ち出し",), TEXT, BlockKind.PARAGRAPH)
QUESTION = Question(
    id="q1",
    question="試作品を社外へ持ち出すには何が要りますか",
    language="ja",
    kind=Kind.FACT,
    history=(),
    answerable=True,
    reference_answer="承認番号を台帳に記入する。",
    key_facts=(("承認番号",),),
    gold=(Gold(Grade.NEEDED, (Target("kitei", "試作品の持ち出し", "承認番号を台帳に記入"),)),),
    note="",
)
OTHER = Question("q2", "社員食堂の献立は", "ja", Kind.UNANSWERABLE, (), False, "", (), (), "")
ENGLISH = dataclasses.replace(QUESTION, id="q3", question="What is needed to take a prototype out?", language="en")


def question_set(questions: Sequence[Question] = (QUESTION, OTHER, ENGLISH), sha256: str = "5e7") -> QuestionSet:
    """A set of these questions."""
    return QuestionSet("small", sha256, tuple(questions))


def answered(question_id: str, **changes: object) -> dict[str, Any]:
    """A right answer, with its citation and passage, in the terminal contract's form."""
    place = {"doc_id": "kitei", "section": "試作品の持ち出し", "start_page": None, "end_page": None}
    return {
        "id": question_id,
        "question": "",
        "status": "answered",
        "answer": "承認番号を台帳に記入します。[1]",
        "sentences": [{"text": "承認番号を台帳に記入します。", "markers": [1], "status": "verbatim"}],
        "citations": [{**place, "marker": 1, "quote": "承認番号を台帳に記入します。", "status": "verbatim"}],
        "passages": [{**place, "rank": 1, "text": TEXT, "score": 1.0}],
        "timing_ms": {"retrieve": 1.0, "answer": 1.0, "total": 2.0},
        **changes,
    }


def refused(question_id: str) -> dict[str, Any]:
    """An answer that says that the documents do not have it."""
    nothing: dict[str, Any] = {"answer": "資料にありません。", "sentences": [], "citations": []}
    return answered(question_id, status="not_in_corpus", **nothing)


@dataclass
class FakeSystem:
    """Answers each question right, or raises what `failing` has for its id; `asked` collects what it was asked."""

    failing: Mapping[str, BaseException] = field(default_factory=dict)
    name: str = "fake"
    asked: list[str] = field(default_factory=list)

    def answer(self, question: Question) -> dict[str, Any]:
        self.asked.append(question.id)
        if question.id in self.failing:
            raise self.failing[question.id]
        return answered(question.id) if question.answerable else refused(question.id)


def job(system: FakeSystem | None = None, **changes: Any) -> Job:  # noqa: ANN401
    """The questions above to a system over the document above."""
    made = Job(question_set(), system or FakeSystem(), Sources([CHUNK]), IndexInfo(("kitei",), "fake", "g1"))
    return dataclasses.replace(made, **changes)
