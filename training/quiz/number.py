"""Candidates as items of a quiz: options shuffled by the seed, every text with the numbers of its citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from assistant.citations import CitationBook
from training.labels import FALSE, TRUE
from training.models import Line, Option, Pair, QuizItem, QuizKind
from training.quiz.candidate import Candidate, Shown

WRONG_SHOWN = 3


def as_items(candidates: Sequence[Candidate], book: CitationBook, seed: int) -> tuple[QuizItem, ...]:
    """The items in the order given; their citations are entered in the book.

    Over a quiz the right answer stands in each place equally often, within one.
    """
    places = _places(WRONG_SHOWN + 1, seed)
    randoms = (Random(f"mamori item {seed} {candidate.item_id}") for candidate in candidates)
    return tuple(_item(candidate, book, random, places) for candidate, random in zip(candidates, randoms, strict=True))


def _places(count: int, seed: int) -> Iterator[int]:
    """Places for right answers without end: each one once, in an order of the seed, then all of them again."""
    random = Random(f"mamori places {seed}")
    while True:
        places = list(range(count))
        random.shuffle(places)
        yield from places


def _item(candidate: Candidate, book: CitationBook, random: Random, places: Iterator[int]) -> QuizItem:
    options: tuple[Option, ...] = ()
    if candidate.kind is QuizKind.TRUE_FALSE:
        options = _true_or_false(candidate, book)
    elif candidate.right:
        options = _options(candidate, candidate.right, book, random, next(places))
    asked = candidate.pairs or candidate.sequence
    story = _line(candidate.story, book) if candidate.story else None
    explanation = _line(candidate.explanation, book)
    if story:
        # A story is asked about without its source, whose heading may be the answer: the explanation names it.
        explanation = replace(explanation, markers=tuple(dict.fromkeys((*explanation.markers, *story.markers))))
    return QuizItem(
        item_id=candidate.item_id,
        kind=candidate.kind,
        difficulty=candidate.difficulty,
        stem=candidate.stem,
        explanation=explanation,
        options=options,
        story=story,
        pairs=tuple(Pair(left, right.text, _markers(right, book)) for left, right in candidate.pairs),
        sequence=tuple(_line(step, book) for step in candidate.sequence),
        shown=_shuffled(len(asked), random) if asked else (),
    )


def _options(candidate: Candidate, right: Shown, book: CitationBook, random: Random, place: int) -> tuple[Option, ...]:
    """The right answer in its place among three wrong ones."""
    wrong = random.sample(candidate.wrong, min(WRONG_SHOWN, len(candidate.wrong)))
    options = [_option(shown, False, book) for shown in wrong]
    options.insert(place, _option(right, True, book))
    return tuple(options)


def _true_or_false(candidate: Candidate, book: CitationBook) -> tuple[Option, ...]:
    right = candidate.right or candidate.explanation
    reason = Line(right.reason or candidate.explanation.text, _markers(right, book))
    return tuple(Option(text, text == right.text, reason) for text in (TRUE, FALSE))


def _option(shown: Shown, is_right: bool, book: CitationBook) -> Option:
    return Option(shown.text, is_right, Line(shown.reason, _markers(shown, book)))


def _line(shown: Shown, book: CitationBook) -> Line:
    return Line(shown.text, _markers(shown, book))


def _markers(shown: Shown, book: CitationBook) -> tuple[int, ...]:
    marker = book.mark(shown.evidence)
    return () if marker is None else (marker,)


def _shuffled(count: int, random: Random) -> tuple[int, ...]:
    """An order that is not the right one."""
    straight = list(range(count))
    shown = straight.copy()
    while shown == straight and count > 1:
        random.shuffle(shown)
    return tuple(shown)
