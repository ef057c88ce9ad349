"""The part of the chat page where an answer is being written: drawn again and again, by itself, until it is there."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.models import Turn
from pages import conversation
from pages.conversation import Exchange
from pages.labels import Labels
from pages.render import unfinished_html
from pages.reply import Progress, Reply
from pages.service import EXPECTED_ERRORS, TOP_K, Writer
from pages.sources import given_html

_LOOK_SECONDS = 0.25
_STOP_SECONDS = 1.0
_TELLING_SECONDS = 3
"""A wait is told in seconds once it is as long as this."""


def start(question: str, writer: Writer, history: tuple[Turn, ...], doc_ids: list[str] | None) -> Reply:
    """Have a language model begin to answer."""
    return Reply(question, writer.model or "", lambda stop: writer.stream(question, history, doc_ids, TOP_K, stop))


def settle(labels: Labels) -> None:
    """Add what is being written to the conversation if it has come to its end."""
    reply = conversation.writing()
    if reply is None:
        return
    progress = reply.wait(_STOP_SECONDS) if reply.is_stopped else reply.progress()
    if progress.answer is not None:
        conversation.written(Exchange(reply.question, progress.answer))
    elif progress.error is not None:
        expected = isinstance(progress.error, EXPECTED_ERRORS)
        conversation.written(Exchange(reply.question, error=str(progress.error) if expected else labels.failed))


@st.fragment(run_every=_LOOK_SECONDS)
def draw(reply: Reply, labels: Labels, turn: int) -> None:
    """What there is of an answer, and the button that stops it; the whole page once it is over."""
    # Until the sources are there, which is soon: they are shown as they come, not at the next look.
    progress = reply.wait(_STOP_SECONDS if reply.is_stopped else _LOOK_SECONDS)
    if progress.is_over:
        st.rerun()
    _text_and_sources(progress, labels, turn)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(_state_html(reply, labels))
        st.button(
            labels.stop,
            icon=":material/stop:",
            key=f"mamori_stop_{turn}",
            disabled=reply.is_stopped,
            on_click=reply.stop,
        )
    with st.container():
        if progress.sources:
            st.html(given_html(progress.sources, labels))


def _text_and_sources(progress: Progress, labels: Labels, turn: int) -> None:
    """Each in an element of its own: one that stays as it is keeps open what the person has opened."""
    passages = {source.chunk.chunk_id: source.chunk.text for source in progress.sources}
    text, cards = unfinished_html(progress.text, progress.citations, passages, labels, turn)
    with st.container(gap=None):
        if progress.text:
            st.html(text)
    with st.container(gap=None):
        for card in cards:
            st.html(card)


def _state_html(reply: Reply, labels: Labels) -> str:
    """That something is going on; the seconds are for the eye alone, a screen reader would read each of them."""
    doing = labels.stopping if reply.is_stopped else labels.writing.format(model=reply.model)
    seconds = labels.writing_seconds.format(seconds=reply.seconds) if reply.seconds >= _TELLING_SECONDS else ""
    return (
        f'<p class="mm mm-writing"><span role="status">{escape(doing)}</span> '
        f'<span class="mm-small" aria-hidden="true">{escape(seconds)}</span></p>'
    )
