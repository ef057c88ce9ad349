"""An answer that is being written: a thread reads it as it comes, the page looks how far it is. No Streamlit."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.models import Answer, Citation

if TYPE_CHECKING:
    from assistant.generate.events import Event, Source

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is: what the model was given, what it has written, and at the end the answer or an error."""

    sources: tuple[Source, ...] = ()
    text: str = ""
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.answer is not None or self.error is not None


class Reply:
    """One question on its way to its answer; `events` gets the event that stops it.

    It goes on whatever becomes of the page, but not beyond the limits that the model's answers have.
    """

    def __init__(self, question: str, model: str, events: Callable[[threading.Event], Iterator[Event]]) -> None:
        self.question = question
        self.model = model
        self._events = events
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._progress = Progress()
        self._started = time.monotonic()
        threading.Thread(target=self._run, name="mamori-reply", daemon=True).start()

    @property
    def is_stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def seconds(self) -> int:
        """Whole seconds since the question."""
        return int(time.monotonic() - self._started)

    def stop(self) -> None:
        """End the request; what came is kept, and the answer follows at once."""
        self._stop.set()

    def progress(self) -> Progress:
        """How far it is now."""
        with self._changed:
            return self._progress

    def wait(self, seconds: float) -> Progress:
        """How far it is when there is something to see, after being stopped when it is over, at the latest then."""
        with self._changed:
            self._changed.wait_for(self._is_worth_a_look, seconds)
            return self._progress

    def _is_worth_a_look(self) -> bool:
        return self._progress.is_over or (not self.is_stopped and bool(self._progress.sources))

    def _run(self) -> None:
        from assistant.generate.events import Done, Sources, Text

        try:
            for event in self._events(self._stop):
                match event:
                    case Sources():
                        self._put(sources=event.sources)
                    case Text():
                        self._put(text=event.text, citations=event.citations)
                    case Done():
                        self._put(answer=event.answer)
            if not self.progress().is_over:
                raise RuntimeError("the events ended without an answer")
        except Exception as error:  # whatever it is, nobody should wait for ever
            self._put(error=error)
            # Without its message, which may hold what the person or a document said.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _LOG.warning("An answer failed: %s\n%s", type(error).__name__, frames)

    def _put(self, **changes: object) -> None:
        with self._changed:
            self._progress = replace(self._progress, **changes)  # type: ignore[arg-type]
            self._changed.notify_all()
