"""Puts the parts together: the one place where settings become an assistant, a store or an encoder."""

from __future__ import annotations

from assistant.assistant import Assistant
from assistant.settings import Settings
from index.encoder import load_encoder
from index.encoder.protocol import Encoder
from index.rerank import Reranker
from index.retriever import Retriever
from index.store import IndexStore
from index.tokenize import Tokenizer


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
