"""Figures of training material over one index: `python -m training.figures [--data-dir DIR] [--seeds N]`.

What the quiz pool holds, how long packs take, and how many quizzes of how many seeds have a fault. Writes nothing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from assistant.citations import CitationBook
from assistant.settings import Settings
from assistant.wiring import build_assistant
from training.catalogue import LENGTHS, audiences, extent, themes
from training.errors import NothingForTheme
from training.labels import KINDS
from training.material import Material
from training.models import QuizKind
from training.pack.builder import build_pack
from training.quiz.build import subjects_of
from training.quiz.candidate import Candidate
from training.quiz.check import faults, longest_share
from training.quiz.choose import choose, is_about
from training.quiz.number import as_items
from training.quiz.pool import are_same, question_of, sifted_pool

_ITEMS, _RUNS = 20, 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="folder of the index (default: as for every command)")
    parser.add_argument("--seeds", type=int, default=100, help="quizzes to check")
    given = parser.parse_args(arguments)
    material = Material.of(build_assistant(Settings.from_environment(given.data_dir)))
    pool = _print_pool(material)
    _print_packs(material, pool)
    _print_seeds(material, pool, given.seeds)


def _print_pool(material: Material) -> tuple[Candidate, ...]:
    sifted_pool(material)
    times = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        pool = sifted_pool(material)
        times.append(time.perf_counter() - start)
    candidates = pool.candidates
    print(f"pool: {len(candidates)} items, {len({one.key for one in candidates})} facts, {_spread(times)} warm")
    print(f"left out: {sum(pool.faulty.values())} with a fault, {pool.alike} that ask what another asks")
    for kind in QuizKind:
        levels = Counter(one.difficulty for one in candidates if one.kind is kind)
        print(f"  {KINDS[kind]}: {levels[1]} / {levels[2]} / {levels[3]} by difficulty")
    print(f"the right option alone is the longest: {longest_share(candidates):.1%}")
    for theme in themes():
        subjects = subjects_of(theme.name)
        print(f"  {theme.name}: {sum(is_about(one, subjects) for one in candidates)} items")
    return candidates


def _print_packs(material: Material, pool: tuple[Candidate, ...]) -> None:
    """Every theme, audience and length once with the pool at hand; 60 minutes with the pool made anew."""
    times, short, citations, uncited = [], 0, [], 0
    for theme, audience, minutes in product(themes(), audiences(), LENGTHS):
        start = time.perf_counter()
        try:
            pack = build_pack(material, theme.name, audience.name, minutes, pool=pool)
        except NothingForTheme:
            print(f"  nothing for {theme.name}")
            continue
        times.append(time.perf_counter() - start)
        citations.append(len(pack.citations))
        uncited += any(not row.what.markers for row in pack.countermeasures)
        short += len(pack.quiz) < extent(minutes).quiz_items
    print(f"packs: {len(times)}, {_spread(times)}; citations {_spread(citations, '')}")
    print(f"  {short} with fewer quiz items than wanted, {uncited} with an uncited row")
    whole = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        build_pack(material, themes()[1].name, audiences()[1].name, 60)
        whole.append(time.perf_counter() - start)
    print(f"a 60-minute pack with its pool: {_spread(whole)}")


def _print_seeds(material: Material, pool: tuple[Candidate, ...], seeds: int) -> None:
    """Quizzes over all themes: faults by the checker, items alike in one quiz, markers that lead nowhere."""
    items = bad = alike = lost = 0
    for seed in range(seeds):
        chosen = choose(pool, _ITEMS, seed)
        items += len(chosen)
        bad += sum(bool(faults(one, material)) for one in chosen)
        alike += _alike(chosen)
        book = CitationBook(material.documents)
        numbered = as_items(chosen, book, seed)
        known = len(book.citations())
        lost += sum(not 1 <= marker <= known for item in numbered for marker in item.explanation.markers)
        lost += sum(not item.explanation.markers for item in numbered)
    print(f"{seeds} seeds of {_ITEMS}: {items} items, {bad} with a fault, {alike} pairs alike, {lost} markers lost")


def _alike(chosen: Sequence[Candidate]) -> int:
    asked = [(one.kind, question_of(one)) for one in chosen]
    return sum(
        kind is other and are_same(question, earlier)
        for at, (kind, question) in enumerate(asked)
        for other, earlier in asked[:at]
    )


def _spread(values: Sequence[float], unit: str = " s") -> str:
    digits = ".2f" if unit else ".0f"
    return f"median {statistics.median(values):{digits}}{unit} ({min(values):{digits}} to {max(values):{digits}})"


if __name__ == "__main__":
    main()
