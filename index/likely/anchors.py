"""Likely questions: what people would ask whose answer is in a passage, written by us and bundled as data.

`questions.jsonl` has one anchor a line: `{"targets": [{"doc_id", "section", "phrase"}], "questions": [str]}`. The
targets are the places that answer the questions, in a digest and in its original; a target counts where its document is
indexed. `statements.jsonl` has the same for single statements: there a phrase lies within the sentence that answers.
None of the questions is taken from an evaluation set. A document that nobody wrote questions for has none, and is
searched as before. `unanswerable.jsonl` has questions on the same subjects that the documents do not answer, one
`{"question", "group"}` a line: what a question is nearer to tells whether it has an answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from corpus.models import Chunk
from corpus.places import Places

PASSAGES, STATEMENTS, UNANSWERABLE = "questions.jsonl", "statements.jsonl", "unanswerable.jsonl"


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a document, as in `corpus.places`."""

    doc_id: str
    section: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Questions with the places that answer them."""

    targets: tuple[Target, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocatedQuestion:
    """A likely question with the numbers, ascending, of the chunks that answer it.

    `phrases` has for each of them the words in it that its targets name; nothing where that is not known.
    """

    text: str
    chunks: tuple[int, ...]
    phrases: tuple[tuple[str, ...], ...] = ()


@cache
def bundled_anchors() -> tuple[Anchor, ...]:
    """Return the anchors that come with the program."""
    return (*anchors_of(PASSAGES), *anchors_of(STATEMENTS))


@cache
def anchors_of(name: str) -> tuple[Anchor, ...]:
    """Return the anchors of one of the two bundled files."""
    rows = _rows(name)
    return tuple(Anchor(tuple(Target(**one) for one in row["targets"]), tuple(row["questions"])) for row in rows)


@cache
def bundled_unanswerable() -> tuple[str, ...]:
    """Return the bundled questions that the documents do not answer."""
    return tuple(row["question"] for row in _rows(UNANSWERABLE))


def fingerprint(anchors: Iterable[Anchor], unanswerable: Iterable[str]) -> str:
    """Return a SHA-256 of questions and targets, by which an index knows whether it has the newest."""
    parts = [line for a in anchors for line in (*map(str, a.targets), *a.questions)]
    return hashlib.sha256("\n".join([*parts, "", *unanswerable]).encode()).hexdigest()


def locate(anchors: Iterable[Anchor], chunks: Sequence[Chunk]) -> list[LocatedQuestion]:
    """Return the questions of which some target stands in `chunks`, in the order of the anchors."""
    places = Places(chunks)
    located = []
    for anchor in anchors:
        found: dict[int, dict[str, None]] = {}
        for target in anchor.targets:
            for place in places.find(target.doc_id, target.section, target.phrase):
                found.setdefault(place.number, {})[" ".join(target.phrase.split())] = None
        numbers = tuple(sorted(found))
        phrases = tuple(tuple(phrase for phrase in found[number] if phrase) for number in numbers)
        located += [LocatedQuestion(question, numbers, phrases) for question in anchor.questions if numbers]
    return located


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _data(name).decode("utf-8").split("\n") if line]


def _data(name: str) -> bytes:
    return resources.files("index.likely").joinpath(name).read_bytes()
