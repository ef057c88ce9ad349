"""What a question asks for: a stand-alone question, its language, its kind, and the words to search with.

Looks at words only; the documents are not consulted here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.conversation import Search, last_answer, stand_alone, tidy
from assistant.errors import QuestionError
from assistant.glossary import in_field_words, translate
from assistant.models import Turn
from assistant.situations import load_situations, named
from assistant.wordings import without_politeness, worded

MAX_QUESTION_CHARS = 2000
# Beside the question's own words (1.0); higher pulls special words above what was really asked.
EXPANSION_WEIGHT = 0.6
# A follow-up's own words again, so that the question it leans on does not drown them; and what was answered last.
OWN_WEIGHT, ANSWER_WEIGHT = 1.0, 0.2
_SHORT_QUESTION, _SMALL_TALK_CHARS = 14, 30


class QuestionKind(StrEnum):
    """What kind of answer fits."""

    SCENARIO = "scenario"
    CONTACT = "contact"
    PAGE = "page"
    DEFINITION = "definition"
    LIST = "list"
    FACT = "fact"
    HOW_TO = "how_to"
    SMALL_TALK = "small_talk"


class Language(StrEnum):
    """The language of the question, which is the language of the answer's frame."""

    JAPANESE = "ja"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for the search.

    `text` is the Japanese text to search with. `left` is what it has besides everyday words, `meant` pairs each of
    those with the guidance's word for it, and `canonical` is the question in the guidance's words. `expansions` maps
    phrase → weight; `unknown` holds the English words that no glossary entry knows. `own` is what a follow-up says by
    itself, empty where the question stands alone.
    """

    question: str
    standalone: str
    text: str
    left: str
    meant: tuple[tuple[str, str], ...]
    kind: QuestionKind
    language: Language
    expansions: Mapping[str, float] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    own: str = ""

    @property
    def canonical(self) -> str:
        """The question in the guidance's words."""
        return " ".join((self.left, *(word for _, word in self.meant)))

    @property
    def is_story(self) -> bool:
        """Whether the question tells of somebody's situation, with details that no document can know."""
        if self.kind is QuestionKind.HOW_TO:
            return wants_measures(self.standalone)
        return self.kind in (QuestionKind.SCENARIO, QuestionKind.CONTACT)

    @property
    def wording(self) -> str:
        """The question in its own words and in the guidance's, for looking up what it names."""
        return f"{self.standalone} {self.canonical}"

    @property
    def readings(self) -> tuple[str, ...]:
        """The question as likely questions are worded, and a follow-up also by itself."""
        if not self.own:
            return (self.asked,)
        alone = self.own if _JAPANESE.search(self.own) else f"{self.own} {' '.join(translate(self.own)[0])}"
        return self.asked, alone

    @property
    def asked(self) -> str:
        """The question as likely questions are worded: an English one in English, and in the Japanese that it means."""
        return f"{self.standalone} {self.text}" if self.language is Language.ENGLISH else self.text or self.standalone


_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff\uff66-\uff9f々]")
_WORD = re.compile(r"[^\W_]")

_TOPIC = re.compile(
    r"((?<![A-Za-z])(?-i:[A-Z]{2,8})(?![A-Za-z]))|[「『\"]([^「」『』\"]{2,30})[」』\"]"
    r"|([A-Za-z]{2,12}|[^\s、。「」にをがはのでと]{2,20}?(?:の[^\s、。「」にをがはのでと]{2,10}?)?)"
    r"(?:とは|って(?:何|なに|なん|どう|いう)|という(?:言葉|の)|っていうの|の(?:意味|概要|定義|略)|は(?:何|どういう|どんな))"
    r"|^what (?:is|are|does) (?:an? |the )?([^,?.]{2,40}?)(?: mean)?[?.]?(?:$| please)",
    re.IGNORECASE,
)
_ASKING = ("page", "contact", "definition", "quantity", "law", "fact", "list", "measures")
_SENTENCE_END = re.compile(r"[。！？!?]+[」』]?\s*")
_CLAUSES = {
    QuestionKind.FACT: ("quantity", "law", "fact"),
    QuestionKind.CONTACT: ("contact",),
}
_CLAUSE_END = re.compile(
    r"[。．.！!？?]\s*|(?:ですが|のですが|んですが|けれど|けど|ので|ため|くて|たら)、|、(?=この|その|あの|ガイダンス|ハンドブック)"
)


def analyse(question: str, history: Sequence[Turn] = (), search: Search | None = None) -> Query:
    """Make a question ready for the search.

    `search` finds passages for a text: what it finds helps to tell a follow-up from a question of its own.

    Raises QuestionError where there is no word in it, or more than MAX_QUESTION_CHARS characters.
    """
    asked = _tidy(question)
    standalone = stand_alone(asked, history, search)
    core = without_politeness(standalone)
    language = Language.JAPANESE if _JAPANESE.search(standalone) else Language.ENGLISH
    own = without_politeness(asked)
    leans = standalone != asked
    before = _before(own, history) if leans else {}
    kind = kind_of(own if kind_is_clear(own) else core)
    offices = named(load_situations().regions, core) if kind is QuestionKind.CONTACT else ()
    if language is Language.ENGLISH:
        words, unknown = translate(_focus(core, kind))
        unknown = tuple(word for word in unknown if not (offices and named(load_situations().regions, word)))
        text = " ".join((*words, *offices))
        return Query(question, standalone, text, text, (), kind, language, before, unknown, own if leans else "")
    left, meant = in_field_words(_without_places(_focus(core, kind), offices))
    expansions = dict.fromkeys([*(word for _, word in meant), *offices], EXPANSION_WEIGHT) | before
    return Query(
        question, standalone, core or standalone, left, meant, kind, language, expansions, own=own if leans else ""
    )


def _before(own: str, history: Sequence[Turn]) -> dict[str, float]:
    """What a follow-up is searched with besides itself: phrase → weight."""
    said = own if _JAPANESE.search(own) else " ".join(translate(own)[0])
    weights = {last_answer(history): ANSWER_WEIGHT, said: OWN_WEIGHT}
    return {phrase: weight for phrase, weight in weights.items() if phrase}


def kind_of(question: str) -> QuestionKind:
    """The kind of a stand-alone question: by the sentence that asks, the last one where it is a long story."""
    sentences = [sentence for sentence in _SENTENCE_END.split(question) if _WORD.search(sentence)]
    asking = [sentence for sentence in sentences if any(worded(cue, sentence) for cue in _ASKING)]
    if len(sentences) < 2 or not asking:
        return _kind_of_sentence(question)
    kind = _kind_of_sentence(asking[-1])
    # What to do about a story is asked of the whole of it.
    return QuestionKind.SCENARIO if kind is QuestionKind.HOW_TO and worded("measures", asking[-1]) else kind


def _kind_of_sentence(question: str) -> QuestionKind:
    if not _WORD.search(question) or (len(question) <= _SMALL_TALK_CHARS and worded("small_talk", question)):
        return QuestionKind.SMALL_TALK
    if worded("page", question):
        return QuestionKind.PAGE
    if worded("quantity", question) or worded("law", question):
        return QuestionKind.FACT
    situation, measures = worded("situation", question), worded("measures", question)
    if worded("contact", question) and not (situation and measures):
        return QuestionKind.CONTACT
    if worded("definition", question) and not measures:
        return QuestionKind.DEFINITION
    if worded("fact", question) and not measures:
        return QuestionKind.FACT
    if situation and (measures or not worded("list", question)):
        return QuestionKind.SCENARIO
    if worded("list", question):
        return QuestionKind.LIST
    return QuestionKind.HOW_TO


def kind_is_clear(question: str) -> bool:
    """Whether a question that may lean on the one before says itself what kind of answer it wants."""
    return kind_of(question) is not QuestionKind.HOW_TO


def wants_measures(question: str) -> bool:
    """Whether a question asks what to do, rather than what is."""
    return worded("measures", question)


def _focus(question: str, kind: QuestionKind) -> str:
    """The part of a question that says what is wanted, without the story around it; a story is wanted whole."""
    if kind is QuestionKind.DEFINITION:
        return _topic(question)
    if kind not in _CLAUSES:
        return question
    clauses = [clause for clause in _CLAUSE_END.split(question) if _WORD.search(clause)]
    asking = [clause for clause in clauses if any(worded(cue, clause) for cue in _CLAUSES[kind])]
    return asking[-1] if asking and len(asking[-1]) >= _SHORT_QUESTION / 2 else question


def _topic(question: str) -> str:
    """What a question for a definition wants defined, without the story around it."""
    match = _TOPIC.search(question)
    return next(group for group in match.groups() if group) if match else question


def _tidy(question: str) -> str:
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"質問が長すぎます（{len(question):,}文字）。{MAX_QUESTION_CHARS:,}文字以内にまとめてください。"
        )
    asked = tidy(question)
    if not _WORD.search(asked):
        raise QuestionError("質問が空です。知りたいことを文で入力してください。")
    return asked


def _without_places(question: str, offices: Sequence[str]) -> str:
    """The question with each place name replaced by the office in charge of it, which the documents name."""
    if not offices:
        return question
    places = sorted({place for office in offices for place in load_situations().regions[office]}, key=len, reverse=True)
    return " ".join((re.sub("|".join(map(re.escape, places)), " ", question, flags=re.IGNORECASE), *offices))
