"""What a language model made of a run: how well each of its sentences is supported, and how often it was not used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.models import Support


@dataclass(frozen=True, slots=True)
class Generated:
    """Counts over the answers of a run for which a language model was asked.

    `generated` of the `asked` are in its words; of the others `faults` says why not, by kind. A fault may also have cut
    off a generated answer. `sentences` counts the statements of the generated answers by status as Mamori itself judged
    them; sentences that were listed below them because the model had left them out are `dropped_facts` and not among
    them. `removed_markers` and `removed_links` are what was taken out of its texts.
    """

    asked: int
    generated: int
    faults: Mapping[str, int]
    sentences: Mapping[Support, int]
    removed_markers: int
    removed_links: int
    dropped_facts: int

    @property
    def stated(self) -> int:
        """How many sentences were judged."""
        return sum(self.sentences.values())


def generated_counts(rows: Iterable[Mapping[str, Any]]) -> Generated:
    """Count over objects of the terminal contract, with texts or without."""
    asked = [row for row in rows if row.get("model")]
    written = [row for row in asked if row.get("generated")]
    statuses = Counter(Support(one["status"]) for row in written for one in _own_sentences(row))
    return Generated(
        asked=len(asked),
        generated=len(written),
        faults=dict(sorted(Counter(str(row["fault"]) for row in asked if row.get("fault")).items())),
        sentences={status: statuses[status] for status in Support},
        removed_markers=sum(int(row.get("removed_markers") or 0) for row in written),
        removed_links=sum(int(row.get("removed_links") or 0) for row in written),
        dropped_facts=sum(len(row.get("dropped_facts") or ()) for row in written),
    )


def _own_sentences(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The sentences of an answer without those at its end that the model left out."""
    sentences = list(row.get("sentences") or ())
    return sentences[: len(sentences) - len(row.get("dropped_facts") or ())]
