"""The checks of right-or-wrong, matching and ordering items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.models import Chunk
from training.labels import FALSE, TRUE
from training.material import Material
from training.quiz.candidate import Candidate, Shown
from training.quiz.check_index import lookup_of
from training.quiz.check_text import key, months, quoted, same_value, share, shows, spots
from training.quiz.check_wording import wording_faults

# A sentence with the piece put in that has this share of the rest of a statement beside it may make it true.
_MAY_BE_TRUE = 0.6
_LEFT_IN_EVIDENCE = 0.5
_DENIAL = re.compile(r"ません|ない(?!うち)|不要|ず、|はなく")
_NUMBERS = re.compile(r"(?:STEP|Step|ステップ|手順|段階|第)\s*(\d+)|[(（](\d{1,2})[)）]|([①-⑳])")
_LEAD = re.compile(r"^(?P<place>.{4,90}?)によると、")
# What may stand before a line that is a statement: 「注:」, 「・」, 「※1」.
_LONGEST_MARK = 3
_DATE = re.compile(r"(?:19|20)\d\d年|令和\d|平成\d")


def truth_faults(candidate: Candidate, material: Material) -> Iterator[str]:
    """A right statement stands in the documents; an altered one nowhere, and nothing else makes it true."""
    right = candidate.right
    assert right is not None
    yield from wording_faults(candidate)
    if candidate.wrong or right.text not in (TRUE, FALSE):
        yield "正誤の選択肢が「正しい」「誤り」ではありません"
    elif _is_of_old_edition(candidate, material):
        yield "新しい版のある資料の文なのに、版を示していません"
    elif right.text == TRUE:
        stem = _without_lead(candidate, material)
        if candidate.altered or candidate.original or not _is_stated(stem, material):
            yield "正しいとされる文が、資料にありません"
        elif not _is_of_quote(stem, right.evidence.quote):
            yield "正しいとされる文が、根拠の引用にありません"
    else:
        yield from _altered_faults(candidate, right, material)


def _altered_faults(candidate: Candidate, right: Shown, material: Material) -> Iterator[str]:
    altered, original, quote = candidate.altered, candidate.original, right.evidence.quote
    stem = _without_lead(candidate, material)
    if not altered or not original or stem.count(altered) != 1:
        yield "変えた部分が、問題文に1か所ではありません"
        return
    if key(original) not in key(quote) or key(altered) in key(quote) or same_value(altered, original):
        yield "変えた部分か元の部分が、根拠の引用と合いません"
    if not _is_of_quote(stem.replace(altered, original), quote):
        yield "元に戻した文が、根拠の引用にありません"
    if re.search(re.escape(altered) + r"(?:の時点|時点|現在)", stem):
        yield "時点を入れかえただけの文は、誤りとは言いきれません"
    if _is_stated(stem, material):
        yield "誤りとされる文が、資料にあります"
    rest = stem.replace(altered, "")
    if not _DENIAL.search(altered + original) and _DENIAL.search(rest):
        yield "打ち消しの文の語を入れかえています"
    if any(_may_say(rest, key(altered), chunk) for chunk in lookup_of(material).having(altered)):
        yield "誤りとされる文を、別の箇所が正しくしています"


def _may_say(rest: str, altered: str, chunk: Chunk) -> bool:
    around = "".join(chunk.section)
    return any(
        altered in spot.key and share(rest, spot.key + around) >= _MAY_BE_TRUE for spot in spots(chunk)
    ) and not (_is_label_value(altered, chunk))


def _is_label_value(altered: str, chunk: Chunk) -> bool:
    """Whether a piece stands in a passage as the value of labels only, where the label tells what it is of."""
    return all(f":{altered}" in spot.key for spot in spots(chunk) if altered in spot.key)


def _is_of_old_edition(candidate: Candidate, material: Material) -> bool:
    """Whether a statement is of a replaced document, and says neither of which edition nor of when it is."""
    assert candidate.right is not None
    chunk = candidate.right.evidence.chunk
    edition = material.documents[chunk.doc_id].edition
    is_named = bool(edition) and key(edition or "") in key(candidate.stem)
    return material.is_replaced(chunk) and not is_named and not _DATE.search(candidate.stem)


def _without_lead(candidate: Candidate, material: Material) -> str:
    """A statement without 「2025年10月版の資料によると、」, if that names where it stands and no other edition."""
    match = _LEAD.match(candidate.stem)
    if match is None or candidate.right is None:
        return candidate.stem
    lead, chunk = key(match["place"]), candidate.right.evidence.chunk
    document = material.documents[chunk.doc_id]
    others = [other.edition for other in material.documents.values() if other.edition != document.edition]
    if any(other and key(other) in lead for other in others):
        return candidate.stem
    is_named = any(key(name) in lead for name in (document.edition, document.title) if name)
    is_headed = any(key(text) in key(heading) for text in quoted(match["place"]) for heading in chunk.section)
    return candidate.stem[match.end() :] if is_named or is_headed else candidate.stem


def _is_stated(statement: str, material: Material) -> bool:
    lookup = lookup_of(material)
    if any(lookup.having(wording) for wording in _wordings(statement)):
        return True
    bare = key(statement).removesuffix("。")
    return any(_is_line(bare, spot.key) for chunk in lookup.having(bare) for spot in spots(chunk))


def _is_of_quote(statement: str, quote: str) -> bool:
    if any(wording in key(quote) for wording in _wordings(statement)):
        return True
    return _is_line(key(statement).removesuffix("。"), key(quote))


def _is_line(statement: str, line: str) -> bool:
    """Whether a line without full stop ends with a statement: a slide says it so."""
    return bool(statement) and line.endswith(statement) and len(line) - len(statement) <= _LONGEST_MARK


def _wordings(statement: str) -> tuple[str, ...]:
    """A statement as it may stand in a document: as a sentence, or as label and value (「XはYです。」 as 「X：Y」)."""
    whole = key(statement)
    match = re.fullmatch(r"(.+?\))は、(.+)です。|(.+?)は、(.+)です。", whole)
    if not match:
        return (whole,)
    label, value = (match[1], match[2]) if match[1] else (match[3], match[4])
    return whole, f"{label}:{value}"


def matching_faults(candidate: Candidate, material: Material) -> Iterator[str]:
    """Three to five pairs, each shown by its own passage, no left-hand side with another's right-hand one."""
    pairs = candidate.pairs
    if not 3 <= len(pairs) <= 5:
        yield "組が3〜5個ではありません"
    for number, (left, shown) in enumerate(pairs):
        evidence = shown.evidence
        headings = "".join(evidence.chunk.section)
        if not shows(evidence.quote, shown.text) and key(shown.text) not in key(headings):
            yield f"根拠の引用に、右の内容がありません：{shown.text[:20]}"
        if key(left) not in key(headings + evidence.chunk.text) and share(left, evidence.quote) < _LEFT_IN_EVIDENCE:
            yield f"根拠の引用に、左の内容がありません：{left[:20]}"
        for other_left, other in pairs[number + 1 :]:
            if key(left) == key(other_left) or same_value(shown.text, other.text):
                yield f"同じ内容の組があります：{left[:20]}／{other_left[:20]}"
        for other_left, other in pairs:
            if other_left != left and _fits_too(left, shown, other, material):
                yield f"左の「{left[:15]}」に、別の組の右も合います：{other.text[:15]}"


def _fits_too(left: str, shown: Shown, other: Shown, material: Material) -> bool:
    if key(other.text) in key(shown.evidence.quote):
        return True
    wanted = (f"{key(left)}:{key(other.text)}", f"{key(left)}({key(other.text)})")
    return any(wording in key(chunk.text) for chunk in material.chunks for wording in wanted)


def ordering_faults(candidate: Candidate, material: Material) -> Iterator[str]:
    """Three to six different steps in an order that their passages give: by dates, numbers, or the document."""
    steps = candidate.sequence
    if not 3 <= len(steps) <= 6:
        yield "並べるものが3〜6個ではありません"
    if len({key(step.text) for step in steps}) != len(steps):
        yield "並べるものに同じものがあります"
    if any(_DATE.search(step.text) for step in steps):
        yield "並べるものに日付が見えています"
    if not (_by_dates(steps) or _by_numbers(steps) or _by_place(steps, material)):
        yield "順序が、根拠の引用から決まりません"


def _by_dates(steps: Sequence[Shown]) -> bool:
    dates = [months(step.evidence.quote) for step in steps]
    return all(dates) and all(max(before) < min(after) for before, after in pairwise(dates))


def _by_numbers(steps: Sequence[Shown]) -> bool:
    numbers = [_number(step.evidence.quote) for step in steps]
    known = [number for number in numbers if number is not None]
    return len(known) == len(steps) and all(before < after for before, after in pairwise(known))


def _number(quote: str) -> int | None:
    match = _NUMBERS.search(quote)
    if not match:
        return None
    return int(match[1] or match[2]) if match[1] or match[2] else ord(match[3]) - ord("①") + 1


def _by_place(steps: Sequence[Shown], material: Material) -> bool:
    """One after the other in one document; dates, where there are any, must not say otherwise."""
    if len({step.evidence.chunk.doc_id for step in steps}) != 1 or any(months(s.evidence.quote) for s in steps):
        return False
    order = {chunk.chunk_id: number for number, chunk in enumerate(material.chunks)}
    places = [_place(step, order) for step in steps]
    return all(before < after for before, after in pairwise(places))


def _place(step: Shown, order: dict[str, int]) -> tuple[int, int]:
    chunk = step.evidence.chunk
    return order[chunk.chunk_id], key(chunk.text).find(key(step.evidence.quote))
