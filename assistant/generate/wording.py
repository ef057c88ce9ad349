"""The words around a generated answer, in Japanese and English. Texts only; faults have theirs in `notes`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.question import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    dropped_facts: str
    unsupported_share: str
    unsupported_note: str
    removed_markers: str
    removed_links: str
    dropped_passages: str
    says_nothing: str


_JAPANESE = Wording(
    dropped_facts="資料には次の記述もあります",
    unsupported_share="{total}文のうち{count}文",
    unsupported_note="資料で確かめられない文が {count} 文あります。印をつけました。",
    removed_markers="どの資料も指さない出典番号を {count} 個取り除きました。",
    removed_links="資料にないリンクや画像などを {count} 個取り除きました。",
    dropped_passages="長さの都合で、検索で見つかった抜粋のうち {count} 件は言語モデルに渡していません。",
    says_nothing="言語モデルは、渡した抜粋に答えがないとしています。資料から抜き出した近い記述を示します。",
)
_ENGLISH = Wording(
    dropped_facts="The documents also say",
    unsupported_share="{count} of {total}",
    unsupported_note="{count} sentences could not be found in the documents; they are marked.",
    removed_markers="{count} source numbers that point to no document were removed.",
    removed_links="{count} links, images or the like that are not in the documents were removed.",
    dropped_passages="For want of room, {count} of the passages found were not given to the language model.",
    says_nothing="The language model finds no answer in the passages; near statements from the documents are shown.",
)


def wording(language: Language) -> Wording:
    """The words for a language."""
    return _ENGLISH if language is Language.ENGLISH else _JAPANESE
