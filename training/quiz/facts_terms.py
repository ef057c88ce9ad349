"""Definitions that the texts give: 「Xとは、…のことです。」「Xは、…の略で…」."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.models import Chunk
from training.quiz.facts import Base, Line, is_worth_asking
from training.quiz.facts import lines_of as _lines_of
from training.quiz.likeness import contained, key

_IS = re.compile(
    r"^(?P<term>[^、。は]{2,30}?)(?<!こ)とは、?(?P<text>[^。]{8,90}?)(?:のこと)?(?:です|をいう|である|を指す|を指します|をいいます)。"
)
_STANDS_FOR = re.compile(r"^(?P<term>[^、。は]{2,20})は、(?P<text>[^。]{4,60}の略で、[^。]{6,60}?)(?:のこと)?です。")
_KIND_OF = re.compile(
    r"^(?P<term>[^、。はのが]{3,28})は、(?P<text>[^。]{12,80}?(?:制度|契約|仕組み|専門の窓口|専門家|融資))です。"
)
_CALLED = re.compile(
    r"^(?P<text>[^。]{12,80}?(?:こと|規定|行為|もの))(?:を|は)、?(?P<term>[^、。]{3,20}?)と(?:いいます|呼ばれます)。"
)
_LABELLED = re.compile(r"^(?P<term>[^：、。（）]{2,16})：(?P<text>[^。]{8,60}(?:こと|もの))です。")
_PATTERNS = (_IS, _STANDS_FOR, _CALLED, _LABELLED, _KIND_OF)
# 「自律性（他国に頼りすぎないこと）」: a word, not the end of a longer expression, with its meaning in brackets.
_GLOSS = re.compile(
    r"(?:^|(?<=[、「はをがにやとで]))(?P<term>[一-龥ァ-ヺー・]{2,14})（(?P<text>[^（）「」、]{7,40}(?:こと|もの|人|会社|相手|危険|判定|審査|開発|社会))）"
)
_LEANS = re.compile(
    r"これ|それ|この|その(?!他|ほか)|次の|以下|原典|説明資料|同じ|本(?:章|書)|参考になる|一案|困難|一つです"
)
_BRACKET_TAIL = re.compile(r"[（(][^（）()]*[）)]$")
_MARK = re.compile(r"^※[0-9０-９]*\s*|\s*※[0-9０-９]+$")
_COMMON = 4
_SAME_MEANING = 0.9
# What an abbreviation stands for tells which one it is: 「デュー・ディリジェンス（Due Diligence）の略で、」.
_SPELLED_OUT = re.compile(r"^[^。]{3,50}の略で、")
_LATIN = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")


@dataclass(frozen=True, slots=True)
class Definition:
    """A term, its explanation as it stands, and the sentence that gives it."""

    term: str
    text: str
    line: Line

    @property
    def chunk(self) -> Chunk:
        """The passage that gives it."""
        return self.line.chunk


def find_definitions(base: Base) -> list[Definition]:
    """The definitions in document order, of each term the newest; none that repeats its term or another's meaning."""
    found: dict[str, Definition] = {}
    for chunk in base.material.chunks:
        if not is_worth_asking(chunk):
            continue
        for line in _lines_of(chunk):
            for sentence in (f"{piece}。" for piece in line.text.split("。") if piece.strip()):
                stated = _read(sentence.strip(), line)
                for definition in [stated] if stated else _glosses(sentence.strip(), line):
                    if _is_better(base, definition, found.get(_key(definition.term))):
                        found[_key(definition.term)] = definition
    kept: list[Definition] = []
    for one in found.values():
        is_known = any(contained(one.text, other.text) >= _SAME_MEANING for other in kept)
        if not is_known and not _is_short_name(one, found.values()):
            kept.append(one)
    return kept


def _read(sentence: str, line: Line) -> Definition | None:
    match = next((m for pattern in _PATTERNS if (m := pattern.match(sentence))), None)
    if not match or sentence not in line.text or _LEANS.search(sentence):
        return None
    term, text = _MARK.sub("", match["term"]).strip("「」『』 "), match["text"].strip()
    bare, text = _BRACKET_TAIL.sub("", term), _SPELLED_OUT.sub("", text)
    if (
        len(bare) < 2
        or key(bare) in key(text)
        or _common_run(bare, text) >= _COMMON
        or text.count("（") != text.count("）")
    ):
        return None
    if _LATIN.search(bare) and _LATIN.search(text):
        return None
    return Definition(term, text, Line(sentence, line.chunk))


def _glosses(sentence: str, line: Line) -> list[Definition]:
    if _LEANS.search(sentence) or sentence not in line.text:
        return []
    return [
        Definition(match["term"], match["text"], Line(sentence, line.chunk))
        for match in _GLOSS.finditer(sentence)
        if _common_run(match["term"], match["text"]) < _COMMON - 1
    ]


def _is_better(base: Base, new: Definition, known: Definition | None) -> bool:
    """A definition of an edition in force comes before one of an older edition; else the first counts."""
    return known is None or (base.is_replaced(known.chunk) and not base.is_replaced(new.chunk))


def _is_short_name(one: Definition, others: Iterable[Definition]) -> bool:
    """Whether a term is the short name in the brackets of another: TICS in 技術情報管理認証制度（TICS）."""
    return any(f"（{one.term}）" in other.term for other in others)


def _key(term: str) -> str:
    return key(_BRACKET_TAIL.sub("", term))


def _common_run(first: str, second: str) -> int:
    """The length of the longest piece that two texts have in common."""
    longest = 0
    for start in range(len(first)):
        while start + longest < len(first) and first[start : start + longest + 1] in second:
            longest += 1
    return longest
