"""Two small runs over made-up questions, scored as real ones are, and what may be wrong with a folder of runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.models import Kind, Question
from eval.plan import runs_folder
from eval.runs import IndexInfo, RunInfo, append_answer, create, read_run, strip_texts, write_scores
from eval.scoring import score_all, summarise
from tests.eval.samples import (
    CONTACT,
    LENDING,
    QUESTION,
    RIGHT_ANSWER,
    SOURCES,
    UNANSWERABLE,
    answer,
    citation,
    passages,
    refusal,
)

ALPHA, BETA = "alpha-system", "beta-system"
HOSTILE = '<img src="http://evil.example/x" onerror="x">![x](http://evil.example/y)'
FOLLOW_UP = dataclasses.replace(
    QUESTION,
    id="late",
    question=f"And whom do I call? {HOSTILE}",
    language="en",
    kind=Kind.FOLLOW_UP,
    history=(("user", "When is it due?"), ("assistant", "In 5 days.")),
    key_facts=(("内線1200",),),
    reference_answer="内線1200の情報係です。",
)
QUESTIONS = (QUESTION, UNANSWERABLE, FOLLOW_UP)
ALPHA_ROWS = (
    RIGHT_ANSWER,
    refusal(id="menu"),
    answer(
        f"情報係に相談します。[1] {HOSTILE}",
        id="late",
        citations=[citation(CONTACT, 1, quote="どこにも書かれていない文です。", document_title=HOSTILE)],
        passages=passages(LENDING, CONTACT),
        notes=[HOSTILE],
    ),
)
BETA_ROWS = (refusal(id="lend"), answer("カレーです。", id="menu"))


def write_run(
    data_dir: Path,
    system: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    second: int = 0,
    questions: Sequence[Question] = QUESTIONS,
    texts: bool = True,
    complete: bool = True,
) -> Path:
    """Write a run, made at a certain second of one minute; return its folder."""
    info = RunInfo(
        created=f"2026-01-05T09:30:{second:02}+09:00",
        commit="1f2e3d4c5b",
        set_name="small",
        set_sha256="|".join(question.id for question in questions),
        questions=len(questions),
        system=system,
        index=IndexInfo(("guide", "manual"), "static"),
        texts=texts,
    )
    folder = create(runs_folder(data_dir), info, questions)
    for row in rows:
        append_answer(folder, row if texts else strip_texts(row))
    if complete:
        scores = score_all(questions, {str(row["id"]): row for row in rows}, SOURCES)
        write_scores(folder, scores, summarise(scores))
    return folder


def write_both(data_dir: Path) -> tuple[Path, Path]:
    """Write the two runs, alpha's the newer one."""
    beta = write_run(data_dir, BETA, BETA_ROWS, second=1)
    alpha = write_run(data_dir, ALPHA, ALPHA_ROWS, second=2)
    assert read_run(alpha).complete
    return alpha, beta
