"""Editions: which of them a question asks for, and answers in which the newest holds and the older is named.

Editions of a document are chained by `Document.replaces`. Dates come from the documents' own data, not from their text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.citations import Evidence
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.phrases import phrases
from assistant.question import Query
from assistant.wordings import worded
from corpus.bigrams import jaccard, pairs
from corpus.clean import quote_key, search_text
from corpus.models import Chunk, Document
from index.models import SearchResult

if TYPE_CHECKING:
    from assistant.compose.found import Found
    from assistant.compose.telling import Sentence

ASKED_FACTOR = 1.3
"""What the score of a passage of an edition that is asked for is multiplied by."""
_SAME_SUBJECT, _SAME_WORDING = 0.5, 0.3
_LEAST_PROBABILITY, _LOOKED_AT = 0.2, 12
_REIWA, _FISCAL_START = 2018, 4
_SEASONS = {"春": (3, 4, 5), "夏": (6, 7, 8), "秋": (9, 10, 11), "冬": (12, 1, 2)}
_ENGLISH_SEASONS = {"spring": "春", "summer": "夏", "autumn": "秋", "fall": "秋", "winter": "冬"}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# A date that is the question's own subject is no edition: it must be said of a document or of a point in time.
_OF = (
    r"(?:\s*[)）])?\s*(?:の|に(?:出た|聞いた|見た|もらった|配られた))?(?:[^、。？?\s]{0,6}?)"
    r"(?:版|資料|スライド|説明会|時点|現在|ごろ|頃|当時|だと)"
)
_YEAR = r"(?:(?P<year>20\d\d)\s*年?|令和\s*(?P<reiwa>\d{1,2}|元)\s*年|(?:去年|昨年|今年|前年|一昨年)の?)"
_DATE = re.compile(
    r"(?=20\d\d|令和|去年|昨年|今年|前年|一昨年|\d{1,2}\s*月|[春夏秋冬])"
    rf"(?:{_YEAR}(?P<fiscal>度)?\s*[の、-]?\s*)?(?:(?P<month>\d{{1,2}})\s*月|-(?P<digits>\d\d)(?!\d)|(?P<season>[春夏秋冬]))?{_OF}"
)
_ENGLISH_DATE = re.compile(
    rf"\b(?:(?P<month>{'|'.join(_MONTHS)})|(?P<season>spring|summer|autumn|fall|winter))?,?\s*(?:of\s+)?(?P<year>20\d\d)?"
    r"\s*(?:edition|version|slides?|materials?|briefing|deck)|\bas of (?:(?P<month2>[a-z]+) )?(?P<year2>20\d\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d,.]*|[①-⑳㉑-㉟]")


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date of which parts may be open; `months` is empty where any month fits."""

    year: int | None
    months: tuple[int, ...]
    fiscal: bool = False

    def fits(self, document: Document) -> bool:
        """Whether a document was published then, or says itself that its contents are of then."""
        if self.fiscal and f"令和{(self.year or 0) - _REIWA}年度" in search_text(document.edition or ""):
            return True
        year, _, rest = (document.published or "").partition("-")
        month = int(rest[:2]) if rest[:2].isdigit() else None
        if not year.isdigit() or (self.months and month not in self.months):
            return False
        in_year = int(year) - (1 if self.fiscal and month and month < _FISCAL_START else 0)
        return self.year is None or in_year == self.year


def asked_edition(question: str, documents: Collection[Document]) -> frozenset[str] | None:
    """Return the ids of the documents of the edition that a question asks for; None where it asks for none.

    A question that compares two editions asks for both.
    """
    named = {document.doc_id for document in documents for name in _names(document) if name in search_text(question)}
    dated = {document.doc_id for moment in _moments(question) for document in documents if moment.fits(document)}
    chained = _replaced(documents) | {document.doc_id for document in documents if document.replaces}
    asked = named | dated
    if worded("newest_edition", question) or (asked and worded("holding_edition", question)):
        asked |= chained - _replaced(documents)
    if worded("older_edition", question) and not asked:
        asked |= _replaced(documents)
    return frozenset(asked) or None


def edition_of(query: Query, documents: Collection[Document]) -> frozenset[str] | None:
    """Return what `asked_edition` does for a question, or for the one that it leans on where it names none itself."""
    return asked_edition(query.question, documents) or asked_edition(query.standalone, documents)


def add_older(found: Found, draft: Draft, older: Sequence[Sentence]) -> None:
    """Add one line with what an older edition says, where the newer one that says otherwise is cited."""
    cited = {citation.doc_id for citation in draft.citations()}
    for one in older:
        document = found.documents[one.chunk.doc_id]
        if any(document.doc_id in found.documents[doc_id].replaces for doc_id in cited):
            text = phrases(found.query.language).older_edition.format(edition=edition_name(document))
            draft.state(f"{text}{harmless(one.text)}", Evidence(one.chunk, one.text), style=Style.ITEM)
            return


def in_edition_order(results: Sequence[SearchResult], asked: Collection[str] | None) -> list[SearchResult]:
    """Return the results with those of the edition asked for moved up, ranked anew; as they are where none is."""
    if not asked or all(result.chunk.doc_id in asked for result in results):
        return list(results)
    weighed = [
        replace(result, score=result.score * ASKED_FACTOR) if result.chunk.doc_id in asked else result
        for result in results
    ]
    ordered = sorted(weighed, key=lambda result: -result.score)
    return [replace(result, rank=rank) for rank, result in enumerate(ordered, start=1)]


@dataclass(frozen=True, slots=True)
class Editions:
    """Sentences to answer from, and what an older edition says instead of one of them."""

    ranked: tuple[Sentence, ...]
    older: tuple[Sentence, ...] = ()


def newest_first(
    ranked: Sequence[Sentence], documents: Mapping[str, Document], asked: Collection[str] | None = None
) -> Editions:
    """Return the sentences without those of replaced editions that a newer one says as well, or says otherwise.

    What is said otherwise is `older`: same subject, other numbers. An original and its digest count as one source: of
    two alike sentences the more probable is kept. Where editions are asked for, theirs are kept.
    """
    replaced = _replaced(documents.values()) - set(asked or ())
    kept: list[Sentence] = []
    older: list[Sentence] = []
    likely = [one for one in ranked[:_LOOKED_AT] if one.probability >= _LEAST_PROBABILITY]
    for one in ranked:
        if any(_same_source(one, other, documents) and _alike(one, other) >= 1.0 for other in kept):
            continue
        if one.chunk.doc_id not in replaced:
            kept.append(one)
            continue
        newer = [
            other
            for other in ranked[:_LOOKED_AT]
            if _newer(other, one, documents) and _same_subject(one.chunk, other.chunk)
        ]
        same = [other for other in newer if _alike(one, other) >= _SAME_WORDING]
        if any(_numbers(other.text) == _numbers(one.text) for other in same):
            continue
        if same and one in likely and any(other in likely for other in same):
            older.append(one)
        else:
            kept.append(one)
    return Editions(tuple(kept), tuple(older))


def edition_name(document: Document) -> str:
    """Return what to call an edition: its own name, or else its date."""
    return document.edition or document.published or document.title


def _names(document: Document) -> list[str]:
    """Return the names under which an edition is asked for: its own, and 10月版 for 2025年10月版."""
    edition = search_text(document.edition or "")
    if not edition.endswith("版") or len(edition) < 2:
        return []
    return [edition]


def _moments(question: str) -> list[_Moment]:
    found = []
    for match in _DATE.finditer(search_text(question)):
        era = 1 if match["reiwa"] == "元" else int(match["reiwa"] or 0)
        year = int(match["year"]) if match["year"] else _REIWA + era if era else None
        month = match["month"] or match["digits"]
        months = (int(month),) if month else _SEASONS[match["season"]] if match["season"] else ()
        if year or months:
            found.append(_Moment(year, months, bool(match["fiscal"])))
    for match in _ENGLISH_DATE.finditer(question):
        name, season = (match["month"] or match["month2"] or "").lower(), (match["season"] or "").lower()
        months = (_MONTHS.index(name) + 1,) if name in _MONTHS else _SEASONS[_ENGLISH_SEASONS[season]] if season else ()
        digits = match["year"] or match["year2"]
        if digits or months:
            found.append(_Moment(int(digits) if digits else None, months))
    return found


def _replaced(documents: Collection[Document]) -> set[str]:
    present = {document.doc_id for document in documents}
    return {doc_id for document in documents for doc_id in document.replaces if doc_id in present}


def _newer(one: Sentence, other: Sentence, documents: Mapping[str, Document]) -> bool:
    """Whether `one` stands in an edition that replaces that of `other`."""
    return other.chunk.doc_id in documents[one.chunk.doc_id].replaces


def _same_source(one: Sentence, other: Sentence, documents: Mapping[str, Document]) -> bool:
    """Whether two sentences come from a document and its digest, or from two editions of one document."""
    first, second = documents[one.chunk.doc_id], documents[other.chunk.doc_id]
    return (
        first.digest_of == second.doc_id
        or second.digest_of == first.doc_id
        or first.doc_id in second.replaces
        or second.doc_id in first.replaces
    )


def _same_subject(one: Chunk, other: Chunk) -> bool:
    if not one.section or not other.section:
        return one.section == other.section
    return _likeness(one.section[-1], other.section[-1]) >= _SAME_SUBJECT


def _alike(one: Sentence, other: Sentence) -> float:
    return _likeness(one.text, other.text)


def _likeness(first: str, second: str) -> float:
    """Jaccard similarity of the character bigrams of two texts, 1 for texts that are quoted alike."""
    first, second = quote_key(first), quote_key(second)
    if first == second:
        return 1.0
    return jaccard(pairs(first), pairs(second))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))
