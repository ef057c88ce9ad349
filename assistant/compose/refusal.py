"""The honest "not in the documents": when to say it, and what to offer instead."""

from __future__ import annotations

from assistant.compose.draft import harmless
from assistant.compose.found import Found
from assistant.compose.phrases import phrases
from assistant.question import QuestionKind, wants_measures
from assistant.relevance import section_context
from assistant.situations import theme_hits
from assistant.wordings import worded

# Chosen on `early-dev` of eval/questions: docs/decisions/0005-not-in-the-documents.md.
# A story has details that no document knows (which country, which product); a question for a fact has none to spare.
_LEAST_IN_A_THEME, _LEAST_ELSE = 0.3, 0.54
# A question that names so many things of one theme is about it, however long its story.
_ANCHORS, _LEAST_ANCHORED = 3, 0.12
# The value itself must be there, of the form asked for: that is the stricter test.
_LEAST_FOR_A_VALUE = 0.42
_SUGGESTIONS = 3
_NEAR = 0.2


def is_answerable(found: Found) -> bool:
    """Whether the documents speak of enough of the question for an answer to be put together from them."""
    if found.query.kind is QuestionKind.SMALL_TALK or not found.query.text or worded("misuse", found.query.standalone):
        return False
    if found.query.kind is QuestionKind.FACT:
        return found.relevance.coverage(found.results).share >= _LEAST_FOR_A_VALUE
    told = found.query.kind is QuestionKind.SCENARIO or wants_measures(found.query.canonical)
    hits = max(theme_hits(found.query.wording).values(), default=0) if told else 0
    least = (
        _LEAST_ELSE if not hits else _LEAST_IN_A_THEME if hits + len(found.query.meant) < _ANCHORS else _LEAST_ANCHORED
    )
    return found.relevance.coverage(found.results).share >= least


def compose_refusal(found: Found) -> tuple[str, tuple[str, ...]]:
    """The text that says so, and questions that the documents do answer."""
    words = phrases(found.query.language)
    if found.query.kind is QuestionKind.SMALL_TALK:
        return words.greeting, ()
    near = [r.chunk for r in found.results if found.relevance.share(r.chunk.text, section_context(r.chunk)) >= _NEAR]
    topics = list(dict.fromkeys(chunk.section[-1] for chunk in near if chunk.section))
    suggestions = tuple(words.suggestion.format(topic=harmless(topic)) for topic in topics[:_SUGGESTIONS])
    return words.not_in_corpus, suggestions
