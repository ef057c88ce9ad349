"""Tests of the answer by a language model, over the bundled digest and a model with prepared replies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant import chat_reply
from assistant.assistant import Assistant
from assistant.compose.found import Found
from assistant.contract import answer_object
from assistant.generate import Done, Event, GenerateOptions, Generator, Sources, Text, build_prompt, shown
from assistant.generate.faults import Fault, ModelFault
from assistant.generate.notes import fault_note
from assistant.models import Answer, AnswerStatus, Support, Turn
from assistant.question import Language
from tests.assistant.generating import ScriptedModel, StatusError, Step, scripted
from tests.llm_personalities import passages_in
from tests.repository import ROOT

QUESTION = "営業秘密の要件は何ですか"
ENGLISH = "What should we do about trade secrets?"
NAME = "openai:scripted"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the growing pauses be short."""
    monkeypatch.setattr(chat_reply, "_FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture(scope="module")
def asked(digest_assistant: Assistant) -> tuple[Found, Answer]:
    """What was found for the question, and the extractive answer."""
    return digest_assistant.find(QUESTION), digest_assistant.ask(QUESTION)


def sentences(found: Found, extractive: Answer, count: int) -> list[str]:
    """Statements that the first passages of the prompt hold, with their markers."""
    prompt = build_prompt(found, extractive)
    whole = [(p.number, s) for p in passages_in(prompt.user) for s in p.sentences if s.endswith("。")]
    return [f"{sentence}[{number}]" for number, sentence in whole[:count]]


def events(model: ScriptedModel, asked: tuple[Found, Answer], options: GenerateOptions | None = None) -> list[Event]:
    """All events of one answer."""
    return list(Generator(model, NAME, options).stream(*asked))  # type: ignore[arg-type]


def answer(model: ScriptedModel, asked: tuple[Found, Answer], options: GenerateOptions | None = None) -> Answer:
    """The answer at the end."""
    return Generator(model, NAME, options).answer(*asked)  # type: ignore[arg-type]


def is_extractive(given: Answer, extractive: Answer, fault: Fault) -> bool:
    """Whether an answer is the extractive one, with a note in front that says what happened and what to do."""
    note, *rest = given.notes
    assert (given.fault, given.generated, given.model) == (fault.value, False, NAME)
    assert "\n" not in note
    assert "ください" in note or "お試し" in note
    assert tuple(rest) == extractive.notes
    return (given.text, given.citations, given.sentences) == (
        extractive.text,
        extractive.citations,
        extractive.sentences,
    )


def test_sources_come_before_anything_is_asked(asked: tuple[Found, Answer]) -> None:
    """This test ensures that the first event are the sources, at once, before the model has been asked."""
    model = scripted([0.2, "はい。"])
    stream = Generator(model, NAME).stream(*asked)
    start = time.perf_counter()
    first = next(stream)
    assert time.perf_counter() - start < 0.3
    assert isinstance(first, Sources)
    assert model.asked == []
    assert [source.number for source in first.sources] == list(range(1, len(first.sources) + 1))
    assert first.model == NAME
    stream.close()  # type: ignore[attr-defined]


def test_a_good_answer(asked: tuple[Found, Answer]) -> None:
    """This test ensures that a supported answer is streamed by sentences, verified, and told as generated."""
    said = sentences(*asked, 3)
    sources, *texts, done = events(scripted(list("\n".join(said))), asked)
    assert isinstance(sources, Sources)
    assert isinstance(done, Done)
    assert [type(text) for text in texts] == [Text] * len(texts)
    assert len(texts) > 1
    given = done.answer
    assert (given.generated, given.model, given.fault, given.status) == (True, NAME, None, AnswerStatus.ANSWERED)
    assert {sentence.status for sentence in given.sentences} <= {Support.VERBATIM, Support.SUPPORTED}
    streamed = "".join(text.delta for text in texts if isinstance(text, Text))
    assert given.text.startswith(streamed.strip())
    markers = {citation.marker for citation in given.citations}
    assert all(set(sentence.markers) <= markers for sentence in given.sentences)
    assert given.timing.total > asked[1].timing.total


def test_the_object_for_other_programs(asked: tuple[Found, Answer]) -> None:
    """This test ensures that the added fields are there, with and without a model, and nothing else is renamed."""
    generated = answer_object(answer(scripted(["\n".join(sentences(*asked, 2))]), asked))
    plain = answer_object(asked[1])
    assert generated.keys() == plain.keys()
    assert (plain["generated"], plain["model"], plain["fault"], plain["dropped_facts"]) == (False, None, None, [])
    assert (generated["generated"], generated["model"]) == (True, NAME)


def test_dropped_facts_are_listed_with_their_sources(digest_assistant: Assistant) -> None:
    """This test ensures that a number that only the extractive answer gives stands under the answer, cited."""
    question = "INPITの営業秘密支援窓口の電話番号を教えてください"
    asked = digest_assistant.find(question), digest_assistant.ask(question)
    said = [s for s in sentences(*asked, 30) if not any(character.isdigit() for character in s[:-3])][:2]
    given = answer(scripted(["\n".join(said)]), asked)
    assert given.generated
    assert given.dropped_facts
    numbers = {citation.marker: citation for citation in given.citations}
    assert len(numbers) == len(given.citations)
    for fact in given.dropped_facts:
        assert fact in given.sentences
        assert f"- {fact.text} [{fact.markers[0]}]" in given.text
        assert set(fact.markers) <= numbers.keys()


def test_more_than_a_third_unsupported(asked: tuple[Found, Answer]) -> None:
    """This test ensures that an answer that the documents do not carry is not shown, and that this is said."""
    said = [*sentences(*asked, 1), "罰金は9億8765万円です。[1]", "期限は2031年4月1日です。[2]"]
    given = answer(scripted(["\n".join(said)]), asked)
    assert is_extractive(given, asked[1], Fault.UNSUPPORTED)
    assert "3文のうち2文" in given.notes[0]


def test_a_sentence_without_support_is_marked(asked: tuple[Found, Answer]) -> None:
    """This test ensures that a few unsupported sentences are shown as such, in the text and in a note."""
    said = [*sentences(*asked, 4), "罰金は9億8765万円です。[1]"]
    given = answer(scripted(["\n".join(said)]), asked)
    assert given.generated
    assert [s.text for s in given.sentences if s.status is Support.UNSUPPORTED] == ["罰金は9億8765万円です。"]
    assert "罰金は9億8765万円です。 （※資料で確かめられません）" in given.text
    assert any("確かめられない文が 1 文" in note for note in given.notes)


def test_markers_that_lead_nowhere_are_counted(asked: tuple[Found, Answer]) -> None:
    """This test ensures that invented markers are gone, counted and told."""
    said = [f"{sentence}[98]" for sentence in sentences(*asked, 2)]
    given = answer(scripted(["\n".join(said)]), asked)
    assert given.removed_markers == 2
    assert "[98]" not in given.text
    assert any("2 個取り除きました" in note for note in given.notes)


def test_the_model_says_that_the_documents_do_not_say(asked: tuple[Found, Answer]) -> None:
    """This test ensures that a model's refusal is one, with what was found all the same under it."""
    given = answer(scripted(["資料には書かれていません。"]), asked)
    assert (given.status, given.generated, given.fault) == (AnswerStatus.NOT_IN_CORPUS, True, None)
    assert given.text.startswith("資料には書かれていません。")
    assert {c.marker for c in given.citations} == {m for fact in given.dropped_facts for m in fact.markers}


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ([StatusError(401)], Fault.NOT_PERMITTED),
        ([StatusError(404)], Fault.UNKNOWN_MODEL),
        ([StatusError(429)], Fault.BUSY),
        ([StatusError(503)], Fault.SERVER_ERROR),
        ([StatusError(400)], Fault.REFUSED),
        ([StatusError(400, "maximum context length is 10 tokens")], Fault.TOO_LONG),
        ([ConnectionRefusedError()], Fault.UNREACHABLE),
        ([ValueError("bad chunk")], Fault.MALFORMED),
        ([""], Fault.EMPTY),
        (["  \n"], Fault.EMPTY),
        (["<think>考え中"], Fault.EMPTY),
        (["根据文件，企业应当采取措施防止技术外流，并与员工签订保密协议。[1]"], Fault.WRONG_LANGUAGE),
        (["Companies should sign confidentiality agreements with all of their staff [1]. "], Fault.WRONG_LANGUAGE),
        ([3.0, "はい。"], Fault.NO_FIRST_TOKEN),
        (["はい", 3.0], Fault.TOO_SLOW),
        (["営業秘密は", RuntimeError("connection lost")], Fault.CUT_OFF),
    ],
)
def test_faults(asked: tuple[Found, Answer], script: Sequence[Step], fault: Fault) -> None:
    """This test ensures that whatever goes wrong the extractive answer is there, soon, with one line about it."""
    start = time.monotonic()
    given = answer(scripted(script), asked, GenerateOptions(first_token_seconds=0.3, total_seconds=1.0))
    assert is_extractive(given, asked[1], fault)
    assert time.monotonic() - start < 2.0


@pytest.mark.parametrize(
    ("end", "fault"),
    [
        (RuntimeError("connection lost"), Fault.CUT_OFF),
        (StatusError(500), Fault.CUT_OFF),
        (ValueError("Expecting value"), Fault.CUT_OFF),
        (3.0, Fault.TOO_SLOW),
    ],
)
def test_a_broken_stream_keeps_what_came(asked: tuple[Found, Answer], end: Step, fault: Fault) -> None:
    """This test ensures that whole sentences that came are shown, verified, without the half one, and it is said."""
    said = sentences(*asked, 2)
    given = answer(
        scripted([*said, "\n罰金は9億", end]), asked, GenerateOptions(first_token_seconds=0.3, total_seconds=1.0)
    )
    assert (given.generated, given.fault) == (True, fault.value)
    assert len(given.sentences) == 2
    assert "9億" not in given.text
    assert "届いたところまで" in given.notes[0]
    assert given.dropped_facts == ()


def test_stop_keeps_what_came(asked: tuple[Found, Answer]) -> None:
    """This test ensures that the stop button ends the request at once and the answer so far stays."""
    said, stop = sentences(*asked, 3), threading.Event()
    model = scripted([said[0], "\n", said[1], "\n", *[0.1] * 30, said[2]])
    given = None
    for event in Generator(model, NAME).stream(*asked, stop=stop):
        if isinstance(event, Text):
            stop.set()
        if isinstance(event, Done):
            given = event.answer
    assert given is not None
    assert (given.fault, given.generated, len(model.asked)) == ("stopped", True, 1)
    assert given.sentences
    assert said[2].partition("。")[0] not in given.text
    assert given.notes[0].startswith("停止しました。")


def test_stop_before_anything_came(asked: tuple[Found, Answer]) -> None:
    """This test ensures that a stop during the wait gives the extractive answer."""
    stop = threading.Event()
    stop.set()
    *_, done = Generator(scripted([5.0, "はい。"]), NAME).stream(*asked, stop=stop)
    assert isinstance(done, Done)
    assert (done.answer.text, done.answer.fault) == (asked[1].text, "stopped")


def test_too_long_is_asked_once_more_with_fewer_passages(asked: tuple[Found, Answer]) -> None:
    """This test ensures that a context that is too short costs passages from the end, counted, not the answer."""
    model = scripted([StatusError(400, "maximum context length")], ["\n".join(sentences(*asked, 2))])
    given = answer(model, asked)
    first, second = (len(passages_in(text)) for text in model.asked)
    assert 0 < second < first
    assert given.generated
    assert given.dropped_passages == first - second
    assert any(f"{first - second} 件は言語モデルに渡していません" in note for note in given.notes)


def test_the_budget(asked: tuple[Found, Answer]) -> None:
    """This test ensures that passages are dropped from the end and counted, and at least one is sent."""
    everything = build_prompt(*asked)
    assert everything.dropped == 0
    for budget in (6000, 2000, 300, 10):
        prompt = build_prompt(*asked, options=GenerateOptions(passage_characters=budget))
        kept = len(prompt.passages)
        assert kept == len(passages_in(prompt.user)) or budget == 10
        assert kept + prompt.dropped == len(everything.passages)
        assert list(prompt.passages.items()) == list(everything.passages.items())[:kept]
        assert kept >= 1
        assert len(prompt.user) < budget + 700


def test_the_conversation_is_bounded_and_without_markers(asked: tuple[Found, Answer]) -> None:
    """This test ensures that the last turns are sent, shortened, and no number of an earlier answer with them."""
    history = [Turn("user" if n % 2 else "assistant", f"発言{n}。[{n}] " + "あ" * 3000) for n in range(40)]
    prompt = build_prompt(*asked, history)
    block = prompt.user[: prompt.user.index("[passage 1")]
    assert len(block) < 2300
    assert "発言39" in block
    assert "発言33" not in block
    assert "[39]" not in block
    assert shown(prompt).startswith("# system\n")


def test_every_prompt_has_another_fence(asked: tuple[Found, Answer]) -> None:
    """This test ensures that no document can know the word of its fence, even one that holds the first one drawn."""
    assert build_prompt(*asked).user != build_prompt(*asked).user
    drawn = iter(["営業秘密", "0123456789abcdef"])
    assert "[passage 1 0123456789abcdef]" in build_prompt(*asked, fence=lambda: next(drawn)).user


def test_no_call_without_need(digest_assistant: Assistant) -> None:
    """This test ensures that a greeting, or what the documents do not answer, is not sent to a model."""
    model = scripted(["はい。"])
    for question in ("こんにちは", "明日の天気を教えてください"):
        extractive = digest_assistant.ask(question)
        assert events(model, (digest_assistant.find(question), extractive)) == [Done(extractive)]
    assert model.asked == []


def test_what_was_refused_needs_full_support(asked: tuple[Found, Answer]) -> None:
    """This test ensures that a model may only answer what was refused with sentences that are all supported."""
    options = GenerateOptions(ask_when_refused=True)
    refused = replace(asked[1], status=AnswerStatus.NOT_IN_CORPUS, citations=(), sentences=(), text="ありません。")
    said = sentences(asked[0], refused, 4)
    good = answer(scripted(["\n".join(said)]), (asked[0], refused), options)
    assert (good.generated, good.status) == (True, AnswerStatus.ANSWERED)
    bad = answer(scripted(["\n".join([*said, "罰金は9億8765万円です。[1]"])]), (asked[0], refused), options)
    assert (bad.generated, bad.status, bad.fault) == (False, AnswerStatus.NOT_IN_CORPUS, "unsupported")


def test_an_english_question(digest_assistant: Assistant) -> None:
    """This test ensures that rules, task and notes are in the language of the question."""
    asked = digest_assistant.find(ENGLISH), digest_assistant.ask(ENGLISH)
    assert asked[1].status is AnswerStatus.ANSWERED
    model = scripted([StatusError(401)])
    given = answer(model, asked)
    assert given.notes[0].startswith("The language model refused us (StatusError, HTTP 401). Check the API key.")
    assert "in English" in model.asked[0]


@pytest.mark.parametrize("language", list(Language))
def test_every_fault_has_a_line(language: Language) -> None:
    """This test ensures that no kind of fault is without words, kept or not, in either language."""
    for fault in Fault:
        for kept in (True, False):
            line = fault_note(ModelFault(fault, "X, HTTP 400"), language, kept=kept)
            assert "{" not in line
            assert "\n" not in line


def test_without_a_model_nothing_of_langchain_is_loaded() -> None:
    """This test ensures that the default installation neither needs nor waits for the providers' packages."""
    code = (
        "import sys, assistant.generate, assistant.rewrite, assistant.runnable, assistant.wiring\n"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('langchain', 'langchain_core', 'langchain_openai', 'langchain_ollama', 'openai', 'ollama', 'httpx')])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
