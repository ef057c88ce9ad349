"""The check of how a right-or-wrong statement is told: whether it can be judged alone, fairly, and in natural words.

What it doubts is dropped and nothing is put in its place, so that the statements that were read stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.quiz.candidate import Candidate

_LEAD = re.compile(r"^[^。]{4,90}?によると、")
_NUMBERED = re.compile(r"^(?:STEP|Step|ステップ|手順)\s*[0-9０-９]")
# What a sentence is about; 「ではなく」, 「とは異なる」 and 「必要はない」 name nothing that it is about.
_TOPIC = re.compile(r"は(?!い|な[くい]|ありま|異な|別)|も(?!の|と)")
_DENIAL = re.compile(r"(?:ません|ない|不要)。$")
# 「あらゆる情報が含まれません」 may deny all of them or some.
_OF_ALL = re.compile(r"あらゆる|すべて|全て|いずれ|どの|誰[もで]|全員|常に")
# Nobody denies that something may happen, and a sentence that breaks off after a noun is no statement.
_DENIES_A_CHANCE = re.compile(r"(?:可能性|おそれ|恐れ)は(?:ありません|ない)。$")
_BREAKS_OFF = re.compile(r"[をはがに][一-龥]{2,4}。$")
# What turning a word round makes, and nobody says.
_NOBODY_SAYS = re.compile(r"必要最大限|減点を受け")
# Told without its conditions, it teaches the wrong thing about people.
_DELICATE = re.compile(r"国籍|人種|信条|思想")
# A passage that was written after another paper is no source: the paper says it itself, and better.
_SECOND_HAND = re.compile(r"を参考に[^。\n]{0,30}作成")


def wording_faults(candidate: Candidate) -> Iterator[str]:
    """What is wrong with a statement as it is told; `candidate` is a right-or-wrong item with its answer."""
    assert candidate.right is not None
    lead = _LEAD.match(candidate.stem)
    told = candidate.stem[lead.end() :] if lead else candidate.stem
    is_headed = lead is not None and "「" in lead[0]
    if not is_headed and (_NUMBERED.match(told) or not _TOPIC.search(told)):
        yield "文だけでは、何のことか分かりません"
    if candidate.altered and _DENIAL.search(candidate.altered) and _OF_ALL.search(told):
        yield "すべてと言う文の打ち消しは、二通りに読めます"
    if _NOBODY_SAYS.search(told) or _DENIES_A_CHANCE.search(told) or _BREAKS_OFF.search(told):
        yield "日本語の文として不自然です"
    if _DELICATE.search(told):
        yield "条件を示さずに、人の属性を問うています"
    if _SECOND_HAND.search(candidate.right.evidence.chunk.text):
        yield "別の資料をもとに作られた箇所の文です"
