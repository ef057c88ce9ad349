"""What may be put in the place of what: figures of one form, months, laws, offices, programmes, stages; and denial.

Everything put in comes from the same documents and is of the same kind; whether the result is false is decided
elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from training.quiz.facts import Line, shape

_KINDS = {
    "法律": re.compile(r"外為法|[一-龥]{2,14}(?:保護|防止|禁止|基準|推進|強化|貿易|活用)法(?![令制律的人])"),
    "機関": re.compile(
        r"(?<![一-龥])(?:[一-龥]{2,10}(?:委員会|経済産業局|産業省|労働省|科学省|企業庁|警察庁|金融公庫)|IPA|INPIT)(?![一-龥A-Z])"
    ),
    "制度": re.compile(
        r"(?:(?<=[、「はがをにでと])|^)(?:[ぁ-ん]{3,6})?[一-龥ァ-ヺA-Za-z・-]{0,18}?(?:補助金|促進資金|派遣事業|Tech事業|認証制度|対話スキーム)(?![一-龥])"
    ),
    "段階": re.compile(r"(?<![一-龥])(?:計画|契約|契約締結|実施|事業実施|撤退)段階"),
    "時期": re.compile(r"(?:(?:19|20)\d\d|(?:令和|平成)\d{1,2})年\d{1,2}月(?!\d{1,2}日|（)"),
    "数": re.compile(
        r"(?:約|延べ|原則|年)?\d[\d,.]*(?:[兆億万千]\d*)*(?:円|%|％|割|か月|ヶ月|年以内|回|技術|/\d+)(?:以上|以内|未満|以下)?"
    ),
}
# A rule and its denial. Only endings that say the contrary and nothing else.
_DENIALS = (
    ("必要があります。", "必要はありません。"),
    ("が必要です。", "は必要ありません。"),
    ("加点されます。", "加点されません。"),
    ("義務づけられます。", "義務づけられません。"),
    ("ことではありません。", "ことです。"),
    ("十分ではありません。", "十分です。"),
    ("課しません。", "課します。"),
    ("扱われます。", "扱われません。"),
    ("含まれます。", "含まれません。"),
    ("問題になりません。", "問題になります。"),
    ("適用されます。", "適用されません。"),
    ("対象です。", "対象ではありません。"),
    ("できます。", "できません。"),
    ("勧めています。", "勧めていません。"),
    ("無料です。", "有料です。"),
    ("必要がある。", "必要はない。"),
    ("が必要である。", "は必要ない。"),
    ("問題とならない。", "問題となる。"),
    ("が必要。", "は不要。"),
    ("が重要です。", "は重要ではありません。"),
    ("が大切です。", "は大切ではありません。"),
    ("ことが重要。", "ことは重要ではない。"),
    ("おそれがあります。", "おそれはありません。"),
    ("おそれがある。", "おそれはない。"),
    ("可能性があります。", "可能性はありません。"),
    ("可能性がある。", "可能性はない。"),
    ("難しくなります。", "難しくなりません。"),
    ("つながります。", "つながりません。"),
    ("加点。", "加点しない。"),
)


_DENIES = re.compile(r"ません|ない|ず、")
# 「損失が大きいため、説明は必要ありません」 contradicts itself and tells.
_GIVES_REASON = re.compile(r"ため、|ので、|から、|ず、|ように|とおり")
_FREQUENT = 4
# Names that begin alike may be of one thing or of a part of it: 経済産業省, 経済産業局.
_SAME_NAME = 3


@dataclass(frozen=True, slots=True)
class Swap:
    """A piece of a sentence, and what is put in its place."""

    original: str
    altered: str
    is_denial: bool = False

    def applied(self, sentence: str) -> str:
        """The sentence with the piece put in; the piece stands there once."""
        return sentence.replace(self.original, self.altered)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces of each kind, the most frequent first, and the first line that each stands in."""

    words: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, Line]


def vocabulary(lines: Iterable[Line]) -> Vocabulary:
    """What lines hold of each kind. Names in brackets are left out: they may be other names of what stands before."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, Line] = {}
    for line in lines:
        for kind, pattern in _KINDS.items():
            for match in pattern.finditer(line.text):
                if not _is_in_brackets(line.text, match.start()):
                    counts[kind][match[0]] += 1
                    first.setdefault(match[0], line)
    return Vocabulary({kind: tuple(word for word, _ in c.most_common()) for kind, c in counts.items()}, first)


def swaps(sentence: str, vocabulary: Vocabulary) -> Iterator[Swap]:
    """The swaps that a sentence allows, names before figures before denials.

    A name in a sentence that denies is left: what is not so of one law is not so of another either.
    """
    denies = _DENIES.search(sentence) is not None
    for kind, pattern in _KINDS.items():
        if denies:
            break
        for match in pattern.finditer(sentence):
            original = match[0]
            is_one_of_several = sentence[match.end() : match.end() + 1] in tuple("（(や・")
            if is_one_of_several or sentence.count(original) != 1 or _is_in_brackets(sentence, match.start()):
                continue
            for other in _turned(vocabulary.words.get(kind, ()), len(sentence)):
                if _fits(kind, original, other) and not _stands(other, sentence):
                    yield Swap(original, other)
    for original, altered in _DENIALS:
        if sentence.endswith(original) and not _GIVES_REASON.search(sentence):
            yield Swap(original, altered, is_denial=True)


def _stands(piece: str, sentence: str) -> bool:
    """Whether a piece stands in a sentence as a whole: 4技術 does not stand in 「24技術」."""
    return re.search((r"(?<!\d)" if piece[:1].isdigit() else "") + re.escape(piece), sentence) is not None


def _turned(words: tuple[str, ...], by: int) -> tuple[str, ...]:
    """The most frequent words, begun at another one for another sentence, so that not all are swapped for one word."""
    first = words[:_FREQUENT]
    start = by % len(first) if first else 0
    return first[start:] + first[:start] + words[_FREQUENT:]


def _is_in_brackets(sentence: str, at: int) -> bool:
    before = sentence[:at]
    return any(before.count(opening) > before.count(closing) for opening, closing in ("（）", "()"))


def _fits(kind: str, original: str, other: str) -> bool:
    if kind in ("数", "時期"):
        return original != other and shape(original) == shape(other)
    begins_alike = kind in ("法律", "機関", "制度") and original[:_SAME_NAME] == other[:_SAME_NAME]
    return original not in other and other not in original and not begins_alike
