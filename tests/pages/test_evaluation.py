"""Tests of the evaluation page without a browser: overview, questions, what is wrong with runs, candidates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant.contract import answer_object
from eval.feedback import Feedback, Reason, Thumb, feedback_file, read_feedback, store
from eval.labels import OUTCOMES
from eval.models import Gold, Grade, Kind, Outcome, Target
from eval.question_set import read_set
from eval.runs import SCORES, SUMMARY
from pages import evaluation
from pages.evaluation_candidate import ADD, facts_of, gold_of, gold_rows
from pages.evaluation_feedback import HANDLED, MAKE, NOTHING_YET
from pages.evaluation_questions import DIFFERENT, KIND, LANGUAGE, OUTCOME, SEARCH
from pages.evaluation_runs import FIRST, SECOND
from tests.eval.samples import QUESTION
from tests.pages.evaluation_runs import ALPHA, BETA, BETA_ROWS, FOLLOW_UP, HOSTILE, UNANSWERABLE, write_both, write_run
from tests.pages.fakes import ANSWERED

APP = Path(__file__).with_name("evaluation_app.py")
SAID = Feedback(
    "0123abcd", "2026-01-05T09:30:00+09:00", Thumb.DOWN, Reason.INCOMPLETE, HOSTILE, "粉はどうしますか", (), {}, None
)


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty data folder."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(tmp_path))
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def runs(data_dir: Path) -> tuple[Path, Path]:
    """The folders of alpha's and beta's run, in the data folder."""
    return write_both(data_dir)


def view(name: str) -> AppTest:
    """The page, gone to one of its views."""
    page = AppTest.from_file(str(APP), default_timeout=30).run()
    page.radio(key=evaluation.VIEW).set_value(name).run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    """Everything that the page shows as HTML, style apart."""
    return "\n".join(element.value for element in page.get("html") if not element.value.startswith("<style"))


def listed(page: AppTest) -> list[str]:
    """The ids of the questions in the list."""
    prefix = "mamori_eval_open_"
    return [str(button.key).removeprefix(prefix) for button in page.button if str(button.key).startswith(prefix)]


def both(page: AppTest) -> AppTest:
    """The page with both runs chosen, alpha's to be looked at."""
    name = next(option for option in page.selectbox(key=SECOND).options if BETA in option)
    return page.selectbox(key=SECOND).select(name).run()


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize("name", evaluation.VIEWS)
def test_nothing_yet(name: str) -> None:
    """This test ensures that an empty data folder says in every view what to do first."""
    page = view(name)
    assert [info.value for info in page.info] == [NOTHING_YET if name == evaluation.FEEDBACK else evaluation.NO_RUNS]
    assert not page.error


@pytest.mark.usefixtures("runs")
def test_the_newest_run_is_shown_first() -> None:
    """This test ensures that figures carry their interval and number, by kind too, and that the picture is there."""
    page = view(evaluation.OVERVIEW)
    assert ALPHA in page.selectbox(key=FIRST).format_func(page.selectbox(key=FIRST).value)
    shown = html(page)
    # Two of three are right: 66.7 %.
    assert "正答（％）" in shown
    assert "66.7（0.0–100.0）" in shown
    assert "続きの質問" in shown
    assert "比較" not in [header.value for header in page.subheader]
    assert len(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == 3


@pytest.mark.usefixtures("runs")
def test_two_runs_are_compared() -> None:
    """This test ensures that the difference is the run looked at less the other, with the questions that turned."""
    page = both(view(evaluation.OVERVIEW))
    assert not page.exception
    assert "比較" in [header.value for header in page.subheader]
    assert "+66.7（" in html(page)
    assert r"「alpha\-system」だけが正しい質問（2件）" in [expander.label for expander in page.expander]
    page.button(key="mamori_eval_right_lend").click().run()
    assert page.radio(key=evaluation.VIEW).value == evaluation.QUESTIONS
    assert QUESTION.question in html(page)


def test_only_runs_of_the_same_set_are_compared(runs: tuple[Path, Path], data_dir: Path) -> None:
    """This test ensures that a run over another set cannot be chosen beside, and drops out when the first changes."""
    other = write_run(data_dir, "other-system", BETA_ROWS, second=3, questions=(UNANSWERABLE,))
    page = view(evaluation.OVERVIEW)
    assert page.selectbox(key=SECOND).options == ["比べない"]
    page.selectbox(key=FIRST).set_value(runs[0].name).run()
    both(page)
    page.selectbox(key=FIRST).set_value(other.name).run()
    assert not page.exception
    assert page.selectbox(key=SECOND).value == ""


@pytest.mark.parametrize(
    ("key", "value", "ids"),
    [
        (KIND, [Kind.FACT], ["lend"]),
        (LANGUAGE, ["en"], ["late"]),
        (OUTCOME, [Outcome.INCOMPLETE], ["late"]),
        (OUTCOME, [Outcome.RIGHT, Outcome.NO_RESULT], ["lend", "menu", "late"]),
        (SEARCH, "献立", ["menu"]),
        (SEARCH, "五日", ["lend"]),
        (SEARCH, "ＬＡＴＥ", ["late"]),
        (SEARCH, "どこにもない", []),
        (DIFFERENT, True, ["lend", "menu", "late"]),
    ],
)
@pytest.mark.usefixtures("runs")
def test_filters(key: str, value: object, ids: list[str]) -> None:
    """This test ensures that each filter leaves just its questions, those of either run for outcomes."""
    page = both(view(evaluation.OVERVIEW))
    page.radio(key=evaluation.VIEW).set_value(evaluation.QUESTIONS).run()
    assert listed(page) == ["lend", "menu", "late"]
    widgets = {SEARCH: page.text_input, DIFFERENT: page.checkbox}
    widgets.get(key, page.multiselect)(key=key).set_value(value).run()
    assert listed(page) == ids
    assert bool(page.info) == (not ids)
    page.radio(key=evaluation.VIEW).set_value(evaluation.OVERVIEW).run()
    page.radio(key=evaluation.VIEW).set_value(evaluation.QUESTIONS).run()
    assert listed(page) == ids


@pytest.mark.usefixtures("runs")
def test_a_question_opened() -> None:
    """This test ensures that answers stand side by side with what was found, missed, cited and not to be verified."""
    page = both(view(evaluation.OVERVIEW))
    page.radio(key=evaluation.VIEW).set_value(evaluation.QUESTIONS).run()
    page.button(key="mamori_eval_open_late").click().run()
    shown = html(page)
    assert "質問：When is it due?" in shown
    assert FOLLOW_UP.reference_answer in shown
    assert [header.value for header in page.subheader] == [r"alpha\-system", r"beta\-system"]
    assert f"✗ {OUTCOMES[Outcome.INCOMPLETE]}" in page.markdown[0].value
    assert f"✗ {OUTCOMES[Outcome.NO_RESULT]}" in page.markdown[1].value
    assert '<li class="mm-bad">[1] guide、相談先 <span class="mm-small">示された場所に見つかりません' in shown
    assert "検索1位・引用なし" in shown
    assert "内線1200 <span" in shown
    page.button(key="mamori_eval_before").click().run()
    assert UNANSWERABLE.question in html(page)
    page.button(key="mamori_eval_close").click().run()
    assert listed(page) == ["lend", "menu", "late"]


@pytest.mark.usefixtures("runs")
def test_nothing_recorded_becomes_an_element() -> None:
    """This test ensures that no text of a question, an answer or a citation becomes a tag or an image."""
    page = view(evaluation.QUESTIONS)
    page.button(key="mamori_eval_open_late").click().run()
    assert "<img" not in html(page)
    assert "&lt;img" in html(page)
    assert not [one.value for one in (*page.markdown, *page.caption, *page.subheader) if "![x](" in one.value]


def test_a_run_without_texts(data_dir: Path) -> None:
    """This test ensures that a run without texts says so in every view and still shows what there is."""
    write_run(data_dir, "bare-system", BETA_ROWS, texts=False)
    page = view(evaluation.OVERVIEW)
    assert any("文章を残していない" in info.value for info in page.info)
    assert "正答（％）" in html(page)
    page.radio(key=evaluation.VIEW).set_value(evaluation.QUESTIONS).run()
    page.button(key="mamori_eval_open_lend").click().run()
    assert not page.exception
    assert any("表示できません" in info.value for info in page.info)
    assert f"✗ {OUTCOMES[Outcome.REFUSED]}" in page.markdown[0].value
    page.radio(key=evaluation.VIEW).set_value(evaluation.MARKING).run()
    assert any("人による評価ができません" in info.value for info in page.info)


def test_unfinished_and_damaged_runs_are_named(runs: tuple[Path, Path], data_dir: Path) -> None:
    """This test ensures that a run that cannot be looked at costs a line with its name and nothing else."""
    unfinished = write_run(data_dir, "slow-system", BETA_ROWS, second=9, complete=False)
    damaged = write_run(data_dir, "torn-system", BETA_ROWS, second=8)
    (damaged / "run.json").write_text("{", encoding="utf-8")
    (runs[0].parent / "no-run").mkdir()
    page = view(evaluation.OVERVIEW)
    (warning,) = page.warning
    lines = warning.value.split("\n\n")
    assert len(lines) == 3
    assert "slow" in lines[1]
    assert "2／3問" in lines[1]
    assert unfinished.name not in page.selectbox(key=FIRST).options
    assert ALPHA in page.selectbox(key=FIRST).format_func(page.selectbox(key=FIRST).value)


@pytest.mark.parametrize("name", [SCORES, SUMMARY])
def test_a_chosen_run_that_is_damaged(runs: tuple[Path, Path], name: str) -> None:
    """This test ensures that damage found on opening is one line, the other run stays, and marking names no run."""
    (runs[0] / name).write_text("{broken", encoding="utf-8")
    page = both(view(evaluation.OVERVIEW))
    assert not page.exception
    assert "壊れています" in page.warning[0].value
    assert "正答（％）" in html(page)
    page.radio(key=evaluation.VIEW).set_value(evaluation.MARKING).run()
    assert not page.warning
    assert any("人による評価ができません" in info.value for info in page.info)


def test_a_run_that_is_replaced_is_read_again(runs: tuple[Path, Path]) -> None:
    """This test ensures that the page shows what is on the disk now, not what was there when it was opened."""
    page = view(evaluation.OVERVIEW)
    assert not page.warning
    (runs[0] / SCORES).write_text("{broken", encoding="utf-8")
    page.run()
    assert "壊れています" in page.warning[0].value


def test_feedback_is_listed_and_put_aside(data_dir: Path) -> None:
    """This test ensures that what was said is shown as text, newest first, until it is marked as dealt with."""
    path = feedback_file(data_dir)
    store(path, replace(SAID, answer=answer_object(ANSWERED)))
    store(path, replace(SAID, id="4567", verdict=Thumb.UP, reason=None, comment="", question="二つ目", answer={}))
    page = view(evaluation.FEEDBACK)
    shown = html(page)
    assert shown.index("二つ目") < shown.index("粉はどうしますか")
    assert "<img" not in shown
    assert "粉は二度ふるいます。" in shown
    assert "足りない" in page.markdown[1].value
    page.button(key="mamori_handled_4567").click().run()
    assert "二つ目" not in html(page)
    page.checkbox[0].uncheck().run()
    assert "対応済み" in page.markdown[0].value
    assert [button.label for button in page.button] == [MAKE, MAKE, HANDLED]


def test_a_torn_line_of_feedback_is_named(data_dir: Path) -> None:
    """This test ensures that a line that cannot be read is counted on the page."""
    store(feedback_file(data_dir), SAID)
    with feedback_file(data_dir).open("ab") as handle:
        handle.write(b'{"id"')
    assert "2行目" in view(evaluation.FEEDBACK).warning[0].value


def test_feedback_becomes_a_question(data_dir: Path) -> None:
    """This test ensures that the completed draft is in the set, the entry dealt with, and the person told where."""
    store(feedback_file(data_dir), replace(SAID, answer=answer_object(ANSWERED)))
    page = view(evaluation.FEEDBACK)
    page.button(key=f"mamori_make_{SAID.id}").click().run()
    page.text_area(key="mamori_candidate_facts").set_value("二度|2回\n\n冷やす")
    page.text_area(key="mamori_candidate_reference").set_value("二度ふるい、型を冷やします。")
    page.selectbox(key="mamori_candidate_kind").set_value(Kind.FACT)
    page.button(key=f"FormSubmitter:mamori_candidate_{SAID.id}-{ADD}").click().run()
    assert not page.exception
    (question,) = read_set(data_dir / "eval" / "questions" / "candidates.jsonl").questions
    assert (question.question, question.kind, question.language) == ("粉はどうしますか", Kind.FACT, "ja")
    assert question.key_facts == (("二度", "2回"), ("冷やす",))
    assert question.gold[0] == Gold(Grade.RELEVANT, (Target("cakes", "作り方", "粉は二度ふるいます。"),))
    assert read_feedback(feedback_file(data_dir)).entries[0].handled
    assert "candidates" in page.success[0].value
    page.run()
    assert not page.success


def test_a_candidate_that_is_not_in_order(data_dir: Path) -> None:
    """This test ensures that a contradiction is one line, nothing is written, and what was typed stays."""
    store(feedback_file(data_dir), replace(SAID, answer=answer_object(ANSWERED)))
    page = view(evaluation.FEEDBACK)
    page.button(key=f"mamori_make_{SAID.id}").click().run()
    page.selectbox(key="mamori_candidate_kind").set_value(Kind.UNANSWERABLE)
    page.text_area(key="mamori_candidate_question").set_value("直した質問")
    page.button(key=f"FormSubmitter:mamori_candidate_{SAID.id}-{ADD}").click().run()
    assert "空の配列" in page.error[0].value
    assert not (data_dir / "eval" / "questions" / "candidates.jsonl").exists()
    assert page.text_area(key="mamori_candidate_question").value == "直した質問"


def test_facts_as_they_are_typed() -> None:
    """This test ensures that a line is a fact, strokes of either width part its wordings, and blanks are no wording."""
    assert facts_of(" 二度 ｜2回|\n\n| \n冷やす") == (("二度", "2回"), ("冷やす",))


def test_gold_there_and_back() -> None:
    """This test ensures that rows under one number are one item, and that an added row needs a document only."""
    gold = (
        Gold(Grade.NEEDED, (Target("a", "見出し", "語句"), Target("b", "", "語句"))),
        Gold(Grade.RELEVANT, (Target("c", "", ""),)),
    )
    assert gold_of(gold_rows(gold)) == gold
    added = {"番号": float("nan"), "種別": None, "文書ID": "d", "見出し": None, "目印の語句": None}
    assert gold_of([added, {**added, "文書ID": " "}, added]) == (Gold(Grade.NEEDED, (Target("d", "", ""),)),) * 2
