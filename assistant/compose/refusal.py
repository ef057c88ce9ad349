"""The honest "not in the documents": when to say it, and what to offer instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.citations import Evidence, sentences_of
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.phrases import Phrases, phrases
from assistant.question import QuestionKind, wants_measures
from assistant.relevance import section_context
from assistant.situations import theme_hits
from assistant.wordings import worded
from corpus.models import Chunk, Document
from index.retriever import DENSE

# Chosen on `early-dev` of eval/questions: docs/decisions/0005-not-in-the-documents.md.
# A story has details that no document knows (which country, which product); a question for a fact has none to spare.
_LEAST_IN_A_THEME, _LEAST_ELSE = 0.3, 0.54
# A question that names so many things of one theme is about it, however long its story.
_ANCHORS, _LEAST_ANCHORED = 3, 0.12
# The value itself must be there, of the form asked for: that is the stricter test.
_LEAST_FOR_A_VALUE = 0.42
_SUGGESTIONS = 2
_NEAR = 0.2
_LINES, _OFFICES = 2, 2
# Below this cosine with its nearest passage, or share of its words, a question is about something else: of the bundled
# questions without an answer, nine in ten on general matters lie below it and four in five near misses above.
_NEAREST, _ON_THE_SUBJECT = 0.35, 0.2
# A heading that names no subject of its own, and the number in front of one that does.
_NO_TOPIC = re.compile(r"について$|^はじめに$|^まとめ$|^(?:論点|課題|効果|概要|目次)$|」|。")
_NUMBERING = re.compile(r"^(?:\d{1,2}|[①-⑳]|（\d{1,2}）|\(\d{1,2}\))\s*")


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


def compose_refusal(found: Found, draft: Draft) -> tuple[str, tuple[str, ...]]:
    """Return the text that says so, and questions that the documents do answer.

    A near miss adds to `draft` what is there, each line with its citation; nothing is added to it otherwise.
    """
    words, question = phrases(found.query.language), found.query.standalone
    if worded("misuse", question):
        return _no_help(found), ()
    if found.query.kind is QuestionKind.SMALL_TALK:
        return _small_talk(found), ()
    near = _near(found) if _is_on_the_subject(found) else []
    if near:
        for chunk in near[:_LINES]:
            _add_near(found, draft, chunk)
        if not draft.is_empty():
            return f"{words.near_miss}\n\n{draft.text()}", _suggestions(words, near[_LINES:])
    return words.not_in_corpus, _suggestions(words, _openings(found))


def _is_on_the_subject(found: Found) -> bool:
    nearest = max((result.scores_by_field.get(DENSE, 0.0) for result in found.results), default=0.0)
    return nearest >= _NEAREST and found.relevance.coverage(found.results).share >= _ON_THE_SUBJECT


def _near(found: Found) -> list[Chunk]:
    """Return the passages that have some of the question's words, one for each heading, best first."""
    near = {
        (result.chunk.doc_id, result.chunk.section): result.chunk
        for result in reversed(found.results)
        if result.chunk.section
        and found.relevance.share(result.chunk.text, section_context(result.chunk)) >= _NEAR
        and not found.guidance.is_replaced(result.chunk.doc_id)
    }
    ranked = [result.chunk for result in found.results]
    headings = {chunk.section[-1]: chunk for chunk in sorted(near.values(), key=ranked.index, reverse=True)}
    return sorted(headings.values(), key=ranked.index)


def _add_near(found: Found, draft: Draft, chunk: Chunk) -> None:
    """Add the heading of a passage, its document and edition, and its page; its first sentence is quoted."""
    document = found.documents[chunk.doc_id]
    edition = document.edition or document.published
    place = f"p. {chunk.page_label}" if chunk.page_label else edition
    title = document.title if not edition or place == edition else f"{document.title} {edition}"
    heading = next((heading for heading in reversed(chunk.section) if heading), document.title)
    text = phrases(found.query.language).near_passage.format(
        heading=harmless(heading), document=harmless(title), place=harmless(place or chunk.section[0])
    )
    draft.state(text, Evidence(chunk, sentences_of(chunk.text)[0]), style=Style.ITEM)


def _openings(found: Found) -> list[Chunk]:
    """Return passages that can always be asked about: of the countermeasures, or else of the newest document."""
    measures = [measure.section for measure in found.guidance.measures(found.doc_ids) if measure.section]
    if measures:
        return [measures[0], measures[len(measures) // 2]]
    newest = max(found.documents.values(), key=lambda document: (document.published or "", document.doc_id))
    return [chunk for chunk in found.retriever.chunks if chunk.doc_id == newest.doc_id and chunk.section][:_SUGGESTIONS]


def _suggestions(words: Phrases, chunks: Sequence[Chunk]) -> tuple[str, ...]:
    headings = [chunk.section[-1] for chunk in chunks if chunk.section and not _NO_TOPIC.search(chunk.section[-1])]
    topics = dict.fromkeys(_NUMBERING.sub("", heading) for heading in headings)
    return tuple(words.suggestion.format(topic=harmless(topic)) for topic in list(topics)[:_SUGGESTIONS])


def _no_help(found: Found) -> str:
    words = phrases(found.query.language)
    offices = list(dict.fromkeys(contact.name for contact in found.guidance.contacts(found.doc_ids)))[:_OFFICES]
    where = words.misuse_contact.format(offices="、".join(map(harmless, offices))) if offices else ""
    return f"{words.misuse}{where}"


def _small_talk(found: Found) -> str:
    """Return the answer to what is asked of the assistant, not of the documents."""
    words, question = phrases(found.query.language), found.query.standalone
    documents = [d for d in found.documents.values() if found.doc_ids is None or d.doc_id in found.doc_ids]
    if worded("about_dates", question):
        newest = max(documents, key=lambda document: document.published or "")
        dates = words.about_dates.format(newest=_document(words, newest), count=len(documents))
        return f"{dates}\n\n{_listed(words, documents)}"
    if worded("about_documents", question):
        return f"{words.about_documents.format(count=len(documents))}\n\n{_listed(words, documents)}"
    if worded("about_me", question):
        return words.about_me.format(count=len(documents))
    if worded("thanks", question):
        return words.thanks
    return words.farewell if worded("farewell", question) else words.greeting


def _listed(words: Phrases, documents: Sequence[Document]) -> str:
    return "\n".join(f"- {_document(words, document)}" for document in documents)


def _document(words: Phrases, document: Document) -> str:
    edition = document.edition or document.published
    return words.document.format(title=harmless(document.title), edition=harmless(edition or document.doc_id))
