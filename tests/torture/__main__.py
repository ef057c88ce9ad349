"""`python -m tests.torture [NAME…]`: every harness in full, or those named; one line of figures each.

Exits with 1 where an index was lost, or where a writer that breaks the rules was not caught. Forty minutes or more,
most of them for fuzzing.
"""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.torture import builders, full_disk, fuzz, kill, mutations, order, power, readers, writers
from tests.torture.fresh import in_fresh_process, memory_folder
from tests.torture.library import TinyLibrary
from tests.torture.whole import WholeLibrary

Line = tuple[bool, str]
CONTROLS = (writers.PointsFirst, writers.InPlace, writers.PointerInPlace, writers.CollectsFirst)
UNSYNCED = (writers.NoFileSync, writers.NoFolderSync, writers.SyncsTooLate)


def main(names: list[str]) -> int:
    """Run the harnesses of these names, all where there is none, and return the exit status."""
    unknown = sorted(set(names) - set(HARNESSES))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(HARNESSES)}", file=sys.stderr)
        return 2
    well = True
    for name in names or HARNESSES:
        with memory_folder() as folder:
            start = time.perf_counter()
            for good, line in HARNESSES[name](folder):
                well = well and good
                seconds = time.perf_counter() - start
                print(f"{'ok ' if good else 'BAD'} {name}: {line} ({seconds:.0f} s)", flush=True)
                start = time.perf_counter()
    return 0 if well else 1


def _kill(folder: Path) -> Iterator[Line]:
    report = in_fresh_process(kill.kill_at_random, folder / "random", 1000)
    yield not report.bad, _figures(report)
    for control in (writers.PointsFirst, writers.InPlace):
        found = in_fresh_process(
            kill.kill_at_random, folder / control.__name__, 300, TinyLibrary(control), until_bad=True
        )
        yield found.bad > 0, f"control {control.__name__}: {_caught(found.bad)} at kill {found.kills}"


def _kill_every_call(folder: Path) -> Iterator[Line]:
    report = in_fresh_process(kill.kill_at_every_call, folder / "all")
    yield not report.bad, _figures(report)
    for control in CONTROLS:
        found = in_fresh_process(kill.kill_at_every_call, folder / control.__name__, 10, TinyLibrary(control))
        yield found.bad > 0, f"control {control.__name__}: {_caught(found.bad)}, {found.corrupt} of {found.kills} kills"


def _order(folder: Path) -> Iterator[Line]:
    found = order.write_violations(folder / "later") + order.write_violations(folder / "first", earlier=0)
    yield not found, f"2 writes, {len(found)} calls out of order"
    for control in (*CONTROLS, *UNSYNCED):
        broken = order.write_violations(folder / control.__name__, control)
        yield len(broken) > 0, f"control {control.__name__}: {_caught(len(broken))}"


def _mutations(folder: Path) -> Iterator[Line]:
    report = mutations.mutate(folder / "index", 2_400)
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.tried.items())
    yield not report.undetected, f"{report.total} mutations ({kinds}), {len(report.undetected)} undetected"
    control = mutations.mutate(folder / "control", 200, writers.ChecksNothing)
    yield len(control.undetected) > 0, f"control ChecksNothing: {len(control.undetected)} of {control.total} undetected"


def _readers(folder: Path) -> Iterator[Line]:
    report = readers.read_while_switching(folder / "index", 300, 5_000)
    enough = report.switches >= 300 and report.questions >= 5_000
    yield (
        not report.failures and enough,
        (
            f"4 readers, {report.switches} switches, {report.questions} questions, {report.openings} openings, "
            f"{len(report.failures)} failures"
        ),
    )
    control = readers.read_while_switching(folder / "control", 100, 0, store=writers.InPlace)
    yield len(control.failures) > 0, f"control InPlace: {len(control.failures)} failures in {control.switches} switches"


def _builders(folder: Path) -> Iterator[Line]:
    report = builders.add_at_once(folder / "index", 100)
    yield report.lost + report.failed == 0, f"2 builders, {report.added} documents added, {report.lost} lost"
    control = builders.add_at_once(folder / "control", 50, store=writers.LosesUpdates)
    yield control.lost > 0, f"control LosesUpdates: {control.lost} of {control.added} lost"


def _full_disk(folder: Path) -> Iterator[Line]:
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS):
        for earlier in (0, 3):
            name = errno.errorcode[code]
            report = full_disk.fail_at_every_call(folder / f"{name}{earlier}", code, earlier)
            for problem in report.problems:
                print(problem, file=sys.stderr)
            yield (
                not report.problems,
                (
                    f"{name} at each of {report.failed_calls} calls of a write after {earlier}: {report.told} told in "
                    f"one line, {len(report.problems)} problems"
                ),
            )
    trouble = full_disk.on_tiny_disk(folder / "tiny")
    yield not trouble, "a disk of 1 MB: " + ("mounting is not permitted" if trouble is None else trouble or "well")


def _power(folder: Path) -> Iterator[Line]:
    report = power.cut_everywhere(folder / "index", extra=40)
    yield not report.problems, f"{report.cuts} cuts, {report.disks} disks, {len(report.problems)} not recovered from"
    for control in (*CONTROLS, *UNSYNCED, writers.NoParentSync):
        found = power.cut_everywhere(folder / control.__name__, control, extra=4)
        bad = len(found.problems)
        yield bad > 0, f"control {control.__name__}: {_caught(bad)}, {bad} of {found.disks} disks"


def _library(folder: Path) -> Iterator[Line]:
    report = in_fresh_process(kill.kill_at_random, folder / "random", 200, WholeLibrary())
    yield not report.bad, f"real files, {_figures(report)}"
    report = in_fresh_process(kill.kill_at_every_call, folder / "calls", 1, WholeLibrary())
    yield not report.bad, f"real files, at every call: {_figures(report)}"


def _fuzz(_: Path) -> Iterator[Line]:
    report = in_fresh_process(fuzz.fuzz, [*fuzz.kept_seeds(), *fuzz.mixed(10_000)])
    yield not report.faulty and not report.exceptions, fuzz.figures(report)


def _figures(report: kill.KillReport) -> str:
    return (
        f"{report.kills} kills, {report.acknowledged} operations acknowledged, {report.interrupted} kills left "
        f"something unfinished, {report.done_untold} came between switch and acknowledgement; "
        f"{report.corrupt} corrupt, {report.lost} lost, {report.stuck} stuck"
    )


def _caught(bad: int) -> str:
    return "caught" if bad else "NOT CAUGHT"


HARNESSES: dict[str, Callable[[Path], Iterator[Line]]] = {
    "kill": _kill,
    "kill-every-call": _kill_every_call,
    "order": _order,
    "mutations": _mutations,
    "library": _library,
    "readers": _readers,
    "builders": _builders,
    "full-disk": _full_disk,
    "power": _power,
    "fuzz": _fuzz,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
