"""The assistant as a LangChain Runnable: {"question", "history"} in, an Answer out, to build chains on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import QuestionError
from assistant.models import Answer, Turn

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

Ask = Callable[[str, Sequence[Turn]], Answer]
_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "ai": "assistant"}
_FORM = '{"question": "…", "history": [["user", "…"], ["assistant", "…"]]} の形で渡してください。'


def as_runnable(ask: Ask) -> Runnable[Mapping[str, Any] | str, Answer]:
    """Return a Runnable over `ask(question, history)`, such as `Assistant.ask`.

    Its input is a question, or a mapping with "question" and, if there is one, "history": turns as pairs of role and
    text, as `Turn`, or as LangChain's messages. Errors are those of `ask`, and QuestionError for any other input.

        >>> chain = as_runnable(assistant.ask) | (lambda answer: answer.text)
        >>> chain.invoke({"question": "TICSとは何ですか"})
    """
    from langchain_core.runnables import RunnableLambda

    def answer(given: Mapping[str, Any] | str) -> Answer:
        return ask(*_input(given))

    return RunnableLambda(answer, name="mamori")


def _input(given: Mapping[str, Any] | str) -> tuple[str, tuple[Turn, ...]]:
    if isinstance(given, str):
        return given, ()
    question = given.get("question") if isinstance(given, Mapping) else None
    if not isinstance(question, str):
        raise QuestionError(f"question（文字列）がありません。{_FORM}")
    return question, tuple(_turn(turn) for turn in given.get("history") or ())


def _turn(given: object) -> Turn:
    if isinstance(given, Turn):
        return given
    match given:
        case [str(role), str(text)] if role in _ROLES:
            return Turn(_ROLES[role], text)
    kind, said = getattr(given, "type", None), getattr(given, "text", None)
    if kind in _ROLES and isinstance(said, str):
        return Turn(_ROLES[kind], str(said))
    raise QuestionError(f"history の形が違います。{_FORM}")
