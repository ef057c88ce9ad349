"""Right-or-wrong items: sentences as they stand, and sentences in which one piece was swapped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from training.labels import FALSE, TRUE
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Labelled, Line, subjects_of
from training.quiz.likeness import key
from training.quiz.said import Said
from training.quiz.stated_blanks import blank_candidate
from training.quiz.stated_figures import find_figures, other_values, where_it_belongs
from training.quiz.swaps import Swap, swaps, vocabulary

# What people who are trained should know: duties, permissions, support, where to ask.
_USEFUL = re.compile(
    r"必要|義務|許可|禁止|規制|報告|相談|認証|加点|補助|営業秘密|外為法|無料|無償|審査|同意|契約|違反|対象|みなし輸出|居住者"
    r"|特別利率|守る|重要技術|独占禁止法|申請|上限|共同研究|漏|秘密|施行|技術流出"
)
# How many statements may turn on one name, figure or ending.
_MOST_OF_ONE = 6
_HAS_YEAR = re.compile(r"(?:19|20)\d\d年|令和\d")


def truth_candidates(base: Base) -> list[Candidate]:
    """Statements of figures and sentences, half of them altered, and sentences with a blank."""
    said = Said(base)
    statements = Statements(base, said)
    sentences = [line for line in _distinct(base.sentences) if _is_asked(base, line)]
    words = vocabulary(base.lines)
    made = [statements.of_sentence(line, list(swaps(line.text, words))) for line in sentences]
    figures = find_figures(base)
    asked: Counter[str] = Counter()
    made += [blank_candidate(base, line, words, said, asked) for line in sentences]
    made += [statements.of_figure(figure, other_values(base, figure, figures)) for figure in figures]
    return [candidate for candidate in made if candidate is not None]


@dataclass
class Statements:
    """Makes statements, right and altered by turns, as far as what is altered is surely wrong."""

    base: Base
    said: Said
    _altered: int = 0
    _right: int = 0
    _asked: Counter[str] = field(default_factory=Counter)

    def of_sentence(self, line: Line, possible: Sequence[Swap]) -> Candidate | None:
        """A sentence, altered if it is its turn and can be; None where nothing of it can be swapped at all."""
        possible = [swap for swap in possible if self._asked[swap.original] < _MOST_OF_ONE]
        if not possible:
            return None
        self._asked[possible[0].original] += 1
        if self._altered <= self._right:
            swap = next((swap for swap in possible if not self._may_be_true(line.text, swap)), None)
            if swap is not None:
                return self._made(line, swap)
        return self._made(line, None)

    def of_figure(self, figure: Labelled, others: Sequence[Labelled]) -> Candidate | None:
        """A labelled figure as a sentence, with another figure of its form where it is its turn."""
        label = figure.line.text.partition("：")[0]
        swap = reason = None
        if self._altered <= self._right and others:
            swap = Swap(figure.value, others[0].value)
            reason = f"{where_it_belongs(figure, others[0])}正しくは「{figure.value}」です。"
            if "これは" in reason:
                reason = reason.replace("これは", f"「{swap.altered}」は", 1)
        text = f"{label}は、{figure.value}です。"
        made = self._made(Line(figure.line.text, figure.chunk), swap, text, reason)
        subjects = (figure.label, *made.subjects)
        return replace(made, key=f"figure:{figure.name}:{figure.as_of}", difficulty=2, subjects=subjects)

    def _made(self, line: Line, swap: Swap | None, text: str | None = None, reason: str | None = None) -> Candidate:
        text = text or line.text
        self._altered += swap is not None
        self._right += swap is None
        why = reason or _explanation(line, swap)
        return Candidate(
            key=f"truth:{key(line.text)[:60]}",
            kind=QuizKind.TRUE_FALSE,
            difficulty=1,
            stem=swap.applied(text) if swap else text,
            explanation=Shown(why, line.evidence),
            subjects=subjects_of(line.chunk),
            right=Shown(FALSE if swap else TRUE, line.evidence, why),
            altered=swap.altered if swap else "",
            original=swap.original if swap else "",
        )

    def _may_be_true(self, sentence: str, swap: Swap) -> bool:
        """Whether some passage may say what the altered sentence says."""
        if swap.is_denial:
            return self.said.verbatim(swap.applied(sentence))
        return self.said.perhaps(sentence.replace(swap.original, ""), swap.altered)


def _explanation(line: Line, swap: Swap | None) -> str:
    if swap is None:
        return f"資料のとおりです。「{line.chunk.section[-1]}」の箇所に書かれています。"
    if swap.is_denial:
        return f"資料には「{line.text}」とあります。"
    return f"「{swap.altered}」ではなく、「{swap.original}」です。"


def _is_asked(base: Base, line: Line) -> bool:
    """Whether a sentence is a rule or a fact worth knowing that still holds, or says of when it is."""
    if re.search(r"(?:ましょう|ください|でしょうか|下さい)。$", line.text) or not _USEFUL.search(line.text):
        return False
    return not base.is_replaced(line.chunk) or bool(_HAS_YEAR.search(line.text))


def _distinct(lines: Iterable[Line]) -> list[Line]:
    return list({key(line.text): line for line in lines}.values())
