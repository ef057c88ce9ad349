"""Tests of the lists that people ask the digests for: each is whole, in order, and nothing is added to it."""

from __future__ import annotations

import re

import pytest

from tests.corpus.digests import NEW_SLIDES, OLD_SLIDES, TRADE, items, letters, read_original

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔"
TECHNOLOGIES = (
    "積層セラミックコンデンサ（MLCC）",
    "SAW及びBAWフィルタ",
    "電解銅箔",
    "誘電体フィルム",
    "チタン酸バリウム",
    "炭素繊維",
    "炭化ケイ素繊維",
    "フォトレジスト",
    "非鉄金属ターゲット材",
    "走査型/透過型電子顕微鏡（SEM/TEM）",
    "磁気センサー",
    "スポンジチタン",
    "正負極バインダ",
    "固体電解質",
    "セパレータ製造装置",
    "量子ドット",
    "TADF材料（有機EL次世代発光材料）",
    "位相差フィルム",
    "軟性内視鏡",
    "ソルダーレジスト",
    "GaN基板（GaN on GaN）",
    "永久磁石",
    "ペロブスカイト太陽電池",
    "シンチレータ",
)
DESIGNATED, LISTED_BEFORE = 15, 19
SHIPS, PARTS, MATERIALS = (
    "造船・舶用工業",
    "あらゆる新エネ関連製品、自動車、製造装置等に必要不可欠な部品",
    "素材産業等",
)
ELECTRONICS, IMPORTED = "電子機器や高機能素材等", "他国からの輸入に頼る原材料（重要鉱物等）"
# Group, title and example of each case of the collection on the Antimonopoly Act.
ANTIMONOPOLY = (
    ("情報交換", "業務提携・買収提案に関する情報交換", ELECTRONICS),
    ("情報交換", "流出を防ぐべき範囲に関する情報交換", ELECTRONICS),
    ("情報交換", "アンチダンピング申請に関する情報交換", "金属"),
    ("情報交換", "市場が縮小する事業の集約化に関する情報交換", "自動車内燃機関部品"),
    ("情報交換", "市場が縮小する事業の集約化に関する情報交換", MATERIALS),
    ("共同行為", "重要原材料の調達に関する情報交換及び共同調達", IMPORTED),
    ("共同行為", "供給が限られる製品等の川下市場への配分", IMPORTED),
    ("共同行為", "競争力を維持・確保するための共同行為", SHIPS),
    ("企業結合", "寡占市場における企業結合", PARTS),
    ("企業結合", "市場が縮小する事業に関する統廃合", MATERIALS),
    ("企業結合", "過剰供給市場におけるポートフォリオ調整", MATERIALS),
    ("企業結合", "事業の安定性・持続性を考慮した業界再編", PARTS),
    ("企業結合", "競争力を維持・確保するための統合・合併", SHIPS),
    ("企業結合", "国内で寡占的な複数事業者の統合・合併", SHIPS),
)
TICS_STEPS = (
    "守る情報の決定",
    "守る情報の識別・対策整理",
    "管理責任者選任",
    "情報管理プロセスの設定",
    "従業員への対策周知や教育",
    "情報漏えいなどの事故発生時の報告ルールの設定",
    "管理対象情報へのアクセス権の設定",
    "金庫等による物理的情報の管理",
    "ID設定等による電子情報の管理",
)
CATEGORIES = (
    "雇用契約等の契約に基づき、外国政府等・外国法人等の支配下にある者",
    "経済的利益に基づき、外国政府等の実質的な支配下にある者",
    "国内において外国政府等の指示の下で行動する者",
)
SEMICONDUCTOR = {
    "洗浄": 3,
    "デポジション（成膜）": 11,
    "アニーリング（熱処理）": 1,
    "リソグラフィ（露光）": 4,
    "エッチング（化学的除去）": 3,
    "検査": 1,
}


def test_the_newer_slides_list_24_technologies() -> None:
    """This test ensures that the technologies to be reported stand with their numbers ① to ㉔, and no others."""
    expected = [f"事前報告の対象となる技術{n}：{name}" for n, name in zip(CIRCLED, TECHNOLOGIES, strict=True)]
    assert items(NEW_SLIDES, "事前報告の対象技術") == expected


def test_the_older_slides_list_15_and_4_technologies() -> None:
    """This test ensures that the four technologies then to be added are told from the fifteen designated before."""
    added = [""] * DESIGNATED + ["（追加の手続き中）"] * (LISTED_BEFORE - DESIGNATED)
    names = zip(CIRCLED, added, TECHNOLOGIES, strict=False)
    expected = [f"事前報告の対象となる技術{number}{mark}：{name}" for number, mark, name in names]
    assert items(OLD_SLIDES, "事前報告の対象技術") == expected


def examples_of(group: str) -> list[tuple[str, str, str, str]]:
    """Return (group, number, title, example) of each case under a group's heading."""
    found: dict[str, tuple[str, str]] = {}
    for item in items(NEW_SLIDES, group):
        if match := re.fullmatch(r"事例(.)：「(.+)」(?:（例：(.+)）)?", item):
            found[match[1]] = (match[2], match[3] or "")
        elif match := re.fullmatch(r"事例(.)の例：(.+)", item):
            found[match[1]] = (found[match[1]][0], match[2])
    return [(group, number, *case) for number, case in found.items()]


def test_the_collection_on_the_antimonopoly_act_has_14_examples() -> None:
    """This test ensures that the examples ① to ⑭ stand in their three groups with what each is about."""
    found = [case for group in ("情報交換", "共同行為", "企業結合") for case in examples_of(group)]
    pairs = zip(CIRCLED, ANTIMONOPOLY, strict=False)
    assert found == [(group, number, title, example) for number, (group, title, example) in pairs]
    assert "事例⑨の位置付け：事例①⑥⑦の発展事例" in items(NEW_SLIDES, "企業結合")
    assert "事例⑩の位置付け：事例⑤の発展事例" in items(NEW_SLIDES, "企業結合")


def test_tics_takes_nine_steps() -> None:
    """This test ensures that what a certificate takes is listed from ① to ⑨."""
    expected = [f"TICSの取得に必要な取組{n}：{step}" for n, step in zip(CIRCLED, TICS_STEPS, strict=False)]
    assert items(OLD_SLIDES, "（参考）技術情報管理認証（TICS）の取得に必要な取組（例）") == expected


def test_there_are_three_categories_of_residents() -> None:
    """This test ensures that the legal wording of the three categories is kept as it is."""
    expected = [f"特定類型{n}：「{category}」" for n, category in zip(CIRCLED, CATEGORIES, strict=False)]
    assert items(TRADE, "特定類型（①～③）") == expected


def test_23_kinds_of_semiconductor_equipment_by_process() -> None:
    """This test ensures that the kinds added for each process are listed and add up to 23."""
    prefix = "追加された半導体製造装置のうち"
    assert items(TRADE, "追加された23品目の工程別の数") == [f"{prefix}{k}：{v}品目" for k, v in SEMICONDUCTOR.items()]
    assert sum(SEMICONDUCTOR.values()) == 23


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        (NEW_SLIDES, TECHNOLOGIES),
        (NEW_SLIDES, [title for _, title, _ in ANTIMONOPOLY]),
        (OLD_SLIDES, TICS_STEPS[:5] + TICS_STEPS[6:]),
        (TRADE, CATEGORIES),
        (TRADE, [f"{process}（{number}品目）" for process, number in SEMICONDUCTOR.items()]),
    ],
    ids=["technologies", "antimonopoly", "tics", "categories", "semiconductor"],
)
def test_the_lists_are_those_of_the_original(name: str, entries: list[str]) -> None:
    """This test ensures that what is expected above stands in the original in the same words."""
    original = letters(read_original(name))
    assert [entry for entry in entries if letters(entry) not in original] == []
