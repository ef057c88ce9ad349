"""Tests of who answers: with and without a language model, follow-ups that a model rewords, what is imported."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.generate import Done, Event, GenerateOptions, Generator, Sources, Text
from assistant.models import Answer, Turn
from assistant.responder import Responder
from assistant.settings import Settings
from assistant.wiring import build_options, with_model
from tests.assistant.generating import ScriptedModel, Step, scripted
from tests.repository import ROOT

QUESTION = "退職者への対策は何をすればよいですか"
HISTORY = (Turn("user", "営業秘密管理とは何ですか"), Turn("assistant", "営業秘密の管理の考え方です。"))
FOLLOW_UP = "その対策は？"
REWORDED = "営業秘密管理の対策は何ですか"
QUICK = GenerateOptions(first_token_seconds=2.0, total_seconds=4.0)


def responder(assistant: Assistant, *scripts: list[Step]) -> tuple[Responder, ScriptedModel]:
    """A responder whose model plays these scripts, and that model."""
    model = scripted(*scripts)
    return Responder(assistant, Generator(model, "openai:scripted", QUICK)), model


def quoting(assistant: Assistant, question: str) -> str:
    """What a good model says to a question: the first sentence of the extractive answer, with its passage's number."""
    return f"{assistant.ask(question).sentences[0].text}[1]"


def last(events: list[Event]) -> Answer:
    """The answer at the end of the events."""
    assert isinstance(events[-1], Done)
    return events[-1].answer


def test_without_a_model_it_is_the_assistant(digest_assistant: Assistant) -> None:
    """This test ensures that nothing changes where no model is set, and that the stream is the answer alone."""
    plain = Responder(digest_assistant)
    answer = plain.ask(QUESTION)
    assert (answer.text, answer.citations) == (lambda a: (a.text, a.citations))(digest_assistant.ask(QUESTION))
    assert (answer.generated, answer.model, plain.model, plain.remote_host) == (False, None, None, None)
    (event,) = plain.stream(QUESTION)
    assert isinstance(event, Done)
    assert plain.documents == digest_assistant.documents


def test_with_a_model_sources_text_and_answer_come(digest_assistant: Assistant) -> None:
    """This test ensures that a question by itself is asked once, and comes as events in their order."""
    asked, model = responder(digest_assistant, [quoting(digest_assistant, QUESTION)])
    events = list(asked.stream(QUESTION))
    assert [type(event) for event in events if not isinstance(event, Text)] == [Sources, Done]
    answer = last(events)
    assert (answer.generated, answer.model, answer.question_by_rule) == (True, "openai:scripted", None)
    assert (len(model.asked), asked.model) == (1, "openai:scripted")
    assert asked.ask(QUESTION).text == answer.text


def test_a_follow_up_is_worded_by_rule_and_by_model(digest_assistant: Assistant) -> None:
    """This test ensures that the model's wording is what is answered, and that the answer tells both wordings."""
    asked, model = responder(digest_assistant, [REWORDED], [quoting(digest_assistant, REWORDED)])
    events = list(asked.stream(FOLLOW_UP, HISTORY))
    answer = last(events)
    assert (answer.question, answer.standalone_question) == (FOLLOW_UP, REWORDED)
    assert answer.question_by_model == REWORDED
    assert answer.question_by_rule == digest_assistant.find(FOLLOW_UP, HISTORY).query.standalone != REWORDED
    assert REWORDED in model.asked[1]
    assert answer.generated
    assert isinstance(events[0], Sources), "nobody waits for the wording without anything to see"
    assert answer.timing.total >= answer.timing.retrieve + answer.timing.answer - 0.01


@pytest.mark.parametrize("said", ["資料には書かれていません。", "罰金は100万円です。", "", "？？？"])
def test_a_wording_that_cannot_be_used_leaves_the_rules(digest_assistant: Assistant, said: str) -> None:
    """This test ensures that a model that says something else than the question costs nothing."""
    asked, _ = responder(digest_assistant, [said], [quoting(digest_assistant, REWORDED)])
    answer = asked.ask(FOLLOW_UP, HISTORY)
    assert (answer.question_by_model, answer.standalone_question) == (None, answer.question_by_rule)


def test_small_talk_is_never_reworded(digest_assistant: Assistant) -> None:
    """This test ensures that a word of thanks is not sent anywhere, though it is short and comes after other turns."""
    asked, model = responder(digest_assistant, ["はい。"])
    assert not asked.ask("ありがとう", HISTORY).generated
    assert model.asked == []


def test_what_the_documents_do_not_hold_is_not_sent(digest_assistant: Assistant) -> None:
    """This test ensures that a question without an answer in the documents stays here, and shows no prompt."""
    asked, model = responder(digest_assistant, ["はい。"])
    assert not asked.ask("来週の大阪の天気を教えて").generated
    assert asked.prompt("来週の大阪の天気を教えて", QUICK) is None
    assert model.asked == []


def test_the_prompt_is_shown_without_a_model(digest_assistant: Assistant) -> None:
    """This test ensures that what would be sent can be read before there is a model to send it to."""
    prompt = Responder(digest_assistant).prompt(QUESTION, QUICK)
    assert prompt is not None
    assert QUESTION in prompt.user
    assert prompt.passages


def test_stopping_and_leaving_end_the_request(digest_assistant: Assistant) -> None:
    """This test ensures that `stop` gives an answer at once, and that a stream that is left is closed."""
    stop = threading.Event()
    asked, _ = responder(digest_assistant, [5.0, "はい。"])
    stop.set()
    assert last(list(asked.stream(QUESTION, stop=stop))).fault == "stopped"
    first = asked.stream(QUESTION)
    assert isinstance(next(first), Sources)
    first.close()  # type: ignore[attr-defined]
    assert list(first) == []


def test_a_question_that_is_none_is_an_error_as_before(digest_assistant: Assistant) -> None:
    """This test ensures that an empty question is refused before any model hears of it."""
    asked, model = responder(digest_assistant, ["はい。"])
    with pytest.raises(QuestionError):
        asked.ask("。。。")
    assert model.asked == []


def test_it_is_a_runnable(digest_assistant: Assistant) -> None:
    """This test ensures that chains can be built on the same answers."""
    chain = Responder(digest_assistant).as_runnable() | (lambda answer: answer.question)
    assert chain.invoke({"question": QUESTION, "history": [["user", "前"]]}) == QUESTION


def test_the_limits_come_from_the_settings(digest_assistant: Assistant, tmp_path: Path) -> None:
    """This test ensures that time and room of the settings reach the model, and that none is loaded unasked."""
    options = build_options(Settings(tmp_path, llm_timeout_seconds=7, llm_characters=900))
    assert (options.first_token_seconds, options.total_seconds, options.passage_characters) == (7, 21, 900)
    assert with_model(digest_assistant, Settings(tmp_path)).model is None


@pytest.mark.slow
def test_without_a_model_nothing_of_its_packages_is_imported() -> None:
    """This test ensures that who sets no model pays for none: neither packages nor our own code around them."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from assistant import wiring\n"
        "from assistant.assistant import Assistant\n"
        "from assistant.settings import Settings\n"
        "wiring.with_model(Assistant.__new__(Assistant), Settings(Path('.')))\n"
        "print(sorted({n for n in sys.modules if n.split('.')[0] in ('langchain', 'langchain_openai',"
        " 'langchain_ollama', 'langchain_core', 'openai', 'ollama', 'httpx') or n == 'assistant.generate'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
