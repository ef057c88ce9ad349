"""Whether the documents may say a thing that was put together: the guard behind what is offered as wrong."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.citations import sentences_of
from training.quiz.facts import Base
from training.quiz.likeness import key, share_in

# A passage that has this share of the rest of a sentence beside the piece put in may make it true.
_MAY_BE_TRUE = 0.55


class Said:
    """The sentences of an index with the headings above them, read once."""

    def __init__(self, base: Base) -> None:
        self._sentences = [
            (key(sentence), sentence + "".join(chunk.section), chunk.doc_id)
            for chunk in base.material.chunks
            for sentence in sentences_of(chunk.text)
        ]
        self._with: dict[str, list[tuple[str, str]]] = {}

    def verbatim(self, sentence: str) -> bool:
        """Whether a sentence stands somewhere."""
        wanted = key(sentence)
        return any(wanted in said for said, _, _ in self._sentences)

    def perhaps(self, rest: str, piece: str, within: Collection[str] | None = None) -> bool:
        """Whether some sentence of the documents `within` (of all, if None) has a piece, and most of the rest."""
        return any(
            share_in(rest, text) >= _MAY_BE_TRUE
            for text, doc_id in self._having(piece)
            if within is None or doc_id in within
        )

    def _having(self, piece: str) -> list[tuple[str, str]]:
        wanted = key(piece)
        if wanted not in self._with:
            # 4技術 does not stand in 24技術.
            whole = re.compile((r"(?<!\d)" if wanted[:1].isdigit() else "") + re.escape(wanted))
            self._with[wanted] = [(text, doc_id) for said, text, doc_id in self._sentences if whole.search(said)]
        return self._with[wanted]
