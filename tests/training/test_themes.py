"""This module ensures that what the documents hold of a theme is found, the newest of it, and nothing for nonsense."""

from __future__ import annotations

from training.catalogue import theme_named, themes
from training.material import Material
from training.nearest import nearest_themes
from training.passages import Passage
from training.subject import find_subject


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
