"""Does a question set fit the documents: does each phrase stand where it should, and in whose words are the questions.

The format is `eval.question_set`'s affair. Here the targets are looked up in the chunks of an index, and the character
bigrams that a question shares with its gold are counted: a question in the documents' own words is no test of search.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.clean import search_text
from eval.models import Grade, Kind, Question, QuestionSet
from eval.sources import Sources

OWN_WORDS = (Kind.SCENARIO, Kind.PARAPHRASE)
"""The kinds whose questions should not be in the documents' words."""
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a question that its author should look at; `field` is as in `eval.question_set`."""

    question_id: str
    field: str
    problem: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """The share of each question's character bigrams that stand in its needed gold, for one kind of question."""

    kind: Kind
    shares: tuple[float, ...]

    @property
    def median(self) -> float | None:
        """The median share, None where no question counts."""
        return statistics.median(self.shares) if self.shares else None


def findings(questions: QuestionSet, sources: Sources) -> list[Finding]:
    """Return the targets of indexed documents that are not found, and gold that stands in none of them."""
    return [
        Finding(question.id, f"gold[{number}].targets[{place}].phrase", f"「{target.phrase}」が見つかりません")
        for question in questions.questions
        for number, gold in enumerate(question.gold)
        for place, target in enumerate(gold.targets)
        if target.doc_id in sources.doc_ids and not sources.chunks_of(target)
    ]


def overlaps(questions: QuestionSet, sources: Sources, kinds: Iterable[Kind] = OWN_WORDS) -> list[Overlap]:
    """Return the overlap for each of `kinds` over its Japanese questions; English ones share no bigram by nature.

    Questions with no needed gold in the indexed documents are left out.
    """
    return [
        Overlap(
            kind,
            tuple(
                share
                for question in questions.questions
                if question.kind is kind
                and question.language == "ja"
                and (share := bigram_share(question, sources)) is not None
            ),
        )
        for kind in kinds
    ]


def bigram_share(question: Question, sources: Sources) -> float | None:
    """Return which share of a question's distinct character bigrams stands in the passages that it needs, 0 to 1.

    Letters and digits only, after `search_text`; a bigram does not reach across punctuation. None where the question
    has no bigram or no needed passage is indexed.
    """
    asked = bigrams(question.question)
    needed = [sources.text_of(gold) for gold in question.gold if gold.grade is Grade.NEEDED]
    known = bigrams("\n".join(needed))
    return len(asked & known) / len(asked) if asked and known else None


def bigrams(text: str) -> set[str]:
    """Return the distinct pairs of neighbouring letters or digits of a text."""
    runs: Sequence[str] = _NOT_WORDS.split(search_text(text))
    return {run[start : start + 2] for run in runs for start in range(len(run) - 1)}
