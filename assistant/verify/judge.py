"""How well a passage carries a claim: the best quote in it, the status, and what is against it.

A figure, name, denial or contrary that differs never comes out as supported, whatever else agrees; where the rules
cannot tell they say weak.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.citations import sentences_of
from assistant.models import Support
from assistant.verify.addresses import without_addresses
from assistant.verify.compare import differing_figures, holds_figures
from assistant.verify.figures import figures
from assistant.verify.overlap import across_languages, all_translated, coverage, is_english, missing_words, units, words
from assistant.verify.quotes import Piece, candidates, verbatim_piece
from assistant.verify.wording import contrary, missing_names, newly_negated, replaced, too_strong, wrongly_negated
from corpus.clean import quote_key
from corpus.models import Chunk, Document

SUPPORTED_SHARE, OWN_SHARE, WEAK_SHARE, HEADING_SHARE = 0.75, 0.6, 0.35, 0.9
_ENGLISH_SHARE, _ENGLISH_WORDS = 0.6, 3
_ENTAILED, _NOT_ENTAILED = 0.8, 0.3
_WORTH, _NEAR = 0.7, 0.6
_WORDS_FOR_A_NEW_ONE = 8
_NUMBER = re.compile(r"\d+")
_OF_EDITION = re.compile(r"版|発行|公表|作成|公開|時点|日付|edition|published|issued|dated", re.IGNORECASE)
_TOPIC = re.compile(r"^(.{1,60}?)(?:[はがも]|では)(?=[^ぁ-ん]|$|、)")
RANK = {Support.UNSUPPORTED: 0, Support.WEAK: 1, Support.SUPPORTED: 2, Support.VERBATIM: 3}

Entails = Callable[[str, str], float]
"""(premise, claim) → how sure a model is that the one follows from the other, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that was given, with what a reader knows of it besides its text: the headings above it, and these
    with its document's title, publisher, edition and date as `context`.
    """

    chunk: Chunk
    headings: str
    context: str
    pages: frozenset[int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A status with the quote that it rests on ("" where there is none) and what is against a better one."""

    status: Support
    quote: str = ""
    reasons: tuple[str, ...] = ()
    share: float = 0.0


NOTHING = Judged(Support.UNSUPPORTED, reasons=("words",))


def source_of(chunk: Chunk, document: Document | None) -> Source:
    """A passage with its headings, its document's title, edition and date, and the pages it stands on."""
    about = [*chunk.section]
    if document is not None:
        about += [document.title, document.edition or "", document.published or "", document.publisher or ""]
    pages = {int(number) for number in _NUMBER.findall(chunk.page_label or "")}
    ends = [page for page in (chunk.start_page, chunk.end_page) if page is not None]
    if ends:
        pages.update(range(min(ends), min(max(ends), min(ends) + 50) + 1))
    return Source(chunk, "\n".join(chunk.section), "\n".join(filter(None, about)), frozenset(pages))


def judge(claim: str, source: Source, entails: Entails | None = None, least: float = 0.0) -> Judged:
    """The best that a passage does for a claim; pieces that hold less than `least` of it are not looked at."""
    if (whole := verbatim_piece(claim, source.chunk)) is not None:
        return Judged(Support.VERBATIM, whole, share=1.0)
    best = against = NOTHING
    for piece in candidates(claim, source.chunk, source.context, least):
        judged = _judge_piece(claim, piece, source)
        if judged.status is Support.UNSUPPORTED and judged.share > against.share:
            against = judged
        if (RANK[judged.status], judged.share) > (RANK[best.status], best.share):
            best = judged
        if best.status is Support.SUPPORTED:
            break
    # A piece that leaves the claim open does not count where a closer one speaks against it.
    if best.status is Support.WEAK and against.share >= best.share:
        best = against
    return _weighed(claim, best, entails)


def judge_together(claim: str, parts: Sequence[Judged], sources: Sequence[Source]) -> Judged:
    """What the quotes of several passages do for a claim together; its quote is empty, theirs count."""
    quotes = "\n".join(part.quote for part in parts)
    joined = Piece(quotes, len(parts), quote_key(quotes), units(quotes))
    headings, context = ("\n".join(texts) for texts in zip(*((s.headings, s.context) for s in sources), strict=True))
    pages = frozenset[int]().union(*(source.pages for source in sources))
    return replace(
        _judge_piece(claim, joined, replace(sources[0], headings=headings, context=context, pages=pages)), quote=""
    )


def _judge_piece(claim: str, piece: Piece, source: Source) -> Judged:
    quote = piece.text
    share, enough, some = _shares(claim, quote, source.context)
    if not some:
        return NOTHING
    around = source.context if _OF_EDITION.search(claim) else source.headings
    kinds = differing_figures(claim, quote, around, source.pages)
    lacking = missing_names(claim, quote, source.context)
    if lacking and is_english(claim):
        lacking = tuple(name for name in lacking if not all_translated(name, quote + source.context))
    alone = _near(claim, quote) if piece.sentences > 1 else (quote,)
    checks = (
        ("name", bool(lacking)),
        ("negation", any(wrongly_negated(claim, sentence) for sentence in alone)),
        ("contrary", any(contrary(claim, sentence) for sentence in alone)),
        (
            "wording",
            too_strong(claim, quote)
            or newly_negated(claim, quote)
            or any(replaced(claim, without_addresses(s, frozenset())[0]) for s in alone),
        ),
        ("words", not enough or (piece.sentences == 0 and share < HEADING_SHARE)),
        ("apart", piece.sentences > 1 and not _stands_together(claim, quote, source.headings)),
    )
    reasons = (*kinds, *(name for name, wrong in checks if wrong))
    return Judged(_status(claim, kinds, reasons, lacking, source), quote, reasons, share)


def _status(
    claim: str, kinds: Sequence[str], reasons: Sequence[str], lacking: Sequence[str], source: Source
) -> Support:
    if not reasons:
        return Support.SUPPORTED
    if "negation" in reasons or "contrary" in reasons:
        return Support.UNSUPPORTED
    if kinds and differing_figures(claim, source.chunk.text, source.context, source.pages):
        return Support.UNSUPPORTED
    if is_english(claim):
        return Support.WEAK
    return Support.UNSUPPORTED if missing_names("\n".join(lacking), source.chunk.text, source.context) else Support.WEAK


def _shares(claim: str, quote: str, context: str) -> tuple[float, bool, bool]:
    """How much of a claim a quote holds, whether that is enough to support it, and whether it is anything at all."""
    if not is_english(claim) and not units(claim):
        share = holds_figures(claim, quote)
        return share, False, share > 0
    if not is_english(claim):
        share, own = coverage(claim, quote, context), coverage(claim, quote, "")
        few = missing_words(claim, quote, context) <= len(words(claim)) // _WORDS_FOR_A_NEW_ONE
        return share, share >= SUPPORTED_SHARE and own >= OWN_SHARE and few, share >= WEAK_SHARE
    known, found, unknown = across_languages(claim, quote, context)
    share = found / known if known else 0.0
    enough = found >= _ENGLISH_WORDS and share >= _ENGLISH_SHARE and unknown <= max(1, found // 2)
    # Where the glossary knows no word nothing can be compared: not supported, but nothing against it either.
    return share, enough, found > 0 or known == 0


def _near(claim: str, quote: str) -> list[str]:
    """The sentences of a quote that say much of what a claim says."""
    return [sentence for sentence in sentences_of(quote) if coverage(claim, sentence, "") >= _NEAR] or [quote]


def _stands_together(claim: str, quote: str, context: str) -> bool:
    """Whether each part of a claim stands in one sentence together with what the claim is about.

    「A社は20件」 does not follow from 「A社は10件。B社は20件。」.
    """
    topic = match[1] if (match := _TOPIC.match(claim)) else ""
    parts = [part for part in re.split(r"[、，,。]", claim.removeprefix(topic)) if len(part) > 3 or figures(part)]
    about = [
        s for s in sentences_of(quote) if coverage(topic, s, context) >= _WORTH and not missing_names(topic, s, context)
    ]
    if not topic or not about:
        return False
    return all(
        any(coverage(part, s, "") >= _WORTH and (not figures(part) or holds_figures(part, s) == 1.0) for s in about)
        for part in parts
    )


def _weighed(claim: str, judged: Judged, entails: Entails | None) -> Judged:
    """A verdict with what a model of entailment says; it never overrules a figure, a name or a denial."""
    if entails is None or not judged.quote:
        return judged
    if judged.status is Support.SUPPORTED and entails(judged.quote, claim) < _NOT_ENTAILED:
        return replace(judged, status=Support.WEAK, reasons=("entailment",))
    if judged.status is Support.WEAK and judged.reasons == ("words",) and entails(judged.quote, claim) >= _ENTAILED:
        return replace(judged, status=Support.SUPPORTED, reasons=())
    return judged
