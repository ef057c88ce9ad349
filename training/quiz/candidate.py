"""A quiz item in the making: every claim in it with the passage that shows it, so that it can be checked.

`training.quiz.check` checks candidates; `training.quiz.number` turns chosen ones into items with numbered citations.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assistant.citations import Evidence
from training.models import QuizKind


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of an item, and what the documents show of it.

    `text` is what is to choose, to match or to put in order; `evidence` where the documents say it, and `reason` what
    they say of it, in a sentence: why it is right, or where else it belongs.
    """

    text: str
    evidence: Evidence
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could be asked. Two with the same `key` ask for the same fact, however they ask.

    `subjects` are what the item is about: names of themes of the guidance, and headings above its passages. `chunks`
    of `right`, `wrong` and so on are real passages of the index.

    - CHOICE and CASE: `right` is the answer, `wrong` at least three others, in order of preference (at most six).
      CASE has `story`.
    - TRUE_FALSE: `stem` is the statement; `right.text` is 「正しい」 or 「誤り」, `right.evidence` shows what is so;
      `wrong` is empty. Where it is wrong, `altered` is the piece of the stem that was put in, and `original` the piece
      of the evidence that it stands for.
    - MATCHING: `pairs`, three to five; no left-hand side fits two right-hand ones.
    - ORDERING: `sequence` in the right order, three to six.

    `about` are the countermeasures and cases whose answer is asked for, so that a quiz can ask for others first.
    """

    key: str
    kind: QuizKind
    difficulty: int
    stem: str
    explanation: Shown
    subjects: tuple[str, ...]
    right: Shown | None = None
    wrong: tuple[Shown, ...] = ()
    story: Shown | None = None
    pairs: tuple[tuple[str, Shown], ...] = ()
    sequence: tuple[Shown, ...] = ()
    altered: str = ""
    original: str = ""
    about: tuple[str, ...] = ()

    @property
    def item_id(self) -> str:
        """A short hash of what is asked: 12 hexadecimal digits."""
        asked = "\n".join((self.kind.value, self.key, self.stem, self.right.text if self.right else ""))
        return hashlib.sha256(asked.encode()).hexdigest()[:12]
