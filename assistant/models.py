"""The types of a conversation: turns in, an answer with its citations out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.models import SearchResult


class AnswerStatus(StrEnum):
    """Whether the documents answer the question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"


class Support(StrEnum):
    """How well a citation's quote carries the sentence that cites it."""

    VERBATIM = "verbatim"
    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation so far; `role` is "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from. `quote` is one continuous piece of the document as its reader sees it.

    `is_ocr`: the quote was recognised in a picture and may be misread.
    """

    marker: int
    doc_id: str
    document_title: str
    edition: str | None
    published: str | None
    section: str
    start_page: int | None
    end_page: int | None
    page_label: str | None
    quote: str
    source_url: str | None
    sha256: str
    status: Support
    chunk_id: str
    is_digest: bool = False
    publisher: str | None = None
    credit: str | None = None
    is_ocr: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the markers that stand behind it."""

    text: str
    markers: tuple[int, ...]
    status: Support


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds spent finding passages, putting the answer together, and in all."""

    retrieve: float
    answer: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: Markdown `text` with `[n]` markers, the citations they resolve to, the passages looked at.

    `text` uses a small part of Markdown and nothing else: paragraphs, `**label**` lines, `- ` and `1. ` items.
    `suggestions` are questions that the documents do answer, given where this one is not.

    The fields after `timing` are about a language model: `generated` where it wrote the text, `model` its name wherever
    one was asked, `fault` what was amiss with it, by kind. `removed_markers` and `removed_links` count what was taken
    out of its text, `dropped_passages` what it was not given for want of room; `dropped_facts` are the sentences under
    its text that the extractive answer found and it left out, also among `sentences`. `question_by_rule` and
    `question_by_model` are the two ways in which a follow-up was made to stand alone, where a model was asked for one.
    """

    question: str
    standalone_question: str
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[SearchResult, ...]
    status: AnswerStatus
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    timing: Timing = Timing(0.0, 0.0, 0.0)
    generated: bool = False
    model: str | None = None
    fault: str | None = None
    removed_markers: int = 0
    removed_links: int = 0
    dropped_passages: int = 0
    dropped_facts: tuple[Sentence, ...] = ()
    question_by_rule: str | None = None
    question_by_model: str | None = None
