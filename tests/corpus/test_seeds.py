"""The client's five documents, where they are beside this checkout: every trap that their conversion left in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from corpus.clean import quote_key, search_text, strip_markup
from corpus.load import load_corpus
from corpus.loaded import Corpus
from corpus.models import BlockKind, Chunk, Verdict

SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"
HANDBOOK, NEW_SLIDES, OLD_SLIDES = "handbook-2026-04", "meti-slides-2026-03", "meti-slides-2025-10"
REPORT, TRADE = "kizashi-2026-01", "trade-control-slides-2023"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the client's documents are not beside this checkout")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """The five documents, loaded once."""
    return load_corpus([SEEDS])


def chunks(corpus: Corpus, doc_id: str, *words: str) -> list[Chunk]:
    """The chunks of a document whose search text or section holds all the words."""
    return [
        chunk
        for chunk in corpus.chunks
        if chunk.doc_id == doc_id and all(word in search_text(f"{chunk.section_path}\n{chunk.text}") for word in words)
    ]


def test_all_five_are_read(corpus: Corpus) -> None:
    """This test ensures that sources.toml names the five documents and that each is read without a warning."""
    assert {document.doc_id for document in corpus.documents} == {HANDBOOK, NEW_SLIDES, OLD_SLIDES, REPORT, TRADE}
    assert all(file.verdict is Verdict.READ and not file.warnings for file in corpus.files)
    (new,) = (document for document in corpus.documents if document.doc_id == NEW_SLIDES)
    assert new.replaces == (OLD_SLIDES,)


def test_every_line_can_be_quoted(corpus: Corpus) -> None:
    """This test ensures that each line, or cell of a table, stands in the file as one piece, white space aside."""
    missing = []
    for document in corpus.documents:
        original = quote_key(strip_markup(Path(document.path).read_text(encoding="utf-8-sig")))
        own = (chunk for chunk in corpus.chunks if chunk.doc_id == document.doc_id)
        pieces = (cell for chunk in own for line in chunk.text.split("\n") for cell in line.split("\u3000"))
        missing += [(document.doc_id, piece) for piece in pieces if quote_key(piece) not in original]
    assert missing == []


@pytest.mark.parametrize(("doc_id", "times"), [(NEW_SLIDES, 3), (REPORT, 5), (HANDBOOK, 3)])
def test_the_guidance_is_found_under_its_name(corpus: Corpus, doc_id: str, times: int) -> None:
    """This test ensures that ガイダンス is found where it was misread, and that the misreading is shown."""
    found = chunks(corpus, doc_id, "ガイダンス")
    assert len(found) >= times
    assert any(
        "ガイドンス" in chunk.text or "ガイドス" in chunk.text for chunk in corpus.chunks if chunk.doc_id == doc_id
    )


@pytest.mark.parametrize(
    ("doc_id", "right"),
    [
        (HANDBOOK, "合弁相手"),
        (HANDBOOK, "一歩立ち止ま"),
        (HANDBOOK, "フィージビリティ"),
        (HANDBOOK, "技術情報はブラックボックス化"),
        (NEW_SLIDES, "合弁会社"),
        (NEW_SLIDES, "新エネ"),
        (NEW_SLIDES, "舶用工業"),
        (NEW_SLIDES, "15セパレータ製造装置"),
        (OLD_SLIDES, "データ一式"),
        (OLD_SLIDES, "専門家派遣を依頼"),
        (OLD_SLIDES, "20年以内"),
        (OLD_SLIDES, "15セパレータ製造装置"),
        (OLD_SLIDES, "8フォトレジスト"),
        (OLD_SLIDES, "カリキュラム"),
        (OLD_SLIDES, "国家安全保障"),
        (REPORT, "企業の取組"),
        (REPORT, "リスキリング"),
    ],
)
def test_a_damaged_word_is_found(corpus: Corpus, doc_id: str, right: str) -> None:
    """This test ensures that each misreading, Chinese glyph and space inside a word is mended for the search."""
    assert chunks(corpus, doc_id, right)


def test_no_markup_is_shown(corpus: Corpus) -> None:
    """This test ensures that no tag, bold mark, box, escape, tab or NUL of the conversion reaches a reader."""
    marks = ("**", "<u", "<ul", "<li", "<br", "<b>", "<input", "</", "☐", "\\_", "\t", "\x00", "](")
    assert [chunk.text for chunk in corpus.chunks if any(mark in chunk.text for mark in marks)] == []


def test_page_ranges_of_the_handbook(corpus: Corpus) -> None:
    """This test ensures that labels are those of its contents, in order, and that cover and contacts have none."""
    (handbook,) = (document for document in corpus.documents if document.doc_id == HANDBOOK)
    labels = ["3–4", "5–6", "7", "8", "9–10", "11–12", "13–14", "15", "16", "17–18"]
    assert [page.label for page in handbook.pages] == [None, *labels, None]
    assert all(chunk.page_label is None for chunk in chunks(corpus, HANDBOOK, "TEL"))
    assert len(chunks(corpus, HANDBOOK, "TEL")) >= 9


def test_cases_are_known_by_their_chapter(corpus: Corpus) -> None:
    """This test ensures that the twelve cases of the handbook stand under four chapters, each with its number."""
    cases = [chunk for chunk in corpus.chunks if chunk.doc_id == HANDBOOK and chunk.kind is BlockKind.CASE]
    assert len(cases) == 12
    assert len({chunk.section for chunk in cases}) == 12
    per_chapter = Counter((chunk.section[0][:5], chunk.page_label) for chunk in cases)
    assert sorted(per_chapter.values()) == [2, 2, 4, 4]
    (third,) = (chunk for chunk in cases if chunk.section[0].startswith("人を通じた") and "Case 3" in chunk.section[1])
    assert "展示会" in third.text


def test_cases_of_the_slides_hold_together(corpus: Corpus) -> None:
    """This test ensures that each of the four cases of 002 keeps its course, its points and its lessons."""
    own = [chunk for chunk in corpus.chunks if chunk.doc_id == OLD_SLIDES and chunk.kind is BlockKind.CASE]
    heads = Counter(chunk.section[0].split(":")[0] for chunk in own)
    assert heads == {"Case 1": 3, "Case 2": 3, "Case 3": 3, "Case 4": 3}


def test_the_check_list(corpus: Corpus) -> None:
    """This test ensures that 32 items stand in groups of 3, 5, 7, 9 and 8, each with its pages in the guidance."""
    items = [chunk for chunk in corpus.chunks if chunk.kind is BlockKind.CHECKLIST_ITEM and chunk.doc_id == HANDBOOK]
    assert list(Counter(chunk.section for chunk in items).values()) == [3, 5, 7, 9, 8]
    assert all("(P" in chunk.text and chunk.page_label == "17–18" for chunk in items)
    (access,) = (chunk for chunk in items if chunk.text.startswith("アクセスコントロール"))
    assert "(P85)" in access.text
    assert sum("P10参照" in chunk.text for chunk in items) == 1


def test_tables_of_technologies_stay_whole(corpus: Corpus) -> None:
    """This test ensures that the 24 technologies of the new slides are one chunk, as the 19 of the old ones are."""
    (new,) = chunks(corpus, NEW_SLIDES, "永久磁石", "積層セラミックコンデンサ", "シンチレータ")
    (old,) = chunks(corpus, OLD_SLIDES, "軟性内視鏡", "積層セラミックコンデンサ")
    assert new.kind is old.kind is BlockKind.TABLE_ROW
    assert new.section[-1] == old.section[-1] == "事前報告の対象技術"


def test_a_title_with_a_date_is_a_section(corpus: Corpus) -> None:
    """This test ensures that the talks scheme of 2024 and the cases of 2025 do not fall under the chapter before."""
    assert any(chunk.section[0].endswith("（2024年12月施行）") for chunk in chunks(corpus, NEW_SLIDES, "インフォーム"))
    assert any(
        chunk.section[0].endswith("（2025年11月策定）") for chunk in chunks(corpus, NEW_SLIDES, "公正取引委員会")
    )


def test_text_without_a_heading_keeps_the_one_before(corpus: Corpus) -> None:
    """This test ensures that the text on すり合わせ in 000, whose heading is lost, stands under chapter four."""
    (chunk,) = chunks(corpus, NEW_SLIDES, "相互調整")
    assert "（第4章）" in chunk.section[0]


def test_the_three_types_stand_with_their_name(corpus: Corpus) -> None:
    """This test ensures that 特定類型 and the three kinds of person it means are one chunk under the slide's title."""
    (chunk,) = chunks(corpus, TRADE, "1雇用契約", "2経済的利益", "3国内において")
    assert "特定類型" in chunk.text
    assert chunk.section[-1].startswith("みなし輸出管理")


def test_hard_breaks_inside_sentences_are_undone(corpus: Corpus) -> None:
    """This test ensures that a sentence of 004 that was cut by a blank line is one line."""
    assert any("旧サポイン・サビサポ事業" in line for chunk in chunks(corpus, TRADE) for line in chunk.text.split("\n"))


def test_parts_of_the_report(corpus: Corpus) -> None:
    """This test ensures that in 003 every section stands under its part, whatever the marks before the headings."""
    tops = list(dict.fromkeys(chunk.section[0] for chunk in corpus.chunks if chunk.doc_id == REPORT))
    assert [top[:3] for top in tops if top.startswith("第")] == [f"第{number}部" for number in range(1, 7)]
    (first,) = {chunk.section[:2] for chunk in chunks(corpus, REPORT, "農機具")}
    assert first[0].startswith("第5部")
    assert "取組事例①" in first[1]


def test_an_unreadable_picture_is_survived(corpus: Corpus) -> None:
    """This test ensures that behind the garbled check list near the end of 002 the text goes on under its own title."""
    assert any(chunk.section[-1].startswith("営業秘密支援窓口") for chunk in chunks(corpus, OLD_SLIDES, "相談無料"))
