"""A pack or a quiz as GitHub-flavoured Markdown: for wikis, and for reading and comparing as plain text.

Every text of a document is escaped, so that it is shown as it stands and never acts as markup, link or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from training.export.credit import credit_lines
from training.export.quiz_text import (
    heading,
    is_lettered,
    letter,
    place_name,
    reasons,
    right_letters,
    right_text,
    shown_texts,
    source_name,
)
from training.labels import edition_name, guidance_page, marks, with_digest_mark, worded_by
from training.models import CaseStudy, CheckItem, Countermeasure, Line, Pack, Quiz, QuizItem, QuizKind, Source, Step

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# Besides marks of emphasis, links and HTML: `:` and `@` make addresses into links, `$` formulas, `|` cells.
_ACTIVE = re.compile(r"[\\`*_\[\]<>&|~$@:#^{}]")
_AT_THE_START = re.compile(r"[-+=]|\d+(?=[.)])")


def write_markdown(material: Pack | Quiz) -> bytes:
    """Return a pack, or a quiz alone, as UTF-8 text; the answers stand at the end, under a heading of their own."""
    blocks = _pack(material) if isinstance(material, Pack) else _quiz(material)
    return ("\n\n".join(blocks) + "\n").encode()


def _pack(pack: Pack) -> Iterator[str]:
    yield f"# {escaped(pack.title)}"
    about = [f"テーマ：{pack.theme}", f"対象：{pack.audience}", f"時間：{pack.minutes}分"]
    about += [f"言い換えた言語モデル：{pack.model}"] if pack.model else []
    yield _bullets(escaped(text) for text in (*about, *pack.notes))
    yield from _section("学習目標", [_numbered(pack.goals)] if pack.goals else [])
    yield from _section("事例と話し合い", [block for case in pack.cases for block in _case(case)])
    yield from _section("対策の一覧", list(_measures(pack)))
    yield from _section("チェックリスト", list(_checklist(pack)))
    yield from _section("確認クイズ", [block for at, item in enumerate(pack.quiz, 1) for block in _question(at, item)])
    yield from _section("相談先", [_bullets(map(_line, pack.contacts))] if pack.contacts else [])
    yield from _section("進行の手引き（講師用）", _agenda(pack.agenda) if pack.agenda else [])
    yield from _sources(pack)
    yield from _section("解答と解説（講師用）", _answers(pack.quiz))


def _quiz(quiz: Quiz) -> Iterator[str]:
    yield f"# {escaped(quiz.title)}"
    for number, item in enumerate(quiz.items, start=1):
        yield from _question(number, item)
    yield from _sources(quiz)
    yield from _section("解答と解説", _answers(quiz.items))


def _section(title: str, blocks: Sequence[str]) -> Iterator[str]:
    """A heading and what is under it; nothing at all where there is nothing."""
    if blocks:
        yield f"## {title}"
        yield from blocks


def _case(case: CaseStudy) -> Iterator[str]:
    yield f"### {escaped(case.title)}"
    yield "\n".join(f"> {_line(line)}" for line in case.story)
    yield "**話し合うこと**"
    yield _numbered(case.questions)
    if case.learnings:
        yield "**この事例から学べること**"
        yield _bullets(map(_line, case.learnings))


def _measures(pack: Pack) -> Iterator[str]:
    rows = pack.countermeasures
    if any(row.is_for_audience for row in rows):
        yield f"★の付いた行は、{escaped(pack.audience)}の方の仕事にかかわりの深い対策です。"
    if rows:
        yield _countermeasures(rows)


def _countermeasures(rows: Sequence[Countermeasure]) -> str:
    columns = {
        "対策": [f"{'★ ' if row.is_for_audience else ''}{escaped(row.title)}" for row in rows],
        "すること": [_line(row.what) for row in rows],
        "理由": [_line(row.why) if row.why else "" for row in rows],
        "いつ": [escaped(row.stage or "") for row in rows],
        "ガイダンスのページ": [escaped(row.pages or "") for row in rows],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    return _table(tuple(shown), list(zip(*shown.values(), strict=True)))


def _checklist(pack: Pack) -> Iterator[str]:
    own = [item for item in pack.checklist if item.is_for_audience]
    others = [item for item in pack.checklist if not item.is_for_audience]
    for title, items in ((f"{pack.audience}の方", own), ("ほかの項目", others)):
        if items:
            yield f"### {escaped(title)}"
            yield "\n".join(map(_check, items))


def _check(item: CheckItem) -> str:
    pages = f"（{escaped(guidance_page(item.pages))}）" if item.pages else ""
    said = f"：{escaped(item.text)}" if item.text and item.text != item.title else ""
    return f"- [ ] **{escaped(item.title)}**{said}{pages}{_marks(item.markers)}"


def _question(number: int, item: QuizItem) -> Iterator[str]:
    yield f"### {escaped(heading(number, item))}"
    if item.story:
        yield f"> {escaped(item.story.text)}"
    yield escaped(item.stem)
    if item.kind is QuizKind.MATCHING:
        yield "\n".join(f"{at}. {escaped(pair.left)} →（　）" for at, pair in enumerate(item.pairs, start=1))
    if is_lettered(item):
        yield _bullets(f"{letter(at)}．{escaped(text)}" for at, text in enumerate(shown_texts(item)))
    else:
        yield "（　）正しい　　（　）誤り"
    if item.kind is QuizKind.ORDERING:
        yield "順番：" + " → ".join("（　）" for _ in item.sequence)


def _answers(items: Sequence[QuizItem]) -> list[str]:
    return [block for number, item in enumerate(items, start=1) for block in _answer(number, item)]


def _answer(number: int, item: QuizItem) -> Iterator[str]:
    words = f"　{escaped(right_text(item))}" if item.options and is_lettered(item) else ""
    yield f"**問{number}　正解：{escaped(right_letters(item))}**{words}"
    if item.pairs:
        yield _numbered(Line(f"{pair.left} → {pair.right}", pair.markers) for pair in item.pairs)
    if item.sequence:
        yield _numbered(item.sequence)
    yield _bullets([_line(item.explanation), *(f"{escaped(name)}：{_line(line)}" for name, line in reasons(item))])


def _agenda(steps: Sequence[Step]) -> list[str]:
    cells = [
        [f"{step.start}–{step.start + step.minutes}分", f"{step.minutes}分", escaped(step.title)] for step in steps
    ]
    blocks = [_table(("時刻", "長さ", "すること"), cells)]
    for step in steps:
        blocks += [f"### {escaped(step.title)}（{step.minutes}分）", _bullets(map(_line, step.notes))]
    return [block for block in blocks if block]


def _sources(material: Pack | Quiz) -> Iterator[str]:
    cells = [
        [f"[{at}]", escaped(source_name(one)), escaped(edition_name(one)), escaped(place_name(one)), escaped(one.quote)]
        for at, one in enumerate(material.citations, start=1)
    ]
    listed = [_bullets(map(_source, material.sources))] if material.sources else []
    quoted = [_table(("番号", "資料", "版", "箇所", "引用"), cells)] if cells else []
    yield from _section("出典", [*listed, *quoted])


def _source(source: Source) -> str:
    name = f"**{escaped(with_digest_mark(source.title, source.is_digest))}**（{escaped(edition_name(source))}）"
    newer = f"後の版があります（{source.replaced_by}）" if source.replaced_by else None
    about = [text for text in (source.publisher, newer, *credit_lines(source)) if text]
    return name + "".join(f"<br>{escaped(text)}" for text in about)


def _line(line: Line) -> str:
    by = worded_by(line)
    return f"{escaped(line.text)}{f'（{by}）' if by else ''}{_marks(line.markers)}"


def _marks(markers: Sequence[int]) -> str:
    # No link: nothing defines what [1] would lead to, for a bracket of a document is always escaped.
    return f" {marks(markers)}" if markers else ""


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _numbered(lines: Iterable[Line]) -> str:
    return "\n".join(f"{number}. {_line(line)}" for number, line in enumerate(lines, start=1))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def escaped(text: str) -> str:
    """A text on one line of Markdown that is shown as it stands; its line ends become `<br>`."""
    clean = _CONTROLS.sub("", text.replace("\t", " ").replace("\r\n", "\n"))
    lines = [" ".join(line.split(" ")).strip() for line in re.split(r"[\n\u2028\u2029]", clean)]
    return "<br>".join(_escaped_line(line) for line in lines if line)


def _escaped_line(line: str) -> str:
    active = _ACTIVE.sub(lambda found: f"\\{found[0]}", line)
    # A domain alone becomes a link, too.
    quiet = re.sub(r"(?i)\bwww\.", r"www\\.", active)
    start = _AT_THE_START.match(quiet)
    if start is None:
        return quiet
    return f"{start[0]}\\{quiet[start.end() :]}" if start[0].isdigit() else f"\\{quiet}"
