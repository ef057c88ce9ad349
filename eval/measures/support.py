"""Supported sentences: does the content of a sentence stand behind its markers. What the system itself says about
its support is not looked at.

A sentence is supported where at least one of its markers resolves to a citation whose quote really stands where it
says, and where all of its numbers and at least half of its content words are in the quotes so cited, in the chunks
that they are taken from, or in the headings above them; the printed pages of those chunks count as numbers. That is a
check of words, not of entailment: a sentence that turns the meaning of its source around with the same words passes, a
free paraphrase may not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.measures.facts import fact_key, without_commas
from eval.sources import Sources
from index.tokenize import Tokenizer

MIN_WORDS = 0.5
"""The share of a sentence's distinct content words that must be in its evidence."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MARKER = re.compile(r"\[(\d+)\]")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[」』）)]*(?:[ \t]*\[\d+\])*")
_LABEL = re.compile(r"^\s*(?:#+ .*|\*\*[^*]*\*\*\s*)$", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a citation shows: distinct content words and numbers of its quote, chunks, headings and printed pages."""

    words: frozenset[str]
    numbers: frozenset[str]


@dataclass
class SupportJudge:
    """Judges sentences against the documents; keeps what it has read of citations that come again."""

    sources: Sources
    tokenizer: Tokenizer = field(default_factory=Tokenizer)
    _seen: dict[tuple[str, str, str], Evidence] = field(default_factory=dict)

    def share(self, row: Mapping[str, Any], valid: Mapping[int, Mapping[str, Any]]) -> float:
        """Return the share of an answer's sentences that are supported, 0 where it has none.

        `valid` are the citations whose quote stands where it says, by marker. An answer that lists no sentences is
        split into them; headings and lines without a letter state nothing and are left out there.
        """
        sentences = _listed(row) or sentences_of(str(row.get("answer") or ""))
        judged = [self.supported(text, [valid[m] for m in markers if m in valid]) for text, markers in sentences]
        return sum(judged) / len(judged) if judged else 0.0

    def supported(self, sentence: str, citations: Sequence[Mapping[str, Any]]) -> bool:
        """Whether a sentence's numbers, and enough of its words, are behind these citations."""
        evidence = [self._evidence(citation) for citation in citations]
        if not evidence:
            return False
        plain = _MARKER.sub("", sentence)
        words = set(self.tokenizer.words(plain))
        behind = sum(any(word in one.words for one in evidence) for word in words)
        known = frozenset[str]().union(*(one.numbers for one in evidence))
        return behind >= MIN_WORDS * len(words) and any(reading <= known for reading in numbers(plain))

    def _evidence(self, citation: Mapping[str, Any]) -> Evidence:
        quote, section = str(citation.get("quote") or ""), str(citation.get("section") or "")
        key = (str(citation.get("doc_id")), section, quote)
        if key not in self._seen:
            chunks = self.sources.chunks_cited(citation)
            pages = [chunk.page_label or "" for chunk in chunks]
            text = "\n".join((section, quote, *(chunk.text for chunk in chunks), *pages))
            known = frozenset[str]().union(*numbers(text))
            self._seen[key] = Evidence(frozenset(self.tokenizer.words(text)), known)
        return self._seen[key]


def numbers(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the distinct numbers of a text: commas between digits first as parting two numbers, then as within one."""
    key = fact_key(text)
    return frozenset(_NUMBER.findall(key)), frozenset(_NUMBER.findall(without_commas(key)))


def sentences_of(answer: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the sentences of a Markdown answer that state something, each with the markers right behind it."""
    body = _ITEM.sub("", _LABEL.sub("", answer))
    found = (match[0] for match in _SENTENCE.finditer(body))
    return [(_MARKER.sub("", one).strip(), _markers(one)) for one in found if _LETTERS.search(one)]


def _markers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _MARKER.findall(text))


def _listed(row: Mapping[str, Any]) -> list[tuple[str, tuple[int, ...]]]:
    return [(str(one.get("text") or ""), tuple(one.get("markers") or ())) for one in row.get("sentences") or ()]
