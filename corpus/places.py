"""Where a phrase stands: chunks found by document, heading and a few words, as data that points into documents does.

Compared under `corpus.clean.quote_key`: line ends, widths and spaces do not matter, and nothing else is forgiven.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from corpus.clean import quote_key
from corpus.models import Chunk


@dataclass(frozen=True, slots=True)
class Place:
    """A chunk with what is compared of it, computed once; `number` is its place among all the chunks given."""

    number: int
    chunk: Chunk
    text: str
    headings: tuple[str, ...]
    path: str


class Places:
    """The chunks of an index by document, to look phrases up in."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._places: dict[str, list[Place]] = {}
        for number, chunk in enumerate(chunks):
            headings = tuple(map(quote_key, chunk.section))
            place = Place(number, chunk, quote_key(chunk.text), headings, quote_key(chunk.section_path))
            self._places.setdefault(chunk.doc_id, []).append(place)

    @property
    def doc_ids(self) -> Collection[str]:
        """The ids of the documents."""
        return self._places.keys()

    def of(self, doc_id: str) -> list[Place]:
        """Return the places of a document in its order; none where it is unknown."""
        return self._places.get(doc_id, [])

    def find(self, doc_id: str, section: str, phrase: str) -> list[Place]:
        """Return where `phrase` stands in a document, under the heading `section` of its path.

        An empty section means any, an empty phrase the whole section.
        """
        wanted, heading = quote_key(phrase), quote_key(section)
        return [
            place for place in self.of(doc_id) if wanted in place.text and (not heading or heading in place.headings)
        ]
