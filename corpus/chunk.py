"""Blocks to chunks: whole blocks of one section on one page, never more than fits, never across a page.

A case, a countermeasure or a table stays in one piece while it fits; a check-list item is a chunk of its own, since
each one is an answer of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from corpus.models import Block, BlockKind, Chunk, Document, Page

# A table or list of some 24 entries must stay whole; the longest in the guidance has about 700 characters.
MAX_CHARS = 800
_SENTENCE_END = re.compile(r"(?<=[。！？!?])")
_KIND_ORDER = (BlockKind.CASE, BlockKind.CHECKLIST_ITEM, BlockKind.TABLE_ROW, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


def chunk_document(document: Document, *, max_chars: int = MAX_CHARS) -> list[Chunk]:
    """The chunks of a document in its order, none longer than `max_chars` characters."""
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    chunks = []
    for page in document.pages:
        for group in _groups(page, max_chars):
            chunk = _chunk(document.doc_id, page, group, seen)
            chunks.append(chunk)
    return chunks


def _groups(page: Page, max_chars: int) -> Iterator[list[Block]]:
    """Runs of blocks that belong in one chunk: same section, and not longer than allowed."""
    group: list[Block] = []
    for block in _fitting(page.blocks, max_chars):
        if block.kind is BlockKind.HEADING:
            continue
        if group and not _belongs(group, block, max_chars):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _belongs(group: list[Block], block: Block, max_chars: int) -> bool:
    if group[0].section != block.section:
        return False
    if BlockKind.CHECKLIST_ITEM in (block.kind, group[-1].kind):
        return False
    return sum(len(other.text) + 1 for other in group) + len(block.text) <= max_chars


def _fitting(blocks: Iterable[Block], max_chars: int) -> Iterator[Block]:
    """The blocks, with one that is too long for any chunk cut at its sentence ends."""
    for block in blocks:
        if len(block.text) <= max_chars:
            yield block
        else:
            for piece in _cut(block.text, max_chars):
                yield Block(block.kind, piece, block.section, block.page_number)


def _cut(text: str, max_chars: int) -> Iterator[str]:
    """Pieces no longer than allowed, cut at sentence ends where there are any; together they are the whole text."""
    piece = ""
    for sentence in _SENTENCE_END.split(text):
        start = 0  # a sentence may be megabytes long, and is not copied for each piece
        while len(piece) + len(sentence) - start > max_chars:
            room = 0 if piece else max_chars
            yield piece + sentence[start : start + room]
            piece, start = "", start + room
        piece += sentence[start:]
    if piece:
        yield piece


def _chunk(doc_id: str, page: Page, group: list[Block], seen: Counter[tuple[tuple[str, ...], str]]) -> Chunk:
    text, section = "\n".join(block.text for block in group), group[0].section
    ordinal = seen[section, text]
    seen[section, text] += 1
    identity = "\x1f".join((doc_id, *section, text, str(ordinal)))
    kinds = {block.kind for block in group}
    return Chunk(
        chunk_id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        doc_id=doc_id,
        section=section,
        text=text,
        kind=next((kind for kind in _KIND_ORDER if kind in kinds), BlockKind.CAPTION),
        start_page=page.number,
        end_page=page.number,
        page_label=page.label,
        is_ocr=page.is_ocr,
    )
