"""An answer by a language model, as a stream of events: sources at once, safe sentences, the verified answer.

Whatever the model does, the last event is an answer: at worst the extractive one, with a note that says what happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.compose.found import Found
from assistant.generate.events import Done, Event, Source, Sources, Text
from assistant.generate.faults import Fault, ModelFault, model_fault
from assistant.generate.finish import Reply, finish
from assistant.generate.options import GenerateOptions
from assistant.generate.pieces import SafeText
from assistant.generate.prompt import Prompt, build_prompt
from assistant.generate.stream import stream_text
from assistant.models import Answer, AnswerStatus, Timing, Turn
from assistant.question import QuestionKind
from assistant.verify import Verified, Verifier
from assistant.verify.judge import Entails

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Generator:
    """Lets one chat model answer from what was found.

    `name` is what the model is called in answers ("ollama:qwen3"). The model should be loaded without retries of its
    package (`max_retries=0`) and with a time-out of `first_token_seconds`: the policy is here.

        >>> generator = Generator(load_chat_model("ollama:qwen3", max_retries=0), "ollama:qwen3")
        >>> found = assistant.find(question)
        >>> for event in generator.stream(found, assistant.ask(question)): ...
    """

    def __init__(
        self,
        model: BaseChatModel,
        name: str,
        options: GenerateOptions | None = None,
        entails: Entails | None = None,
    ) -> None:
        self.model = model
        self.name = name
        self.options = options or GenerateOptions()
        self._entails = entails

    def prompt(self, found: Found, extractive: Answer, history: Sequence[Turn] = ()) -> Prompt:
        """Return what would be sent; nothing is."""
        return build_prompt(found, extractive, history, self.options)

    def sources(self, found: Found, extractive: Answer) -> Sources:
        """Return the first event of `stream`, without asking."""
        return Sources(_sources(self.prompt(found, extractive), found), self.name)

    def answer(self, found: Found, extractive: Answer, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer at the end of `stream`."""
        *_, last = self.stream(found, extractive, history)
        assert isinstance(last, Done)
        return last.answer

    def stream(
        self, found: Found, extractive: Answer, history: Sequence[Turn] = (), stop: threading.Event | None = None
    ) -> Iterator[Event]:
        """Yield Sources, then Text as it comes, then Done; only Done where the model is not asked.

        Setting `stop` ends the request and keeps what came; closing the iterator ends it and says nothing more.
        """
        if not is_asked(found, extractive, self.options):
            yield Done(extractive)
            return
        start = time.perf_counter()
        prompt = self.prompt(found, extractive, history)
        yield Sources(_sources(prompt, found), self.name)
        reply = yield from self._replied(found, extractive, history, prompt, stop)
        yield Done(self._finished(reply, found, extractive, start))

    def _replied(
        self, found: Found, extractive: Answer, history: Sequence[Turn], prompt: Prompt, stop: threading.Event | None
    ) -> Steps[Event, None, Reply]:
        """Ask, with half the passages once more where they were too many; yield Text, return the Reply."""
        deadline = time.monotonic() + self.options.total_seconds
        reply = yield from self._once(found, prompt, stop, deadline)
        if reply.fault is None or reply.fault.fault is not Fault.TOO_LONG or reply.text:
            return reply
        smaller = replace(
            self.options,
            passage_characters=min(self.options.passage_characters, len(prompt.user)) // 2,
            history_characters=self.options.history_characters // 2,
        )
        prompt = build_prompt(found, extractive, history, smaller)
        return (yield from self._once(found, prompt, stop, deadline))

    def _once(
        self, found: Found, prompt: Prompt, stop: threading.Event | None, deadline: float
    ) -> Steps[Event, None, Reply]:
        safe = SafeText(lambda: self._verifier(found, prompt), found.query.language)
        fault = None
        try:
            with closing(stream_text(self.model, prompt.messages(), self.options, stop, deadline)) as pieces:
                for piece in pieces:
                    if delta := safe.add(piece):
                        yield Text(delta, safe.shown, safe.citations())
                    if safe.is_wrong():
                        raise ModelFault(Fault.WRONG_LANGUAGE)
                    if safe.is_looping():
                        raise ModelFault(Fault.REPEATED)
        except Exception as error:  # also ours on a model's text: the person still gets an answer
            fault = model_fault(error)
        return Reply(safe.text(), prompt, self.name, fault)

    def _verifier(self, found: Found, prompt: Prompt) -> Verifier:
        return Verifier(prompt.passages, found.documents, language=found.query.language, entails=self._entails)

    def _finished(self, reply: Reply, found: Found, extractive: Answer, start: float) -> Answer:
        def verify(text: str) -> Verified:
            verifier = self._verifier(found, reply.prompt)
            verifier.feed(text)
            verifier.close()
            return verifier.result()

        try:
            answer = finish(reply, found, extractive, verify, self.options)
        except Exception as error:  # as above
            broken = replace(reply, text="", fault=model_fault(error))
            answer = finish(broken, found, extractive, verify, self.options)
        taken = round((time.perf_counter() - start) * 1000, 2)
        before = extractive.timing
        timing = Timing(before.retrieve, round(before.answer + taken, 2), round(before.total + taken, 2))
        return replace(answer, timing=timing)


def is_asked(found: Found, extractive: Answer, options: GenerateOptions) -> bool:
    """Return whether a model is asked at all: not for small talk, and not about what the documents do not hold."""
    if found.query.kind is QuestionKind.SMALL_TALK or not (found.results or extractive.citations):
        return False
    return extractive.status is AnswerStatus.ANSWERED or options.ask_when_refused


def _sources(prompt: Prompt, found: Found) -> tuple[Source, ...]:
    return tuple(Source(n, chunk, found.documents[chunk.doc_id]) for n, chunk in prompt.passages.items())
