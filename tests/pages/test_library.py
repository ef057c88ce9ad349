"""Tests of the library page without a browser: each view, uploads, removal, updates, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant.errors import LibraryError
from assistant.history import read_changes, record_change
from assistant.settings import Settings
from assistant.uploads import save_upload
from corpus.models import Verdict
from index.build import build_index
from index.errors import IndexingError
from index.store import IndexStore
from pages import library_list, library_options, library_update, library_upload, library_views
from pages.library_contents import Row, State
from pages.library_list import LEAVING, PAGE_SIZE, SEARCH, STATES
from pages.library_options import OCR
from pages.library_reader import ADD, DOCUMENT, PART, READER, VIEW
from pages.library_update import PRUNE, RETRY
from pages.library_upload import KEEP
from pages.library_views import HISTORY, LIST, NOTHING_YET, UNCHANGED, UPDATE, VIEWS
from pages.library_work import FAILED, WORK
from tests.fakes import FakeEncoder
from tests.pages.fakes import CAKE_CHUNK, HANDBOOK
from tests.pages.library_fakes import BUILT, CAKES, FILES, HOSTILE, LOOSE, UNREAD, FakeLibrary, contents

APP = Path(__file__).with_name("library_app.py")
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """An empty data folder, and a library that only notes what it is asked for; OCR is there."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(tmp_path))
    for module in (library_list, library_update, library_upload):
        monkeypatch.setattr(module, "Library", FakeLibrary)
    for name, value in (("asked", []), ("verdicts", {}), ("error", None), ("waits", False)):
        monkeypatch.setattr(FakeLibrary, name, value)
    monkeypatch.setattr(library_options, "ocr_problem", lambda: None)
    FakeLibrary.go_on.set()
    st.cache_resource.clear()
    st.cache_data.clear()
    yield Settings(tmp_path)
    FakeLibrary.go_on.set()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def filled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder whose index holds the invented files."""
    monkeypatch.setattr(library_views, "load_contents", lambda _settings: contents())
    record_change(settings, BUILT)
    return settings


def view(name: str) -> AppTest:
    """The page, gone to one of its views."""
    page = AppTest.from_file(str(APP), default_timeout=30).run()
    page.radio(key=VIEW).set_value(name).run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    """Everything that the page shows as HTML, style apart."""
    return "\n".join(element.value for element in page.get("html") if not element.value.startswith("<style"))


def settled(page: AppTest) -> AppTest:
    """The page after the change that is under way."""
    if WORK in page.session_state:
        page.session_state[WORK].thread.join(20)
    page.run()
    assert not page.exception
    return page


def chosen(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """The page with these files chosen."""
    page.file_uploader[0].set_value([(name, data, "") for name, data in files]).run()
    assert not page.exception
    return page


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("name", VIEWS)
def test_nothing_yet(name: str) -> None:
    """This test ensures that an empty data folder says in every view what to do first."""
    page = view(name)
    assert NOTHING_YET in [info.value for info in page.info]
    assert not page.error
    assert bool(page.file_uploader) is (name == ADD)


@pytest.mark.usefixtures("filled")
def test_every_file_is_listed() -> None:
    """This test ensures that documents and files without one are listed, with state, reason and totals, all as text."""
    shown = html(view(LIST))
    assert "お菓子の手引き" in shown
    assert "要約" in shown
    assert all(state in shown for state in State)
    assert all(f"{file.report.verdict.value}の理由。" in shown for file in UNREAD)
    assert "文字のないページ：2–3" in shown
    assert "<img" not in shown


@pytest.mark.usefixtures("filled")
def test_the_list_is_narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that text and state narrow the list, and that nothing found says so."""
    monkeypatch.setattr(library_list, "MANY", len(FILES) - 1)
    page = view(LIST)
    page.text_input(key=SEARCH).set_value("お菓子").run()
    assert [button.key for button in page.button if "open" in str(button.key)] == ["mamori_library_open_cakes"]
    page.multiselect(key=STATES).set_value([State.DAMAGED]).run()
    assert "条件に合う" in page.info[0].value


@pytest.mark.usefixtures("settings")
def test_a_long_list_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a long list is drawn a page at a time, to its end."""
    many = [
        replace(CAKES, report=replace(CAKES.report, doc_id=f"c{number}", key=f"/own/{number}"))
        for number in range(PAGE_SIZE + 1)
    ]
    monkeypatch.setattr(library_views, "load_contents", lambda _settings: contents(many))
    page = view(LIST)
    assert html(page).count("mm-row") == PAGE_SIZE
    page.button(key="mamori_library_page_next").click().run()
    assert html(page).count("mm-row") == 1
    assert page.button(key="mamori_library_page_next").disabled


@pytest.mark.usefixtures("filled")
def test_removal_asks_first() -> None:
    """This test ensures that a document goes only after a question that names it and says what becomes of the file."""
    page = view(LIST).button(key="mamori_library_leave_cakes").click().run()
    assert "お菓子の手引き" in page.warning[0].value
    assert "cakes" in page.warning[0].value
    assert "消しません" in page.warning[0].value
    page.button(key="mamori_library_keep").click().run()
    assert not page.warning
    assert FakeLibrary.asked == []
    page.button(key="mamori_library_leave_cakes").click().run().button(key="mamori_library_remove").click().run()
    assert "「お菓子の手引き」を取り除きました" in settled(page).success[0].value
    ((action, doc_ids, options),) = FakeLibrary.asked
    assert (action, doc_ids, options.where) == ("remove", ("cakes",), "page")
    assert page.session_state[LEAVING] is None


def test_an_uploaded_file_goes_with_its_document(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that the question says that an uploaded file is deleted, and one in a ZIP is not."""
    key = str(settings.documents_dir.absolute() / "cakes.pdf")
    for place, words in ((key, "も消します"), (f"{key}!/a.md", "この文書だけ")):
        file = replace(CAKES, report=replace(CAKES.report, key=place))
        monkeypatch.setattr(library_views, "load_contents", lambda _settings, file=file: contents([file]))
        page = view(LIST).button(key="mamori_library_leave_cakes").click().run()
        assert words in page.warning[0].value


def test_files_are_taken_in(settings: Settings) -> None:
    """This test ensures that files are kept and taken in, with OCR where wanted, and what gave nothing is deleted."""
    FakeLibrary.verdicts["bad.pdf"] = Verdict.DAMAGED
    page = chosen(view(ADD), ("手引き.md", b"# x"), ("../bad.pdf", PDF), ("photo.png", b"\x89PNG\r\n\x1a\n"))
    assert [error.value for error in page.error if "photo" in error.value and "画像" in error.value]
    page.checkbox(key=OCR).check().run()
    assert page.button(key="mamori_library_take").label == "取り込む（2件）"
    page.button(key="mamori_library_take").click().run()
    settled(page)
    ((action, names, options),) = FakeLibrary.asked
    assert (action, names, options.ocr, options.where) == ("add", ("手引き.md", "bad.pdf"), True, "page")
    assert "加えた文書 1件" in page.success[0].value
    assert State.DAMAGED in html(page)
    assert "bad.pdf" in page.warning[0].value.replace("\\", "")
    assert [path.name for path in settings.documents_dir.glob("*.*") if path.name[0] != "."] == ["手引き.md"]
    assert page.file_uploader[0].value in (None, [])


def test_what_gave_nothing_is_kept_on_demand(settings: Settings) -> None:
    """This test ensures that a file without a document stays where the person says so."""
    FakeLibrary.verdicts["scan.pdf"] = Verdict.NEEDS_OCR
    page = chosen(view(ADD), ("scan.pdf", PDF))
    page.checkbox(key=KEEP).check().run()
    settled(page.button(key="mamori_library_take").click().run())
    assert (settings.documents_dir / "scan.pdf").read_bytes() == PDF


@pytest.mark.parametrize("verdict", [Verdict.READ, Verdict.DAMAGED])
def test_replacing_asks_first(settings: Settings, verdict: Verdict) -> None:
    """This test ensures that a file is replaced only when that is wanted, and is back if the new one gives nothing."""
    FakeLibrary.verdicts["guide.pdf"] = verdict
    path = save_upload(settings, "guide.pdf", PDF)
    page = chosen(view(ADD), ("guide.pdf", PDF + b"new"))
    assert any("置き換えますか" in warning.value for warning in page.warning)
    assert page.button(key="mamori_library_take").disabled
    next(box for box in page.checkbox if box.label == "置き換える").check().run()
    settled(page.button(key="mamori_library_take").click().run())
    assert path.read_bytes() == (PDF + b"new" if verdict is Verdict.READ else PDF)


def test_the_same_file_again_is_never_deleted(settings: Settings) -> None:
    """This test ensures that a file that was there before stays, though reading it once more gives nothing."""
    FakeLibrary.verdicts["guide.pdf"] = Verdict.DAMAGED
    path = save_upload(settings, "guide.pdf", PDF)
    page = chosen(view(ADD), ("guide.pdf", PDF))
    settled(page.button(key="mamori_library_take").click().run())
    assert path.read_bytes() == PDF


@pytest.mark.usefixtures("settings")
def test_two_files_of_one_name() -> None:
    """This test ensures that of two chosen files of one name the second is refused, not lost in silence."""
    page = chosen(view(ADD), ("a.md", b"one"), ("x/A.md", b"two"))
    assert any("同じ名前" in error.value for error in page.error)
    assert page.button(key="mamori_library_take").label == "取り込む（1件）"


def test_a_file_that_cannot_be_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a full disk is told of, and that nothing is begun."""

    def full(*_arguments: object, **_options: object) -> Path:
        raise LibraryError("空き容量がありません。")

    monkeypatch.setattr(library_upload, "save_upload", full)
    page = chosen(view(ADD), ("a.md", b"one")).button(key="mamori_library_take").click().run()
    assert "空き容量" in page.error[-1].value or any("空き容量" in error.value for error in page.error)
    assert FakeLibrary.asked == []


def test_an_error_keeps_the_files(settings: Settings) -> None:
    """This test ensures that where the index cannot be changed the files stay, and can be taken in later or deleted."""
    FakeLibrary.error = IndexingError("ほかの処理が索引を作成中です。")
    page = chosen(view(ADD), ("a.md", b"one"), ("b.md", b"two"))
    settled(page.button(key="mamori_library_take").click().run())
    assert "作成中" in page.error[0].value
    assert "2件" in page.warning[0].value
    FakeLibrary.error = None
    settled(page.button(key="mamori_library_left_take").click().run())
    assert [asked[1] for asked in FakeLibrary.asked] == [("a.md", "b.md")] * 2
    page.button(key="mamori_library_left_ask").click().run()
    assert (settings.documents_dir / "a.md").exists()
    page.button(key="mamori_library_left_drop").click().run()
    assert not list(settings.documents_dir.glob("*.md"))


@pytest.mark.usefixtures("filled")
def test_an_unexpected_error_is_told_without_a_trace(caplog: pytest.LogCaptureFixture) -> None:
    """This test ensures that a fault of ours is a line for the person and a trace in the log alone."""
    FakeLibrary.error = ZeroDivisionError("secret")
    page = settled(view(UPDATE).button(key="mamori_library_update").click().run())
    assert page.error[0].value.replace("\\", "") == FAILED
    assert "secret" in caplog.text


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("everything", [False, True])
def test_updates(everything: bool) -> None:
    """This test ensures that both ways to update hand the choices on, and that their end is told."""
    page = view(UPDATE)
    for key in (OCR, RETRY, PRUNE):
        page.checkbox(key=key).check().run()
    key = "mamori_library_rebuild" if everything else "mamori_library_update"
    settled(page.button(key=key).click().run())
    ((action, asked, options),) = FakeLibrary.asked
    assert (action, asked) == ("update", (True, everything))
    assert (options.ocr, options.retry, options.where) == (True, True, "page")
    assert UNCHANGED in page.info[0].value
    page.button(key="mamori_library_dismiss").click().run()
    assert UNCHANGED not in [info.value for info in page.info]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("waits", [False, True])
def test_a_change_under_way(waits: bool) -> None:
    """This test ensures that progress or the waiting is shown, nothing else can be begun, and the page stays usable."""
    FakeLibrary.go_on.clear()
    FakeLibrary.waits = waits
    page = view(UPDATE).button(key="mamori_library_update").click().run()
    page.run()
    text = page.get("progress")[0].proto.text
    assert ("ほかの処理が終わるのを待っています" in text) is waits
    assert ("読み込み 1/3" in text) is not waits
    assert page.button(key="mamori_library_rebuild").disabled
    page.radio(key=VIEW).set_value(LIST).run()
    assert page.button(key="mamori_library_leave_cakes").disabled
    FakeLibrary.go_on.set()
    assert settled(page).info
    assert not page.button(key="mamori_library_leave_cakes").disabled


@pytest.mark.usefixtures("filled")
def test_without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that where OCR cannot be done it cannot be chosen, and that the reason is there."""
    monkeypatch.setattr(library_options, "ocr_problem", lambda: "tesseractを入れてください。")
    page = view(UPDATE)
    assert page.checkbox(key=OCR).disabled
    assert any("tesseract" in caption.value for caption in page.caption)


@pytest.mark.usefixtures("filled")
def test_a_document_is_looked_at() -> None:
    """This test ensures that a document opens from the list and is gone through page by page, with what has no text."""
    page = view(LIST).button(key="mamori_library_open_cakes").click().run()
    assert page.radio(key=VIEW).value == READER
    assert "<td>二百グラム</td>" in html(page)
    page.button(key="mamori_library_after").click().run()
    assert page.session_state[PART] == 1
    assert "取り出せる文字がありません" in html(page)
    assert "2ページ（文字なし）" in page.selectbox(key=PART).options
    page.selectbox(key=DOCUMENT).set_value("digest-bread").run()
    assert page.session_state[PART] == 0
    assert LOOSE[0].text in html(page)


def test_the_history_is_told(filled: Settings) -> None:
    """This test ensures that changes are told newest first, by name, and that hostile text stays text."""
    record_change(
        filled, replace(BUILT, at="", who=HOSTILE, where="page", action="remove", added=(), removed=("gone",))
    )
    shown = html(view(HISTORY))
    assert shown.index("取り除きました") < shown.index("作り直しました")
    assert "hanako（コマンドから）" in shown
    assert "「お菓子の手引き」" in shown
    assert "「gone」" in shown
    assert "<img" not in shown


def test_going_back(settings: Settings) -> None:
    """This test ensures that an older index is in use after a question, and that the record says who did it."""
    store = IndexStore(settings.index_dir)
    first = build_index([HANDBOOK], [CAKE_CHUNK], store, FakeEncoder())
    build_index([HANDBOOK], [CAKE_CHUNK, replace(CAKE_CHUNK, chunk_id="c9", text="別の文です。")], store, FakeEncoder())
    page = view(UPDATE).button(key=f"mamori_library_back_{first.generation_id}").click().run()
    assert "戻しますか" in page.warning[0].value
    page.button(key="mamori_library_go_back").click().run()
    assert not page.exception
    assert store.status().generation_id == first.generation_id
    assert "戻しました" in page.success[0].value
    (change,) = read_changes(settings).entries
    assert (change.action, change.where, change.changed) == ("rollback", "page", ("cakes",))


def test_a_damaged_index(settings: Settings) -> None:
    """This test ensures that damage is told in one line in every view, and that one can go back from it."""
    store = IndexStore(settings.index_dir)
    first = build_index([HANDBOOK], [CAKE_CHUNK], store, FakeEncoder())
    second = build_index([HANDBOOK], [CAKE_CHUNK], store, FakeEncoder())
    second.path("chunks.jsonl").write_bytes(b"")
    for name in VIEWS:
        assert "壊れています" in view(name).error[0].value
    page = view(UPDATE).button(key=f"mamori_library_back_{first.generation_id}").click().run()
    page.button(key="mamori_library_go_back").click().run()
    assert store.verify() == []
    page.radio(key=VIEW).set_value(LIST).run()
    assert "お菓子の手引き" in html(page)
    assert not page.error


def test_all_files_are_in_the_fakes() -> None:
    """This test ensures that the invented files have every state there is."""
    assert {Row(file).state for file in FILES} == set(State)


def test_a_file_that_gave_nothing_goes_off_the_list(filled: Settings) -> None:
    """This test ensures that the button of an unreadable file asks the library to forget that very file."""
    page = view(LIST)
    page.button(key="mamori_library_forget_0").click().run()
    ((action, names, options),) = FakeLibrary.asked
    unread = [file.report.path for file in FILES if file.document is None]
    assert (action, options.where) == ("remove", "page")
    assert set(names) <= set(unread)
