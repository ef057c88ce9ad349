"""This module ensures that what the documents hold of a theme is found, the newest of it, and nothing for nonsense."""

from __future__ import annotations

import re

import pytest

from assistant.citations import CitationBook
from training.catalogue import Theme, audience_named, theme_named, themes
from training.material import Material
from training.pack.builder import build_pack
from training.pack.cited import Cited
from training.pack.countermeasures import passage_line
from training.pack.nearest import nearest_themes
from training.pack.passages import Passage, passages_about
from training.pack.sentences import in_one_column, is_reason
from training.pack.subject import find_subject

from .conftest import material_over


def test_guided_themes_have_their_measures_and_cases(digest_material: Material) -> None:
    """This test ensures that the check list's 32 countermeasures are parted among five themes as it parts them."""
    counts = [len(find_subject(digest_material, theme).measures) for theme in themes() if theme.guidance]
    assert counts == [5, 7, 9, 8, 3]


def test_the_first_steps_borrow_cases(digest_material: Material) -> None:
    """This test ensures that the one guided theme without cases takes those of others, and says so."""
    subject = find_subject(digest_material, theme_named("まず最初に"))
    assert subject.cases_of_others
    assert subject.cases
    assert [entry.heading for entry in subject.entries if isinstance(entry, Passage)][:2] == [
        "経営層のリーダーシップ",
        "責任者の設置",
    ]


def test_export_control_is_made_from_passages(digest_material: Material) -> None:
    """This test ensures that rules on deemed exports, the three types and the dialogue scheme are all there."""
    passages = find_subject(digest_material, theme_named("外為法")).passages
    headings = "".join(passage.heading for passage in passages)
    assert all(word in headings for word in ("みなし輸出管理", "特定類型", "技術管理対話スキーム"))
    assert any("許可の申請が義務づけられます" in rule for passage in passages for rule in passage.rules)


def test_lists_are_taken_whole(digest_material: Material) -> None:
    """This test ensures that the criteria of the certification come with the passage that names them."""
    passages = find_subject(digest_material, theme_named("TICS")).passages
    criteria = next(passage for passage in passages if "管理基準" in passage.heading)
    assert len(criteria.items) == 7


def test_the_newest_edition_is_taken(digest_material: Material) -> None:
    """This test ensures that of two editions that say the same the newer is shown, and no heading twice."""
    for name in ("外為法", "TICS"):
        passages = find_subject(digest_material, theme_named(name)).passages
        headings = [passage.heading for passage in passages]
        assert len(headings) == len(set(headings))
        listed = [passage for passage in passages if "対象技術" in passage.heading]
        assert all(passage.chunk.doc_id == "digest-meti-slides-2026-03" for passage in listed)
    scheme = next(p for p in find_subject(digest_material, theme_named("外為法")).passages if "仕組み" in p.heading)
    assert scheme.chunk.doc_id == "digest-meti-slides-2026-03"


def test_nonsense_is_about_nothing(digest_material: Material) -> None:
    """This test ensures that a text that no document speaks of has no subject."""
    assert find_subject(digest_material, theme_named("円周率")).is_empty


def test_few_countermeasures_are_filled_up_from_the_chapter_of_the_case(digest_material: Material) -> None:
    """This test ensures that a narrow theme of one's own gives a table, and that the pack can say where it is from."""
    subject = find_subject(digest_material, theme_named("サンプル提供"))
    assert subject.filled_from == "すり合わせに伴う技術流出"
    assert {measure.theme for measure in subject.measures} >= {"すり合わせ"}


def test_near_themes_are_ranked_by_the_search(digest_material: Material) -> None:
    """This test ensures that a word of a theme that cannot be answered leads to that theme first."""
    assert nearest_themes(digest_material, theme_named("工場撤退後の雇用保険"))[0] == "生産拠点の海外進出"


RULES = """# 猫車法の手引き

## 猫車法の届出

また、猫車を貸すときは、事前に届出が必要です。借りた人は届出の対象外とされていた。
猫車を直したときも、安全対 策のために届出が必要です。

## 猫車法で扱う行為

猫車法では、以下の行為を届出が必要な「使用」として管理します。

① 坂道での使用
② 夜間の使用

## 猫車法の支援事業

5月18日より、猫車を無償で貸す事業を開始し、申込みが必要です。

## 猫車法の相談窓口

猫車法の届出に悩む人は、無料で相談できます。
"""
CART_LAW = Theme("猫車法", "猫車法", headings=("猫車法",), words=("猫車法",))


@pytest.fixture(scope="module")
def cart_law(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The material of a made-up guide to a law."""
    folder = tmp_path_factory.mktemp("law")
    path = folder / "猫車法.md"
    path.write_text(RULES, encoding="utf-8")
    return material_over([path], folder / "data")


def test_only_what_holds_now_is_taught(cart_law: Material) -> None:
    """This test ensures that what was so, a day without a year and an office to ask are no rules."""
    passages = passages_about(cart_law, CART_LAW)
    assert [passage.heading for passage in passages] == ["猫車法の届出", "猫車法で扱う行為"]
    assert not any("とされていた" in rule for passage in passages for rule in passage.rules)


def test_rules_begin_without_the_word_that_joins_them(cart_law: Material) -> None:
    """This test ensures that a sentence behind 「また、」 is a rule, told without that word."""
    assert passages_about(cart_law, CART_LAW)[0].rules[0] == "猫車を貸すときは、事前に届出が必要です。"


def test_a_numbered_list_comes_with_the_sentence_that_announces_it(cart_law: Material) -> None:
    """This test ensures that 「以下の行為」 is shown with all that it announces, and never alone."""
    listed = next(p for p in passages_about(cart_law, CART_LAW) if p.items)
    assert listed.rules == ("猫車法では、以下の行為を届出が必要な「使用」として管理します。",)
    assert listed.items == ("① 坂道での使用", "② 夜間の使用")


def test_line_ends_inside_words_are_closed(cart_law: Material) -> None:
    """This test ensures that a blank inside a word is not shown, though it stays in the quote."""
    passage = passages_about(cart_law, CART_LAW)[0]
    book = CitationBook(cart_law.documents)
    line = passage_line(passage, Cited(book))
    assert line
    assert "安全対策のために" in line.text
    assert any("安全対 策のために" in citation.quote for citation in book.citations())


def test_deemed_exports_are_told_as_they_are_now(digest_material: Material, seeds_material: Material) -> None:
    """This test ensures that both acts that need a permit are there, in digests and originals, and no older rule."""
    for material in (digest_material, seeds_material):
        passages = find_subject(material, theme_named("外為法")).passages
        acts = next(p for p in passages if "規制対象となる技術提供行為" in p.heading)
        assert [item[0] for item in acts.items] == ["①", "②"]
        assert not any(re.search(r"とされてい|指摘があ", rule) for p in passages for rule in p.rules)


def test_advantages_of_a_year_are_no_countermeasures(digest_material: Material, seeds_material: Material) -> None:
    """This test ensures that subsidies, effects and offices stay out of the table on the certification."""
    for material in (digest_material, seeds_material):
        headings = " ".join(p.heading for p in find_subject(material, theme_named("TICS")).passages)
        assert headings
        assert not re.search(r"補助金|加点|優遇|効果|窓口|マーク", headings)


def test_a_theme_of_ones_own_opens_with_its_own_case(seeds_material: Material) -> None:
    """This test ensures that the case is chosen by the theme, whoever listens."""
    assert "引き抜き" in find_subject(seeds_material, theme_named("退職者")).cases[0].title


def test_trade_secrets_are_not_the_sales_people_s_alone() -> None:
    """This test ensures that 「営業秘密」 marks nothing as the work of 営業."""
    assert not any(word in "重要技術を営業秘密として管理しましょう。" for word in audience_named("営業").words)


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("定年退職の後に競合他社へ転職することもあります。", True),
        ("採用選考では、確認の一つとして国籍を確認することがあります。", False),
        ("対策には、待遇を良くすることもあります。", False),
        ("情報を漏らすおそれがないかを確かめる方法もあります。", False),
        ("技術が漏れるおそれがあるため、台帳を付けましょう。", False),
    ],
)
def test_a_reason_is_no_measure(sentence: str, is_one: bool) -> None:
    """This test ensures that only what may happen or follow is given as a reason, not another thing to do."""
    assert is_reason(sentence) is is_one


def test_two_numbered_columns_are_read_one_after_the_other() -> None:
    """This test ensures that 「① … ③ …」 beside each other are listed by their numbers, and other lists stay."""
    assert in_one_column(["①車輪　③荷台", "②持ち手④金具"]) == ["①車輪", "②持ち手", "③荷台", "④金具"]
    assert in_one_column(["①車輪", "②持ち手（①を除く）"]) == ["①車輪", "②持ち手（①を除く）"]
    assert in_one_column(["車輪", "持ち手"]) == ["車輪", "持ち手"]


def test_who_is_a_resident_is_never_told_without_the_rule_on_residents(
    digest_material: Material, seeds_material: Material
) -> None:
    """This test ensures that a short table cannot say that foreigners become residents and stop there."""
    for material in (digest_material, seeds_material):
        headings = [p.heading for p in find_subject(material, theme_named("外為法")).passages]
        rule = next(at for at, heading in enumerate(headings) if "運用明確化" in heading)
        assert all(at > rule for at, heading in enumerate(headings) if "居住者として扱われる" in heading)
        for name in ("経営層", "営業", "技術者", "人事・総務", "調達", "新入社員", "海外拠点"):
            titles = [row.title for row in build_pack(material, "外為法", name, 15, pool=()).countermeasures]
            residents = any("居住者として扱われる" in title for title in titles)
            assert not residents or any("運用明確化" in title for title in titles), name
