"""Tests of the chat page without a browser: what it draws and what it asks of the assistant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.errors import QuestionError
from assistant.models import Turn
from index.errors import IndexingError
from pages import service
from pages.labels import ENGLISH, JAPANESE
from pages.service import Service
from tests.pages.fakes import ANSWERED, HANDBOOK, NOT_FOUND, FakeAssistant


def html(page: AppTest) -> str:
    """Everything that the page shows as HTML, style apart."""
    return "\n".join(element.value for element in page.get("html") if not element.value.startswith("<style"))


def ask(page: AppTest, question: str) -> AppTest:
    """Type a question and send it."""
    return page.chat_input[0].set_value(question).run()


def labels_of_buttons(page: AppTest) -> list[str]:
    """What the buttons say."""
    return [button.label for button in page.button]


@pytest.mark.usefixtures("assistant")
def test_the_empty_page_says_what_this_is(page: AppTest) -> None:
    """This test ensures that purpose, examples, documents and the promise of privacy stand on the empty page."""
    page.run()
    assert not page.exception
    assert JAPANESE.purpose in html(page)
    assert "2026年4月発行 ・ 製菓研究会" in html(page)
    assert {example.label for example in JAPANESE.examples} <= set(labels_of_buttons(page))
    assert JAPANESE.privacy in [caption.value for caption in page.caption]


def test_a_typed_question_is_answered(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that the answer, its sources, passages, timing and text to copy appear, the examples go."""
    ask(page.run(), "粉はどうしますか")
    assert assistant.asked == [("粉はどうしますか", (), None)]
    assert 'href="#mm-0-source-1"' in html(page)
    assert "新しい版があります。" in html(page)
    assert JAPANESE.passages.format(count=2) in [expander.label for expander in page.expander]
    assert JAPANESE.timing.format(retrieve=12, answer=3) in [caption.value for caption in page.caption]
    assert "[2] 製菓研究会" in page.code[0].value
    assert JAPANESE.examples[0].label not in labels_of_buttons(page)
    assert JAPANESE.purpose not in html(page)


def test_an_example_asks_when_pressed(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that one press on an example asks its question."""
    page.run().button(key="mamori_example_0").click().run()
    assert [question for question, _, _ in assistant.asked] == [JAPANESE.examples[0].question]
    assert JAPANESE.examples[0].question in html(page)


def test_earlier_turns_go_along(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that the assistant gets the conversation so far and is asked each question once."""
    ask(ask(page.run(), "一つ目"), "二つ目")
    assert [question for question, _, _ in assistant.asked] == ["一つ目", "二つ目"]
    assert assistant.asked[1][1] == (Turn("user", "一つ目"), Turn("assistant", ANSWERED.text))
    assert 'href="#mm-1-source-1"' in html(page)
    assert html(page).count("mm-question") == 2


def test_drawing_again_does_not_ask_again(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that an answered question is not asked once more when the page is drawn for another reason."""
    ask(page.run(), "一つ目").run()
    assert len(assistant.asked) == 1
    assert html(page).count("mm-question") == 1


def test_suggestions_ask_when_pressed(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that a question that the documents do not answer is followed by ones they do."""
    ask(page.run(), "明日の天気は？")
    assert JAPANESE.not_in_corpus in html(page)
    page.button(key="mamori_suggestion_0_0").click().run()
    assert assistant.asked[-1][0] == NOT_FOUND.suggestions[0]


def test_only_the_chosen_documents_are_searched(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that the choice of documents reaches the assistant."""
    page.run().multiselect[0].select(HANDBOOK.doc_id).run()
    ask(page, "粉はどうしますか")
    assert assistant.asked == [("粉はどうしますか", (), [HANDBOOK.doc_id])]


def test_a_chosen_document_that_is_gone_is_let_go(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that the page survives an index that no longer holds the document chosen before."""
    page.run().multiselect[0].select(HANDBOOK.doc_id).run()
    assistant.documents = (replace(HANDBOOK, doc_id="other"),)
    ask(page, "粉はどうしますか")
    assert not page.exception
    assert assistant.asked[-1][2] is None


def test_a_new_conversation_forgets_the_old(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that nothing said before is shown or passed on afterwards."""
    ask(page.run(), "一つ目").button(key="mamori_new").click().run()
    assert "一つ目" not in html(page)
    assert JAPANESE.purpose in html(page)
    ask(page, "二つ目")
    assert assistant.asked[-1] == ("二つ目", (), None)


@pytest.mark.usefixtures("assistant")
def test_english_on_demand(page: AppTest) -> None:
    """This test ensures that the switch changes every text of the page, the conversation kept."""
    ask(page.run(), "粉はどうしますか").toggle[0].set_value(True).run()
    shown = html(page) + "".join(labels_of_buttons(page))
    assert ENGLISH.sources_heading.format(count=2) in shown
    assert ENGLISH.new_conversation in shown
    assert JAPANESE.new_conversation not in shown
    assert "粉はどうしますか" in shown


@pytest.mark.usefixtures("assistant")
def test_an_english_example_asks_in_japanese(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that an English button asks the question in the documents' language."""
    page.run().toggle[0].set_value(True).run().button(key="mamori_example_0").click().run()
    assert assistant.asked[-1][0] == JAPANESE.examples[0].question


def test_no_index_says_what_to_run(page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This test ensures that without an index the page names the command, and answers once there is one."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(tmp_path))
    page.run()
    assert not page.exception
    assert "`mamori index build`" in page.error[0].value
    assert not page.chat_input
    monkeypatch.setattr(service, "load_service", lambda: Service(FakeAssistant()))
    page.run()
    assert not page.error
    assert page.chat_input


def test_a_damaged_index_is_one_line(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that an error of the index is shown as its one line, its text not read as Markdown."""

    def fail() -> Service:
        raise IndexingError("ファイル ![x](http://evil.example/x) が壊れています。")

    monkeypatch.setattr(service, "load_service", fail)
    page.run()
    assert not page.exception
    assert r"\!\[x\]" in page.error[0].value


def test_a_question_that_fails_costs_itself_only(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that an error is shown in place of its answer, stays out of the history, and is not retried."""
    assistant.error = QuestionError("質問が長すぎます。")
    ask(page.run(), "一つ目")
    assert page.error[0].value == "質問が長すぎます。"
    assistant.error = None
    ask(page, "二つ目")
    assert assistant.asked[-1] == ("二つ目", (), None)
    assert len(assistant.asked) == 2


def test_a_blank_question_is_not_asked(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that white space alone does nothing."""
    ask(page.run(), "　 ")
    assert assistant.asked == []
    assert JAPANESE.purpose in html(page)


def test_the_front_door_opens(assistant: FakeAssistant) -> None:
    """This test ensures that `app.py` itself shows the chat page."""
    front_door = Path(__file__).resolve().parents[2] / "app.py"
    page = AppTest.from_file(str(front_door), default_timeout=30).run()
    assert not page.exception
    assert page.chat_input[0].placeholder == JAPANESE.input_placeholder
