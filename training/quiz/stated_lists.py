"""Questions on lists: what is on one, and what is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, subjects_of
from training.quiz.facts_lists import Item, ItemList, find_lists
from training.quiz.likeness import contained, key, share_in
from training.quiz.stated_changes import change_candidates

# Above this share of common letter pairs, a thing of another list might be meant by one of this list.
_ALIKE = 0.3
_MOST_WRONG = 6
_MOST_OUTSIDERS = 4
_SHOWN = 3
# From this kinship on, a thing of another list is easily taken for one of this.
_KIN = 1.0
_DULL = re.compile(r"施策$|^事例|紹介され|業種|連携|支援窓口$")


def list_candidates(base: Base) -> list[Candidate]:
    """For each list: what stands on it, and what does not, against things of other lists of a like kind."""
    lists = [one for one in find_lists(base) if not _DULL.search(one.name) and _is_whole(one)]
    made = []
    for one in lists:
        if "だけの" in one.name or any(_is_newer(base, other, one) for other in lists):
            continue
        found = _outsiders(base, one, lists)
        # Among things of quite another list the one that is not on this list is too easily told.
        if found and _kinship(one, found[0][1]) >= _KIN:
            made.append(_not_on(base, one, one.items, found[0], lists))
        if len(found) >= _SHOWN:
            made.append(_on(base, one, one.items[len(one.items) // 2], found[:_MOST_OUTSIDERS], lists))
    return made + change_candidates(base, [one for one in lists if "だけの" not in one.name])


def _is_whole(one: ItemList) -> bool:
    return not any(re.search(r"など$|等$|ほか$", item.text) for item in one.items)


def _is_newer(base: Base, other: ItemList, one: ItemList) -> bool:
    """Whether a list of the same name stands in a later document."""
    if other is one or not _same_name(other, one):
        return False
    return (base.document(other.chunk).published or "") > (base.document(one.chunk).published or "")


def _same_name(first: ItemList, second: ItemList) -> bool:
    return key(first.name) == key(second.name)


def _outsiders(base: Base, one: ItemList, lists: Sequence[ItemList]) -> list[tuple[Item, ItemList]]:
    """Things of other lists that are on none of this subject, those of the most alike lists first."""
    own = [item.text for other in lists if _is_of(one, other) for item in other.items]
    about = [line.text for line in base.lines if share_in(one.name, line.text) >= 0.8]
    others = [other for other in lists if not _is_of(one, other) and _looks_like(one, other)]
    ranked = sorted(others, key=lambda other: -_kinship(one, other))
    found: list[tuple[Item, ItemList]] = []
    for other in ranked:
        for item in other.items:
            said = any(key(item.text) in key(line) for line in about)
            like_own = any(contained(item.text, text) >= _ALIKE for text in own)
            like_found = any(contained(item.text, known.text) >= _ALIKE for known, _ in found)
            if not (said or like_own or like_found or contained(item.text, one.name) >= 0.6):
                found.append((item, other))
    return found


def _is_of(one: ItemList, other: ItemList) -> bool:
    """Whether another list is of the same subject: by its name, or by the headings above it."""
    if one is other or share_in(one.name, other.name) >= 0.99 or share_in(other.name, one.name) >= 0.99:
        return True
    same_kind = one.name.rpartition("の")[2] == other.name.rpartition("の")[2]
    headings = contained(_own_headings(one, other), _own_headings(other, one))
    return not same_kind and max(headings, contained(one.name, other.name)) >= 0.5


def _own_headings(one: ItemList, other: ItemList) -> str:
    """The last headings above a list that are not above the other too."""
    return "".join([heading for heading in one.chunk.section if heading not in other.chunk.section][-2:])


def _kinship(one: ItemList, other: ItemList) -> float:
    """How easily a thing of another list is taken for one of this: names that end alike, one document."""
    ending = one.name.rpartition("の")[2] == other.name.rpartition("の")[2]
    headed = one.is_headed and other.is_headed
    return 2 * ending + headed + 0.5 * (one.chunk.doc_id == other.chunk.doc_id) + contained(one.name, other.name)


def _looks_like(one: ItemList, other: ItemList) -> bool:
    """Whether things of two lists cannot be told apart by how they are made: length, katakana, last letter."""
    here, there = _length(one), _length(other)
    if _are_sentences(one) != _are_sentences(other) or (one.is_headed and not other.is_headed):
        return False
    if not 0.5 < here / there < 2 or abs(_katakana(one) - _katakana(other)) > 0.3 or _ending(one) != _ending(other):
        return False
    return bool(_ending(one)) or min(_phrases(one), _phrases(other)) >= 0.5


def _are_sentences(one: ItemList) -> bool:
    return one.items[0].text.endswith("。")


def _phrases(one: ItemList) -> float:
    """The share of things of a list that are phrases, not bare names: one phrase may stand on many lists."""
    bare = [re.sub(r"[（(].*$", "", item.text) for item in one.items]
    return sum(re.search(r"[ぁ-ん]", text) is not None for text in bare) / len(bare)


def _length(one: ItemList) -> float:
    return sum(len(item.text) for item in one.items) / len(one.items)


def _katakana(one: ItemList) -> float:
    text = "".join(item.text for item in one.items)
    return sum("ァ" <= character <= "ー" for character in text) / len(text)


def _ending(one: ItemList) -> str:
    """The letter that most things of a list end with, such as 費; "" where there is none."""
    letters = [re.sub(r"[（(].*$", "", item.text.strip("「」"))[-1:] for item in one.items]
    return next((letter for letter in set(letters) if letters.count(letter) >= 0.8 * len(letters)), "")


def _not_on(
    base: Base, one: ItemList, items: Sequence[Item], outsider: tuple[Item, ItemList], lists: Sequence[ItemList]
) -> Candidate:
    item, other = outsider
    name = _lead(base, one, lists)
    return Candidate(
        key=f"list:{one.name}:-{item.text}",
        kind=QuizKind.CHOICE,
        difficulty=2 if _kinship(one, other) >= _KIN else 1,
        stem=f"{name}「{one.name}」{_role(one)}挙がっていないものは、次のうちどれですか。",
        explanation=Shown(
            f"「{_bare(item.text)}」は、「{other.name}」に挙がっているもので、「{one.name}」には挙がっていません。",
            item.line.evidence,
        ),
        subjects=(one.name, *subjects_of(one.chunk)),
        right=Shown(_bare(item.text), item.line.evidence, f"これは「{other.name}」に挙がっているものです。"),
        wrong=tuple(
            Shown(_bare(member.text), member.line.evidence, f"「{one.name}」に挙がっています。")
            for member in items[:_MOST_WRONG]
        ),
    )


def _on(
    base: Base, one: ItemList, item: Item, outsiders: Sequence[tuple[Item, ItemList]], lists: Sequence[ItemList]
) -> Candidate:
    name = _lead(base, one, lists)
    return Candidate(
        key=f"list:{one.name}:{item.text}",
        kind=QuizKind.CHOICE,
        difficulty=2 if _kinship(one, outsiders[0][1]) >= _KIN else 1,
        stem=f"{name}「{one.name}」{_role(one)}挙がっているものは、次のうちどれですか。",
        explanation=Shown(f"「{_bare(item.text)}」は、「{one.name}」に挙がっています。", item.line.evidence),
        subjects=(one.name, *subjects_of(one.chunk)),
        right=Shown(_bare(item.text), item.line.evidence, f"「{one.name}」に挙がっています。"),
        wrong=tuple(
            Shown(_bare(outsider.text), outsider.line.evidence, f"これは「{other.name}」に挙がっているものです。")
            for outsider, other in outsiders
        ),
    )


def _role(one: ItemList) -> str:
    return "の箇所で" if one.is_headed else "として"


def _lead(base: Base, one: ItemList, lists: Sequence[ItemList]) -> str:
    several = any(_is_of(one, other) and other.chunk.doc_id != one.chunk.doc_id for other in lists)
    return f"{base.edition(one.chunk)}で、" if several or base.is_replaced(one.chunk) else "資料で、"


def _bare(text: str) -> str:
    """An item without the marks of a quotation around it, and without a remark behind it."""
    bare = re.sub(r"[（(]必須[）)]$", "", text)
    return bare[1:-1] if bare.startswith("「") and bare.endswith("」") and bare.count("「") == 1 else bare
