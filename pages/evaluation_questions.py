"""The questions of one or two runs: filtered, listed, and one of them opened with all that became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from corpus.clean import search_text
from eval.labels import KINDS, LANGUAGES, NOTHING, OUTCOMES
from eval.measures import MEASURES
from eval.models import Kind, Outcome, Question, QuestionScore
from eval.runs import Run
from pages.evaluation_answer import LABELS, answer_of
from pages.evaluation_html import (
    asked_html,
    checks_html,
    citation_checks,
    fact_checks,
    figures_rows,
    gold_checks,
    table_html,
    text_block_html,
)
from pages.evaluation_runs import short_names
from pages.evaluation_state import choose, remember
from pages.render import exchange_html, literal, passages_html

OPENED, PAGE = "mamori_eval_opened", "mamori_eval_list_page"
KIND, LANGUAGE, OUTCOME, SEARCH = (f"mamori_eval_filter_{name}" for name in ("kind", "language", "outcome", "search"))
DIFFERENT = "mamori_eval_filter_different"
PAGE_SIZE = 20
VIEW, QUESTIONS_VIEW = "mamori_eval_view", "質問ごと"


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its scores, one for each run (None where a run does not have it)."""

    id: str
    question: Question | None
    scores: tuple[QuestionScore | None, ...]

    @property
    def score(self) -> QuestionScore:
        """The score of the first run that has the question."""
        return next(score for score in self.scores if score is not None)


def open_question(question_id: str) -> None:
    """Have a question opened when the page is drawn next."""
    st.session_state[OPENED] = question_id
    choose(VIEW, QUESTIONS_VIEW)


def show(runs: Sequence[Run]) -> None:
    """Draw the list of questions, or the one that is open."""
    rows = question_rows(runs)
    opened = next((row for row in rows if row.id == st.session_state.get(OPENED)), None)
    if opened is not None:
        # A question opened from elsewhere may be one that the filters leave out.
        shown = _filtered(rows)
        _open(opened, shown if opened in shown else rows, runs)
        return
    _filters(rows, len(runs))
    _list(_filtered(rows), len(rows), runs)


def question_rows(runs: Sequence[Run]) -> list[Row]:
    """Return every question of the runs, in the order of the first."""
    by_run = [{score.id: score for score in run.scores} for run in runs]
    texts = {question.id: question for run in reversed(runs) for question in run.questions}
    ids = dict.fromkeys(score.id for run in runs for score in run.scores)
    return [Row(one, texts.get(one), tuple(scores.get(one) for scores in by_run)) for one in ids]


def _filters(rows: Sequence[Row], runs: int) -> None:
    kinds = [kind for kind in Kind if any(row.score.kind is kind for row in rows)]
    languages = [code for code in LANGUAGES if any(row.score.language == code for row in rows)]
    outcomes = [one for one in Outcome if any(score and score.outcome is one for row in rows for score in row.scores)]
    for key in (KIND, LANGUAGE, OUTCOME):
        remember(key, [])
    remember(SEARCH, "")
    columns = st.columns(4)
    with columns[0]:
        st.multiselect("種類", kinds, key=KIND, format_func=lambda kind: KINDS[kind], placeholder="すべて")
    with columns[1]:
        st.multiselect("結果", outcomes, key=OUTCOME, format_func=lambda one: OUTCOMES[one], placeholder="すべて")
    with columns[2]:
        st.multiselect("言語", languages, key=LANGUAGE, format_func=lambda code: LANGUAGES[code], placeholder="すべて")
    with columns[3]:
        st.text_input("質問、要点、IDから探す", key=SEARCH)
    if runs == 2:
        remember(DIFFERENT, False)
        st.checkbox("2つの記録で結果が違う質問だけ", key=DIFFERENT)


def _filtered(rows: Sequence[Row]) -> list[Row]:
    """The questions that pass the filters as they stand."""
    state = st.session_state
    wanted = search_text(state.get(SEARCH) or "").casefold()
    return [
        row
        for row in rows
        if (not state.get(KIND) or row.score.kind in state[KIND])
        and (not state.get(LANGUAGE) or row.score.language in state[LANGUAGE])
        and (not state.get(OUTCOME) or any(score and score.outcome in state[OUTCOME] for score in row.scores))
        and (not state.get(DIFFERENT) or len({score.outcome if score else None for score in row.scores}) > 1)
        and (not wanted or wanted in search_text(_searched(row)).casefold())
    ]


def _searched(row: Row) -> str:
    if row.question is None:
        return row.id
    facts = (wording for group in row.question.key_facts for wording in group)
    return "\n".join((row.id, row.question.question, row.question.reference_answer, *facts))


def _list(rows: Sequence[Row], total: int, runs: Sequence[Run]) -> None:
    """One page of the list; a press on a question opens it."""
    st.caption(f"{len(rows)}件（全{total}件）")
    if not rows:
        st.info("条件に合う質問がありません。条件を減らしてください。")
        return
    pages = -(-len(rows) // PAGE_SIZE)
    number = min(st.session_state.get(PAGE, 0), pages - 1)
    names = short_names(runs)
    widths = [1.6, *([1.6] * len(runs)), 7]
    head = st.columns(widths)
    for column, title in zip(head, ("種類", *(f"結果（{name}）" for name in names), "質問"), strict=True):
        column.caption(literal(title))
    for row in rows[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]:
        cells = st.columns(widths, vertical_alignment="center")
        cells[0].caption(KINDS[row.score.kind])
        for cell, score in zip(cells[1:], row.scores, strict=False):
            cell.caption(_outcome(score))
        label = literal(row.question.question if row.question else row.id)
        cells[-1].button(
            label, key=f"mamori_eval_open_{row.id}", type="tertiary", on_click=open_question, args=(row.id,)
        )
    if pages > 1:
        _pager(number, pages)


def _outcome(score: QuestionScore | None) -> str:
    if score is None:
        return NOTHING
    return ("✓ " if score.outcome is Outcome.RIGHT else "✗ ") + OUTCOMES[score.outcome]


def _pager(number: int, pages: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("前へ", key="mamori_eval_page_back", disabled=not number, on_click=_turn_to, args=(number - 1,))
        st.caption(f"{number + 1} / {pages}")
        last = number + 1 >= pages
        st.button("次へ", key="mamori_eval_page_next", disabled=last, on_click=_turn_to, args=(number + 1,))


def _turn_to(number: int) -> None:
    st.session_state[PAGE] = number


def _open(row: Row, rows: Sequence[Row], runs: Sequence[Run]) -> None:
    """One question: the way to its neighbours, what was asked, and each run's answer beside the other's."""
    at = [one.id for one in rows].index(row.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("← 一覧に戻る", key="mamori_eval_close", on_click=_close)
        before = rows[at - 1].id if at else ""
        after = rows[at + 1].id if at + 1 < len(rows) else ""
        st.button("前の質問", key="mamori_eval_before", disabled=not before, on_click=open_question, args=(before,))
        st.button("次の質問", key="mamori_eval_after", disabled=not after, on_click=open_question, args=(after,))
        st.caption(literal(f"{at + 1} / {len(rows)}"))
    st.caption(literal(f"{row.id} ・ {KINDS[row.score.kind]} ・ {LANGUAGES.get(row.score.language, '')}"))
    if row.question is None:
        st.info("文章を残していない記録のため、質問文と回答は表示できません。")
    else:
        st.html(asked_html(row.question))
        if row.question.reference_answer:
            st.html(text_block_html("模範解答", row.question.reference_answer))
    columns = st.columns(len(runs), gap="large")
    for turn, (column, run, score, name) in enumerate(zip(columns, runs, row.scores, short_names(runs), strict=True)):
        with column:
            _result(run, row.question, score, name, turn)
    if row.question is not None and row.question.note:
        with st.expander("質問についての覚え書き"):
            st.html(text_block_html("", row.question.note))


def _close() -> None:
    st.session_state.pop(OPENED, None)


def _result(run: Run, question: Question | None, score: QuestionScore | None, name: str, turn: int) -> None:
    """What one run made of the question: outcome, answer, what was found and missed, the figures."""
    st.subheader(literal(name))
    if score is None:
        st.info("この記録にはこの質問がありません。")
        return
    st.markdown(f"**{_outcome(score)}**")
    row = run.answers.get(score.id, {})
    answer = answer_of(row)
    if answer is not None:
        st.html(exchange_html(answer, LABELS, turn))
    elif row.get("error"):
        st.error(literal(str(row["error"])))
    _checks(question, score, row)
    if answer is not None and answer.passages:
        with st.expander(LABELS.passages.format(count=len(answer.passages))):
            st.html(passages_html(answer.passages, _titles(row), LABELS))
    with st.expander("この質問の数値"):
        st.html(table_html(("指標", "値"), figures_rows(score, MEASURES)))


def _checks(question: Question | None, score: QuestionScore, row: Mapping[str, object]) -> None:
    st.html(checks_html("引用の確認", citation_checks(row, score)) or "<div></div>")
    if question is not None:
        st.html(checks_html("要点", fact_checks(question, score)) or "<div></div>")
        st.html(checks_html("根拠となる箇所", gold_checks(question, score)) or "<div></div>")
    elif score.facts_found:
        st.caption(f"要点：{len(score.facts_found)}件のうち{sum(score.facts_found)}件が回答にあります。")


def _titles(row: Mapping[str, object]) -> dict[str, str]:
    citations = row.get("citations")
    found = citations if isinstance(citations, list) else []
    return {str(one.get("doc_id")): str(one["document_title"]) for one in found if one.get("document_title")}
