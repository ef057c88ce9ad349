"""Tests of the evaluation page in a real browser: from the chat's thumb to the candidate, and marking blind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.feedback import Reason, feedback_file, read_feedback
from eval.marks import marks_file, read_marks
from eval.question_set import read_set
from pages import evaluation
from pages.evaluation_candidate import ADD
from pages.evaluation_feedback import MAKE
from pages.evaluation_marking import SAVE
from pages.labels import JAPANESE
from tests.eval.samples import QUESTION, UNANSWERABLE
from tests.pages import test_browser
from tests.pages.evaluation_runs import ALPHA, BETA, HOSTILE, write_both
from tests.pages.servers import Server, free_port, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
browser, outside, visit = test_browser.browser, test_browser.outside, test_browser.visit
LAPTOP, PHONE = {"width": 1400, "height": 900}, test_browser.PHONE


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two runs."""
    folder = tmp_path_factory.mktemp("data")
    write_both(folder)
    return folder


@pytest.fixture(scope="module")
def server(browser: Browser, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over the stand-in assistant and the two runs, started with the options that `mamori chat` gives."""
    port, script = free_port(), str(Path(__file__).with_name("fake_app.py"))
    options = ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    options += ["--client.showSidebarNavigation", "false", "--server.port", str(port)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAMORI_DATA_DIR", str(data_dir))
        with serve(["-m", "streamlit", "run", script, *options], port, tmp_path_factory.mktemp("server")) as started:
            yield started


def to_evaluation(page: Page) -> None:
    """Follow the link in the sidebar."""
    page.get_by_role("link", name="評価").click()
    page.get_by_role("heading", name="評価", exact=True).wait_for()


def settle(page: Page) -> None:
    """Wait until the server has drawn all of this run, and the browser what it was sent."""
    page.wait_for_timeout(200)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)


def to_view(page: Page, name: str) -> None:
    """Go to a view and wait until its choice has reached the server."""
    page.get_by_test_id("stRadio").first.locator("label").filter(has_text=name).click()
    settle(page)


def choose_both(page: Page) -> None:
    """Choose beta's run beside alpha's."""
    page.get_by_role("combobox", name="比べる相手").click()
    page.get_by_role("option").filter(has_text=BETA).click()
    page.get_by_role("heading", name="比較").wait_for()


def press(page: Page, name: str) -> None:
    """Click the button of that name once there is one: while Streamlit draws anew, the old one stands beside it."""
    from playwright.sync_api import expect

    button = page.get_by_role("button", name=name)
    expect(button).to_have_count(1)
    button.click()


def test_runs_are_looked_at(server: Server, visit: Callable[..., Page], outside: list[str]) -> None:
    """This test ensures that figures, picture, filter and an opened question come up and nothing leaves the machine."""
    page = visit(server, LAPTOP)
    to_evaluation(page)
    page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first.wait_for()
    choose_both(page)
    to_view(page, evaluation.QUESTIONS)
    page.get_by_label("質問、要点、IDから探す").fill("献立")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=QUESTION.question).wait_for(state="detached")
    press(page, UNANSWERABLE.question)
    page.get_by_role("heading", name=BETA).wait_for()
    # The answers are drawn after their heading.
    page.locator(".stMain").get_by_text("カレーです。").first.wait_for()
    assert page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').offsetWidth") > 900
    assert outside == []
    assert server.attempts() == []


def test_two_answers_are_marked_blind(
    server: Server, visit: Callable[..., Page], outside: list[str], data_dir: Path
) -> None:
    """This test ensures that where answers are marked the whole page names no system, and that the marks are stored."""
    page = visit(server, LAPTOP)
    to_evaluation(page)
    choose_both(page)
    to_view(page, evaluation.MARKING)
    page.get_by_label("評価する人の名前").fill("TN")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="回答 B").wait_for()
    settle(page)
    for _ in range(3):
        everything = page.content() + page.title() + page.url
        assert not [name for name in (ALPHA, BETA, "2026-01-05", "1f2e3d4c") if name in everything]
        for group in page.get_by_role("radiogroup").all()[1:]:
            group.locator("label").last.click()
        done = page.get_by_text("問に評価を付けました。").inner_text()
        press(page, SAVE)
        page.get_by_text(done).wait_for(state="detached")
        settle(page)
    page.get_by_text("すべての質問に評価を付けました。").wait_for()
    assert len(read_marks(marks_file(data_dir)).entries) == 6
    to_view(page, evaluation.AGREEMENT)
    page.get_by_role("cell", name="TN", exact=True).first.wait_for()
    assert outside == []


def test_from_a_thumb_to_a_candidate(
    server: Server, visit: Callable[..., Page], outside: list[str], data_dir: Path
) -> None:
    """This test ensures that a thumb down in the chat becomes a question of a set, the chat still there afterwards."""
    page = visit(server, LAPTOP)
    test_browser.ask(page, f"粉はどうしますか {HOSTILE}")
    press(page, JAPANESE.feedback_down)
    page.get_by_text(JAPANESE.feedback_incomplete, exact=True).click()
    page.get_by_role("textbox", name=JAPANESE.feedback_comment).fill(HOSTILE)
    press(page, JAPANESE.feedback_send)
    page.get_by_text(JAPANESE.feedback_thanks).wait_for()
    (entry,) = read_feedback(feedback_file(data_dir)).entries
    assert (entry.feedback.reason, entry.feedback.comment) == (Reason.INCOMPLETE, HOSTILE)

    to_evaluation(page)
    to_view(page, evaluation.FEEDBACK)
    press(page, MAKE)
    page.get_by_role("textbox", name="模範解答").fill("二度ふるいます。")
    page.get_by_test_id("stDataFrame").wait_for()
    press(page, ADD)
    page.get_by_text("に追加しました。").wait_for()
    (question,) = read_set(data_dir / "eval" / "questions" / "candidates.jsonl").questions
    assert question.reference_answer == "二度ふるいます。"
    assert not page.locator("img[src*=evil], a[href*=evil]").count()

    page.get_by_role("link", name="チャット").click()
    page.locator("a.mm-marker").first.wait_for()
    assert outside == []


def test_a_phone_shows_it_all(server: Server, visit: Callable[..., Page]) -> None:
    """This test ensures that no view is wider than a phone; wide tables scroll by themselves."""
    page = visit(server, LAPTOP, color_scheme="dark")
    to_evaluation(page)
    choose_both(page)
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(500)
    for name in (evaluation.OVERVIEW, evaluation.QUESTIONS, evaluation.MARKING, evaluation.AGREEMENT):
        to_view(page, name)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE["width"], name
