"""Who answers: the assistant, and a language model in front of it where one is set. What is shown is not decided here.

Without a model nothing of the language model's packages is imported.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.models import Answer, Timing, Turn
from corpus.models import Document
from index.retriever import DEFAULT_TOP_K

if TYPE_CHECKING:
    from collections.abc import Generator as Steps
    from collections.abc import Mapping

    from langchain_core.runnables import Runnable

    from assistant.compose.found import Found
    from assistant.generate import Event, GenerateOptions, Generator, Prompt


class Responder:
    """Answers questions from one open index, in a language model's words where `generator` is given.

    `remote_host` is where the questions go, None where that is this machine or where there is no model.
    """

    def __init__(
        self, assistant: Assistant, generator: Generator | None = None, remote_host: str | None = None
    ) -> None:
        self._assistant = assistant
        self._generator = generator
        self.remote_host = remote_host

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that answers come from."""
        return self._assistant.documents

    @property
    def model(self) -> str | None:
        """The name of the language model, "provider:model"; None where there is none."""
        return self._generator.name if self._generator else None

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        doc_ids: Collection[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
    ) -> Answer:
        """Answer a question; errors as for `Assistant.ask`, none for a fault of the model, which is a note."""
        if self._generator is None:
            return self._assistant.ask(question, history, doc_ids, top_k)
        from assistant.generate import Done

        *_, last = self.stream(question, history, doc_ids, top_k)
        assert isinstance(last, Done)
        return last.answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        doc_ids: Collection[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Yield what an answer is made of while it comes: Sources, Text …, Done; only Done where no model is asked.

        Sources come twice where the model understands a follow-up in another way than the rules do: the later ones
        count. Setting `stop` ends the request and keeps what came, closing the iterator ends it. Errors as for `ask`,
        with the first event.
        """
        from assistant.generate import Done

        if self._generator is None:
            yield Done(self._assistant.ask(question, history, doc_ids, top_k))
            return
        start = time.perf_counter()
        found, extractive = self._looked_up(question, history, doc_ids, top_k)
        meant: dict[str, Any] = {}
        if self._is_unsure(found, history):
            reworded = yield from self._reworded(found, extractive, history, stop)
            meant = {"question_by_rule": found.query.standalone, "question_by_model": reworded}
            found, extractive = self._looked_up_again(reworded, doc_ids, top_k) or (found, extractive)
        with closing(self._generated(found, extractive, history, stop)) as events:
            for event in events:
                if isinstance(event, Done) and meant:
                    timing = _until_now(event.answer.timing, start)
                    event = Done(replace(event.answer, question=question, timing=timing, **meant))
                yield event

    def prompt(
        self,
        question: str,
        options: GenerateOptions,
        doc_ids: Collection[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
    ) -> Prompt | None:
        """Return what a model would be sent, also where there is none; None for a question that it is not asked."""
        from assistant.generate import build_prompt, is_asked

        found, extractive = self._looked_up(question, (), doc_ids, top_k)
        return build_prompt(found, extractive, (), options) if is_asked(found, extractive, options) else None

    def as_runnable(self) -> Runnable[Mapping[str, Any] | str, Answer]:
        """Return this as a LangChain Runnable from {"question", "history"} to Answer."""
        from assistant.runnable import as_runnable

        return as_runnable(self.ask)

    def _looked_up(
        self, question: str, history: Sequence[Turn], doc_ids: Collection[str] | None, top_k: int
    ) -> tuple[Found, Answer]:
        found = self._assistant.find(question, history, doc_ids, top_k)
        return found, self._assistant.ask(question, history, doc_ids, top_k)

    def _looked_up_again(
        self, reworded: str | None, doc_ids: Collection[str] | None, top_k: int
    ) -> tuple[Found, Answer] | None:
        """What is found for a question as the model words it; None where there is no such wording."""
        if reworded is None:
            return None
        try:
            return self._looked_up(reworded, (), doc_ids, top_k)
        except QuestionError:
            return None

    def _is_unsure(self, found: Found, history: Sequence[Turn]) -> bool:
        from assistant.question import QuestionKind
        from assistant.rewrite import is_unsure

        query = found.query
        return query.kind is not QuestionKind.SMALL_TALK and is_unsure(query.question, history, query.standalone)

    def _reworded(
        self, found: Found, extractive: Answer, history: Sequence[Turn], stop: threading.Event | None
    ) -> Steps[Event, None, str | None]:
        """Yield what was found by the rules, so that nobody waits for it; return the question in the model's words."""
        from assistant.generate import is_asked
        from assistant.rewrite import rewrite

        assert self._generator is not None
        if is_asked(found, extractive, self._generator.options):
            yield self._generator.sources(found, extractive)
        return rewrite(self._generator.model, found.query.question, history, self._generator.options, stop)

    def _generated(
        self, found: Found, extractive: Answer, history: Sequence[Turn], stop: threading.Event | None
    ) -> Steps[Event, None, None]:
        assert self._generator is not None
        yield from self._generator.stream(found, extractive, history, stop)


def _until_now(timing: Timing, start: float) -> Timing:
    """A timing whose whole is what has passed since `start`, in which a model was asked twice."""
    total = round((time.perf_counter() - start) * 1000, 2)
    return Timing(timing.retrieve, round(total - timing.retrieve, 2), total)
