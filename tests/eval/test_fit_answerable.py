"""Fitting the two models that tell whether to answer, on a few made-up questions."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.compose import answerable
from assistant.models import Turn
from eval import fit_answerable
from eval.fit_answerable import DEVELOPMENT, THRESHOLDS, development_numbers, likely_numbers, main
from eval.models import Kind, Question, QuestionSet
from index.build import build_index
from index.likely.anchors import Anchor, Target
from index.likely.evidence import NAMES
from index.retriever import Retriever
from index.store import IndexStore
from tests.fakes import FakeEncoder
from tests.index.samples import CHUNKS, DOCUMENTS, retriever_in

KNOWN = ("渋いのは苦手です", "渋いのは苦手なのですが", "熱湯では熱すぎますか", "八十度より熱くてもよいですか")
WITHOUT = ("おいくらですか", "どこの店で買えますか")


def retriever(folder: Path, *, dimension: int = 512) -> Retriever:
    """A retriever over the samples with likely questions."""
    store, encoder = IndexStore(folder), FakeEncoder(dimension=dimension)
    anchor = Anchor((Target("tea", "緑茶", "八十度"),), KNOWN)
    build_index(DOCUMENTS, CHUNKS, store, encoder, anchors=[anchor], unanswerable=WITHOUT)
    return Retriever.open(store, encoder)


def question(name: str, *, known: bool, history: tuple[tuple[str, str], ...] = ()) -> Question:
    """A development question."""
    kind = Kind.FOLLOW_UP if history else Kind.FACT if known else Kind.UNANSWERABLE
    return Question(name, f"{name}は？", "ja", kind, history, known, "", (), (), "")


def test_every_likely_question_is_left_out_of_its_own_evidence(tmp_path: Path) -> None:
    """This test ensures that none is its own neighbour: it is held against the others only."""
    source = retriever(tmp_path)
    numbers, labels = likely_numbers(source)
    assert numbers.shape == (len(KNOWN) + len(WITHOUT), len(NAMES))
    assert labels.tolist() == [True] * len(KNOWN) + [False] * len(WITHOUT)
    assert numbers[:, :2].max() < 0.5
    word_by_word = NAMES.index("BM25 of the best with an answer, by word of the question")
    for number, text in enumerate(KNOWN):
        itself = source.likely_evidence(text)
        assert itself is not None
        assert itself[0] == pytest.approx(1.0, abs=2e-3)
        assert itself[word_by_word] > numbers[number, word_by_word]


def test_a_sample_is_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that only as many with an answer as wanted are taken, all without, and always the same."""
    monkeypatch.setattr(fit_answerable, "SAMPLE", 2)
    source = retriever(tmp_path)
    (first, labels), (second, _) = likely_numbers(source), likely_numbers(source)
    assert labels.tolist() == [True, True, False, False]
    assert first.tolist() == second.tolist()


def test_without_likely_questions_it_says_what_to_run(tmp_path: Path) -> None:
    """This test ensures that an index without likely questions ends in one line with the command."""
    with pytest.raises(SystemExit, match="mamori index build") as caught:
        likely_numbers(retriever_in(tmp_path))
    assert "\n" not in str(caught.value)


def test_no_test_set_is_read() -> None:
    """This test ensures that nothing is fitted on what is reported."""
    assert DEVELOPMENT
    assert not [name for name in DEVELOPMENT if "test" in name]


def development(monkeypatch: pytest.MonkeyPatch, questions: tuple[Question, ...]) -> list[str]:
    """Let each development set be `questions`, words say a half and yes, and return the names that are looked up."""
    names: list[str] = []
    monkeypatch.setattr(fit_answerable, "find_set", lambda name: names.append(name) or Path(name))
    monkeypatch.setattr(fit_answerable, "read_set", lambda path: QuestionSet(path.name, "00", questions))
    monkeypatch.setattr(fit_answerable, "said_by_words", lambda _found: (0.5, 1.0))
    return names


def test_what_the_second_model_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that it sees the first one's log-odds, worked out by hand, for a question with its history."""
    history = (("user", "緑茶は？"), ("assistant", "八十度です。"))
    names = development(monkeypatch, (question("a", known=True, history=history), question("b", known=False)))
    asked: list[tuple[str, list[Turn]]] = []

    def find(text: str, turns: list[Turn]) -> SimpleNamespace:
        asked.append((text, turns))
        numbers = np.arange(float(len(NAMES)))
        query = SimpleNamespace(asked=text)
        return SimpleNamespace(query=query, retriever=SimpleNamespace(likely_evidence=lambda _text: numbers))

    nearness = (0.0, 1.0, 0.5, *[0.0] * (len(NAMES) - 3), -0.25)
    rows, labels, sets = development_numbers(SimpleNamespace(find=find), nearness)  # type: ignore[arg-type]
    # 1 · 1 + 0.5 · 2 - 0.25
    assert rows.tolist() == [[1.75, 0.5, 1.0]] * 2 * len(DEVELOPMENT)
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
    """This test ensures that both lines of weights have the form of those in the code, beside what they get right."""
    numbers, labels = made_up(80, len(NAMES), 0)
    rows, known = made_up(60 * len(DEVELOPMENT), 3, 1)
    sets = [name for name in DEVELOPMENT for _ in range(60)]
    given: list[tuple[float, ...]] = []
    monkeypatch.setattr(fit_answerable, "build_assistant", lambda _settings: SimpleNamespace(retriever=None))
    monkeypatch.setattr(fit_answerable, "likely_numbers", lambda _retriever: (numbers, labels))
    monkeypatch.setattr(
        fit_answerable, "development_numbers", lambda _, first: given.append(first) or (rows, known, sets)
    )
    main(["--data-dir", str(tmp_path)])
    printed = capsys.readouterr().out
    for name in ("NEARNESS", "WORDS_TOO"):
        (line,) = re.findall(rf"^{name} = \((.*)\)$", printed, re.MULTILINE)
        weights = tuple(float(weight) for weight in line.split(", "))
        assert len(weights) == len(getattr(answerable, name))
        assert weights[0] == max(weights[:-1]) > 0
        assert given[0] == weights or name == "WORDS_TOO"
    for name in DEVELOPMENT:
        shares = re.findall(rf"^{name} at .*refused ([\d.]+), unanswerable answered ([\d.]+)$", printed, re.MULTILINE)
        assert len(shares) == len(THRESHOLDS)
        refused, answered = ([float(share) for share in column] for column in zip(*shares, strict=True))
        assert refused == sorted(refused)
        assert answered == sorted(answered, reverse=True)
        assert max(*refused, *answered) < 0.5
