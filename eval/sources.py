"""The documents as the evaluation sees them: where a phrase or a quote stands, whatever system found or cited it.

Built from the chunks of the index under evaluation. Comparison is under `corpus.clean.quote_key`, so that line ends,
widths and spaces do not matter and nothing else is forgiven.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from assistant.citations import MAX_QUOTE, MIN_QUOTE
from corpus.clean import quote_key
from corpus.models import SECTION_SEPARATOR, Chunk
from corpus.places import Place, Places
from eval.models import Gold, Target

_BETWEEN = quote_key(SECTION_SEPARATOR)


class Sources:
    """The indexed documents, to look gold and quotes up in."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._places = Places(chunks)
        self._targets: dict[Target, frozenset[str]] = {}

    @property
    def doc_ids(self) -> Collection[str]:
        """The ids of the indexed documents."""
        return self._places.doc_ids

    def counts(self, gold: Gold) -> bool:
        """Whether a gold item counts here: one of its targets' documents is indexed."""
        return any(target.doc_id in self.doc_ids for target in gold.targets)

    def chunks_of(self, target: Target) -> frozenset[str]:
        """Return the ids of the chunks that hold a target; empty where it stands nowhere."""
        if target not in self._targets:
            found = self._places.find(target.doc_id, target.section, target.phrase)
            self._targets[target] = frozenset(place.chunk.chunk_id for place in found)
        return self._targets[target]

    def text_of(self, gold: Gold) -> str:
        """Return the text of the chunks that hold a gold item's targets, keys of it, in no particular order."""
        found = (self._places.find(target.doc_id, target.section, target.phrase) for target in gold.targets)
        return "\n".join({place.chunk.chunk_id: place.text for places in found for place in places}.values())

    def gold_in_passage(self, passage: Mapping[str, Any], text: str, gold: Sequence[Gold]) -> list[int]:
        """Return the numbers of the gold items that stand in `text`, a passage's own or the beginning of it.

        A target's section is compared only where the passage names one: other systems may know none.
        """
        key, section = quote_key(text), quote_key(str(passage.get("section") or ""))
        doc_id = passage.get("doc_id")
        return [
            number
            for number, item in enumerate(gold)
            if any(target.doc_id == doc_id and _holds(key, section, target) for target in item.targets)
        ]

    def gold_cited(self, citation: Mapping[str, Any], gold: Sequence[Gold]) -> list[int]:
        """Return the numbers of the gold items that a citation points to: its quote is taken from a chunk of theirs."""
        cited = self.places(citation)
        quote, doc_id = quote_key(str(citation.get("quote") or "")), citation.get("doc_id")

        def points_to(target: Target) -> bool:
            phrase = quote_key(target.phrase)
            return target.doc_id == doc_id and (
                bool(self.chunks_of(target) & cited) or (phrase != "" and phrase in quote)
            )

        return [number for number, item in enumerate(gold) if any(map(points_to, item.targets))]

    def places(self, citation: Mapping[str, Any]) -> frozenset[str]:
        """Return the ids of the chunks that a citation's quote is taken from, within the section and pages it names.

        A quote that is a heading is taken from the chunks right under that heading.
        """
        return frozenset(chunk.chunk_id for chunk in self.chunks_cited(citation))

    def chunks_cited(self, citation: Mapping[str, Any]) -> tuple[Chunk, ...]:
        """Return the chunks of `places`, in the document's order."""
        quote = quote_key(str(citation.get("quote") or ""))
        return tuple(
            place.chunk
            for place in self._named(citation)
            if quote and (quote in place.text or place.headings[-1:] == (quote,))
        )

    def valid(self, citation: Mapping[str, Any]) -> bool:
        """Whether a citation's quote really stands where it says, in one piece of 8 to 300 characters.

        Where it says: in the document and, as far as the citation names them, under the section and on the pages. A
        quote may run on from one chunk into the next.
        """
        quote = str(citation.get("quote") or "")
        key = quote_key(quote)
        if not key or not MIN_QUOTE <= len(quote) <= MAX_QUOTE:
            return False
        named = self._named(citation)
        return any(key in place.headings for place in named) or any(key in text for text in self._texts(named))

    def _texts(self, named: Sequence[Place]) -> Iterator[str]:
        """Yield the text of each run of chunks that follow each other in their document."""
        chosen = {place.number for place in named}
        document = self._places.of(named[0].chunk.doc_id) if named else []
        for is_named, run in groupby(document, key=lambda place: place.number in chosen):
            if is_named:
                yield "".join(place.text for place in run)

    def _named(self, citation: Mapping[str, Any]) -> list[Place]:
        """Return the chunks of the document, section and pages that a citation names, in the document's order."""
        section = quote_key(str(citation.get("section") or ""))
        return [
            place
            for place in self._places.of(str(citation.get("doc_id")))
            if _under(section, place.path) and _on_pages(place.chunk, citation)
        ]


def _holds(key: str, section: str, target: Target) -> bool:
    wanted = quote_key(target.section)
    return quote_key(target.phrase) in key and (not section or _under(wanted, section))


def _under(section: str, path: str) -> bool:
    """Whether `section`, whole headings or none, stands in a path of headings; both are keys."""
    return not section or f"{_BETWEEN}{section}{_BETWEEN}" in f"{_BETWEEN}{path}{_BETWEEN}"


def _on_pages(chunk: Chunk, citation: Mapping[str, Any]) -> bool:
    start = citation.get("start_page")
    if start is None or chunk.start_page is None:
        return True
    end = citation.get("end_page") or start
    return bool(chunk.start_page <= end and start <= (chunk.end_page or chunk.start_page))
