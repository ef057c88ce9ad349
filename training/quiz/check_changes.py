"""The checks of questions on what one edition of a document has and another has not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.models import Document
from training.material import Material
from training.quiz.candidate import Candidate, Shown
from training.quiz.check_text import key

_COMPARES = re.compile(r"^(?P<has>.+?)の「.+」に挙がっていて、(?P<lacks>.+?)には挙がっていないもの")


def compared_editions(candidate: Candidate, material: Material) -> tuple[str, str] | None:
    """The texts of the two documents that a question compares, of the one that has a thing first; None if it does not.

    Both must be named by an edition or a title that one document of the index bears alone.
    """
    match = _COMPARES.match(candidate.stem)
    if match is None:
        return None
    has, lacks = (_named(match[side], material) for side in ("has", "lacks"))
    return (_text(has, material), _text(lacks, material)) if has and lacks else ("", "")


def change_faults(candidate: Candidate, right: Shown, texts: tuple[str, str]) -> Iterator[str]:
    """The right answer stands in the first text alone, each wrong one in both."""
    has, lacks = texts
    if key(right.text) not in has or key(right.text) in lacks:
        yield "正解が、片方の版だけにあるものではありません"
    for wrong in candidate.wrong:
        if key(wrong.text) not in has or key(wrong.text) not in lacks:
            yield f"誤りの選択肢が、両方の版にあるものではありません：{wrong.text[:20]}"
        if key(wrong.evidence.chunk.text) not in lacks:
            yield f"誤りの選択肢の出典が、比べる版ではありません：{wrong.text[:20]}"


def _named(text: str, material: Material) -> Document | None:
    """The one document whose edition or title stands in a text."""
    wanted = key(text)
    found = [
        document
        for document in material.documents.values()
        if any(key(name) in wanted for name in (document.edition, document.title) if name)
    ]
    return found[0] if len(found) == 1 else None


def _text(document: Document, material: Material) -> str:
    return "\n".join(key(chunk.text) for chunk in material.chunks if chunk.doc_id == document.doc_id)
