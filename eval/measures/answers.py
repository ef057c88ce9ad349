"""Answer measures of one question: what the answer says, what it cites, and whether it should have been refused.

Citation recall and precision are in the sense of ALCE (Gao et al. 2023, arXiv:2305.14627): recall asks whether what
must be cited is, precision whether what is cited belongs there. ALCE has an entailment model judge this for each
statement; here the gold places of the question do, for the whole answer, so that no model decides.

`result` is an object of the terminal contract, or None for a question without a result (`result_of`). Such a question
has the worst value in every measure that it takes part in; those that depend on there being an answer (citation
validity and precision, supported) count it as answered badly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.models import AnswerStatus
from eval.measures.facts import facts_found, share_found
from eval.measures.similarity import chrf
from eval.measures.support import SupportJudge
from eval.models import Grade, Outcome, Question
from eval.sources import Sources

SHORT = 600
"""Characters of an answer that are read before anyone scrolls."""
_MARKER = re.compile(r" ?\[\d+\]")

Result = Mapping[str, Any]
Scores = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Citations:
    """An answer's citations as judged: which stand where they say, which gold items each of these points to.

    `valid` and `cited` have one entry a citation; `by_marker` has the valid ones.
    """

    valid: tuple[bool, ...] = ()
    cited: tuple[frozenset[int], ...] = ()
    by_marker: Mapping[int, Mapping[str, Any]] | None = None
    invalid_markers: tuple[int, ...] = ()

    @property
    def items(self) -> frozenset[int]:
        """The gold items that a valid citation points to."""
        return frozenset[int]().union(*self.cited)


def result_of(row: Result | None) -> Result | None:
    """Return an answer, None where none came back: no row, or one whose status is "error"."""
    return None if row is None or row.get("status") == "error" else row


def is_answered(result: Result | None) -> bool:
    """Whether a result answers the question, rightly or not; any other result is a refusal."""
    return result is not None and bool(result.get("status") == AnswerStatus.ANSWERED.value)


def answer_text(result: Result | None) -> str:
    """Return an answer's text without its markers; nothing where there is no result."""
    return _MARKER.sub("", str(result.get("answer") or "")) if result is not None else ""


def time_ms(result: Result | None) -> float | None:
    """Return how many milliseconds an answer took in all; None where there is none or it does not say."""
    timing = result.get("timing_ms") if result is not None else None
    total = timing.get("total") if isinstance(timing, Mapping) else None
    return float(total) if isinstance(total, int | float) else None


def judge_citations(question: Question, result: Result | None, sources: Sources, counted: Sequence[bool]) -> Citations:
    """Look an answer's citations up in the documents; only gold items that count (`counted`) are looked for."""
    citations = list((result or {}).get("citations") or ())
    valid = [sources.valid(citation) for citation in citations]
    cited = [
        _counted(sources.gold_cited(citation, question.gold), counted) if stands and any(counted) else frozenset[int]()
        for citation, stands in zip(citations, valid, strict=True)
    ]
    standing = {one["marker"]: one for one, stands in zip(citations, valid, strict=True) if stands}
    invalid = tuple(one["marker"] for one, stands in zip(citations, valid, strict=True) if not stands)
    return Citations(tuple(valid), tuple(cited), standing, invalid)


def stated_facts(question: Question, result: Result | None, length: int | None = None) -> tuple[bool, ...]:
    """Return for each key fact whether the answer's text, or its first `length` characters, states it.

    What stands only in a quote is not stated, and a refusal states nothing.
    """
    said = answer_text(result)[:length] if is_answered(result) else ""
    return facts_found(question.key_facts, [said])


def outcome(question: Question, result: Result | None, stated: Sequence[bool]) -> Outcome:
    """Return what became of a question; `stated` says which of its key facts the answer states."""
    if result is None:
        return Outcome.NO_RESULT
    if not question.answerable:
        return Outcome.ANSWERED_ANYWAY if is_answered(result) else Outcome.RIGHT
    if not is_answered(result):
        return Outcome.REFUSED
    return Outcome.RIGHT if all(stated) else Outcome.INCOMPLETE


def text_scores(question: Question, result: Result | None, stated: Sequence[bool]) -> Scores:
    """Return right, key_facts, key_facts_600, chrF and length; `stated` as for `outcome`.

    chrF is over answerable questions with a reference, 0 where refused. Length is in characters, without markers.
    """
    text = answer_text(result)
    reference = question.reference_answer.strip() if question.answerable else ""
    likeness = chrf(text, reference) if reference and is_answered(result) else 0.0
    return {
        "right": float(outcome(question, result, stated) is Outcome.RIGHT),
        "key_facts": share_found(stated),
        "key_facts_600": share_found(stated_facts(question, result, SHORT)),
        "chrF": likeness if reference else None,
        "length": None if result is None else float(len(text)),
    }


def refusal_scores(question: Question, result: Result | None) -> Scores:
    """Return correct_refusals and false_answers (over unanswerable questions), false_refusals (over answerable ones).

    Each is 0 or 1. No result is no refusal where there should be one, and no answer where there should be one.
    """
    refused = result is not None and not is_answered(result)
    return {
        "correct_refusals": None if question.answerable else float(refused),
        "false_answers": None if question.answerable else float(not refused),
        "false_refusals": float(not is_answered(result)) if question.answerable else None,
    }


def citation_scores(question: Question, result: Result | None, citations: Citations, counted: Sequence[bool]) -> Scores:
    """Return citation_validity, citation_recall and citation_precision, each 0 to 1.

    Validity is over answered questions and over refusals that cite; recall over questions with a needed item that
    counts, 0 where refused; precision over questions with any item that counts, unless refused. An answer that cites
    nothing has 0 in all three.
    """
    refused = result is not None and not is_answered(result)
    items = [number for number, counts in enumerate(counted) if counts]
    needed = [number for number in items if question.gold[number].grade is Grade.NEEDED]
    recall = 0.0 if refused else _share([number in citations.items for number in needed])
    return {
        "citation_validity": None if refused and not citations.valid else _share(citations.valid),
        "citation_recall": recall if needed else None,
        "citation_precision": None if refused or not items else _share(list(map(bool, citations.cited))),
    }


def supported_score(result: Result | None, citations: Citations, judge: SupportJudge) -> float | None:
    """Return the share of an answer's sentences that are supported, None for a refusal."""
    if result is None:
        return 0.0
    return judge.share(result, citations.by_marker or {}) if is_answered(result) else None


def _counted(numbers: Sequence[int], counted: Sequence[bool]) -> frozenset[int]:
    return frozenset(number for number in numbers if counted[number])


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
