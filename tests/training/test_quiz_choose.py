"""Choosing from a pool, sifting it and numbering what was chosen, over made-up candidates."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.citations import CitationBook, Evidence
from corpus.models import BlockKind, Chunk, Document
from training.labels import FALSE, TRUE
from training.material import Material
from training.models import QuizKind
from training.quiz import pool as pool_module
from training.quiz.candidate import Candidate, Shown
from training.quiz.choose import choose, is_about
from training.quiz.number import as_items
from training.quiz.pool import is_citable, sift

ROOT = Path(__file__).parents[2]
SENTENCE = "猫車は、毎朝、車輪を確かめます。"
CHUNK = Chunk("carts-1", "carts", ("猫車", "朝の点検"), f"{SENTENCE}油は、夜にさします。", BlockKind.PARAGRAPH)
DOCUMENT = Document("carts", "猫車の手引き", None, None, None, (), None, "carts.md", "0" * 64)
HERE = Evidence(CHUNK, SENTENCE)
KINDS = tuple(QuizKind)


def made(number: int, kind: QuizKind = QuizKind.CHOICE, **more: object) -> Candidate:
    """A candidate of a kind; each number asks for another fact."""
    asked = Candidate(
        key=f"fact-{number}",
        kind=kind,
        difficulty=number % 3 + 1,
        stem=f"{'朝昼夕夜'[number % 4]}の点検{number}では何を確かめますか。",
        explanation=Shown(f"点検{number}の説明です。", HERE),
        subjects=("猫車", f"点検{number % 2}"),
        about=(f"点検{number}",),
    )
    if kind in (QuizKind.MATCHING, QuizKind.ORDERING):
        steps = tuple(Shown(f"手順{number}-{step}", HERE) for step in range(3 + number % 2))
        parts: dict[str, object] = {"sequence": steps}
        if kind is QuizKind.MATCHING:
            parts = {"pairs": tuple((f"左{n}", step) for n, step in enumerate(steps))}
        return replace(asked, **{**parts, **more})  # type: ignore[arg-type]
    if kind is QuizKind.TRUE_FALSE:
        return replace(asked, **{"right": Shown((TRUE, FALSE)[number % 2], HERE, "手引きのとおりです。"), **more})  # type: ignore[arg-type]
    wrong = tuple(Shown(f"油{number}-{n}", HERE, "夜にすることです。") for n in range(6))
    story = Shown(SENTENCE, HERE) if kind is QuizKind.CASE else None
    return replace(asked, **{"right": Shown(f"車輪{number}", HERE, "朝です。"), "wrong": wrong, "story": story, **more})  # type: ignore[arg-type]


def pool_of(count: int = 60) -> list[Candidate]:
    """Candidates of every kind in turn."""
    return [made(number, KINDS[number % len(KINDS)]) for number in range(count)]


def book() -> CitationBook:
    """An empty book over the made-up handbook."""
    return CitationBook({"carts": DOCUMENT})


def test_same_seed_same_quiz() -> None:
    """This test ensures that a seed decides what is chosen and in which order, and that another seed differs."""
    pool = pool_of()
    assert choose(pool, 12, 5) == choose(pool, 12, 5)
    assert choose(pool, 12, 5) != choose(pool, 12, 6)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_same_quiz_in_another_process(hash_seed: str) -> None:
    """This test ensures that a quiz does not hang on the hash seed of the process that makes it."""
    program = (
        "from tests.training.test_quiz_choose import asked_and_shown; import sys; sys.stdout.write(asked_and_shown())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT, env=environment, encoding="utf-8"
    )
    assert done.stdout == asked_and_shown()


def asked_and_shown() -> str:
    """Everything that a quiz shows, as one text."""
    return repr(as_items(choose(pool_of(), 20, 7), book(), 7))


def test_no_fact_twice() -> None:
    """This test ensures that two candidates for one fact are never both in a quiz, even of two kinds."""
    pool = [made(n // 2, (QuizKind.CHOICE, QuizKind.CASE)[n % 2]) for n in range(40)]
    chosen = choose(pool, 40, 1)
    assert len(chosen) == len({candidate.key for candidate in chosen}) == 20


@pytest.mark.parametrize("seed", range(10))
def test_others_are_asked_for_first(seed: int) -> None:
    """This test ensures that a countermeasure is asked for again only when no other is left."""
    pool = [made(n, about=(f"点検{n % 5}",)) for n in range(20)]
    assert len({candidate.about for candidate in choose(pool, 5, seed)}) == 5
    assert Counter(candidate.about for candidate in choose(pool, 10, seed)).most_common(1)[0][1] == 2


@pytest.mark.parametrize("seed", range(10))
def test_kinds_take_turns_and_difficulty_rises(seed: int) -> None:
    """This test ensures that every kind is in a quiz of ten, none more than four times, and easy items come first."""
    chosen = choose(pool_of(), 10, seed)
    counts = Counter(candidate.kind for candidate in chosen)
    assert set(counts) == set(QuizKind)
    assert max(counts.values()) <= 4
    assert [candidate.difficulty for candidate in chosen] == sorted(candidate.difficulty for candidate in chosen)


def test_choice_can_be_narrowed() -> None:
    """This test ensures that subject, kind and difficulty each keep only what they name."""
    pool = pool_of()
    assert {c.subjects[1] for c in choose(pool, 60, 1, subjects=("点検1",))} == {"点検1"}
    assert {c.kind for c in choose(pool, 60, 1, kinds=(QuizKind.CASE,))} == {QuizKind.CASE}
    assert {c.difficulty for c in choose(pool, 60, 1, difficulty=3)} == {3}
    assert choose(pool, 60, 1, subjects=("一輪車",)) == ()


def test_fewer_than_asked() -> None:
    """This test ensures that a small pool gives all it has, and none gives none."""
    assert len(choose(pool_of(7), 20, 1)) == 7
    assert choose([], 20, 1) == ()
    assert choose(pool_of(7), 0, 1) == ()


def test_subjects_are_compared_without_width() -> None:
    """This test ensures that a subject is found whatever width and case it is typed in, and a blank one is not."""
    candidate = made(1, subjects=("TICS（技術情報管理認証制度）",))
    assert is_about(candidate, ["ＴＩＣＳ"])
    assert is_about(candidate, ["tics"])
    assert not is_about(candidate, [" "])


def test_right_answers_are_spread_evenly() -> None:
    """This test ensures that over forty items with four options the right one stands in each place ten times."""
    items = as_items([made(number) for number in range(40)], book(), 3)
    places = Counter(next(n for n, option in enumerate(item.options) if option.is_right) for item in items)
    assert places == {0: 10, 1: 10, 2: 10, 3: 10}


@pytest.mark.parametrize("seed", range(20))
def test_items_have_one_right_answer(seed: int) -> None:
    """This test ensures that exactly one of four different options is right, and wrong ones come from the candidate."""
    for candidate, item in zip(pool_of(10), as_items(pool_of(10), book(), seed), strict=True):
        if item.kind not in (QuizKind.CHOICE, QuizKind.CASE):
            continue
        assert len({option.text for option in item.options}) == len(item.options) == 4
        assert candidate.right
        assert [option.text for option in item.options if option.is_right] == [candidate.right.text]
        assert {o.text for o in item.options if not o.is_right} <= {shown.text for shown in candidate.wrong}


def test_true_and_false_keep_their_order() -> None:
    """This test ensures that a true-or-false item offers 正しい before 誤り, whichever is right."""
    items = as_items([made(number, QuizKind.TRUE_FALSE) for number in range(6)], book(), 1)
    assert {tuple(option.text for option in item.options) for item in items} == {(TRUE, FALSE)}
    assert [item.options[0].is_right for item in items] == [True, False] * 3


@pytest.mark.parametrize("kind", [QuizKind.MATCHING, QuizKind.ORDERING])
def test_never_shown_in_the_right_order(kind: QuizKind) -> None:
    """This test ensures that what is to match or to order is a permutation, and not the right one."""
    for seed in range(30):
        for item in as_items([made(number, kind) for number in range(4)], book(), seed):
            assert sorted(item.shown) == list(range(len(item.pairs or item.sequence)))
            assert item.shown != tuple(sorted(item.shown))


def test_every_text_has_its_citation() -> None:
    """This test ensures that every marker of every text resolves, and no text is without one."""
    entered = book()
    items = as_items(pool_of(10), entered, 1)
    known = range(1, len(entered.citations()) + 1)
    for item in items:
        lines = [item.explanation, *(o.reason for o in item.options), *item.sequence]
        marks = [line.markers for line in lines] + [pair.markers for pair in item.pairs]
        assert all(found and set(found) <= set(known) for found in marks)


@pytest.fixture
def faultless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker finds nothing but what a stem itself calls a fault."""
    monkeypatch.setattr(pool_module, "faults", lambda c, _: ["欠陥あり"] if "欠陥" in c.stem else [])


@pytest.mark.usefixtures("faultless")
def test_faulty_candidates_are_dropped_and_counted(material: Material) -> None:
    """This test ensures that a fault of the checker, or a quote that does not stand, keeps a candidate out."""
    uncited = made(3, explanation=Shown("説明です。", Evidence(CHUNK, "どこにも書かれていない文です。")))
    pool = sift([made(1), made(2, stem="欠陥のある点検では何を確かめますか。"), uncited], material)
    assert [candidate.key for candidate in pool.candidates] == ["fact-1"]
    assert sum(pool.faulty.values()) == 2
    assert pool.faulty["欠陥あり"] == 1
    assert is_citable(made(1))
    assert not is_citable(uncited)


@pytest.mark.usefixtures("faultless")
def test_no_two_alike_in_a_pool(material: Material) -> None:
    """This test ensures that the same fact in the same kind, and the same question in other words, stand once."""
    question = "毎朝の点検で、車輪と持ち手と荷台のうち、最初に確かめるものはどれですか。"
    first = made(1, stem=question, right=Shown("車輪", HERE))
    again = made(2, stem=question.replace("どれですか", "何ですか"), right=Shown("車輪", HERE))
    same_key = made(1, stem="まったく別の聞き方をすると、どうなりますか。")
    other_kind = made(1, QuizKind.ORDERING)
    pool = sift([first, again, same_key, other_kind], material)
    assert pool.candidates == (first, other_kind)
    assert pool.alike == 2


@pytest.fixture
def material() -> Material:
    """What `sift` hands on to the checker, which these tests replace."""
    return None  # type: ignore[return-value]
