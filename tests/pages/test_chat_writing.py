"""Tests of the chat page with a language model, without a browser: what is said before, while and after it writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from assistant.models import Turn
from pages import service
from pages.labels import JAPANESE
from pages.service import Service
from tests.pages.fakes import HOST, MODEL, STOPPED, WRITTEN, FakeAssistant, FakeWriter
from tests.pages.test_chat import ask, html

PATIENCE_SECONDS = 30


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> FakeWriter:
    """The language model that the page will ask."""
    fake = FakeWriter()
    monkeypatch.setattr(service, "load_service", lambda: Service(FakeAssistant(), fake))
    return fake


def until(page: AppTest, is_so: Callable[[], bool]) -> AppTest:
    """Draw the page, as it does by itself in a browser, until something is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, html(page)
        page.run()
    assert not page.exception
    return page


def answered(page: AppTest) -> Callable[[], bool]:
    """Whether nothing is being written any more."""
    return lambda: "mm-writing" not in html(page)


def captions(page: AppTest) -> list[str]:
    """The small texts of the page, as they were before they were escaped."""
    return [caption.value.replace("\\", "") for caption in page.caption]


def test_sources_then_text_then_the_answer(page: AppTest, writer: FakeWriter) -> None:
    """This test ensures that the passages given stand there before the text, and the checked answer at the end."""
    ask(page.run(), "粉はどうしますか")
    until(page, lambda: "mm-unfinished" in html(page))
    assert JAPANESE.given.format(count=2) in html(page)
    assert "<strong>粉は</strong>二度ふるいます。" in html(page)
    assert JAPANESE.examples[0].label not in [button.label for button in page.button]
    writer.go_on.set()
    until(page, answered(page))
    assert writer.asked == [("粉はどうしますか", (), None)]
    assert JAPANESE.given.format(count=2) not in html(page)
    assert 'href="#mm-0-source-2"' in html(page)
    assert WRITTEN.notes[0] in html(page)
    assert JAPANESE.written_by.format(model=MODEL) in captions(page)


def test_the_stop_button_keeps_what_came(page: AppTest, writer: FakeWriter) -> None:
    """This test ensures that stopping ends the request and leaves the part that came, which it says."""
    ask(page.run(), "一つ目").button(key="mamori_stop_0").click().run()
    until(page, answered(page))
    assert f'<p class="mm mm-notice" role="status">{STOPPED.notes[0]}</p>' in html(page)
    writer.go_on.set()
    until(ask(page, "二つ目"), answered(page))
    assert writer.asked[1] == ("二つ目", (Turn("user", "一つ目"), Turn("assistant", STOPPED.text)), None)


def test_the_next_question_ends_the_answer_before(page: AppTest, writer: FakeWriter) -> None:
    """This test ensures that a question that comes too early is not lost, nor what there is of the answer before."""
    ask(ask(page.run(), "一つ目"), "二つ目")
    until(page, lambda: len(writer.asked) == 2)
    writer.go_on.set()
    until(page, answered(page))
    assert [question for question, _, _ in writer.asked] == ["一つ目", "二つ目"]
    assert html(page).index("一つ目") < html(page).index(STOPPED.notes[0]) < html(page).index("二つ目")


def test_a_new_conversation_stops_the_writing(page: AppTest, writer: FakeWriter) -> None:
    """This test ensures that nothing goes on being written for a conversation that was left."""
    ask(page.run(), "一つ目").button(key="mamori_new").click().run()
    assert JAPANESE.purpose in html(page)
    until(page, lambda: writer.stopped == 1)
    assert "一つ目" not in html(page)


@pytest.mark.parametrize("expected", [True, False])
def test_an_answer_that_fails_is_one_line(page: AppTest, writer: FakeWriter, expected: bool) -> None:
    """This test ensures that an error ends the wait: ours in its words, any other in ours, without its own."""
    from assistant.errors import QuestionError

    writer.error = QuestionError("質問が長すぎます。") if expected else RuntimeError("sk-secret")
    writer.go_on.set()
    until(ask(page.run(), "一つ目"), answered(page))
    assert page.error[0].value.replace("\\", "") == ("質問が長すぎます。" if expected else JAPANESE.failed)
    writer.error = None
    until(ask(page, "二つ目"), answered(page))
    assert writer.asked[-1] == ("二つ目", (), None)


def test_where_the_question_goes_without_a_model(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that the page says that nothing leaves this machine, and has no switch for a model."""
    page.run()
    assert JAPANESE.local in html(page)
    assert JAPANESE.privacy in captions(page)
    assert [toggle.label for toggle in page.toggle] == ["English"]
    assert "mm-remote" not in html(page)


@pytest.mark.usefixtures("writer")
def test_where_the_question_goes_with_a_model_of_ones_own(page: AppTest) -> None:
    """This test ensures that the page names the model on this machine and says that nothing leaves it."""
    page.run()
    assert JAPANESE.local in html(page)
    assert JAPANESE.privacy_local_model.format(model=MODEL) in captions(page)
    assert "mm-remote" not in html(page)


def test_a_remote_model_is_announced_and_can_be_left_out(page: AppTest, writer: FakeWriter) -> None:
    """This test ensures that the host stands above the input before anything is sent, and the switch sends nothing."""
    writer.remote_host = HOST
    page.run()
    assert JAPANESE.remote.format(host=HOST) in html(page)
    assert JAPANESE.local not in html(page)
    assert JAPANESE.privacy_remote_model.format(host=HOST, model=MODEL) in captions(page)
    page.toggle(key="mamori_model").set_value(False).run()
    assert JAPANESE.local in html(page)
    assert JAPANESE.privacy in captions(page)
    assert HOST not in html(page) + "".join(captions(page))
    ask(page, "粉はどうしますか")
    assert writer.asked == []
    assert 'href="#mm-0-source-1"' in html(page)


def test_a_model_that_cannot_be_used_costs_only_itself(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the page says why, as text, and answers without the model."""
    found = Service(FakeAssistant(), problem="<b>MAMORI_ALLOW_REMOTE=1</b> を設定してください。")
    monkeypatch.setattr(service, "load_service", lambda: found)
    ask(page.run(), "粉はどうしますか")
    assert "&lt;b&gt;MAMORI_ALLOW_REMOTE=1" in html(page)
    assert JAPANESE.without_model in html(page)
    assert 'href="#mm-0-source-1"' in html(page)


def test_the_settings_choose_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a model is asked where one is named, and that one that may not be asked is a line."""
    from assistant import wiring
    from assistant.errors import ModelUnavailable
    from assistant.settings import Settings

    def refuse(*_: object) -> None:
        raise ModelUnavailable("許可がありません。")

    monkeypatch.setattr(wiring, "build_assistant", lambda _: FakeAssistant())
    settings = Settings.from_environment(environment={"MAMORI_DATA_DIR": "nowhere"})
    for found, responder in ((FakeWriter(), True), (replace(FakeWriter(), model=None), False)):
        service._cached.clear()
        monkeypatch.setattr(wiring, "with_model", lambda *_, found=found: found)
        assert (service._cached(settings, "a").writer is found) is responder
    service._cached.clear()
    monkeypatch.setattr(wiring, "with_model", refuse)
    assert service._cached(settings, "a").problem == "許可がありません。"
    service._cached.clear()
