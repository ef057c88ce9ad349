"""The check of a whole answer, piece by piece: what comes out of each is safe to show at once.

Pure: no model is asked, no file is read. Markers of the result are those of its citations, in order of first use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.citations import CitationBook, Evidence
from assistant.models import Citation, Support
from assistant.question import Language
from assistant.verify.addresses import address_keys, without_addresses
from assistant.verify.judge import NOTHING, RANK, Entails, Judged, judge, judge_together, source_of
from assistant.verify.kinds import kind_of
from assistant.verify.markers import MOST, PLACEHOLDER, numbers_of, resolve_markers, without_placeholders
from assistant.verify.models import Kind, Verified, VerifiedSentence
from assistant.verify.pieces import Pieces
from assistant.verify.quotes import pieces_of, verbatim_piece
from assistant.verify.sanitise import sanitise
from corpus.models import Chunk, Document

MARKS = {
    Language.JAPANESE: "（※資料で確かめられません）",
    Language.ENGLISH: "(* not confirmed by the documents)",
}
"""What stands behind a sentence without support."""
_PREFIX = re.compile(r"(\s*)(?:(-)|(\d{1,3})[.)．）])(?:\s+|(?<=[．）]))")
_MARKED = PLACEHOLDER.pattern
_SENTENCE = re.compile(rf"(?:「[^」\n]{{0,120}}」|[^。！？\n])*(?:[。！？]+[」』）)*]*|$)(?:\s*{_MARKED})*")
_LETTER = re.compile(r"\w")
_BOLD = re.compile(r"\*\*")
_TABLE_RULE = re.compile(r"\|?[\s:|-]+\|?")
_WORTH_A_LOOK = 0.6
_PASSED = (Support.SUPPORTED, Support.VERBATIM)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about a claim: its verdict, and the passages that carry it with their quotes."""

    judged: Judged
    quotes: tuple[tuple[int, str, Support], ...] = ()


class Verifier:
    """Checks an answer as it comes.

    `passages` maps the numbers of the prompt (1 to 999) to the passages, `documents` ids to documents.
    `entails`, where given, is asked about claims that the rules find supported, or weak for want of words alone.
    """

    def __init__(
        self,
        passages: Mapping[int, Chunk],
        documents: Mapping[str, Document],
        *,
        language: Language = Language.JAPANESE,
        entails: Entails | None = None,
    ) -> None:
        self._sources = {n: source_of(c, documents.get(c.doc_id)) for n, c in passages.items() if 0 < n <= MOST}
        self._addresses = {n: address_keys(source.chunk.text) for n, source in self._sources.items()}
        for source in self._sources.values():
            # Ready before the first sentence comes.
            pieces_of(source.chunk)
        self._book, self._mark, self._entails = CitationBook(documents), MARKS[language], entails
        self._pieces = Pieces()
        self._sentences: list[VerifiedSentence] = []
        self._statuses: dict[int, Support] = {}
        self._parts: list[str] = []
        self._markers = self._links = self._added = self._turns = 0
        self._line_begins = True

    def feed(self, arrived: str) -> str:
        """Add a part of the stream; return the text that may be shown from now on, often ""."""
        return "".join(self._piece(piece) for piece in self._pieces.feed(arrived))

    def close(self) -> str:
        """End the stream; return what is still to be shown."""
        return "".join(self._piece(piece) for piece in self._pieces.close())

    def result(self) -> Verified:
        """All that was found so far."""
        return Verified(
            sentences=tuple(self._sentences),
            text="".join(self._parts).strip(),
            citations=self._citations(),
            removed_markers=self._markers,
            removed_links=self._links,
            added_markers=self._added,
            removed_turns=self._turns,
        )

    def _piece(self, raw: str) -> str:
        """Check one piece and return what may be shown of it."""
        clean = sanitise(raw)
        self._links += clean.removed_links
        self._turns += clean.removed_turns
        shown = []
        lines = clean.text.split("\n")
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            shown.append(self._line(line, ends=not last))
            if not last:
                shown.append("\n")
                self._line_begins = True
        text = self._fitting("".join(shown))
        self._parts.append(text)
        return text

    def _fitting(self, text: str) -> str:
        """A piece without more empty lines than one, what was shown before it considered."""
        before = "".join(self._parts[-3:])[-2:]
        joined = re.sub(r"[ \t]*\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", before + text)
        text = joined[len(before) :] if joined.startswith(before) else text.lstrip("\n")
        return text.lstrip("\n") if not before.strip() and not any(self._parts) else text

    def _line(self, line: str, *, ends: bool) -> str:
        """Check the sentences of a line, or of the part of one."""
        prefix = ""
        if self._line_begins:
            if line.lstrip().startswith("|"):
                line = "" if _TABLE_RULE.fullmatch(line.strip()) else line.strip().strip("|").replace("|", "　")
            if match := _PREFIX.match(line):
                number = f"{match[3]}. " if match[3] else "- "
                prefix, line = ("   " if len(match[1]) > 1 and not match[3] else "") + number, line[match.end() :]
        marked, removed = resolve_markers(line, self._sources.keys())
        self._markers += removed
        sentences = [match[0] for match in _SENTENCE.finditer(marked) if match[0].strip()]
        shown = []
        for sentence in sentences:
            text = self._sentence(sentence, alone=self._line_begins and ends and len(sentences) == 1 and not prefix)
            if text:
                shown.append(text)
                self._line_begins = False
        if not shown:
            return ""
        glue = (
            " " if not prefix and self._parts and not self._parts[-1].endswith(("\n", " ")) and self._parts[-1] else ""
        )
        return glue + prefix + " ".join(shown)

    def _sentence(self, marked: str, *, alone: bool) -> str:
        """Check one sentence; return it as it may be shown, "" where nothing is left of it."""
        asked = numbers_of(marked)
        body = without_placeholders(marked).strip()
        near = frozenset[str]().union(*(self._addresses[n] for n in asked or self._sources))
        body, links = without_addresses(body, near)
        self._links += links
        plain = _BOLD.sub("", body).strip()
        if not _LETTER.search(plain):
            self._markers += len(asked)
            return ""
        if (kind := kind_of(body, whole_line=alone)) is not Kind.CLAIM:
            return self._stated_nothing(body, plain, kind, asked)
        without = without_addresses(plain, frozenset())[0]
        found = (self._word_for_word(plain, asked) if without != plain else None) or self._support(without, asked)
        if links and found.judged.status in _PASSED:
            # What carried the sentence did not carry the address in it.
            found = _lowered(found, "address")
        return self._shown(body, found, asked)

    def _stated_nothing(self, body: str, plain: str, kind: Kind, asked: tuple[int, ...]) -> str:
        self._markers += len(asked)
        body, links = without_addresses(body, frozenset())
        self._links += links
        self._sentences.append(VerifiedSentence(_BOLD.sub("", body) if links else plain, (), Support.WEAK, kind))
        return _balanced(body)

    def _shown(self, body: str, found: _Found, asked: tuple[int, ...]) -> str:
        """Note a claim with its citations and return it with its markers."""
        kept = [number for number, _, _ in found.quotes]
        self._markers += sum(number not in kept for number in asked)
        self._added += sum(number not in asked for number in kept)
        quoted = (quote for _, quote, status in found.quotes if status in _PASSED)
        addresses = frozenset[str]().union(*map(address_keys, quoted))
        body, links = without_addresses(body, addresses)
        self._links += links
        markers: list[int] = []
        for number, quote, status in found.quotes:
            marker = self._book.mark(Evidence(self._sources[number].chunk, quote))
            if marker is not None and marker not in markers:
                markers.append(marker)
                before = self._statuses.get(marker, status)
                self._statuses[marker] = min(before, status, key=RANK.__getitem__)
        judged = found.judged if markers else replace(found.judged, status=Support.UNSUPPORTED)
        plain = _BOLD.sub("", body).strip()
        if not _LETTER.search(plain):
            return ""
        self._sentences.append(VerifiedSentence(plain, tuple(markers), judged.status, Kind.CLAIM, judged.reasons))
        marks = "".join(f"[{marker}]" for marker in markers) or self._mark
        return f"{_balanced(body)} {marks}"

    def _word_for_word(self, claim: str, asked: tuple[int, ...]) -> _Found | None:
        """The cited passages that hold a claim with the address in it."""
        whole = {n: quote for n in asked if (quote := verbatim_piece(claim, self._sources[n].chunk)) is not None}
        quotes = tuple((number, quote, Support.VERBATIM) for number, quote in whole.items())
        return _Found(Judged(Support.VERBATIM, share=1.0), quotes) if quotes else None

    def _support(self, claim: str, asked: tuple[int, ...]) -> _Found:
        """What carries a claim: the passages that it cites, else another one that carries it in full."""
        cited = {number: judge(claim, self._sources[number], self._entails) for number in asked}
        if passed := _passed(cited):
            return passed
        if together := self._together(claim, cited):
            return together
        if elsewhere := self._elsewhere(claim, asked):
            return elsewhere
        weak = {number: judged for number, judged in cited.items() if judged.status is Support.WEAK}
        if weak:
            best = max(weak.values(), key=lambda judged: judged.share)
            return _Found(best, tuple((n, j.quote, Support.WEAK) for n, j in weak.items() if j.quote))
        reasons = max(cited.values(), key=lambda judged: judged.share) if cited else NOTHING
        return _Found(replace(reasons, status=Support.UNSUPPORTED, reasons=reasons.reasons or ("words",)))

    def _together(self, claim: str, cited: Mapping[int, Judged]) -> _Found | None:
        """Two or more cited passages that carry a claim only together."""
        parts = {number: judged for number, judged in cited.items() if judged.quote}
        if len(parts) < 2:
            return None
        judged = judge_together(claim, list(parts.values()), [self._sources[number] for number in parts])
        if judged.status is not Support.SUPPORTED:
            return None
        return _Found(judged, tuple((number, part.quote, Support.SUPPORTED) for number, part in parts.items()))

    def _elsewhere(self, claim: str, asked: tuple[int, ...]) -> _Found | None:
        """The passage that carries a claim although it was not cited for it."""
        others = (number for number in self._sources if number not in asked)
        return _passed({n: judge(claim, self._sources[n], self._entails, _WORTH_A_LOOK) for n in others}, most=1)

    def _citations(self) -> tuple[Citation, ...]:
        return tuple(
            replace(citation, status=self._statuses.get(citation.marker, Support.WEAK))
            for citation in self._book.citations()
        )


def _lowered(found: _Found, reason: str) -> _Found:
    judged = replace(found.judged, status=Support.WEAK, reasons=(reason,))
    return _Found(judged, tuple((number, quote, Support.WEAK) for number, quote, _ in found.quotes))


def _passed(judged: Mapping[int, Judged], most: int | None = None) -> _Found | None:
    """The passages that carry a claim in full, the best first where only some are wanted; None where none does."""
    passed = {number: found for number, found in judged.items() if found.status in _PASSED}
    if not passed:
        return None
    best = max(passed.values(), key=lambda found: (RANK[found.status], found.share))
    numbers = sorted(passed, key=lambda number: -RANK[passed[number].status])[:most]
    return _Found(best, tuple((n, passed[n].quote, passed[n].status) for n in passed if n in numbers))


def _balanced(body: str) -> str:
    """A sentence whose bold marks come in pairs."""
    return body if len(_BOLD.findall(body)) % 2 == 0 else _BOLD.sub("", body)


def verify(
    text: str,
    passages: Mapping[int, Chunk],
    documents: Mapping[str, Document],
    *,
    language: Language = Language.JAPANESE,
    entails: Entails | None = None,
) -> Verified:
    """Check a model's whole answer against the passages it was given, by the numbers that the prompt gave them.

    >>> verify("猫車は毎週点検します。[1]", {1: chunk}, {"guide": document}).sentences[0].status  # doctest: +SKIP
    <Support.VERBATIM: 'verbatim'>
    """
    verifier = Verifier(passages, documents, language=language, entails=entails)
    verifier.feed(text)
    verifier.close()
    return verifier.result()
