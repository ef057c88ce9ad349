"""What the indexed documents hold of a theme: countermeasures, cases and passages with rules.

A theme with a check list has its countermeasures from there; any other has passages under headings that are about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.compose.found import Found
from assistant.compose.refusal import is_answerable
from assistant.errors import AssistantError
from assistant.guidance import Case, Measure
from assistant.models import AnswerStatus
from assistant.relevance import section_context
from assistant.situations import theme_of
from corpus.clean import quote_key
from corpus.models import Chunk
from training.catalogue import Theme, themes
from training.material import Material
from training.pack.passages import MOST_PASSAGES, Passage, is_taught, is_told, newest, passages_about, passages_of
from training.pack.sentences import share_in, told_of

# The share of a free theme's words that a passage must have.
_SPEAKS_OF = 0.6
# A passage of which a countermeasure says this share adds nothing.
_SAID = 0.7
# Fewer countermeasures than these are filled up from the passages that explain them.
_FEW_MEASURES = 5
# A chapter and its parts: below them a passage explains a part.
_CHAPTER = 2


@dataclass(frozen=True, slots=True)
class Subject:
    """What there is for a theme, best first.

    `cases_of_others`: the cases stand in chapters on other themes. `filled_from`: the chapter whose countermeasures
    were added because few are about the theme itself.
    """

    theme: Theme
    measures: tuple[Measure, ...] = ()
    passages: tuple[Passage, ...] = ()
    cases: tuple[Case, ...] = ()
    opening: Chunk | None = None
    cases_of_others: bool = False
    filled_from: str = ""

    @property
    def entries(self) -> tuple[Measure | Passage, ...]:
        """Countermeasures and passages, each passage behind the countermeasure above it."""
        left = list(self.passages)
        ordered: list[Measure | Passage] = []
        for measure in self.measures:
            ordered.append(measure)
            below = [passage for passage in left if _stands_below(passage, measure)]
            ordered += below
            left = [passage for passage in left if passage not in below]
        return (*ordered, *left)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be taught."""
        return not self.measures and not self.passages

    @property
    def names(self) -> tuple[str, ...]:
        """By which subjects quiz items are about it: the guidance's theme, words of headings, or what was found."""
        if self.theme.guidance:
            return (self.theme.guidance,)
        if not self.theme.is_free:
            return (*self.theme.headings, *self.theme.words)
        titles = [measure.title for measure in self.measures]
        return tuple(dict.fromkeys([*titles, *(passage.chunk.section[-1] for passage in self.passages)]))


def _stands_below(passage: Passage, measure: Measure) -> bool:
    """Whether a passage stands in the same part of a chapter as the section of a countermeasure."""
    path = measure.section.section[:_CHAPTER] if measure.section else ()
    return bool(path) and passage.chunk.section[:_CHAPTER] == path


def find_subject(material: Material, theme: Theme) -> Subject:
    """What the documents hold of a theme; an empty subject where they hold nothing."""
    if theme.is_free:
        return _free(material, theme)
    if theme.guidance:
        return _guided(material, theme)
    passages = passages_about(material, theme)
    cases = [case for case in _cases(material) if any(word in case.chunk.text for word in theme.words)]
    return Subject(
        theme, passages=passages, cases=tuple(cases), opening=_opening(material, theme) if passages else None
    )


def _guided(material: Material, theme: Theme) -> Subject:
    measures = tuple(m for m in material.guidance.measures() if m.theme == theme.guidance)
    cases = [case for case in _cases(material) if case.theme == theme.guidance]
    chapter = [c for c in material.chunks if is_told(c) and any(theme_of(h) == theme.guidance for h in c.section)]
    if not measures:
        passages = newest(material, passages_of(material, chapter))[:MOST_PASSAGES]
        return Subject(theme, passages=passages, cases=tuple(cases))
    within = [c for c in chapter if c.doc_id == measures[0].item.doc_id and _is_below(c, measures)]
    parts = passages_of(material, within) if len(measures) < _FEW_MEASURES else ()
    passages = tuple(part for part in parts if not any(_is_said_by(measure, part) for measure in measures))
    return Subject(theme, measures, passages, tuple(cases or _cases(material)), cases_of_others=not cases)


def _is_said_by(measure: Measure, passage: Passage) -> bool:
    """Whether a countermeasure already says what a passage does."""
    return share_in("".join(passage.rules), measure.item.text) >= _SAID


def _is_below(chunk: Chunk, measures: Sequence[Measure]) -> bool:
    """Whether a passage stands in a subsection of the chapter, and is not itself a countermeasure's section."""
    sections = [measure.section.section for measure in measures if measure.section]
    return len(chunk.section) > _CHAPTER and chunk.section not in sections


def _free(material: Material, theme: Theme) -> Subject:
    """What speaks of a theme in free text, where the assistant would answer it as a question."""
    try:
        found = material.assistant.find(theme.name)
        answered = is_answerable(found) and material.assistant.ask(theme.name).status is AnswerStatus.ANSWERED
    except AssistantError:
        return Subject(theme)
    if not answered:
        return Subject(theme)
    measures = tuple(m for m in material.guidance.measures() if _speaks(found, f"{m.title} {m.item.text}", m.section))
    cases = tuple(
        sorted(
            (c for c in _cases(material) if _speaks(found, f"{c.title} {c.chunk.text}", None)),
            key=lambda case: -found.relevance.share(f"{case.title} {case.chunk.text}", ""),
        )
    )
    told = {m.item.chunk_id for m in measures} | {m.section.chunk_id for m in measures if m.section}
    chunks = [
        result.chunk
        for result in found.results
        if result.chunk.chunk_id not in told and _speaks(found, result.chunk.text, result.chunk)
    ]
    passages = _telling(material, found, [chunk for chunk in chunks if is_told(chunk)])
    taught = {passage.chunk.chunk_id for passage in passages}
    opening = next((c for c in chunks if c.chunk_id not in taught and is_taught(c) and len(told_of(c)) > 1), None)
    chapter = cases[0].theme if cases and len(measures) + len(passages) < _FEW_MEASURES else None
    if chapter:
        added = tuple(m for m in material.guidance.measures() if m.theme == chapter and m not in measures)
        return Subject(theme, (*measures, *added), passages, cases, opening, filled_from=_title_of(chapter))
    return Subject(theme, measures, passages, cases, opening)


def _telling(material: Material, found: Found, chunks: Sequence[Chunk]) -> tuple[Passage, ...]:
    """What passages say to do: all of it under a heading that names the theme, else the sentences that do."""
    headed = [chunk for chunk in chunks if _speaks(found, chunk.section[-1], None)]
    others = [chunk for chunk in chunks if chunk not in headed]
    sentences = passages_of(material, others, lambda text: _speaks(found, text, None), is_free=True)
    return newest(material, (*passages_of(material, headed, is_free=True), *sentences))[:MOST_PASSAGES]


def _title_of(chapter: str) -> str:
    return next((theme.title for theme in themes() if theme.guidance == chapter), chapter)


def _speaks(found: Found, text: str, chunk: Chunk | None) -> bool:
    return found.relevance.share(text, f"{section_context(chunk)} {chunk.text}" if chunk else "") >= _SPEAKS_OF


def _cases(material: Material) -> list[Case]:
    """The cases of the index, each once: newer editions before replaced ones, originals before digests."""
    ranked = sorted(
        material.guidance.cases(),
        key=lambda case: (material.is_replaced(case.chunk), material.documents[case.chunk.doc_id].is_digest),
    )
    return list({quote_key(case.title): case for case in reversed(ranked)}.values())[::-1]


def _opening(material: Material, theme: Theme) -> Chunk | None:
    """The passage that may open a session without a case: of the newest document with one, by the words in order."""
    for word in theme.opening:
        fitting = [c for c in material.chunks if c.section and word in c.section[-1] and told_of(c)]
        if fitting:
            return max(
                reversed(fitting),
                key=lambda c: (not material.is_replaced(c), material.documents[c.doc_id].published or ""),
            )
    return None
