"""How statements and terms are told: what a reader who sees nothing else can judge, in natural words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.citations import Evidence
from corpus.models import BlockKind, Chunk
from tests.training.test_quiz_check import MATERIAL, TRUE_ITEM
from training.labels import FALSE, TRUE
from training.material import Material
from training.quiz.candidate import Candidate, Shown
from training.quiz.cases import case_candidates
from training.quiz.check import faults
from training.quiz.check_wording import wording_faults
from training.quiz.facts import Line, read_base
from training.quiz.facts_terms import Definition
from training.quiz.meaning import Meaning
from training.quiz.stated_terms import term_candidates
from training.quiz.stated_truth import truth_candidates
from training.quiz.topics import topics_of


def told(stem: str, altered: str = "", passage: str = "") -> Candidate:
    """A statement, right or altered, from a passage of its own."""
    chunk = Chunk("told", "doc", ("猫車の決まり",), passage or stem, BlockKind.PARAGRAPH)
    answer = Shown(FALSE if altered else TRUE, Evidence(chunk, chunk.text))
    return replace(TRUE_ITEM, stem=stem, right=answer, altered=altered, original="元の語" if altered else "")


@pytest.mark.parametrize(
    "candidate",
    [
        told("猫車の点検では、車輪と持ち手を毎朝確かめます。"),
        told("猫車は、借りることが目的ではなく、荷を運ぶことが目的です。"),
        told("資料の「猫車の点検」によると、手順2で車輪を回します。"),
        told("猫車を借りる会社は、届け出る必要はありません。", "必要はありません。"),
        told("猫車の決まりでは、すべての車輪が点検の対象です。"),
        told("猫車の点検は、毎朝行います。", passage="猫車の点検は、毎朝行います。\n手引きを参考にします。"),
    ],
)
def test_a_plain_statement_has_no_fault(candidate: Candidate) -> None:
    """This test ensures that statements that name their matter pass, with a denial or a number in them or not."""
    assert list(wording_faults(candidate)) == []


@pytest.mark.parametrize(
    ("candidate", "fault"),
    [
        (told("STEP 2で行うことは、車輪の点検と油さしの2つです。"), "文だけでは"),
        (told("2025年10月版の資料によると、手順2で車輪を回すことは大切です。"), "文だけでは"),
        (told("車輪を止めることが目的ではなく、油をさすことが目的です。"), "文だけでは"),
        (told("鉄とは異なる木の性質により、車輪が割れやすくなります。"), "文だけでは"),
        (told("点検の記録には、あらゆる形の車輪が含まれません。", "含まれません。"), "二通り"),
        (told("猫車に積む荷は、必要最大限の量にとどめます。", "必要最大限"), "不自然"),
        (told("猫車を持つ会社は、審査で減点を受けられます。", "減点"), "不自然"),
        (told("猫車の車輪は、外れる可能性はありません。", "可能性はありません。"), "不自然"),
        (told("猫車の荷は、重さにより貸出を規制。"), "不自然"),
        (told("猫車の係を選ぶときは、応募者の国籍を確認することがあります。"), "属性"),
        (
            told("猫車の点検は、毎朝行います。", passage="猫車の点検は、毎朝行います。\n「猫車白書」を参考に港で作成"),
            "別の資料",
        ),
    ],
)
def test_a_statement_that_cannot_be_judged_is_found(candidate: Candidate, fault: str) -> None:
    """This test ensures that each rule of wording finds what it is for."""
    assert [found for found in wording_faults(candidate) if fault in found]


def test_the_checker_asks_for_the_wording() -> None:
    """This test ensures that a statement that names no matter is dropped by the checker of all items."""
    assert [
        found for found in faults(replace(TRUE_ITEM, stem="油をさすことが目的です。"), MATERIAL) if "文だけ" in found
    ]


def test_a_term_is_not_asked_where_its_own_word_explains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that 「…契約」 explained as a 「契約」 is neither asked nor matched, and other terms are."""
    texts = {
        "持主変更届出契約": "使い手が代わったことを知らせる契約",
        "猫車": "車輪が一つだけ付いた荷を運ぶ道具",
        "滑車": "綱を掛けて重い物をつり上げる仕掛け",
        "荷札": "届け先の名前を書いて結ぶ紙の切れ端",
        "倉番": "夜のあいだ蔵の見回りをしている人",
    }
    chunk = Chunk("terms", MATERIAL.chunks[0].doc_id, ("言葉",), "言葉の説明です。", BlockKind.PARAGRAPH)
    found = [Definition(term, text, Line(f"{term}とは、{text}です。", chunk)) for term, text in texts.items()]
    monkeypatch.setattr("training.quiz.stated_terms.find_definitions", lambda base: found)
    keys = [candidate.key for candidate in term_candidates(read_base(MATERIAL))]
    assert "term:猫車" in keys
    assert [key for key in keys if key.startswith("terms:")] == ["terms:猫車|滑車|荷札|倉番"]
    assert not any("届出契約" in key for key in keys)


def test_what_comes_next_is_told_as_a_reason_only_where_it_is_one(digest_material: Material) -> None:
    """This test ensures that no explanation goes on with a denial, or with whom to ask for what they are."""
    more = [
        candidate.explanation.text.split("続けて「", 1)[1]
        for candidate in truth_candidates(read_base(digest_material))
        if "続けて「" in candidate.explanation.text
    ]
    assert more
    assert not [text for text in more if "ません。」" in text or "国籍" in text]


def test_wrong_measures_share_no_telling_word_with_the_chapter(digest_material: Material) -> None:
    """This test ensures that no measure is offered as wrong where the chapter has one on the same matter (アクセス)."""
    topics, meaning = topics_of(digest_material), Meaning(digest_material)
    by_title = {topic.title: topic for topic in topics}
    made = [c for c in case_candidates(digest_material, topics, meaning) if c.key.startswith("case-measure:")]
    assert made
    for candidate in made:
        assert candidate.right
        own = [topic for topic in topics if topic.theme == by_title[candidate.right.text].theme]
        assert not [(w.text, m.title) for w in candidate.wrong for m in own if meaning.tells(w.text, m.title)]
