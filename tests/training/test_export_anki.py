"""Tests of training/export/anki.py: the archive opened by the standard library alone."""

import html
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.training.sample import HOSTILE, MATCHING, TRUE_FALSE, sample_pack
from training.export.anki import FIELDS, stable_id, write_anki
from training.export.lms_text import plain
from training.models import Line, Quiz

NOW = 1_700_000_000.0


def rows_of(package: bytes, folder: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the collection of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("media")) == {}
        (folder / "deck.anki2").write_bytes(archive.read("collection.anki2"))
    with closing(sqlite3.connect(folder / "deck.anki2")) as database:
        return database.execute(query).fetchall()


def notes_of(quiz: Quiz, folder: Path) -> list[dict[str, str]]:
    """The fields of each note, by name."""
    rows = rows_of(write_anki(quiz, NOW), folder, "select flds from notes order by id")
    return [dict(zip(FIELDS, str(fields).split("\x1f"), strict=True)) for (fields,) in rows]


def as_shown(text: str) -> str:
    """What Anki shows of a field."""
    return html.unescape(text.replace("<br>", "\n"))


def test_every_item_is_a_note_with_a_card(tmp_path: Path) -> None:
    """This test ensures that notes are told by their items and have a card each, in the order of the quiz."""
    quiz = sample_pack().as_quiz()
    package = write_anki(quiz, NOW)
    query = "select notes.guid, cards.due from notes join cards on cards.nid = notes.id order by cards.due"
    assert rows_of(package, tmp_path, query) == [(item.item_id, place) for place, item in enumerate(quiz.items)]


def test_front_asks_and_back_answers(tmp_path: Path) -> None:
    """This test ensures that each note has stem, options, the right answer, its explanation and its source."""
    quiz = sample_pack().as_quiz()
    for item, note in zip(quiz.items, notes_of(quiz, tmp_path), strict=True):
        assert as_shown(note["問題"]).endswith(plain(item.stem))
        assert item.explanation.text in as_shown(note["解説"])
        assert "（要約）" in note["出典"]
        assert "原典の3–4ページ" in note["出典"]
        for option in item.options:
            assert option.text in as_shown(note["選択肢"])
            assert (option.text in as_shown(note["正解"])) is option.is_right


def test_matching_and_ordering_can_be_answered(tmp_path: Path) -> None:
    """This test ensures that both sides, and the steps as they are shown, are on the front, the answer behind."""
    notes = notes_of(sample_pack().as_quiz(), tmp_path)
    assert as_shown(notes[2]["選択肢"]).splitlines()[-3:] == ["ア．台帳を見直す", "イ．車輪を確かめる", "ウ．油をさす"]
    assert "朝の点検 → 車輪を確かめる" in as_shown(notes[2]["正解"])
    assert as_shown(notes[3]["選択肢"]).splitlines() == ["ア．撤退", "イ．契約", "ウ．計画", "エ．実施"]
    assert as_shown(notes[3]["正解"]) == "ウ → イ → エ → ア\n計画 → 契約 → 実施 → 撤退"


def test_nothing_of_a_text_acts_as_markup(tmp_path: Path) -> None:
    """This test ensures that hostile texts are shown and not run, and open no field of a template."""
    hostile = f"{HOSTILE} {{{{c1::穴}}}} \x1f区切り\x00"
    item = replace(TRUE_FALSE, stem=hostile, explanation=Line(hostile, (1,)))
    (note,) = notes_of(replace(sample_pack().as_quiz(), items=(item,)), tmp_path)
    assert as_shown(note["問題"]) == plain(hostile)
    for field in note.values():
        assert set(re.findall(r"<[^>]*>", field)) <= {"<br>"}
        assert "{{" not in field


def test_ids_stay(tmp_path: Path) -> None:
    """This test ensures that another quiz of the same name goes to the same deck and the same kind of note."""
    quiz = sample_pack().as_quiz()
    query = "select decks, models from col"
    packages = [write_anki(quiz, NOW), write_anki(replace(quiz, items=(MATCHING,), seed=9), NOW + 60)]
    (first,), (second,) = (rows_of(package, tmp_path, query) for package in packages)
    ids = [sorted(json.loads(str(each))) for each in first]
    assert [sorted(json.loads(str(each))) for each in second] == ids
    assert stable_id("a") == 3398926610 % (2**31 - 1) + 1


def test_a_later_file_brings_notes_up_to_date(tmp_path: Path) -> None:
    """This test ensures that notes say when they were made, which is what Anki goes by."""
    query = "select distinct mod from notes"
    quiz = sample_pack().as_quiz()
    (old,) = rows_of(write_anki(quiz, NOW), tmp_path, query)
    (new,) = rows_of(write_anki(quiz, NOW + 1), tmp_path, query)
    assert new > old


def test_the_same_moment_gives_the_same_bytes() -> None:
    """This test ensures that nothing but the quiz and the time of notes enters the file."""
    quiz = sample_pack().as_quiz()
    assert write_anki(quiz, NOW) == write_anki(quiz, NOW)


def test_tags_tell_kind_and_difficulty(tmp_path: Path) -> None:
    """This test ensures that notes can be found by kind, by difficulty, and by whether a trainer changed them."""
    quiz = replace(sample_pack().as_quiz(), items=(replace(TRUE_FALSE, edited=True),))
    ((tags,),) = rows_of(write_anki(quiz, NOW), tmp_path, "select tags from notes")
    assert str(tags).split() == ["Mamori", "正誤", "難しさ::やさしい", "講師が編集"]


def test_what_the_explanation_says_is_said_once(tmp_path: Path) -> None:
    """This test ensures that a reason that is the explanation is not said again for each option."""
    options = tuple(replace(option, reason=TRUE_FALSE.explanation) for option in TRUE_FALSE.options)
    quiz = replace(sample_pack().as_quiz(), items=(replace(TRUE_FALSE, options=options),))
    (note,) = notes_of(quiz, tmp_path)
    assert as_shown(note["解説"]) == "手引きでは、毎朝、確かめるとしています。 [1]"
