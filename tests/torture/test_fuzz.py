"""Mutants through the readers in small, and readers that misbehave, which must be noticed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corpus.limits import Limits
from corpus.models import Verdict
from tests.torture import bad_child, fuzz
from tests.torture.children import replaced, watching
from tests.torture.fresh import in_fresh_process
from tests.torture.mutants import KINDS, Mutant, make_mutant
from tests.torture.samples import SUFFIXES, samples

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs wait4 and signals")
_FEW = Limits(seconds=2, memory_bytes=300_000_000, output_bytes=3_000_000)


def _misbehaving(way: str, folder: Path, limits: Limits = _FEW) -> fuzz.Outcome:
    with replaced(Path(bad_child.__file__)), watching():
        return fuzz.try_mutant(Mutant("text", 0, f"{way}.txt", b"text", ()), folder, limits)


@pytest.mark.slow
def test_no_mutant_does_harm() -> None:
    """This test ensures that of 500 mutants and those that once did harm none hangs, none troubles the parent."""
    report = in_fresh_process(fuzz.fuzz, [*fuzz.kept_seeds(), *fuzz.mixed(500)])
    assert [fuzz.told(outcome) for outcome in report.faulty] == []
    assert report.exceptions == 0, [fuzz.told(outcome) for outcome in report.lost]
    assert report.mutants >= 500
    assert {verdict for _, verdict in report.verdicts} >= {"read", "partly_read", "damaged", "unsupported"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_mutants_are_made_of_is_whole(tmp_path: Path, kind: str) -> None:
    """This test ensures that the documents are read before they are spoilt: of noise a mutant would say nothing."""
    with watching():
        whole = Mutant(kind, 0, f"whole{SUFFIXES[kind]}", samples(kind)[0], ())
        outcome = fuzz.try_mutant(whole, tmp_path)
    # Nothing has ever worked out the formula in the workbook.
    assert set(outcome.verdicts) == {Verdict.PARTLY_READ if kind == "xlsx" else Verdict.READ}
    assert outcome.losses == outcome.faults == ()


def test_a_mutant_is_told_by_its_number() -> None:
    """This test ensures that a seed kept gives the same mutant again, and another seed another one."""
    mutants = [make_mutant(kind, seed) for kind in KINDS for seed in (1, 2)]
    assert mutants == [make_mutant(mutant.kind, mutant.seed) for mutant in mutants]
    assert len({mutant.data for mutant in mutants}) == len(mutants)


@pytest.mark.parametrize(
    ("way", "loss"),
    [
        ("hang", "slow"),
        ("ignore", "slow"),
        ("raise", "exception"),
        ("allocate", "exception"),
        ("kill=9", "signal 9"),
        ("kill=11", "signal 11"),
        ("kill=6", "signal 6"),
        ("write", "exception"),
        ("chatter", "exception"),
        ("leave=1", "exception"),
        ("leave=7", "exception"),
    ],
)
def test_a_child_that_is_lost_is_noticed(tmp_path: Path, way: str, loss: str) -> None:
    """This test ensures that each way in which a reader can fail is counted, and costs that file only."""
    outcome = _misbehaving(way, tmp_path)
    assert [found[: len(loss)] for found in outcome.losses] == [loss]
    assert outcome.verdicts == (Verdict.DAMAGED,)
    assert outcome.faults == ()
    assert outcome.seconds < 10


@pytest.mark.parametrize("answer", ["nothing", "list", "deep", "null", "verdict", "infinite", "surrogate", "archive"])
def test_an_answer_that_is_none_is_damage(tmp_path: Path, answer: str) -> None:
    """This test ensures that the parent believes no answer that it cannot use, and survives each."""
    outcome = _misbehaving(f"answer={answer}", tmp_path)
    assert outcome.faults == ()
    assert len(outcome.verdicts) == 1


@pytest.mark.parametrize("answer", ["lines", "english", "mute", "hollow"])
def test_an_answer_that_breaks_a_rule_is_noticed(tmp_path: Path, answer: str) -> None:
    """This test ensures that the rules about warnings and verdicts are looked at."""
    assert _misbehaving(f"answer={answer}", tmp_path).faults != ()


def test_memory_beyond_the_limit_is_noticed(tmp_path: Path) -> None:
    """This test ensures that the memory of the child is measured, in a process small enough for that."""
    assert 5_000_000 < in_fresh_process(_peak, tmp_path) < 1_400_000_000


def _peak(folder: Path) -> int:
    with watching():
        mutant = Mutant("text", 0, "a.txt", samples("text")[0], ())
        return fuzz.try_mutant(mutant, folder, Limits(memory_bytes=1_400_000_000)).ends[0].peak_bytes


def test_seeds_are_kept(tmp_path: Path) -> None:
    """This test ensures that a mutant that cost a child is tried again the next time."""
    path, report = tmp_path / "seeds.json", fuzz.FuzzReport()
    report.take(_misbehaving("kill=9", tmp_path))
    assert fuzz.keep_seeds(report, path) == 1
    assert fuzz.keep_seeds(report, path) == 0
    assert fuzz.kept_seeds(path) == [("text", 0)]
