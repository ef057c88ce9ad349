"""The assistant behind the pages: made once for an index, made again when the index has been replaced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import streamlit as st

from assistant.errors import AssistantError
from assistant.models import Answer, Turn
from assistant.settings import Settings
from corpus.errors import CorpusError
from corpus.models import Document
from index.errors import IndexingError
from index.store import CURRENT

EXPECTED_ERRORS = (AssistantError, IndexingError, CorpusError)


class Answerer(Protocol):
    """What the pages need of an assistant."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that answers come from."""
        ...

    def ask(self, question: str, history: Sequence[Turn] = (), doc_ids: Collection[str] | None = None) -> Answer:
        """Answer a question, in the light of the conversation so far, from all documents or the named ones."""
        ...


def load_assistant() -> Answerer:
    """The assistant over the index now in use; one of EXPECTED_ERRORS where there is none to be had."""
    settings = Settings.from_environment()
    return _cached(settings, _pointer(settings))


def _pointer(settings: Settings) -> str:
    """What names the index in use: it changes when a new one is built, and with it the cached assistant."""
    try:
        return (settings.index_dir / CURRENT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


@st.cache_resource(show_spinner=False, max_entries=2)
def _cached(settings: Settings, pointer: str) -> Answerer:
    # Imported here: it brings in the search, and the page should be on the screen before that.
    from assistant.wiring import build_assistant

    return build_assistant(settings)
