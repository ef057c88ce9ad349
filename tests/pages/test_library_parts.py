"""Tests of what the library page makes of an index: rows, counts, filters, parts, and their HTML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.history import Change
from assistant.settings import Settings
from corpus.loaded import LoadedFile
from corpus.models import Verdict
from pages.library_contents import (
    Row,
    State,
    file_name,
    filtered,
    last_changes,
    left_over,
    load_changes,
    numbers_in_words,
    rows_of,
    state_of,
    totals_of,
    when,
)
from pages.library_history import change_html
from pages.library_html import NO_CHUNK, NO_TEXT, became_html, document_html, part_html, state_html, unread_html
from pages.library_parts import FRONT, MOST_CHUNKS, Table, parts_of, pieces_of
from tests.pages.library_fakes import (
    BREAD,
    BUILT,
    CAKES,
    COPY,
    FILES,
    GENERATION,
    HOSTILE,
    PAGED,
    UNREAD,
    contents,
    report,
)


def test_rows_and_totals(tmp_path: Path) -> None:
    """This test ensures that every file is a row with its state and last change, and that only documents count."""
    rows = rows_of(Settings(tmp_path), contents(), [replace(BUILT, at="later", added=(), changed=("cakes",)), BUILT])
    assert [row.state for row in rows[:2]] == [State.PARTLY_READ, State.READ]
    assert [row.last.at if row.last else None for row in rows[:3]] == ["later", BUILT.at, None]
    totals = totals_of(rows)
    assert (totals.documents, totals.pages, totals.chunks, totals.unread) == (2, 4, 30, len(UNREAD))


def test_a_discarded_upload_is_no_row(tmp_path: Path) -> None:
    """This test ensures that an upload that gave nothing and was deleted is forgotten, and one that is kept is not."""
    settings = Settings(tmp_path)
    settings.documents_dir.mkdir()
    gone, kept = (
        LoadedFile(report(str(settings.documents_dir.absolute() / name), Verdict.DAMAGED)) for name in ("a", "b")
    )
    Path(kept.report.path).write_bytes(b"x")
    assert [row.file for row in rows_of(settings, contents([CAKES, gone, kept]), [])] == [CAKES, kept]


def test_left_over_uploads(tmp_path: Path) -> None:
    """This test ensures that uploads without a place in the index are found, those of an archive too."""
    settings = Settings(tmp_path)
    settings.documents_dir.mkdir()
    for name in ("a.md", "b.zip", ".hidden"):
        (settings.documents_dir / name).write_bytes(b"x")
    member = LoadedFile(report(f"{settings.documents_dir.absolute() / 'b.zip'}!/c.md", Verdict.READ))
    assert [path.name for path in left_over(settings, contents([member]))] == ["a.md"]
    assert [path.name for path in left_over(settings, None)] == ["a.md", "b.zip"]
    assert left_over(Settings(tmp_path / "none"), None) == []


@pytest.mark.parametrize(
    ("text", "states", "found"),
    [
        ("", (), len(FILES)),
        ("お菓子", (), 1),
        ("ＣＡＫＥＳ", (), 1),
        ("damaged", (), 1),
        ("", (State.DAMAGED, State.READ), 2),
        ("お菓子", (State.READ,), 0),
    ],
)
def test_filter(text: str, states: tuple[State, ...], found: int) -> None:
    """This test ensures that titles and file names are searched whatever their width and case, and states narrow."""
    assert len(filtered([Row(file) for file in FILES], text, states)) == found


def test_every_verdict_has_a_state() -> None:
    """This test ensures that no verdict is without words, and that a copy is told from a document."""
    assert {state_of(verdict, is_document=True) for verdict in Verdict} == set(State) - {State.COPY}
    assert state_of(Verdict.READ, is_document=False) is State.COPY
    assert all(state in state_html(state) for state in State)


@pytest.mark.parametrize(
    ("numbers", "words"), [((), ""), ((3,), "3"), ((9, 7, 8, 3), "3、7–9"), ((1, 2, 4, 4), "1–2、4")]
)
def test_page_numbers_in_words(numbers: tuple[int, ...], words: str) -> None:
    """This test ensures that neighbouring pages are drawn together."""
    assert numbers_in_words(numbers) == words


def test_names_and_moments() -> None:
    """This test ensures that a member is named with its archive, and that what is no moment stays as it is."""
    assert file_name("/a/b.zip!/c/d.md") == "b.zip の中の c/d.md"
    assert file_name("/a/b.md") == "b.md"
    assert when("いつか") == "いつか"
    assert when("2026-01-05T09:30:00+00:00").startswith("2026年1月5日 ")


def test_the_newest_change_of_each() -> None:
    """This test ensures that a removal is no change of what is there, and that the newest counts."""
    newer = Change("2", "", "page", "update", GENERATION, changed=("a",), removed=("b",))
    older = Change("1", "", "page", "add", GENERATION, added=("a", "b"))
    found = last_changes([newer, older])
    assert (found["a"], found["b"]) == (newer, older)


def test_a_record_that_cannot_be_read(tmp_path: Path) -> None:
    """This test ensures that a damaged line and a file that is a folder are told, the good lines still shown."""
    settings = Settings(tmp_path)
    settings.history_file.parent.mkdir()
    settings.history_file.write_text("broken\n", encoding="utf-8")
    changes, problem = load_changes(settings)
    assert changes == ()
    assert problem is not None
    assert "1行目" in problem
    settings.history_file.unlink()
    settings.history_file.mkdir()
    assert load_changes(settings)[1]


def test_pages() -> None:
    """This test ensures that a file with pages is cut at them, those without text included."""
    parts = parts_of(CAKES)
    assert [part.page for part in parts] == [1, 2, 3, 4]
    assert [[number for number, _ in part.chunks] for part in parts] == [[1, 2], [], [], [3]]


def test_sections_where_there_are_no_pages() -> None:
    """This test ensures that a file without pages is cut at its headings, a long section in pieces, no chunk lost."""
    parts = parts_of(BREAD)
    assert [part.name for part in parts] == [FRONT, "パン（1/2）", "パン（2/2）", "窯"]
    assert max(len(part.chunks) for part in parts) == MOST_CHUNKS
    assert [number for part in parts for number, _ in part.chunks] == list(range(1, 28))
    assert parts_of(LoadedFile(report("/x", Verdict.EMPTY))) == []


def test_rows_of_a_table() -> None:
    """This test ensures that rows become a table with its empty cells, and the lines around it stay lines."""
    pieces = pieces_of(PAGED[1])
    assert pieces == ["材料の表", Table((("材料", "量", ""), ("粉", "", "二百グラム"), ("", "砂糖", ""))), "以上です。"]
    assert pieces_of(replace(PAGED[0], text="第1条　目的")) == ["第1条　目的"]


def test_html_of_a_page() -> None:
    """This test ensures that headings, chunks, tables and OCR are marked, and that nothing of a document is markup."""
    first, second, _, last = parts_of(CAKES)
    html = part_html(first, without_text=False)
    assert html.count("<section") == 2
    assert html.count(">手引き<") == 1
    assert "<td>二百グラム</td>" in html
    assert "OCR" not in html
    assert "OCR" in part_html(last, without_text=False)
    assert "<img" not in part_html(last, without_text=False)
    assert NO_TEXT in part_html(second, without_text=True)
    assert NO_CHUNK in part_html(second, without_text=False)


def test_html_of_files() -> None:
    """This test ensures that a row tells digest, OCR, counts and pages without text, and escapes what it is told."""
    cakes, bread = document_html(Row(CAKES, BUILT)), document_html(Row(BREAD))
    assert "文字のないページ：2–3" in cakes
    assert "OCR" in cakes
    assert "要約" in bread
    assert "OCR" not in bread
    hostile = replace(CAKES, document=replace(CAKES.document, title=HOSTILE))  # type: ignore[type-var]
    everything = document_html(Row(hostile)) + "".join(unread_html(Row(file)) for file in UNREAD)
    everything += became_html([replace(file.report, path=f"/own/{HOSTILE}") for file in (*UNREAD, COPY)])
    everything += change_html(replace(BUILT, who=HOSTILE, action=HOSTILE, where=HOSTILE), {"cakes": HOSTILE})
    assert "<img" not in everything
    assert everything.count("&lt;img") >= 10


def test_what_to_do_is_always_told() -> None:
    """This test ensures that a file that its reader says nothing about still comes with advice."""
    for file in (*UNREAD, COPY):
        html = unread_html(Row(replace(file, report=replace(file.report, warnings=()))))
        assert "mm-told" in html
