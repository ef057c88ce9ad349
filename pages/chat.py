"""The chat page: lays out questions, answers and sources. Their look and their words are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.models import Answer, AnswerStatus
from corpus.models import Document
from pages import conversation, feedback, service
from pages.conversation import Exchange
from pages.labels import Labels, edition_and_date, labels_for
from pages.plaintext import answer_text
from pages.render import (
    documents_html,
    exchange_html,
    heading_html,
    literal,
    passages_html,
    question_html,
    scroll_html,
    text_html,
)
from pages.service import EXPECTED_ERRORS, Answerer

MAX_QUESTION_CHARACTERS = 2000
_STYLE = Path(__file__).with_name("chat.css")
_COPY_HEIGHT = 260
_AVATARS = {"user": ":material/person:", "assistant": ":material/shield:"}
_LANGUAGE, _DOCUMENTS = "mamori_english", "mamori_documents"


def show() -> None:
    """Draw the page for this run."""
    st.html(_STYLE)
    labels = labels_for(bool(st.session_state.get(_LANGUAGE, False)))
    st.html(heading_html())
    assistant = _assistant(labels)
    doc_ids = _sidebar(assistant.documents if assistant else (), labels)
    if assistant is None:
        return
    # Drawn first, shown last: in a container of its own the input does not make Streamlit scroll to the page's end.
    page, bottom = st.container(), st.container(key="mamori_bottom")
    with bottom:
        typed = st.chat_input(labels.input_placeholder, key="mamori_input", max_chars=MAX_QUESTION_CHARACTERS)
    if typed:
        conversation.ask_next(typed)
    with page:
        _conversation(assistant, doc_ids, labels)
    if turns := len(conversation.exchanges()):
        with bottom:
            st.html(scroll_html(turns - 1), unsafe_allow_javascript=True)


def _conversation(assistant: Answerer, doc_ids: list[str] | None, labels: Labels) -> None:
    """Draw what was said so far, or the welcome, and answer the question that waits."""
    titles = {document.doc_id: document.title for document in assistant.documents}
    if not conversation.exchanges() and conversation.pending() is None:
        _welcome(assistant.documents, labels)
    for turn, exchange in enumerate(conversation.exchanges()):
        _exchange(exchange, titles, labels, turn)
    if question := conversation.pending():
        _answer_now(question, assistant, doc_ids, titles, labels)


def _assistant(labels: Labels) -> Answerer | None:
    """The assistant, or None after saying on the page what is wrong and what to do."""
    try:
        with st.spinner(labels.loading):
            return service.load_assistant()
    except EXPECTED_ERRORS as error:
        st.error(literal(str(error)))
        return None


def _sidebar(documents: Sequence[Document], labels: Labels) -> list[str] | None:
    """Draw the sidebar; return the ids of the documents chosen, None for all."""
    with st.sidebar:
        st.button(labels.new_conversation, key="mamori_new", on_click=conversation.start_again, width="stretch")
        chosen = _documents_filter(documents, labels) if documents else []
        st.toggle("English", key=_LANGUAGE)
        st.caption(labels.privacy)
    return chosen or None


def _documents_filter(documents: Sequence[Document], labels: Labels) -> list[str]:
    names = {document.doc_id: _document_name(document, labels) for document in documents}
    chosen = st.multiselect(
        labels.documents_filter,
        list(names),
        format_func=lambda doc_id: names.get(doc_id, doc_id),
        key=_DOCUMENTS,
        help=labels.documents_filter_help,
        placeholder=labels.documents_all,
    )
    with st.expander(labels.documents_loaded.format(count=len(documents))):
        st.html(documents_html(documents, labels))
    return chosen


def _document_name(document: Document, labels: Labels) -> str:
    edition = edition_and_date(document.edition, document.published, labels)
    return f"{document.title}（{edition}）" if edition else document.title


def _welcome(documents: Sequence[Document], labels: Labels) -> None:
    """The empty page: what this is, questions to start with, and what it knows."""
    st.html(text_html(labels.purpose))
    st.caption(labels.examples_heading)
    _question_buttons([(example.label, example.question) for example in labels.examples], "mamori_example")
    st.caption(labels.documents_loaded.format(count=len(documents)))
    st.html(documents_html(documents, labels))
    if labels.documents_language:
        st.caption(labels.documents_language)
    with st.container(key="mamori_privacy"):
        st.caption(labels.privacy)


def _question_buttons(questions: Sequence[tuple[str, str]], key: str) -> None:
    """Buttons that ask, each with (what it says, what it asks)."""
    with st.container(horizontal=True, gap="small"):
        for number, (label, question) in enumerate(questions):
            st.button(literal(label), key=f"{key}_{number}", on_click=conversation.ask_next, args=(question,))


def _answer_now(
    question: str, assistant: Answerer, doc_ids: list[str] | None, titles: dict[str, str], labels: Labels
) -> None:
    """Answer the question that waits, and draw it."""
    turn = len(conversation.exchanges())
    with _message("user"):
        st.html(question_html(question, turn))
    with _message("assistant"):
        exchange = _asked(question, assistant, doc_ids, labels)
        conversation.record(exchange)
        _reply(exchange, titles, labels, turn)


def _asked(question: str, assistant: Answerer, doc_ids: list[str] | None, labels: Labels) -> Exchange:
    try:
        with st.spinner(labels.searching):
            return Exchange(question, assistant.ask(question, conversation.history(), doc_ids))
    except EXPECTED_ERRORS as error:
        return Exchange(question, error=str(error))


def _exchange(exchange: Exchange, titles: dict[str, str], labels: Labels, turn: int) -> None:
    with _message("user"):
        st.html(question_html(exchange.question, turn))
    with _message("assistant"):
        _reply(exchange, titles, labels, turn)


def _message(role: str) -> DeltaGenerator:
    """A message's frame."""
    return st.chat_message(role, avatar=_AVATARS[role])


def _reply(exchange: Exchange, titles: dict[str, str], labels: Labels, turn: int) -> None:
    if exchange.answer is None:
        st.error(literal(exchange.error or ""))
    else:
        _answer(exchange.answer, titles, labels, turn)
        feedback.controls(exchange, labels, turn)


def _answer(answer: Answer, titles: dict[str, str], labels: Labels, turn: int) -> None:
    """An answer with everything that belongs to it."""
    st.html(exchange_html(answer, labels, turn))
    if answer.status is AnswerStatus.NOT_IN_CORPUS and answer.suggestions:
        st.caption(labels.suggestions)
        _question_buttons([(text, text) for text in answer.suggestions], f"mamori_suggestion_{turn}")
    if answer.passages:
        with st.expander(labels.passages.format(count=len(answer.passages))):
            st.html(passages_html(answer.passages, titles, labels))
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(labels.copy):
            st.caption(labels.copy_hint)
            st.code(answer_text(answer, labels), language=None, wrap_lines=True, height=_COPY_HEIGHT)
        timing = answer.timing
        st.caption(labels.timing.format(retrieve=round(timing.retrieve), answer=round(timing.answer)))
