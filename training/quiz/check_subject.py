"""Whether the documents say a thing of what a question asks for: what makes a wrong answer a right one.

What is asked for is read off the question itself: the names in its quotation marks, the label and the conditions that
it spells out, the date or edition that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.models import Chunk
from training.material import Material
from training.quiz.candidate import Candidate, Shown
from training.quiz.check_text import key, quoted, same_value, share, shows, spots

_DEFINES = re.compile(r"説明として|何といいますか|の意味|何と呼")
_LABEL_LINE = re.compile(r"^(?P<label>[^:]{2,80}?)(?:\((?P<inner>[^()]*)\))?:(?P<value>.+)$")
_WHEN = re.compile(r"(?:19|20)\d\d年|令和\d+年|平成\d+年")
_BLANK = re.compile(r"[［\[][\s　_＿]*[\]］]")
_MAY_FILL = 0.6
_NUMBERED = re.compile(r"(?:\(?\d{1,2}\)?)$")


def says_of_subject(shown: Shown, candidate: Candidate, material: Material) -> bool:
    """Whether some passage of the index says the text of an option of what the question asks for."""
    names = [key(name) for name in quoted(candidate.stem) if len(key(name)) > 1]
    if _DEFINES.search(candidate.stem):
        return any(_defines(name, shown.text, chunk) for name in names for chunk in material.chunks)
    chunks = _editions(candidate, material)
    if _BLANK.search(candidate.stem):
        return any(_fills(candidate.stem, shown.text, chunk) for chunk in chunks)
    if names and any(_says_with(names, key(shown.text), chunk) for chunk in chunks):
        return True
    return any(_label_says(candidate, shown.text, chunk) for chunk in material.chunks)


def _fills(stem: str, text: str, chunk: Chunk) -> bool:
    """Whether a passage may say the sentence of a question with a blank, with a text in the blank."""
    if not shows(chunk.text, text):
        return False
    rest = _BLANK.sub("", " ".join(quoted(stem)))
    around = "".join(chunk.section)
    return any(shows(spot.key, text) and share(rest, spot.key + around) >= _MAY_FILL for spot in spots(chunk))


def _editions(candidate: Candidate, material: Material) -> list[Chunk]:
    """The passages that a question is about: of the edition that it names, else all."""
    stem = key(candidate.stem)
    named = {
        document.doc_id
        for document in material.documents.values()
        if document.edition and key(document.edition) in stem and _WHEN.search(document.edition)
    }
    return [chunk for chunk in material.chunks if not named or chunk.doc_id in named]


def _says_with(names: list[str], text: str, chunk: Chunk) -> bool:
    """Whether a passage has a text in one sentence with all the names, or under headings that have the rest of them."""
    headings = "\n".join(key(heading) for heading in chunk.section)
    if text in headings and all(name in headings for name in names):
        return True
    if text not in key(chunk.text):
        return False
    return any(text in spot.key and all(n in spot.key or n in headings for n in names) for spot in spots(chunk))


def _defines(first: str, second: str, chunk: Chunk) -> bool:
    """Whether one of two texts is a term, and a passage gives the other as its meaning."""
    other = key(second)
    if first not in key(chunk.text) or other not in key(chunk.text):
        return False
    return any(
        (f"{term}とは" in spot.key and meaning in spot.key)
        or f"{term}({meaning})" in spot.key
        or re.search(rf"(?:^|「){re.escape(term)}」?[は:]、?{re.escape(meaning)}", spot.key) is not None
        or re.search(rf"{re.escape(meaning)}[をは]、?「?{re.escape(term)}」?と", spot.key) is not None
        for spot in spots(chunk)
        for term, meaning in ((first, other), (other, first))
    )


def _label_says(candidate: Candidate, text: str, chunk: Chunk) -> bool:
    """Whether a labelled line whose label the question spells out has a text for its value.

    A line as of a date that the question does not name is of another time, if the question names a date at all. A line
    for a condition is of another case if the question names conditions and not this one.
    """
    stem = key(candidate.stem)
    asks_when = bool(_WHEN.search(stem))
    for label, inner, value in _labelled(chunk):
        if label not in stem or not same_value(value, text):
            continue
        dates = [part for part in inner if _WHEN.search(part)]
        conditions = [part for part in inner if part not in dates]
        if dates and asks_when and not any(_WHEN.findall(date)[0] in stem for date in dates):
            continue
        named = f"{label}(" in stem
        if not conditions or not named or all(condition in stem for condition in conditions):
            return True
    return False


def _labelled(chunk: Chunk) -> Iterator[tuple[str, tuple[str, ...], str]]:
    yield from _labels(chunk.text)


@lru_cache(maxsize=8192)
def _labels(text: str) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """The labelled lines of a text: label without number, the parts of its brackets, value."""
    found = []
    for line in text.split("\n"):
        if match := _LABEL_LINE.match(key(line)):
            inner = tuple(part for part in (match["inner"] or "").split("、") if part)
            found.append((_NUMBERED.sub("", match["label"]), inner, match["value"]))
    return tuple(found)
