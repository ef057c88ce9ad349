"""Two small made-up documents, questions about them, and answers to be scored: figures can be worked out by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.models import BlockKind, Chunk
from eval.models import Gold, Grade, Kind, Outcome, Question, QuestionScore, Target
from eval.sources import Sources

LENDING = Chunk(
    "lending",
    "guide",
    ("機器の管理", "貸し出し"),
    "貸し出す機器は、台帳に記録します。返却の期限は5日です。",
    BlockKind.PARAGRAPH,
    start_page=3,
    end_page=3,
)
DISPOSAL = Chunk(
    "disposal",
    "guide",
    ("機器の管理", "廃棄"),
    "廃棄する機器は、中の記録を消してから業者に渡します。",
    BlockKind.PARAGRAPH,
)
CONTACT = Chunk("contact", "guide", ("相談先",), "困ったときは、内線1,200の情報係に相談します。", BlockKind.PARAGRAPH)
VISITORS = Chunk("visitors", "manual", ("訪問者",), "訪問者は、受付で名札を受け取ります。", BlockKind.PARAGRAPH)
CHUNKS = (LENDING, DISPOSAL, CONTACT, VISITORS)
SOURCES = Sources(CHUNKS)

RECORD = Gold(Grade.NEEDED, (Target("guide", "貸し出し", "台帳に記録"), Target("old-guide", "", "帳簿")))
OFFICE = Gold(Grade.NEEDED, (Target("guide", "", "情報係"),))
ERASURE = Gold(Grade.RELEVANT, (Target("guide", "廃棄", "記録を消して"),))
ELSEWHERE = Gold(Grade.NEEDED, (Target("not-indexed", "", "台帳"),))

QUESTION = Question(
    id="lend",
    question="機器を借りるときの決まりと、困ったときの連絡先は",
    language="ja",
    kind=Kind.FACT,
    history=(),
    answerable=True,
    reference_answer="台帳に記録し、5日以内に返す。困ったら内線1200へ。",
    key_facts=(("台帳",), ("5日", "五日"), ("内線1200",)),
    gold=(RECORD, OFFICE, ERASURE, ELSEWHERE),
    note="",
)
UNANSWERABLE = Question("menu", "食堂の献立は", "ja", Kind.UNANSWERABLE, (), False, "", (), (), "")


def question(**changes: Any) -> Question:  # noqa: ANN401
    """The question about lending, changed."""
    return dataclasses.replace(QUESTION, **changes)


def passage(chunk: Chunk, **changes: object) -> dict[str, Any]:
    """A chunk as a passage of the terminal contract, without a rank."""
    return {
        "doc_id": chunk.doc_id,
        "section": chunk.section_path,
        "start_page": chunk.start_page,
        "end_page": chunk.end_page,
        "text": chunk.text,
        **changes,
    }


def passages(*chunks: Chunk) -> list[dict[str, Any]]:
    """Chunks as passages, ranked in this order."""
    return [passage(chunk, rank=rank) for rank, chunk in enumerate(chunks, start=1)]


def citation(chunk: Chunk, marker: int = 1, **changes: object) -> dict[str, Any]:
    """A citation of a whole chunk."""
    return {**passage(chunk), "marker": marker, "quote": chunk.text, "status": "verbatim", **changes}


def sentence(text: str, *markers: int) -> dict[str, Any]:
    """A sentence of an answer, as sure of itself as can be."""
    return {"text": text, "markers": list(markers), "status": "verbatim"}


def answer(text: str = "", **changes: object) -> dict[str, Any]:
    """An answer of the terminal contract, with nothing retrieved and nothing cited."""
    nothing: dict[str, Any] = {"sentences": [], "citations": [], "passages": []}
    timing = {"retrieve": 1.0, "answer": 2.0, "total": 3.5}
    return {"id": "lend", "status": "answered", "answer": text, "timing_ms": timing, **nothing, **changes}


def refusal(**changes: object) -> dict[str, Any]:
    """An answer that says that the documents do not have it."""
    return answer("資料にありません。", **{"status": "not_in_corpus", **changes})


RIGHT_ANSWER = answer(
    "機器は台帳に記録し、**5日**で返します。[1] 相談は内線1200です。[2]",
    sentences=[sentence("機器は台帳に記録し、5日で返します。", 1), sentence("相談は内線1200です。", 2)],
    citations=[citation(LENDING, 1), citation(CONTACT, 2)],
    passages=passages(LENDING, CONTACT),
)


def score(question_id: str, scores: Mapping[str, float | None], **changes: Any) -> QuestionScore:  # noqa: ANN401
    """The scores of one question, as if they had been worked out."""
    made = QuestionScore(question_id, Kind.FACT, "ja", True, Outcome.RIGHT, scores)
    return dataclasses.replace(made, **changes)


def answers(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Answers by the id of their question."""
    return {str(row["id"]): row for row in rows}
