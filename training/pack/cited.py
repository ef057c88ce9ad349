"""Lines with their markers: a statement of the documents enters a pack through here, or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citations import MAX_QUOTE, CitationBook, Evidence, sentences_of
from corpus.models import Chunk
from training.models import Line

_LINE_END = re.compile(r"(?<=[ぁ-んァ-ヶー一-龠々、。])[ 　](?=[ぁ-んァ-ヶー一-龠々①-⑳])")


@dataclass
class Cited:
    """Makes lines and numbers their citations; `dropped` counts texts left out because nothing stands behind them."""

    book: CitationBook
    dropped: int = 0

    def line(self, text: str, *evidence: Evidence) -> Line | None:
        """A line with the markers of its evidence; None, and counted, where none of it can be quoted."""
        markers = tuple(dict.fromkeys(marker for one in evidence if (marker := self.book.mark(one)) is not None))
        if not markers:
            self.dropped += 1
            return None
        return Line(self.whole_words(text, evidence[0].chunk), markers)

    def whole_words(self, text: str, chunk: Chunk) -> str:
        """Sentences without the blanks that line ends of a file left in words; digests have none, names keep theirs."""
        if "。" not in text or self.book.documents[chunk.doc_id].is_digest:
            return text
        above = " ".join(chunk.section)
        return _LINE_END.sub(lambda blank: blank[0] if _around(blank) in above else "", text)

    def said(self, text: str, chunk: Chunk, *more: Evidence) -> Line | None:
        """A line that is a piece of a passage, word for word, with evidence of the whole of it."""
        return self.line(text, *whole(text, chunk), *more)


def _around(blank: re.Match[str]) -> str:
    """A blank with two letters on each side of it."""
    return blank.string[max(0, blank.start() - 2) : blank.end() + 2]


def listed(lines: Sequence[str], chunk: Chunk) -> list[Evidence]:
    """Evidence for lines of a passage that follow each other: as few quotes as hold them all."""
    quotes: list[str] = []
    for line in lines:
        if quotes and len(quotes[-1]) + len(line) < MAX_QUOTE:
            quotes[-1] += f"\n{line}"
        else:
            quotes.append(line)
    return [Evidence(chunk, quote) for quote in quotes]


def whole(text: str, chunk: Chunk) -> list[Evidence]:
    """Evidence for all of a text: the text itself, or sentence by sentence where it is longer than a quote may be."""
    pieces = [text] if len(text) <= MAX_QUOTE else sentences_of(text)
    return [Evidence(chunk, piece) for piece in pieces]
