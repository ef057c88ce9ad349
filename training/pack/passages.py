"""Passages that tell what to do: which of them are about a theme, and which only repeat what a newer edition says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpus.models import BlockKind, Chunk
from training.catalogue import Theme
from training.material import Material
from training.pack.sentences import is_past, items_of, likeness, numbered_of, plain_heading, rules_of, told_of

# Headings with this share of common bigrams are about the same thing in two editions.
_SAME_HEADING = 0.5
_SAME_TEXT = 0.3
MOST_PASSAGES = 10
"""Of one theme."""
_RULES, _STEPS = 2, 4
# Headings of passages that tell nothing to be done. Offices to ask have their own part in a pack.
_NOT_TAUGHT = re.compile(
    r"背景|委員|オブザーバー|目次|関係図|体系図|経緯|アドレス|アウトリーチ|発行|声$|^はじめに|^まとめ"
    r"|概要図|動画|別の数|内容の例|資金の概要|相談例|業種|申込み|実績|[？?]$|ですね。$|支援窓口|相談窓口|お困り|連絡先|マーク|施策$"
)
# Headings of passages that a theme of the catalogue leaves to those who ask for them: asides, and advantages that
# change from year to year.
_ASIDE = re.compile(r"コラム|効果|優遇|加点|融資|補助金")
_DEFINES_SYSTEM = re.compile(r"制度です。$")
# Headings whose list is what is to be known; a list under any other may be the words of a figure.
_LISTED = re.compile(r"基準|取組|類型|対象技術|項目")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with what it says to do, sentence by sentence, and the items of its list where it has one."""

    heading: str
    chunk: Chunk
    rules: tuple[str, ...]
    items: tuple[str, ...] = ()


def passages_about(material: Material, theme: Theme) -> tuple[Passage, ...]:
    """The passages under headings that are about a theme, and others with a sentence that is."""
    chunks = [chunk for chunk in material.chunks if is_told(chunk)]
    under = {chunk.chunk_id: _place(chunk, theme.headings) for chunk in chunks}
    central = sorted(
        (chunk for chunk in chunks if under[chunk.chunk_id] is not None), key=lambda c: under[c.chunk_id] or 0
    )
    about = passages_of(material, central, is_central=True)
    beside = [chunk for chunk in chunks if under[chunk.chunk_id] is None]
    named = passages_of(material, beside, lambda text: any(word in text for word in theme.words))
    return newest(material, (*about, *named))[:MOST_PASSAGES]


def _place(chunk: Chunk, headings: Sequence[str]) -> int | None:
    """Which of the headings' words, counted from 0, the heading of a passage has, or else the one above; None for none.

    What only the heading above has comes behind all that the headings themselves have.
    """
    for above, heading in enumerate(reversed(chunk.section[-2:])):
        for place, word in enumerate(headings):
            if word in heading:
                return above * len(headings) + place
    return None


def is_told(chunk: Chunk) -> bool:
    """Whether a passage is running text or a list under a heading, not a case, a check list or a caption."""
    return chunk.kind not in (BlockKind.CASE, BlockKind.CHECKLIST_ITEM, BlockKind.CAPTION) and bool(chunk.section)


def is_taught(chunk: Chunk) -> bool:
    """Whether the heading above a passage is one of something to be taught."""
    return not _NOT_TAUGHT.search(chunk.section[-1])


def passages_of(
    material: Material,
    chunks: Iterable[Chunk],
    fits: Callable[[str], bool] = lambda _: True,
    *,
    is_central: bool = False,
    is_free: bool = False,
) -> tuple[Passage, ...]:
    """Passages with the rules in them that fit, one for each heading of a document, in the order given.

    Of those that are central to a theme, what they tell is taken where they give no rule, and the items of a list.
    For a free theme asides count too.
    """
    found: dict[tuple[str, tuple[str, ...]], Passage] = {}
    for chunk in chunks:
        if not is_taught(chunk) or (not is_free and _ASIDE.search(chunk.section[-1])):
            continue
        rules, items = (_numbered(chunk) if is_central else None) or _taught(chunk, fits, is_central=is_central)
        if rules or items:
            passage = Passage(plain_heading(chunk.section[-1]), chunk, rules, items)
            found.setdefault((chunk.doc_id, chunk.section), passage)
    return newest(material, tuple(found.values()))


def _taught(chunk: Chunk, fits: Callable[[str], bool], *, is_central: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules of a passage that fit, and the items of its list where its heading announces one."""
    items = tuple(items_of(chunk)) if is_central and _LISTED.search(chunk.section[-1]) else ()
    told = [rule for rule in rules_of(chunk) if fits(rule)][:_RULES] or (_told(chunk) if is_central else [])
    return tuple(told[:1] if items else told), items


def _numbered(chunk: Chunk) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """A rule of a passage and the sentence that announces its numbered list, in their order, with the list."""
    numbered = numbered_of(chunk)
    if numbered is None:
        return None
    lead, items = numbered
    rules = [rule for rule in rules_of(chunk) if rule != lead and rule not in items][:1]
    return tuple(sorted({*rules, lead}, key=chunk.text.find)), items


def _told(chunk: Chunk) -> list[str]:
    """The first sentences of a passage without rules; more of them where they are the labelled steps of a list."""
    told = [sentence for sentence in told_of(chunk) if not is_past(sentence)]
    return told[: _STEPS if sum("：" in sentence for sentence in told) >= _STEPS - 1 else _RULES]


def newest(material: Material, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages without those that a newer document says as well, originals before digests; order is kept."""

    def authority(passage: Passage) -> tuple[str, bool]:
        document = material.documents[passage.chunk.doc_id]
        return document.published or "", not document.is_digest

    kept: list[Passage] = []
    for passage in sorted(passages, key=authority, reverse=True):
        if not any(_says_the_same(passage, other) for other in kept):
            kept.append(passage)
    return tuple(passage for passage in passages if passage in kept)


def _says_the_same(one: Passage, other: Passage) -> bool:
    if all(passage.rules and _DEFINES_SYSTEM.search(passage.rules[0]) for passage in (one, other)):
        return True
    texts = likeness("".join((*one.rules, *one.items)), "".join((*other.rules, *other.items)))
    if one.chunk.doc_id == other.chunk.doc_id:
        return texts >= _SAME_HEADING
    one_in_other = one.heading in other.heading or other.heading in one.heading
    return texts >= _SAME_TEXT or one_in_other or likeness(one.heading, other.heading) >= _SAME_HEADING
