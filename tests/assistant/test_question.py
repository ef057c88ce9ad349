"""Kinds, languages and words of questions."""

from __future__ import annotations

import pytest

from assistant.glossary import field_words, in_field_words, load_glossary, titles_in_english, translate
from assistant.models import Turn
from assistant.question import Language, QuestionKind, analyse
from assistant.situations import load_situations, named, theme_hits, theme_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("海外の顧客からサンプルを求められた", QuestionKind.SCENARIO),
        ("下請けの下請けに勝手に仕事を出された", QuestionKind.SCENARIO),
        ("大阪の会社です。どこに相談すればいいですか", QuestionKind.CONTACT),
        ("アクセスコントロールの徹底は何ページですか", QuestionKind.PAGE),
        ("TICSとは何ですか", QuestionKind.DEFINITION),
        ("見本を渡す前にすることは？", QuestionKind.SCENARIO),
        ("ハンドブックはいつ発行されましたか", QuestionKind.FACT),
        ("不正競争防止法の罰金はいくらですか", QuestionKind.FACT),
        ("すり合わせの事例にはどんなものがありますか", QuestionKind.LIST),
        ("こんにちは", QuestionKind.SMALL_TALK),
        ("What is TICS?", QuestionKind.DEFINITION),
    ],
)
def test_kind(question: str, kind: QuestionKind) -> None:
    """This test ensures that the wording of a question decides what kind of answer it gets."""
    assert analyse(question).kind is kind


def test_everyday_words_lead_to_the_guidances_words() -> None:
    """This test ensures that what a document never says is searched for in the document's words."""
    assert field_words("工場を引き払う") == ("撤退",)
    assert "再委託" in field_words("下請けの下請けに出された")
    assert "秘密保持契約" in field_words("口止めの書類")


def test_words_of_the_guidance_are_not_taken_apart() -> None:
    """This test ensures that チェック inside チェックリスト is not read as the everyday word for 確認."""
    assert in_field_words("チェックリストは何項目") == ("チェックリストは何項目", ())


def test_latin_words_match_whole() -> None:
    """This test ensures that OB is found as a word and not inside OBJECT."""
    assert "退職者" in field_words("OBとの関係")
    assert field_words("OBJECTの関係") == ()


def test_english_is_put_in_the_guidances_words() -> None:
    """This test ensures that English phrases are found, the longest first, and unknown words are reported."""
    words, unknown = translate("Our subcontractor leaked a trade secret to Martians")
    assert "営業秘密" in words
    assert "再委託" in words
    assert unknown == ("martians",)


def test_language() -> None:
    """This test ensures that a question is English only where no Japanese character is in it."""
    assert analyse("What is TICS?").language is Language.ENGLISH
    assert analyse("TICSとは").language is Language.JAPANESE


def test_glossary_and_tables_are_sound() -> None:
    """This test ensures that no word of the glossary leads to two meanings, and each title is glossed once."""
    words = [word for term in load_glossary() for word in term.also]
    assert len(words) == len(set(words))
    assert len(load_glossary()) >= 60
    assert len(titles_in_english()) == 32


def test_situations() -> None:
    """This test ensures that themes, parties and regions are read off a question's words."""
    assert theme_of("すり合わせに伴う技術流出の事例") == "すり合わせ"
    assert max(theme_hits("現地の工場を畳む"), key=theme_hits("現地の工場を畳む").__getitem__) == "生産拠点の海外進出"
    assert named(load_situations().regions, "Osaka") == ("近畿経済産業局",)


@pytest.mark.parametrize("follow_up", ["それはなぜですか", "契約のときは？", "では、ほかの対策は？"])
def test_follow_up_is_made_to_stand_alone(follow_up: str) -> None:
    """This test ensures that a leaning question is put behind the one before it."""
    query = analyse(follow_up, [Turn("user", "サンプルを求められた"), Turn("assistant", "答え")])
    assert query.standalone.startswith("サンプルを求められた")


@pytest.mark.parametrize(
    ("question", "kept", "gone"),
    [
        (
            "お世話になっております。TICSについて教えていただけますでしょうか。よろしくお願いいたします。",
            "TICS",
            "お世話",
        ),
        ("大変恐れ入りますが、秘密保持契約の注意点をご教示ください。", "秘密保持契約", "ご教示"),
        ("お忙しいところ恐縮ですが、サンプル提供の注意点を教えてください", "サンプル", "恐縮"),
        ("こんにちは。撤退のときに注意することは何ですか", "撤退", "こんにちは"),
    ],
)
def test_politeness_is_taken_off(question: str, kept: str, gone: str) -> None:
    """This test ensures that greetings, thanks and forms of asking are not searched for."""
    text = analyse(question).text
    assert kept in text
    assert gone not in text


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("ｻﾝﾌﾟﾙを求められたらどうする?", "サンプル"),
        ("ＴＩＣＳって何？", "TICS"),
        ("てぃっくすってなんですか", "てぃっくす"),
        ("ひみつほじけいやくってなんですか", "ひみつほじけいやく"),
        ("秘密保持契訳の注意点は？？？", "秘密保持契訳"),
        ("えーと、あの、なんというか、うちの会社で、" * 20 + "海外の工場を閉めるんですけど装置はどうすれば", "装置"),
        ("サンプル", "サンプル"),
        ("supplyer asked for a sampel, what shoud we do", "supplyer"),
        ("撤退　　のとき\n\n\nは　？", "撤退 のとき は"),
        ("NDA" * 600, "NDA"),
    ],
)
def test_questions_in_any_shape_are_analysed(question: str, kept: str) -> None:
    """This test ensures that half-width, misspelled, all-hiragana, rambling and one-word questions survive."""
    query = analyse(question)
    assert kept in query.standalone
    assert query.text or query.language is Language.ENGLISH
