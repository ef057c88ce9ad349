"""A chat model with prepared replies, for what surrounds a language model's answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

Step = str | float | Exception
"""A piece of text, seconds of silence, or an error."""


@dataclass
class ScriptedModel:
    """Plays its scripts one after the other, the last one again and again; `asked` holds the texts it was sent.

    `reason` comes with the last chunk of a script; `closed` counts the streams that were closed before their end.
    """

    scripts: Sequence[Sequence[Step]]
    reason: str | None = "stop"
    asked: list[str] = field(default_factory=list)
    closed: int = 0
    _llm_type: str = "openai-chat"

    def stream(self, messages: Sequence[BaseMessage]) -> Iterator[AIMessageChunk]:
        self.asked.append("\n".join(str(message.text) for message in messages))
        script = self.scripts[min(len(self.asked), len(self.scripts)) - 1]
        try:
            for step in script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, float):
                    time.sleep(step)
                else:
                    yield AIMessageChunk(step)
            if self.reason:
                yield AIMessageChunk("", response_metadata={"finish_reason": self.reason})
        except GeneratorExit:
            self.closed += 1
            raise

    def invoke(self, messages: Sequence[BaseMessage]) -> AIMessage:
        return AIMessage("".join(str(chunk.text) for chunk in self.stream(messages)))


class StatusError(Exception):
    """An error as the providers' packages raise it, with a status."""

    def __init__(self, status: int, said: str = "no") -> None:
        super().__init__(said)
        self.status_code = status


def scripted(*scripts: Sequence[Step], reason: str | None = "stop") -> Any:  # noqa: ANN401 (stands in for a chat model)
    """A chat model that plays these scripts."""
    return ScriptedModel(scripts, reason)
