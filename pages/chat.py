"""The chat page: lays out questions, answers and sources. Their look and their words are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.models import Answer, AnswerStatus
from corpus.models import Document
from pages import conversation, feedback, service, writing
from pages.conversation import Exchange
from pages.labels import Labels, edition_and_date, labels_for
from pages.plaintext import answer_text
from pages.render import (
    documents_html,
    exchange_html,
    heading_html,
    literal,
    local_html,
    notice_html,
    passages_html,
    question_html,
    remote_html,
    scroll_html,
    text_html,
)
from pages.service import EXPECTED_ERRORS, Answerer, Service, Writer

MAX_QUESTION_CHARACTERS = 2000
_STYLE = Path(__file__).with_name("chat.css")
_COPY_HEIGHT = 260
_AVATARS = {"user": ":material/person:", "assistant": ":material/shield:"}
_LANGUAGE, _DOCUMENTS, _MODEL = "mamori_english", "mamori_documents", "mamori_model"


def show() -> None:
    """Draw the page for this run."""
    st.html(_STYLE)
    labels = labels_for(bool(st.session_state.get(_LANGUAGE, False)))
    st.html(heading_html())
    found = _service(labels)
    doc_ids, writer = _sidebar(found, labels)
    if found is None:
        return
    # Drawn first, shown last: in a container of its own the input does not make Streamlit scroll to the page's end.
    page, bottom = st.container(), st.container(key="mamori_bottom")
    with bottom:
        host = writer.remote_host if writer else None
        st.html(remote_html(host, labels) if host else local_html(labels))
        typed = st.chat_input(labels.input_placeholder, key="mamori_input", max_chars=MAX_QUESTION_CHARACTERS)
    if typed:
        conversation.ask_next(typed)
    writing.settle(labels)
    question = conversation.pending()
    if question and writer and conversation.writing() is None:
        # Before what was said so far is drawn: the search runs meanwhile.
        conversation.write(writing.start(question, writer, conversation.history(), doc_ids))
    with page:
        _conversation(found, doc_ids, labels)
    if turns := len(conversation.exchanges()) + (conversation.writing() is not None):
        with bottom:
            st.html(scroll_html(turns - 1), unsafe_allow_javascript=True)


def _conversation(found: Service, doc_ids: list[str] | None, labels: Labels) -> None:
    """Draw what was said so far, or the welcome, and answer the question that waits."""
    documents = found.plain.documents
    titles = {document.doc_id: document.title for document in documents}
    if not conversation.exchanges() and conversation.pending() is None and conversation.writing() is None:
        _welcome(documents, labels)
    for turn, exchange in enumerate(conversation.exchanges()):
        _exchange(exchange, titles, labels, turn)
    if reply := conversation.writing():
        turn = len(conversation.exchanges())
        with _message("user"):
            st.html(question_html(reply.question, turn))
        with _message("assistant"):
            writing.draw(reply, labels, turn)
    elif question := conversation.pending():
        _answer_now(question, found.plain, doc_ids, titles, labels)


def _service(labels: Labels) -> Service | None:
    """Who answers, or None after saying on the page what is wrong and what to do."""
    try:
        with st.spinner(labels.loading):
            found = service.load_service()
    except EXPECTED_ERRORS as error:
        st.error(literal(str(error)))
        return None
    if found.problem:
        st.html(notice_html(f"{found.problem}\n{labels.without_model}"))
    return found


def _sidebar(found: Service | None, labels: Labels) -> tuple[list[str] | None, Writer | None]:
    """Draw the sidebar; return the ids of the documents chosen, None for all, and who writes, None for no model."""
    with st.sidebar:
        st.button(labels.new_conversation, key="mamori_new", on_click=conversation.start_again, width="stretch")
        chosen = _documents_filter(found.plain.documents, labels) if found else []
        writer = found.writer if found else None
        if writer and not st.toggle(labels.use_model, value=True, key=_MODEL, help=labels.use_model_help):
            writer = None
        st.toggle("English", key=_LANGUAGE)
        st.caption(_privacy(writer, labels))
    return chosen or None, writer


def _privacy(writer: Writer | None, labels: Labels) -> str:
    """Where questions go, as text for a widget that reads Markdown."""
    if writer is None:
        return labels.privacy
    text = labels.privacy_remote_model if writer.remote_host else labels.privacy_local_model
    return literal(text.format(model=writer.model, host=writer.remote_host))


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
    st.html(exchange_html(answer, labels, turn, fold=True))
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
    if answer.generated:
        st.caption(literal(labels.written_by.format(model=answer.model)))
