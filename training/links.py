"""Which countermeasure a case names, so that a question about both makes sense."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.clean import search_text
from training.material import Material
from training.models import Countermeasure
from training.sentences import plain_heading

# A word that both titles have tells something from this share of the weight of a word that no passage has: on the
# twelve cases of the bundled handbook it parts 仕入先, 顧客 and 撤退 from 社員, 製造 and 契約.
_TELLING = 0.48
_NOWHERE = "\x00"


def nearest_row(material: Material, title: str, rows: Sequence[Countermeasure]) -> Countermeasure | None:
    """The countermeasure whose title has the rarest word of a case's title; None where they share no telling word."""
    retriever = material.assistant.retriever
    told = _words(material, plain_heading(title))
    scores = [max(map(retriever.idf, told & _words(material, row.title)), default=0.0) for row in rows if row.pages]
    best = max(scores, default=0.0)
    if best < _TELLING * retriever.idf(_NOWHERE):
        return None
    return [row for row in rows if row.pages][scores.index(best)]


def _words(material: Material, text: str) -> frozenset[str]:
    return frozenset(material.assistant.retriever.tokenizer.content(search_text(text)))
