"""Quiz items from countermeasures, stages and cases, over the bundled digests and small documents."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.citations import sentences_of, stands
from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.bigrams import bigrams
from corpus.clean import quote_key
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate
from training.quiz.guided import Kin, guided_candidates
from training.quiz.meaning import Meaning
from training.quiz.pool import is_citable, shown_of
from training.quiz.topics import Topic, plain, stands_alone, topics_of

NO_CHECKLIST = """# 猫車の手引き

## 朝の点検

猫車は、毎朝、車輪を確かめましょう。持ち手と荷台も、使う前に確かめましょう。

## 夜の点検

- 油をさしましょう。
- 荷台を洗いましょう。
"""


STORIES = """# 猫車の手引き

## すり合わせに伴う技術流出の事例

### Case 1 猫車から油が漏れたケース

ある工房は、猫車の図面を見本市で配りました。隣の工房は、配られた図面で同じ猫車を作りました。同じ猫車は、半額で売られました。

### Case 2 猫車の車輪が外れたケース

ある工房は、猫車の車輪を仕入先に作らせました。仕入先は、同じ車輪を別の工房にも売りました。しかし、別の工房は車輪を返しました。
"""


@pytest.fixture(scope="module")
def candidates(digest_material: Material) -> list[Candidate]:
    """The guided candidates over the bundled digests."""
    return guided_candidates(digest_material)


@pytest.fixture(scope="module")
def topics(digest_material: Material) -> dict[str, Topic]:
    """The countermeasures of the bundled digests by title."""
    return {topic.title: topic for topic in topics_of(digest_material)}


def of(candidates: list[Candidate], *names: str) -> list[Candidate]:
    """The candidates whose key begins with a name; at least one, or the test would show nothing."""
    found = [candidate for candidate in candidates if candidate.key.split(":")[0] in names]
    assert found
    return found


def built(folder: Path, text: str) -> Material:
    """The material of an index over one small document."""
    (folder / "handbook.md").write_text(text, encoding="utf-8")
    settings = Settings(folder / "data")
    Library(settings).build([folder / "handbook.md"])
    return Material.of(build_assistant(settings))


def test_every_countermeasure_is_asked_for(candidates: list[Candidate], topics: dict[str, Topic]) -> None:
    """This test ensures that there are items of four kinds and three difficulties, and each countermeasure has one."""
    assert len(topics) == 32
    assert {candidate.kind for candidate in candidates} == set(QuizKind) - {QuizKind.TRUE_FALSE}
    assert {candidate.difficulty for candidate in candidates} == {1, 2, 3}
    assert len(candidates) >= 80
    asked = {name for candidate in candidates for name in candidate.about}
    assert set(topics) <= asked


def test_every_text_can_be_cited(candidates: list[Candidate]) -> None:
    """This test ensures that each quote stands in its passage and each explanation and reason is a sentence."""
    for candidate in candidates:
        assert is_citable(candidate), candidate.key
        for shown in shown_of(candidate):
            assert shown.text.strip()
            assert not shown.reason or shown.reason.endswith("。"), shown.reason


def test_right_answers_stand_in_their_evidence(candidates: list[Candidate]) -> None:
    """This test ensures that each right answer, pair and step is written in its passage or in a heading above it."""
    for candidate in candidates:
        shown = [candidate.right] if candidate.right else []
        shown += [right for _, right in candidate.pairs]
        for one in (*shown, *candidate.sequence):
            chunk = one.evidence.chunk
            written = quote_key("\n".join((*chunk.section, chunk.text)))
            assert quote_key(one.text) in written or any(one.text == plain(h) for h in chunk.section), one.text


def test_questions_are_whole_and_short(candidates: list[Candidate]) -> None:
    """This test ensures that each stem ends as a sentence, is short, and neither it nor the story tells the answer."""
    for candidate in candidates:
        assert candidate.stem.endswith("。")
        assert len(candidate.stem) <= 120
        assert candidate.right is None or candidate.right.text not in candidate.stem
        assert all(len(shown.text) <= 120 for shown in (*candidate.wrong, *candidate.sequence))


def test_wrong_answers_differ(candidates: list[Candidate]) -> None:
    """This test ensures that choices have three to six wrong answers, unlike the right one and one another."""
    for candidate in candidates:
        if candidate.kind in (QuizKind.CHOICE, QuizKind.CASE):
            assert candidate.right
            texts = [quote_key(shown.text) for shown in (candidate.right, *candidate.wrong)]
            assert 4 <= len(texts) <= 7, candidate.key
            assert len(set(texts)) == len(texts)


def test_stage_is_decided_by_headings(candidates: list[Candidate]) -> None:
    """This test ensures that of a stage item only the right answer's passage stands under the stage asked for."""
    for candidate in of(candidates, "stage"):
        assert candidate.right
        if stage := re.search("、「(.+?)」に入るのは", candidate.stem):
            assert stage[1] in candidate.right.evidence.chunk.section
            assert all(stage[1] not in shown.evidence.chunk.section for shown in candidate.wrong)
        else:
            assert candidate.right.text in candidate.right.evidence.chunk.section
            assert all(shown.text in shown.evidence.chunk.section for shown in candidate.wrong)


def test_title_does_not_give_the_stage_away(candidates: list[Candidate]) -> None:
    """This test ensures that 「撤退計画時の情報管理」 is not asked for by the words 「撤退段階」."""
    asked = {candidate.right.text for candidate in of(candidates, "stage") if candidate.right}
    assert "撤退計画時の情報管理" not in asked
    assert "製造設備の管理・処分" in asked
    for candidate in of(candidates, "pairs"):
        for stage, shown in candidate.pairs:
            assert stage.removesuffix("段階").removesuffix("選定") not in shown.text


def test_wrong_contents_are_not_said_of_the_right_one(candidates: list[Candidate], topics: dict[str, Topic]) -> None:
    """This test ensures that no sentence offered as wrong is much like any sentence about the countermeasure."""
    for candidate in of(candidates, "says"):
        topic = topics[candidate.about[0]]
        for shown in candidate.wrong:
            sentences = [shown.text] if shown.text.endswith("。") else list(topics[shown.text].sentences)
            for sentence in sentences:
                asked = bigrams(sentence)
                likest = max(len(asked & bigrams(said)) / len(asked) for said in sentences_of(topic.known))
                assert likest < 0.5, (topic.title, sentence)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("仕入先に対する情報提供範囲の限定", "顧客に対する情報提供範囲の限定"),
        ("進出先の国の法制度の確認", "相手国の観点でのDD"),
        ("信頼できる取引先かどうかの確認", "組織の観点でのDD"),
        ("提供する技術の内容等の明確化", "提供する技術の範囲の明確化"),
        ("取引開始前の情報提供の範囲の限定", "顧客に対する情報提供範囲の限定"),
        ("アクセスコントロールの徹底", "情報アクセスの制限"),
        ("製造設備メンテナンス時の管理", "製造設備の管理・処分"),
    ],
)
def test_alike_countermeasures_are_kept_apart(
    first: str, second: str, candidates: list[Candidate], topics: dict[str, Topic]
) -> None:
    """This test ensures that two countermeasures that say much of the same are never wrong answers to each other."""
    for candidate in of(candidates, "says", "contents", "case-measure"):
        texts = {shown.text for shown in candidate.wrong} | {left for left, _ in candidate.pairs}
        shown = {title for title, topic in topics.items() if title in texts or texts & set(topic.sentences)}
        about = set(candidate.about)
        assert not (first in about and second in shown - about), candidate.stem
        assert not (second in about and first in shown - about), candidate.stem


def test_titles_of_one_matter_are_kept_apart(digest_material: Material, topics: dict[str, Topic]) -> None:
    """This test ensures that titles alone keep two countermeasures on what to tell whom apart, and no others."""
    told = [replace(topic, sentences=()) for topic in topics.values()]
    kin = Kin(told, Meaning(digest_material))
    by_title = {topic.title: topic for topic in told}
    before, customers = by_title["取引開始前の情報提供の範囲の限定"], by_title["顧客に対する情報提供範囲の限定"]
    assert kin.are_alike(before, customers)
    assert not kin.are_alike(by_title["情報の利用ルールの明確化"], by_title["研究参加メンバーの明確化"])


def test_what_fits_everything_is_not_asked(candidates: list[Candidate]) -> None:
    """This test ensures that a state of mind that goes with any countermeasure is in no item."""
    texts = {shown.text for candidate in candidates for shown in shown_of(candidate)}
    assert "当たり前だと思う情報でも狙われると意識します。" not in texts


def test_likeness_sees_a_clause(digest_material: Material) -> None:
    """This test ensures that one common clause is enough to be said, and that other advice is not."""
    meaning = Meaning(digest_material)
    known = "顧客から技術情報を求められたときは、渡す情報を必要最小限にしましょう。"
    assert meaning.is_said("渡す情報は必要最小限にし、原料や素材の用途は話しません。", known)
    assert not meaning.is_said("熟練の技術者とは、定年後も関係を続けます。", known)


def test_orders_follow_the_document(candidates: list[Candidate], digest_material: Material) -> None:
    """This test ensures that steps stand in the document in their order, or as sentences of one passage do."""
    places = {chunk.chunk_id: place for place, chunk in enumerate(digest_material.chunks)}
    for candidate in candidates:
        if candidate.kind is not QuizKind.ORDERING:
            continue
        at = [(places[s.evidence.chunk.chunk_id], s.evidence.chunk.text.find(s.text)) for s in candidate.sequence]
        assert at == sorted(set(at)), candidate.key
        assert 3 <= len(at) <= 6


def test_steps_are_those_of_the_handbook(candidates: list[Candidate]) -> None:
    """This test ensures that STEP 1 to 3 and the four stages abroad are asked for in their order."""
    orders = [tuple(shown.text for shown in candidate.sequence) for candidate in of(candidates, "steps", "order")]
    assert ("組織体制の構築", "重点的に守るべき技術の特定・評価", "コア技術・重要技術管理") in orders
    assert ("計画段階", "契約段階", "実施段階", "撤退段階") in orders


def test_pairs_are_one_to_one(candidates: list[Candidate]) -> None:
    """This test ensures that no left or right side comes twice, and no passage of a stage is under another shown."""
    for candidate in candidates:
        if candidate.kind is not QuizKind.MATCHING:
            continue
        lefts, rights = [left for left, _ in candidate.pairs], [shown.text for _, shown in candidate.pairs]
        assert 3 <= len(set(lefts)) == len(lefts) == len(set(rights)) <= 5
    for candidate in of(candidates, "pairs"):
        for stage, shown in candidate.pairs:
            assert stage in shown.evidence.chunk.section


def test_cases_are_decided_by_the_chapter(candidates: list[Candidate], topics: dict[str, Topic]) -> None:
    """This test ensures that the chapter named in the stem has the right answer and none of the wrong ones."""
    for candidate in of(candidates, "case-measure"):
        named = re.search("「(.+?)」", candidate.stem)
        assert named
        assert candidate.right
        assert topics[candidate.right.text].chapter == named[1]
        assert all(topics[shown.text].chapter != named[1] for shown in candidate.wrong)


def test_stories_stand_in_their_documents(candidates: list[Candidate], digest_material: Material) -> None:
    """This test ensures that a story is told word for word, and none is of an edition that was replaced."""
    for candidate in candidates:
        if candidate.kind is QuizKind.CASE:
            assert candidate.story
            assert stands(candidate.story.text, candidate.story.evidence.chunk)
        for shown in shown_of(candidate):
            assert not digest_material.is_replaced(shown.evidence.chunk)


def test_exhibition_may_be_met_by_any_customer_advice(candidates: list[Candidate]) -> None:
    """This test ensures that a story that points to another theme as well does not offer that theme as wrong."""
    story = next(c for c in of(candidates, "case-measure") if "展示会" in c.about[0])
    assert all("すり合わせ" not in shown.reason for shown in story.wrong)
    assert not any("展示会" in candidate.about[0] for candidate in of(candidates, "case-chapter"))


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("取引先の情報管理体制を、契約の前に確認しましょう。", True),
        ("これを契約の前に確認しておきましょう。", False),
        ("「組織体制の構築」の詳しい説明は、ガイダンスの11ページにあります。", False),
        ("契約の前に確認する項目", False),
        ("確認します。", False),
    ],
)
def test_sentences_stand_alone(sentence: str, alone: bool) -> None:
    """This test ensures that a sentence that leans on another or speaks of the text itself is not asked."""
    assert stands_alone(sentence) is alone


def test_title_does_not_find_its_content(candidates: list[Candidate], digest_material: Material) -> None:
    """This test ensures that no telling word of a title stands in the right answer, or in the sentence asked for."""
    meaning = Meaning(digest_material)
    asked = [c for c in of(candidates, "says") if c.about[0] in c.stem or (c.right and c.right.text in c.about)]
    assert len(asked) >= 15
    for candidate in asked:
        assert candidate.right
        sentence = candidate.key.split(":")[2]
        assert not meaning.tells(candidate.about[0], sentence), candidate.stem
    assert meaning.tells("製造設備の管理・処分", "設備の廃棄には自社が立ち会います。")


@pytest.mark.parametrize(
    "title", ["取引開始前の情報提供の範囲の限定", "契約終了後の情報返還・廃棄", "撤退計画時の情報管理"]
)
def test_no_stage_is_asked_of_a_title_that_names_another(title: str, candidates: list[Candidate]) -> None:
    """This test ensures that 「契約終了後の…」 of 「契約段階」 is in no item where one may say 「撤退段階」."""
    for candidate in of(candidates, "stage", "pairs", "order"):
        assert title not in {shown.text for shown in shown_of(candidate)}, candidate.stem
    assert title in {name for candidate in candidates for name in candidate.about}


def test_rows_share_no_countermeasure(candidates: list[Candidate]) -> None:
    """This test ensures that two matching or two ordering items of one kind never show the same countermeasure."""
    for form in ("pairs", "order", "contents"):
        shown = [name for candidate in of(candidates, form) for name in candidate.about]
        assert len(shown) == len(set(shown)), form


def test_chapter_contents_are_for_no_situation(candidates: list[Candidate], topics: dict[str, Topic]) -> None:
    """This test ensures that what a chapter advises stands among advice for other chapters' situations."""
    asked = [c for c in of(candidates, "says") if topics[c.about[0]].chapter in c.stem]
    assert {c.about[0] for c in asked} >= {"社内規程の整備", "アクセスコントロールの徹底"}
    placed = {sentence: topic for topic in topics.values() for sentence in topic.sentences}
    for candidate in asked:
        wrong = [placed[shown.text] for shown in candidate.wrong]
        assert all(topic.stage for topic in wrong)
        # It is about staff that leave, as the chapter on people is.
        assert topics["撤退計画時の情報管理"] not in wrong


def test_reasons_name_the_chapter_of_another_theme(candidates: list[Candidate], topics: dict[str, Topic]) -> None:
    """This test ensures that 「実施段階」 alone is said only within a theme: two themes have one."""
    for candidate in of(candidates, "says"):
        for shown in candidate.wrong:
            found = re.match("これは「(.+?)」（(.+)）の内容です。", shown.reason)
            if found and topics[found[1]].theme != topics[candidate.about[0]].theme:
                assert found[2] == topics[found[1]].chapter


def test_advice_fits_no_other_scene(candidates: list[Candidate]) -> None:
    """This test ensures that advice on what to hand over is not matched beside the scene of handing it over."""
    scenes = of(candidates, "scenes")
    together = [{*(left for left, _ in c.pairs), *(shown.text for _, shown in c.pairs)} for c in scenes]
    both = {"海外の会社に技術を渡す前に", "渡す技術と渡さない技術をはっきり分けましょう。"}
    assert not any(both <= texts for texts in together)
    assert all(any(text in texts for texts in together) for text in both)


def test_story_does_not_tell_its_title(candidates: list[Candidate]) -> None:
    """This test ensures that 「SNSを通じた…」 is not asked for by a story that says SNS."""
    asked = {candidate.right.text for candidate in of(candidates, "case-title") if candidate.right}
    assert "産業スパイの接触をきっかけに技術流出したケース" in asked
    assert not any("仕入先" in title or "展示会" in title or "撤退" in title for title in asked)


def test_steps_of_a_story_do_not_tell_their_place(tmp_path: Path) -> None:
    """This test ensures that a story is not to be put in order where a step begins with しかし."""
    told = of(guided_candidates(built(tmp_path, STORIES)), "case-order")
    assert [candidate.about for candidate in told] == [("Case 1 猫車から油が漏れたケース",)]


def test_pages_are_listed_as_a_sentence_lists_them(candidates: list[Candidate]) -> None:
    """This test ensures that 「P120,121」 of the table reads 「P120、121」 in an explanation."""
    told = [candidate.explanation.text for candidate in candidates]
    assert any("P120、121" in text for text in told)
    assert not any("," in text for text in told)


def test_same_index_same_candidates(candidates: list[Candidate], digest_material: Material) -> None:
    """This test ensures that the candidates and their order depend on nothing but the index."""
    assert guided_candidates(digest_material) == candidates


def test_nothing_without_a_check_list(tmp_path: Path) -> None:
    """This test ensures that a document without check list and cases gives no item, and no error."""
    assert guided_candidates(built(tmp_path, NO_CHECKLIST)) == []


def test_originals_give_items_too(seeds_material: Material) -> None:
    """This test ensures that the originals give items that can all be cited, of all four kinds."""
    found = guided_candidates(seeds_material)
    assert len(found) >= 65
    assert all(is_citable(candidate) for candidate in found)
    assert {candidate.kind for candidate in found} == set(QuizKind) - {QuizKind.TRUE_FALSE}
