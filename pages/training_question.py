"""One item of a self-study quiz: asked, with what to answer by, and then explained with its source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import training_material
from pages.render import literal
from pages.training_html import Marks
from pages.training_quiz_html import answer_html, asked_html, offered_html, verdict_html
from training.labels import LETTERS
from training.models import QuizItem, QuizKind
from training.study import Study

ANSWER = "mamori_training_answer"
CHECK, NEXT, TO_RESULT = "答え合わせ", "次の問題へ", "結果を見る"
_CHOOSE = "選んでください"
_TWICE = "同じものを2回選んでいます。それぞれ1回ずつ選んでください。"


def ask(study: Study) -> tuple[int, ...] | None:
    """Draw the current item; return what was answered in this run, else None."""
    item = study.current
    assert item is not None
    number = len(study.responses)
    _progress(study, number + 1, number)
    st.html(asked_html(item, Marks({}), number + 1))
    if item.kind is QuizKind.MATCHING:
        given = _places(item, number, [pair.left for pair in item.pairs], [pair.right for pair in item.pairs])
    elif item.kind is QuizKind.ORDERING:
        names = [f"{at}番目" for at in range(1, len(item.sequence) + 1)]
        given = _places(item, number, names, [line.text for line in item.sequence])
    else:
        given = _choice(item, number)
    is_whole = all(one is not None for one in given)
    is_twice = is_whole and len(set(given)) < len(given)
    if is_twice:
        st.caption(_TWICE)
    pressed = st.button(CHECK, key=f"{ANSWER}_{number}_check", type="primary", disabled=not is_whole or is_twice)
    return tuple(one for one in given if one is not None) if pressed and is_whole and not is_twice else None


def explain(study: Study) -> bool:
    """Draw the item that was answered last with its explanation; return whether to go on."""
    number = len(study.responses) - 1
    item, response = study.quiz.items[number], study.responses[number]
    marks = Marks.of(study.quiz.citations)
    _progress(study, number + 1, number + 1)
    st.html(asked_html(item, marks, number + 1))
    st.html(verdict_html(response))
    st.html(f'<div class="mm">{answer_html(item, marks, response)}</div>')
    pressed = st.button(NEXT if study.current else TO_RESULT, key=f"{ANSWER}_{number}_next", type="primary")
    cited = [citation for citation in study.quiz.citations if citation.marker in marks.seen]
    st.html(marks.cards(training_material.passages(cited)))
    return pressed


def clear() -> None:
    """Forget what was chosen in the quiz before."""
    for key in [str(key) for key in st.session_state if str(key).startswith(ANSWER)]:
        del st.session_state[key]


def _progress(study: Study, number: int, done: int) -> None:
    """Which item this is, and how many have been answered."""
    total = len(study.quiz.items)
    right = sum(response.is_right for response in study.responses)
    st.progress(done / total, text=f"{number} / {total} 問（正解 {right}問）")


def _choice(item: QuizItem, number: int) -> list[int | None]:
    lettered = item.kind is not QuizKind.TRUE_FALSE
    names = [f"{LETTERS[at]}　{one.text}" if lettered else one.text for at, one in enumerate(item.options)]
    chosen: int | None = st.radio(
        f"問{number + 1}の答え",
        range(len(names)),
        index=None,
        key=f"{ANSWER}_{number}",
        format_func=lambda at: literal(names[at]),
    )
    return [chosen]


def _places(item: QuizItem, number: int, labels: Sequence[str], texts: Sequence[str]) -> list[int | None]:
    """A choice for each label among the texts, in the order in which the item shows them."""
    given: list[int | None] = []
    st.html(offered_html([texts[one] for one in item.shown]))
    for at, label in enumerate(labels):
        chosen: int | None = st.selectbox(
            literal(label),
            item.shown,
            index=None,
            key=f"{ANSWER}_{number}_{at}",
            format_func=lambda one: f"{LETTERS[list(item.shown).index(one)]}　{texts[one]}",
            placeholder=_CHOOSE,
        )
        given.append(chosen)
    return given
