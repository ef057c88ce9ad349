"""Puts the parts together: the one place where settings become an assistant, a store or an encoder."""

from __future__ import annotations

from assistant.assistant import Assistant
from assistant.settings import Settings
from index.encoder import load_encoder
from index.encoder.protocol import Encoder
from index.retriever import Retriever
from index.store import IndexStore
from index.tokenize import Tokenizer


def build_store(settings: Settings) -> IndexStore:
    """The store of index generations in the data folder."""
    return IndexStore(settings.index_dir)


def build_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name, else the bundled one."""
    return load_encoder(settings.encoder, allow_remote=settings.allow_remote)


def build_assistant(settings: Settings) -> Assistant:
    """An assistant over the current generation of the index.

    Raises what `index.errors` lists: no index yet, a damaged one, one made with another encoder.
    """
    tokenizer = Tokenizer()
    return Assistant(Retriever.open(build_store(settings), build_encoder(settings), tokenizer), tokenizer)
