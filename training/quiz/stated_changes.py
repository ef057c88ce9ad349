"""Questions on what a newer edition put on a list that the older one did not have."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import Chunk, Document
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Line, edition_name, subjects_of
from training.quiz.facts_lists import Item, ItemList
from training.quiz.likeness import key

_MOST_WRONG = 4
# From this share of known items on, the older document has the list too.
_SAME_LIST = 0.5
_MOST_ASKED = 2


def change_candidates(base: Base, lists: Sequence[ItemList]) -> list[Candidate]:
    """For each list of an edition that replaces another one: what is new on it, against what was there before."""
    made: list[Candidate] = []
    for one in lists:
        document = base.document(one.chunk)
        for old in (base.material.documents.get(doc_id) for doc_id in document.replaces):
            if old is not None:
                made += _of_list(base, one, document, old)
    return made


def _of_list(base: Base, one: ItemList, document: Document, old: Document) -> list[Candidate]:
    before = [chunk for chunk in base.material.chunks if chunk.doc_id == old.doc_id]
    known = {item.text: line for item in one.items if (line := _line(item, before)) is not None}
    new = [item for item in one.items if item.text not in known]
    if len(known) < max(3, _SAME_LIST * len(one.items)) or not new:
        return []
    names = edition_name(document, base.material.documents), edition_name(old, base.material.documents)
    return [_candidate(one, item, known, names) for item in new[:: max(1, len(new) // _MOST_ASKED)][:_MOST_ASKED]]


def _line(item: Item, chunks: Sequence[Chunk]) -> Line | None:
    """The line of the older document that has the item."""
    wanted = key(item.text)
    lines = (Line(line.strip(), chunk) for chunk in chunks for line in chunk.text.split("\n"))
    return next((line for line in lines if wanted in key(line.text)), None)


def _candidate(one: ItemList, item: Item, known: dict[str, Line], names: tuple[str, str]) -> Candidate:
    newer, older = names
    wrong = [other for other in one.items if other.text in known]
    near = sorted(wrong, key=lambda other: abs(len(other.text) - len(item.text)))[:_MOST_WRONG]
    why = f"{newer}の「{one.name}」に挙がっていて、{older}にはありません。"
    return Candidate(
        key=f"change:{one.name}:{item.text}",
        kind=QuizKind.CHOICE,
        difficulty=3,
        stem=f"{newer}の「{one.name}」に挙がっていて、{older}には挙がっていないものは、次のうちどれですか。",
        explanation=Shown(f"「{item.text}」は、{why}", item.line.evidence),
        subjects=(one.name, *subjects_of(one.chunk)),
        right=Shown(item.text, item.line.evidence, why),
        wrong=tuple(
            Shown(o.text, known[o.text].evidence, f"「{o.text}」は、{older}にも挙がっています。") for o in near
        ),
    )
