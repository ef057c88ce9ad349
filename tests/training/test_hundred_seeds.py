"""A hundred quizzes over the bundled digests: every item checked, none alike, all cited."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from assistant.citations import CitationBook, stands
from corpus.bigrams import bigrams, jaccard
from corpus.clean import quote_key
from training.errors import NothingForTheme, UnknownChoice
from training.material import Material
from training.models import Quiz, QuizItem, QuizKind
from training.quiz.build import build_quiz
from training.quiz.candidate import Candidate
from training.quiz.check import MOST_LONGEST, faults, longest_share
from training.quiz.choose import choose
from training.quiz.number import as_items
from training.quiz.pool import Pool, sifted_pool

SEEDS, COUNT = range(100), 20
_ALIKE = 0.8


@pytest.fixture(scope="module")
def sifted(digest_material: Material) -> Pool:
    """The pool over the bundled digests, with the account of what was left out."""
    return sifted_pool(digest_material)


@pytest.fixture(scope="module")
def pool(sifted: Pool) -> tuple[Candidate, ...]:
    """The candidates of the pool."""
    return sifted.candidates


def test_the_pool_is_large_and_mixed(sifted: Pool) -> None:
    """This test ensures that there are far more than sixty items, of every kind and difficulty, and few were faulty."""
    kinds = Counter(candidate.kind for candidate in sifted.candidates)
    assert len(sifted.candidates) >= 150
    assert set(kinds) == set(QuizKind)
    assert min(kinds.values()) >= 10
    assert {candidate.difficulty for candidate in sifted.candidates} == {1, 2, 3}
    assert len({candidate.item_id for candidate in sifted.candidates}) == len(sifted.candidates)
    assert sum(sifted.faulty.values()) <= 0.1 * len(sifted.candidates)


def test_the_longest_answer_does_not_tell(pool: tuple[Candidate, ...]) -> None:
    """This test ensures that choosing the longest option is no way to pass."""
    assert longest_share(pool) <= MOST_LONGEST


def test_statements_are_true_as_often_as_false(pool: tuple[Candidate, ...]) -> None:
    """This test ensures that saying 「誤り」 to every statement of a quiz is no way to pass."""
    for seed in SEEDS:
        statements = [one for one in choose(pool, COUNT, seed) if one.kind is QuizKind.TRUE_FALSE]
        said = [one.right.text for one in statements if one.right]
        assert abs(said.count("正しい") - said.count("誤り")) <= 1


def test_no_item_of_a_hundred_seeds_has_a_fault(pool: tuple[Candidate, ...], digest_material: Material) -> None:
    """This test ensures that each item asked has one right answer shown by its passage, as the checker sees it."""
    asked = {candidate.item_id: candidate for seed in SEEDS for candidate in choose(pool, COUNT, seed)}
    assert len(asked) >= 120
    assert [fault for candidate in asked.values() for fault in faults(candidate, digest_material)] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_quiz_of_a_seed(seed: int, pool: tuple[Candidate, ...], digest_material: Material) -> None:
    """This test ensures that a quiz has twenty different items, one right answer each, every text with its citation."""
    book = CitationBook(digest_material.documents)
    chosen = choose(pool, COUNT, seed)
    items = as_items(chosen, book, seed)
    assert len({candidate.key for candidate in chosen}) == len(items) == COUNT
    questions = [(item.kind, bigrams(_asked(item))) for item in items]
    for (kind, first), (other, second) in itertools.combinations(questions, 2):
        assert kind is not other or jaccard(first, second) < _ALIKE
    known = len(book.citations())
    for item in items:
        _check_shape(item)
        assert all(found and max(found) <= known for found in _markers(item))
    chunks = {chunk.chunk_id: chunk for chunk in digest_material.chunks}
    assert all(stands(citation.quote, chunks[citation.chunk_id]) for citation in book.citations())


@pytest.mark.parametrize("theme", ["人を通じた技術流出", "すり合わせ", "海外進出", "共同研究", "外為法", "TICS"])
def test_quiz_of_a_theme(theme: str, pool: tuple[Candidate, ...], digest_material: Material) -> None:
    """This test ensures that a theme gives a quiz of eight items, with its sources, the same each time."""
    quiz = build_quiz(digest_material, 8, 3, theme=theme, pool=pool)
    assert len(quiz.items) == 8
    assert {citation.doc_id for citation in quiz.citations} == {source.doc_id for source in quiz.sources}
    assert build_quiz(digest_material, 8, 3, theme=theme, pool=pool) == quiz


def test_quiz_of_a_difficulty(pool: tuple[Candidate, ...], digest_material: Material) -> None:
    """This test ensures that a difficulty asked for is kept to, and rises through a quiz without one."""
    assert {item.difficulty for item in build_quiz(digest_material, 8, 1, difficulty=3, pool=pool).items} == {3}
    mixed = [item.difficulty for item in build_quiz(digest_material, 20, 1, pool=pool).items]
    assert mixed == sorted(mixed)
    assert set(mixed) == {1, 2, 3}


def test_what_cannot_be_asked_for(pool: tuple[Candidate, ...], digest_material: Material) -> None:
    """This test ensures that a theme without items names others, and wrong counts and difficulties are refused."""
    with pytest.raises(NothingForTheme) as nothing:
        build_quiz(digest_material, 5, 1, theme="円周率", pool=pool)
    assert "すり合わせ" in nothing.value.nearest
    with pytest.raises(UnknownChoice, match="1～200"):
        build_quiz(digest_material, 0, 1, pool=pool)
    with pytest.raises(UnknownChoice, match="むずかしい"):
        build_quiz(digest_material, 5, 1, difficulty=4, pool=pool)


def test_quiz_says_where_it_comes_from(digest_material: Material) -> None:
    """This test ensures that a quiz keeps its seed and names every document that it cites, with its credit."""
    quiz: Quiz = build_quiz(digest_material, 20, 9)
    assert quiz.seed == 9
    assert quiz.sources
    assert all(source.credit for source in quiz.sources)


def _asked(item: QuizItem) -> str:
    right = "".join(option.text for option in item.options if option.is_right)
    pairs = "".join(pair.left + pair.right for pair in item.pairs)
    story = item.story.text if item.story else ""
    return f"{item.stem}{story}{right}{pairs}{''.join(line.text for line in item.sequence)}"


def _check_shape(item: QuizItem) -> None:
    """One right answer where there are options, and an order to show that is not the right one where there are none."""
    if item.options:
        assert sum(option.is_right for option in item.options) == 1
        assert len({quote_key(option.text) for option in item.options}) == len(item.options)
        assert len(item.options) == (2 if item.kind is QuizKind.TRUE_FALSE else 4)
    else:
        assert sorted(item.shown) == list(range(len(item.pairs or item.sequence)))
        assert item.shown != tuple(sorted(item.shown))
    assert (item.story is not None) == (item.kind is QuizKind.CASE)


def _markers(item: QuizItem) -> list[tuple[int, ...]]:
    lines = [item.explanation, *(option.reason for option in item.options), *item.sequence]
    return [*(line.markers for line in lines), *(pair.markers for pair in item.pairs)]


def test_a_story_is_cited_where_it_is_answered(pool: tuple[Candidate, ...], digest_material: Material) -> None:
    """This test ensures that exports may ask about a story without its source, which the explanation names."""
    stories = choose(pool, COUNT, 1, kinds=[QuizKind.CASE])
    items = as_items(stories, CitationBook(digest_material.documents), 1)
    assert items
    assert all(item.story and set(item.story.markers) <= set(item.explanation.markers) for item in items)
