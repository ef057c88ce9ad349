"""Tests of marking answers blind, and of the results and the agreement between markers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from eval.marks import MODEL_PREFIX, CitationVerdict, Mark, MarkVerdict, blind_order, marks_file, read_marks, store_mark
from pages import evaluation
from pages.evaluation_agreement import HOW_TO_READ, NO_MARKS
from pages.evaluation_marking import MARKER, SAVE
from pages.evaluation_runs import FIRST, SECOND
from tests.eval.samples import QUESTION, UNANSWERABLE
from tests.pages.evaluation_runs import ALPHA, BETA, FOLLOW_UP, HOSTILE, write_both

APP = Path(__file__).with_name("evaluation_app.py")
TELLING = (ALPHA, BETA, "2026-01-05", "2026年1月5日", "1f2e3d4c", "ミリ秒", "static")
"""What would tell a marker whose answer it is: systems, dates and commits in folder names, times, encoders."""
IN_ORDER = (QUESTION, UNANSWERABLE, FOLLOW_UP)


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A data folder with the two runs."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(tmp_path))
    st.cache_resource.clear()
    write_both(tmp_path)
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def page() -> AppTest:
    """The page before its first run."""
    return AppTest.from_file(str(APP), default_timeout=30)


def runs_of(data_dir: Path) -> list[str]:
    """The names of the two runs, beta's first."""
    return sorted(path.name for path in (data_dir / "eval" / "runs").iterdir())


def both(page: AppTest) -> AppTest:
    """Choose both runs in the overview."""
    page.run()
    return page.selectbox(key=SECOND).select_index(1).run()


def go_to(page: AppTest, name: str) -> AppTest:
    """Go to a view."""
    page.radio(key=evaluation.VIEW).set_value(name).run()
    assert not page.exception
    return page


def marking(page: AppTest, marker: str = "TN") -> AppTest:
    """Go to the marking of the chosen runs under a name."""
    go_to(page, evaluation.MARKING)
    return page.text_input(key=MARKER).set_value(marker).run()


def html(page: AppTest) -> str:
    """Everything that the page shows as HTML, style apart."""
    return "\n".join(element.value for element in page.get("html") if not element.value.startswith("<style"))


def sent(page: AppTest) -> str:
    """Every word that the browser gets, options and keys of widgets included, without Markdown's escapes."""
    words = "\n".join(_words(element.proto) for element in page.main if hasattr(element, "proto"))
    return words.replace("\\", "")


def _words(message: Any) -> str:  # noqa: ANN401
    """The texts in a message and the messages within it, as they are and not escaped."""
    if isinstance(message, str):
        return message
    if hasattr(message, "ListFields"):
        return "\n".join(_words(value) for _, value in message.ListFields())
    if isinstance(message, (bytes, int, float)) or message is None:
        return str(message)
    return "\n".join(map(_words, message)) if hasattr(message, "__iter__") else str(message)


def answer_marks(
    page: AppTest, turn: int, verdict: MarkVerdict, citation: CitationVerdict = CitationVerdict.RIGHT, comment: str = ""
) -> None:
    """Fill in one answer's marks, the first being A."""
    page.radio[1 + 2 * turn].set_value(verdict)
    page.radio[2 + 2 * turn].set_value(citation)
    page.text_area[turn].set_value(comment)


def save(page: AppTest) -> AppTest:
    """Press the form's button."""
    next(button for button in page.button if button.label == SAVE).click().run()
    assert not page.exception
    return page


def asked(page: AppTest) -> str:
    """The id of the question that is to be marked."""
    return next(question.id for question in IN_ORDER if f"{question.question[:8]}" in html(page))


@pytest.mark.usefixtures("data_dir")
def test_nothing_tells_the_two_apart(page: AppTest) -> None:
    """This test ensures that for every question nothing that the browser gets names a system, a run or a time."""
    marking(both(page))
    for question in IN_ORDER:
        assert asked(page) == question.id
        assert [header.value for header in page.subheader] == ["回答 A", "回答 B"]
        assert not [word for word in TELLING if word in sent(page)]
        if question is not IN_ORDER[-1]:
            page.button(key="mamori_mark_after").click().run()
    assert "<img" not in html(page)


@pytest.mark.usefixtures("data_dir")
def test_the_overview_would_tell(page: AppTest) -> None:
    """This test ensures that the search for telling words finds them where they are."""
    both(page)
    assert [word for word in TELLING if word in sent(page)] == list(TELLING)


@pytest.mark.usefixtures("data_dir")
def test_one_run_is_marked_blind_too(page: AppTest) -> None:
    """This test ensures that a single answer has no letter and no name."""
    marking(page.run())
    assert [header.value for header in page.subheader] == ["回答"]
    assert not [word for word in TELLING if word in sent(page)]


def test_marks_reach_the_run_they_belong_to(page: AppTest, data_dir: Path) -> None:
    """This test ensures that A's and B's marks are stored for the runs that stood there, question by question."""
    marking(both(page))
    for number, question in enumerate(IN_ORDER, start=1):
        answer_marks(page, 0, MarkVerdict.CORRECT, comment=f"A{number}")
        answer_marks(page, 1, MarkVerdict.WRONG, CitationVerdict.NONE, comment=f"B{number}")
        save(page)
        marks = {(mark.run, mark.question_id): mark for mark in read_marks(marks_file(data_dir)).entries}
        assert len(marks) == 2 * number
        first, second = blind_order(question.id, "TN", runs_of(data_dir))
        assert (marks[first, question.id].comment, marks[second, question.id].comment) == (f"A{number}", f"B{number}")
        assert marks[first, question.id].verdict is MarkVerdict.CORRECT
        assert marks[second, question.id].citation is CitationVerdict.NONE
    assert "3 / 3問" in page.get("progress")[0].proto.text
    assert "すべての質問" in page.success[0].value


def test_a_shown_answer_is_the_one_marked(page: AppTest, data_dir: Path) -> None:
    """This test ensures that under A stands the answer of the run that A's mark is stored for."""
    marking(both(page))
    beta, alpha = runs_of(data_dir)
    first = blind_order(QUESTION.id, "TN", (alpha, beta))[0]
    answers = [element.value for element in page.get("html") if "台帳に記録し" in element.value]
    (turn,) = {0 if 'id="mm-0-source-1"' in answer else 1 for answer in answers if "mm-card" in answer}
    assert (turn == 0) is (first == alpha)


def test_the_unmarked_come_first(page: AppTest, data_dir: Path) -> None:
    """This test ensures that a marker goes on where they stopped, and that another's marks and half marks count not."""
    beta, alpha = runs_of(data_dir)
    for run, question, marker in (
        (alpha, "lend", "TN"),
        (beta, "lend", "TN"),
        (alpha, "menu", "TN"),
        (alpha, "late", "MS"),
        (beta, "late", "MS"),
    ):
        store_mark(
            marks_file(data_dir), Mark(run, question, marker, MarkVerdict.CORRECT, CitationVerdict.RIGHT, "", "2026")
        )
    marking(both(page))
    assert asked(page) == "menu"
    assert "1 / 3問" in page.get("progress")[0].proto.text


@pytest.mark.usefixtures("data_dir")
def test_each_marker_starts_at_the_beginning(page: AppTest) -> None:
    """This test ensures that a second marker gets the same questions first, wherever the one before them is."""
    marking(page.run())
    answer_marks(page, 0, MarkVerdict.CORRECT)
    save(page)
    assert asked(page) == "menu"
    page.text_input(key=MARKER).set_value("MS").run()
    assert asked(page) == "lend"
    page.text_input(key=MARKER).set_value("TN").run()
    assert asked(page) == "menu"


def test_a_mark_is_put_right(page: AppTest, data_dir: Path) -> None:
    """This test ensures that going back shows what was said, and that saving again replaces it."""
    marking(page.run())
    answer_marks(page, 0, MarkVerdict.WRONG, comment="急ぎすぎ")
    save(page)
    assert asked(page) == "menu"
    page.button(key="mamori_mark_before").click().run()
    assert page.radio[1].value is MarkVerdict.WRONG
    assert page.text_area[0].value == "急ぎすぎ"
    page.radio[1].set_value(MarkVerdict.CORRECT)
    save(page)
    (mark,) = read_marks(marks_file(data_dir)).entries
    assert (mark.verdict, mark.comment) == (MarkVerdict.CORRECT, "急ぎすぎ")


def test_both_verdicts_are_needed(page: AppTest, data_dir: Path) -> None:
    """This test ensures that a form that is not complete stores nothing and says which answer lacks what."""
    marking(both(page))
    answer_marks(page, 0, MarkVerdict.CORRECT)
    save(page)
    assert "回答 B" in page.error[0].value
    assert not marks_file(data_dir).exists()
    assert page.radio[1].value is MarkVerdict.CORRECT


@pytest.mark.parametrize("name", ["", "  ", f"{MODEL_PREFIX}x"])
@pytest.mark.usefixtures("data_dir")
def test_a_marker_needs_a_name_of_their_own(page: AppTest, name: str) -> None:
    """This test ensures that nobody marks without a name or under one that stands for a model."""
    marking(page.run(), name)
    assert page.info
    assert not page.text_area


def test_marks_that_cannot_be_stored(page: AppTest, data_dir: Path) -> None:
    """This test ensures that where the file cannot be written the page says so in one line and stays."""
    marking(page.run())
    answer_marks(page, 0, MarkVerdict.CORRECT, comment=HOSTILE)
    marks_file(data_dir).mkdir()
    save(page)
    assert page.error
    assert "\n" not in page.error[0].value


def test_results_and_agreement(page: AppTest, data_dir: Path) -> None:
    """This test ensures that each marker's share and counts, the kappa of a pair and what it means are shown."""
    _, alpha = runs_of(data_dir)
    given = {"TN": "cccw", "MS": "cwww", f"{MODEL_PREFIX}x": "cccc"}
    verdicts = {"c": MarkVerdict.CORRECT, "w": MarkVerdict.WRONG}
    for marker, letters in given.items():
        for number, letter in enumerate(letters):
            mark = Mark(alpha, f"q{number}", marker, verdicts[letter], CitationVerdict.RIGHT, HOSTILE, "2026")
            store_mark(marks_file(data_dir), mark)
    go_to(page.run(), evaluation.AGREEMENT)
    shown = html(page)
    assert "75.0（25.0–100.0）" in shown
    # TN and MS agree on 2 of 4; by chance 3/4 × 1/4 + 1/4 × 3/4 = 0.375; (0.5 − 0.375) / 0.625 = 0.2.
    assert "MS と TN" in shown
    assert ">0.20<" in shown
    assert shown.index(">TN<") < shown.index(f">{MODEL_PREFIX}x<")
    assert HOW_TO_READ in [caption.value for caption in page.caption]
    assert "<img" not in shown


@pytest.mark.usefixtures("data_dir")
def test_no_marks_yet(page: AppTest) -> None:
    """This test ensures that the results say where marks are made."""
    go_to(page.run(), evaluation.AGREEMENT)
    assert [info.value for info in page.info] == [NO_MARKS]


def test_the_choice_of_runs_outlives_the_marking(page: AppTest, data_dir: Path) -> None:
    """This test ensures that both runs are still chosen after a view that does not draw the choice."""
    beta, alpha = runs_of(data_dir)
    marking(both(page))
    go_to(page, evaluation.OVERVIEW)
    assert (page.selectbox(key=FIRST).value, page.selectbox(key=SECOND).value) == (alpha, beta)
    go_to(page, evaluation.MARKING)
    assert page.text_input(key=MARKER).value == "TN"
