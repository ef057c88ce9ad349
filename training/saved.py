"""A pack or a quiz as a text that can be kept, edited by hand and read again: JSON, one field a line.

Reads strictly, so that what a slip of the hand broke is found here and not in front of the class. It cannot tell
whether an edited text is still what the documents say, but it does tell that the text was edited.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final

from training.errors import UnreadablePack
from training.labels import FALSE, LETTERS, TRUE
from training.models import Pack, Quiz, QuizItem, QuizKind
from training.saved_fields import inside, read_value, shown_name, wrong
from training.saved_seals import seals, with_edits_marked
from training.seen import seen

VERSION: Final = 1
_KIND, _VERSION, _SEALS = "mamori", "version", "seals"
_KINDS: dict[str, type[Pack] | type[Quiz]] = {"training-pack": Pack, "training-quiz": Quiz}
MOST_MINUTES: Final = 600
MOST_BYTES: Final = 10_000_000
"""Of a saved file; the largest packs have about a tenth of a megabyte."""
# A list of numbers, which JSON's writer spreads over lines; within a text every line end is an escape.
_NUMBERS = re.compile(r"\[\n\s*\d+(?:,\n\s*\d+)*\n\s*\]")


def to_json(material: Pack | Quiz) -> str:
    """Return a pack or a quiz as JSON: fields in the order of their types, indented by one, Japanese as it is.

    Raises UnreadablePack for what `from_json` would refuse, so that nothing is saved that cannot be opened again.
    """
    _check(material)
    kind = "training-pack" if isinstance(material, Pack) else "training-quiz"
    values = asdict(material, dict_factory=_without_unedited)
    whole = {_KIND: kind, _VERSION: VERSION, **values, _SEALS: seals(material)}
    return _NUMBERS.sub(_on_one_line, json.dumps(whole, ensure_ascii=False, indent=1)) + "\n"


def _without_unedited(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a value; that it was not edited is told by leaving that out, for there are many such lines."""
    return {name: value for name, value in pairs if name != "edited" or value}


def _on_one_line(numbers: re.Match[str]) -> str:
    return "[" + ", ".join(re.findall(r"\d+", numbers[0])) + "]"


def from_json(text: str) -> Pack | Quiz:
    """Return what `to_json` was given, or what a trainer made of it.

    Raises UnreadablePack, which says what is wrong and where, for a text that is no JSON, that is of another version,
    that has fields missing or unknown, an item with no or two right answers, a marker without citation, and the like.
    """
    if len(text) > MOST_BYTES or len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise UnreadablePack(
            f"ファイルが大きすぎます（{MOST_BYTES // 1_000_000} MB まで）。保存した資料かどうか確かめてください。"
        )
    parsed = _parsed(text)
    declared, version = _KINDS.get(str(parsed.pop(_KIND, ""))), parsed.pop(_VERSION, None)
    if declared is None:
        raise UnreadablePack(
            "Mamori の教材を保存したファイルではありません。「研修」で保存したファイルを選んでください。"
        )
    if version != VERSION or isinstance(version, bool):
        raise UnreadablePack(
            f"この教材は別の版の Mamori で保存されています（版 {shown_name(str(version))}、読めるのは版 {VERSION}）。"
            "保存したときの Mamori で開くか、教材を作り直してください。"
        )
    sealed = read_value(dict[str, str], parsed.pop(_SEALS, {}), _SEALS)
    material = read_value(declared, parsed, "")
    assert isinstance(material, (Pack, Quiz))
    _check(material)
    return with_edits_marked(material, sealed)


def _parsed(text: str) -> dict[str, Any]:
    try:
        # Editors on Windows may put a byte order mark in front.
        parsed = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        raise UnreadablePack(
            f"保存した教材の {error.lineno} 行目、{error.colno} 文字目が、JSON として読めません。"
            "かっこ、引用符、コンマを確かめてください。"
        ) from error
    except (RecursionError, ValueError) as error:
        raise UnreadablePack("保存した教材が、JSON として読めません。保存し直してください。") from error
    return parsed if isinstance(parsed, dict) else {}


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs; the second of two fields with one name would silently win otherwise."""
    read = dict(pairs)
    if len(read) < len(pairs):
        ((twin, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise UnreadablePack(f"保存した教材の {shown_name(twin)} が、同じところに2つあります。1つにしてください。")
    return read


def _check(material: Pack | Quiz) -> None:
    """Raise UnreadablePack where the values are of the right types, but make no sense together."""
    if not seen(material.title):
        raise wrong("title", "題名を書いてください")
    for number, citation in enumerate(material.citations, start=1):
        if citation.marker != number:
            raise wrong(
                inside(inside("citations", number), "marker"), f"出典は1から順に並べます。{number} にしてください"
            )
    if isinstance(material, Pack):
        _check_times(material)
    _check_markers(material, "", len(material.citations))
    _check_items(material)


def _check_times(pack: Pack) -> None:
    if not 1 <= pack.minutes <= MOST_MINUTES:
        raise wrong("minutes", f"1から{MOST_MINUTES}の間にしてください")
    for number, step in enumerate(pack.agenda, start=1):
        if step.start < 0 or step.minutes < 1:
            raise wrong(inside("agenda", number), "開始は0分から、長さは1分からにしてください")
        if step.start + step.minutes > MOST_MINUTES:
            raise wrong(inside("agenda", number), f"終わりは{MOST_MINUTES}分までにしてください")


def _check_markers(value: object, place: str, most: int) -> None:
    """Look at every field named `markers`, wherever it is."""
    if isinstance(value, tuple):
        for number, each in enumerate(value, start=1):
            _check_markers(each, inside(place, number), most)
    elif is_dataclass(value):
        for field in fields(value):
            here, inner = inside(place, field.name), getattr(value, field.name)
            if field.name != "markers":
                _check_markers(inner, here, most)
            elif not all(1 <= marker <= most for marker in inner):
                raise wrong(here, f"出典の番号は1から{most}の間にしてください" if most else "出典がひとつもありません")


def _check_items(material: Pack | Quiz) -> None:
    name, items = ("quiz", material.quiz) if isinstance(material, Pack) else ("items", material.items)
    seen: set[str] = set()
    for number, item in enumerate(items, start=1):
        place = inside(name, number)
        if not item.item_id or item.item_id in seen:
            raise wrong(inside(place, "item_id"), "問題ごとに違う文字列にしてください")
        seen.add(item.item_id)
        _check_item(item, place)


def _check_item(item: QuizItem, place: str) -> None:
    if not seen(item.stem):
        raise wrong(inside(place, "stem"), "問題文を書いてください")
    if item.difficulty not in (1, 2, 3):
        raise wrong(inside(place, "difficulty"), "1、2、3のどれかにしてください")
    if item.kind is QuizKind.CASE and item.story is None:
        raise wrong(inside(place, "story"), "事例の問題には、事例の文を書いてください")
    _check_only_its_own(item, place)
    if item.kind is QuizKind.MATCHING:
        _check_texts([pair.left for pair in item.pairs], inside(place, "pairs"))
        _check_texts([pair.right for pair in item.pairs], inside(place, "pairs"))
        _check_shown(item.shown, len(item.pairs), inside(place, "shown"))
    elif item.kind is QuizKind.ORDERING:
        _check_texts([line.text for line in item.sequence], inside(place, "sequence"))
        _check_shown(item.shown, len(item.sequence), inside(place, "shown"))
    else:
        _check_options(item, inside(place, "options"))


def _check_only_its_own(item: QuizItem, place: str) -> None:
    """What another kind of item has would be kept and never be shown."""
    own = {QuizKind.MATCHING: {"pairs", "shown"}, QuizKind.ORDERING: {"sequence", "shown"}}.get(item.kind, {"options"})
    for name in ("options", "pairs", "sequence", "shown"):
        if name not in own and getattr(item, name):
            raise wrong(inside(place, name), f"{item.kind.value} の問題では使いません。[] にしてください")


def _check_options(item: QuizItem, place: str) -> None:
    _check_texts([option.text for option in item.options], place)
    if (right := sum(option.is_right for option in item.options)) != 1:
        raise wrong(place, f"正解（is_right が true）がちょうど1つになるようにしてください。今は{right}個です")
    if item.kind is QuizKind.TRUE_FALSE and {option.text for option in item.options} != {TRUE, FALSE}:
        raise wrong(place, f"正誤の問題の答えは「{TRUE}」と「{FALSE}」の2つです")


def _check_texts(texts: Sequence[str], place: str) -> None:
    if len(texts) < 2:
        raise wrong(place, "2つ以上書いてください")
    if len(texts) > len(LETTERS):
        raise wrong(place, f"{len(LETTERS)}個までにしてください")
    for number, text in enumerate(texts, start=1):
        if not seen(text):
            raise wrong(inside(place, number), "文を書いてください")
    if len({seen(text) for text in texts}) < len(texts):
        raise wrong(place, "同じ文が2つあります。どちらかを直すか、消してください")


def _check_shown(shown: Sequence[int], count: int, place: str) -> None:
    if sorted(shown) != list(range(count)):
        raise wrong(place, f"0から{count - 1}までの数を1回ずつ並べてください")
