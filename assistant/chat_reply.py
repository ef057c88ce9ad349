"""Ask a chat model, patiently: what may pass is tried again, what will not is one line for the person at the screen.

One policy for every provider: their packages' own is best switched off (`load_chat_model(…, max_retries=0)`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import ModelUnavailable, RequestRefused

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from tenacity import RetryCallState

_ATTEMPTS = 4
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 60.0
_LONGEST_SAYING = 160
# What httpx, on which the packages rest, calls a connection that is refused, breaks, or takes too long.
_NO_REPLY = ("TransportError", "TimeoutException")
_LIKE_A_KEY = re.compile(r"[\w-]{20,}")


def reply(model: BaseChatModel, messages: Sequence[BaseMessage]) -> str:
    """Return what the model says; where that may help it is asked up to four times, with growing pauses.

    Raises RequestRefused where it will not have these messages or replies in no known form, ModelUnavailable where
    nothing can be asked: no reply, no permission, no such model.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    attempts = Retrying(
        retry=retry_if_exception(_may_pass), stop=stop_after_attempt(_ATTEMPTS), wait=pause, reraise=True
    )
    try:
        return str(attempts(model.invoke, list(messages)).text)
    except Exception as error:
        raise _explained(error) from error


def _may_pass(error: BaseException) -> bool:
    """Whether asking again may help. LangChain's providers say so themselves, but for Ollama's."""
    said = getattr(error, "is_retryable", None)
    if isinstance(said, bool):
        return said
    status = _status(error)
    if status is not None:
        return status in (408, 429) or status >= 500
    return isinstance(error, OSError) or any(base.__name__ in _NO_REPLY for base in type(error).__mro__)


def pause(state: RetryCallState) -> float:
    """Return the seconds to wait before the next attempt: what the server asks for, else twice as long each time."""
    error = state.outcome.exception() if state.outcome else None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        asked = float(headers.get("retry-after", ""))
    except ValueError:
        asked = _FIRST_PAUSE_SECONDS * 2.0 ** (state.attempt_number - 1)
    return min(max(0.0, asked), _LONGEST_PAUSE_SECONDS)


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _explained(error: Exception) -> ModelUnavailable:
    """Return the line for an error: what kind it is, and what to look at."""
    status = _status(error)
    what = type(error).__name__ + (f"、HTTP {status}" if status else "")
    if status in (401, 403):
        return ModelUnavailable(f"モデルに断られました（{what}）。APIキー（MAMORI_LLM_API_KEY）を確かめてください。")
    if status == 404:
        return ModelUnavailable(f"モデルが見つかりません（{what}）。モデル名と --base-url を確かめてください。")
    if _may_pass(error):
        return ModelUnavailable(
            f"モデルから返事がありません（{what}）。サーバーが動いているか、--base-url が正しいかを確かめてください。"
        )
    return RequestRefused(
        f"モデルが質問を受け付けないか、返事が読めません（{what}: {_saying(error)}）。"
        "モデルの種類と読める長さ、--base-url を確かめてください。"
    )


def _saying(error: Exception) -> str:
    """Return the beginning of an error's text without anything that may be a key."""
    return _LIKE_A_KEY.sub("…", " ".join(str(error).split()))[:_LONGEST_SAYING]
