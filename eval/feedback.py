"""What people say about an answer in the chat: 👍 or 👎 with a reason, and the answer as it was.

Nothing of it leaves the machine. Kept as a record that only grows (`index.journal`). Saying something else about the
same answer replaces what was said before; `eval.candidates` makes a question of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from eval.errors import MarkError
from eval.models import Role
from index import journal
from index.journal import Kept

_HANDLED = "handled"


class Thumb(StrEnum):
    """Whether the answer was of use."""

    UP = "up"
    DOWN = "down"


class Reason(StrEnum):
    """What was wrong with an answer."""

    WRONG_SOURCE = "wrong_source"
    WRONG_CONTENT = "wrong_content"
    INCOMPLETE = "incomplete"
    OFF_TARGET = "off_target"
    WRONGLY_REFUSED = "wrongly_refused"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One answer and what was said about it.

    `answer` is the terminal contract's object with the passages in it, `history` the turns before the question,
    `generation` the index that was in use (None where unknown); `created` is local time in ISO 8601.
    """

    id: str
    created: str
    verdict: Thumb
    reason: Reason | None
    comment: str
    question: str
    history: tuple[tuple[Role, str], ...]
    answer: Mapping[str, Any]
    generation: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Feedback as it is read; `handled` says that somebody has dealt with it since."""

    feedback: Feedback
    handled: bool


def feedback_file(data_dir: Path) -> Path:
    """Return where the feedback of a data folder is kept."""
    return data_dir / "eval" / "feedback.jsonl"


def new_id() -> str:
    """Return an id for what is said about one answer."""
    return uuid4().hex


def now() -> str:
    """Return the local time as it is written in records."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def store(path: Path, feedback: Feedback) -> None:
    """Keep feedback; MarkError where it cannot be written."""
    journal.append(path, asdict(feedback), MarkError)


def mark_handled(path: Path, feedback_id: str) -> None:
    """Note that feedback has been dealt with; MarkError where that cannot be written."""
    journal.append(path, {_HANDLED: feedback_id, "created": now()}, MarkError)


def read_feedback(path: Path) -> Kept[Entry]:
    """Return what was said about each answer last, newest first; MarkError where the file cannot be read."""
    lines = journal.read(path, _parser(), MarkError)
    found: dict[str, Entry] = {}
    for line in lines.entries:
        if isinstance(line, Feedback):
            found.pop(line.id, None)
            found[line.id] = Entry(line, handled=False)
        elif line in found:
            found[line] = Entry(found[line].feedback, handled=True)
    return Kept(tuple(reversed(found.values())), lines.unreadable)


@cache
def _parser() -> Callable[[bytes], Feedback | str]:
    """Return what reads a line: feedback, or the id of feedback that was dealt with."""
    # Imported here: the chat page only writes, and should not wait for it.
    from pydantic import BaseModel, TypeAdapter

    class Handled(BaseModel):
        handled: str

    adapter: TypeAdapter[Feedback | Handled] = TypeAdapter(Feedback | Handled)

    def parse(line: bytes) -> Feedback | str:
        found = adapter.validate_json(line)
        return found.handled if isinstance(found, Handled) else found

    return parse
