"""Puts the parts together: the one place where settings become an assistant, a store, or a model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.responder import Responder
from assistant.settings import Settings
from index.encoder import load_encoder
from index.encoder.protocol import Encoder
from index.rerank import Reranker
from index.retriever import Retriever
from index.store import IndexStore
from index.tokenize import Tokenizer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.generate import GenerateOptions

# The whole of an answer may take this many times the longest silence.
_SILENCES = 3


def build_store(settings: Settings) -> IndexStore:
    """The store of index generations in the data folder."""
    return IndexStore(settings.index_dir)


def build_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name, else the bundled one."""
    return load_encoder(settings.encoder, allow_remote=settings.allow_remote)


def build_reranker(settings: Settings) -> Reranker | None:
    """The cross-encoder that the settings name; None by default. RerankerError where it cannot be loaded."""
    if settings.reranker is None:
        return None
    from index.rerank.cross_encoder import CrossEncoderReranker  # seconds to load: only when asked for

    return CrossEncoderReranker.load(settings.reranker, allow_remote=settings.allow_remote)


def build_assistant(settings: Settings) -> Assistant:
    """An assistant over the current generation of the index.

    Raises what `index.errors` lists: no index yet, a damaged one, one made with another encoder; RerankerError.
    """
    tokenizer = Tokenizer()
    retriever = Retriever.open(build_store(settings), build_encoder(settings), tokenizer, build_reranker(settings))
    return Assistant(retriever, tokenizer)


def build_responder(settings: Settings) -> Responder:
    """Who answers by these settings: an assistant as above, with the language model in front of it that they name.

    Raises what `build_assistant` does, and ModelUnavailable for a language model that cannot be loaded or is not
    allowed to be asked; nothing is sent yet.
    """
    return with_model(build_assistant(settings), settings)


def with_model(assistant: Assistant, settings: Settings) -> Responder:
    """An assistant with the language model in front of it that the settings name; errors as above."""
    if settings.llm is None:
        return Responder(assistant)
    from assistant.chat_model import remote_host
    from assistant.entailment import entails_by
    from assistant.generate import Generator

    model = build_chat_model(settings)
    reranker = assistant.retriever.reranker
    entails = partial(entails_by, reranker) if reranker else None
    generator = Generator(model, settings.llm, build_options(settings), entails)
    return Responder(assistant, generator, remote_host(settings.llm, settings.llm_base_url, model))


def build_chat_model(settings: Settings) -> BaseChatModel:
    """The language model that the settings name, without retries of its package's own; ModelUnavailable."""
    from assistant.chat_model import load_chat_model

    assert settings.llm is not None, "no model is named"
    return load_chat_model(
        settings.llm,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key,
        allow_remote=settings.allow_remote,
        timeout_seconds=settings.llm_timeout_seconds,
        max_retries=0,
    )


def build_options(settings: Settings) -> GenerateOptions:
    """The limits of one generated answer."""
    from assistant.generate import GenerateOptions

    return GenerateOptions(
        passage_characters=settings.llm_characters,
        first_token_seconds=settings.llm_timeout_seconds,
        total_seconds=_SILENCES * settings.llm_timeout_seconds,
    )
