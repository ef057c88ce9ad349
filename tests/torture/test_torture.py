"""The harnesses in small, each with a writer that it must catch; `python -m tests.torture` runs them in full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store import IndexStore
from tests.torture import builders, full_disk, kill, mutations, order, power, readers, writers
from tests.torture.fresh import in_fresh_process, memory_folder
from tests.torture.library import TinyLibrary
from tests.torture.whole import WholeLibrary

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork: SIGKILL at a moment of our choosing")
needs_folder_sync = pytest.mark.skipif(os.name == "nt", reason="folders are not synced on Windows")
UNSAFE = [writers.PointsFirst, writers.InPlace, writers.PointerInPlace, writers.CollectsFirst]
UNSYNCED = [writers.NoFileSync, writers.NoFolderSync, writers.SyncsTooLate]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of fsyncs are made, and none of them is what is tested."""
    with memory_folder() as made:
        yield made


@needs_fork
def test_killed_at_random(folder: Path) -> None:
    """This test ensures that no kill at a random moment costs an index or an acknowledged document."""
    report = in_fresh_process(kill.kill_at_random, folder, 25)
    assert report.bad == 0, report
    assert report.acknowledged > 0


@needs_fork
def test_killing_at_random_catches_who_breaks_the_rules(folder: Path) -> None:
    """This test ensures that a writer that works on the files in use is found out within 200 kills."""
    library = TinyLibrary(writers.InPlace)
    assert in_fresh_process(kill.kill_at_random, folder, 200, library, until_bad=True).bad > 0


@needs_fork
def test_killed_at_every_call(folder: Path) -> None:
    """This test ensures that there is no call of any operation at which a kill costs the index; every ninth here."""
    report = in_fresh_process(kill.kill_at_every_call, folder, 9)
    assert report.bad == 0, report
    assert min(report.interrupted, report.done_untold) > 0


@needs_fork
def test_killing_at_every_call_catches_who_breaks_the_rules(folder: Path) -> None:
    """This test ensures that a writer that names what is not there yet is found out."""
    assert in_fresh_process(kill.kill_at_every_call, folder, 8, TinyLibrary(writers.PointsFirst)).corrupt > 0


@needs_fork
def test_the_whole_library_killed(folder: Path) -> None:
    """This test ensures that add, update, remove and rebuild of real files lose nothing to a kill either."""
    report = in_fresh_process(kill.kill_at_random, folder / "random", 8, WholeLibrary())
    assert report.bad == 0, report
    assert report.acknowledged > 0
    report = in_fresh_process(kill.kill_at_every_call, folder / "calls", 25, WholeLibrary())
    assert report.bad == 0, report
    assert report.interrupted > 0


@needs_folder_sync
@pytest.mark.parametrize("earlier", [0, 3], ids=["first", "fourth"])
def test_order_of_the_calls(folder: Path, earlier: int) -> None:
    """This test ensures that content, names, rename, switch and removal reach the disk in this order."""
    assert order.write_violations(folder, earlier=earlier) == []


@needs_folder_sync
def test_order_catches_who_does_not_wait_for_the_folders_above(folder: Path) -> None:
    """This test ensures that the names of new folders are waited for too."""
    assert order.write_violations(folder, writers.NoParentSync, earlier=0) != []


@needs_folder_sync
@pytest.mark.parametrize("writer", [*UNSAFE, *UNSYNCED])
def test_order_catches_who_breaks_the_rules(folder: Path, writer: type[IndexStore]) -> None:
    """This test ensures that each rule left out is noticed in the recording."""
    assert order.write_violations(folder, writer) != []


def test_mutations(folder: Path) -> None:
    """This test ensures that no changed, cut, deleted or swapped file is used."""
    report = mutations.mutate(folder, 240)
    assert report.undetected == ()
    assert report.total == 240
    assert {"flip", "truncate", "append", "zeros", "swap", "older", "delete"} <= set(report.tried)


def test_mutations_catch_a_store_that_checks_nothing(folder: Path) -> None:
    """This test ensures that the mutations do change what is read."""
    assert len(mutations.mutate(folder, 60, writers.ChecksNothing).undetected) > 30


def test_readers(folder: Path) -> None:
    """This test ensures that no question fails or mixes generations while the index is switched."""
    report = readers.read_while_switching(folder, switches=15, questions=200)
    assert report.failures == ()
    assert report.switches >= 15
    assert report.questions >= 200


def test_builders(folder: Path) -> None:
    """This test ensures that of two who add documents at once neither loses the other's."""
    assert builders.add_at_once(folder, 10) == builders.BuilderReport(20, 0, 0)


def test_builders_catch_who_locks_too_late(folder: Path) -> None:
    """This test ensures that the two do get in each other's way."""
    assert builders.add_at_once(folder, 20, store=writers.LosesUpdates).lost > 0


@pytest.mark.parametrize("earlier", [0, 3], ids=["first", "fourth"])
def test_a_disk_that_fills_up(folder: Path, earlier: int) -> None:
    """This test ensures that whichever call finds the disk full, one line says so and the old index answers."""
    report = full_disk.fail_at_every_call(folder, earlier=earlier, stride=2)
    assert report.problems == ()
    assert report.told > 10


def test_a_real_disk_that_fills_up(folder: Path) -> None:
    """This test ensures the same of a disk of 1 MB, and of one that becomes read-only."""
    trouble = full_disk.on_tiny_disk(folder / "disk")
    if trouble is None:
        pytest.skip("mounting is not permitted here")
    assert trouble == ""


@needs_folder_sync
def test_power_cuts(folder: Path) -> None:
    """This test ensures that from whatever a power cut leaves the old or the new index answers."""
    report = power.cut_everywhere(folder, extra=3)
    assert report.problems == ()
    assert report.disks > 300


@needs_folder_sync
@pytest.mark.parametrize("writer", [writers.PointsFirst, writers.NoParentSync, *UNSYNCED])
def test_power_cuts_catch_who_breaks_the_rules(folder: Path, writer: type[IndexStore]) -> None:
    """This test ensures that a writer that leaves out one fsync, or makes it too late, is found out."""
    assert power.cut_everywhere(folder, writer, extra=0).problems != ()
