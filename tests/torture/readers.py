"""Readers that ask while a writer switches: no question fails, and each is answered from one generation."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

from index.retriever import Retriever
from index.store import IndexStore
from tests.torture.library import ENCODER, TOKENIZER, WORDS, build

_QUESTIONS_AN_OPENING = 10
_LONGEST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """Switches of the writer, questions and openings of all readers together, and each failure in words."""

    switches: int
    questions: int
    openings: int
    failures: tuple[str, ...]


def read_while_switching(
    folder: Path, switches: int, questions: int, readers: int = 4, store: type[IndexStore] = IndexStore
) -> ReaderReport:
    """Ask in `readers` processes until there have been at least so many switches, by `store`, and questions."""
    context = multiprocessing.get_context("spawn")
    root, stop, asked, results = folder / "index", context.Event(), context.Value("q", 0), context.Queue()
    writer, done = store(root), 0
    build(writer, _contents(done))
    processes = [context.Process(target=_read, args=(root, stop, asked, results), daemon=True) for _ in range(readers)]
    for process in processes:
        process.start()
    until = time.monotonic() + _LONGEST_SECONDS
    while (done < switches or asked.value < questions) and time.monotonic() < until:
        done += 1
        build(writer, _contents(done))
        # Everybody's turn on a machine with fewer cores than readers.
        time.sleep(0.002)
    stop.set()
    reports = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    failures = tuple(failure for report in reports for failure in report[2])
    return ReaderReport(done, sum(report[0] for report in reports), sum(report[1] for report in reports), failures)


def _contents(number: int) -> Mapping[str, str]:
    return {f"doc{place}": f"第{number}版の{word}の話です。" for place, word in enumerate(WORDS)}


def _read(root: Path, stop: Event, asked: Synchronized[int], results: Queue[tuple[int, int, list[str]]]) -> None:
    questions, openings, newest, failures = 0, 0, -1, []
    while not stop.is_set():
        try:
            retriever = Retriever.open(IndexStore(root), ENCODER, TOKENIZER)
            openings += 1
            for word in WORDS[:_QUESTIONS_AN_OPENING]:
                texts = [one.chunk.text for one in retriever.search(f"{word}の話", top_k=len(WORDS))]
                editions = {int(text[1 : text.index("版")]) for text in texts}
                if len(texts) != len(WORDS) or len(editions) != 1 or min(editions) < newest:
                    failures.append(f"after edition {newest}: {texts}")
                newest, questions = max(editions), questions + 1
                with asked.get_lock():
                    asked.value += 1
        except Exception:
            failures.append(traceback.format_exc())
    results.put((questions, openings, failures))
