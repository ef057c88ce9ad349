"""A quiz as an Anki deck (.apkg) by genanki: a note and a card for each item, in the order of the quiz.

Importing a deck again brings the notes of the same items up to date and keeps what was learned: the deck is told by the
quiz's title, the kind of note is always the same, and a note is told by its item.
"""

from __future__ import annotations

import io
import time
import zipfile
from hashlib import sha256
from html import escape
from typing import Any

from training.export.lms_text import cited, one_line, plain, source, tags
from training.export.quiz_text import is_lettered, letter, reasons, right_letters, right_text, shown_texts
from training.labels import DIFFICULTIES, EDITED, KINDS, marked
from training.models import Quiz, QuizItem, QuizKind

FIELDS = ("問題", "選択肢", "正解", "解説", "出典", "種類")
_MODEL_NAME = "Mamori 研修クイズ"
_FRONT = """<div class="kind">{{種類}}</div><div class="stem">{{問題}}</div><div class="options">{{選択肢}}</div>"""
_BACK = (
    '{{FrontSide}}<hr id="answer"><div class="right">正解：{{正解}}</div>'
    '<div class="why">{{解説}}</div><div class="source">{{出典}}</div>'
)
_STYLE = """.card {
  font-family: "BIZ UDPGothic", "Yu Gothic UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", sans-serif;
  font-size: 18px; line-height: 1.7; text-align: left; color: #1d2530; background: #ffffff; max-width: 42em;
  margin: 0 auto; padding: 0.6em; }
.kind { font-size: 0.75em; color: #5a6675; }
.stem { font-weight: bold; margin: 0.3em 0 0.8em; }
.options { margin-left: 0.5em; }
.right { font-weight: bold; color: #1b6e3c; }
.why { margin-top: 0.6em; }
.source { margin-top: 0.8em; font-size: 0.75em; color: #5a6675; overflow-wrap: anywhere; }
.nightMode.card, .night_mode .card { color: #e6e9ee; background: #22262d; }
.nightMode .kind, .nightMode .source, .night_mode .kind, .night_mode .source { color: #a9b3c0; }
.nightMode .right, .night_mode .right { color: #7fd3a0; }
"""
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_anki(quiz: Quiz, now: float | None = None) -> bytes:
    """Return the quiz as an .apkg file. `now`, in seconds since 1970, is when its notes are said to be made.

    Anki takes a note in place of one that it has only if it is newer, so `now` is the present unless it is given; the
    same quiz at the same second gives the same bytes.
    """
    import genanki  # type: ignore[import-untyped]

    model = genanki.Model(
        stable_id(_MODEL_NAME),
        _MODEL_NAME,
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "カード", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    name = one_line(quiz.title).replace("::", "：：")
    deck = genanki.Deck(stable_id(f"deck {name}"), name, description=escape(name))
    for place, item in enumerate(quiz.items):
        deck.add_note(_note(genanki, model, place, item, quiz))
    package = io.BytesIO()
    genanki.Package(deck).write_to_file(package, timestamp=int(time.time() if now is None else now))
    return _without_dates(package.getvalue())


def stable_id(name: str) -> int:
    """A number for a name, always the same: 31 bits, never 0, as Anki's own ids."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % (2**31 - 1) + 1


def _note(genanki: Any, model: Any, place: int, item: QuizItem, quiz: Quiz) -> Any:  # noqa: ANN401
    fields = (
        _html("\n\n".join(filter(None, (item.story.text if item.story else "", item.stem)))),
        _options(item),
        _html(_answer(item)),
        _explanation(item),
        _html("\n".join(source(citation) for citation in cited(item, quiz))),
        f"{KINDS[item.kind]}・{DIFFICULTIES[item.difficulty]}{f'・{EDITED}' if item.edited else ''}",
    )
    words = [tag.replace(" ", "").replace("：", "::") for tag in ("Mamori", *tags(item))]
    return genanki.Note(model=model, fields=list(fields), tags=words, guid=item.item_id, due=place)


def _options(item: QuizItem) -> str:
    """What to choose from, with the left-hand sides before it where things are matched."""
    lines = [f"{number}．{pair.left}" for number, pair in enumerate(item.pairs, start=1)]
    shown = shown_texts(item)
    named = [f"{letter(index)}．{text}" for index, text in enumerate(shown)] if is_lettered(item) else shown
    return _html("\n".join([*lines, *([""] if lines else []), *named]))


def _answer(item: QuizItem) -> str:
    """The answer by its letter and in words."""
    if item.kind is QuizKind.TRUE_FALSE:
        return right_text(item)
    apart = "\n" if item.kind in {QuizKind.MATCHING, QuizKind.ORDERING} else "．"
    return f"{right_letters(item)}{apart}{right_text(item)}"


def _explanation(item: QuizItem) -> str:
    said = [marked(item.explanation.text, item.explanation.markers)]
    said += [
        f"{name}：{marked(reason.text, reason.markers)}"
        for name, reason in reasons(item)
        if reason.text != item.explanation.text
    ]
    return _html("\n".join(said))


def _html(text: str) -> str:
    """A text as HTML that shows it as it is; braces too, which a template would act on."""
    shown = escape(plain(text)).replace("{", "&#123;").replace("}", "&#125;")
    return shown.replace("\n", "<br>")


def _without_dates(package: bytes) -> bytes:
    """The same archive, compressed, without the time at which it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EARLIEST), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
