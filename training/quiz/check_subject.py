"""Whether the documents say a thing of what a question asks for: what makes a wrong answer a right one.

What is asked for is read off the question itself: the names in its quotation marks, the label and the conditions that
it spells out, the date or edition that it names.
"""

from __future__ import annotations

import re

from corpus.models import Chunk
from training.material import Material
from training.quiz.candidate import Candidate, Shown
from training.quiz.check_index import Lookup, lookup_of
from training.quiz.check_text import key, quoted, same_value, share, shows, spots

_DEFINES = re.compile(r"説明として|何といいますか|の意味|何と呼")
_WHEN = re.compile(r"(?:19|20)\d\d年|令和\d+年|平成\d+年")
_BLANK = re.compile(r"[［\[][\s　_＿]*[\]］]")
# 「Xが施行されたのは、いつですか。」 asks for X, in quotation marks or not.
_HAPPENED = re.compile(r"^(?:.{2,40}?で、)?(?P<name>.+?)(?:の適用)?[がは][^がは]{2,9}のは、?いつですか")
_MAY_FILL = 0.6


def says_of_subject(shown: Shown, candidate: Candidate, material: Material) -> bool:
    """Whether some passage of the index says the text of an option of what the question asks for."""
    names = _names(candidate.stem)
    lookup = lookup_of(material)
    if _DEFINES.search(candidate.stem):
        return any(_defines(name, shown.text, chunk) for name in names for chunk in lookup.having(shown.text))
    editions = _editions(candidate, material)
    if _BLANK.search(candidate.stem):
        return any(
            chunk.doc_id in editions and _fills(candidate.stem, shown.text, chunk)
            for chunk in lookup.showing(shown.text)
        )
    if names:
        found = [*lookup.having(shown.text), *lookup.under(shown.text)]
        if any(chunk.doc_id in editions and _says_with(names, key(shown.text), chunk) for chunk in found):
            return True
    return _label_says(candidate, shown.text, lookup)


def _names(stem: str) -> list[str]:
    happened = _HAPPENED.match(stem)
    names = [key(name) for name in quoted(stem)] or ([key(happened["name"])] if happened else [])
    return [name for name in names if len(name) > 1]


def _fills(stem: str, text: str, chunk: Chunk) -> bool:
    """Whether a passage may say the sentence of a question with a blank, with a text in the blank."""
    rest = _BLANK.sub("", " ".join(quoted(stem)))
    around = "".join(chunk.section)
    return any(shows(spot.key, text) and share(rest, spot.key + around) >= _MAY_FILL for spot in spots(chunk))


def _editions(candidate: Candidate, material: Material) -> set[str]:
    """The documents that a question is about: those of the edition that it names, else all."""
    stem = key(candidate.stem)
    named = {
        document.doc_id
        for document in material.documents.values()
        if document.edition and key(document.edition) in stem and _WHEN.search(document.edition)
    }
    return named or set(material.documents)


def _says_with(names: list[str], text: str, chunk: Chunk) -> bool:
    """Whether a passage has a text in one sentence with all the names, or under headings that have the rest of them."""
    headings = "\n".join(key(heading) for heading in chunk.section)
    if text in headings and all(name in headings for name in names):
        return True
    return any(text in spot.key and all(n in spot.key or n in headings for n in names) for spot in spots(chunk))


def _defines(first: str, second: str, chunk: Chunk) -> bool:
    """Whether one of two texts is a term, and a passage gives the other as its meaning."""
    other = key(second)
    if first not in key(chunk.text):
        return False
    return any(
        (f"{term}とは" in spot.key and meaning in spot.key)
        or f"{term}({meaning})" in spot.key
        or re.search(rf"(?:^|「){re.escape(term)}」?[は:]、?{re.escape(meaning)}", spot.key) is not None
        or re.search(rf"{re.escape(meaning)}[をは]、?「?{re.escape(term)}」?と", spot.key) is not None
        for spot in spots(chunk)
        for term, meaning in ((first, other), (other, first))
    )


def _label_says(candidate: Candidate, text: str, lookup: Lookup) -> bool:
    """Whether a labelled line whose label the question spells out has a text for its value.

    A line as of a date that the question does not name is of another time, if the question names a date at all. A line
    for a condition is of another case if the question names conditions and not this one.
    """
    stem = key(candidate.stem)
    asks_when = bool(_WHEN.search(stem))
    for label, inner, value in lookup.labelled:
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
