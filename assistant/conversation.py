"""Follow-ups: whether a question leans on the conversation before it, and the question that stands for both.

Told by its wording (it points back, goes on, is a bare part of a sentence) and, where the documents can be searched, by
what the search finds for it alone and together with the question before. What an answer says is not decided here.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.models import Turn
from assistant.wordings import english_stop_words, generic_words, worded
from index.models import SearchResult
from index.retriever import DENSE

Search = Callable[[str], Sequence[SearchResult]]
"""Finds passages for a text that stands alone, best first."""

MAX_CONTEXT_CHARS = 1000
_TURNS_BACK = 3
# Who says so much says what it is about.
_LONGEST = 300
_LOOKED_AT = 5
FEATURES = (
    "goes on from what was said",
    "points back",
    "is a bare part of a sentence",
    "logarithm of the words with a meaning",
    "cosine of the first passage found for it alone",
    "gain in score of the first passage when asked together",
    "share of its first passages that the question before finds too",
)
# In this order, then the intercept: a logistic model of the follow-ups of `dev` and of tests/data/conversations.jsonl
# against the latter's changes of topic and questions of `dev` and `early-dev` put behind strange ones.
WEIGHTS = (3.06, 2.34, 1.73, -1.65, -2.46, 2.31, 1.99, 1.47)

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff々]")
_MARK = re.compile(r"(?<=[\u3041-\u30ff\u4e00-\u9fff々」）])[?!]+")
_ANY_WORD = re.compile(r"[^\W_]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|[一-龥々]+|[ァ-ヺー]{2,}|\d+")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*\s*")
_BACKCHANNEL = re.compile(
    r"^(?:(?:なるほど|わかりました|分かりました|了解(?:です|しました)?|そうなんですね|そうですか|ありがとう(?:ございます)?"
    r"|ok(?:ay)?|i see|thanks?|thank you)[。、！!.,]*\s*)+",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^(?:(?:じゃあ|じゃ|それでは|では|でも|でしたら|だったら|なら|で)、|それ(?:って|は)、?|じゃあ|それでは|では)"
)
_TIME = re.compile(r"(?:とき|時|際|場合|前|後|たら|だら|れば)$")
# The end of a question that only asks: what stands before it is what it is about.
_ASKS = re.compile(
    r"(?:って|とは|は|を|に|が|で)?(?:何|なに|なん|どう|どの(?:ような|ように)|どんな)(?:です|でしょう|ですか|もの|こと|すれば|したら|を(?:調べ|す))?"
    r"[^、。]{0,8}$|(?:について|を|って)?(?:詳しく)?(?:教えて|説明して|知りたい)[^、。]{0,8}$"
    r"|(?:は|って|が)?(?:あり|ある)(?:ます|ん(?:です)?)?(?:か)?$"
)
_MARKUP = re.compile(r"\[\d+\]|\*\*|^(?:- |\d+\. )", re.MULTILINE)
_LEAST_TOPIC, _BEGINNING, _ANSWER_CHARS = 3, 25, 120


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a question leans on another: what `FEATURES` names, in their order."""

    values: tuple[float, ...]

    @property
    def log_odds(self) -> float:
        """The log-odds that it is a follow-up."""
        *weights, intercept = WEIGHTS
        return sum(weight * value for weight, value in zip(weights, self.values, strict=True)) + intercept


def stand_alone(question: str, history: Sequence[Turn], search: Search | None = None) -> str:
    """Return a question that leans on the one before it together with that one; any other as it is.

    The question before may lean in its turn, on up to three before it. Without `search` only wording tells.
    """
    asked = [text for turn in history if turn.role == "user" and (text := _asked(turn))]
    whole = ""
    for text in [*asked[-_TURNS_BACK:], question]:
        whole = joined(whole, text) if whole and leans(text, whole, search) else text
    return whole


def leans(question: str, before: str, search: Search | None = None) -> bool:
    """Whether a question is to be understood from the one before it."""
    if len(question) > _LONGEST or worded("new_topic", question):
        return False
    if search is None:
        return _by_wording(question)
    return leaning(question, before, search).log_odds > 0


def leaning(question: str, before: str, search: Search) -> Leaning:
    """Return how a question leans on the one before it, by wording and by what is found."""
    alone, together, earlier = search(question), search(joined(before, question)), search(before)
    words = len(telling_words(question))
    return Leaning(
        (
            *_wording(question),
            math.log1p(words),
            alone[0].scores_by_field.get(DENSE, 0.0) if alone else 0.0,
            _gain(alone, together),
            _shared(alone, earlier),
        )
    )


def joined(before: str, question: str) -> str:
    """Return one natural question for two: what the first is about in front of the second, or both in a row."""
    before = before[-MAX_CONTEXT_CHARS:]
    if not _JAPANESE.search(before + question):
        return f"{before if before[-1] in '.?!' else before + '.'} {question}"
    before, question = _full_width(before), _full_width(question)
    topic = topic_of(before)
    if topic:
        return f"{topic}{'、' if _TIME.search(topic) else 'について、'}{_GOES_ON.sub('', question)}"
    return f"{before if before[-1] in '。？！' else before + '。'}{question}"


def last_answer(history: Sequence[Turn]) -> str:
    """Return the first sentence of the last answer, its heading included, without markers; nothing where none is."""
    answer = next((turn.text for turn in reversed(history) if turn.role == "assistant"), "")
    sentences = _SENTENCE.findall(tidy(_MARKUP.sub(" ", answer)))
    return sentences[0].strip()[:_ANSWER_CHARS] if sentences else ""


def topic_of(question: str) -> str:
    """Return what a question of one sentence is about where it does nothing but ask about it; otherwise nothing."""
    sentences = _SENTENCE.findall(question)
    if len(sentences) != 1:
        return ""
    topic, count = _ASKS.subn("", question.rstrip("。？！?! "), count=1)
    topic = topic.rstrip("、に はをがで")
    return topic if count and len(topic) >= _LEAST_TOPIC else ""


def telling_words(question: str) -> list[str]:
    """Return the words of a question that say what it is about, by their characters alone."""
    words = [word.lower() for word in _WORD.findall(question)]
    return [word for word in words if word not in english_stop_words() and word not in generic_words()]


def _by_wording(question: str) -> bool:
    goes_on, points_back, bare = _wording(question)
    return bool(goes_on or bare or (points_back and len(telling_words(question)) <= _LOOKED_AT))


def _wording(question: str) -> tuple[float, float, float]:
    question = _BACKCHANNEL.sub("", question)
    return (
        float(worded("follow_up", question)),
        # Further on it points at what the question itself has said.
        float(worded("points_back", question[:_BEGINNING])),
        float(worded("bare_part", question)),
    )


def _gain(alone: Sequence[SearchResult], together: Sequence[SearchResult]) -> float:
    if not alone or not together:
        return 0.0
    return max(-1.0, min(1.0, math.log(max(together[0].score, 1e-6) / max(alone[0].score, 1e-6))))


def _shared(alone: Sequence[SearchResult], earlier: Sequence[SearchResult]) -> float:
    ids = {result.chunk.chunk_id for result in earlier}
    return sum(result.chunk.chunk_id in ids for result in alone[:_LOOKED_AT]) / _LOOKED_AT


def _full_width(text: str) -> str:
    """Question and exclamation marks behind Japanese as people write them there; NFKC has made them Latin."""
    return _MARK.sub(lambda match: match[0].replace("?", "？").replace("!", "！"), text)


def tidy(text: str) -> str:
    """Return a text as one line without what does not print, in NFKC."""
    return unicodedata.normalize("NFKC", " ".join(_CONTROL.sub("", text).split()))


def _asked(turn: Turn) -> str:
    """Return what a turn of the user asks, nothing where there is no word in it."""
    text = _BACKCHANNEL.sub("", tidy(turn.text)).strip()[:MAX_CONTEXT_CHARS]
    return text if _ANY_WORD.search(text) else ""
