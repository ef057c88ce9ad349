"""From pieces of a reply to whole sentences that may be shown: thoughts left out, nothing half, nothing unclean."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.models import Citation
from assistant.question import Language
from assistant.verify import Verifier

_OPEN, _CLOSE = "<think>", "</think>"
_SENTENCE_END = re.compile(r"[。．！？!?]|\.(?=\s|$|\[)|\n|[\]］】]\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_QUOTED = re.compile(r"「[^」]*」|『[^』]*』|（[^）]*）|\([^)]*\)|“[^”]*”|\"[^\"]*\"")
_NOT_PROSE = re.compile(r"[\[［【][^\]］】]*[\]］】]|https?://\S+|[*#\-]")
_PROSE_SENTENCE = re.compile(r"[^。．！？!?\n]+(?:[。．！？!?]|\.(?=\s|$))")
_LEAST_KANA = 0.05
_SAID = re.compile(r"[^。．！？!?\n]+[。．！？!?]?(?:\s*[\[［【]\d{1,3}[\]］】])*\s*")
_NOT_SAID = re.compile(r"[\[［【]\d{1,3}[\]］】]|\W+")
_SAID_TOO_OFTEN, _SHORT_SENTENCE = 4, 6

TELLING_LETTERS = 20
"""Letters after which the language of a text can be told."""


def without_thoughts(text: str) -> str:
    """Return a reply so far without what a reasoning model thinks aloud, nor the beginning of such a part."""
    while (start := text.find(_OPEN)) >= 0:
        end = text.find(_CLOSE, start)
        if end < 0:
            return text[:start]
        text = text[:start] + text[end + len(_CLOSE) :]
    # Some servers leave the opening mark out.
    text = text.rpartition(_CLOSE)[2]
    for length in range(min(len(_OPEN), len(text)), 0, -1):
        if _OPEN.startswith(text[-length:]):
            return text[:-length]
    return text


def whole_sentences(text: str) -> str:
    """Return a text that broke off without its last, unfinished sentence; "" where it has no finished one."""
    ends = list(_SENTENCE_END.finditer(text))
    if not ends:
        return ""
    kept = text[: ends[-1].end()]
    following = re.match(r"(?:\s*[\[［【]\d{1,3}[\]］】])+[。．.]?", text[ends[-1].end() :])
    return kept + (following[0] if following else "")


def is_wrong_language(text: str, language: Language) -> bool:
    """Whether a text is not in the language it should be in, told by its script; a short one never is.

    Japanese has kana: a text with next to none is another language, and so is one whose sentences mostly have none.
    """
    prose = _NOT_PROSE.sub("", text if language is Language.JAPANESE else _QUOTED.sub("", text))
    letters = len(_LETTER.findall(prose))
    if letters < TELLING_LETTERS:
        return False
    if language is Language.ENGLISH:
        return len(_JAPANESE.findall(prose)) > letters / 2
    kana = len(_KANA.findall(prose))
    without = sum(len(s) for s in _PROSE_SENTENCE.findall(prose) if len(s) >= TELLING_LETTERS and not _KANA.search(s))
    return kana < _LEAST_KANA * letters or without > len(prose) / 2


def without_loop(text: str) -> str | None:
    """Return a text up to where it begins to say the same sentence again, if it says one four times; None otherwise."""
    starts: dict[str, list[int]] = {}
    for match in _SAID.finditer(text):
        said = _NOT_SAID.sub("", match[0])
        if len(said) < _SHORT_SENTENCE:
            continue
        found = starts.setdefault(said, [])
        found.append(match.start())
        if len(found) == _SAID_TOO_OFTEN:
            return text[: found[1]]
    return None


class SafeText:
    """Collects a reply and gives what of it may be shown: checked sentences, known to be in the right language.

    `verifier` gives a new one, also for a reply whose beginning turns out to have been thoughts.
    """

    def __init__(self, verifier: Callable[[], Verifier], language: Language) -> None:
        self.raw = ""
        self.shown = ""
        self._new_verifier, self._language = verifier, language
        self._verifier = verifier()
        self._fed = self._held = ""
        self._is_wrong = False
        self._before_loop: str | None = None

    def add(self, piece: str) -> str:
        """Take the next piece; return what may be shown in addition, often nothing."""
        self.raw += piece
        text = without_thoughts(self.raw)
        if not text.startswith(self._fed):
            self._verifier, self._fed, self._held, self.shown = self._new_verifier(), "", "", ""
        new = text[len(self._fed) :]
        self._held += self._verifier.feed(new)
        self._fed = text
        if _SENTENCE_END.search(new):
            self._is_wrong = is_wrong_language(whole_sentences(text), self._language)
            self._before_loop = without_loop(text)
        if not self._held or (len(_LETTER.findall(self._held)) < TELLING_LETTERS and not self.shown):
            return ""
        if self._is_wrong:
            return ""
        delta, self._held = self._held, ""
        self.shown += delta
        return delta

    def citations(self) -> tuple[Citation, ...]:
        """Return what the markers of the text so far name."""
        return self._verifier.result().citations

    def is_wrong(self) -> bool:
        """Whether the sentences that have come are in another language than they should be."""
        return self._is_wrong

    def is_looping(self) -> bool:
        """Whether the same is said again and again."""
        return self._before_loop is not None

    def text(self) -> str:
        """Return all that has come, without thoughts, and without what is only said again."""
        return (without_thoughts(self.raw) if self._before_loop is None else self._before_loop).strip()
