"""Which countermeasure a case names, so that a question about both makes sense."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.clean import search_text
from training.material import Material
from training.models import CaseStudy, Countermeasure
from training.pack.sentences import plain_heading, telling_shares

# A word that both titles have tells something from this share of the weight of a word that no passage has: on the
# twelve cases of the bundled handbook it parts 仕入先, 顧客 and 撤退 from 社員, 製造 and 契約.
_TELLING = 0.48
_NOWHERE = "\x00"
# A story is about a countermeasure from this score, this many times the next one: none wrong on the same cases and
# on the originals of them.
_CLEAR, _CLEARER = 0.5, 1.3


def nearest_row(material: Material, title: str, story: str, rows: Sequence[Countermeasure]) -> Countermeasure | None:
    """The countermeasure whose title or stage has the rarest word of a case's title; None without a telling word.

    Of several with that word, the one that has the rarest other word of the story.
    """
    retriever = material.assistant.retriever
    told = _words(material, plain_heading(title))
    named = [row for row in rows if row.pages]
    above = [_words(material, f"{row.title} {row.stage or ''}") for row in named]
    scores = [max(map(retriever.idf, told & words), default=0.0) for words in above]
    best = max(scores, default=0.0)
    if best < _TELLING * retriever.idf(_NOWHERE):
        return None
    tied = [row for row, score in zip(named, scores, strict=True) if score == best]
    also = _words(material, story) - told

    def rarest(row: Countermeasure) -> float:
        return max(map(retriever.idf, also & _words(material, f"{row.title} {row.what.text}")), default=0.0)

    return max(tied, key=rarest)


def clearly_nearest(story: str, texts: Sequence[str]) -> int | None:
    """Which of some texts, counted from 0, a story has clearly most in common with; None for a narrow lead."""
    scores = telling_shares(story, texts)
    best = max(scores, default=0.0)
    second = max((score for score in scores if score != best), default=0.0)
    return scores.index(best) if best >= _CLEAR and best >= _CLEARER * second else None


def _words(material: Material, text: str) -> frozenset[str]:
    return frozenset(material.assistant.retriever.tokenizer.content(search_text(text)))


def row_of_case(material: Material, case: CaseStudy, rows: Sequence[Countermeasure]) -> Countermeasure | None:
    """The countermeasure that a case of a pack is nearest to by its title and story."""
    return nearest_row(material, case.title, "".join(line.text for line in case.story), rows)
