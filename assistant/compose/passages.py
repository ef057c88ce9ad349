"""Answers from single passages: facts, definitions, lists and how-to, the best sentences of the best passages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.citations import Evidence, sentences_of
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.question import QuestionKind
from assistant.relevance import section_context
from corpus.clean import quote_key
from corpus.models import BlockKind, Chunk

_PASSAGES = 8
_LINES = {QuestionKind.FACT: 2, QuestionKind.PAGE: 2, QuestionKind.DEFINITION: 3, QuestionKind.HOW_TO: 4}
_ASKS_VALUE = (QuestionKind.FACT, QuestionKind.PAGE)
_LEAST_SHARE, _LEAST_GAIN = 0.4, 0.15
_NAMED, _IS_ITS_DATE = 0.3, 0.3
_LIST_LINES = 30
_SHORTEST = 8


def _value(asked: str, form: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(asked, re.IGNORECASE), re.compile(form)


# What an answer of the kind asked for looks like, by the question word.
_VALUES = (
    _value(r"罰|懲役", r"\d+\s*(?:年以下|万円|億円|円)"),
    _value(r"営業時間|土日|何時(?:から|まで|に)", r"\d{1,2}\s*(?:時|[:：]\d{2})|土日|休業"),
    _value(
        r"何(?:年|か月|ヶ月|カ月|ヵ月|週間|日)(?:ごと|おき|以内|まで|くらい|ほど|かか|で|有効|間)|how long",
        r"\d+\s*(?:年|か月|ヶ月|日|週間)(?:以内|間|ごと)",
    ),
    _value(r"電話|phone", r"\d{2,4}-\d{2,4}-\d{3,4}"),
    _value(r"アドレス|URL|サイト|ホームページ", r"https?://\S+|[\w.+-]+@[\w.-]+"),
    _value(r"住所|所在地|address|located", r"〒\s*\d{3}-\d{4}|[都道府県]\S*\d+-\d+"),
    _value(r"ページ|頁|page", r"[PpＰ]\s*\d[\d,\-–~]*|\d[\d~–\-～]*\s*ページ"),
    _value(
        r"いつ|出た|出され|come out|came out|何年|何月|何日|年月|発行日|when|date",
        r"(?:\d{4}|令和\s*\d+|平成\s*\d+)(?:\s*[（(][^）)]*[）)])?\s*年度?(?:\s*[（(][^）)]*[）)])?(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?"
        r"|\d{1,2}月\s*\d{1,2}日",
    ),
    _value(r"いくら|金額|上限|値段|補助率|利率|how much", r"[\d,，]+\s*(?:億|万|千)?\s*円|[\d.]+\s*[%％]|\d/\d|２／３"),
    _value(
        r"何件|何人|いくつ|何項目|何社|何回|何割|何個|何品目|何種類|何技術|how many",
        r"(?:延べ)?約?\d+\s*(?:件|人|つ|項目|社|者|回|割|個|技術|品目|種類|種)",
    ),
    _value(r"名前|氏名", r"[一-龥]{1,4}[ \u3000][一-龥ぁ-ん]{1,4}（"),
    _value(r"誰が|だれが|どこが|発行元|発行者|どの(?:省庁|部署|課)|who ", r"\S*(?:省|局|室|館|課|庁|機関)"),
)
_DEFINES = re.compile(r"(?<!こ)とは|のこと(?:です|。|をいう)|をいう|制度です|仕組みです|※")
_ADVICE = re.compile(r"ましょう|大切|重要|必要|ください")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence that may answer, with the chunk it stands in and how well it fits."""

    text: str
    chunk: Chunk
    share: float
    score: float


def compose_passages(found: Found, draft: Draft) -> None:
    """Add the sentences that answer the question best, the value asked for in bold where there is one."""
    if found.query.kind is QuestionKind.LIST and _add_list(found, draft):
        return
    pieces = _best(found, _LINES.get(found.query.kind, 3))
    if found.query.kind in _ASKS_VALUE and (pattern := value_pattern(found.query.standalone)):
        # A near miss is no answer: the subject is there, but not the date, amount or number that was asked for.
        pieces = [piece for piece in pieces if pattern.search(piece.text) and piece.share >= _LEAST_SHARE]
    for piece in pieces:
        text = with_value_in_bold(found.query.standalone, harmless(piece.text))
        lead = _lead(found, piece)
        style = Style.PARAGRAPH if len(pieces) == 1 else Style.ITEM
        draft.state(f"{lead}{text}", Evidence(piece.chunk, piece.text), style=style)


def add_related(found: Found, draft: Draft, *, limit: int = 2) -> None:
    """Add sentences that speak of much of the question and have not been said yet, if there are any."""
    said = quote_key(draft.text())
    fresh = [p for p in _best(found, limit + 4) if p.share >= _LEAST_SHARE and quote_key(harmless(p.text)) not in said]
    told = [p for p in fresh if p.chunk.kind not in (BlockKind.CASE, BlockKind.CHECKLIST_ITEM)][:limit]
    if told:
        draft.label(phrases(found.query.language).related)
    for piece in told:
        text = f"{_lead(found, piece)}{harmless(piece.text)}"
        draft.state(text, Evidence(piece.chunk, piece.text), style=Style.ITEM)


def _best(found: Found, limit: int) -> list[_Piece]:
    """The best pieces, no two of them saying the same, weak ones left out, in the order of their score."""
    pieces = sorted(_pieces(found), key=lambda piece: -piece.score)
    chosen: list[_Piece] = []
    for piece in pieces:
        if len(chosen) >= limit or (chosen and piece.score < 0.72 * chosen[0].score):
            break
        if not any(alike(piece.text, other.text) for other in chosen):
            chosen.append(piece)
    return chosen


def _pieces(found: Found) -> Iterator[_Piece]:
    pattern = value_pattern(found.query.standalone)
    top = found.results[0].score if found.results else 1.0
    for result in found.results if pattern else found.results[:_PASSAGES]:
        chunk = result.chunk
        passage = 0.35 * result.score / top if top else 0.0
        if found.guidance.is_replaced(chunk.doc_id):
            passage -= 0.1
        texts = sentences_of(chunk.text)
        around = f"{section_context(chunk)} {found.documents[chunk.doc_id].title} {chunk.text if pattern else ''}"
        heading = chunk.section[-1:] if pattern and chunk.section and pattern.search(chunk.section[-1]) else ()
        for text in (*texts, *heading):
            if len(text) < _SHORTEST and not (pattern and pattern.search(text)):
                continue
            share = found.relevance.share(text, around)
            share += _own_date(found, chunk, text) if pattern else 0.0
            fit = fits_kind(found.query.kind, text) + (0.35 if pattern and pattern.search(text) else 0.0)
            yield _Piece(text, chunk, share, share + passage + fit)


def _own_date(found: Found, chunk: Chunk, text: str) -> float:
    """A bonus for the date of publication of the document that the question names, where the sentence gives it."""
    document = found.documents[chunk.doc_id]
    if not document.published or found.relevance.names(document.title) < _NAMED:
        return 0.0
    year, _, rest = document.published.partition("-")
    month = rest.partition("-")[0].lstrip("0")
    return _IS_ITS_DATE if re.search(rf"{year}\D{{0,12}}年\s*{month}\s*月", text) else 0.0


def fits_kind(kind: QuestionKind, text: str) -> float:
    """How far a sentence has the shape of an answer to this kind of question."""
    fit = 0.0
    if kind is QuestionKind.DEFINITION:
        fit += (0.3 if _DEFINES.search(text) else 0.0) + (0.15 if text.endswith("。") else 0.0)
    if kind is QuestionKind.HOW_TO and _ADVICE.search(text):
        fit += 0.12
    return fit - (0.05 if len(text) > 160 else 0.0)


def value_pattern(question: str) -> re.Pattern[str] | None:
    """What the value that a question asks for looks like, or None where it asks for no value of a known form."""
    return next((value for asked, value in _VALUES if asked.search(question)), None)


def with_value_in_bold(question: str, text: str) -> str:
    """A text with the value that the question asks for in bold, where the text has one."""
    pattern = value_pattern(question)
    match = pattern.search(text) if pattern else None
    return f"{text[: match.start()]}**{match[0]}**{text[match.end() :]}" if match else text


def _lead(found: Found, piece: _Piece) -> str:
    """The heading, or else the document, that says what a sentence is about where the sentence does not say it."""
    if piece.text in piece.chunk.section:
        return ""
    for above in (*reversed(piece.chunk.section), found.documents[piece.chunk.doc_id].title):
        if found.relevance.share(f"{piece.text} {above}") - found.relevance.share(piece.text) >= _LEAST_GAIN:
            return f"**{harmless(above)}**："
    return ""


def alike(first: str, second: str) -> bool:
    """Whether two sentences say nearly the same: most character bigrams of the shorter are in the longer."""
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (first, second))
    return bool(a and b) and len(a & b) / min(len(a), len(b)) > 0.7


def _add_list(found: Found, draft: Draft) -> bool:
    """Add the whole of the best passage that is a list or a table; False where none of the first ones is."""
    for result in found.results[:3]:
        chunk = result.chunk
        lines = [line for line in chunk.text.split("\n") if line.strip()]
        if chunk.kind not in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.PARAGRAPH) or len(lines) < 3:
            continue
        if chunk.section:
            draft.label(harmless(chunk.section[-1]))
        for line in lines[:_LIST_LINES]:
            draft.state(harmless(line), Evidence(chunk, line), style=Style.ITEM)
        return not draft.is_empty()
    return False
