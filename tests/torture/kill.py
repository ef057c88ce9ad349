"""Writers killed with SIGKILL, at random moments and at every single call: the index is whole, nothing told is lost.

Needs `fork`, so no Windows. What a dying process leaves is what it wrote; what a dying disk leaves is `power`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from pathlib import Path

from index.store import GENERATIONS, UNFINISHED, IndexStore
from tests.torture.disk import Call, watched
from tests.torture.library import Contents, Library, Operation, TinyLibrary, after, operations


@dataclass(frozen=True, slots=True)
class KillReport:
    """What came of the kills.

    `acknowledged` operations, `interrupted` kills that left something half written, `done_untold` kills between the
    switch and its acknowledgement; `corrupt` indexes, `lost` acknowledged states, `stuck` writers that could not go on.
    """

    kills: int
    acknowledged: int
    interrupted: int
    done_untold: int
    corrupt: int
    lost: int
    stuck: int

    @property
    def bad(self) -> int:
        """All that must not be."""
        return self.corrupt + self.lost + self.stuck


def kill_at_random(
    folder: Path, rounds: int, library: Library | None = None, *, until_bad: bool = False, seed: int = 1
) -> KillReport:
    """Kill a writer `rounds` times at random moments of its work on one index, which goes on from what was left.

    `until_bad` ends it with the first index that is corrupt or has lost something: a control need not go on.
    """
    library, chance, root = library or TinyLibrary(), random.Random(seed), folder / "index"
    seconds = _seconds_an_operation(folder / "timed", library)
    now: Contents = {}
    told = interrupted = untold = corrupt = lost = stuck = 0
    kills = 0
    for number in range(rounds):
        if until_bad and corrupt + lost + stuck:
            break
        kills += 1
        plan = operations(now, seed * 1_000_000 + number)
        left = _left(root)
        acknowledged, killed = _killed_after(chance.uniform(0, 6 * seconds), partial(_work, root, library, plan))
        stuck += not killed
        told += acknowledged
        interrupted += bool(_left(root) - left)
        states = list(islice(_states(now, operations(now, seed * 1_000_000 + number)), acknowledged + 2))
        try:
            found = library.contents(root)
        except Exception:
            corrupt += 1
            shutil.rmtree(root)
            now = {}
            continue
        lost += found not in states[acknowledged:]
        untold += states[acknowledged] != found == states[acknowledged + 1]
        now = found
    return KillReport(kills, told, interrupted, untold, corrupt, lost, stuck)


def kill_at_every_call(folder: Path, stride: int = 1, library: Library | None = None) -> KillReport:
    """Kill a writer before each call that changes the disk in turn, for each operation; then repeat the operation.

    With a `stride` of n, before every n-th call only, the first one being another for each operation.
    """
    library = library or TinyLibrary()
    base = {"a": "緑茶の話です。", "b": "紅茶の話です。"}
    more = [Operation("add", doc_id, text) for doc_id, text in base.items()]
    cases = [
        ([], Operation("add", "a", base["a"]), {"a": base["a"]}),
        (more, Operation("rebuild"), base),
        (more, Operation("add", "c", "茶葉の話です。"), {**base, "c": "茶葉の話です。"}),
        ([*more, Operation("rebuild"), Operation("rebuild")], Operation("remove", "a"), {"b": base["b"]}),
        (more, Operation("update", "a", "急須の話です。"), {**base, "a": "急須の話です。"}),
        (more, Operation("rollback"), {"a": base["a"]}),
    ]
    reports = [
        _every_call(folder / str(number), library, before, operation, wanted, range(1 + number % stride, 2_000, stride))
        for number, (before, operation, wanted) in enumerate(cases)
    ]
    names = ("kills", "acknowledged", "interrupted", "done_untold", "corrupt", "lost", "stuck")
    return KillReport(*(sum(getattr(report, name) for report in reports) for name in names))


def _every_call(
    folder: Path,
    library: Library,
    before: list[Operation],
    operation: Operation,
    wanted: Contents,
    numbers: range,
) -> KillReport:
    template, root = folder / "template", folder / "index"
    template.mkdir(parents=True)
    for one in before:
        library.apply(template, one)
    old = library.contents(template)
    kills = interrupted = untold = corrupt = lost = stuck = 0
    for number in numbers:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(template, root)
        killed = _killed_after(None, partial(_die_at, number, root, library, operation))[1]
        if not killed:
            break
        kills += 1
        interrupted += bool(_left(root))
        try:
            found = library.contents(root)
        except Exception:
            corrupt += 1
            continue
        lost += found not in (old, wanted)
        untold += found == wanted != old
        if operation.kind != "rollback":
            stuck += not _goes_on(root, library, operation, found, wanted)
    return KillReport(kills, len(before), interrupted, untold, corrupt, lost, stuck)


def _goes_on(root: Path, library: Library, operation: Operation, found: Contents, wanted: Contents) -> bool:
    """Whether the operation works after all, and leaves nothing of what the killed one left."""
    store = IndexStore(root)
    library.apply(root, Operation("rebuild") if found == wanted else operation)
    kept = {one.generation_id for one in store.generations()}
    lying = {path.name for path in (root / GENERATIONS).iterdir()}
    return library.contents(root) == wanted and store.verify() == [] and kept == lying


def _killed_after(seconds: float | None, work: Callable[[], Iterator[None]]) -> tuple[int, bool]:
    """Run `work` in a fork, kill it after `seconds`; return how often it acknowledged, and whether SIGKILL ended it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _end_with(work, writing)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        acknowledged = len(pipe.read())
    return acknowledged, os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _end_with(work: Callable[[], Iterator[None]], writing: int) -> None:
    status = 1
    try:
        for _ in work():
            os.write(writing, b".")
        status = 0
    except BaseException as error:
        print(f"a writer failed: {error!r}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _work(root: Path, library: Library, plan: Iterator[Operation]) -> Iterator[None]:
    for operation in plan:
        library.apply(root, operation)
        yield


def _die_at(number: int, root: Path, library: Library, operation: Operation) -> Iterator[None]:
    numbers = count(1)

    def hook(_: Call) -> None:
        if next(numbers) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with watched(root, hook):
        library.apply(root, operation)
    yield


def _states(now: Contents, plan: Iterator[Operation]) -> Iterator[Contents]:
    yield now
    for operation in plan:
        now = after(now, operation)
        yield now


def _left(root: Path) -> set[str]:
    """Return what is there but generations in use or kept: half written, or whole and not yet named."""
    lying = {path.name for pattern in (f"{GENERATIONS}/*", f"{UNFINISHED}*") for path in root.glob(pattern)}
    try:
        return lying - {one.generation_id for one in IndexStore(root).generations()}
    except Exception:
        return lying


def _seconds_an_operation(root: Path, library: Library) -> float:
    plan = list(islice(operations({}, 0), 6))
    library.apply(root, plan[0])
    start = time.perf_counter()
    for operation in plan[1:]:
        library.apply(root, operation)
    return (time.perf_counter() - start) / (len(plan) - 1)
