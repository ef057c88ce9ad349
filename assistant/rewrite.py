"""A follow-up made to stand alone by a language model, where the rules are not sure of their own way.

The model only rewords: what it brings in that nobody said, or says in another form than one question, is not used.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant import prompts
from assistant.generate.faults import ModelFault
from assistant.generate.options import GenerateOptions
from assistant.generate.pieces import without_thoughts
from assistant.generate.stream import stream_text
from assistant.models import Turn

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

_TURNS, _TURN_CHARACTERS = 4, 400
_LONGEST, _SECONDS = 300, 20.0
_SHORT_QUESTION = 14
_FENCE_BYTES = 8
_LEANING = re.compile(
    r"それ|これ|その|この(?!ガイダンス|ハンドブック)|そこ|あれ|あの|そういう|同じ|前者|後者|上記|さっき|先ほど|今の|ほか|他に"
    r"|もっと|さらに|じゃあ|では[、，]|でも|だったら|\b(?:it|its|they|them|that|those|these|this|there|former|latter|same|ones?)\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_TERM = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z][A-Za-z0-9-]+|[ァ-ヴー]{3,}|[一-龥]{2,}")
_FORBIDDEN = re.compile(r"https?://|[<>\[\]{}`]|\n")
_QUOTES = '「」『』"“” 　'
# Words that a rewriting may need to become a sentence.
_LINKING = frozenset(
    """
    場合 関連 内容 資料 文書 質問 説明 具体的 以外
    the of in for about what which is are does do how when who it to and on with there other than according document
    documents
    """.split()  # noqa: SIM905 (a list of words would be read by nobody)
)


def is_unsure(question: str, history: Sequence[Turn], by_rule: str) -> bool:
    """Whether a model should be asked what a question means.

    It should where there is a conversation and the question was joined to what was before, leans on something, or is
    short; `by_rule` is the question as the rules made it stand alone.
    """
    if not any(turn.role == "user" and turn.text.strip() for turn in history):
        return False
    asked = unicodedata.normalize("NFKC", question).strip()
    joined = unicodedata.normalize("NFKC", by_rule).strip() != " ".join(asked.split())
    return joined or len(asked) <= _SHORT_QUESTION or _LEANING.search(asked) is not None


def rewrite(
    model: BaseChatModel,
    question: str,
    history: Sequence[Turn],
    options: GenerateOptions | None = None,
    stop: threading.Event | None = None,
) -> str | None:
    """Return the question as a model makes it stand alone; None where it fails, or its wording cannot be used.

    Takes 20 seconds at most, and never raises: without a rewording the rules' own is there.
    """
    options = options or GenerateOptions()
    limits = replace(
        options,
        answer_characters=4 * _LONGEST,
        total_seconds=min(_SECONDS, options.total_seconds),
        first_token_seconds=min(_SECONDS, options.first_token_seconds),
        attempts=1,
    )
    try:
        text = "".join(stream_text(model, rewrite_messages(question, history), limits, stop))
    except ModelFault:
        return None
    return usable(without_thoughts(text), question, history)


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[BaseMessage]:
    """Return what is sent for a rewording: the last turns and the question, fenced."""
    from langchain_core.messages import HumanMessage, SystemMessage

    fence = secrets.token_hex(_FENCE_BYTES)
    lines = [f"{turn.role}: {prompts.one_line(turn.text)[:_TURN_CHARACTERS]}" for turn in history[-_TURNS:]]
    parts = (
        prompts.fenced("conversation", "\n".join(lines), fence),
        prompts.fenced("question", prompts.one_line(question), fence),
        prompts.REWRITE_TASK,
    )
    user = "\n\n".join(parts).encode("utf-8", errors="replace").decode("utf-8")
    return [SystemMessage(prompts.REWRITE.format(fence=fence)), HumanMessage(user)]


def usable(text: str, question: str, history: Sequence[Turn]) -> str | None:
    """Return a rewording as one question; None where it is too long, marked up, in another language, has words of its
    own, or none of the question's.
    """
    reworded = prompts.inert(text.strip()).strip(_QUOTES)
    if not reworded or len(reworded) > _LONGEST or _FORBIDDEN.search(text.strip()):
        return None
    if bool(_JAPANESE.search(reworded)) != bool(_JAPANESE.search(question)):
        return None
    said = _key(" ".join((question, *(turn.text for turn in history[-_TURNS:]))))
    own, terms = _terms(question), _terms(reworded)
    # What says nothing of what was asked is no wording of it, such as 「資料には書かれていません」.
    keeps = any(is_made_of(term, _key(reworded)) for term in own) if own else bool(terms)
    return reworded if keeps and all(is_made_of(term, said) for term in terms) else None


def _terms(text: str) -> list[str]:
    return [term for term in _TERM.findall(_key(text)) if term not in _LINKING]


def is_made_of(term: str, said: str) -> bool:
    """Whether a term was said, or is put together from parts of at least two characters that were."""
    reached = {0}
    for end in range(2, len(term) + 1):
        if any(start in reached and term[start:end] in said for start in range(end - 1)):
            reached.add(end)
    return term in said or (not term.isascii() and len(term) in reached)


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
