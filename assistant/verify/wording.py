"""What a sentence says besides figures: names, negations, contraries, how binding it is. By words only, both languages.

Each function names what a claim says and its quote does not. Being wrong here must only ever cost a status.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.verify.overlap import is_english
from assistant.verify.words import common_katakana, contraries
from corpus.clean import quote_key

_KATAKANA = re.compile(r"[ァ-ヺー・]{3,}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9&+./-]*[A-Za-z0-9+]|[A-Z]")
_ENGLISH_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z-]+|\b[A-Z]{2,}\b")
_QUOTED = re.compile(r"[「『]([^「」『』]{2,60})[」』]")
_OFFICE = re.compile(
    r"[一-龥々]{2,}(?:省|庁|局|室|課|部門|委員会|大学|研究所|機構|協会|連合会|事務所|銀行|公庫|法人|センター|県|市|法|条約)"
    r"|(?:株式会社|有限会社|合同会社)?[一-龥々ァ-ヺーA-Za-z]{2,20}(?:株式会社|有限会社)|株式会社[一-龥々ァ-ヺーA-Za-z]{2,20}"
)
_PERSON = re.compile(r"[一-龥々]{1,3}[ 　]?[一-龥々ぁ-んァ-ヺ]{1,4}(?=氏|さん|様|教授|弁護士|委員|[（(])")
_COUNTRY = re.compile(
    r"日本|米国|アメリカ|中国|韓国|台湾|ロシア|欧州|英国|ドイツ|フランス|インド|ベトナム|タイ|北朝鮮|イラン|EU"
)
_NOT_NEGATION = re.compile(
    r"な(?:ければ|くては|いと|きゃ)(?:なり|いけ|なら)(?:ません|ない)|ざるを得(?:ません|ない)"
    r"|(?:かも|かもし)れ(?:ません|ない)|に違い(?:ありません|ない)"
    r"|だけで(?:は)?なく|のみなら(?:ず|ない)|ばかりでなく|に限ら(?:ず|ない)|少な(?:い|く|から)|"
    r"欠かせ(?:ません|ない)|やむを得ない|思わぬ|"
    r"必ず|まず(?!い)|はずで|わずか|いずれ|たず|ず(?:れ|ら)|危な|あぶな|つたな|切ない|拙な|[つ繋]な(?:が|げ|ぐ)|みなす|"
    r"なくなる|亡くな|無くす|"
    r"少なくとも|にもかかわらず|絶えず|問わず|とは言わないまでも|ません(?:か|でしょうか)"
)
_NEGATION = re.compile(
    r"ません|ない(?!よう|か)|なかっ(?!たか)|なく(?!す|な)|なし(?!と)|"
    r"ず(?:に|、|。|$)|ぬ(?:、|。|$)|不要|不可|無関係|いいえ|ありえ(?:ず|ない)"
)
_ENGLISH_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unnecessary|"
    r"prohibited|forbidden|unlikely|hardly|fails? to)\b|n[’']t\b",
    re.IGNORECASE,
)
_STEM = re.compile(r"([一-龥々ァ-ヺーA-Za-z]+)([ぁ-ん]{0,4})$")
_LINKING = re.compile(
    r"(?:で|に|と)?(?:は|も|が|を)?(?:あり|なってい|(?:して|されて|て|で)(?:は|も)?い|(?:ら)?れて(?:は)?い|され)?$"
)
_ALIKE, _COPY = 0.55, 0.75
_STRONG = re.compile(
    r"な(?:ければ|くては|いと)(?:なり|いけ|なら)|義務(?!者)|必須|必ず|禁止|絶対|\b(?:must|shall|obliged|mandatory|always|prohibited)\b",
    re.I,
)
_STRONG_TOO = re.compile(_STRONG.pattern + r"|必要|べき|不可欠|欠かせ|徹底|罰|ならない|なりません|required", re.I)
_CERTAIN_NOT = re.compile(
    r"おそれ|可能性|かもしれ|場合があ|ことがあ|懸念|とは限ら|検討|予定|見込|目指|may |might |could |plan", re.I
)
_ONLY = re.compile(r"のみ|だけ(?!で(?:は)?な)|に限(?:り|る|られ)|以外|\bonly\b|\bexcept\b", re.IGNORECASE)
_ALL = re.compile(r"すべて|全て|全員|必ず|常に|あらゆる|一切|例外なく|\ball\b|\bevery\b|\balways\b", re.IGNORECASE)
_CONTENT_RUN = re.compile(r"[一-龥々ァ-ヺーA-Za-z0-9]")


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """Names and titles in a sentence: Latin and katakana words, quoted titles, offices, countries, persons; in an
    English one what has capitals.
    """
    text = unicodedata.normalize("NFKC", text)
    if is_english(text):
        return tuple(dict.fromkeys(_ENGLISH_NAME.findall(text)))
    found = [m[0] for pattern in (_LATIN, _OFFICE, _COUNTRY, _PERSON) for m in pattern.finditer(text)]
    found += [m[1] for m in _QUOTED.finditer(text)]
    found += [word for m in _KATAKANA.finditer(text) for word in m[0].strip("・").split("・") if len(word) > 2]
    return tuple(dict.fromkeys(name for name in found if name not in common_katakana()))


def missing_names(claim: str, quote: str, context: str) -> tuple[str, ...]:
    """The claim's names that stand neither in the quote nor in its context."""
    keys = _key(quote), _key(context)
    return tuple(name for name in names(claim) if not any(_holds(key, name) for key in keys))


def wrongly_negated(claim: str, quote: str) -> bool:
    """Whether something is denied in one of the two and not in the other."""
    denied, there = _negated(claim), _negated(quote)
    ours, theirs = _key(_without_turns(claim)), _key(_without_turns(quote))
    if any(stem in theirs and not _any_holds(there, stem) for stem in denied):
        return True
    return any(len(stem) > 1 and stem in ours and not _any_holds(denied, stem) for stem in there)


def newly_negated(claim: str, quote: str) -> bool:
    """Whether the claim denies something that its quote does not deny in so many words."""
    there = _negated(quote)
    return any(not _any_holds(there, stem) for stem in _negated(claim))


def contrary(claim: str, quote: str) -> bool:
    """Whether the claim has a word where its quote has the contrary."""
    ours, theirs = _key(claim), _key(quote)
    for pair in contraries():
        for said, opposite in (pair, pair[::-1]):
            if said in ours and said not in theirs and opposite in theirs and opposite not in ours:
                return True
    return False


def too_strong(claim: str, quote: str) -> bool:
    """Whether the claim binds, restricts or promises where its quote does not."""
    if _STRONG.search(claim) and not _STRONG_TOO.search(quote):
        return True
    if _ONLY.search(claim) and not _ONLY.search(quote):
        return True
    if _ALL.search(claim) and not re.search(_ALL.pattern + "|全|皆|どの|いずれ|各|毎|なければ", quote):
        return True
    return bool(_CERTAIN_NOT.search(quote)) and not _CERTAIN_NOT.search(claim)


def replaced(claim: str, quote: str) -> bool:
    """Whether the claim copies its quote but for words exchanged or put in."""
    ours, theirs = _key(claim), _key(quote)
    if not ours or len(ours) > 400 or len(theirs) > 400:
        return False
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE or (ratio := matcher.ratio()) < _ALIKE:
        return False
    changes = ((kind, theirs[i1:i2], ours[j1:j2]) for kind, i1, i2, j1, j2 in matcher.get_opcodes())
    return any(_is_other(kind, old, new) and (ratio > _COPY or new not in theirs) for kind, old, new in changes)


def _is_other(kind: str, old: str, new: str) -> bool:
    """Whether a change of a copy puts a word in the place of another, or one where none was."""
    if kind not in ("replace", "insert") or not _CONTENT_RUN.search(new):
        return False
    return _CONTENT_RUN.search(old) is not None if kind == "replace" else len(new) > 1


@lru_cache(maxsize=4096)
def _negated(text: str) -> tuple[str, ...]:
    """What a sentence denies: for each negation the word in front of it."""
    text = _without_turns(text)
    found = []
    for match in _NEGATION.finditer(text):
        before = _LINKING.sub("", text[max(0, match.start() - 16) : match.start()])
        found.append(match[0] if match[0] in ("不要", "不可", "無関係") else _stem(before) or match[0])
    found += ["not"] * len(_ENGLISH_NEGATION.findall(text))
    return tuple(found)


def _stem(before: str) -> str:
    """The word at the end of a text: its last two characters of kanji or katakana, with one more after a single one."""
    if match := _STEM.search(before):
        return match[1][-2:] if len(match[1]) > 1 else match[1] + match[2][:1]
    return before[-2:]


def _without_turns(text: str) -> str:
    """A text without the turns of phrase that look like negations."""
    return _NOT_NEGATION.sub("…", unicodedata.normalize("NFKC", text))


def _any_holds(stems: tuple[str, ...], stem: str) -> bool:
    return any(stem in other or other in stem or (stem[0] == other[0] and stem[0] >= "一") for other in stems)


def _holds(key: str, name: str) -> bool:
    name_key = _key(name)
    if name_key.isascii():
        return re.search(rf"(?<![a-z]){re.escape(name_key)}(?![a-z])", key) is not None
    return name_key in key or name_key.rstrip("ー") in key


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return quote_key(text).lower()
