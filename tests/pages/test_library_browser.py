"""Tests of the library page in a real browser: from an upload to an answer that cites it, and its removal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.history import read_changes
from assistant.settings import Settings
from assistant.uploads import uploads
from pages.library_list import REMOVE
from pages.library_reader import ADD, READER
from pages.library_upload import TAKE
from pages.library_views import LIST, VIEWS
from tests.pages import test_browser
from tests.pages.servers import Server, free_port, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
browser, outside, visit = test_browser.browser, test_browser.outside, test_browser.visit
MINUTES = 3 * 60_000
TITLE = "猫車の点検要領"
TEXT = f"""\
# {TITLE}

## 点検の頻度

猫車の車輪は、毎週月曜日に整備課が点検します。<img src=http://evil.example/x>

## 記録

点検の結果は、黄色い点検簿に三年間残します。
"""
QUESTION = "猫車の車輪の点検について教えてください"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the data folder that the page works on."""
    return Settings(tmp_path_factory.mktemp("library") / "data")


@pytest.fixture(scope="module")
def server(browser: Browser, settings: Settings) -> Iterator[Server]:
    """`mamori chat` over an index of one small document."""
    folder, port = settings.data_dir.parent, free_port()
    document = folder / "cakes.md"
    document.write_text(test_browser.CAKES, encoding="utf-8")
    with serve(
        ["-m", "cli", "chat", "--port", str(port), *test_browser.built(folder, document)], port, folder
    ) as started:
        yield started


def settle(page: Page) -> None:
    """Wait until the server has drawn all of this run, and the browser what it was sent."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)


def to_library(page: Page, view: str) -> None:
    """Follow the link in the sidebar to one of the views."""
    if not page.get_by_role("heading", name="資料", exact=True).count():
        page.get_by_role("link", name="資料").click()
    choice = page.get_by_test_id("stRadio").first.locator("label").filter(has_text=view)
    choice.wait_for(timeout=MINUTES)
    settle(page)
    choice.click()
    settle(page)


def to_chat(page: Page) -> None:
    """Follow the link in the sidebar to the chat, and wait until what was said so far is drawn again."""
    page.get_by_role("link", name="チャット").click()
    page.get_by_test_id("stChatInputTextArea").wait_for()
    page.locator(".mm-question").first.wait_for()
    settle(page)


def test_from_an_upload_to_its_removal(
    server: Server, visit: Callable[..., Page], outside: list[str], settings: Settings, tmp_path: Path
) -> None:
    """This test ensures that an uploaded file is answered from at once, looked at, and gone after its removal."""
    good, bad = tmp_path / "猫車.md", tmp_path / "壊れ.docx"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"\x00\x01 no document")
    page = visit(server)
    test_browser.ask(page, QUESTION)
    assert "月曜日" not in page.locator(".stMain").inner_text()

    to_library(page, ADD)
    page.locator("input[type=file]").set_input_files([good, bad])
    page.get_by_role("button", name=f"{TAKE}（2件）").click()
    page.get_by_text("加えた文書 1件").wait_for(timeout=MINUTES)
    assert page.locator(".mm-became .mm-state-bad").count() == 1
    assert [path.name for path in uploads(settings)] == ["猫車.md"]

    to_chat(page)
    test_browser.ask(page, QUESTION)
    assert "毎週月曜日に整備課が点検します" in page.locator("[data-testid=stChatMessage]").last.inner_text()
    assert page.locator(".mm-card .mm-small").filter(has_text=TITLE).count()

    to_library(page, LIST)
    blocks = page.locator("[data-testid=stVerticalBlock]").filter(has_text=TITLE)
    row = blocks.filter(has=page.get_by_role("button", name=READER)).last
    row.get_by_role("button", name=READER).click()
    page.locator(".mm-chunk").first.wait_for()
    to_library(page, LIST)
    row.get_by_role("button", name=f"{REMOVE}…").click()
    page.get_by_text("を索引から取り除きますか").wait_for()
    page.get_by_role("button", name=REMOVE, exact=True).click()
    page.get_by_text("を取り除きました").wait_for(timeout=MINUTES)
    assert uploads(settings) == []
    assert [change.action for change in read_changes(settings).entries] == ["build", "add", "remove"]

    to_chat(page)
    page.get_by_role("button", name="新しい会話を始める").click()
    page.locator(".mm-question").first.wait_for(state="detached")
    test_browser.ask(page, QUESTION)
    assert "月曜日" not in page.locator(".stMain").inner_text()
    assert not page.locator("img[src*=evil]").count()
    assert outside == []
    assert server.attempts() == []


def test_a_phone_shows_it_all(server: Server, visit: Callable[..., Page]) -> None:
    """This test ensures that no view is wider than a phone."""
    page = visit(server, color_scheme="dark")
    to_library(page, LIST)
    page.set_viewport_size(test_browser.PHONE)
    for name in VIEWS:
        to_library(page, name)
        assert (
            page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= test_browser.PHONE["width"]
        )


def test_an_address_opened_first(settings: Settings, browser: Browser, server: Server, tmp_path: Path) -> None:
    """This test ensures that the page's own address works with a server that nobody has visited yet."""
    port = free_port()
    command = ["-m", "cli", "chat", "--port", str(port), "--data-dir", str(settings.data_dir)]
    with serve(command, port, tmp_path) as fresh:
        page = browser.new_page(locale="ja-JP")
        page.goto(f"{fresh.url}/library")
        page.get_by_text("索引の作成").wait_for(timeout=MINUTES)
        page.close()
