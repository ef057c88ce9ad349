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
from training.quiz.traits import is_given_away, is_wholly_about

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


def apart(number: int, kind: QuizKind = QuizKind.CHOICE, **more: object) -> Candidate:
    """A candidate that could stand in one quiz with any other: a key and a place of its own."""
    chunk = replace(CHUNK, chunk_id=f"carts-{number}", section=("猫車", f"節{number}"))
    here = Shown(f"点検{number}の説明です。", Evidence(chunk, SENTENCE))
    return made(number, kind, **{"key": f"truth:{number}番", "explanation": here, "about": (), "difficulty": 1, **more})


def pair(text: str, heading: str) -> tuple[str, Shown]:
    """A pair whose right side stands under a heading."""
    chunk = replace(CHUNK, section=("手引き", heading))
    return f"左の{text}", Shown(text, Evidence(chunk, SENTENCE))


def test_partly_about_comes_last() -> None:
    """This test ensures that a matching of which one pair is about the subject waits until nothing else is left."""
    about = [apart(n, subjects=("一輪車",)) for n in range(4)]
    pairs = (pair("荷台", "一輪車の点検"), pair("油", "三輪車の点検"), pair("鍵", "倉庫"))
    partly = apart(9, kind=QuizKind.MATCHING, subjects=("一輪車", "三輪車"), pairs=pairs)
    wholly = replace(partly, key="truth:全部", pairs=tuple(pair(text, "一輪車の点検") for text in ("甲", "乙", "丙")))
    pool = [partly, wholly, *about]
    assert partly not in choose(pool, 5, 1, subjects=("一輪車",))
    assert wholly in choose(pool, 2, 1, subjects=("一輪車",))
    assert partly in choose(pool, 6, 1, subjects=("一輪車",))


def test_asides_come_last() -> None:
    """This test ensures that what a column of a chapter says of other things is asked when nothing else is left."""
    chunk = replace(CHUNK, section=("一輪車の対策", "コラム 倉庫の鍵について"))
    aside = apart(9, subjects=("一輪車",), explanation=Shown("説明です。", Evidence(chunk, SENTENCE)))
    pool = [aside, *(apart(n, subjects=("一輪車",)) for n in range(4))]
    assert aside not in choose(pool, 4, 1, subjects=("一輪車",))
    assert len(choose(pool, 5, 1, subjects=("一輪車",))) == 5
    assert is_wholly_about(aside, ["倉庫"]) is False
    assert is_wholly_about(replace(aside, subjects=("倉庫",)), ["倉庫"])


def test_the_name_of_the_quiz_answers_nothing() -> None:
    """This test ensures that 「どの章に書かれていますか」 is asked last in a quiz on that chapter, not elsewhere."""
    answered = apart(9, subjects=("一輪車",), right=Shown("一輪車の対策", HERE))
    pool = [answered, *(apart(n, subjects=("一輪車",)) for n in range(4))]
    assert answered not in choose(pool, 4, 1, subjects=("一輪車",))
    assert answered in choose(pool, 5, 1, subjects=("一輪車",))
    assert any(answered in choose(pool, 3, seed) for seed in range(10))
    beside = (Shown("一輪車の事例", HERE), Shown("鍵", HERE), Shown("油", HERE))
    assert not is_given_away(replace(answered, wrong=beside), ["一輪車"])


def test_one_figure_and_one_definition_in_a_short_quiz() -> None:
    """This test ensures that rules come before a second figure, date, definition or amount of money."""
    rules = [apart(n) for n in range(20)]
    light = [
        apart(n, QuizKind.TRUE_FALSE, key=f"{form}:{n}番")
        for n, form in enumerate(("figure", "event", "term", "term") * 3, start=30)
    ]
    money = [apart(n, QuizKind.CASE, stem=f"補助金{n}の上限は、次のうちどれですか。") for n in range(50, 55)]
    for seed in range(20):
        chosen = choose([*light, *money, *rules], 8, seed)
        forms = Counter(c.key.partition(":")[0] for c in chosen)
        assert forms["term"] <= 1
        assert forms["figure"] + forms["event"] + sum(c in money for c in chosen) <= 1
    assert len(choose([*light, *rules], 32, 1)) == 32


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("list:管理基準:-鍵", "list:管理基準:錠"),
        ("term:猫車", "terms:一輪車|猫車|三輪車"),
        ("event:法律の施行", "dates:法律の施行|手引きの策定|改正"),
        ("figure:上限額（5人以下）:", "figures:上限額"),
    ],
)
def test_no_two_that_answer_each_other(first: str, second: str) -> None:
    """This test ensures that two questions on one list, or a date beside a matching of dates, never meet."""
    pool = [apart(1, key=first), apart(2, key=second), apart(3)]
    for seed in range(10):
        chosen = {candidate.key for candidate in choose(pool, 3, seed)}
        assert len(chosen & {first, second}) == 1
        assert len(chosen) == 2


def test_not_the_same_words_thrice() -> None:
    """This test ensures that of eight stems at most two differ by their quotation alone, while others are left."""
    same = [apart(n, stem=f"「点検{n}」の内容はどれですか。") for n in range(10)]
    others = [apart(n, QuizKind.TRUE_FALSE) for n in range(20, 28)]
    for seed in range(10):
        assert sum(candidate in same for candidate in choose([*same, *others], 8, seed)) == 2
    assert len(choose(same, 8, 1)) == 8


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
