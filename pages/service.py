"""The assistant behind the pages: made once for an index, made again when the index has been replaced."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from assistant.errors import AssistantError, ModelUnavailable
from assistant.models import Answer, Turn
from assistant.settings import Settings
from corpus.errors import CorpusError
from corpus.models import Document
from index.errors import IndexingError
from index.store import CURRENT

if TYPE_CHECKING:
    from assistant.generate.events import Event

EXPECTED_ERRORS = (AssistantError, IndexingError, CorpusError)
TOP_K = 20
"""Passages that are shown under an answer."""


class Answerer(Protocol):
    """What the pages need of an assistant."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that answers come from."""
        ...

    def ask(self, question: str, history: Sequence[Turn] = (), doc_ids: Collection[str] | None = None) -> Answer:
        """Answer a question, in the light of the conversation so far, from all documents or the named ones."""
        ...


class Writer(Protocol):
    """What the pages need of an assistant with a language model; `remote_host` is None for one on this machine."""

    @property
    def model(self) -> str | None:
        """The model's name."""
        ...

    @property
    def remote_host(self) -> str | None:
        """Where questions and passages are sent; None where that is this machine."""
        ...

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        doc_ids: Collection[str] | None = None,
        top_k: int = TOP_K,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Yield what an answer is made of while it comes; setting `stop` ends the request and keeps what came."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """Who answers: always the plain assistant, and a writer where a language model is set.

    `problem` says why one that is set cannot be used.
    """

    plain: Answerer
    writer: Writer | None = None
    problem: str | None = None


def load_service() -> Service:
    """Who answers over the index now in use; one of EXPECTED_ERRORS where there is none to be had."""
    settings = Settings.from_environment()
    return _cached(settings, _pointer(settings))


def _pointer(settings: Settings) -> str:
    """What names the index in use: it changes when a new one is built, and with it the cached assistant."""
    try:
        return (settings.index_dir / CURRENT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


@st.cache_resource(show_spinner=False, max_entries=2)
def _cached(settings: Settings, pointer: str) -> Service:
    # Imported here: it brings in the search, and the page should be on the screen before that.
    from assistant.wiring import build_assistant, with_model

    assistant = build_assistant(settings)
    threading.Thread(target=assistant.warm_up, name="warm-up", daemon=True).start()
    try:
        responder = with_model(assistant, settings)
    except ModelUnavailable as error:
        return Service(assistant, problem=str(error))
    return Service(assistant, responder if responder.model else None)
