"""An answer in the making: lines with the evidence behind them, turned into text, sentences and citations.

A line whose evidence does not stand in the documents is dropped here and counted: no line without a marker gets out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.citations import CitationBook, Evidence, sentences_of
from assistant.models import Citation, Sentence, Support
from corpus.clean import quote_key
from corpus.models import Document

# What would act as Markdown, HTML or a marker of ours, with the look-alike that does not.
_HARMLESS = str.maketrans({"<": "＜", ">": "＞", "`": "'", "*": "＊", "[": "［", "]": "］", "\n": " "})
_BOLD = re.compile(r"\*\*")
# The heading in front of a sentence: one with a question mark in it is not two sentences.
_LEAD = re.compile(r"\*\*[^*]+\*\*[^：]*：")


class Style(StrEnum):
    """How a line stands in the answer."""

    PARAGRAPH = "paragraph"
    STEP = "step"
    ITEM = "item"
    NESTED = "nested"


@dataclass(frozen=True, slots=True)
class _Line:
    style: Style | None
    text: str


@dataclass
class Draft:
    """Collects the lines of an answer in order."""

    documents: Mapping[str, Document]
    dropped: int = 0
    _lines: list[_Line] = field(default_factory=list)
    _sentences: list[Sentence] = field(default_factory=list)
    _book: CitationBook = field(init=False)

    def __post_init__(self) -> None:
        self._book = CitationBook(self.documents)

    def label(self, text: str) -> None:
        """Add a heading of our own; it states nothing and carries no marker."""
        self._lines.append(_Line(None, f"**{text}**"))

    def state(self, text: str, *evidence: Evidence, style: Style = Style.PARAGRAPH, aside: str = "") -> bool:
        """Add a statement with its evidence; False, and nothing added, where no quote stands in its document.

        Each sentence of the statement carries the markers, not only the last one. `aside` stands behind them in
        brackets: what the words of the statement mean, which is ours and no statement.
        """
        markers = tuple(dict.fromkeys(m for piece in evidence if (m := self._book.mark(piece)) is not None))
        if not markers:
            self.dropped += 1
            return False
        lead = _LEAD.match(text)
        start = lead.end() if lead else 0
        first, *rest = sentences_of(text[start:]) or [text[start:]]
        sentences = [text[:start] + first, *rest]
        self._sentences.extend(self._sentence(sentence, markers, evidence) for sentence in sentences)
        marks = "".join(f"[{marker}]" for marker in markers)
        stated = " ".join(f"{sentence} {marks}" for sentence in sentences)
        self._lines.append(_Line(style, f"{stated} ({aside})" if aside else stated))
        return True

    def _sentence(self, text: str, markers: tuple[int, ...], evidence: Sequence[Evidence]) -> Sentence:
        plain = _BOLD.sub("", text)
        key = quote_key(plain)
        keys = [quote_key(harmless(piece.quote)) for piece in evidence]
        verbatim = any(quote in key or key in quote or key.rpartition("：")[2] in quote for quote in keys)
        return Sentence(plain, markers, Support.VERBATIM if verbatim else Support.SUPPORTED)

    def is_empty(self) -> bool:
        """Whether nothing has been stated yet."""
        return not self._sentences

    def text(self) -> str:
        """The answer in the small part of Markdown that `assistant.models.Answer` allows."""
        out: list[str] = []
        step, before = 0, None
        for line in self._lines:
            step = step + 1 if line.style is Style.STEP else (step if line.style is Style.NESTED else 0)
            if out and not _tight(before, line.style):
                out.append("")
            out.append(_rendered(line, step))
            before = line.style
        return "\n".join(out)

    def sentences(self) -> tuple[Sentence, ...]:
        """The statements in order."""
        return tuple(self._sentences)

    def citations(self) -> tuple[Citation, ...]:
        """The citations in the order of their markers."""
        return self._book.citations()


def harmless(text: str) -> str:
    """Text from a document with everything that would act as markup or as a marker replaced by its look-alike."""
    return text.translate(_HARMLESS)


def _tight(before: Style | None, style: Style | None) -> bool:
    """Whether two lines stand without an empty line between them."""
    listed = (Style.STEP, Style.ITEM, Style.NESTED)
    return style in listed and (before in listed or before is None)


def _rendered(line: _Line, step: int) -> str:
    prefixes = {Style.STEP: f"{step}. ", Style.ITEM: "- ", Style.NESTED: "   - "}
    return f"{prefixes.get(line.style or Style.PARAGRAPH, '')}{line.text}"
