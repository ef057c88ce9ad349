"""What the indexed documents hold besides text: cases, countermeasures with their check-list items, offices to ask.

Read off the chunks once, when the index is opened; nothing is known beforehand about any one document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.situations import theme_of
from corpus.bigrams import bigrams, jaccard
from corpus.models import BlockKind, Chunk, Document

_ITEM = re.compile(
    r"^(?P<title>.{2,60}?)\s*[（(](?P<pages>[PpＰ][\d０-９,，、\-–ー－ ]+)[)）]\s*(?P<text>.*)$", re.DOTALL
)
_CASE = re.compile(r"^Case\s*\d+", re.IGNORECASE)
CONTACT = re.compile(r"\d{2,4}-\d{2,4}-\d{3,4}|[\w.+-]+@[\w-]+\.[\w.]+")
# Below this share of common character bigrams two titles are about different things.
_SAME_TITLE = 0.34


@dataclass(frozen=True, slots=True)
class Case:
    """A case of technology leakage: its title as the document has it, its theme, and the chunk that tells it."""

    title: str
    theme: str | None
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class Measure:
    """A countermeasure as a check-list item, with the section that explains it where there is one.

    `pages` is how the item names the pages of the guidance it comes from, such as P164; `stage` the stage of work.
    """

    title: str
    theme: str | None
    pages: str
    item: Chunk
    section: Chunk | None
    stage: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """An office to ask: its name, and the line that says how to reach it."""

    name: str
    line: str
    chunk: Chunk


class Guidance:
    """The cases, countermeasures and contacts of the documents in an index."""

    def __init__(self, documents: Sequence[Document], chunks: Sequence[Chunk]) -> None:
        self._documents = {document.doc_id: document for document in documents}
        self._cases = tuple(_cases(chunks))
        self._measures = tuple(_measures(chunks))
        self._contacts = tuple(_contacts(chunks))

    def cases(self, doc_ids: Collection[str] | None = None) -> list[Case]:
        """The cases of the documents asked for, in order."""
        return [case for case in self._cases if doc_ids is None or case.chunk.doc_id in doc_ids]

    def measures(self, doc_ids: Collection[str] | None = None) -> list[Measure]:
        """The countermeasures of one document, in its order: of the newest original that has any, else of a digest."""
        within = [m for m in self._measures if doc_ids is None or m.item.doc_id in doc_ids]
        if not within:
            return []
        best = max({m.item.doc_id for m in within}, key=self._authority)
        return [measure for measure in within if measure.item.doc_id == best]

    def contacts(self, doc_ids: Collection[str] | None = None) -> list[Contact]:
        """The offices that the most authoritative document with contacts names, in its order."""
        within = [c for c in self._contacts if doc_ids is None or c.chunk.doc_id in doc_ids]
        if not within:
            return []
        counts = {doc_id: sum(c.chunk.doc_id == doc_id for c in within) for doc_id in {c.chunk.doc_id for c in within}}
        best = max(counts, key=lambda doc_id: (counts[doc_id] > 3, *self._authority(doc_id)))
        return [contact for contact in within if contact.chunk.doc_id == best]

    def is_replaced(self, doc_id: str) -> bool:
        """Whether a newer document in the index replaces this one."""
        return any(doc_id in document.replaces for document in self._documents.values())

    def _authority(self, doc_id: str) -> tuple[bool, str, str]:
        document = self._documents[doc_id]
        return not document.is_digest, document.published or "", doc_id


def item_parts(text: str) -> Mapping[str, str] | None:
    """A check-list item as title, pages and text, or None where it names no page."""
    match = _ITEM.match(text)
    return match.groupdict() if match else None


def _cases(chunks: Sequence[Chunk]) -> list[Case]:
    cases: dict[tuple[str, tuple[str, ...]], Case] = {}
    for chunk in chunks:
        level = next((n for n, heading in enumerate(chunk.section) if _CASE.match(heading)), None)
        if chunk.kind is not BlockKind.CASE or level is None:
            continue
        path = chunk.section[: level + 1]
        theme = next((t for heading in path if (t := theme_of(heading))), None)
        cases.setdefault((chunk.doc_id, path), Case(chunk.section[level], theme, chunk))
    return list(cases.values())


def _measures(chunks: Sequence[Chunk]) -> list[Measure]:
    sections = [c for c in chunks if c.kind not in (BlockKind.CASE, BlockKind.CHECKLIST_ITEM, BlockKind.CAPTION)]
    measures = []
    for chunk in chunks:
        parts = item_parts(chunk.text) if chunk.kind is BlockKind.CHECKLIST_ITEM else None
        if not parts:
            continue
        theme = theme_of(chunk.section[-1]) if chunk.section else None
        section = _explaining(parts["title"], theme, [c for c in sections if c.doc_id == chunk.doc_id])
        stage = section.section[-2] if section and len(section.section) > 2 else None
        measures.append(Measure(parts["title"], theme, parts["pages"], chunk, section, stage))
    return measures


def _explaining(title: str, theme: str | None, sections: Sequence[Chunk]) -> Chunk | None:
    """The section that explains a check-list item: same theme, and the most alike heading."""
    best, likeness = None, _SAME_TITLE
    for chunk in sections:
        if not chunk.section or theme_of(chunk.section[0]) != theme or "事例" in chunk.section[0]:
            continue
        found = max(jaccard(bigrams(title), bigrams(heading)) for heading in chunk.section[1:] or chunk.section)
        if found > likeness:
            best, likeness = chunk, found
    return best


def _contacts(chunks: Sequence[Chunk]) -> list[Contact]:
    contacts = []
    for chunk in chunks:
        for line in chunk.text.split("\n"):
            if not CONTACT.search(line):
                continue
            name, found, _ = line.partition("：")
            named_in_line = found and not CONTACT.search(name)
            heading = chunk.section[-1] if chunk.section else chunk.doc_id
            contacts.append(Contact(name if named_in_line else heading, line, chunk))
    return contacts
