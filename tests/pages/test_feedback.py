"""Tests of 👍 and 👎 under an answer: what is stored, and what the person is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.contract import answer_object
from assistant.errors import QuestionError
from assistant.settings import Settings
from eval.feedback import Feedback, Reason, Thumb, feedback_file, read_feedback
from index.manifest import EncoderRecord, Recipe
from index.store import IndexStore
from pages.labels import ENGLISH, JAPANESE
from tests.pages.fakes import ANSWERED, FakeAssistant

pytestmark = pytest.mark.usefixtures("assistant")


@pytest.fixture(autouse=True)
def data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MAMORI_DATA_DIR", str(folder))
    return folder


def ask(page: AppTest, question: str) -> AppTest:
    """Type a question and send it."""
    return page.chat_input[0].set_value(question).run()


def stored(data_dir: Path) -> list[Feedback]:
    """What is on the disk, newest first."""
    return [entry.feedback for entry in read_feedback(feedback_file(data_dir)).entries]


def captions(page: AppTest) -> list[str]:
    """The small texts."""
    return [caption.value for caption in page.caption]


def test_a_thumb_up_is_stored_with_the_answer(page: AppTest, data_dir: Path) -> None:
    """This test ensures that one press stores question, answer and passages as they were, and thanks for it."""
    ask(page.run(), "粉はどうしますか")
    assert JAPANESE.feedback_question in captions(page)
    assert not feedback_file(data_dir).exists()
    page.button(key="mamori_up_0").click().run()
    (said,) = stored(data_dir)
    assert (said.verdict, said.reason, said.comment, said.history) == (Thumb.UP, None, "", ())
    assert said.question == "粉はどうしますか"
    assert said.answer["answer"] == ANSWERED.text
    assert said.answer["passages"] == answer_object(ANSWERED)["passages"]
    assert said.generation is None
    assert JAPANESE.feedback_thanks in captions(page)


def test_a_thumb_down_asks_why(page: AppTest, data_dir: Path) -> None:
    """This test ensures that nothing is stored before the form is sent, then with its reason and text."""
    ask(page.run(), "粉はどうしますか").button(key="mamori_down_0").click().run()
    assert not feedback_file(data_dir).exists()
    assert page.radio[0].options == [JAPANESE.feedback_reason(reason) for reason in Reason]
    page.radio[0].set_value(Reason.WRONGLY_REFUSED)
    page.text_area[0].set_value("  型のことがありません \n")
    page.button(key="FormSubmitter:mamori_feedback_form_0-送る").click().run()
    (said,) = stored(data_dir)
    assert (said.verdict, said.reason, said.comment) == (Thumb.DOWN, Reason.WRONGLY_REFUSED, "型のことがありません")
    assert JAPANESE.feedback_thanks in captions(page)
    assert not page.radio


def test_a_reason_is_no_duty(page: AppTest, data_dir: Path) -> None:
    """This test ensures that 👎 can be sent without a reason or a word."""
    ask(page.run(), "粉はどうしますか").button(key="mamori_down_0").click().run()
    page.button(key="FormSubmitter:mamori_feedback_form_0-送る").click().run()
    (said,) = stored(data_dir)
    assert (said.verdict, said.reason, said.comment) == (Thumb.DOWN, None, "")


def test_the_last_word_about_an_answer_counts(page: AppTest, data_dir: Path) -> None:
    """This test ensures that a slip of the finger can be put right, and that each answer has an entry of its own."""
    ask(ask(page.run(), "一つ目"), "二つ目")
    page.button(key="mamori_up_0").click().run()
    page.button(key="mamori_up_1").click().run()
    page.button(key="mamori_down_0").click().run()
    page.button(key="FormSubmitter:mamori_feedback_form_0-送る").click().run()
    assert [(said.question, said.verdict) for said in stored(data_dir)] == [
        ("一つ目", Thumb.DOWN),
        ("二つ目", Thumb.UP),
    ]


def test_the_turns_before_go_along(page: AppTest, data_dir: Path, assistant: FakeAssistant) -> None:
    """This test ensures that the history is what was answered before this question, not after it, without errors."""
    ask(page.run(), "一つ目")
    assistant.error = QuestionError("質問が長すぎます。")
    ask(page, "だめな質問")
    assistant.error = None
    ask(ask(page, "二つ目"), "三つ目")
    page.button(key="mamori_up_2").click().run()
    (said,) = stored(data_dir)
    assert (said.question, said.history) == ("二つ目", (("user", "一つ目"), ("assistant", ANSWERED.text)))


def test_a_new_conversation_starts_clean(page: AppTest, data_dir: Path) -> None:
    """This test ensures that thanks for an earlier answer do not stand under the first of a new conversation."""
    ask(page.run(), "一つ目").button(key="mamori_up_0").click().run()
    page.button(key="mamori_new").click().run()
    ask(page, "二つ目")
    assert JAPANESE.feedback_thanks not in captions(page)
    page.button(key="mamori_up_0").click().run()
    assert [said.question for said in stored(data_dir)] == ["二つ目", "一つ目"]


def test_a_data_folder_that_cannot_be_written(page: AppTest, data_dir: Path) -> None:
    """This test ensures that the reason is one line, what was typed stays, and sending again works."""
    data_dir.write_text("a file", encoding="utf-8")
    ask(page.run(), "粉はどうしますか").button(key="mamori_down_0").click().run()
    page.text_area[0].set_value("型のこと")
    page.button(key="FormSubmitter:mamori_feedback_form_0-送る").click().run()
    assert not page.exception
    assert "保存できません" in page.error[0].value
    assert "\n" not in page.error[0].value
    assert JAPANESE.feedback_thanks not in captions(page)
    assert page.text_area[0].value == "型のこと"
    data_dir.unlink()
    page.button(key="FormSubmitter:mamori_feedback_form_0-送る").click().run()
    assert not page.error
    assert stored(data_dir)[0].comment == "型のこと"


def test_the_index_that_answered_is_noted(page: AppTest, data_dir: Path) -> None:
    """This test ensures that the generation is the one in use when the answer was drawn, not the one at the press."""
    index = IndexStore(Settings(data_dir).index_dir)
    recipe = Recipe(EncoderRecord("fake", "00ff", 8), {"schema": "1"}, {"words": 1.0}, {"chunks": 2})
    first = index.write({"a.txt": b"a"}, recipe)
    ask(page.run(), "粉はどうしますか")
    index.write({"a.txt": b"b"}, recipe)
    page.button(key="mamori_up_0").click().run()
    assert stored(data_dir)[0].generation == first.generation_id


def test_no_thumbs_under_an_error(page: AppTest, assistant: FakeAssistant) -> None:
    """This test ensures that where there is no answer there is nothing to judge."""
    assistant.error = QuestionError("質問が長すぎます。")
    ask(page.run(), "一つ目")
    assert not [button for button in page.button if str(button.key).startswith("mamori_up")]


def test_in_english(page: AppTest) -> None:
    """This test ensures that thumbs, reasons and thanks follow the language."""
    ask(page.run(), "粉はどうしますか").toggle[0].set_value(True).run()
    page.button(key="mamori_down_0").click().run()
    assert page.radio[0].options[0] == ENGLISH.feedback_wrong_source
    page.button(key="FormSubmitter:mamori_feedback_form_0-Send").click().run()
    assert ENGLISH.feedback_thanks in captions(page)
