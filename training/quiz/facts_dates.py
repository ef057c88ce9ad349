"""What happened when, as the texts state it: a law that came into force, a guide that was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.models import Chunk
from training.quiz.facts import Base, Line
from training.quiz.likeness import key

_ERAS = {"令和": 2018, "平成": 1988}
_DATE_TEXT = (
    r"(?:(?:19|20)\d\d|(?:令和|平成)(?:\d{1,2}|元))年(?:（(?:19|20)\d\d年）)?\d{1,2}月(?:\d{1,2}日)?"
    r"(?:（(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?）)?"
)
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)|(?P<era>令和|平成)(?P<in_era>\d{1,2}|元))年(?:（(?:19|20)\d\d年）)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?"
)
_ACTS = {
    "施行": "施行",
    "公布": "公布",
    "公表": "公表",
    "策定": "策定",
    "作ら": "策定",
    "作り": "策定",
    "作っ": "策定",
    "成立": "成立",
    "開かれ": "開催",
    "始ま": "開始",
    "開始": "開始",
    "発行": "発行",
    "適用": "適用開始",
}
# How one says that it happened, and the acts that bind people, not papers that came out.
_HAPPENED = {
    "施行": "が施行された",
    "公布": "が公布された",
    "公表": "が公表された",
    "策定": "が策定された",
    "成立": "が成立した",
    "開催": "が開かれた",
    "開始": "が始まった",
    "発行": "が発行された",
    "適用開始": "の適用が始まった",
}
_RULES = ("施行", "公布", "成立", "開始", "適用開始")
_ACT = "|".join(_ACTS)
_DONE = r"(?:さ|され|れ|い|し)*(?:て)?(?:まし)?た?"
_OF_A_THING = re.compile(
    rf"^(?P<name>[^、。]{{2,40}}?)は、(?:[^。]*、)?(?P<date>{_DATE_TEXT})(?:に|から)(?P<act>{_ACT})"
)
_BY_SOMEONE = re.compile(rf"(?P<date>{_DATE_TEXT})に[、]?(?P<name>「[^」]{{3,40}}」)を(?P<act>{_ACT})")
_BRACKETED = re.compile(
    rf"(?P<name>「[^」]{{3,40}}」)を(?P<act>策定|公表)[^「」]{{0,4}}[（(](?P<date>{_DATE_TEXT})[）)]"
)
_HEADED = re.compile(
    rf"^(?P<name>[^、。]{{4,40}}?)[（(](?P<date>{_DATE_TEXT})(?P<act>施行|策定|公表|成立)(?:・[^（）()]{{1,8}})?[）)]。?$"
)
_DATED_LINE = re.compile(rf"^(?P<date>{_DATE_TEXT})：(?P<name>[^、。]{{3,40}})が(?P<act>{_ACT})")
_PATTERNS = (_DATED_LINE, _OF_A_THING, _BY_SOMEONE, _BRACKETED, _HEADED)
_BARE_NAME = re.compile(r"[「」『』]|[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: 「「経済安全保障推進法」の成立」, when (year, month), the day where it is said."""

    name: str
    act: str
    date: tuple[int, int]
    said: str
    line: Line

    @property
    def chunk(self) -> Chunk:
        """The passage that states it."""
        return self.line.chunk

    @property
    def text(self) -> str:
        """The event as a noun: 「経済安全保障推進法の成立」."""
        return f"{self.name}の{self.act}"

    @property
    def happened(self) -> str:
        """The event as a sentence without its end: 「経済安全保障推進法が成立した」."""
        return f"{self.name}{_HAPPENED[self.act]}"

    @property
    def is_rule(self) -> bool:
        """Whether a law or a scheme came into force, which one should know, unlike when a paper came out."""
        return self.act in _RULES

    @property
    def bare_name(self) -> str:
        """The name of the thing without quotation marks and brackets."""
        return _BARE_NAME.sub("", self.name)

    @property
    def month(self) -> str:
        """Year and month as one would say them."""
        return f"{self.date[0]}年{self.date[1]}月"


def find_events(base: Base) -> list[Event]:
    """The events of the documents in document order, one for each thing; those told with two dates are left out."""
    found = list(_events(base))
    kept: dict[str, Event] = {}
    for event in found:
        name = _core(event.name)
        others = [other for other in found if _same(name, _core(other.name))]
        is_known = any(_same(name, known) for known in kept)
        if len({other.date for other in others}) == 1 and not is_known:
            kept[name] = next((other for other in others if not base.is_replaced(other.chunk)), event)
    return list(kept.values())


def dates_told(base: Base, name: str) -> set[tuple[int, int]]:
    """The months of all sentences that name a thing."""
    wanted = key(name)
    dates: set[tuple[int, int]] = set()
    for line in base.lines:
        if wanted in key(line.text):
            for sentence in line.text.split("。"):
                if wanted in key(sentence):
                    dates.update(read_all_dates(sentence))
    return dates


def _events(base: Base) -> Iterator[Event]:
    for chunk in dict.fromkeys(line.chunk for line in base.lines):
        for heading in chunk.section:
            if match := _HEADED.match(heading):
                yield _event(match, Line(heading, chunk))
    for line in base.lines:
        pieces = [line.text] if "：" in line.text else [f"{s}。" for s in line.text.split("。") if s.strip()]
        for piece in pieces:
            match = next((m for pattern in _PATTERNS if (m := pattern.search(piece))), None)
            if not match or match["name"].endswith("こと"):
                continue
            if piece.strip("。") in line.text and not re.search(r"原典|昨年|本年|派遣", piece):
                yield _event(match, Line(piece if piece in line.text else piece.strip("。"), line.chunk))


def _event(match: re.Match[str], line: Line) -> Event:
    name, act = match["name"].strip(), _ACTS[match["act"]]
    date = read_date(match["date"])
    assert date is not None
    return Event(name, act, date, match["date"], line)


def read_date(text: str) -> tuple[int, int] | None:
    """Year and month of a date, or None where it has no month."""
    return next(iter(read_all_dates(text)), None)


def read_all_dates(text: str) -> list[tuple[int, int]]:
    """Year and month of each date of a text that has both, in order."""
    return [(_year(match), int(match["month"])) for match in _DATE.finditer(text)]


def _year(match: re.Match[str]) -> int:
    if match["era"]:
        return _ERAS[match["era"]] + (1 if match["in_era"] == "元" else int(match["in_era"]))
    return int(match["year"])


def _core(name: str) -> str:
    """A name without marks and brackets, to tell whether two texts name one thing."""
    core = key(_BARE_NAME.sub("", name)).removesuffix("第1版").removesuffix("第2版")
    return f"{core}案" if re.search(r"[（(]案[）)]", name) else core


def _same(first: str, second: str) -> bool:
    """Whether two names are of one thing; a draft (案) is another thing than what was drafted."""
    return first.endswith("案") == second.endswith("案") and (first in second or second in first)
