"""The form in which an evaluator completes a question drafted from feedback before it is added to a set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from eval.candidates import DEFAULT_SET, add_to_set, candidate
from eval.errors import QuestionSetError
from eval.feedback import Feedback
from eval.labels import KINDS, LANGUAGES
from eval.models import MAX_PHRASE, Gold, Grade, Kind, Question, Target
from pages.render import literal

ADD = "質問セットに追加する"
_GRADES = {Grade.NEEDED: "必要", Grade.RELEVANT: "関連"}
_NUMBER, _GRADE, _DOCUMENT, _SECTION, _PHRASE = "番号", "種別", "文書ID", "見出し", "目印の語句"


@dataclass(frozen=True, slots=True)
class Added:
    """A question as it was added, and the set it was added to."""

    question: Question
    set_name: str


def form(said: Feedback, sets: Path) -> Added | None:
    """Draw the form; return what was added when its button was pressed and all was in order."""
    draft = candidate(said)
    st.subheader("質問の候補")
    with st.form(f"mamori_candidate_{said.id}"):
        set_name = st.text_input("質問セットの名前", DEFAULT_SET, key="mamori_candidate_set").strip()
        question, rows = _fields(draft)
        pressed = st.form_submit_button(ADD, type="primary")
    if not pressed:
        return None
    try:
        complete = replace(question, gold=gold_of(rows))
        return Added(add_to_set(sets, set_name, complete), set_name)
    except QuestionSetError as error:
        st.error(literal(str(error)))
        return None


def _fields(draft: Question) -> tuple[Question, Sequence[Mapping[str, Any]]]:
    """Draw the fields; return the question as they stand, and the rows of its gold."""
    name = st.text_input("ID", draft.id, key="mamori_candidate_id", help="同じIDがあれば、番号を変えて追加します。")
    text = st.text_area("質問", draft.question, key="mamori_candidate_question", height=80)
    left, right = st.columns(2)
    kinds, languages = list(Kind), list(LANGUAGES)
    kind = left.selectbox(
        "種類", kinds, kinds.index(draft.kind), format_func=lambda one: KINDS[one], key="mamori_candidate_kind"
    )
    language = right.selectbox(
        "言語",
        languages,
        languages.index(draft.language),
        format_func=lambda one: LANGUAGES[one],
        key="mamori_candidate_language",
    )
    st.caption(literal(f"「{KINDS[Kind.UNANSWERABLE]}」にするときは、要点と根拠の箇所を空にしてください。"))
    with_history = bool(draft.history) and st.checkbox("前のやりとりも含める", True, key="mamori_candidate_history")
    reference = st.text_area("模範解答", key="mamori_candidate_reference", height=80)
    facts = st.text_area(
        "要点",
        key="mamori_candidate_facts",
        height=80,
        help="正しい回答に欠かせないことを1行に1つ。認める言い方が複数あれば「|」で区切ります。",
    )
    rows = _gold_editor(draft.gold)
    note = st.text_area("覚え書き", draft.note, key="mamori_candidate_note", height=68)
    question = replace(
        draft,
        id=name.strip(),
        question=text.strip(),
        kind=kind,
        language="en" if language == "en" else "ja",
        answerable=kind is not Kind.UNANSWERABLE,
        history=draft.history if with_history else (),
        reference_answer=reference.strip(),
        key_facts=facts_of(facts),
        note=note.strip(),
    )
    return question, rows


def facts_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the groups of a text with one key fact a line, its wordings set apart by strokes."""
    lines = (line.replace("｜", "|").split("|") for line in text.splitlines())
    groups = (tuple(wording.strip() for wording in line if wording.strip()) for line in lines)
    return tuple(group for group in groups if group)


def gold_rows(gold: Iterable[Gold]) -> list[dict[str, Any]]:
    """Return the rows of the table of gold: one a target, those of one item under the same number."""
    return [
        {
            _NUMBER: number,
            _GRADE: _GRADES[item.grade],
            _DOCUMENT: target.doc_id,
            _SECTION: target.section,
            _PHRASE: target.phrase,
        }
        for number, item in enumerate(gold, start=1)
        for target in item.targets
    ]


def gold_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Gold, ...]:
    """Return the gold of the table's rows; a row without a document is left out, one without a number stands alone."""
    grades = {label: grade for grade, label in _GRADES.items()}
    items: dict[Any, Gold] = {}
    for at, row in enumerate(rows):
        document, section, phrase = (str(row.get(name) or "").strip() for name in (_DOCUMENT, _SECTION, _PHRASE))
        if not document:
            continue
        number = row.get(_NUMBER)
        key = ("row", at) if number is None or number != number else int(number)  # NaN differs from itself
        grade = grades.get(str(row.get(_GRADE)), Grade.NEEDED)
        known = items.get(key, Gold(grade, ()))
        items[key] = replace(known, targets=(*known.targets, Target(document, section, phrase)))
    return tuple(items.values())


def _gold_editor(gold: Sequence[Gold]) -> Sequence[Mapping[str, Any]]:
    """The table of gold, with a row more for each place that the evaluator adds."""
    import pandas as pd  # type: ignore[import-untyped]

    st.markdown("根拠の箇所")
    st.caption(
        "同じ内容が複数の文書にあるときは、同じ番号を付けます。"
        f"目印の語句は、その箇所にある{MAX_PHRASE}文字までの言葉です。"
    )
    columns = [_NUMBER, _GRADE, _DOCUMENT, _SECTION, _PHRASE]
    edited = st.data_editor(
        pd.DataFrame(gold_rows(gold), columns=columns).astype({_NUMBER: "Int64"}),
        key="mamori_candidate_gold",
        num_rows="dynamic",
        hide_index=True,
        column_config={
            _NUMBER: st.column_config.NumberColumn(min_value=1, step=1, width="small"),
            _GRADE: st.column_config.SelectboxColumn(options=list(_GRADES.values()), width="small"),
            **{name: st.column_config.TextColumn(width="medium") for name in (_DOCUMENT, _SECTION)},
            _PHRASE: st.column_config.TextColumn(max_chars=MAX_PHRASE, width="large"),
        },
    )
    return [{str(name): value for name, value in row.items()} for row in edited.to_dict("records")]
