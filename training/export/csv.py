"""A quiz as CSV that Excel opens in Japanese: one row an item, what is right spelled out, no formula ever run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from assistant.models import Citation
from training.export.quiz_text import (
    is_lettered,
    letter,
    markers,
    place_name,
    reasons,
    right_letters,
    right_text,
    shown_texts,
    source_name,
)
from training.labels import DIFFICULTIES, EDITED, KINDS, edition_name
from training.models import Quiz, QuizItem, QuizKind

MOST_OPTIONS: Final = 6
COLUMNS: Final = (
    *("番号", "種類", "難しさ", "問題"),
    *(f"選択肢{number}" for number in range(1, MOST_OPTIONS + 1)),
    *("正解", "解説", "出典", "版", "ページ", "ID", "備考"),
)
# What makes a spreadsheet take a text for a formula; the full-width ones do so in Japanese Excel.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# An id such as 000000000001 or 12345678e901 would be shown as another number.
_LIKE_A_NUMBER = re.compile(r"\d{11,}|\d+[eE]\d+")
# Excel cuts a longer cell off without a word.
_CELL = 32_000


def write_csv(quiz: Quiz) -> bytes:
    """Return the quiz as CSV in UTF-8 with a byte order mark and CRLF; the columns are COLUMNS.

    A text that a spreadsheet would take for a formula, or an id that it would take for a number, gets an apostrophe in
    front. Where something is matched, the
    left-hand sides stand in the question, numbered, and the right-hand ones are the options.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, item in enumerate(quiz.items, start=1):
        writer.writerow([_cell(text) for text in _row(number, item, quiz.citations)])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _row(number: int, item: QuizItem, citations: Sequence[Citation]) -> list[str]:
    cited = [citations[marker - 1] for marker in markers(item)]
    options = [f"{letter(at)}．{text}" if is_lettered(item) else text for at, text in enumerate(shown_texts(item))]
    # More than there are columns for: the last one holds the rest.
    options[MOST_OPTIONS - 1 :] = ["\n".join(options[MOST_OPTIONS - 1 :])]
    return [
        *(str(number), KINDS[item.kind], DIFFICULTIES[item.difficulty], _question(item)),
        *(options + [""] * MOST_OPTIONS)[:MOST_OPTIONS],
        *(_answer(item), _explanation(item)),
        *("\n".join(column) for column in _sources(cited)),
        item.item_id,
        EDITED if item.edited else "",
    ]


def _sources(cited: Sequence[Citation]) -> list[list[str]]:
    """Documents, editions and places; the first line of each is about the same citation, and so on."""
    named = [(source_name(citation), edition_name(citation), place_name(citation)) for citation in cited]
    distinct = list(dict.fromkeys(named))
    return [[each[column] for each in distinct] for column in range(3)]


def _question(item: QuizItem) -> str:
    sides = [f"{number}．{pair.left}" for number, pair in enumerate(item.pairs, start=1)]
    return "\n".join([*([item.story.text] if item.story else []), item.stem, *sides])


def _answer(item: QuizItem) -> str:
    if item.kind is QuizKind.TRUE_FALSE:
        return right_text(item)
    if item.kind in (QuizKind.MATCHING, QuizKind.ORDERING):
        return f"{right_letters(item)}（{right_text(item)}）"
    return f"{right_letters(item)}．{right_text(item)}"


def _explanation(item: QuizItem) -> str:
    return "\n".join([item.explanation.text, *(f"{name}：{line.text}" for name, line in reasons(item))])


def _cell(text: str) -> str:
    clean = _CONTROLS.sub("", text)
    # Spreadsheets look past blanks in front.
    is_misread = clean.lstrip(" \u3000").startswith(_FORMULA) or _LIKE_A_NUMBER.fullmatch(clean)
    guarded = f"'{clean}" if is_misread else clean
    return guarded if len(guarded) <= _CELL else guarded[: _CELL - 1] + "…"
