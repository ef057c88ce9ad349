"""What the tests of commands with a language model share: a scripted server set in the environment."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from assistant import chat_reply
from tests.llm_server import LlmServer, llm_server

KEY = "sk-live-0123456789abcdef0123456789"
Play = Callable[..., AbstractContextManager[LlmServer]]
CLIENTS = [
    pytest.param(
        client,
        marks=pytest.mark.skipif(
            importlib.util.find_spec(package) is None or importlib.util.find_spec("langchain") is None,
            reason="needs the extra llm",
        ),
    )
    for client, package in (("openai", "langchain_openai"), ("ollama", "langchain_ollama"))
]
needs_openai = pytest.mark.skipif(
    importlib.util.find_spec("langchain_openai") is None or importlib.util.find_spec("langchain") is None,
    reason="needs the extra llm",
)


def playing(monkeypatch: pytest.MonkeyPatch) -> Play:
    """A function that runs a server of a personality and sets it as the language model, as a person would."""
    monkeypatch.setattr(chat_reply, "_FIRST_PAUSE_SECONDS", 0.01)

    @contextmanager
    def play(personality: str, client: str = "openai", seconds: str = "2", delay: float = 0.0) -> Iterator[LlmServer]:
        with llm_server(personality, delay=delay) as server:
            set_model(monkeypatch, client, server.openai_url if client == "openai" else server.ollama_url, seconds)
            yield server

    return play


def set_model(monkeypatch: pytest.MonkeyPatch, client: str, address: str, seconds: str = "2") -> None:
    """Set a language model in the environment."""
    monkeypatch.setenv("MAMORI_LLM", f"{client}:scripted")
    monkeypatch.setenv("MAMORI_LLM_BASE_URL", address)
    monkeypatch.setenv("MAMORI_LLM_API_KEY", KEY)
    monkeypatch.setenv("MAMORI_LLM_TIMEOUT_SECONDS", seconds)
