"""From feedback to a question of a set: a first draft, which the evaluator completes, and the set it is added to.

A draft knows what was asked and what was cited; what a right answer needs is for the evaluator to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from assistant.errors import QuestionError
from assistant.models import AnswerStatus, Turn
from assistant.question import Language, QuestionKind, analyse
from corpus.clean import quote_key
from corpus.models import SECTION_SEPARATOR
from eval.errors import QuestionSetError
from eval.feedback import Feedback, Reason, Thumb
from eval.models import MAX_PHRASE, Gold, Grade, Kind, Question, Target
from eval.question_set import SUFFIX, parse_question, read_set, set_names, write_set
from index.errors import reason
from index.lock import Busy, only_one

DEFAULT_SET = "candidates"
LOCK_SECONDS = 10.0
_KINDS = {
    QuestionKind.SCENARIO: Kind.SCENARIO,
    QuestionKind.HOW_TO: Kind.SCENARIO,
    QuestionKind.CONTACT: Kind.CONTACT,
    QuestionKind.DEFINITION: Kind.DEFINITION,
    QuestionKind.LIST: Kind.LIST,
    QuestionKind.SMALL_TALK: Kind.UNANSWERABLE,
}
_NAME = re.compile(r"[\w-]{1,40}")


def candidate(feedback: Feedback) -> Question:
    """Return a first draft of a question: language and kind guessed, gold taken from what was cited.

    No gold where the source is what was wrong, and none where it was rightly said that the documents have no answer.
    """
    language, kind = _guess(feedback)
    gold = () if kind is Kind.UNANSWERABLE or feedback.reason is Reason.WRONG_SOURCE else tuple(_gold(feedback))
    return Question(
        id=_first_id(feedback),
        question=feedback.question,
        language=language,
        kind=kind,
        history=feedback.history,
        answerable=kind is not Kind.UNANSWERABLE,
        reference_answer="",
        key_facts=(),
        gold=gold,
        note=_note(feedback),
    )


def add_to_set(folder: Path, name: str, question: Question) -> Question:
    """Add a question to the set of that name in `folder`, made where there is none; return it as it was written.

    An id that the set has already gets a number behind it. Raises QuestionSetError for a name that cannot be used, a
    question that is not in order (naming the field), a set that is damaged, or one that cannot be written.
    """
    path = folder / f"{_checked_name(name)}{SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(path.with_name(path.name + ".lock"), LOCK_SECONDS):
            there = read_set(path).questions if path.is_file() else ()
            added = replace(question, id=_free_id(question.id, {one.id for one in there}))
            parse_question(asdict(added), path, len(there) + 1)
            write_set(path, (*there, added))
    except Busy as error:
        raise QuestionSetError(
            f"「{path}」はほかのプログラムが使っています。少し待って、もう一度追加してください。"
        ) from error
    except OSError as error:
        raise QuestionSetError(
            f"「{path}」に書けません（{reason(error)}）。空き容量と権限を確かめてください。"
        ) from error
    return added


def _guess(feedback: Feedback) -> tuple[Literal["ja", "en"], Kind]:
    """Return the language and the kind as the assistant itself sees the question."""
    refused = feedback.answer.get("status") == AnswerStatus.NOT_IN_CORPUS
    try:
        query = analyse(feedback.question, [Turn(role, text) for role, text in feedback.history])
    except QuestionError:
        return "ja", Kind.UNANSWERABLE if refused else Kind.FACT
    language: Literal["ja", "en"] = "en" if query.language is Language.ENGLISH else "ja"
    if refused and feedback.verdict is Thumb.UP:
        return language, Kind.UNANSWERABLE
    if feedback.history and quote_key(query.standalone) != quote_key(feedback.question):
        return language, Kind.FOLLOW_UP
    return language, _KINDS.get(query.kind, Kind.FACT)


def _gold(feedback: Feedback) -> Iterator[Gold]:
    """Yield one item for each place that was cited: needed where the answer was of use, else only relevant."""
    grade = Grade.NEEDED if feedback.verdict is Thumb.UP else Grade.RELEVANT
    seen: set[Target] = set()
    for citation in feedback.answer.get("citations") or ():
        target = _target(citation)
        if target is not None and target not in seen:
            seen.add(target)
            yield Gold(grade, (target,))


def _target(citation: Mapping[str, Any]) -> Target | None:
    """Return the place of a citation: its innermost heading and the beginning of its longest line."""
    doc_id, quote = str(citation.get("doc_id") or ""), str(citation.get("quote") or "")
    section = str(citation.get("section") or "").split(SECTION_SEPARATOR)[-1]
    line = max((part.strip() for part in quote.splitlines()), key=len, default="")
    if not doc_id or not (section or line):
        return None
    # A heading stands above its passages, not in them: there the section says it all.
    return Target(doc_id, section, "" if quote_key(quote) == quote_key(section) else line[:MAX_PHRASE].strip())


def _note(feedback: Feedback) -> str:
    parts = (f"feedback {feedback.created[:10]}: {feedback.verdict}", feedback.reason, feedback.comment)
    return " / ".join(str(part) for part in parts if part)


def _first_id(feedback: Feedback) -> str:
    return f"feedback-{datetime.fromisoformat(feedback.created):%Y%m%d}-1"


def _free_id(wanted: str, taken: Collection[str]) -> str:
    """Return the id, or where it is taken the same with the next free number at its end."""
    stem, number = wanted, 1
    if match := re.fullmatch(r"(.+)-([0-9]+)", wanted):
        stem, number = match[1], int(match[2])
    free = wanted
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise QuestionSetError(
            f"「{name}」は質問セットの名前に使えません。文字、数字、「-」「_」で、40字までで付けてください。"
        )
    if name in set_names():
        raise QuestionSetError(f"「{name}」は同梱の質問セットの名前です。別の名前を付けてください。")
    return name
