"""Packs and quizzes as JSON and back, and what a slip of the hand in such a file is called."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.sample import HOSTILE, MATCHING, ORDERING, QUIZ, sample_pack
from training.errors import UnreadablePack
from training.models import Line, Pack, Quiz
from training.saved import MOST_BYTES, from_json, to_json
from training.saved_seals import EDITED_NOTE

Change = Callable[[dict[str, Any]], object]


def option(at: int) -> dict[str, Any]:
    """An option as it is saved; the first is right."""
    return {"text": f"{at}番", "is_right": at == 0, "reason": {"text": "理由", "markers": [1]}}


def changed(change: Change) -> str:
    """The sample pack as JSON after a change of its parsed fields."""
    parsed = json.loads(to_json(sample_pack()))
    change(parsed)
    return json.dumps(parsed)


class TestRoundTrip:
    @pytest.mark.parametrize("material", [sample_pack(), sample_pack().as_quiz()])
    def test_what_is_saved_is_read(self, material: Pack | Quiz) -> None:
        """This test ensures that a pack and a quiz come back as they were, and are saved alike again."""
        assert from_json(to_json(material)) == material
        assert to_json(from_json(to_json(material))) == to_json(material)

    @given(
        text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        markers=st.lists(st.integers(1, 3), max_size=4),
        order=st.permutations(QUIZ),
        count=st.integers(0, len(QUIZ)),
        flag=st.booleans(),
    )
    def test_variations_come_back(
        self, text: str, markers: list[int], order: list[Any], count: int, flag: bool
    ) -> None:
        """This test ensures that any text, order and number of items comes back as it was."""
        line = Line(text, tuple(markers), reworded=flag)
        items = tuple(replace(item, explanation=line, edited=flag) for item in order[:count])
        pack = replace(sample_pack(), goals=(line,), notes=(text,), quiz=items, contacts=(), model=None)
        assert from_json(to_json(pack)) == pack

    def test_it_can_be_read_by_people(self) -> None:
        """This test ensures that the text is plain: Japanese as it is, kind and version first, markers on a line."""
        text = to_json(sample_pack())
        assert text.startswith('{\n "mamori": "training-pack",\n "version": 1,\n "title": "猫車の点検')
        assert '"markers": [2, 3],' in text
        assert json.dumps(HOSTILE, ensure_ascii=False) in text
        assert text.endswith("}\n")

    def test_only_what_was_edited_says_so(self) -> None:
        """This test ensures that a line that a trainer worded comes back as such, and that the others cost no room."""
        pack = replace(sample_pack(), goals=(replace(sample_pack().goals[0], edited=True),))
        assert to_json(pack).count('"edited"') == 1
        assert from_json(to_json(pack)) == pack

    def test_many_names_twice_are_found_at_once(self) -> None:
        """This test ensures that a file of forty thousand names is not compared name by name."""
        names = ",".join(f'"n{at}":1' for at in range(40_000))
        started = time.monotonic()
        with pytest.raises(UnreadablePack, match="n39999 が"):
            from_json(f'{{{names},"n39999":2}}')
        assert time.monotonic() - started < 2

    def test_a_mark_of_byte_order_is_no_fault(self) -> None:
        """This test ensures that a file saved by an editor that puts a mark in front is read."""
        assert from_json("\ufeff" + to_json(sample_pack())) == sample_pack()

    def test_nothing_is_saved_that_could_not_be_opened(self) -> None:
        """This test ensures that a pack with an item that makes no sense is refused when it is saved."""
        broken = replace(sample_pack(), quiz=(replace(MATCHING, shown=(0, 0, 1)),))
        with pytest.raises(UnreadablePack, match=r"「quiz 1番目 → shown」"):
            to_json(broken)


class TestEdits:
    def test_an_item_edited_by_hand_is_marked(self) -> None:
        """This test ensures that exactly the item whose text was changed in the file is marked as edited."""
        read = from_json(to_json(sample_pack()).replace("猫車は、毎年1回", "猫車は、毎年2回"))
        assert isinstance(read, Pack)
        assert [item.edited for item in read.quiz] == [False, True, False, False, False, False]
        assert read.notes == sample_pack().notes

    def test_dropping_and_reordering_are_no_edits(self) -> None:
        """This test ensures that items that stay as they are stay unmarked when others go or they change places."""
        read = from_json(changed(lambda pack: pack.update(quiz=pack["quiz"][:2:-1])))
        assert isinstance(read, Pack)
        assert read.quiz == QUIZ[:2:-1]
        assert read.notes == sample_pack().notes

    def test_other_texts_edited_by_hand_are_told_once(self) -> None:
        """This test ensures that a change of any other text adds one note, also after it is saved again."""
        read = from_json(to_json(sample_pack()).replace("荷が落ちるからです", "荷がこぼれるからです"))
        assert isinstance(read, Pack)
        assert read.notes == (*sample_pack().notes, EDITED_NOTE)
        assert from_json(to_json(read)) == read

    def test_without_seals_everything_counts_as_edited(self) -> None:
        """This test ensures that taking the hashes away does not hide an edit."""
        read = from_json(changed(lambda pack: pack.pop("seals")))
        assert isinstance(read, Pack)
        assert all(item.edited for item in read.quiz)
        assert EDITED_NOTE in read.notes

    def test_a_field_left_at_its_default_is_no_edit(self) -> None:
        """This test ensures that a file from before a field existed is not taken for edited."""
        assert from_json(changed(lambda pack: [line.pop("reworded") for line in pack["goals"][:1]])) == sample_pack()


class TestUnreadable:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "1 行目、1 文字目が、JSON として読めません"),
            ('{"mamori": "training-pack",\n "title": }', "2 行目、11 文字目が"),
            ("[]", "Mamori の教材を保存したファイルではありません"),
            ('{"title": "x"}', "Mamori の教材を保存したファイルではありません"),
            ('{"mamori": "training-pack", "version": 2}', "版 2、読めるのは版 1"),
            ('{"mamori": "training-pack", "version": true}', "別の版"),
            ('{"mamori": "a", "mamori": "b"}', "mamori が、同じところに2つあります"),
            ("[" * 100_000, "JSON として読めません"),
            ('{"a": ' + "9" * 5_000 + "}", "JSON として読めません"),
            ('{"mamori": "training-pack", "version": "\\ud800' + "x" * 999 + '"}', "版 �x{39}…、読める"),
            ('{"\\ud800": 1, "\\ud800": 2}', "保存した教材の � が"),
            (" " * (MOST_BYTES + 1), "大きすぎます（10 MB まで）"),
            ("あ" * (MOST_BYTES // 3 + 1), "大きすぎます（10 MB まで）"),
        ],
    )
    def test_what_is_no_pack(self, text: str, sentence: str) -> None:
        """This test ensures that a text that is no saved pack is refused with what to look at."""
        with pytest.raises(UnreadablePack, match=sentence):
            from_json(text)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda p: p.pop("goals"), "「goals」が正しくありません。この項目がありません"),
            (lambda p: p.update(tilte="x"), "「tilte」が正しくありません。この名前の項目はありません"),
            (lambda p: p.update(title=" "), "「title」が正しくありません。題名"),
            (lambda p: p.update(minutes="30"), "「minutes」が正しくありません。整数で"),
            (lambda p: p.update(minutes=True), "「minutes」が正しくありません。整数で"),
            (lambda p: p.update({"\ud800<b>": 1}), "「�<b>」が正しくありません。この名前"),
            (lambda p: p.update(theme="長" * 10_001), "「theme」が正しくありません。長すぎます（10,000文字"),
            (lambda p: p.update(goals=p["goals"] * 1001), "「goals」が正しくありません。多すぎます（2,000個"),
            (lambda p: p["agenda"][0].update(start=599, minutes=2), "「agenda 1番目」.*終わりは600分まで"),
            (lambda p: p.update(title="\u200b\u202e"), "「title」が正しくありません。題名"),
            (lambda p: p["quiz"][0].update(stem="\u200b"), "「quiz 1番目 → stem」が正しくありません。問題文"),
            (lambda p: p["quiz"][0].update(options=[option(at) for at in range(16)]), "options」.*15個まで"),
            (lambda p: p["quiz"][2]["pairs"][0].update(right=" "), "pairs 1番目」が正しくありません。文を書いて"),
            (
                lambda p: p["quiz"][2]["pairs"][0].update(right="油を\u200bさす"),
                "pairs」が正しくありません。同じ文が2つ",
            ),
            (lambda p: p.update(minutes=0), "「minutes」が正しくありません。1から600"),
            (lambda p: p.update(model=3), "「model」が正しくありません。文字列で"),
            (lambda p: p.update(notes="メモ"), "「notes」が正しくありません。一覧"),
            (lambda p: p.update(seals=[]), "「seals」が正しくありません。項目の組"),
            (lambda p: p["notes"].append("\ud800"), "「notes 2番目」が正しくありません。文字として読めない"),
            (lambda p: p["agenda"][1].update(minutes=0), "「agenda 2番目」が正しくありません。開始は"),
            (lambda p: p["goals"][0].update(markers=[4]), "「goals 1番目 → markers」が正しくありません。.*1から3"),
            (lambda p: p["goals"][0].update(markers=[0]), "「goals 1番目 → markers」"),
            (
                lambda p: p["cases"][0]["story"].append("文"),
                "「cases 1番目 → story 3番目」が正しくありません。項目の組",
            ),
            (lambda p: p["citations"].reverse(), "「citations 1番目 → marker」が正しくありません。出典は1から"),
            (lambda p: p["citations"][0].update(status="sure"), "「citations 1番目 → status」が.*verbatim、supported"),
            (
                lambda p: p["quiz"][0].update(kind="essay"),
                "「quiz 1番目 → kind」が正しくありません。choice、true_false",
            ),
            (lambda p: p["quiz"][0].update(difficulty=4), "「quiz 1番目 → difficulty」が正しくありません。1、2、3"),
            (lambda p: p["quiz"][0].update(stem=""), "「quiz 1番目 → stem」が正しくありません。問題文"),
            (lambda p: p["quiz"][0].update(item_id=p["quiz"][1]["item_id"]), "「quiz 2番目 → item_id」"),
            (lambda p: p["quiz"][0]["options"][0].update(is_right=True), "「quiz 1番目 → options」.*今は2個です"),
            (lambda p: p["quiz"][0]["options"][1].update(is_right=False), "「quiz 1番目 → options」.*今は0個です"),
            (lambda p: p["quiz"][0]["options"][0].update(is_right=1), "→ is_right」が正しくありません。true か false"),
            (lambda p: p["quiz"][0]["options"][0].update(text=""), "「quiz 1番目 → options 1番目」が.*文を書いて"),
            (
                lambda p: p["quiz"][0].update(options=p["quiz"][0]["options"][1:2]),
                "options」が正しくありません。2つ以上",
            ),
            (lambda p: p["quiz"][0]["options"][0].update(text=p["quiz"][0]["options"][1]["text"]), "同じ文が2つ"),
            (
                lambda p: p["quiz"][0].update(shown=[0]),
                "「quiz 1番目 → shown」が正しくありません。choice の問題では使い",
            ),
            (
                lambda p: p["quiz"][1]["options"][0].update(text="はい"),
                "「quiz 2番目 → options」.*「正しい」と「誤り」",
            ),
            (lambda p: p["quiz"][2].update(shown=[0, 1]), "「quiz 3番目 → shown」が正しくありません。0から2"),
            (lambda p: p["quiz"][3].update(shown=[0, 1, 2, 2]), "「quiz 4番目 → shown」が正しくありません。0から3"),
            (lambda p: p["quiz"][4].update(story=None), "「quiz 5番目 → story」が正しくありません。事例"),
        ],
    )
    def test_what_a_slip_breaks(self, change: Change, sentence: str) -> None:
        """This test ensures that what is wrong in a file is said, with where it is and what to write."""
        with pytest.raises(UnreadablePack, match=sentence):
            from_json(changed(change))

    def test_the_place_in_a_quiz(self) -> None:
        """This test ensures that the items of a quiz alone are called by their own name."""
        quiz = replace(sample_pack().as_quiz(), items=(replace(ORDERING, difficulty=0),))
        with pytest.raises(UnreadablePack, match="「items 1番目 → difficulty」"):
            to_json(quiz)

    def test_markers_without_citations(self) -> None:
        """This test ensures that a marker in a pack that has no citations at all is refused."""
        with pytest.raises(UnreadablePack, match="出典がひとつもありません"):
            to_json(replace(sample_pack(), citations=()))
