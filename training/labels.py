"""How the material names things for Japanese readers: sources, pages, kinds and difficulties of items."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citations import page_name
from assistant.models import Citation
from training.models import Line, QuizKind, Source

KINDS = {
    QuizKind.CHOICE: "選択",
    QuizKind.TRUE_FALSE: "正誤",
    QuizKind.MATCHING: "組み合わせ",
    QuizKind.ORDERING: "並べ替え",
    QuizKind.CASE: "事例",
}
DIFFICULTIES = {1: "やさしい", 2: "ふつう", 3: "むずかしい"}
TRUE, FALSE = "正しい", "誤り"
DIGEST = "要約"
EDITED, REWORDED = "講師が編集", "言語モデルによる言い換え"
# Sides of a matching item and steps of an ordering one are called by these.
LETTERS = "アイウエオカキクケコサシスセソ"


def guidance_page(pages: str) -> str:
    """The pages that a check list names, P164, said in full: they are the guidance's, not those of the list itself."""
    return f"ガイダンス {pages}"


def marked(text: str, markers: Sequence[int]) -> str:
    """A text with its markers behind it: 「…。 [1][2]」."""
    return f"{text} {marks(markers)}" if markers else text


def worded_by(line: Line) -> str:
    """Who worded a line where it was not the program: a trainer, a language model, or ""."""
    return EDITED if line.edited else REWORDED if line.reworded else ""


def marks(markers: Sequence[int]) -> str:
    """Markers as text: [1][2]."""
    return "".join(f"[{marker}]" for marker in markers)


def short_name(citation: Citation) -> str:
    """A citation on one line for a footer: document, edition, page or section. A digest's title says that it is one."""
    place = page_name(citation) or f"「{citation.section.rpartition(' > ')[2] or '冒頭'}」"
    return f"{with_digest_mark(citation.document_title, citation.is_digest)}（{edition_name(citation)}）{place}"


def edition_name(source: Citation | Source) -> str:
    """What to call an edition: its own name, or else its date."""
    return source.edition or source.published or "版・日付なし"


def with_digest_mark(title: str, is_digest: bool) -> str:
    """A title with 「要約」 behind it where it is a digest's and does not say so itself."""
    return f"{title}（{DIGEST}）" if is_digest and DIGEST not in title else title
