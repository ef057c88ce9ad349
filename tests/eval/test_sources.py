"""Tests of where quotes and gold stand: which places are accepted, and every way in which one can be wrong."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.models import BlockKind, Chunk
from eval.models import Gold, Grade, Target
from eval.sources import Sources


def chunk(chunk_id: str, section: tuple[str, ...], text: str, *pages: int, doc_id: str = "guide") -> Chunk:
    """A chunk on these pages, first and last."""
    first, last = (pages[0], pages[-1]) if pages else (None, None)
    return Chunk(chunk_id, doc_id, section, text, BlockKind.PARAGRAPH, start_page=first, end_page=last)


LONG = "".join(f"手順{number:03d}では記録を確かめます。" for number in range(25))
CHUNKS = (
    chunk("lend-1", ("機器の管理", "貸し出しの決まり"), "貸し出す機器は台帳に記録します。返却の期限は\n5日です。", 3),
    chunk("lend-2", ("機器の管理", "貸し出しの決まり"), "期限を過ぎたら係に知らせます。", 4),
    chunk("dispose", ("機器の管理", "廃棄"), "廃棄する機器は記録を消します。", 5, 6),
    chunk("lend-3", ("機器の管理", "貸し出しの決まり"), "貸し出した相手の氏名も残します。", 7),
    chunk("order", ("手順",), LONG, 8),
    chunk("contact", ("相談先一覧",), "困ったら情報係（内線1200）に相談します。"),
    chunk("visit", ("訪問者",), "貸し出す機器は台帳に記録します。", 3, doc_id="manual"),
)
SOURCES = Sources(CHUNKS)
LENDING = {"doc_id": "guide", "section": "機器の管理 > 貸し出しの決まり", "start_page": 3, "end_page": 3}
QUOTE = "貸し出す機器は台帳に記録します。"


def cite(quote: str = QUOTE, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """A citation of the first chunk, changed."""
    return {**LENDING, "quote": quote, **changes}


def gold(*targets: tuple[str, str, str], grade: Grade = Grade.NEEDED) -> Gold:
    """A gold item with these targets."""
    return Gold(grade, tuple(Target(*target) for target in targets))


def test_the_documents_are_those_of_the_chunks() -> None:
    """This test ensures that the indexed documents are known, and gold counts where one of its documents is."""
    assert set(SOURCES.doc_ids) == {"guide", "manual"}
    assert SOURCES.counts(gold(("elsewhere", "", ""), ("manual", "nowhere", "nothing")))
    assert not SOURCES.counts(gold(("elsewhere", "", "台帳")))


TARGETS = {
    "phrase under its heading": (("guide", "貸し出しの決まり", "台帳に記録"), {"lend-1"}),
    "phrase under an outer heading": (("guide", "機器の管理", "台帳に記録"), {"lend-1"}),
    "phrase over a line end": (("guide", "", "返却の期限は5日"), {"lend-1"}),
    "phrase in other widths": (("guide", "", "（内線１２００）"), {"contact"}),
    "phrase in two chunks": (("guide", "機器の管理", "記録"), {"lend-1", "dispose"}),
    "no section": (("guide", "", "相談します"), {"contact"}),
    "no phrase": (("guide", "貸し出しの決まり", ""), {"lend-1", "lend-2", "lend-3"}),
    "neither": (("manual", "", ""), {"visit"}),
    "wrong document": (("manual", "", "返却の期限"), set()),
    "unknown document": (("elsewhere", "", "台帳に記録"), set()),
    "wrong section": (("guide", "廃棄", "台帳に記録"), set()),
    "half a heading": (("guide", "貸し出し", "台帳に記録"), set()),
    "one changed character": (("guide", "", "台帳に記憶"), set()),
}


@pytest.mark.parametrize(("target", "expected"), TARGETS.values(), ids=TARGETS.keys())
def test_a_target_is_found_where_it_stands(target: tuple[str, str, str], expected: set[str]) -> None:
    """This test ensures that a target is its phrase under its heading in its document, and nothing near it."""
    for _ in range(2):  # the second time from memory
        assert SOURCES.chunks_of(Target(*target)) == expected


def test_the_text_of_gold_is_that_of_all_its_chunks() -> None:
    """This test ensures that every chunk of every target is in the text, once each, and nothing where there is none."""
    both = gold(("guide", "廃棄", ""), ("guide", "", "記録を消し"), ("manual", "訪問者", ""))
    assert sorted(SOURCES.text_of(both).split("\n")) == sorted(
        ["廃棄する機器は記録を消します。", "貸し出す機器は台帳に記録します。"]
    )
    assert SOURCES.text_of(gold(("guide", "", "無い"))) == ""


VALID = {
    "as it stands": cite(),
    "the whole chunk": cite(CHUNKS[0].text),
    "white space and line ends": cite("貸し出す 機器は\n台帳に記録します。返却の期限は5日です"),
    "full-width digits": cite("返却の期限は５日です。"),
    "half-width brackets": cite("情報係(内線1200)に相談", section="相談先一覧", start_page=None, end_page=None),
    "over two chunks": cite("返却の期限は5日です。期限を過ぎたら", end_page=4),
    "no section named": cite(section=""),
    "section None": cite(section=None),
    "no page named": cite(start_page=None, end_page=None),
    "the last page left out": cite(end_page=None),
    "the outer section": cite(section="機器の管理"),
    "the innermost heading alone": cite(section="貸し出しの決まり"),
    "a section in other widths": cite(section="機器の管理　＞貸し出しの決まり"),
    "more pages than it needs": cite(start_page=1, end_page=9),
    "the second of a chunk's pages": cite("廃棄する機器は記録を消します。", section="廃棄", start_page=6, end_page=6),
    "a heading": cite("貸し出しの決まり"),
    "8 characters": cite(QUOTE[:8]),
    "300 characters": cite(LONG[:300], section="手順", start_page=8, end_page=8),
}


@pytest.mark.parametrize("citation", VALID.values(), ids=VALID.keys())
def test_what_stands_there_is_valid(citation: dict[str, Any]) -> None:
    """This test ensures that a quote that stands where it says is valid, widths and white space aside."""
    assert SOURCES.valid(citation)


INVALID = {
    "another document's": cite(doc_id="manual"),
    "an unknown document": cite(doc_id="elsewhere"),
    "no document": cite(doc_id=None),
    "another section": cite(section="機器の管理 > 廃棄"),
    "an unknown section": cite(section="目次"),
    "part of a heading": cite(section="貸し出し"),
    "parts of two headings": cite(section="管理 > 貸し出し"),
    "the page before": cite(start_page=2, end_page=2),
    "the page after": cite(start_page=4, end_page=4),
    "one page for two": cite("返却の期限は5日です。期限を過ぎたら"),
    "over chunks that do not follow each other": cite(
        "係に知らせます。貸し出した相手の", start_page=None, end_page=None
    ),
    "one changed character": cite("貸し出す機器は台帳に記憶します。"),
    "one character more": cite("貸し出す機器は台帳には記録します。"),
    "two pieces": cite("貸し出す機器は……記録します。"),
    "7 characters": cite(QUOTE[:7]),
    "301 characters": cite(LONG[:301], section="手順", start_page=8, end_page=8),
    "a heading of another section": cite("貸し出しの決まり", section="廃棄", start_page=5, end_page=6),
    "half a heading": cite("貸し出しの決まりと", section="機器の管理"),
    "a short heading": cite("廃棄", section="廃棄", start_page=5, end_page=6),
    "nothing": cite(""),
    "blanks only": cite(" \u3000\n" * 5),
    "None": cite(quote=None),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("citation", INVALID.values(), ids=INVALID.keys())
def test_what_does_not_stand_there_is_not_valid(citation: dict[str, Any]) -> None:
    """This test ensures that a quote is refused where one thing that it says of its place or its text is wrong."""
    assert not SOURCES.valid(citation)


def test_a_citation_without_fields_is_not_valid() -> None:
    """This test ensures that an empty object of another system is no citation, and raises nothing."""
    assert not SOURCES.valid({})
    assert SOURCES.places({}) == frozenset()
    assert SOURCES.gold_cited({}, [gold(("guide", "", "台帳"))]) == []


def test_the_places_of_a_quote() -> None:
    """This test ensures that a quote's chunks are those that hold it within the section and the pages it names."""
    assert SOURCES.places(cite()) == {"lend-1"}
    assert SOURCES.places(cite("記録", section="機器の管理", start_page=None)) == {"lend-1", "dispose"}
    assert SOURCES.places(cite("記録", section="機器の管理", start_page=5, end_page=None)) == {"dispose"}
    assert SOURCES.places(cite(doc_id="manual", section="", start_page=3)) == {"visit"}
    assert SOURCES.places(cite(section="廃棄")) == frozenset()


def test_the_chunks_of_a_quote_come_in_the_documents_order() -> None:
    """This test ensures that a heading is taken from the chunks right under it, in order, and from no others."""
    heading = cite("貸し出しの決まり", start_page=None)
    assert [one.chunk_id for one in SOURCES.chunks_cited(heading)] == ["lend-1", "lend-2", "lend-3"]
    assert SOURCES.chunks_cited(cite("機器の管理", start_page=None)) == ()


RULE = gold(("guide", "貸し出しの決まり", "台帳に記録"))
LATE = gold(("guide", "", "期限を過ぎたら"))
ERASURE = gold(("guide", "廃棄", ""), grade=Grade.RELEVANT)


def test_gold_is_cited_by_a_quote_from_its_chunk() -> None:
    """This test ensures that a citation points to the gold of its chunk, whichever piece of it is quoted."""
    items = [LATE, RULE, ERASURE]
    assert SOURCES.gold_cited(cite(), items) == [1]
    assert SOURCES.gold_cited(cite("返却の期限は5日です。"), items) == [1]
    assert SOURCES.gold_cited(
        cite("廃棄する機器は記録を消します。", section="廃棄", start_page=5, end_page=6), items
    ) == [2]
    assert SOURCES.gold_cited(cite(section="", start_page=None, doc_id="manual"), items) == []
    assert SOURCES.gold_cited(cite("訪問者は名札を付けます。"), items) == []


def test_gold_is_cited_by_a_quote_that_holds_its_phrase() -> None:
    """This test ensures that a quote over two chunks, which is a piece of neither, still points to what it says."""
    citation = cite("返却の期限は5日です。期限を過ぎたら", end_page=4)
    assert SOURCES.places(citation) == frozenset()
    assert SOURCES.gold_cited(citation, [RULE, LATE]) == [1]


def test_gold_of_several_places_is_cited_once() -> None:
    """This test ensures that one of several targets is enough, and that two of them make it no two items."""
    twofold = gold(("elsewhere", "", "台帳"), ("guide", "貸し出しの決まり", "台帳に記録"), ("guide", "", "返却の期限"))
    assert SOURCES.gold_cited(cite(), [LATE, twofold]) == [1]
    assert SOURCES.gold_cited(cite(doc_id="elsewhere"), [gold(("elsewhere", "", "台帳に"))]) == [0]


def passage(**changes: object) -> dict[str, Any]:
    """A passage of the first chunk, changed; its text is given beside it."""
    return {"doc_id": "guide", "section": "機器の管理 > 貸し出しの決まり", **changes}


PASSAGES = {
    "under the heading": (passage(), CHUNKS[0].text, [0, 2]),
    "without a section": (passage(section=""), CHUNKS[0].text, [0, 2]),
    "a section of None": (passage(section=None), CHUNKS[0].text, [0, 2]),
    "another section": (passage(section="機器の管理 > 廃棄"), CHUNKS[0].text, [2]),
    "a heading that begins alike": (passage(section="貸し出しの決まりの例"), CHUNKS[0].text, [2]),
    "another document": (passage(doc_id="manual"), CHUNKS[0].text, []),
    "its beginning only": (passage(), CHUNKS[0].text[:5], []),
    "cut over a line end": (passage(), "に記録します。返却の\n期限は5日", [2]),
    "more than a chunk": (passage(), "前置き。" + CHUNKS[0].text + CHUNKS[1].text, [0, 1, 2]),
    "in other widths": (passage(), "台帳に記録します。返却の期限は　５日です。", [0, 2]),
    "one changed character": (passage(), "台帳に記憶します。返却の期限は6日です。", []),
    "nothing of it": (passage(), "", []),
}


@pytest.mark.parametrize(("given", "text", "expected"), PASSAGES.values(), ids=PASSAGES.keys())
def test_gold_stands_in_a_passage(given: dict[str, Any], text: str, expected: list[int]) -> None:
    """This test ensures that gold is found in a passage by document, phrase, and section where one is named."""
    items = [RULE, LATE, gold(("elsewhere", "", "期限"), ("guide", "", "返却の期限は5日"))]
    assert SOURCES.gold_in_passage(given, text, items) == expected


def test_a_whole_section_is_in_every_passage_of_it() -> None:
    """This test ensures that a target without a phrase is held by any passage under its heading, and no other."""
    below, beside = passage(section="機器の管理 > 廃棄"), passage()
    assert SOURCES.gold_in_passage(below, "記録を", [RULE, ERASURE]) == [1]
    assert SOURCES.gold_in_passage(beside, "記録を", [RULE, ERASURE]) == []


def test_a_whole_document_is_in_every_passage_of_it() -> None:
    """This test ensures that a target of neither section nor phrase is held by any passage of its document."""
    items = [gold(("guide", "", ""))]
    assert SOURCES.gold_in_passage(passage(section="相談先一覧"), "困ったら", items) == [0]
    assert SOURCES.gold_in_passage(passage(doc_id="manual"), "困ったら", items) == []
