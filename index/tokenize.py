"""Japanese tokens, the same for the index and for the query: the only module that knows SudachiPy.

It is not the place where text is repaired: `corpus.clean.search_text` does that before. Still, nothing that a person
can type or a file can hold (control characters, lone surrogates, emoji, a hundred pages at once) makes it fail.
"""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sudachipy import Dictionary, Morpheme
    from sudachipy import Tokenizer as SudachiTokenizer

SCHEMA = "1"
"""Number of the rules below; raise it with every change that gives other tokens for some text."""

FIELDS = ("words", "compounds", "bigrams", "word_bigrams")
"""The views of a text, each one a list of tokens."""

WORD_SEPARATOR = " "
"""Stands between the two words of a token of the field `word_bigrams`."""

# Sudachi refuses more than 49,149 bytes; a character takes at most four.
PIECE_LENGTH = 8_000

DROPPED_PARTS_OF_SPEECH = frozenset({"助詞", "助動詞", "補助記号", "空白", "記号"})

# As `normalized_form()` gives them: they stand in most texts, or only in questions, and tell no two passages apart.
FUNCTION_WORDS = frozenset(
    """
    為る 有る 居る 成る こと 事 物 為 等 よう 様 よる 依る 因る 言う おく 置く 対する 就く 於く 出来る
    此の 其の あの 此れ 其れ 又 及び 或いは 下さる 教える
    何 何の 何れ 何処 何時 何故 誰 どれ どの どこ どう どんな どのような いつ いくつ いくら 如何 如何に
    """.split()  # noqa: SIM905 (a list of fifty quoted words would be read by nobody)
)

_RUN = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[。！？!?\n])")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def normalise(text: str) -> str:
    """Return `text` in NFKC and lower case, with white space in place of control characters and lone surrogates."""
    return unicodedata.normalize("NFKC", _NOT_TEXT.sub(" ", text)).lower()


def character_bigrams(text: str) -> list[str]:
    """Return the pairs of neighbouring letters or digits of normalised `text`, white space removed first."""
    runs = _RUN.findall("".join(text.split()))
    return [run[at : at + 2] for run in runs for at in range(len(run) - 1)]


def word_bigrams(words: Iterable[str]) -> list[str]:
    """Return the pairs of neighbouring words, each pair as one token."""
    return [first + WORD_SEPARATOR + second for first, second in itertools.pairwise(words)]


def pieces(text: str, length: int = PIECE_LENGTH) -> Iterator[str]:
    """Split `text` into pieces of at most `length` characters, after a sentence where there is one."""
    if len(text) <= length:
        yield text
        return
    piece = ""
    for sentence in _SENTENCE_END.split(text):
        if piece and len(piece) + len(sentence) > length:
            yield piece
            piece = ""
        piece += sentence
        while len(piece) > length:
            yield piece[:length]
            piece = piece[length:]
    yield piece


@lru_cache(maxsize=65536)
def _token(form: str) -> str | None:
    """Return the token of a word's normalised form; None for one without content. A text has few different words."""
    form = unicodedata.normalize("NFKC", form).lower()
    return form if form not in FUNCTION_WORDS and _RUN.search(form) else None


class WordClass(StrEnum):
    """What a word can tell of a question: a name is a detail, a noun is a subject, the rest says what goes on."""

    NAME = "name"
    NOUN = "noun"
    OTHER = "other"


def _word_class(part_of_speech: tuple[str, ...]) -> WordClass:
    main, kind, detail = part_of_speech[:3]
    if main != "名詞" or kind in ("数詞", "助動詞語幹") or detail == "副詞可能":
        return WordClass.OTHER
    return WordClass.NAME if kind == "固有名詞" and detail in ("人名", "地名") else WordClass.NOUN


class Tokenizer:
    """Turns text into the tokens of each field; the dictionary is read at the first use, once for all threads.

    >>> Tokenizer().fields("技術流出の防止")["word_bigrams"]
    ['技術 流出', '流出 防止']
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dictionary: Dictionary | None = None
        self._kept: dict[int, bool] = {}
        # A Sudachi tokenizer refuses to be used by two threads at a time; the dictionary may be shared.
        self._local = threading.local()

    def fields(self, text: str) -> dict[str, list[str]]:
        """Return the tokens of `text` for each of `FIELDS`, in order of occurrence and with repetitions."""
        plain = normalise(text)
        words: list[str] = []
        compounds: list[str] = []
        for piece in pieces(plain):
            self._read(piece, words, compounds)
        return {
            "words": words,
            "compounds": compounds,
            "bigrams": character_bigrams(plain),
            "word_bigrams": word_bigrams(words),
        }

    def words(self, text: str) -> list[str]:
        """Return the content words of `text` alone, as in the field `words`."""
        return self.fields(text)["words"]

    def content(self, text: str) -> dict[str, WordClass]:
        """Return the content words of `text` in order of occurrence, each with its class where it stands first."""
        classes: dict[str, WordClass] = {}
        for piece in pieces(normalise(text)):
            for morpheme in self._short_units(piece):
                kept: list[str] = []
                self._keep(morpheme, kept)
                for word in kept:
                    classes.setdefault(word, _word_class(morpheme.part_of_speech()))
        return classes

    def settings(self) -> dict[str, str]:
        """Return what decides the tokens: an index made with other settings does not fit these queries."""
        from importlib.metadata import version

        return {"schema": SCHEMA, "sudachipy": version("sudachipy"), "sudachidict-core": version("sudachidict-core")}

    def _read(self, piece: str, words: list[str], compounds: list[str]) -> None:
        """Add the short units (mode A) of `piece` to `words` and the long ones (mode C) to `compounds`.

        Splitting the long units gives what a second pass in mode A gives (equal on all paragraphs of jsquad_test), in
        two thirds of the time.
        """
        from sudachipy import SplitMode

        for long_unit in self._tokenizer().tokenize(piece):
            self._keep(long_unit, compounds)
            for short_unit in long_unit.split(SplitMode.A, add_single=True):
                self._keep(short_unit, words)

    def _short_units(self, piece: str) -> Iterator[Morpheme]:
        from sudachipy import SplitMode

        for long_unit in self._tokenizer().tokenize(piece):
            yield from long_unit.split(SplitMode.A, add_single=True)

    def _keep(self, morpheme: Morpheme, tokens: list[str]) -> None:
        """Add the normalised form of `morpheme` to `tokens` unless it carries no content."""
        kind = morpheme.part_of_speech_id()
        kept = self._kept.get(kind)
        if kept is None:
            kept = self._kept[kind] = morpheme.part_of_speech()[0] not in DROPPED_PARTS_OF_SPEECH
        if not kept:
            return
        if token := _token(morpheme.normalized_form()):
            tokens.append(token)

    def _tokenizer(self) -> SudachiTokenizer:
        """Return this thread's Sudachi tokenizer in mode C."""
        tokenizer: SudachiTokenizer | None = getattr(self._local, "tokenizer", None)
        if tokenizer is None:
            from sudachipy import SplitMode

            dictionary = self._shared_dictionary()
            # Dictionary.create() up to 0.6, deprecated in favour of tokenizer() from 0.7.
            create = getattr(dictionary, "tokenizer", None) or dictionary.create
            made: SudachiTokenizer = create(mode=SplitMode.C)
            self._local.tokenizer = tokenizer = made
        return tokenizer

    def _shared_dictionary(self) -> Dictionary:
        with self._lock:
            if self._dictionary is None:
                from sudachipy import Dictionary

                self._dictionary = Dictionary(dict="core")
            return self._dictionary
