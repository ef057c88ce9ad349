"""Which sentences of a passage can stand alone in training material: what to do, why, and what only leads on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from assistant.citations import sentences_of
from corpus.bigrams import bigrams, jaccard
from corpus.models import Chunk

_SHORTEST, _LONGEST = 14, 200
_LONGEST_ITEM = 60
# So that a short text is not the most alike for a single bigram.
_EVENING = 40
_RULE = re.compile(
    r"ましょう|必要(?:です|があ|な「|。|$)|義務(?:づけ|付け|があ|です|が課|。|$)|重要です|大切です|ことが(?:重要|大切)|(?:して|認して)ください|なければな"
    r"|対象(?:です|にな|とな|であ|として)|許可(?:が|を|申請)|禁止|徹底|できます|確認(?:します|する|すること)|受けます|取り組みます"
    r"|報告(?:します|し、)|事前報告制度|べき|無償|審査して認証|審査・認証|明確化され|可能。|可能です|を公開"
)
# What was so, was said or is planned is no rule.
_PAST = re.compile(r"(?:とされてい|寄せられてい|指摘があっ|でし|まし)た。$|実施中。$|手続き?中。$")
_REASON = re.compile(
    r"からです|(?:ぐ|ない|る)ためです|おそれ|危険|リスク|狙われ|(?:場合|こと|ケース)[がも]あります|失われ|失い|なってしまい|大きくなり"
    r"|効果も|高まり|高めます|向上|目的は|理由は|損失|懸念|被害|可能性|つながり|(?:多く|たくさん)含まれ"
)
# What is told to be done gives no reason.
_ORDER = re.compile(r"(?:ましょう|ください|考えられます|大切です|重要です|必要(?:です|があります)?)。$")
_NO_REASON = re.compile(r"対策には|方法もあります|当たる場合|おそれがないか|確認する(?:こと|場合)")
_BECAUSE = re.compile(r"(?:ため|ので|ことから)、")
_LABEL = re.compile(r"[^。、]{1,20}[：:]")
_LABELLED = re.compile(r"(?P<label>[^：]+?)(?P<number>[①-⑳㉑-㉟]|[（(]\d{1,2}[）)])?：(?P<text>.+)")
_IN_BRACKETS = re.compile(r"「[^」]*」|（[^）]*）")
# Sentences about the document itself, or that lead to another page: of no use outside it.
_META = re.compile(
    r"ページに(?:あ|は|具体|詳し)|原典|読み取れ|アドレス|https?://|要約|ハンドブック|ガイダンス第|資料(?:は|に|の(?!管理))|スライド|動画"
    r"|関係図|体系図|「対策例|詳しい(?:説明|内容|情報)|次のよう|以下の|※|をご確認|@|電話|パブコメ|次の[0-9０-９]|執行体制"
    r"|(?<![年\d])\d{1,2}月\d{1,2}日(?:より|から|に)"
)
# A sentence that begins so leans on the one before.
_LEANS = re.compile(
    r"(?:これ|それ|その|この|[こそ]う(?:した|いった|いう)|同|上記|なお|また|しかし|ただし|例えば|たとえば|特に|さらに|一方|他方|あわせて|[①-⑳](?!.*[②-⑳]))"
)
# Words that join a sentence to the one before and say nothing themselves.
_JOINS = re.compile(r"^(?:このため|そのため|また|なお|さらに|他方|例えば|たとえば)、")
_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ALL_NUMBERS = _NUMBERS + "㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟"
_CELLS = re.compile(f"(?=[{_ALL_NUMBERS}])")
# The sentence before or behind a numbered list, which says what is listed.
_LEAD = re.compile(r"以下の|次の|[2-9２-９]つの")
_NO_LEAD = re.compile(r"ページ|https?://|資料|^上記")
_NUMBERING = re.compile(
    r"(?:[（(]参考[^）)]*[）)]\s*|\d{1,2}[ 　.．]\s*|[①-⑳]\s*|[（(]\d{1,2}[）)]\s*|STEP\s*\d+\s*|Case\s*\d+\s*[:：]?\s*"
    r"|対策例\s*\d+\s*|コラム[ 　])"
)


def stands_alone(sentence: str) -> bool:
    """Whether a sentence can be shown without the text around it."""
    return (
        _SHORTEST <= len(sentence) <= _LONGEST
        and sentence.endswith(("。", "！", "？"))
        and not _META.search(sentence)
        and not _LEANS.match(sentence)
    )


def told_of(chunk: Chunk) -> list[str]:
    """The sentences of a passage that tell something and stand alone, without the word that joins them to others."""
    plain = [_JOINS.sub("", sentence) for sentence in sentences_of(chunk.text)]
    return [sentence for sentence in plain if stands_alone(sentence)]


def follows(sentence: str) -> bool:
    """Whether a sentence can be shown behind the one before it in its passage."""
    return sentence.endswith(("。", "！", "？")) and len(sentence) <= _LONGEST and not _META.search(sentence)


def label_of(sentence: str) -> str:
    """The label that a sentence begins with, 「採点：」 without its colon; empty for none."""
    label = _LABEL.match(sentence)
    return label[0][:-1] if label else ""


def rules_of(chunk: Chunk) -> list[str]:
    """The sentences of a passage that say what to do, must be done or may be done."""
    return [
        sentence
        for sentence in told_of(chunk)
        if _RULE.search(sentence)
        and not is_past(sentence)
        and (sentence.endswith("ましょう。") or not _LABEL.match(sentence))
    ]


def reasons_of(chunk: Chunk) -> list[str]:
    """The sentences of a passage that give a reason: those without an order, else those that give one with it."""
    told = [sentence for sentence in told_of(chunk) if not _LABEL.match(sentence)]
    plain = [sentence for sentence in told if is_reason(sentence)]
    return plain or [s for s in told if _BECAUSE.search(s) and _ORDER.search(s)]


def is_reason(sentence: str) -> bool:
    """Whether a sentence gives a reason and nothing to do."""
    plain = _IN_BRACKETS.sub("", sentence)
    return bool(_REASON.search(plain)) and not _ORDER.search(sentence) and not _NO_REASON.search(plain)


def items_of(chunk: Chunk) -> list[str]:
    """The longest run of list items in a passage, line by line; none where it is shorter than three."""
    runs: list[list[str]] = [[]]
    for line in chunk.text.split("\n"):
        if _is_item(line.strip()):
            runs[-1].append(line.strip())
        elif runs[-1]:
            runs.append([])
    run = max(runs, key=len)
    return run if len(run) > 2 else []


def numbered_of(chunk: Chunk) -> tuple[str, tuple[str, ...]] | None:
    """The numbered lines ①, ② … of a passage and the sentence that says what they are; None where either is missing."""
    told = sentences_of(chunk.text)
    lead = next((s for s in told if s.endswith("。") and _LEAD.search(s) and not _NO_LEAD.search(s)), None)
    start = next((at for at, sentence in enumerate(told) if sentence.startswith(_NUMBERS[0])), None)
    if lead is None or start is None:
        return None
    run = [s for number, s in zip(_NUMBERS, told[start:], strict=False) if s.startswith(number)]
    return (lead, tuple(run)) if len(run) > 1 and max(map(len, run)) <= _LONGEST_ITEM and lead not in run else None


def without_label(items: Sequence[str]) -> list[str]:
    """Items of a list without the label that all begin with, such as 「特定類型①：」; their numbers stay."""
    parts = [_LABELLED.fullmatch(item) for item in items]
    if len({part["label"] if part else None for part in parts}) != 1:
        return list(items)
    return [f"{part['number'] or ''}{part['text']}" for part in parts if part] or list(items)


def in_one_column(items: Sequence[str]) -> list[str]:
    """Items of which each line holds two numbered ones, ① and ⑬, as one column in the order of the numbers."""
    cells = [cell.strip() for item in items for cell in (_CELLS.split(item) if _CELLS.match(item) else [item]) if cell]
    order = sorted(cells, key=lambda cell: _ALL_NUMBERS.find(cell[0]))
    is_whole = "".join(cell[0] for cell in order) == _ALL_NUMBERS[: len(order)]
    return order if is_whole and len(cells) > len(items) else list(items)


def plain_heading(heading: str) -> str:
    """A heading without the number, 「（参考）」 or 「Case 1」 in front of it."""
    whole = unicodedata.normalize("NFC", heading)
    number = _NUMBERING.match(whole)
    return (whole[number.end() :] if number else whole).strip("【】 　") or heading


def within_quotes(text: str) -> str:
    """A text as it stands between 「 and 」: brackets in it become 『』."""
    return text.replace("「", "『").replace("」", "』")


def likeness(first: str, second: str) -> float:
    """Jaccard similarity of the character bigrams of two texts, those of hiragana alone left out."""
    return jaccard(subject_bigrams(first), subject_bigrams(second))


def share_in(text: str, whole: str) -> float:
    """Which share of a text's bigrams another text has."""
    told = subject_bigrams(text)
    return len(told & subject_bigrams(whole)) / len(told) if told else 0.0


def is_past(sentence: str) -> bool:
    """Whether a sentence tells what was so, was said or is planned: nothing to go by."""
    return bool(_PAST.search(sentence))


def most_alike(text: str, others: Sequence[str]) -> int:
    """Which of some texts, counted from 0, has most of what tells them apart in common with a text; -1 for none.

    A bigram counts the less, the more of the texts have it; long texts have no advantage.
    """
    scores = telling_shares(text, others)
    return max(range(len(scores)), key=lambda at: scores[at], default=-1)


def telling_shares(text: str, others: Sequence[str]) -> list[float]:
    """How much of what tells each of some texts apart from the others a text has; 0 for nothing, no upper bound."""
    told = subject_bigrams(text)
    parts = [subject_bigrams(other) for other in others]
    common = Counter(pair for part in parts for pair in part)
    return [sum(1 / common[pair] for pair in part & told) / (len(part) + _EVENING) ** 0.5 for part in parts]


def subject_bigrams(text: str) -> frozenset[str]:
    """The character bigrams of a text, those of hiragana alone left out: they are grammar, not subject."""
    return frozenset(pair for pair in bigrams(text) if not all("ぁ" <= letter <= "ん" for letter in pair))


def _is_item(line: str) -> bool:
    return 0 < len(line) <= _LONGEST_ITEM and not line.endswith("。") and not _META.search(line)
