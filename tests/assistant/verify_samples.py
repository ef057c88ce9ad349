"""Passages for the tests of the check: three invented documents, one with everything that an attacker may hide."""

from __future__ import annotations

import re

from assistant.verify import Verified, verify
from corpus.models import BlockKind, Chunk, Document

CART = Chunk(
    "c1",
    "guide",
    ("手入れ", "点検のしかた"),
    "猫車は毎週12台ずつ点検します。点検の記録は3年間残します。\n記録は紙でも構いません。\n"
    "くわしくは https://guide.example/cart?id=1 を見てください。",
    BlockKind.PARAGRAPH,
    page_label="3–4",
)
ROPE = Chunk(
    "c2",
    "guide",
    ("手入れ", "綱の交換"),
    "綱の交換は2026年4月に始まり、費用は1億2,000万円です。係の人数は14人で、係長は鈴木 潤（山川工業株式会社）です。\n"
    "古い綱を社外に持ち出すことは認められていません。",
    BlockKind.PARAGRAPH,
    start_page=7,
    end_page=7,
)
SHED = Chunk(
    "c3",
    "other",
    ("物置",),
    "物置の鍵は二人で管理し、合い鍵を作る場合は事前に届け出ます。\n物置の温度は20度以下に保つことが望ましいです。",
    BlockKind.PARAGRAPH,
)
DOCUMENTS = {
    name: Document(name, title, None, "2026-01", "第1版", (), "https://source.example/", f"{name}.md", "0" * 64)
    for name, title in (("guide", "猫車の手引き"), ("other", "物置の決まり"))
}
PASSAGES = {1: CART, 2: ROPE, 3: SHED}
_MARKER = re.compile(r"\[(\d{1,3})\]")


def checked(text: str, passages: dict[int, Chunk] | None = None) -> Verified:
    """What the check makes of a text over the passages of these tests."""
    return verify(text, passages or PASSAGES, DOCUMENTS)


def markers_in(text: str) -> set[int]:
    """The markers that the pages would make clickable."""
    return {int(number) for number in _MARKER.findall(text)}
