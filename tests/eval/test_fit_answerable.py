"""Fitting the models that tell whether to answer, on a few made-up questions."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.compose import answerable, asked_for
from assistant.compose.answerable import FEATURES
from assistant.models import Turn
from eval import fit_answerable
from eval.fit_answerable import DEVELOPMENT, THRESHOLDS, development_numbers, fit_wording, main
from eval.models import Kind, Question, QuestionSet
from index.likely.anchors import Anchor, Target
from index.tokenize import Tokenizer

KNOWN = ("渋いのは苦手です", "どう淹れますか", "熱湯では熱すぎますか", "どう保管しますか", "どう蒸らしますか")
WITHOUT = ("おいくらですか", "値段はいくらですか", "定価はいくらですか", "送料はいくらですか", "税込みでいくらですか")


def question(name: str, *, known: bool, history: tuple[tuple[str, str], ...] = ()) -> Question:
    """A development question."""
    kind = Kind.FOLLOW_UP if history else Kind.FACT if known else Kind.UNANSWERABLE
    return Question(name, f"{name}は？", "ja", kind, history, known, "", (), (), "")


def test_no_test_set_is_read() -> None:
    """This test ensures that nothing is fitted on what is reported."""
    assert DEVELOPMENT
    assert not [name for name in DEVELOPMENT if "test" in name]


def development(monkeypatch: pytest.MonkeyPatch, questions: tuple[Question, ...]) -> list[str]:
    """Let each development set be `questions`, and return the names that are looked up."""
    names: list[str] = []
    monkeypatch.setattr(fit_answerable, "find_set", lambda name: names.append(name) or Path(name))
    monkeypatch.setattr(fit_answerable, "read_set", lambda path: QuestionSet(path.name, "00", questions))
    return names


def test_what_the_model_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that it sees the very numbers that an answer goes by, for a question with its history."""
    history = (("user", "緑茶は？"), ("assistant", "八十度です。"))
    names = development(monkeypatch, (question("a", known=True, history=history), question("b", known=False)))
    asked: list[tuple[str, list[Turn]]] = []

    def find(text: str, turns: list[Turn]) -> str:
        asked.append((text, turns))
        return text

    def features(found: str, ranked: Sequence[str]) -> tuple[float, ...]:
        assert ranked == [f"ranked {found}"]
        return (float(len(asked)), *[0.5] * (len(FEATURES) - 1))

    monkeypatch.setattr(fit_answerable, "sentences_by_probability", lambda found: [f"ranked {found}"])
    monkeypatch.setattr(fit_answerable, "features", features)
    rows, labels, sets = development_numbers(SimpleNamespace(find=find))  # type: ignore[arg-type]
    assert rows.shape == (2 * len(DEVELOPMENT), len(FEATURES))
    assert rows[:, 0].tolist() == [1 + number for number in range(2 * len(DEVELOPMENT))]
    assert labels.tolist() == [True, False] * len(DEVELOPMENT)
    assert names == list(DEVELOPMENT)
    assert sets == [name for name in DEVELOPMENT for _ in range(2)]
    assert asked[:2] == [("aは？", [Turn("user", "緑茶は？"), Turn("assistant", "八十度です。")]), ("bは？", [])]


def made_up(count: int, width: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of which the first tells the two sides apart, and the sides."""
    labels = np.arange(count) % 2 == 0
    numbers = np.random.default_rng(seed).normal(size=(count, width))
    numbers[:, 0] += 4.0 * labels
    return numbers, labels


def test_weights_are_printed_as_they_are_pasted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """This test ensures that the line of weights has the form of that in the code, beside what they get right."""
    rows, known = made_up(60 * len(DEVELOPMENT), len(FEATURES), 1)
    sets = [name for name in DEVELOPMENT for _ in range(60)]
    done: list[str] = []
    monkeypatch.setattr(fit_answerable, "fit_wording", lambda: done.append("wording"))
    monkeypatch.setattr(fit_answerable, "build_assistant", lambda _settings: done.append("open"))
    monkeypatch.setattr(fit_answerable, "development_numbers", lambda _assistant: (rows, known, sets))
    main([str(tmp_path / "digests"), str(tmp_path / "originals")])
    # What the wording says goes into the model of all: it is fitted before anything is asked.
    assert done == ["wording", "open", "open"]
    printed = capsys.readouterr().out
    (line,) = re.findall(r"^WEIGHTS = \((.*)\)$", printed, re.MULTILINE)
    weights = tuple(float(weight) for weight in line.split(", "))
    assert len(weights) == len(answerable.WEIGHTS)
    assert weights[0] == max(weights[:-1]) > 0
    for name in DEVELOPMENT:
        shares = re.findall(rf"^{name} at .*refused ([\d.]+), unanswerable answered ([\d.]+)$", printed, re.MULTILINE)
        assert len(shares) == len(THRESHOLDS)
        refused, answered = ([float(share) for share in column] for column in zip(*shares, strict=True))
        assert refused == sorted(refused)
        assert answered == sorted(answered, reverse=True)
        assert max(*refused, *answered) < 0.5


def test_the_wording_is_written_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """This test ensures that the table is written where it is read, and tells the two sides of a toy set apart."""
    monkeypatch.setattr(fit_answerable, "FOLDS", 2)
    monkeypatch.setattr(fit_answerable, "anchors_of", lambda _name: [Anchor((Target("tea", "", ""),), KNOWN)])
    monkeypatch.setattr(fit_answerable, "bundled_unanswerable", lambda: WITHOUT)
    monkeypatch.setattr(asked_for, "__file__", str(tmp_path / "asked_for.py"))
    bundled = asked_for.weights()
    fit_wording()
    assert [path.name for path in tmp_path.iterdir()] == [asked_for.FILE]
    table = np.load(io.BytesIO((tmp_path / asked_for.FILE).read_bytes()), allow_pickle=False)
    assert table.shape == bundled.shape
    monkeypatch.setattr(asked_for, "weights", lambda: table.astype(np.float32))
    told, untold = ([asked_for.log_odds(text, Tokenizer()) for text in texts] for texts in (KNOWN, WITHOUT))
    assert min(told) > max(untold)
    assert re.search(r"area under the curve [\d.]+ on 10 likely questions", capsys.readouterr().out)
