"""What a generated answer is made of while it comes: sources, text, the answer."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models import Answer, Citation
from corpus.models import Chunk, Document


@dataclass(frozen=True, slots=True)
class Source:
    """One passage that the model is given, under the number that its markers name."""

    number: int
    chunk: Chunk
    document: Document


@dataclass(frozen=True, slots=True)
class Sources:
    """First of all: the passages that are sent, and to which model. Nothing has been sent yet."""

    sources: tuple[Source, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Text:
    """The next whole sentences, made harmless; `text` is all there is so far, which ends in `delta`.

    A marker names the citation of that number in `citations`, which holds all so far; `Done` keeps the numbers.
    """

    delta: str
    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """Last of all: the answer that counts, verified. It takes the place of all `Text` before it."""

    answer: Answer


Event = Sources | Text | Done
