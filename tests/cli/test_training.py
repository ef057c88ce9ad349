"""Tests of `mamori training`: what can be chosen, packs and quizzes as files, errors, and rewording by a model."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.changes import LibraryOptions
from assistant.library import Library
from assistant.settings import Settings
from cli import training_given
from tests.cli.conftest import Run, is_one_helpful_line
from tests.cli.llm import KEY, Play, needs_openai, playing
from tests.training.sample import sample_pack
from training.catalogue import LENGTHS, audiences, themes
from training.models import Pack, Quiz
from training.quiz.build import MOST_ITEMS
from training.saved import MOST_BYTES, from_json, to_json

PACK = ["training", "pack", "--theme", "すり合わせ", "--audience", "営業"]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Sets a server of a personality as the language model."""
    return playing(monkeypatch)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The made-up sample pack, saved."""
    path = tmp_path / "保存した教材.json"
    path.write_text(to_json(sample_pack()), encoding="utf-8")
    return path


def written(folder: Path) -> set[str]:
    """The suffixes of the files in a folder."""
    return {path.name.partition(".")[2] for path in folder.iterdir()}


def test_what_can_be_chosen_is_listed(mamori: Run) -> None:
    """This test ensures that themes, audiences and lengths are told, as text and as JSON, without any index."""
    text, as_json = mamori("training", "themes"), mamori("training", "themes", "--json")
    assert (text.status, as_json.status, text.err, as_json.err) == (0, 0, "", "")
    listed = json.loads(as_json.out)
    assert listed == {
        "themes": [theme.name for theme in themes()],
        "audiences": [audience.name for audience in audiences()],
        "minutes": list(LENGTHS),
    }
    assert not [name for name in (*listed["themes"], *listed["audiences"]) if name not in text.out]


def test_a_pack_becomes_files(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that slides, document and JSON are written, each path on a line, and told what is in them."""
    result = mamori(*PACK, "--to", tmp_path / "研修", "--data-dir", digest)
    assert result.status == 0, result.err
    paths = [Path(line) for line in result.out.splitlines()]
    assert [path.suffix for path in paths] == [".pptx", ".docx", ".json"]
    assert all(path.stat().st_size > 1000 and "営業" in path.name for path in paths)
    assert "クイズ" in result.err.splitlines()[0]
    made = from_json(paths[-1].read_text(encoding="utf-8"))
    assert isinstance(made, Pack)
    assert made.quiz
    assert made.citations


def test_formats_can_be_chosen(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that formats may be parted by commas or named one by one, and come once each."""
    arguments = ["--format", "md,gift", "--format", "MD", "--minutes", "15", "--to", tmp_path, "--data-dir", digest]
    result = mamori(*PACK, *arguments)
    assert result.status == 0, result.err
    assert written(tmp_path) == {"md", "gift.txt"}


def test_nothing_is_overwritten_unasked(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that a trainer's edited file is not lost by making the pack again."""
    command = [*PACK, "--minutes", "15", "--format", "md", "--to", tmp_path, "--data-dir", digest]
    path = Path(mamori(*command).out.strip())
    path.write_text("手で直しました", encoding="utf-8")
    again = mamori(*command)
    assert (again.status, again.out) == (1, "")
    assert is_one_helpful_line(again.err)
    assert "--overwrite" in again.err
    assert path.read_text(encoding="utf-8") == "手で直しました"
    assert mamori(*command, "--overwrite").status == 0
    assert path.read_text(encoding="utf-8") != "手で直しました"


def test_the_same_seed_gives_the_same_quiz(mamori: Run, digest: Path) -> None:
    """This test ensures that a quiz can be made again by its number, and that another number is another quiz."""
    first, same, other = (
        mamori("training", "quiz", "--count", "5", "--seed", seed, "--data-dir", digest).out for seed in ("7", "7", "8")
    )
    assert first == same != other


def test_a_quiz_is_shown_with_its_answers(mamori: Run, digest: Path) -> None:
    """This test ensures that questions, answers and sources are printed, the answers behind all questions."""
    result = mamori("training", "quiz", "--count", "6", "--data-dir", digest)
    assert result.status == 0, result.err
    questions, answers = result.out.split("\n答え\n")
    assert [f"問{number}（" in questions for number in range(1, 7)] == [True] * 6
    assert [f"問{number}　" in answers for number in range(1, 7)] == [True] * 6
    assert "\n出典\n[1] " in answers
    assert "6 問" in result.err


def test_a_quiz_becomes_files(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that a quiz alone is written in every format that holds one."""
    command = ["training", "quiz", "--theme", "共同研究", "--count", "3", "--format", "all", "--to", tmp_path]
    result = mamori(*command, "--data-dir", digest)
    assert result.status == 0, result.err
    assert written(tmp_path) == {"md", "gift.txt", "xml", "csv", "apkg", "json"}
    made = from_json(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert isinstance(made, Quiz)
    assert len(made.items) == 3


def test_difficulty_is_kept_to(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that only items of the difficulty asked for come."""
    command = ["training", "quiz", "--difficulty", "1", "--count", "4", "--format", "json", "--to", tmp_path]
    assert mamori(*command, "--data-dir", digest).status == 0
    made = from_json(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert isinstance(made, Quiz)
    assert {item.difficulty for item in made.items} == {1}


def test_a_saved_pack_is_exported_without_an_index(mamori: Run, saved: Path, tmp_path: Path) -> None:
    """This test ensures that what a trainer edited goes into the files, and that nothing else is asked for."""
    saved.write_text(saved.read_text(encoding="utf-8").replace("車輪が外れたケース", "書き直したケース"), "utf-8")
    result = mamori("training", "export", saved, "--format", "md,csv", "--to", tmp_path / "out")
    assert (result.status, result.err) == (0, "")
    assert written(tmp_path / "out") == {"md", "csv"}
    assert "書き直したケース" in next((tmp_path / "out").glob("*.md")).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"mamori": "training-pack", "version": 99}'])
def test_a_file_that_is_no_pack_is_told_in_one_line(mamori: Run, saved: Path, tmp_path: Path, content: bytes) -> None:
    """This test ensures that a wrong or damaged file gives a sentence and no files."""
    saved.write_bytes(content)
    result = mamori("training", "export", saved, "--to", tmp_path / "out")
    assert (result.status, result.out) == (1, "")
    assert is_one_helpful_line(result.err), result.err
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_told_in_one_line(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that a slip in a name is told as such."""
    result = mamori("training", "export", tmp_path / "none.json")
    assert result.status == 1
    assert is_one_helpful_line(result.err)


def test_a_theme_that_the_documents_do_not_hold_shows_the_nearest(mamori: Run, digest: Path, tmp_path: Path) -> None:
    """This test ensures that there is no empty pack: one line, exit 1, and what to choose instead."""
    command = ["training", "pack", "--theme", "円周率", "--audience", "営業", "--to", tmp_path / "out"]
    result = mamori(*command, "--data-dir", digest)
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("mamori: 「円周率」について")
    assert result.err.count("\n") == 1
    assert "資料にあるテーマを選んでください" in result.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "more",
    [
        ["pack", "--theme", "共同研究"],
        ["pack", "--theme", "共同研究", "--audience", "だれか"],
        ["pack", "--theme", " ", "--audience", "営業"],
        ["pack", "--theme", "共同研究", "--audience", "営業", "--minutes", "20"],
        ["pack", "--theme", "共同研究", "--audience", "営業", "--format", "odt"],
        ["pack", "--theme", "共同研究", "--audience", "営業", "--format", ","],
        ["pack", "--theme", "\u202e\u200b", "--audience", "営業"],
        ["pack", "--theme", "長" * 10_000, "--audience", "営業"],
        ["quiz", "--count", "0"],
        ["quiz", "--count", "-1"],
        ["quiz", "--count", "1000"],
        ["quiz", "--difficulty", "9"],
        ["quiz", "--theme", ""],
        ["quiz", "--theme", " \u200b"],
        ["quiz", "--format", "nonsense", "--to", "x"],
        ["quiz", "--format", "gift"],
        ["quiz", "--format", "pptx", "--to", "x"],
        ["export"],
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(mamori: Run, more: list[str]) -> None:
    """This test ensures that a choice that there is not costs no time and no file: one line, exit 2."""
    result = mamori("training", *more)
    assert (result.status, result.out) == (2, "")
    assert is_one_helpful_line(result.err), result.err
    assert not re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", result.err.partition("`")[0]), result.err


@pytest.mark.parametrize(
    "more",
    [["pack", "--theme", "共同研究", "--audience", "営業"], ["quiz"], ["export", "none.json"]],
    ids=["pack", "quiz", "export"],
)
def test_a_file_is_no_folder(mamori: Run, tmp_path: Path, more: list[str]) -> None:
    """This test ensures that a file where a folder belongs is told before anything is made, and left as it is."""
    taken = tmp_path / "メモ.txt"
    taken.write_text("大事なメモ", encoding="utf-8")
    result = mamori("training", *more, "--to", taken)
    assert (result.status, result.out) == (2, "")
    assert "ファイルです。フォルダーを指定してください" in result.err
    assert taken.read_text(encoding="utf-8") == "大事なメモ"


def test_the_most_items_are_those_of_a_quiz() -> None:
    """This test ensures that the command refuses no number that a quiz may have."""
    assert training_given.MOST_ITEMS == MOST_ITEMS


def test_a_huge_file_is_not_read_to_its_end(mamori: Run, tmp_path: Path) -> None:
    """This test ensures that what is far larger than any pack is told as that."""
    huge = tmp_path / "huge.json"
    with huge.open("wb") as handle:
        handle.write(b'{"a": "')
        handle.truncate(MOST_BYTES * 50)
    result = mamori("training", "export", huge, "--to", tmp_path / "out")
    assert result.status == 1
    assert "大きすぎます" in result.err


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an index without check list or case: two made-up texts."""
    folder = tmp_path_factory.mktemp("garden")
    for name, text in {
        "cart": "# 猫車の使い方\n\n## 朝の準備\n車輪を確かめます。荷物は80kgまでです。\n",
        "beds": "# 花壇の世話\n\n## 水やり\n朝の9時までに水をやります。夏は1日2回です。\n",
    }.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    settings = Settings(folder / "data")
    Library(settings, options=LibraryOptions(adapt=False)).build([folder / "cart.md", folder / "beds.md"])
    return folder / "data"


@pytest.mark.parametrize(
    "more",
    [
        ["pack", "--theme", "共同研究", "--audience", "営業"],
        ["pack", "--theme", "雪かき", "--audience", "営業"],
        ["quiz"],
        ["quiz", "--theme", "猫車", "--difficulty", "3"],
    ],
)
def test_documents_that_give_nothing_are_told_with_what_to_do(
    mamori: Run, garden: Path, tmp_path: Path, more: list[str]
) -> None:
    """This test ensures that over texts without check lists there is a sentence with advice, and no empty file."""
    result = mamori("training", *more, "--to", tmp_path / "out", "--data-dir", garden)
    assert (result.status, result.out) == (1, "")
    assert "資料を「資料」に加え" in result.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [PACK, ["training", "quiz"]])
def test_without_an_index_the_message_is_that_of_ask(mamori: Run, command: list[str]) -> None:
    """This test ensures that a newcomer is told to build the index, in the words that `mamori ask` has."""
    result = mamori(*command)
    assert (result.status, result.out, result.err) == (1, "", mamori("ask", "問い").err)


@needs_openai
def test_a_model_is_asked_only_where_it_is_wanted(mamori: Run, digest: Path, tmp_path: Path, play: Play) -> None:
    """This test ensures that `--no-llm` sends nothing, that otherwise the model is named, and that no key is shown."""
    command = [*PACK, "--minutes", "15", "--format", "json", "--overwrite", "--to", tmp_path, "--data-dir", digest]
    with play("good") as server:
        without = mamori(*command, "--no-llm")
        assert server.requests == []
        asked = mamori(*command)
        assert len(server.requests) == 3
    assert (without.status, asked.status) == (0, 0)
    assert "言語モデル" not in without.err
    assert "openai:scripted が言い換えています（このパソコンのモデル）" in asked.err
    assert KEY not in asked.err + asked.out


@needs_openai
def test_a_model_that_is_down_costs_a_line(mamori: Run, digest: Path, tmp_path: Path, play: Play) -> None:
    """This test ensures that the pack is made all the same, and the trainer told why nothing was reworded."""
    command = [*PACK, "--minutes", "15", "--format", "json", "--to", tmp_path, "--data-dir", digest]
    with play("unauthorised"):
        result = mamori(*command)
    assert result.status == 0
    assert "HTTP 401" in result.err
    made = from_json(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert isinstance(made, Pack)
    assert not [line for line in made.goals if line.reworded]


def test_a_model_elsewhere_needs_permission(
    mamori: Run, digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test ensures that no text of the documents leaves the machine unless that was allowed."""
    monkeypatch.setenv("MAMORI_LLM", "openai:some")
    result = mamori(*PACK, "--to", tmp_path / "out", "--data-dir", digest)
    assert (result.status, result.out) == (1, "")
    assert "MAMORI_ALLOW_REMOTE" in result.err
    assert not (tmp_path / "out").exists()
