"""Which texts ask for which in one step of training. No weights, no torch.

A batch holds whole articles, so that many negatives are of the same article as the positive: those are the hard ones.
Some batches are inverse cloze (Lee et al. 2019): one sentence asks for the rest of its paragraph.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.training.bags import Ids, PassageBags
from index.training.settings import FitSettings

# Share of inverse cloze passages that keep their title: chunks have a section path, but not always a telling one.
TITLE_KEPT = 0.7


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages, queries, and for each query the position of its passage."""

    passages: list[Ids]
    queries: list[Ids]
    targets: list[int]


def count_batches(passages: int, size: int) -> int:
    """Return how many batches an epoch has: a rest of less than half a batch waits for the next epoch."""
    return max(1, (passages + size // 2 - 1) // size)


def batches(passages: Sequence[PassageBags], settings: FitSettings, choose: random.Random) -> Iterator[Batch]:
    """Yield the passages in batches of `batch_size`, article by article in random order."""
    by_article: dict[str, list[PassageBags]] = defaultdict(list)
    for passage in passages:
        by_article[passage.article].append(passage)
    articles = list(by_article.values())
    choose.shuffle(articles)
    for article in articles:
        choose.shuffle(article)
    ordered = [passage for article in articles for passage in article]
    for number in range(count_batches(len(ordered), settings.batch_size)):
        part = ordered[number * settings.batch_size : (number + 1) * settings.batch_size]
        yield cloze(part, choose) if choose.random() < settings.cloze_share else questions(part, settings, choose)


def questions(passages: Sequence[PassageBags], settings: FitSettings, choose: random.Random) -> Batch:
    """Let questions ask for their passages; passages without a question are there to be told apart."""
    batch = Batch([], [], [])
    for position, passage in enumerate(passages):
        batch.passages.append(passage.text(with_title=choose.random() >= settings.title_dropped))
        asked = choose.sample(passage.questions, min(len(passage.questions), settings.questions_per_passage))
        batch.queries.extend(asked)
        batch.targets.extend([position] * len(asked))
    return batch if batch.queries else cloze(passages, choose)


def cloze(passages: Sequence[PassageBags], choose: random.Random) -> Batch:
    """Let one sentence of each passage ask for the rest; where there is only one, the title asks for it."""
    batch = Batch([], [], [])
    for position, passage in enumerate(passages):
        hidden = choose.randrange(len(passage.sentences)) if len(passage.sentences) > 1 else None
        batch.passages.append(passage.text(without=hidden, with_title=choose.random() < TITLE_KEPT))
        batch.queries.append(passage.title if hidden is None else passage.sentences[hidden])
        batch.targets.append(position)
    return batch
