"""One request to a chat model as a stream of text that never hangs: limits, retries, stop.

The request runs in a thread of its own, since a read that waits for a server cannot be called back; who reads here
waits no longer than the limits. A thread that was given up ends with the next chunk, or with the client's own time-out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from assistant.chat_reply import pause
from assistant.generate.faults import PASSING, Fault, ModelFault, midway, model_fault
from assistant.generate.options import GenerateOptions

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

_WAIT_SECONDS = 0.05
# These say with the last chunk why a reply ended; one of theirs that ends without was cut off.
_SAY_WHY = frozenset({"openai-chat", "azure-openai-chat", "chat-ollama", "anthropic-chat"})
_REASONS = ("finish_reason", "done_reason", "stop_reason")
# LangChain's words for a stream without a single chunk.
_NOTHING = "No generation chunks"
_CUT = ("length", "max_tokens", "model_length")
_ENDS = "。．.！!？?」』）)]］】\n"


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing in a queue: the fault that ended the reply, if any."""

    fault: ModelFault | None = None


@dataclass
class _Request:
    """One reply on its way from the thread that reads it; a piece of "" is a sign of life."""

    model: BaseChatModel
    messages: Sequence[BaseMessage]
    options: GenerateOptions
    queue: SimpleQueue[str | _End] = field(default_factory=SimpleQueue)
    over: threading.Event = field(default_factory=threading.Event)
    started: bool = False
    refused: ModelFault | None = None

    def run(self) -> None:
        """Read the reply to its end, asking again while nothing has come and it may help."""
        try:
            self._attempts()
            self.queue.put(_End())
        except BaseException as error:  # whatever it is, it must reach the reader, and no trace a log
            fault = model_fault(error)
            self.queue.put(_End(midway(fault) if self.started else fault))

    def _attempts(self) -> None:
        from tenacity import Retrying, retry_if_exception, sleep_using_event, stop_after_attempt

        Retrying(
            retry=retry_if_exception(self._may_pass),
            stop=stop_after_attempt(self.options.attempts),
            wait=pause,
            sleep=sleep_using_event(self.over),
            reraise=True,
        )(self._once)

    def _may_pass(self, error: BaseException) -> bool:
        self.refused = model_fault(error)
        return not self.started and not self.over.is_set() and self.refused.fault in PASSING

    def _once(self) -> None:
        if self.over.is_set():
            return
        text, reason = self._streamed()
        if self.over.is_set():
            return
        if not text.strip() and reason is None:
            # A server that streams nothing may still answer in one piece.
            whole = self.model.invoke(list(self.messages))
            text, reason = str(whole.text), _reason(whole)
            self.queue.put(text)
        if _is_cut(text, reason, self.model._llm_type):
            raise ModelFault(Fault.CUT_OFF, reason or "")

    def _streamed(self) -> tuple[str, str | None]:
        """Read a streamed reply; return all of its text, and why it ended where that was said."""
        chunks = self.model.stream(list(self.messages))
        text, reason = "", None
        try:
            for chunk in chunks:
                if self.over.is_set():
                    break
                reason = _reason(chunk) or reason
                piece = str(chunk.text)
                self.started = self.started or bool(piece)
                text += piece
                if piece or _is_alive(chunk):
                    self.queue.put(piece)
        except ValueError as error:
            if text or _NOTHING not in str(error):
                raise
        finally:
            # Closes the connection, by which the server learns that nobody waits any more.
            with suppress(Exception):
                getattr(chunks, "close", lambda: None)()
        return text, reason


def stream_text(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    options: GenerateOptions,
    stop: threading.Event | None = None,
    deadline: float | None = None,
) -> Generator[str, None, None]:
    """Yield the pieces of a model's reply as they come, "" where it only shows that it is alive.

    Ends with the reply, else raises ModelFault: also for a silence or a whole longer than the limits, a reply that was
    cut off, and `stop` being set. Closing the iterator ends the request. `deadline` is of `time.monotonic()`.
    """
    request = _Request(model, messages, options)
    threading.Thread(target=request.run, name="mamori-model", daemon=True).start()
    deadline = time.monotonic() + options.total_seconds if deadline is None else deadline
    try:
        yield from _pieces(request, stop, deadline)
    finally:
        request.over.set()


def _pieces(request: _Request, stop: threading.Event | None, deadline: float) -> Generator[str, None, None]:
    options, length = request.options, 0
    heard = time.monotonic()
    while True:
        try:
            item = request.queue.get(timeout=_WAIT_SECONDS)
        except Empty:
            item = None
        if stop is not None and stop.is_set():
            raise ModelFault(Fault.STOPPED)
        if isinstance(item, _End):
            if item.fault:
                raise item.fault
            return
        now = time.monotonic()
        if item is not None:
            heard, length = now, length + len(item)
            yield item
            now = time.monotonic()
        if now > deadline or length > options.answer_characters:
            raise _slow(request, Fault.TOO_SLOW) if length <= options.answer_characters else ModelFault(Fault.CUT_OFF)
        if item is None and now - heard > options.first_token_seconds:
            raise _slow(request, Fault.TOO_SLOW if length else Fault.NO_FIRST_TOKEN)


def _slow(request: _Request, fault: Fault) -> ModelFault:
    """Return the fault of a reply that takes too long; what the server said before it is asked again goes first."""
    return ModelFault(fault) if request.started or request.refused is None else request.refused


def _reason(chunk: AIMessage) -> str | None:
    metadata: dict[str, Any] = chunk.response_metadata or {}
    return next((str(metadata[name]) for name in _REASONS if metadata.get(name)), None)


def _is_alive(chunk: AIMessageChunk) -> bool:
    """Whether a chunk without text holds thoughts: content of another kind than text."""
    return bool(chunk.content) or bool(chunk.additional_kwargs)


def _is_cut(text: str, reason: str | None, provider: str) -> bool:
    """Whether a reply that came to an end is not all of it."""
    if not text.strip():
        return False
    if reason is None:
        return provider in _SAY_WHY or not text.rstrip(" ").endswith(tuple(_ENDS))
    return reason.lower() in _CUT
