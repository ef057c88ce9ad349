"""Where people mark answers, blind: nothing here names a run or a system or tells two of them apart.

The answers of two runs stand side by side as A and B, in an order of their own for each question and marker.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from eval.errors import MarkError
from eval.feedback import now
from eval.marks import (
    MAX_MARKER,
    MODEL_PREFIX,
    CitationVerdict,
    Mark,
    MarkVerdict,
    blind_order,
    marks_file,
    read_marks,
    store_mark,
)
from eval.models import Question
from eval.runs import Run
from pages.evaluation_answer import LABELS, answer_of, blinded
from pages.evaluation_html import asked_html, text_block_html
from pages.evaluation_state import remember
from pages.render import exchange_html, literal

MARKER, CURRENT, ERROR = "mamori_eval_marker", "mamori_eval_marking", "mamori_eval_marking_error"
_WHOSE = "mamori_eval_marking_whose"
VERDICTS = {MarkVerdict.CORRECT: "正しい", MarkVerdict.PARTLY: "一部正しい", MarkVerdict.WRONG: "誤り"}
CITATIONS = {
    CitationVerdict.RIGHT: "合っている",
    CitationVerdict.WRONG: "違う",
    CitationVerdict.NONE: "出典がない",
}
SAVE = "保存して次へ"
_HIDDEN = "どの記録の回答かは、評価が偏らないように伏せています。記録は「概要」で選べます。"
CANNOT_MARK = (
    "選んだ記録は、文章が残っていないか壊れているため、人による評価ができません。「概要」で別の記録を選んでください。"
)
_LETTERS = "AB"
_COMMENT_CHARACTERS = 1000


def show(runs: Sequence[Run], data_dir: Path) -> None:
    """Draw one question after the other with its answers to be marked."""
    st.caption(_HIDDEN)
    if not runs or not all(run.questions for run in runs):
        st.info(CANNOT_MARK)
        return
    marker = _marker()
    if not marker:
        return
    path = marks_file(data_dir)
    kept = read_marks(path)
    if kept.unreadable:
        st.warning(_unreadable(kept.unreadable))
    mine = {(mark.run, mark.question_id): mark for mark in kept.entries if mark.marker == marker}
    questions = [one for one in runs[0].questions if all(one.id in {q.id for q in run.questions} for run in runs)]
    done = {one.id for one in questions if all((run.name, one.id) in mine for run in runs)}
    st.progress(len(done) / len(questions), text=f"{len(done)} / {len(questions)}問に評価を付けました。")
    question = _current(questions, done, (marker, *(run.name for run in runs)))
    _way(questions, question, question.id in done)
    order = blind_order(question.id, marker, [run.name for run in runs])
    _form(question, [run for name in order for run in runs if run.name == name], marker, mine, path, done)


def _marker() -> str:
    """The marker's name, empty after asking for one."""
    remember(MARKER, "")
    st.text_input("評価する人の名前（略称やイニシャル）", key=MARKER, max_chars=MAX_MARKER)
    marker = str(st.session_state[MARKER]).strip()
    if not marker:
        st.info("名前を入力すると、評価を始められます。")
    elif marker.startswith(MODEL_PREFIX):
        st.info(f"「{MODEL_PREFIX}」で始まる名前は、言語モデルによる評価に使っています。別の名前を入力してください。")
        return ""
    return marker


def _current(questions: Sequence[Question], done: set[str], whose: tuple[str, ...]) -> Question:
    """The question to be marked: the one that was gone to, else the first without a mark.

    Another marker, or other runs (`whose`), start from the first again: agreement needs the same questions marked.
    """
    wanted = st.session_state.get(CURRENT) if st.session_state.get(_WHOSE) == whose else None
    found = next((one for one in questions if one.id == wanted), None)
    found = found or next((one for one in questions if one.id not in done), questions[0])
    st.session_state[CURRENT], st.session_state[_WHOSE] = found.id, whose
    return found


def _way(questions: Sequence[Question], question: Question, is_done: bool) -> None:
    """Where in the set one is, and the way back and on."""
    at = questions.index(question)
    before, after = questions[at - 1].id if at else "", questions[at + 1].id if at + 1 < len(questions) else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("前の質問", key="mamori_mark_before", disabled=not before, on_click=_go_to, args=(before,))
        st.button("次の質問", key="mamori_mark_after", disabled=not after, on_click=_go_to, args=(after,))
        st.caption(f"{at + 1} / {len(questions)}問目" + ("（評価済み。保存し直すと置き換わります）" if is_done else ""))


def _go_to(question_id: str | None) -> None:
    st.session_state[CURRENT] = question_id
    st.session_state.pop(ERROR, None)


def _form(
    question: Question,
    runs: Sequence[Run],
    marker: str,
    mine: dict[tuple[str, str], Mark],
    path: Path,
    done: set[str],
) -> None:
    """A question, its answers and what can be said about each."""
    st.html(asked_html(question))
    if question.reference_answer or question.key_facts or not question.answerable:
        with st.expander("模範解答と要点を見る"):
            st.html(_model_answer(question))
    with st.form(f"mamori_mark_{marker}_{question.id}"):
        columns = st.columns(len(runs), gap="large")
        for turn, (column, run) in enumerate(zip(columns, runs, strict=True)):
            with column:
                _answer(run, question, turn, mine.get((run.name, question.id)), alone=len(runs) == 1)
        st.form_submit_button(SAVE, type="primary", on_click=_save, args=(question, runs, marker, path, done))
    if error := st.session_state.pop(ERROR, None):
        st.error(literal(error))
    if all(one.id in done for one in runs[0].questions):
        st.success("すべての質問に評価を付けました。結果は「評価の結果と一致度」で確かめられます。")


def _model_answer(question: Question) -> str:
    if not question.answerable:
        return text_block_html("模範解答", "資料に答えはありません。「資料にない」と答えるのが正しい質問です。")
    facts = "\n".join(f"・{' ／ '.join(group)}" for group in question.key_facts)
    reference = text_block_html("模範解答", question.reference_answer) if question.reference_answer else ""
    return reference + (text_block_html("要点（／で区切った言い方のどれか）", facts) if facts else "")


def _answer(run: Run, question: Question, turn: int, mark: Mark | None, alone: bool) -> None:
    """One answer as in the chat, and the marks to give."""
    st.subheader("回答" if alone else f"回答 {_LETTERS[turn]}")
    answer = answer_of(run.answers.get(question.id, {}))
    if answer is None:
        st.info("この質問への回答はありません。")
    else:
        st.html(exchange_html(blinded(answer), LABELS, turn))
    verdicts, citations = list(MarkVerdict), list(CitationVerdict)
    st.radio(
        "回答の内容",
        verdicts,
        index=verdicts.index(mark.verdict) if mark else None,
        format_func=lambda verdict: VERDICTS[verdict],
        key=_key(question, turn, "verdict"),
        horizontal=True,
    )
    st.radio(
        "出典",
        citations,
        index=citations.index(mark.citation) if mark else None,
        format_func=lambda verdict: CITATIONS[verdict],
        key=_key(question, turn, "citation"),
        horizontal=True,
        help="回答の内容が、示された出典に本当に書かれているかどうかです。",
    )
    st.text_area(
        "コメント（任意）",
        mark.comment if mark else "",
        key=_key(question, turn, "comment"),
        max_chars=_COMMENT_CHARACTERS,
        height=80,
    )


def _key(question: Question, turn: int, field: str) -> str:
    return f"mamori_mark_{question.id}_{turn}_{field}_{st.session_state[MARKER]}"


def _save(question: Question, runs: Sequence[Run], marker: str, path: Path, done: set[str]) -> None:
    """Store what was said of every answer and go on; where something is missing or fails, stay and say so."""
    marks = []
    for turn, run in enumerate(runs):
        verdict, citation, comment = (
            st.session_state.get(_key(question, turn, field)) for field in ("verdict", "citation", "comment")
        )
        if verdict is None or citation is None:
            where = "" if len(runs) == 1 else f"回答 {_LETTERS[turn]} の"
            st.session_state[ERROR] = f"{where}「回答の内容」と「出典」を選んでから保存してください。"
            return
        marks.append(Mark(run.name, question.id, marker, verdict, citation, (comment or "").strip(), now()))
    try:
        for mark in marks:
            store_mark(path, mark)
    except MarkError as error:
        st.session_state[ERROR] = str(error)
        return
    _go_to(_next_unmarked(question, runs[0].questions, done | {question.id}))


def _next_unmarked(question: Question, questions: Sequence[Question], done: set[str]) -> str | None:
    """The next question without a mark after this one, then from the beginning; None where all are done."""
    at = questions.index(question)
    around = (*questions[at + 1 :], *questions[:at])
    return next((one.id for one in around if one.id not in done), None)


def _unreadable(lines: Sequence[int]) -> str:
    shown = "、".join(map(str, lines))
    return f"評価の保存ファイルの{shown}行目を読めないため、その評価を除いて表示しています。"
