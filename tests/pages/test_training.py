"""Tests of the training page without a browser: making, reading, editing and writing packs, and self-study."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from index.errors import NoIndex
from pages import training_files, training_material, training_study
from pages.training_edits import (
    EditRefused,
    dropped,
    edited,
    exchanged,
    moved,
    own_reasons,
    texts_of,
    tidied,
    with_text,
)
from pages.training_files import KEEP, MADE
from pages.training_html import Marks
from pages.training_lines import EDITED_LINES, with_line, without_measure
from pages.training_making import FREE, FREE_EXAMPLE, FREE_HINT, MINUTES, OTHER_THEME, SEED, THEME
from pages.training_question import CHECK, NEXT, TO_RESULT
from pages.training_quiz import AS_ASKED, EDIT, EXCHANGE
from pages.training_quiz_html import answer_html
from pages.training_results import ALL_RIGHT
from pages.training_state import FILES, MAKE, PACK, QUIZ, READ, STUDY, VIEW, VIEWS
from pages.training_study import STUDYING
from pages.training_views import NO_PACK
from pages.training_wording import OPEN
from tests.pages.fakes import HOST, FakeWriter
from tests.pages.training_fakes import NEAREST, SPARE, UNKNOWN, FakeMaterial
from tests.training.conftest import material_over
from tests.training.sample import CITATIONS, MATCHING, ORDERING, SOURCES, TRUE_FALSE, choice, citation, sample_pack
from training.catalogue import audiences
from training.errors import ExportError, UnknownChoice
from training.models import Line, Pack, Quiz, QuizItem
from training.pack.builder import build_pack
from training.saved import to_json
from training.study import read_results, results_file

APP = Path(__file__).with_name("training_app.py")


@pytest.fixture
def material(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeMaterial]:
    """An empty data folder, and a stand-in for what material is made from."""
    monkeypatch.setenv("MAMORI_DATA_DIR", str(tmp_path))
    fake = FakeMaterial()
    for name in ("build", "quiz", "another", "passages", "lost", "writer", "reworded"):
        monkeypatch.setattr(training_material, name, getattr(fake, name))
    st.cache_resource.clear()
    yield fake
    st.cache_resource.clear()


@pytest.fixture
def page(material: FakeMaterial) -> AppTest:
    """The page as it is first seen."""
    return checked(AppTest.from_file(str(APP), default_timeout=30).run())


@pytest.fixture
def made(page: AppTest) -> AppTest:
    """The page with a pack on it."""
    return press(page, "make")


def checked(page: AppTest) -> AppTest:
    """The page, which has drawn without an exception."""
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    """The page after a button of that key."""
    return checked(page.button(key=f"mamori_training_{key}").click().run())


def to_view(page: AppTest, name: str) -> AppTest:
    """The page, gone to one of its views."""
    return checked(page.radio(key=VIEW).set_value(name).run())


def html(page: AppTest) -> str:
    """Everything that the page shows as HTML, style apart."""
    return "\n".join(element.value for element in page.get("html") if not element.value.startswith("<style"))


def pack_of(page: AppTest) -> Pack:
    """The pack that is worked on."""
    pack: Pack = page.session_state[PACK]
    return pack


def tool(page: AppTest, name: str, number: int) -> str:
    """The key of a button of the item at that place, from 1."""
    return f"{name}_{pack_of(page).quiz[number - 1].item_id}"


def button_of(page: AppTest, name: str, number: int) -> Any:  # noqa: ANN401
    """That button."""
    return page.button(key=f"mamori_training_{tool(page, name, number)}")


def stems(page: AppTest) -> list[str]:
    """What is asked in the pack, in order."""
    return [item.stem for item in pack_of(page).quiz]


@pytest.mark.parametrize("view", [READ, QUIZ, FILES])
def test_without_a_pack_the_way_to_one_is_shown(page: AppTest, view: str) -> None:
    """This test ensures that the views of a pack say what to do first, and that their button leads there."""
    to_view(page, view)
    assert [info.value for info in page.info] == [NO_PACK]
    press(page, "to_make")
    assert page.radio(key=VIEW).value == MAKE


def test_a_pack_is_made_of_what_was_chosen(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that theme, audience, length and number reach the builder, and that the pack is shown."""
    page.selectbox(key=THEME).set_value("共同研究").run()
    page.selectbox[1].set_value("技術者").run()
    page.radio(key=MINUTES).set_value(60).run()
    page.number_input(key=SEED).set_value(7).run()
    press(page, "make")
    assert material.asked == [("共同研究", "技術者", 60, 7)]
    assert page.radio(key=VIEW).value == READ
    shown = html(page)
    for text in (
        "共同研究 ― 技術者向け（60分）",
        "朝の点検で確かめることを、3つ言えます。",
        "Case 1 車輪が外れたケース",
    ):
        assert text in shown
    assert shown.count('<details class="mm-card">') == len(CITATIONS)
    assert "<mark>猫車は、毎朝、車輪を確かめます（その1）。</mark>" in shown


def test_texts_of_documents_are_no_markup(made: AppTest) -> None:
    """This test ensures that markup in a document's text is shown as text in the pack and in its quiz."""
    for view in (READ, QUIZ):
        shown = html(to_view(made, view))
        assert "<script" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_every_marker_leads_to_a_card(made: AppTest) -> None:
    """This test ensures that each marker of the preview has its source on the same page, once."""
    shown = html(made)
    for one in CITATIONS:
        assert f'href="#mm-0-source-{one.marker}"' in shown
        assert shown.count(f'id="mm-0-source-{one.marker}"') == 1
        assert shown.count(f'id="mm-0-source-{one.marker}-back"') == 1


def test_a_model_rewords_after_saying_where_texts_go(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that the host stands there before the press, and that the words before can be had back."""
    material.model = FakeWriter(remote_host=HOST)
    press(page, "make")
    assert any("model\\.example" in one.value for one in page.caption)
    press(page, "reword")
    assert "言い換えた目標です。" in html(page)
    assert "mamori_training_reword" not in [button.key for button in page.button]
    press(to_view(page, QUIZ), "undo")
    assert pack_of(page).goals == sample_pack().goals


def test_without_a_model_nothing_offers_to_reword(made: AppTest) -> None:
    """This test ensures that there is no button for what is not there."""
    assert "mamori_training_reword" not in [button.key for button in made.button]


def test_nothing_for_a_theme_offers_the_nearest(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that there is no empty pack: the message is shown, and a near theme is made at a press."""
    page.selectbox(key=THEME).set_value(OTHER_THEME).run()
    page.text_input(key=FREE).set_value(UNKNOWN).run()
    press(page, "make")
    assert PACK not in page.session_state
    assert UNKNOWN in page.warning[0].value
    assert [page.button(key=f"mamori_training_near_{at}").label for at in range(2)] == list(NEAREST)
    press(page, "near_1")
    assert material.asked[-1][0] == NEAREST[1]
    assert pack_of(page).theme == NEAREST[1]
    assert page.selectbox == [] or not page.warning
    assert to_view(page, MAKE).selectbox(key=THEME).value == NEAREST[1]


@pytest.mark.parametrize("typed", ["", "   ", "\u202e\u200b\u200f"])
def test_an_empty_theme_is_told(page: AppTest, material: FakeMaterial, typed: str) -> None:
    """This test ensures that pressing the button before a theme is typed in says what is missing."""
    page.selectbox(key=THEME).set_value(OTHER_THEME).run()
    page.text_input(key=FREE).set_value(typed).run()
    press(page, "make")
    assert "テーマ" in page.warning[0].value
    assert [asked[0] for asked in material.asked] == [""]


def test_a_theme_may_be_free_text(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that the way to other themes stands there before anybody looks, and marks nobody sees go."""
    assert FREE_HINT in [one.value for one in page.caption]
    page.selectbox(key=THEME).set_value(OTHER_THEME).run()
    page.text_input(key=FREE).set_value(" 共同\u202e研究の 契約\u200b").run()
    press(page, "make")
    assert material.asked[-1][0] == "共同研究の 契約"


def test_without_an_index_the_message_says_what_to_do(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that a missing index is a sentence with the command, in making and in self-study."""
    material.error = NoIndex()
    press(page, "make")
    assert "mamori index build" in page.warning[0].value
    press(to_view(page, STUDY), "study_start")
    assert "mamori index build" in page.error[0].value


def test_other_questions_and_back(made: AppTest, material: FakeMaterial) -> None:
    """This test ensures that making the quiz anew takes the next number, and that what was edited can be had back."""
    press(to_view(made, QUIZ), tool(made, "delete", 1))
    before = pack_of(made)
    press(to_view(made, MAKE), "other")
    assert material.asked[-1][-1] == 2
    assert pack_of(made) != before
    press(to_view(made, QUIZ), "undo")
    assert pack_of(made) == before


def opened(page: AppTest, number: int = 1) -> AppTest:
    """The editing view with the fields of one item."""
    return press(to_view(page, QUIZ), tool(page, "edit", number))


def field(page: AppTest, label: str) -> Any:  # noqa: ANN401
    """The field of that label."""
    return next(one for one in page.text_area if one.label == label)


def test_an_item_is_edited_and_marked(made: AppTest) -> None:
    """This test ensures that an edit is in the pack at once, marked as the trainer's, and survives other views."""
    field(opened(made), "問1の問題文").set_value("朝は何をしますか。").run()
    for view in (*VIEWS, QUIZ):
        to_view(made, view)
    assert stems(made)[0] == "朝は何をしますか。"
    assert [item.edited for item in pack_of(made).quiz] == [True] + [False] * 5
    assert html(made).count("講師が編集") == 1
    assert field(made, "問1の問題文").value == "朝は何をしますか。"
    press(made, "undo")
    assert pack_of(made).quiz == sample_pack().quiz
    assert field(made, "問1の問題文").value == sample_pack().quiz[0].stem


@pytest.mark.parametrize(
    ("label", "text", "told"),
    [
        ("問1の問題文", "  ", "空にはできない"),
        ("問1の問題文", "\u200b", "空にはできない"),
        ("問1の選択肢ア（誤り）", "選択肢1の\u200bウ：油をさす", "同じ文"),
        ("問1の選択肢ア（誤り）", "選択肢1のウ：油をさす", "同じ文"),
    ],
)
def test_an_edit_that_breaks_an_item_is_refused(made: AppTest, label: str, text: str, told: str) -> None:
    """This test ensures that an empty text and a twin option leave the item as it was, and that both are told."""
    before = field(opened(made), label).value
    field(made, label).set_value(text).run()
    assert told in made.warning[0].value
    assert pack_of(made).quiz == sample_pack().quiz
    assert field(made, label).value == before


def test_items_are_dropped_and_moved(made: AppTest) -> None:
    """This test ensures that items go and change places, that the ends are ends, and that each step goes back."""
    before = stems(made)
    to_view(made, QUIZ)
    assert button_of(made, "arrow_upward", 1).disabled
    assert button_of(made, "arrow_downward", len(before)).disabled
    press(made, tool(made, "arrow_downward", 1))
    press(made, tool(made, "delete", 3))
    assert stems(made) == [before[1], before[0], *before[3:]]
    press(made, "undo")
    press(made, "undo")
    assert stems(made) == before
    assert made.button(key="mamori_training_undo").disabled


def test_an_item_is_exchanged_until_none_is_left(made: AppTest) -> None:
    """This test ensures that another of the kind comes in, none comes back, and the last one is told."""
    press(to_view(made, QUIZ), tool(made, "swap_horiz", 1))
    assert stems(made)[0] == SPARE[0].stem
    press(made, tool(made, "swap_horiz", 1))
    assert stems(made)[0] == SPARE[1].stem
    press(made, tool(made, "swap_horiz", 1))
    assert stems(made)[0] == SPARE[1].stem
    assert "これで全部です" in made.warning[0].value


def test_when_all_had_their_turn_they_come_back(made: AppTest) -> None:
    """This test ensures that a trainer who has looked through all that there is can go round again."""
    first = stems(made)[0]
    to_view(made, QUIZ)
    for _ in range(4):
        press(made, tool(made, "swap_horiz", 1))
    assert stems(made)[0] == SPARE[0].stem != first


def test_an_exchange_off_the_theme_says_so(made: AppTest, material: FakeMaterial) -> None:
    """This test ensures that an item about something else is told at the item, until the next change."""
    material.is_about_theme = False
    press(to_view(made, QUIZ), tool(made, "swap_horiz", 1))
    assert "別のテーマの問題" in made.info[0].value
    press(made, tool(made, "delete", 2))
    assert not made.info


def test_a_trainer_sees_the_quiz_as_it_is_asked(made: AppTest) -> None:
    """This test ensures that the view for those who are trained has every question and no answer, source or mark."""
    checked(to_view(made, QUIZ).toggle(key=AS_ASKED).set_value(True).run())
    shown = html(made)
    for item in pack_of(made).quiz:
        assert escape(item.stem) in shown
    for word in ("正解", "解説", "mm-marker", "やさしい", "講師が編集", "mm-good"):
        assert word not in shown
    assert shown.index("月の点検") < shown.index("ア　台帳を見直す") < shown.index("イ　車輪を確かめる</li>")
    assert "（　）正しい　（　）誤り" in shown
    assert "mamori_training_undo" in [button.key for button in made.button]
    checked(made.toggle(key=AS_ASKED).set_value(False).run())
    assert "正解" in html(made)


def test_a_pack_of_another_index_says_so(made: AppTest, material: FakeMaterial) -> None:
    """This test ensures that citations that the index does not hold are told above the pack, and only then."""
    for view in (QUIZ, FILES, READ):
        assert not to_view(made, view).warning
    material.lost_places = 3
    for view in (QUIZ, FILES, READ):
        assert "3か所は、いまの索引にありません" in to_view(made, view).warning[0].value


def test_an_exchange_in_a_pack_of_another_index_says_why_there_is_none(made: AppTest, material: FakeMaterial) -> None:
    """This test ensures that nobody is told that these were all where the pack is of another index."""
    material.lost_places = 3
    press(to_view(made, QUIZ), tool(made, "swap_horiz", 3))
    told = [warning.value for warning in made.warning]
    assert any("差し替えられる「" in one and "別の索引" in one for one in told)
    assert not any("これで全部です" in one for one in told)


def test_that_packs_are_not_kept_is_told_first(made: AppTest) -> None:
    """This test ensures that who comes to write files reads before anything else that the pack goes with the page."""
    captions = [caption.value for caption in to_view(made, FILES).caption]
    assert captions.index(KEEP) < min(at for at, text in enumerate(captions) if "用意する" in text)


def test_the_example_of_a_free_theme_gives_a_pack(tmp_path: Path) -> None:
    """This test ensures that who types the example that the page names is not refused."""
    pack = build_pack(material_over([], tmp_path), FREE_EXAMPLE, audiences()[0].name, pool=())
    assert FREE_EXAMPLE in pack.title
    assert pack.countermeasures


def worded(page: AppTest) -> AppTest:
    """The pack with the fields for its lines."""
    return checked(to_view(page, READ).toggle(key=OPEN).set_value(True).run())


def test_goals_questions_and_notes_are_worded_and_marked(made: AppTest) -> None:
    """This test ensures that a line that a trainer words keeps its sources, is marked, is noted, and goes back."""
    before = pack_of(made)
    worded(made)
    field(made, "目標1").set_value("朝の点検を<b>言えます</b>。").run()
    field(made, "事例1の問い2").set_value("誰が確かめますか。").run()
    after = pack_of(made)
    assert after.goals[0] == replace(before.goals[0], text="朝の点検を<b>言えます</b>。", edited=True)
    assert after.cases[0].questions[1].markers == before.cases[0].questions[1].markers
    assert after.notes == (*before.notes, EDITED_LINES)
    shown = html(checked(made))
    assert "&lt;b&gt;言えます" in shown
    assert shown.count("講師が編集") == 2
    press(made, "undo")
    press(made, "undo")
    assert pack_of(made) == before


def test_a_line_is_not_made_empty(made: AppTest) -> None:
    """This test ensures that blanks and invisible characters leave each line as it was, and that this is told."""
    before = pack_of(made)
    worded(made)
    for text in (" ", "\u200b\u202e"):
        for area in [one.label for one in made.text_area]:
            field(made, area).set_value(text).run()
            assert "空にはできない" in checked(made).warning[0].value
    assert pack_of(made) == before


def test_a_countermeasure_and_a_check_are_left_out(made: AppTest) -> None:
    """This test ensures that what is left out goes, that lines which still name it are told, and that it comes back."""
    before = pack_of(made)
    worded(made)
    title = before.countermeasures[2].title
    field(made, "目標1").set_value(f"「{title}」を言えます。").run()
    checked(made.selectbox(key="mamori_training_drop_measure").set_value(2).run())
    assert len(pack_of(made).countermeasures) == len(before.countermeasures) - 1
    assert f"「{title}」は、目標1にも" in made.info[0].value.replace("\\", "")
    checked(made.selectbox(key="mamori_training_drop_check").set_value(0).run())
    assert pack_of(made).checklist == before.checklist[1:]
    for _ in range(3):
        press(made, "undo")
    assert pack_of(made) == before


def test_a_goal_counts_the_countermeasures_that_are_left() -> None:
    """This test ensures that nobody is asked to choose from more countermeasures than there are."""
    pack = replace(sample_pack(), goals=(Line("12個の対策の中から選べます。", (1,)), Line("112個の対策です。")))
    left = without_measure(pack, 0)
    assert [goal.text for goal in left.goals] == ["11個の対策の中から選べます。", "112個の対策です。"]


def test_a_question_is_read_out_as_it_is_asked() -> None:
    """This test ensures that the facilitator's notes quote the trainer's question, and are marked with it."""
    step = replace(sample_pack().agenda[1], notes=(Line("問い1「どこで気付けたでしょうか。」と聞きます。"),))
    pack = with_line(replace(sample_pack(), agenda=(step,)), "question.0.0", "いつ「変だ」と思いますか。")
    assert pack.agenda[0].notes == (Line("問い1「いつ『変だ』と思いますか。」と聞きます。", edited=True),)


def test_everything_can_be_dropped(made: AppTest) -> None:
    """This test ensures that a pack without questions says how to have them back and is no quiz to write out."""
    to_view(made, QUIZ)
    for _ in range(6):
        press(made, tool(made, "delete", 1))
    assert "元に戻す" in made.info[0].value
    press(to_view(made, FILES), "prepare_md")
    assert not made.error
    assert "mamori_training_prepare_csv" not in [button.key for button in made.button]


def test_each_control_says_what_it_is_for(made: AppTest) -> None:
    """This test ensures that buttons that stand on the page many times name their item in their hint."""
    to_view(made, QUIZ)
    assert button_of(made, "edit", 2).help == f"問2を{EDIT}"
    assert button_of(made, "swap_horiz", 2).help == f"問2を{EXCHANGE}"


def test_a_file_is_made_when_it_is_asked_for(made: AppTest) -> None:
    """This test ensures that a file is made at a press, offered with its size, and made anew once the pack changes."""
    to_view(made, FILES)
    assert not made.get("download_button")
    press(made, "prepare_md")
    (button,) = made.get("download_button")
    assert button.label.startswith("*Markdownを*保存する（")  # type: ignore[attr-defined]
    assert "朝の点検" in made.session_state[MADE].files["md"].decode()
    press(to_view(made, QUIZ), tool(made, "delete", 1))
    to_view(made, FILES)
    assert not made.get("download_button")
    press(made, "prepare_md")
    assert "その1" not in made.session_state[MADE].files["md"].decode().split("クイズ")[-1].split("出典")[0]


def test_a_file_that_cannot_be_made_is_a_sentence(made: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that one failing format is told, and that the ZIP holds the others and says what it lacks."""

    def export(pack: Pack, key: str) -> bytes:
        if key == "pptx":
            raise ExportError("PowerPointを作れませんでした。")
        return key.encode()

    monkeypatch.setattr(training_files, "export", export)
    press(to_view(made, FILES), "prepare_pptx")
    assert made.error[0].value == "PowerPointを作れませんでした。"
    press(made, "prepare_zip")
    with zipfile.ZipFile(io.BytesIO(made.session_state[MADE].files["zip"])) as archive:
        names = archive.namelist()
    assert len(names) == 8
    assert all(name.startswith("人を通じた技術流出 ― 経営層向け（30分）.") for name in names)
    assert "PowerPoint" in made.error[-1].value


def upload(page: AppTest, data: bytes) -> AppTest:
    """The page after somebody chose a saved file."""
    to_view(page, MAKE)
    return checked(page.file_uploader[0].set_value([("保存.json", data, "")]).run())


def test_a_saved_pack_is_opened_again(made: AppTest) -> None:
    """This test ensures that what was edited and saved comes back, and that the pack before it is not lost."""
    pack = edited(sample_pack(), sample_pack().quiz[0].item_id, "stem", "書き換えた問題。")
    before = pack_of(made)
    upload(made, to_json(pack).encode())
    assert pack_of(made) == pack
    assert made.radio(key=VIEW).value == READ
    press(to_view(made, QUIZ), "undo")
    assert pack_of(made) == before


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"\xff\xfe\x00",
        to_json(sample_pack().as_quiz()).encode(),
        b"[1]",
        b'{"mamori": "training-pack", "version": "\\ud800"}',
        b'{"mamori": "training-pack", "version": 1, "\\ud800<script>": 1}',
        b"[" * 100_000,
        "あ".encode() * 4_000_000,
    ],
    ids=["json", "bytes", "quiz", "list", "half_version", "half_name", "deep", "large"],
)
def test_what_is_no_saved_pack_is_told(made: AppTest, data: bytes) -> None:
    """This test ensures that a wrong file is a sentence and leaves the pack as it is."""
    before = pack_of(made)
    upload(made, data)
    assert len(made.error) == 1
    assert pack_of(made) is before


def begun(page: AppTest, material: FakeMaterial, *items: Any) -> AppTest:  # noqa: ANN401
    """The self-study view with a quiz of these items."""
    material.items = items
    return press(to_view(page, STUDY), "study_start")


def pressed(page: AppTest, label: str) -> AppTest:
    """The page after the button of that label."""
    return checked(next(button for button in page.button if button.label == label).click().run())


def test_a_quiz_from_the_first_item_to_the_result(page: AppTest, material: FakeMaterial, tmp_path: Path) -> None:
    """This test ensures that each kind can be answered and is explained, and that the result names what to read."""
    begun(page, material, choice(1), TRUE_FALSE, MATCHING, ORDERING)
    assert "正解</span>" not in html(page)
    assert next(button for button in page.button if button.label == CHECK).disabled
    page.radio(key="mamori_training_answer_0").set_value(1).run()
    pressed(page, CHECK)
    assert "正解です。" in html(page)
    assert "mm-card" in html(page)
    pressed(page, NEXT)
    page.radio(key="mamori_training_answer_1").set_value(0).run()
    assert "不正解です。" in html(pressed(page, CHECK))
    pressed(page, NEXT)
    for at in range(3):
        page.selectbox(key=f"mamori_training_answer_2_{at}").set_value((1, 1, 2)[at]).run()
    assert next(button for button in page.button if button.label == CHECK).disabled
    page.selectbox(key="mamori_training_answer_2_0").set_value(0).run()
    assert "正解です。" in html(pressed(page, CHECK))
    pressed(page, NEXT)
    for at in range(4):
        page.selectbox(key=f"mamori_training_answer_3_{at}").set_value((3, 1, 2, 0)[at]).run()
    assert "あなたの答え：撤退" in html(pressed(page, CHECK))
    pressed(page, TO_RESULT)
    assert "<strong>2</strong> / 4" in html(page)
    assert "もう一度読むところ" in html(page)
    (kept,) = read_results(results_file(tmp_path)).entries
    assert [item.is_right for item in kept.items] == [True, False, True, False]

    press(page, "study_again")
    assert [item.item_id for item in page.session_state[STUDYING].quiz.items] == [TRUE_FALSE.item_id, ORDERING.item_id]


def test_the_story_gives_no_source_away_before_the_answer(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that no citation stands on the page while an item is asked."""
    begun(page, material, *(item for item in sample_pack().quiz if item.story))
    assert "ある工房で" in html(page)
    assert "mm-marker" not in html(page)


def one_quiz(page: AppTest, material: FakeMaterial, answer: int) -> AppTest:
    """The start of self-study after a quiz of one item."""
    begun(page, material, TRUE_FALSE)
    page.radio(key="mamori_training_answer_0").set_value(answer).run()
    pressed(page, CHECK)
    return pressed(page, TO_RESULT)


def test_history_is_shown_and_deleted(page: AppTest, material: FakeMaterial, tmp_path: Path) -> None:
    """This test ensures that earlier results stand there with a picture, and are gone when that is asked for twice."""
    assert ALL_RIGHT in [one.value for one in one_quiz(page, material, 1).success]
    press(page, "study_leave")
    press(one_quiz(page, material, 0), "study_leave")
    assert "1 / 1" in html(page)
    assert "0 / 1" in html(page)
    assert page.get("vega_lite_chart")
    press(page, "forget")
    assert results_file(tmp_path).exists()
    press(page, "forget_really")
    assert not results_file(tmp_path).exists()
    assert "これまでの結果" not in html(page)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"date": "9999-12-31T23:59:59-12:00", "theme": "<script>", "items": []}', ""),
        (b'{"date": "x", "theme": "y", "items": [{"item_id": "a", "is_right": true, "later": 1}], "later": 2}', ""),
        (b'{"date": "x", "theme": "y", "items": {"a": 1}}', "1行目は"),
        (b"\x00\xff" * 99, "1行目は"),
        (b"x\n" * 999, "など、999行は"),
    ],
    ids=["date", "later", "types", "bytes", "many"],
)
def test_damaged_results_are_told_and_can_be_deleted(page: AppTest, tmp_path: Path, line: bytes, told: str) -> None:
    """This test ensures that whatever the file of results holds, the page draws it and can be rid of it."""
    path = results_file(tmp_path)
    path.parent.mkdir()
    path.write_bytes(line + b"\n" if not line.endswith(b"\n") else line)
    to_view(page, STUDY)
    assert told in "".join(one.value for one in page.warning)
    assert "<script" not in html(page)
    press(page, "forget")
    press(page, "forget_really")
    assert not path.exists()


def test_a_result_that_cannot_be_kept_is_told(page: AppTest, material: FakeMaterial, tmp_path: Path) -> None:
    """This test ensures that the result is shown all the same where the disk refuses it."""
    begun(page, material, TRUE_FALSE)
    (tmp_path / "training").write_text("", encoding="utf-8")
    page.radio(key="mamori_training_answer_0").set_value(1).run()
    pressed(page, CHECK)
    pressed(page, TO_RESULT)
    assert "結果を残せませんでした" in page.warning[0].value
    assert "<strong>1</strong> / 1" in html(page)


def test_a_quiz_is_ended_early(page: AppTest, material: FakeMaterial, tmp_path: Path) -> None:
    """This test ensures that ending before the first answer keeps nothing, and later only what was answered."""
    press(begun(page, material, TRUE_FALSE, choice(1)), "study_stop")
    assert not results_file(tmp_path).exists()
    begun(page, material, TRUE_FALSE, choice(1))
    page.radio(key="mamori_training_answer_0").set_value(1).run()
    press(pressed(page, CHECK), "study_stop")
    assert "<strong>1</strong> / 1" in html(page)
    assert len(read_results(results_file(tmp_path)).entries[0].items) == 1


def test_no_items_for_a_choice_is_told(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that a choice without items asks for another one."""
    begun(page, material)
    assert page.warning[0].value == training_study._NONE


def test_what_goes_wrong_with_a_quiz_is_told(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that a choice that the builder refuses is a sentence under the choice."""
    material.error = UnknownChoice("難しさ 3 の問題がありません。")
    press(to_view(page, STUDY), "study_start")
    assert page.warning[0].value.startswith("難しさ 3")
    assert page.button(key="mamori_training_study_start")


def test_fewer_items_than_asked_for_is_told(page: AppTest, material: FakeMaterial) -> None:
    """This test ensures that whoever asked for five and gets one is told so."""
    begun(page, material, TRUE_FALSE)
    assert "1問だけ" in page.caption[0].value


def test_an_exchange_brings_its_sources_along() -> None:
    """This test ensures that a new item cites under its new numbers, once for the same quote, and nothing dangles."""
    pack = sample_pack()
    fresh = citation(2, chunk_id="other", quote="猫車は、屋根の下に置きます。", doc_id="roof")
    item = replace(choice(9), explanation=Line("屋根の下です。", (2,)))
    source = replace(SOURCES[0], doc_id="roof")
    other = Quiz("別", (item,), (CITATIONS[0], fresh), (SOURCES[0], source), 1)
    found = exchanged(pack, pack.quiz[1].item_id, other)
    assert found.quiz[1].explanation.markers == (4,)
    assert found.quiz[1].options[1].reason.markers == (1,)
    assert found.citations[3].quote == "猫車は、屋根の下に置きます。"
    assert [source.doc_id for source in found.sources] == ["digest-carts", "slides", "roof"]


def test_what_nothing_cites_any_more_goes() -> None:
    """This test ensures that after dropping an item its citation and its document leave the list, numbers closed up."""
    only = replace(sample_pack(), goals=(), cases=(), countermeasures=(), checklist=(), agenda=(), contacts=())
    last = replace(choice(1), explanation=Line("まとめです。", (3,)), options=())
    pack = replace(only, quiz=(last, TRUE_FALSE))
    kept = tidied(dropped(pack, TRUE_FALSE.item_id))
    assert [one.section for one in kept.citations] == ["まとめ"]
    assert [one.doc_id for one in kept.sources] == ["slides"]
    assert kept.quiz[0].explanation.markers == (1,)
    assert tidied(kept) == kept


def test_notes_count_the_items_that_are_left() -> None:
    """This test ensures that the facilitator is not told to ask more items than there are."""
    step = replace(sample_pack().agenda[3], notes=(Line("6問を解いてもらい、16問目は飛ばします。"),))
    pack = dropped(replace(sample_pack(), agenda=(step,)), TRUE_FALSE.item_id)
    assert pack.agenda[0].notes[0].text == "5問を解いてもらい、16問目は飛ばします。"


def test_every_text_of_every_kind_can_be_edited() -> None:
    """This test ensures that each text that is offered changes that text and nothing else, and marks the item."""
    for item in sample_pack().quiz:
        for text in texts_of(item):
            changed = with_text(item, text.key, "新しい文。")
            assert changed.edited
            after = {one.key: one.text for one in texts_of(changed)}
            assert after == {one.key: one.text for one in texts_of(item)} | {text.key: "新しい文。"}
            assert with_text(item, text.key, text.text) is item


def test_true_and_false_stay_what_they_are() -> None:
    """This test ensures that the answers of a true-or-false item cannot be reworded."""
    assert "option.0" not in [text.key for text in texts_of(TRUE_FALSE)]
    with pytest.raises(EditRefused):
        with_text(TRUE_FALSE, "stem", " ")


def repeating() -> QuizItem:
    """A true-or-false item whose reasons say what its explanation says."""
    options = tuple(replace(option, reason=TRUE_FALSE.explanation) for option in TRUE_FALSE.options)
    return replace(TRUE_FALSE, options=options)


def test_what_the_explanation_says_is_said_once() -> None:
    """This test ensures that a reason that repeats the explanation is neither read nor edited a second time."""
    item = repeating()
    assert answer_html(item, Marks.of(CITATIONS)).count(item.explanation.text) == 1
    assert [text.key for text in texts_of(item)] == ["stem", "explanation"]
    changed = with_text(item, "explanation", "新しい文。")
    assert answer_html(changed, Marks.of(CITATIONS)).count("新しい文。") == 1
    assert [option.reason.text for option in changed.options] == ["新しい文。"] * 2


def test_of_a_statement_the_same_reason_is_said_once() -> None:
    """This test ensures that one reason for both answers is one field, and that other kinds keep each reason."""
    options = tuple(replace(option, reason=Line("「毎朝」です。", (1,))) for option in TRUE_FALSE.options)
    item = replace(TRUE_FALSE, options=options)
    assert own_reasons(item) == (0,)
    assert own_reasons(choice(1)) == (0, 1, 2, 3)
    changed = with_text(item, "reason.0", "新しい文。")
    assert [option.reason.text for option in changed.options] == ["新しい文。"] * 2


def test_a_reason_with_a_source_of_its_own_stays() -> None:
    """This test ensures that no source goes with a text that repeats the explanation."""
    options = (
        repeating().options[0],
        replace(TRUE_FALSE.options[1], reason=replace(TRUE_FALSE.explanation, markers=(2,))),
    )
    item = replace(TRUE_FALSE, options=options)
    assert own_reasons(item) == (1,)


def test_moving_stops_at_the_ends() -> None:
    """This test ensures that the first item does not go round to the end."""
    pack = sample_pack()
    assert moved(pack, pack.quiz[0].item_id, -1) == pack
    assert moved(pack, pack.quiz[-1].item_id, 1) == pack
