"""The types of the evaluation room: questions with what a right answer needs, and what became of them.

Nothing here asks, scores or reads files. The terms are the field's: gold, qrels, run, measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Role = Literal["user", "assistant"]

MAX_PHRASE = 30
"""Characters of a phrase that stands for its passage: enough to find it by, too few to repeat the document."""


class Kind(StrEnum):
    """What sort of question it is; every figure has a row for each."""

    FACT = "fact"
    DEFINITION = "definition"
    LIST = "list"
    SCENARIO = "scenario"
    PARAPHRASE = "paraphrase"
    WHY = "why"
    CONTACT = "contact"
    EDITION = "edition"
    FOLLOW_UP = "follow_up"
    UNANSWERABLE = "unanswerable"


class Grade(StrEnum):
    """What a passage is to an answer: without a needed one it is incomplete, a relevant one may be cited."""

    NEEDED = "needed"
    RELEVANT = "relevant"


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a document: the passage under `section`, one of its headings, in which `phrase` stands.

    An empty section means any, an empty phrase the whole section; both empty, the whole document.
    """

    doc_id: str
    section: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that an answer needs or may cite; its targets are the places where it stands, one in each document."""

    grade: Grade
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One curated question.

    `key_facts` are groups of accepted wordings: a right answer has one of each group. A question with no key facts or
    no gold is left out of the measures that need them.
    """

    id: str
    question: str
    language: Literal["ja", "en"]
    kind: Kind
    history: tuple[tuple[Role, str], ...]
    answerable: bool
    reference_answer: str
    key_facts: tuple[tuple[str, ...], ...]
    gold: tuple[Gold, ...]
    note: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in order, with the name they are known by and the SHA-256 of what they were read from."""

    name: str
    sha256: str
    questions: tuple[Question, ...]


class Better(StrEnum):
    """Which way a measure improves; `NEITHER` for what only describes."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: `name` as it is written in files and options, `label` as the evaluator reads it, both stable.

    `unit` is "share" (0 to 1), "characters" or "ms"; `group` is "retrieval" or "answer".
    """

    name: str
    label: str
    group: Literal["retrieval", "answer"]
    better: Better = Better.HIGHER
    unit: Literal["share", "characters", "ms"] = "share"
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `n` questions with its 95 % bootstrap interval; all three are None where n is 0."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


class Outcome(StrEnum):
    """What became of one question, in one word for filters and lists."""

    RIGHT = "right"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    ANSWERED_ANYWAY = "answered_anyway"
    NO_RESULT = "no_result"


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """The scores of one question by measure (None where a measure does not apply), and what lies behind them.

    `facts_found` has one entry a group of key facts. `gold_ranks` and `gold_cited` have one entry a gold item: the rank
    of the first passage that holds it (None: not retrieved) and whether a citation points to it; an entry of
    `gold_indexed` that is False says that no target's document is indexed, so that the item does not count.
    """

    id: str
    kind: Kind
    language: str
    answerable: bool
    outcome: Outcome
    scores: Mapping[str, float | None]
    facts_found: tuple[bool, ...] = ()
    gold_indexed: tuple[bool, ...] = ()
    gold_ranks: tuple[int | None, ...] = ()
    gold_cited: tuple[bool, ...] = ()
    invalid_citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Every measure over all questions, and by kind and language: {"all" | kind | language: {measure: interval}}."""

    groups: Mapping[str, Mapping[str, Interval]]
    outcomes: Mapping[str, Mapping[Outcome, int]]
