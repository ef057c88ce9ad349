"""The checker of quiz items: each rule against an item that breaks just this rule."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from assistant.assistant import Assistant
from assistant.citations import Evidence
from assistant.guidance import Guidance
from corpus.models import BlockKind, Chunk, Document
from training.labels import FALSE, TRUE
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.check import faults, longest_share
from training.quiz.check_index import lookup_of
from training.quiz.check_text import key, same_value, shows, values

OLD, NEW = "carts-2025", "carts-2026"
LISTED = ["車輪の点検", "持ち手の交換の手順", "荷台の掃除の記録", "油の補充の時期"]
_TEXTS: tuple[tuple[str, str, BlockKind, str], ...] = (
    (
        NEW,
        "猫車の補助金",
        BlockKind.LIST_ITEM,
        "猫車補助金の補助上限額（2025年10月の時点、従業員5人以下）：750万円\n"
        "猫車補助金の補助上限額（2025年10月の時点、従業員6～20人）：1,000万円\n"
        "猫車補助金の補助上限額（2025年10月の時点、従業員21～50人）：1,500万円\n"
        "猫車補助金の補助上限額（2025年10月の時点、従業員51人以上）：2,500万円\n"
        "荷車補助金の補助上限額（2025年10月の時点）：3,000万円\n"
        "猫車補助金のアドレス：https://example.com/carts",
    ),
    (
        NEW,
        "猫車認証",
        BlockKind.LIST_ITEM,
        "\n".join(f"猫車認証の管理基準{n}：{t}" for n, t in zip("①②③④", LISTED, strict=True)),
    ),
    (
        NEW,
        "荷車の届出",
        BlockKind.LIST_ITEM,
        "荷車届出の管理基準：荷車の持ち主の氏名\n荷車届出の管理基準：荷車を使う場所の広さ\n荷車届出の管理基準：荷車を置く倉庫の住所",
    ),
    (
        NEW,
        "取引先の確認",
        BlockKind.LIST_ITEM,
        "取引先を確認するポイントは3つあります。\n取引先の過去の事故を確認します。\n取引先の車庫を確認します。\n取引先の責任者を確認します。",
    ),
    (
        NEW,
        "猫車の修理の流れ",
        BlockKind.LIST_ITEM,
        "準備：荷台を空にします。\n分解：車輪を外します。\n交換：車輪を替えます。",
    ),
    (
        NEW,
        "猫車の決まり",
        BlockKind.PARAGRAPH,
        "猫車とは、一つの車輪と二本の持ち手で物を運ぶ道具です。\n"
        "猫車を海外に送る会社は、車両保護法に基づく許可の申請が必要です。\n"
        "荷物を倉庫に置く会社は、倉庫防止法に基づいて届け出ます。事故を起こした会社は、事故報告推進法により報告します。\n"
        "会社は、積載超過（荷台に載せてよい重さを超えること）を防ぐ必要があります。\n"
        "荷車とは、二つの車輪と長い取っ手を持ち、牛や馬が引くものです。\n"
        "滑車とは、縄をかけて重い石材を高い場所まで引き上げる装置のことです。\n"
        "車止めとは、坂道で動き出さないように挟んでおく木片のことです。\n"
        "猫車安全法は、2019年4月に施行されました。\n"
        "道具協会は、令和4年5月に「猫車ガイド」を策定しました。\n"
        "荷車点検制度は、2023年6月に施行されました。\n"
        "道具協会は、2024年8月に「滑車事例集」を公表しました。\n"
        "「猫車白書」は、2020年1月に発行されました。\n"
        "猫車祭りは、2020年3月に港で開かれました。\n"
        "猫車を海外に送る会社の申請先は、道具協会です。申請には手数料がかかりません。",
    ),
    (
        NEW,
        "白書の話",
        BlockKind.PARAGRAPH,
        "「猫車白書」は、2021年1月に発行されました。猫車祭りは、2021年3月に開かれました。",
    ),
    (NEW, "猫車アンケート調査", BlockKind.LIST_ITEM, "調査の回答数：951社"),
    (NEW, "Case 1 車輪が外れたケース", BlockKind.CASE, "ある工房で、猫車の車輪が外れました。"),
    (
        NEW,
        "港の猫車",
        BlockKind.PARAGRAPH,
        "注:港で使う猫車は、道具協会による毎月の点検の対象\n港の猫車は、2026年3月の時点で、30台です。",
    ),
    (NEW, "届出の対象となる猫車", BlockKind.TABLE_ROW, "①木の猫車　③紙の猫車\n②鉄の猫車　④布の猫車"),
    (OLD, "届出の対象となる猫車", BlockKind.TABLE_ROW, "①木の猫車　③紙の猫車\n②鉄の猫車"),
    (OLD, "猫車の昔の決まり", BlockKind.PARAGRAPH, "猫車とは、車輪が一つだけ付いた昔ながらの運搬の道具です。"),
)


def make_material() -> Material:
    """Two editions of a made-up handbook, as an opened index would hold them; nothing can be searched."""
    documents = [
        Document(OLD, "猫車の手引き", None, "2025-10", "2025年10月版", (), None, "old.md", "0" * 64),
        Document(NEW, "猫車の手引き", None, "2026-03", "2026年3月版", (OLD,), None, "new.md", "1" * 64),
    ]
    chunks = tuple(
        Chunk(f"chunk-{number}", doc_id, ("猫車の手引き本編", heading), text, kind)
        for number, (doc_id, heading, kind, text) in enumerate(_TEXTS)
    )
    by_id = {document.doc_id: document for document in documents}
    return Material(cast(Assistant, None), Guidance(documents, chunks), chunks, by_id)


MATERIAL = make_material()


def shown(text: str, quote: str, reason: str = "資料のとおりです。", doc_id: str = "") -> Shown:
    """A text with the first passage, of a document if that is named, that its quote stands in."""
    chunks = (chunk for chunk in MATERIAL.chunks if not doc_id or chunk.doc_id == doc_id)
    chunk = next(chunk for chunk in chunks if quote in chunk.text or quote in chunk.section)
    return Shown(text, Evidence(chunk, quote), reason)


def amount(value: str, condition: str) -> Shown:
    """An amount of the subsidy with its line."""
    return shown(value, f"猫車補助金の補助上限額（2025年10月の時点、{condition}）：{value}")


RIGHT = amount("750万円", "従業員5人以下")
CHOICE = Candidate(
    key="figure:猫車補助金",
    kind=QuizKind.CHOICE,
    difficulty=3,
    stem="2025年10月の時点で、猫車補助金の補助上限額（従業員5人以下）は、次のうちどれですか。",
    explanation=RIGHT,
    subjects=("猫車",),
    right=RIGHT,
    wrong=(
        amount("1,000万円", "従業員6～20人"),
        amount("1,500万円", "従業員21～50人"),
        amount("2,500万円", "従業員51人以上"),
    ),
)
ON_LIST = replace(
    CHOICE,
    key="list",
    stem="「猫車認証の管理基準」として挙がっているものは、次のうちどれですか。",
    right=shown("車輪の点検", "猫車認証の管理基準①：車輪の点検"),
    wrong=tuple(
        shown(text, f"荷車届出の管理基準：{text}")
        for text in ("荷車の持ち主の氏名", "荷車を使う場所の広さ", "荷車を置く倉庫の住所")
    ),
)
NOT_ON_LIST = replace(
    CHOICE,
    key="not-on-list",
    stem="「猫車認証の管理基準」として挙がっていないものは、次のうちどれですか。",
    right=shown("荷車の持ち主の氏名", "荷車届出の管理基準：荷車の持ち主の氏名"),
    wrong=tuple(shown(text, f"猫車認証の管理基準{n}：{text}") for n, text in zip("①②③", LISTED, strict=False)),
)
_RULE = "猫車を海外に送る会社は、車両保護法に基づく許可の申請が必要です。"
TRUE_ITEM = replace(CHOICE, key="true", kind=QuizKind.TRUE_FALSE, stem=_RULE, right=shown(TRUE, _RULE), wrong=())
FALSE_ITEM = replace(
    TRUE_ITEM,
    key="false",
    stem=_RULE.replace("車両保護法", "倉庫防止法"),
    right=shown(FALSE, _RULE),
    altered="倉庫防止法",
    original="車両保護法",
)
MATCHING = replace(
    CHOICE,
    key="pairs",
    kind=QuizKind.MATCHING,
    stem="条件と補助上限額を組み合わせてください。",
    right=None,
    wrong=(),
    pairs=(
        ("従業員5人以下", RIGHT),
        ("従業員6～20人", amount("1,000万円", "従業員6～20人")),
        ("従業員21～50人", amount("1,500万円", "従業員21～50人")),
    ),
)
_DATED = (
    shown("猫車安全法の施行", "猫車安全法は、2019年4月に施行されました。"),
    shown("「猫車ガイド」の策定", "道具協会は、令和4年5月に「猫車ガイド」を策定しました。"),
    shown("荷車点検制度の施行", "荷車点検制度は、2023年6月に施行されました。"),
)
ORDERING = replace(
    MATCHING,
    key="order",
    kind=QuizKind.ORDERING,
    stem="次の出来事を、古いものから順に並べてください。",
    pairs=(),
    sequence=_DATED,
)
DEFINITION = replace(
    CHOICE,
    key="term",
    stem="「猫車」の説明として正しいものは、次のうちどれですか。",
    right=shown("一つの車輪と二本の持ち手で物を運ぶ道具", "猫車とは、一つの車輪と二本の持ち手で物を運ぶ道具です。"),
    wrong=(
        shown(
            "二つの車輪と長い取っ手を持ち、牛や馬が引くもの",
            "荷車とは、二つの車輪と長い取っ手を持ち、牛や馬が引くものです。",
        ),
        shown(
            "縄をかけて重い石材を高い場所まで引き上げる装置",
            "滑車とは、縄をかけて重い石材を高い場所まで引き上げる装置のことです。",
        ),
        shown(
            "坂道で動き出さないように挟んでおく木片", "車止めとは、坂道で動き出さないように挟んでおく木片のことです。"
        ),
    ),
)
BLANK = replace(
    CHOICE,
    key="blank",
    stem="次の文の［　　］に入るのはどれですか。「猫車を海外に送る会社は、［　　］に基づく許可の申請が必要です。」",
    right=shown("車両保護法", _RULE),
    wrong=(
        shown("倉庫防止法", "荷物を倉庫に置く会社は、倉庫防止法に基づいて届け出ます。"),
        shown("事故報告推進法", "事故を起こした会社は、事故報告推進法により報告します。"),
        shown("猫車安全法", "猫車安全法は、2019年4月に施行されました。"),
    ),
)
_OLD_RULE = "猫車とは、車輪が一つだけ付いた昔ながらの運搬の道具です。"
OF_OLD_EDITION = replace(
    TRUE_ITEM, key="old", stem=f"2025年10月版の資料によると、{_OLD_RULE}", right=shown(TRUE, _OLD_RULE)
)
UNDER_HEADING = replace(TRUE_ITEM, key="headed", stem=f"資料の「猫車の決まり」によると、{_RULE}")
UNSTOPPED = replace(
    TRUE_ITEM,
    key="unstopped",
    stem="港で使う猫車は、道具協会による毎月の点検の対象。",
    right=shown(TRUE, "港で使う猫車は、道具協会による毎月の点検の対象"),
)
CHANGE = replace(
    CHOICE,
    key="change",
    stem="2026年3月版の資料の「届出の対象となる猫車」に挙がっていて、2025年10月版の資料には挙がっていないものは、どれですか。",
    right=shown("布の猫車", "④布の猫車"),
    wrong=tuple(shown(text, text, doc_id=OLD) for text in ("木の猫車", "鉄の猫車", "紙の猫車")),
)
HAPPENED = replace(
    CHOICE,
    key="event",
    stem="荷車点検制度が施行されたのは、いつですか。",
    right=shown("2023年6月", "荷車点検制度は、2023年6月に施行されました。"),
    wrong=(
        shown("2019年4月", "猫車安全法は、2019年4月に施行されました。"),
        shown("2024年8月", "道具協会は、2024年8月に「滑車事例集」を公表しました。"),
        shown("2020年1月", "「猫車白書」は、2020年1月に発行されました。"),
    ),
)
SOUND = [CHOICE, ON_LIST, NOT_ON_LIST, TRUE_ITEM, FALSE_ITEM, MATCHING, ORDERING, DEFINITION, BLANK]
SOUND += [OF_OLD_EDITION, UNDER_HEADING, UNSTOPPED, CHANGE, HAPPENED]


@pytest.mark.parametrize("candidate", SOUND, ids=lambda candidate: candidate.key)
def test_a_sound_item_has_no_fault(candidate: Candidate) -> None:
    """This test ensures that the faults below come from what each item breaks, and from nothing else."""
    assert faults(candidate, MATERIAL) == []


_STRANGER = Chunk("elsewhere", NEW, ("よそ",), "よその資料にある、猫車の文です。", BlockKind.PARAGRAPH)
_LONG = "猫車" * 61
BROKEN = {
    "難しさ": replace(CHOICE, difficulty=4),
    "鍵か説明": replace(CHOICE, key=""),
    "問題文の長さ": replace(CHOICE, stem=f"{_LONG}は、どれですか。"),
    "問いの文": replace(CHOICE, stem="2025年10月の時点の猫車補助金の補助上限額（従業員5人以下）です。"),
    "正解の有無": replace(CHOICE, right=None),
    "3〜6個": replace(CHOICE, wrong=CHOICE.wrong[:2]),
    "事例の文": replace(CHOICE, kind=QuizKind.CASE),
    "文の長さ": replace(CHOICE, wrong=(*CHOICE.wrong, replace(RIGHT, text=_LONG))),
    "索引にない": replace(CHOICE, right=Shown("750万円", Evidence(_STRANGER, "猫車の文です。"))),
    "引用が箇所に": replace(CHOICE, right=Shown("750万円", Evidence(RIGHT.evidence.chunk, "上限は750万円です。"))),
    "同じ意味": replace(CHOICE, wrong=(*CHOICE.wrong, replace(CHOICE.wrong[0], text="10,000,000円"))),
    "問題文に正解": replace(CHOICE, stem="猫車補助金の補助上限額（従業員5人以下）は750万円ですか。"),
    "目立って長く": replace(
        DEFINITION,
        wrong=tuple(replace(wrong, text=wrong.text[-4:]) for wrong in DEFINITION.wrong),
    ),
    "選択肢の内容がありません": replace(
        CHOICE,
        right=amount("1,000万円", "従業員6～20人"),
        wrong=(RIGHT, *CHOICE.wrong[1:2], replace(CHOICE.wrong[2], text="9,999万円")),
    ),
    "正解の引用に、誤り": replace(
        ON_LIST,
        right=replace(ON_LIST.right or RIGHT, evidence=Evidence(MATERIAL.chunks[1], MATERIAL.chunks[1].text)),
        wrong=(shown("持ち手の交換の手順", "猫車認証の管理基準②：持ち手の交換の手順"), *ON_LIST.wrong[:2]),
    ),
    "問いの答えになります": replace(
        ON_LIST, wrong=(shown("油の補充の時期", "猫車認証の管理基準④：油の補充の時期"), *ON_LIST.wrong[:2])
    ),
    "問いの答えになりません": replace(NOT_ON_LIST, wrong=(*NOT_ON_LIST.wrong[:2], ON_LIST.wrong[1])),
    "資料では挙がっています": replace(
        NOT_ON_LIST, right=shown("油の補充の時期", "猫車認証の管理基準④：油の補充の時期")
    ),
    "「正しい」「誤り」では": replace(TRUE_ITEM, right=shown("たぶん", _RULE)),
    "正しいとされる文が、資料に": replace(TRUE_ITEM, stem="猫車を海外に送る会社は、何もしなくてよいのです。"),
    "版を示していません": replace(OF_OLD_EDITION, stem=_OLD_RULE),
    "打ち消しの文の空欄": replace(
        BLANK,
        stem="次の文の［　　］に入るのはどれですか。「申請には［　　］がかかりません。」",
        right=shown("手数料", "申請には手数料がかかりません。"),
    ),
    "片方の版だけ": replace(CHANGE, right=CHANGE.wrong[0], wrong=(*CHANGE.wrong[1:], CHANGE.right or RIGHT)),
    "両方の版に": replace(CHANGE, wrong=(*CHANGE.wrong[:2], shown("荷車の持ち主の氏名", "荷車の持ち主の氏名"))),
    "正しいとされる文が、根拠": replace(TRUE_ITEM, right=shown(TRUE, "猫車安全法は、2019年4月に施行されました。")),
    "1か所ではありません": replace(FALSE_ITEM, altered="ない語"),
    "根拠の引用と合いません": replace(FALSE_ITEM, original="事故報告推進法"),
    "時点を入れかえた": replace(
        FALSE_ITEM,
        stem="港の猫車は、2022年5月の時点で、30台です。",
        altered="2022年5月",
        original="2026年3月",
        right=shown(FALSE, "港の猫車は、2026年3月の時点で、30台です。"),
    ),
    "元に戻した文": replace(FALSE_ITEM, stem="会社は、倉庫防止法に基づく猫車の許可が必要です。"),
    "誤りとされる文が、資料にあります": replace(
        FALSE_ITEM,
        stem="荷車点検制度は、2023年6月に施行されました。",
        altered="荷車点検制度",
        original="猫車安全法",
        right=shown(FALSE, "猫車安全法は、2019年4月に施行されました。"),
    ),
    "打ち消しの文": replace(
        FALSE_ITEM,
        stem="申請には倉庫防止法がかかりません。",
        altered="倉庫防止法",
        original="手数料",
        right=shown(FALSE, "申請には手数料がかかりません。"),
    ),
    "別の箇所が正しく": replace(
        FALSE_ITEM,
        stem="猫車祭りは、2021年3月に港で開かれました。",
        altered="2021年3月",
        original="2020年3月",
        right=shown(FALSE, "猫車祭りは、2020年3月に港で開かれました。"),
    ),
    "組が3〜5個": replace(MATCHING, pairs=MATCHING.pairs[:2]),
    "右の内容がありません": replace(
        MATCHING, pairs=(("従業員5人以下", replace(RIGHT, text="8万円")), *MATCHING.pairs[1:])
    ),
    "左の内容がありません": replace(MATCHING, pairs=(("遠い国の王さま", RIGHT), *MATCHING.pairs[1:])),
    "同じ内容の組": replace(MATCHING, pairs=(MATCHING.pairs[0], *MATCHING.pairs)),
    "別の組の右も合います": replace(
        MATCHING,
        pairs=(
            ("従業員5人以下", replace(RIGHT, evidence=Evidence(RIGHT.evidence.chunk, RIGHT.evidence.chunk.text))),
            *MATCHING.pairs[1:],
        ),
    ),
    "並べるものが3〜6個": replace(ORDERING, sequence=_DATED[:2]),
    "並べるものに同じもの": replace(ORDERING, sequence=(*_DATED, replace(_DATED[2], text=_DATED[0].text))),
    "日付が見えて": replace(ORDERING, sequence=(replace(_DATED[0], text="2019年の施行"), *_DATED[1:])),
    "順序が、根拠": replace(ORDERING, sequence=_DATED[::-1]),
}


@pytest.mark.parametrize(("fault", "candidate"), BROKEN.items(), ids=BROKEN)
def test_each_rule_finds_the_item_that_breaks_it(fault: str, candidate: Candidate) -> None:
    """This test ensures that no rule is dead."""
    assert any(fault in found for found in faults(candidate, MATERIAL)), faults(candidate, MATERIAL)


def test_a_blank_that_another_piece_fills_rightly_is_found() -> None:
    """This test ensures that a wrong answer for a blank is held against every passage."""
    doubled = replace(
        BLANK,
        stem="次の文の［　　］に入るのはどれですか。「「猫車白書」は、［　　］に発行されました。」",
        right=shown("2020年1月", "「猫車白書」は、2020年1月に発行されました。"),
        wrong=(
            shown("2021年1月", "「猫車白書」は、2021年1月に発行されました。"),
            shown("2019年4月", "猫車安全法は、2019年4月に施行されました。"),
            shown("2024年8月", "道具協会は、2024年8月に「滑車事例集」を公表しました。"),
        ),
    )
    assert [fault for fault in faults(doubled, MATERIAL) if "2021年1月" in fault and "答えになります" in fault]


def test_another_date_of_a_thing_without_quotation_marks_is_found() -> None:
    """This test ensures that what a question asks for is read off its words, quoted or not."""
    festival = replace(
        HAPPENED,
        stem="猫車祭りが開かれたのは、いつですか。",
        right=shown("2020年3月", "猫車祭りは、2020年3月に港で開かれました。"),
        wrong=(shown("2021年3月", "猫車祭りは、2021年3月に開かれました。"), *HAPPENED.wrong[:2]),
    )
    assert [fault for fault in faults(festival, MATERIAL) if "2021年3月" in fault and "答えになります" in fault]


def test_the_edition_before_a_statement_is_that_of_its_passage() -> None:
    """This test ensures that 「2026年3月版の資料によると」 is not taken for granted."""
    other = replace(OF_OLD_EDITION, stem=f"2026年3月版の資料によると、{_OLD_RULE}")
    assert faults(other, MATERIAL)


def test_lookups_find_what_comparing_with_every_passage_finds() -> None:
    """This test ensures that the index of the checker is only faster: places, headings and figures."""
    lookup = lookup_of(MATERIAL)
    for text in ("猫車", "道具協会は、", "よその語", "白書」"):
        assert lookup.having(text) == [chunk for chunk in MATERIAL.chunks if key(text) in key(chunk.text)]
        assert lookup.under(text) == [c for c in MATERIAL.chunks if any(key(text) in key(h) for h in c.section)]
    assert lookup.showing("10,000,000円") == [MATERIAL.chunks[0]]
    assert lookup_of(make_material()) is not lookup


def test_a_definition_of_the_same_term_elsewhere_is_found() -> None:
    """This test ensures that an older edition's meaning of a term is never a wrong answer."""
    older = "車輪が一つだけ付いた昔ながらの運搬の道具"
    wrong = (shown(older, f"猫車とは、{older}です。"), *DEFINITION.wrong[:2])
    assert any("答えになります" in fault for fault in faults(replace(DEFINITION, wrong=wrong), MATERIAL))


def test_values_are_compared_as_numbers_and_years_of_one_calendar() -> None:
    """This test ensures that one amount in two ways of writing is one amount."""
    assert same_value("750万円", "7,500,000円")
    assert same_value("令和4年5月", "2022年5月")
    assert values("7億2千万円") == ((720_000_000.0, "円"),)
    assert not same_value("20年以内", "20年以上")
    assert not shows("一覧には24技術があります。", "4技術")


def test_the_share_of_longest_right_answers_is_counted() -> None:
    """This test ensures that a pool in which the longest answer is the right one can be told."""
    assert longest_share([CHOICE]) == 0.0
    assert longest_share([replace(CHOICE, right=replace(RIGHT, text="750万円から9,000万円まで"))]) == 1.0
    assert longest_share([MATCHING]) == 0.0


def test_what_both_editions_have_is_cited_from_the_older_one() -> None:
    """This test ensures that 「2025年10月版にも挙がっています」 leads to that edition."""
    wrong = (shown("木の猫車", "木の猫車", doc_id=NEW), *CHANGE.wrong[1:])
    assert any("比べる版ではありません" in fault for fault in faults(replace(CHANGE, wrong=wrong), MATERIAL))
