"""A pack of a made-up guidance, for tests of what is made from packs: every part filled, long texts, hostile ones."""

from __future__ import annotations

from dataclasses import replace

from assistant.models import Citation, Support
from training.models import (
    CaseStudy,
    CheckItem,
    Countermeasure,
    Line,
    Option,
    Pack,
    Pair,
    QuizItem,
    QuizKind,
    Source,
    Step,
)

HOSTILE = "<script>alert(1)</script> =1+1 {~} ::x:: \\ # %50% &amp; **太字** [9] | セル"
LONG = "猫車の車輪と持ち手と荷台を、使う前と使った後にひとつずつ確かめて、確かめた人の名前と時刻を台帳に残します。" * 3


def citation(marker: int, **more: object) -> Citation:
    """A citation of the made-up handbook."""
    whole = Citation(
        marker=marker,
        doc_id="digest-carts",
        document_title="猫車の手引き 小さな工房編（要約）",
        edition="2026年4月発行",
        published="2026-04",
        section="点検 > 朝の点検",
        start_page=None,
        end_page=None,
        page_label="3–4",
        quote=f"猫車は、毎朝、車輪を確かめます（その{marker}）。",
        source_url="https://example.com/carts",
        sha256="0" * 64,
        status=Support.VERBATIM,
        chunk_id=f"chunk-{marker}",
        is_digest=True,
        publisher="見本省 猫車局",
        credit="出典：見本省ウェブサイト（https://example.com/carts）を加工して作成",
    )
    return replace(whole, **more)  # type: ignore[arg-type]


CITATIONS = (
    citation(1),
    citation(2, section="点検 > 夜の点検", page_label="5"),
    citation(
        3,
        doc_id="slides",
        document_title="猫車の安全について",
        edition=None,
        published="2025-10",
        section="まとめ",
        start_page=12,
        end_page=12,
        page_label=None,
        is_digest=False,
        credit=None,
    ),
)
SOURCES = (
    Source(
        "digest-carts",
        "猫車の手引き 小さな工房編（要約）",
        "2026年4月発行",
        "2026-04",
        "見本省 猫車局",
        "出典：見本省ウェブサイト（https://example.com/carts）を加工して作成",
        "https://example.com/carts",
        is_digest=True,
    ),
    Source(
        "slides", "猫車の安全について", None, "2025-10", "見本省", None, None, is_digest=False, replaced_by="2026年版"
    ),
)


def choice(number: int, kind: QuizKind = QuizKind.CHOICE, stem: str | None = None) -> QuizItem:
    """An item with four options, the second of them right."""
    options = tuple(
        Option(
            f"選択肢{number}の{letter}：{'毎朝、車輪を確かめる' if letter == 'イ' else '油をさす'}",
            letter == "イ",
            Line(f"これは{'朝' if letter == 'イ' else '夜'}の点検です。", (1 if letter == "イ" else 2,)),
        )
        for letter in "アイウエ"
    )
    story = Line("ある工房で、猫車の車輪が外れました。誰も朝の点検をしていませんでした。", (3,))
    return QuizItem(
        item_id=f"{number:012x}",
        kind=kind,
        difficulty=number % 3 + 1,
        stem=stem or f"朝の点検で行うことは、次のうちどれですか（その{number}）。",
        explanation=Line("朝は車輪を確かめます。", (1,)),
        options=options,
        story=story if kind is QuizKind.CASE else None,
    )


TRUE_FALSE = QuizItem(
    item_id="a" * 12,
    kind=QuizKind.TRUE_FALSE,
    difficulty=1,
    stem="猫車は、毎年1回、車輪を確かめます。",
    explanation=Line("手引きでは、毎朝、確かめるとしています。", (1,)),
    options=(
        Option("正しい", False, Line("「毎年1回」ではなく「毎朝」です。", (1,))),
        Option("誤り", True, Line("「毎朝」です。", (1,))),
    ),
)
MATCHING = QuizItem(
    item_id="b" * 12,
    kind=QuizKind.MATCHING,
    difficulty=2,
    stem="点検の時と、することを組み合わせてください。",
    explanation=Line("手引きの順です。", (1, 2)),
    pairs=(
        Pair("朝の点検", "車輪を確かめる", (1,)),
        Pair("夜の点検", "油をさす", (2,)),
        Pair("月の点検", "台帳を見直す", (3,)),
    ),
    shown=(2, 0, 1),
)
ORDERING = QuizItem(
    item_id="c" * 12,
    kind=QuizKind.ORDERING,
    difficulty=3,
    stem="次の作業を、行う順に並べてください。",
    explanation=Line("計画、契約、実施、撤退の順です。", (1,)),
    sequence=(Line("計画", (1,)), Line("契約", (1,)), Line("実施", (2,)), Line("撤退", (3,))),
    shown=(3, 1, 0, 2),
)
QUIZ = (choice(1), TRUE_FALSE, MATCHING, ORDERING, choice(2, QuizKind.CASE), choice(3, stem=f"どれですか。{HOSTILE}"))


def sample_pack() -> Pack:
    """A whole pack: two cases, a dozen countermeasures and check items, some of them long, one of them hostile."""
    rows = tuple(
        Countermeasure(
            title=f"対策その{number} {'朝と夜の点検を分け、台帳に残すことの徹底' if number % 3 == 0 else '朝の点検'}",
            what=Line(LONG if number % 4 == 0 else f"車輪を確かめます（{number}）。", (1,)),
            why=Line("車輪が外れると、荷が落ちるからです。", (2,)) if number % 2 else None,
            stage=("計画段階", "契約段階", None)[number % 3],
            pages=f"P{number}" if number % 2 else None,
            is_for_audience=number < 4,
        )
        for number in range(1, 13)
    )
    checks = [CheckItem(row.title, row.what.text, row.pages, (1, 2), row.is_for_audience) for row in rows]
    checks.append(CheckItem("崩れた項目", HOSTILE, None, (3,), False))
    case = CaseStudy(
        title="Case 1 車輪が外れたケース",
        story=(Line("ある工房で、猫車の車輪が外れました。", (3,)), Line("誰も点検をしていませんでした。", (3,))),
        questions=(Line("どこで気付けたでしょうか。", (3,)), Line("あなたの職場では、誰が確かめますか。", (1,))),
        learnings=(Line("点検は、決めた人が毎朝行います。", (1,)),),
    )
    return Pack(
        title="猫車の点検 ― 技術者向け（30分）",
        theme="猫車の点検",
        audience="技術者",
        minutes=30,
        seed=7,
        goals=(
            Line("朝の点検で確かめることを、3つ言えます。", (1,)),
            Line("車輪が外れた事例から、防ぎ方を説明できます。", (2, 3), reworded=True),
        ),
        cases=(case, replace(case, title="Case 2 荷が落ちたケース")),
        countermeasures=rows,
        checklist=tuple(checks),
        quiz=QUIZ,
        agenda=(
            Step(0, 3, "はじめに", (Line("今日の目標を読み上げます。"),)),
            Step(3, 10, "事例を話し合う", (Line("事例を読み、2人で話し合います。", (3,)), Line(LONG, (1,)))),
            Step(13, 10, "対策を確かめる", (Line("表を上から順に見ます。", (1,)),)),
            Step(23, 7, "クイズとまとめ", (Line("答え合わせをします。"),)),
        ),
        contacts=(Line("見本局 猫車課：電話 00-0000-0000、メール carts@example.com", (3,)),),
        citations=CITATIONS,
        sources=SOURCES,
        notes=("要約から作った資料です。正確な文言は原典で確かめてください。",),
        model="ollama:sample",
    )
