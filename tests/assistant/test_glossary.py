"""The glossary's entries, and how questions meet them."""

from __future__ import annotations

import re
import unicodedata
from importlib import resources

import pytest

from assistant.glossary import (
    case_titles_in_english,
    english_words,
    field_words,
    in_field_words,
    load_glossary,
    title_in_english,
    titles_in_english,
    translate,
)

_NDA = "秘密保持契約"
_TICS = "技術情報管理認証制度 TICS"
_DD = "デュー・ディリジェンス DD"
_FIRST = "まず最初にやるべき対策"

_JAPANESE = [
    # kana only
    ("ひみつほじけいやくを結びたい", _NDA),
    ("ヒミツホジケイヤク", _NDA),
    ("えいぎょうひみつってなに", "営業秘密"),
    ("ぎじゅつりゅうしゅつ", "技術流出"),
    ("がいためほうのこと", "外為法"),
    ("がいひはんていのやりかた", "該非判定"),
    ("みなしゆしゅつ", "みなし輸出"),
    ("さんぷるをおくる", "サンプル"),
    ("すてーくほるだー", "ステークホルダー"),
    ("ひきぬきにあった", "引き抜き"),
    ("きょうどうけんきゅうのあいて", "共同研究"),
    ("さいいたくされた", "再委託"),
    ("てったいするとき", "撤退"),
    ("ぶらっくぼっくすにする", "ブラックボックス化"),
    ("りばーすえんじにありんぐ", "リバースエンジニアリング"),
    ("けいざいあんぽ", "経済安全保障"),
    ("さんぎょうすぱい", "産業スパイ"),
    ("はんどぶっく", "ハンドブック"),
    ("きざしれぽーと", "兆しレポート"),
    ("スリアワセ", "すり合わせ"),
    # width and case
    ("ﾃｨｯｸｽとは", _TICS),
    ("ＮＤＡのひな形", _NDA),
    ("nda", _NDA),
    ("ｔｉｃｓ", _TICS),
    ("ﾗｲﾊﾞﾙ", "競合"),
    ("ﾊﾟﾃﾝﾄ", "特許"),
    ("Ｍ＆Ａの話", "買収"),
    ("ｻﾌﾟﾗｲﾔｰ", "仕入先"),
    # typing mistakes
    ("秘密保時契約", _NDA),
    ("該否判定", "該非判定"),
    ("該比判定", "該非判定"),
    ("技術流失", "技術流出"),
    ("サンプウ", "サンプル"),
    ("引き貫き", "引き抜き"),
    ("外為方", "外為法"),
    ("不正競走防止法", "不正競争防止法"),
    ("経済安全保証", "経済安全保障"),
    ("競業忌避", "競業禁止義務"),
    ("特定累計", "特定類型"),
    ("ものずくり補助金", "ものづくり補助金"),
    ("見なし輸出", "みなし輸出"),
    ("契訳書", "契約書"),
    ("流学生", "留学生"),
    # short forms and other words
    ("DDの結果", _DD),
    ("デューデリ", _DD),
    ("JVを組む", "合弁"),
    ("PoCの前", "フィージビリティ・スタディ"),
    ("OB会", "OB・OG会"),
    ("R&D", "研究開発"),
    ("独禁法", "独占禁止法"),
    ("経産省", "経済産業省"),
    ("公取委", "公正取引委員会"),
    ("セラコン", "積層セラミックコンデンサ（MLCC）"),
    ("胃カメラ", "軟性内視鏡"),
    ("カーボンファイバー", "炭素繊維"),
    ("ゴーテック", "Go-Tech事業"),
    ("ダミー会社", "フロントカンパニー"),
    ("軍民両用", "デュアルユース"),
    ("パクリ", "模倣品"),
    ("下請けの下請け", "再委託"),
    ("工場を引き払う", "撤退"),
    ("口止めの書類", _NDA),
    ("お得意さん", "顧客"),
    ("何から始めれば", _FIRST),
    ("許可を取らずに", "無断"),
]

_ENGLISH = [
    ("an NDA", _NDA),
    ("a nondisclosure or non disclosure agreement", _NDA),
    ("confidentiality agreements", _NDA),
    ("send them samples", "サンプル"),
    ("send a sample", "海外顧客 サンプル提供"),
    ("he was poached", "引き抜き"),
    ("headhunters called", "引き抜き"),
    ("licensing the process", "ライセンス契約"),
    ("a licence agreement", "ライセンス契約"),
    ("a license agreement", "ライセンス契約"),
    ("set up an organisation", "組織体制の構築"),
    ("the organization", "組織体制の構築"),
    ("unauthorised copying", "無断コピー"),
    ("unauthorized copying", "無断コピー"),
    ("FEFTA", "外為法"),
    ("export licences", "許可申請"),
    ("the subcontractor's staff", "再委託"),
    ("sub-contracting", "再委託"),
    ("dual-use goods", "デュアルユース"),
    ("dual use goods", "デュアルユース"),
    ("M&A", "買収"),
    ("carbon fibre", "炭素繊維"),
    ("carbon fiber", "炭素繊維"),
    ("R&D team", "研究開発"),
    ("trade secrets", "営業秘密"),
    ("universities", "大学"),
    ("withdrawing from the country", "撤退"),
    ("bribed with cash", "金品"),
    ("the partner’s shareholders", "ステークホルダー"),
]

_NOTHING_MEANT = [
    "これはいきなりですが",
    "いま書いているところ",
    "優秀な人",
    "それはようやく分かった",
    "足が痛くない",
    "行こうかと思う",
    "そうしようと言う",
    "あり方を考える",
    "メッセージ",
    "コラボ",
    "ドローン",
    "言い返す",
    "ただでさえ",
    "なんとかだいじょうぶ",
    "コツコツ",
]


@pytest.mark.parametrize(("question", "term"), _JAPANESE)
def test_japanese_words_reach_their_term(question: str, term: str) -> None:
    """This test ensures that kana, half width, typing mistakes and everyday words lead to the guidance's word."""
    assert term in field_words(question)


@pytest.mark.parametrize(("question", "term"), _ENGLISH)
def test_english_words_reach_their_term(question: str, term: str) -> None:
    """This test ensures that English phrases are found in British and American spelling, with endings and hyphens."""
    assert term in translate(question)[0]


@pytest.mark.parametrize("question", _NOTHING_MEANT)
def test_no_word_is_found_inside_another(question: str) -> None:
    """This test ensures that no entry is so short that it fires inside words that mean something else."""
    assert field_words(question) == ()


def test_most_words_win_in_english() -> None:
    """This test ensures that the longer phrase takes its words from the shorter, and nothing is read twice."""
    assert translate("trade secrets")[0] == ("営業秘密",)
    assert translate("non-resident")[0] == ("非居住者",)


def test_unknown_english_words_are_reported_once() -> None:
    """This test ensures that words without an entry are given back, without stop words and single letters."""
    assert translate("The Martians' x and the martians") == ((), ("martians",))


def test_english_words_part_at_hyphens() -> None:
    """This test ensures that hyphens, curly apostrophes and case make no difference."""
    assert english_words("Sub-contractor’s R&D") == ("sub", "contractor", "r&d")


def test_what_is_left_keeps_its_place() -> None:
    """This test ensures that the rest of a question stays as it was, one blank for each word taken."""
    left, meant = in_field_words("口止めの書類とライバル")
    assert (left, dict(meant)) == (" の書類と ", {"口止め": _NDA, "ライバル": "競合"})


def test_size() -> None:
    """This test ensures that the glossary covers the field: 400 terms and 2,500 words at least."""
    terms = load_glossary()
    assert len(terms) >= 400
    assert sum(1 + len(term.also) + len(term.en) for term in terms) >= 2500


def test_words_lead_one_way() -> None:
    """This test ensures that a word leads to one term only, and no term of the guidance leads to another."""
    terms = load_glossary()
    names = [_fold(term.ja) for term in terms]
    also = [_fold(word) for term in terms for word in term.also]
    english = [phrase for term in terms for phrase in term.en]
    assert _doubles(names) == _doubles(also) == _doubles(english) == []
    assert set(names).isdisjoint(also)


def test_each_word_is_safe() -> None:
    """This test ensures that no entry is a single character, and English phrases are in lower case."""
    for term in load_glossary():
        assert all(len(word) >= 2 for word in (term.ja, *term.also, *term.en)), term.ja
        assert all(phrase == phrase.lower().strip() for phrase in term.en), term.ja


def test_each_title_has_english() -> None:
    """This test ensures that every case and every countermeasure of the digests has a title in English."""
    digests = [entry for entry in (resources.files("corpus") / "documents").iterdir() if entry.name.endswith(".md")]
    text = "\n".join(entry.read_text(encoding="utf-8") for entry in digests)
    cases = re.findall(r"^#+ (Case \d+ .+)$", text, re.MULTILINE)
    measures = re.findall(r"^- \[ \] (\S+) \(P", text, re.MULTILINE)
    assert len(cases) >= 16
    assert len(measures) == len(titles_in_english()) == 32
    assert [title for title in (*cases, *measures) if title_in_english(title) is None] == []
    assert set(case_titles_in_english()) == {re.sub(r"^Case \d+ ", "", case) for case in cases}


def test_number_of_a_title_is_no_part_of_it() -> None:
    """This test ensures that a heading is found with its number in front, and another heading is not."""
    assert title_in_english("対策例 3 工程の細分化・全体工程を知る社員の限定") is not None
    assert title_in_english("Case 2 撤退時の管理不足から技術流出したケース") is not None
    assert title_in_english("発行") is None


def _doubles(words: list[str]) -> list[str]:
    return sorted({word for word in words if words.count(word) > 1})


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
