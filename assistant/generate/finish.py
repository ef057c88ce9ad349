"""From a model's whole text to the answer: verified, or the extractive answer with a note. No request is made here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.compose.found import Found
from assistant.compose.notes import reader_notes
from assistant.generate.facts import dropped_facts
from assistant.generate.faults import Fault, ModelFault
from assistant.generate.notes import fault_note
from assistant.generate.options import GenerateOptions
from assistant.generate.pieces import is_wrong_language, whole_sentences
from assistant.generate.prompt import Prompt
from assistant.generate.wording import Wording, wording
from assistant.models import Answer, AnswerStatus, Citation, Sentence, Support
from assistant.prompts import NOT_IN_DOCUMENTS
from assistant.question import Language
from assistant.verify.models import Kind, Verified
from corpus.clean import quote_key

Verify = Callable[[str], Verified]

# A part of a reply says nothing wrong in these cases, it is only not all of it.
_PARTLY = frozenset(Fault) - {Fault.WRONG_LANGUAGE, Fault.UNSUPPORTED, Fault.EMPTY, Fault.TOO_LONG}
_STRICT = (Support.VERBATIM, Support.SUPPORTED)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request: the text, not verified yet, what it was asked with, and the fault that ended it."""

    text: str
    prompt: Prompt
    model: str
    fault: ModelFault | None = None


def finish(reply: Reply, found: Found, extractive: Answer, verify: Verify, options: GenerateOptions) -> Answer:
    """Return the answer for a reply; its timing is the extractive one's."""
    language = found.query.language
    text, fault = _usable(reply, language)
    if not text:
        return _instead(reply, extractive, fault or ModelFault(Fault.EMPTY), language)
    verified = verify(text)
    if _says_nothing(verified):
        return _not_in_documents(reply, found, extractive, options)
    if problem := _problem(verified, extractive, options, language):
        return _instead(reply, extractive, problem, language)
    return _generated(reply, found, extractive, verified, fault, options)


def _usable(reply: Reply, language: Language) -> tuple[str, ModelFault | None]:
    """The part of a reply that may be verified, "" for none, and what is amiss."""
    fault = reply.fault
    if fault is not None and fault.fault not in _PARTLY:
        return "", fault
    text = reply.text.strip() if fault is None else whole_sentences(reply.text).strip()
    if is_wrong_language(text, language):
        return "", ModelFault(Fault.WRONG_LANGUAGE)
    return text, fault


def _instead(reply: Reply, extractive: Answer, fault: ModelFault, language: Language) -> Answer:
    note = fault_note(fault, language, kept=False)
    return replace(
        extractive,
        notes=(note, *extractive.notes),
        model=reply.model,
        fault=fault.fault.value,
        dropped_passages=reply.prompt.dropped,
    )


def _says_nothing(verified: Verified) -> bool:
    """Whether all that is said is that the documents do not say."""
    kinds = {sentence.kind for sentence in verified.sentences}
    return Kind.NOT_IN_DOCUMENTS in kinds and not verified.claims


def _problem(verified: Verified, extractive: Answer, options: GenerateOptions, language: Language) -> ModelFault | None:
    """The fault of a text that the documents do not carry, None for one that may be shown."""
    claims = verified.claims
    if not claims:
        return ModelFault(Fault.EMPTY)
    bad = sum(claim.status is Support.UNSUPPORTED for claim in claims)
    is_bad = bad > options.unsupported_share * len(claims)
    if extractive.status is AnswerStatus.NOT_IN_CORPUS:
        bad = sum(claim.status not in _STRICT for claim in claims)
        is_bad = bad > 0
    if not is_bad:
        return None
    return ModelFault(Fault.UNSUPPORTED, wording(language).unsupported_share.format(total=len(claims), count=bad))


def _not_in_documents(reply: Reply, found: Found, extractive: Answer, options: GenerateOptions) -> Answer:
    """The answer for a model that says that the documents do not say; what was found all the same is listed."""
    language = found.query.language
    words = wording(language)
    text = NOT_IN_DOCUMENTS[language]
    listed = _Listed.of(extractive, text, (), options.listed_facts)
    return replace(
        extractive,
        text=text + listed.block(words),
        sentences=listed.sentences,
        citations=listed.citations,
        status=AnswerStatus.NOT_IN_CORPUS,
        notes=(*((words.says_nothing,) if listed.sentences else ()), *reader_notes(found, listed.citations)),
        generated=True,
        model=reply.model,
        dropped_passages=reply.prompt.dropped,
        dropped_facts=listed.sentences,
    )


def _generated(
    reply: Reply,
    found: Found,
    extractive: Answer,
    verified: Verified,
    fault: ModelFault | None,
    options: GenerateOptions,
) -> Answer:
    language = found.query.language
    words = wording(language)
    # What a broken or stopped reply did not get to, it did not leave out.
    limit = options.listed_facts if fault is None else 0
    listed = _Listed.of(extractive, verified.text, tuple(verified.citations), limit)
    unsupported = sum(claim.status is Support.UNSUPPORTED for claim in verified.claims)
    citations = (*verified.citations, *listed.citations)
    return replace(
        extractive,
        text=verified.text + listed.block(words),
        sentences=(*verified.statements(), *listed.sentences),
        citations=citations,
        status=AnswerStatus.ANSWERED,
        notes=(
            *((fault_note(fault, language, kept=True),) if fault else ()),
            *_counted(verified, unsupported, reply.prompt.dropped, words),
            *reader_notes(found, citations),
        ),
        suggestions=(),
        generated=True,
        model=reply.model,
        fault=fault.fault.value if fault else None,
        removed_markers=verified.removed_markers,
        removed_links=verified.removed_links,
        dropped_passages=reply.prompt.dropped,
        dropped_facts=listed.sentences,
    )


def _counted(verified: Verified, unsupported: int, dropped: int, words: Wording) -> list[str]:
    counts = (
        (words.unsupported_note, unsupported),
        (words.removed_markers, verified.removed_markers),
        (words.removed_links, verified.removed_links),
        (words.dropped_passages, dropped),
    )
    return [note.format(count=count) for note, count in counts if count]


@dataclass(frozen=True, slots=True)
class _Listed:
    """Sentences of the extractive answer under another text, with citations that carry on that text's numbers."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]

    @classmethod
    def of(cls, extractive: Answer, text: str, citations: Sequence[Citation], limit: int) -> _Listed:
        numbers = {_key(citation): citation.marker for citation in citations}
        last = max(numbers.values(), default=0)
        known = {citation.marker: citation for citation in extractive.citations}
        sentences, added = [], []
        for sentence in dropped_facts(extractive, text, limit):
            markers = []
            for citation in (known[marker] for marker in sentence.markers if marker in known):
                if _key(citation) not in numbers:
                    last += 1
                    numbers[_key(citation)] = last
                    added.append(replace(citation, marker=last))
                markers.append(numbers[_key(citation)])
            if markers:
                sentences.append(replace(sentence, markers=tuple(markers)))
        return cls(tuple(sentences), tuple(added))

    def block(self, words: Wording) -> str:
        """The sentences as a list under its heading; "" for none."""
        if not self.sentences:
            return ""
        items = [f"- {s.text} {''.join(f'[{marker}]' for marker in s.markers)}" for s in self.sentences]
        return "\n\n" + "\n".join((f"**{words.dropped_facts}**", "", *items))


def _key(citation: Citation) -> tuple[str, str]:
    return citation.chunk_id, quote_key(citation.quote)
