"""What may be put in the place of what: opposites, figures of one form, months, names of one kind; and denial.

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
        r"(?:(?<=[、「はがをにでと])|^)(?:[ぁ-ん]{3,6}[一-龥ァ-ヺA-Za-z・-]{0,18}?|[一-龥ァ-ヺA-Za-z・-]{2,18}?)"
        r"(?:補助金|促進資金|派遣事業|Tech事業|認証制度|対話スキーム)(?![一-龥])"
    ),
    "段階": re.compile(r"(?<![一-龥])(?:計画|契約|契約締結|実施|事業実施|撤退)段階"),
    "時期": re.compile(r"(?:(?:19|20)\d\d|(?:令和|平成)\d{1,2})年\d{1,2}月(?!\d{1,2}日|（)"),
    "数": re.compile(
        r"(?:約|延べ|原則|年)?\d[\d,.]*(?:[兆億万千]\d*)*(?:円|%|％|割|か月|ヶ月|年以内|回|技術)(?:以上|以内|未満|以下)?"
        r"|(?<![\d/])[1-9]/[1-9](?![\d/])(?:以上|以内|未満|以下)?"
    ),
}
# A rule and what turns it round, each in words that leave no doubt: what is scanned for, what is put in.
_OPPOSITES = tuple(
    (re.compile(pattern), altered)
    for pattern, altered in (
        (r"(?<!非)居住者として扱われ", "非居住者として扱われ"),
        (r"(?<!非)居住者から非居住者", "非居住者から居住者"),
        (r"輸出とみなし", "輸入とみなし"),
        (r"国境を越える", "国境を越えない"),
        (r"必要最小限", "必要最大限"),
        (r"事前報告(?=制度)", "事後報告"),
        (r"無償で", "有償で"),
        (r"無料で", "有料で"),
        (r"無償（無料）で", "有償（有料）で"),
        (r"加点", "減点"),
        (r"低利", "高利"),
        (r"軍事転用", "民生転用"),
        (r"軍事に使われ", "民生に使われ"),
        (r"一部の([一-龥]{1,6})のみ", r"すべての\1"),
        (r"第三者の審査", "社内の審査"),
        (r"国が(?:認定|設け)", "業界団体が{}"),
        (r"国の基準", "各社の基準"),
        (r"経営(?:層|陣)主導", "現場主導"),
        (r"コストではなく(、?)(?:将来への)?投資", r"投資ではなく\1コスト"),
        (r"具体的な用途について言及しない", "具体的な用途を詳しく伝える"),
        (r"原則として、", "例外として、"),
        (r"重要性が高い", "重要性が低い"),
        (r"高くなる", "低くなる"),
        (r"リスクが高まり", "リスクが低くなり"),
    )
)
# Words of a sentence that say the same again: turned round, it contradicts itself.
_TELLS = re.compile(r"前もって|メリット|優遇")
# Offices of one ministry may each be said to do what the ministry does.
_ONE_FAMILY = re.compile(r"経済産業|中小企業庁|特許庁|INPIT|IPA")
# Support is taken for other support, a scheme for another scheme.
_PAYS = re.compile(r"補助金|資金|Tech事業")
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


_DENIES = re.compile(r"ません|ない|ず、|ず(?:に|とも)|(?<!少)(?<!だけで)なく")
_RANGE_BEFORE = tuple("～~〜-－")
# 「損失が大きいため、説明は必要ありません」 contradicts itself and tells.
_GIVES_REASON = re.compile(r"ため、|ので、|から、|ず、|ように|とおり")
# What held at one time may have held at another as well.
_AS_OF = re.compile(r"の?時点|現在|[のに]?(?:資料|版)")
_AND_OTHERS = re.compile(r"など|等|ほか|をはじめ")
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
    """The pieces of each kind, the most frequent first, and the lines that each stands in."""

    words: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, list[Line]]


def vocabulary(lines: Iterable[Line]) -> Vocabulary:
    """What lines hold of each kind. Names in brackets are left out: they may be other names of what stands before."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, list[Line]] = defaultdict(list)
    for line in (line for line in lines if "://" not in line.text):
        for kind, pattern in _KINDS.items():
            for match in pattern.finditer(line.text):
                if not _is_in_brackets(line.text, match.start()):
                    counts[kind][match[0]] += 1
                    places[match[0]].append(_sentence_at(line, match.start()))
    return Vocabulary({kind: tuple(word for word, _ in c.most_common()) for kind, c in counts.items()}, places)


def _sentence_at(line: Line, at: int) -> Line:
    """The sentence of a line that a place is in."""
    start, end = line.text.rfind("。", 0, at) + 1, line.text.find("。", at) + 1
    return Line(line.text[start : end or None].strip(), line.chunk)


def swaps(sentence: str, vocabulary: Vocabulary) -> Iterator[Swap]:
    """The swaps that a sentence allows: opposites, then names before figures before denials.

    A name in a sentence that denies is left: what is not so of one law is not so of another either.
    """
    yield from opposites(sentence)
    denies = _DENIES.search(sentence) is not None
    for kind, pattern in _KINDS.items():
        if denies:
            break
        for match in pattern.finditer(sentence):
            original = match[0]
            is_one_of_several = sentence[match.end() : match.end() + 1] in tuple("（(や・") or _AND_OTHERS.match(
                sentence, match.end()
            )
            if _AS_OF.match(sentence, match.end()):
                continue
            is_end_of_range = sentence[: match.start()].endswith(_RANGE_BEFORE)
            if (
                is_one_of_several
                or is_end_of_range
                or sentence.count(original) != 1
                or _is_in_brackets(sentence, match.start())
            ):
                continue
            for other in _turned(vocabulary.words.get(kind, ()), len(sentence)):
                if _fits(kind, original, other) and not _stands(other, sentence):
                    yield Swap(original, other)
    for original, altered in _DENIALS:
        if sentence.endswith(original) and not _GIVES_REASON.search(sentence):
            yield Swap(original, altered, is_denial=True)


def opposites(sentence: str) -> Iterator[Swap]:
    """The swaps that turn a sentence round; none where it denies, or says the same again in other words."""
    if _TELLS.search(sentence) or _DENIES.search(sentence):
        return
    for pattern, altered in _OPPOSITES:
        match = pattern.search(sentence)
        if match and sentence.count(match[0]) == 1 and sentence[match.end() : match.end() + 1] not in tuple("（("):
            put_in = match.expand(altered).replace("{}", match[0].removeprefix("国が"))
            if put_in not in sentence:
                yield Swap(match[0], put_in)


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
    is_family = kind == "機関" and bool(_ONE_FAMILY.search(original)) and bool(_ONE_FAMILY.search(other))
    if kind == "制度" and _form(original) != _form(other):
        return False
    return original not in other and other not in original and not begins_alike and not is_family


def _form(name: str) -> str:
    """What a scheme does, by its name: it pays, it sends out, or it rules."""
    return "支援" if _PAYS.search(name) else "派遣" if "派遣" in name else "制度"
