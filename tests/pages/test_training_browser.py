"""Tests of the training page in a real browser: from the choice to an edited deck, and a quiz to its result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pages.training_making import MADE, MAKE_IT
from pages.training_question import CHECK, NEXT, TO_RESULT
from pages.training_quiz import DROP, EDIT, EXCHANGE
from pages.training_state import FILES, MAKE, QUIZ, READ, STUDY, VIEWS
from pages.training_study import START, STOP
from tests.pages import test_browser
from tests.pages.servers import Server, free_port, serve
from training.study import read_results, results_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
browser, outside, visit = test_browser.browser, test_browser.outside, test_browser.visit
MINUTES = 3 * 60_000
NEW_STEM = "図面を求められたら、まず何をしますか。"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the page works on."""
    return tmp_path_factory.mktemp("training") / "data"


@pytest.fixture(scope="module")
def server(browser: Browser, data_dir: Path) -> Iterator[Server]:
    """`mamori chat` over an index of the bundled digest."""
    folder, port = data_dir.parent, free_port()
    with serve(["-m", "cli", "chat", "--port", str(port), *test_browser.built(folder)], port, folder) as started:
        yield started


def settle(page: Page) -> None:
    """Wait until the server has drawn all of this run, and the browser what it was sent."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)


def to_view(page: Page, view: str) -> None:
    """Follow the link in the sidebar to one of the views."""
    if not page.get_by_role("heading", name="研修", exact=True).count():
        page.get_by_role("link", name="研修").click()
    choice = page.get_by_test_id("stRadio").first.locator("label").filter(has_text=view)
    choice.wait_for(timeout=MINUTES)
    settle(page)
    choice.click()
    settle(page)


def press(page: Page, name: str, place: Locator | None = None) -> None:
    """Click the button of that name, and wait until all is drawn."""
    (place or page).get_by_role("button", name=name, exact=True).first.click()
    settle(page)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from the list of that label."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def made(page: Page) -> None:
    """Make a pack of a theme, an audience and a length."""
    to_view(page, MAKE)
    choose(page, "テーマ", "すり合わせ")
    choose(page, "対象者", "営業")
    page.get_by_role("radiogroup", name="時間").locator("label").filter(has_text="30分").click()
    settle(page)
    press(page, MAKE_IT)
    page.get_by_text(MADE).wait_for(timeout=MINUTES)
    settle(page)


def item(page: Page, number: int) -> Locator:
    """The frame of an item in the editing view."""
    return page.locator(f".st-key-mamori_training_item_{number}")


def stem_of(page: Page, number: int) -> str:
    """What an item asks."""
    return item(page, number).locator(".mm-asked").inner_text()


def test_from_the_choice_to_an_edited_deck(
    server: Server, visit: Callable[..., Page], outside: list[str], tmp_path: Path
) -> None:
    """This test ensures that what was chosen, edited, dropped and exchanged is what the downloaded deck holds."""
    from pptx import Presentation

    page = visit(server)
    made(page)
    assert page.locator(".mm-pack-title").inner_text() == "すり合わせに伴う技術流出 ― 営業向け（30分）"
    marker = page.locator("a.mm-marker").first
    marker.click()
    page.locator("details.mm-card[open] mark").first.wait_for()

    to_view(page, QUIZ)
    dropped = stem_of(page, 2) + item(page, 2).locator(".mm-answers").inner_text()
    count = page.locator(".mm-asked").count()
    press(page, f"問2を {DROP}")
    page.locator(".mm-asked").nth(count - 1).wait_for(state="detached")
    assert stem_of(page, 2) + item(page, 2).locator(".mm-answers").inner_text() != dropped
    before = item(page, 3).inner_text()
    press(page, f"問3を {EXCHANGE}")
    assert item(page, 3).inner_text() != before
    old = stem_of(page, 1)
    press(page, f"問1を {EDIT}")
    field = page.get_by_role("textbox", name="問1の問題文")
    field.fill(NEW_STEM)
    field.press("Tab")
    item(page, 1).locator(".mm-edited").wait_for()
    settle(page)
    to_view(page, READ)
    to_view(page, QUIZ)
    assert stem_of(page, 1) == NEW_STEM
    kept = [stem_of(page, number) for number in range(1, count)]

    to_view(page, FILES)
    press(page, "PowerPoint（スライド）を 用意する")
    save = page.get_by_role("button", name="PowerPoint（スライド）を 保存する")
    save.wait_for(timeout=MINUTES)
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "すり合わせに伴う技術流出 ― 営業向け（30分）.pptx"
    download.value.save_as(tmp_path / "deck.pptx")
    slides = Presentation(str(tmp_path / "deck.pptx")).slides
    texts = ["\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame) for slide in slides]
    everything = "".join("".join(texts).split())
    assert all("".join(stem.split()) in everything for stem in kept)
    assert "講師が編集" in everything
    assert kept[0] == NEW_STEM != old
    assert outside == []
    assert server.attempts() == []


def test_a_quiz_of_three_to_its_result(
    server: Server, visit: Callable[..., Page], outside: list[str], data_dir: Path
) -> None:
    """This test ensures that three answers are explained with their sources, and that the result is kept and shown."""
    page = visit(server)
    to_view(page, STUDY)
    press(page, START)
    for number in range(3):
        page.get_by_role("button", name=CHECK).wait_for(timeout=MINUTES)
        assert f"{number + 1} / 5 問" in page.get_by_test_id("stProgress").inner_text()
        assert not page.locator(".stMain a.mm-marker").count()
        answered(page)
        page.locator(".mm-verdict").wait_for()
        assert page.locator(".mm-card").count()
        settle(page)
        press(page, NEXT if number < 2 else STOP)
    page.locator(".mm-score").wait_for()
    (kept,) = read_results(results_file(data_dir)).entries
    assert len(kept.items) == 3
    assert f"{kept.right} / 3" in page.locator(".mm-score").inner_text()
    assert page.locator(".mm-reread > li").count() or kept.right == 3
    press(page, "ほかのクイズにする")
    page.get_by_role("heading", name="これまでの結果").wait_for()
    assert page.get_by_role("button", name=TO_RESULT).count() == 0
    assert outside == []


def answered(page: Page) -> None:
    """Answer whatever is asked: the first option, or everything in the order in which it is offered."""
    groups = page.locator(".stMain").get_by_role("radiogroup")
    if groups.count() > 1:
        groups.nth(1).locator("label").first.click()
        settle(page)
    boxes = page.locator(".stMain").get_by_role("combobox")
    for at in range(boxes.count()):
        boxes.nth(at).click()
        page.get_by_role("option").nth(at).click()
        settle(page)
    press(page, CHECK)


def test_the_keyboard_is_enough(server: Server, visit: Callable[..., Page]) -> None:
    """This test ensures that a question can be answered without a mouse."""
    page = visit(server)
    to_view(page, STUDY)
    choose(page, "学ぶテーマ", "まず最初にやるべき対策")
    page.get_by_role("button", name=START).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=CHECK).wait_for(timeout=MINUTES)
    settle(page)
    groups = page.locator(".stMain").get_by_role("radiogroup")
    if groups.count() > 1:
        groups.nth(1).get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        settle(page)
    boxes = page.locator(".stMain").get_by_role("combobox")
    for at in range(boxes.count()):
        boxes.nth(at).focus()
        for _ in range(at + 1):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        settle(page)
    page.get_by_role("button", name=CHECK).focus()
    page.keyboard.press("Enter")
    page.locator(".mm-verdict").wait_for()


def test_a_phone_shows_it_all(server: Server, visit: Callable[..., Page]) -> None:
    """This test ensures that no view is wider than a phone."""
    page = visit(server, color_scheme="dark")
    made(page)
    page.set_viewport_size(test_browser.PHONE)
    for name in VIEWS:
        to_view(page, name)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert width <= test_browser.PHONE["width"], name


def test_an_address_opened_first(data_dir: Path, browser: Browser, server: Server, tmp_path: Path) -> None:
    """This test ensures that the page's own address works with a server that nobody has visited yet."""
    port = free_port()
    command = ["-m", "cli", "chat", "--port", str(port), "--data-dir", str(data_dir)]
    with serve(command, port, tmp_path) as fresh:
        page = browser.new_page(locale="ja-JP")
        page.goto(f"{fresh.url}/training")
        page.get_by_role("button", name=MAKE_IT).wait_for(timeout=MINUTES)
        page.close()
