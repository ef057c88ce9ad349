"""Self-study: one question after the other, marking, what to read again, and results kept on this machine.

Values and functions; nothing here draws anything. Of a person nothing is kept: only when, on which theme, which items
and whether each was answered rightly. `index.journal` does the keeping.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path

from assistant.models import Citation
from corpus.durable import sync_folder
from index import journal
from index.errors import reason
from index.journal import LOCK_SECONDS, Kept
from index.lock import Busy, only_one
from training.errors import StudyError
from training.models import Line, Pair, Quiz, QuizItem, QuizKind


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered to an item, and whether it is right.

    `given` has the chosen option; for MATCHING, for each left-hand side in order, the pair whose right-hand side was
    chosen; for ORDERING the steps in the order given. All are indices from 0 into what the item has.
    """

    given: tuple[int, ...]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Study:
    """A quiz under way: the first item without a response is the one to ask. `again`: items missed before."""

    quiz: Quiz
    theme: str
    responses: tuple[Response, ...] = ()
    again: bool = False

    @property
    def current(self) -> QuizItem | None:
        """The item to ask now; None where all have been answered."""
        done = len(self.responses)
        return self.quiz.items[done] if done < len(self.quiz.items) else None


@dataclass(frozen=True, slots=True)
class Reread:
    """A place to read again: a citation of it, and how many of the missed items lead there."""

    citation: Citation
    missed: int


@dataclass(frozen=True, slots=True)
class Result:
    """How a quiz went: `right` of `total`, the items that were missed, and what to read again, most often first."""

    right: int
    total: int
    missed: tuple[QuizItem, ...]
    reread: tuple[Reread, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """One item of a quiz that was kept."""

    item_id: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One quiz as it is kept; `date` is local time in ISO 8601."""

    date: str
    theme: str
    items: tuple[Answered, ...]
    again: bool = False

    @property
    def right(self) -> int:
        """How many items were answered rightly."""
        return sum(item.is_right for item in self.items)


def answer(study: Study, given: Sequence[int]) -> Study:
    """Return the study with the current item answered; see `Response.given`.

    Raises ValueError where nothing is to be answered or `given` does not fit the item.
    """
    item = study.current
    if item is None:
        raise ValueError("every item has been answered")
    return replace(study, responses=(*study.responses, Response(tuple(given), is_right(item, given))))


def is_right(item: QuizItem, given: Sequence[int]) -> bool:
    """Return whether an answer is right; ValueError where it does not fit the item."""
    wanted = right_answer(item)
    if len(given) != len(wanted) or not all(0 <= one < _choices(item) for one in given):
        raise ValueError(f"{list(given)} is no answer to an item of {_choices(item)} choices")
    # By their texts: where two read the same, nobody can tell them apart.
    return _texts(item, given) == _texts(item, wanted)


def right_answer(item: QuizItem) -> tuple[int, ...]:
    """Return the right answer in the form of `Response.given`."""
    if item.kind is QuizKind.MATCHING:
        return tuple(range(len(item.pairs)))
    if item.kind is QuizKind.ORDERING:
        return tuple(range(len(item.sequence)))
    return tuple(at for at, option in enumerate(item.options) if option.is_right)


def cut(study: Study) -> Study:
    """Return the study ended here: without the items that were not answered."""
    return replace(study, quiz=replace(study.quiz, items=study.quiz.items[: len(study.responses)]))


def again(study: Study) -> Study:
    """Return a new study of the items that were missed."""
    return Study(replace(study.quiz, items=result(study).missed), study.theme, again=True)


def result(study: Study) -> Result:
    """Return how the answered items went."""
    pairs = list(zip(study.quiz.items, study.responses, strict=False))
    missed = [(item, response) for item, response in pairs if not response.is_right]
    reread = _reread(missed, study.quiz.citations)
    return Result(len(pairs) - len(missed), len(pairs), tuple(item for item, _ in missed), reread)


def results_file(data_dir: Path) -> Path:
    """Return where the results of a data folder are kept."""
    return data_dir / "training" / "results.jsonl"


def record(path: Path, study: Study) -> Record:
    """Keep what was answered and return it; StudyError where that cannot be written."""
    answered = zip(study.quiz.items, study.responses, strict=False)
    items = tuple(Answered(item.item_id, response.is_right) for item, response in answered)
    kept = Record(datetime.now().astimezone().isoformat(timespec="seconds"), study.theme, items, study.again)
    journal.append(path, asdict(kept), StudyError)
    return kept


def read_results(path: Path) -> Kept[Record]:
    """Return the results, oldest first; StudyError where there is a file that cannot be read."""
    return journal.read(path, _parser(), StudyError)


def forget(path: Path) -> None:
    """Delete all results; StudyError where that cannot be done."""
    try:
        if path.exists():
            with only_one(path.with_name(path.name + ".lock"), LOCK_SECONDS):
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
    except Busy as error:
        raise StudyError("記録はほかのプログラムが使っています。少し待って、もう一度お試しください。") from error
    except OSError as error:
        raise StudyError(f"記録「{path}」を消せません（{reason(error)}）。権限を確かめてください。") from error


def _choices(item: QuizItem) -> int:
    """From how many an answer chooses."""
    return len(item.pairs or item.sequence or item.options)


def _texts(item: QuizItem, given: Sequence[int]) -> list[str]:
    if item.kind is QuizKind.MATCHING:
        return [item.pairs[at].right for at in given]
    if item.kind is QuizKind.ORDERING:
        return [item.sequence[at].text for at in given]
    return [item.options[at].text for at in given]


def _reread(missed: Sequence[tuple[QuizItem, Response]], citations: Sequence[Citation]) -> tuple[Reread, ...]:
    """The places behind what was missed; equally often missed ones in the order of the quiz."""
    counts: dict[tuple[str, str, int | None, str | None], tuple[Citation, int]] = {}
    known = {citation.marker: citation for citation in citations}
    for item, response in missed:
        cited = [known[marker] for marker in dict.fromkeys(_markers(item, response)) if marker in known]
        places = {(one.doc_id, one.section, one.start_page, one.page_label): one for one in reversed(cited)}
        for place, citation in reversed(places.items()):
            first, count = counts.get(place, (citation, 0))
            counts[place] = (first, count + 1)
    ranked = sorted(counts.values(), key=lambda found: -found[1])
    return tuple(Reread(citation, count) for citation, count in ranked)


def _markers(item: QuizItem, response: Response) -> tuple[int, ...]:
    """What shows the right answer, in the order of the item; the first of these that cites anything.

    Of pairs those that were matched wrongly, else all; of steps every one, as their order is that of all of them; what
    explains the item; why the right option is right.
    """
    wrong = [pair for at, pair in enumerate(item.pairs) if item.pairs[response.given[at]].right != pair.right]
    right = [option.reason for option in item.options if option.is_right]
    shown: tuple[Sequence[Pair | Line], ...] = (wrong, item.pairs, item.sequence, (item.explanation,), right)
    found = (tuple(chain.from_iterable(one.markers for one in parts)) for parts in shown)
    return next(filter(None, found), ())


@cache
def _parser() -> Callable[[bytes], Record]:
    # Imported here: whoever only answers should not wait for it.
    from pydantic import TypeAdapter

    return TypeAdapter(Record).validate_json
