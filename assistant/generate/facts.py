"""What the extractive answer found and the model left out: sentences with numbers, pages and names, by those values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.models import Answer, Sentence

_VALUE = re.compile(
    r"[Pp]\.?\s*\d+(?:\s*[-–~～]\s*\d+)?"
    r"|\d+(?:[.,]\d+)*\s*(?:年度?|月|日|時間?|分|秒|週間|か月|ヶ月|歳|円|万円|億円|千円|%|件|人|つ|項目|社|者|回|割|個|技術|品目|種類"
    r"|ページ|頁|条|項|号|章|版|部)?"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<![A-Za-z])[A-Z][A-Z0-9&-]{1,}(?![A-Za-z])"
    r"|[一-龥ァ-ヴー]{2,16}(?:省|庁|局|室|課|機関|機構|センター|協会|法|条例|ガイダンス|ハンドブック|制度|認証)"
)
_NUMBERING = re.compile(r"^\s*(?:[-・]|[(（]?\d{1,2}[.)）])\s*")
# The heading that an extractive sentence is put under: its numbers are not what it states.
_LEAD = re.compile(r"^[^。]{1,80}：(?=.{8})")
_SPACES = re.compile(r"[\s,]+")
# Below this share of its values in the model's text, a sentence counts as left out.
_LEAST_SHARE = 0.5


def key_values(text: str) -> frozenset[str]:
    """The numbers with their units, pages, addresses and names of a text, each in one way of writing."""
    plain = unicodedata.normalize("NFKC", _NUMBERING.sub("", text))
    return frozenset(_SPACES.sub("", match[0]) for match in _VALUE.finditer(plain))


def dropped_facts(extractive: Answer, text: str, limit: int) -> tuple[Sentence, ...]:
    """The first `limit` sentences of the extractive answer that hold such values, fewer than half of them in `text`."""
    key = _key(text)
    return tuple(s for s in _once(extractive.sentences) if s.markers and _is_dropped(s.text, key))[:limit]


def _is_dropped(sentence: str, key: str) -> bool:
    if _key(_LEAD.sub("", sentence)) in key:
        return False
    values = key_values(_LEAD.sub("", sentence))
    return bool(values) and sum(value in key for value in values) < _LEAST_SHARE * len(values)


def _key(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def _once(sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    return tuple({sentence.text: sentence for sentence in sentences}.values())
