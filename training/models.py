"""The types of training material: a pack, its parts, a quiz and its items.

Values only, frozen: builders make them, exports and pages read them. `markers` are the numbers of citations, counted
from 1 in `Pack.citations` or `Quiz.citations`; every text that states something has at least one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.models import Citation


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a pack with the citations behind it.

    `reworded`: a language model worded it, and it was verified. `edited`: a trainer worded it, and nobody verified it.
    """

    text: str
    markers: tuple[int, ...] = ()
    reworded: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class CaseStudy:
    """A case to talk about: its story sentence by sentence, questions for the room, what the documents draw from it."""

    title: str
    story: tuple[Line, ...]
    questions: tuple[Line, ...]
    learnings: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Countermeasure:
    """A row of the table of countermeasures.

    `stage` is when it applies (契約段階) and `pages` where the guidance explains it (P164), as the documents name both;
    None where they name neither. `is_for_audience`: it is about the work of those who are trained.
    """

    title: str
    what: Line
    why: Line | None
    stage: str | None
    pages: str | None
    is_for_audience: bool


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line to tick; the audience's own come first."""

    title: str
    text: str
    pages: str | None
    markers: tuple[int, ...]
    is_for_audience: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the session: minutes from its beginning, how many it takes, what the facilitator says and does."""

    start: int
    minutes: int
    title: str
    notes: tuple[Line, ...]


class QuizKind(StrEnum):
    """How an item is asked."""

    CHOICE = "choice"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    ORDERING = "ordering"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from; `reason` says why it is right, or where else it belongs, with its citation."""

    text: str
    is_right: bool
    reason: Line


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that belong together, and the citations that say so."""

    left: str
    right: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuizItem:
    """One question of a quiz, with what must be known to ask it, to mark it and to explain it.

    `item_id` is a hash of what is asked, the same in every quiz; `difficulty` is 1, 2 or 3.

    - CHOICE, TRUE_FALSE and CASE have `options` in the order to show, exactly one of them right; those of TRUE_FALSE
      are 「正しい」 and 「誤り」. CASE has `story`, the situation that is asked about.
    - MATCHING has `pairs`; the right-hand sides are shown in the order `shown`, indices into `pairs`.
    - ORDERING has `sequence`, the things in their right order, shown in the order `shown`, indices into `sequence`.

    `edited`: a trainer changed its text, so nobody but the trainer stands for it.
    """

    item_id: str
    kind: QuizKind
    difficulty: int
    stem: str
    explanation: Line
    options: tuple[Option, ...] = ()
    story: Line | None = None
    pairs: tuple[Pair, ...] = ()
    sequence: tuple[Line, ...] = ()
    shown: tuple[int, ...] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A document that a pack cites. `replaced_by` names the newer edition in the index, where there is one."""

    doc_id: str
    title: str
    edition: str | None
    published: str | None
    publisher: str | None
    credit: str | None
    source_url: str | None
    is_digest: bool
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz that stands alone: the same seed over the same index gives the same one."""

    title: str
    items: tuple[QuizItem, ...]
    citations: tuple[Citation, ...]
    sources: tuple[Source, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Pack:
    """The material of one session.

    `theme` and `audience` are their Japanese names; `minutes` is 15, 30 or 60. `notes` tell the trainer what to know of
    the sources (an older edition, a digest). `model` is the language model that reworded lines, where one did.
    """

    title: str
    theme: str
    audience: str
    minutes: int
    seed: int
    goals: tuple[Line, ...]
    cases: tuple[CaseStudy, ...]
    countermeasures: tuple[Countermeasure, ...]
    checklist: tuple[CheckItem, ...]
    quiz: tuple[QuizItem, ...]
    agenda: tuple[Step, ...]
    contacts: tuple[Line, ...]
    citations: tuple[Citation, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    model: str | None = None

    def as_quiz(self) -> Quiz:
        """The quiz of the pack alone."""
        return Quiz(f"{self.title}：確認クイズ", self.quiz, self.citations, self.sources, self.seed)
