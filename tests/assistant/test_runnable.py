"""Tests of the assistant as a LangChain Runnable."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableLambda

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.models import Answer, AnswerStatus, Turn
from assistant.runnable import as_runnable


def ask(question: str, history: Sequence[Turn] = ()) -> Answer:
    """An answer that tells what was asked."""
    said = " / ".join(f"{turn.role}:{turn.text}" for turn in history)
    return Answer(question, question, said, (), (), (), AnswerStatus.ANSWERED)


@pytest.mark.parametrize(
    "history",
    [
        [["user", "前"], ["assistant", "答え"]],
        [("human", "前"), ("ai", "答え")],
        [Turn("user", "前"), Turn("assistant", "答え")],
        [HumanMessage("前"), AIMessage("答え")],
    ],
)
def test_history_in_all_the_usual_forms(history: list[object]) -> None:
    """This test ensures that pairs, our turns and LangChain's messages are the same conversation."""
    answer = as_runnable(ask).invoke({"question": "では？", "history": history})
    assert (answer.question, answer.text) == ("では？", "user:前 / assistant:答え")


def test_in_a_chain() -> None:
    """This test ensures that it can be composed, batched and streamed like any Runnable."""
    chain = RunnableLambda(lambda text: {"question": text}) | as_runnable(ask) | (lambda answer: answer.question)
    assert chain.invoke("一") == "一"
    assert chain.batch(["一", "二"]) == ["一", "二"]
    assert list(chain.stream("一")) == ["一"]
    assert as_runnable(ask).invoke("一").question == "一"


@pytest.mark.parametrize(
    "given",
    [{}, {"question": 3}, 7, {"question": "？", "history": ["x"]}, {"question": "？", "history": [["robot", "x"]]}],
)
def test_another_input_is_said_in_one_line(given: object) -> None:
    """This test ensures that a wrong form is told with the right one."""
    with pytest.raises(QuestionError, match="渡してください") as caught:
        as_runnable(ask).invoke(given)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_over_a_real_assistant(digest_assistant: Assistant) -> None:
    """This test ensures that the Runnable gives the assistant's own answer."""
    answer = as_runnable(digest_assistant.ask).invoke({"question": "営業秘密とは何ですか"})
    assert answer.citations == digest_assistant.ask("営業秘密とは何ですか").citations
    assert answer.citations
