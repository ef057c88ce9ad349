"""What is read off texts for quiz items: labels, lists, dates, definitions, sentences; no index, no search."""

from __future__ import annotations

from typing import cast

import pytest

from assistant.assistant import Assistant
from assistant.guidance import Guidance
from corpus.models import BlockKind, Chunk, Document
from tests.training.test_quiz_check import LISTED, NEW, OLD, make_material
from training.material import Material
from training.quiz.facts import amounts, is_overtaken, is_worth_asking, read_base, read_label, shape
from training.quiz.facts_dates import find_events, read_date
from training.quiz.facts_lists import find_flows, find_lists
from training.quiz.facts_numbered import numbered_list
from training.quiz.facts_sentences import as_sentence, stands_alone, without_opening
from training.quiz.facts_terms import find_definitions


def test_a_label_is_read_with_its_condition_date_and_number() -> None:
    """This test ensures that 「X（時点、条件）：Y」 gives X, Y, the date and the condition apart from each other."""
    base = read_base(make_material())
    found = next(entry for entry in base.labelled if entry.value == "750万円")
    assert (found.label, found.condition, found.as_of) == (
        "猫車補助金の補助上限額",
        "従業員5人以下",
        "2025年10月の時点",
    )
    numbered = next(entry for entry in base.labelled if entry.value == "車輪の点検")
    assert (numbered.label, numbered.number) == ("猫車認証の管理基準", "①")


def test_addresses_and_talk_of_the_document_are_no_labels() -> None:
    """This test ensures that nobody is asked for an address or for how the document was made."""
    base = read_base(make_material())
    assert not [entry for entry in base.labelled if "https" in entry.value]
    line = next(line for line in base.lines if "https" in line.text)
    assert read_label(line) is None


def test_surveys_and_cases_are_not_asked_about() -> None:
    """This test ensures that headings of surveys, cases and check lists are left to others or to nobody."""
    headings = [chunk.section[-1] for chunk in make_material().chunks if is_worth_asking(chunk)]
    assert "猫車の補助金" in headings
    assert not {"猫車アンケート調査", "Case 1 車輪が外れたケース"} & set(headings)


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("猫車を海外に送る会社は、前もって許可の申請が必要です。", True),
        ("これは、前もって許可の申請が必要な猫車です。", False),
        ("その他の条件についても、会社は確認する必要があります。", False),
        ("原典は、猫車の許可に関する申請の年を書いていません。", False),
        ("手押し氏は、猫車の点検を毎朝行うことが必要だと述べました。", False),
        ("猫車の点検の詳しい説明は、手引きの12ページにあります。", False),
        ("猫車は、毎朝（車輪を点検することが重要です。", False),
        ("猫車の点検を毎朝行うことが何よりも重要な会社の取組", False),
    ],
)
def test_sentences_that_lean_on_others_are_left(sentence: str, stands: bool) -> None:
    """This test ensures that a statement can be judged by someone who sees nothing else."""
    assert stands_alone(sentence) is stands


def test_lists_share_a_label_or_stand_behind_an_announcement() -> None:
    """This test ensures that both kinds of list are found, whole and in order."""
    lists = {one.name: one for one in find_lists(read_base(make_material()))}
    assert [item.text for item in lists["猫車認証の管理基準"].items] == LISTED
    points = lists["取引先の確認"]
    assert points.is_headed
    assert len(points.items) == 3


def test_a_flow_needs_different_steps_under_a_heading_that_says_so() -> None:
    """This test ensures that an order is only read where the text claims one."""
    flows = find_flows(read_base(make_material()))
    assert [flow.name for flow in flows] == ["猫車の修理の流れ"]
    assert [item.text for item in flows[0].items] == ["荷台を空にします。", "車輪を外します。", "車輪を替えます。"]


def test_events_carry_their_month_and_one_told_with_two_dates_is_left_out() -> None:
    """This test ensures that dates of either calendar are read and a doubtful one is never asked for."""
    events = {event.text: event.date for event in find_events(read_base(make_material()))}
    assert events["猫車安全法の施行"] == (2019, 4)
    assert events["「猫車ガイド」の策定"] == (2022, 5)
    assert not [text for text in events if "猫車白書" in text]
    assert read_date("平成元年1月") == (1989, 1)
    assert read_date("2022年") is None


def test_definitions_come_from_sentences_and_from_brackets_of_the_edition_in_force() -> None:
    """This test ensures that 「Xとは」 and 「X（…こと）」 both define, and the newer edition is the one that counts."""
    definitions = {definition.term: definition for definition in find_definitions(read_base(make_material()))}
    assert definitions["猫車"].text == "一つの車輪と二本の持ち手で物を運ぶ道具"
    assert definitions["猫車"].chunk.doc_id != OLD
    assert definitions["積載超過"].text == "荷台に載せてよい重さを超えること"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("猫車を持つ会社は、毎月の点 検が必要", "猫車を持つ会社は、毎月の点検が必要。"),
        ("猫車とは、 運搬の道具です。", "猫車とは、運搬の道具です。"),
        ("Cart Safety の点検", "Cart Safety の点検"),
    ],
)
def test_a_line_of_a_page_is_told_as_a_sentence(text: str, said: str) -> None:
    """This test ensures that line breaks inside words go, spaces of Latin names stay, and a full stop is put."""
    assert as_sentence(text) == said


def test_a_sentence_may_leave_out_its_subject_under_its_heading_only() -> None:
    """This test ensures that what a sentence is about is always told; and that 「おそれ」 is not taken for 「それ」."""
    assert not stands_alone("車輪の点検を国が認定した機関が毎月行い、記録を残します。")
    assert stands_alone("車輪の点検を国が認定した機関が毎月行い、記録を残します。", is_headed=True)
    assert stands_alone("猫車の決まりは、事故のおそれが高い猫車だけのものです。")
    assert without_opening("※また、猫車は重いです。") == "猫車は重いです。"
    assert without_opening("したがって、猫車は重いです。") == "猫車は重いです。"


def numbered(text: str, heading: str = "(参考)猫車認証に必要な取組(例)") -> tuple[str, list[str]] | None:
    """Name and items of the numbered list of a passage."""
    found = numbered_list(Chunk("n", NEW, ("手引き", heading), text, BlockKind.LIST_ITEM))
    return (found.name, [item for item, _ in found.items]) if found else None


def test_numbered_lists_are_read_in_sentences_lines_and_tables() -> None:
    """This test ensures that items come whole, in order and without what follows the last one."""
    inline = "例えば、①車輪の点検、②事故等の報 告の決まり、③荷台の掃除、などが必要。"
    assert numbered(inline) == ("猫車認証に必要な取組", ["車輪の点検", "事故等の報告の決まり", "荷台の掃除"])
    lines = "①港で使う者\n②坂で使う者\n③夜に使う者\n特定利用は、以下の①～③に分類される。"
    assert numbered(lines) == ("特定利用", ["港で使う者", "坂で使う者", "夜に使う者"])
    table = "①木の猫車　③紙の猫車\n②鉄の猫車"
    assert numbered(table, "届出の対象") == ("届出の対象", ["木の猫車", "鉄の猫車", "紙の猫車"])


@pytest.mark.parametrize(
    "text", ["①車輪、②荷台", "①車輪\n②荷台\n④持ち手", "①車輪\n②荷台\n②持ち手\n③油", "①車輪を見て、"]
)
def test_numbers_that_lack_or_repeat_are_no_list(text: str) -> None:
    """This test ensures that a page that was misread gives no question on what is not listed."""
    assert numbered(text) is None


def test_support_of_a_later_document_overtakes_the_earlier_one() -> None:
    """This test ensures that amounts of another year are not asked for as if they held."""
    base = read_base(two_years("猫車補助金の優遇", "（参考）「猫車補助金」の優遇"))
    assert [is_overtaken(base, chunk) for chunk in base.material.chunks] == [True, False]
    base = read_base(two_years("猫車の点検", "猫車の点検"))
    assert not any(is_overtaken(base, chunk) for chunk in base.material.chunks)


def two_years(before: str, after: str) -> Material:
    """Two documents that replace nothing, three years apart, with a passage each under these headings."""
    documents = [
        Document(f"d{year}", f"資料{year}", None, year, None, (), None, f"{year}.md", "0" * 64)
        for year in ("2023", "2026")
    ]
    chunks = tuple(
        Chunk(f"c-{document.doc_id}", document.doc_id, (heading,), "上限は、750万円です。", BlockKind.PARAGRAPH)
        for document, heading in zip(documents, (before, after), strict=True)
    )
    by_id = {document.doc_id: document for document in documents}
    return Material(cast(Assistant, None), Guidance(documents, chunks), chunks, by_id)


def test_amounts_and_shapes_compare_like_with_like() -> None:
    """This test ensures that figures of one form are known as such, whatever their number."""
    assert amounts("750万円から7億2千万円まで") == ("750万", "7億2千万")
    assert shape("750万円") == shape("1,000万円") != shape("20年以内")
