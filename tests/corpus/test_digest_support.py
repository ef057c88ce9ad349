"""Tests of what people act on: amounts with their year, examples of companies, and addresses and telephone numbers."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.corpus.digests import (
    HANDBOOK,
    NEW_SLIDES,
    OLD_SLIDES,
    REPORT,
    TRADE,
    URL_OR_MAIL,
    body,
    items,
    manifest,
    read_digest,
    read_facts,
    read_original,
)

OLD, TRADES = "2025年10月の時点", "令和5年度の資料"
MONODUKURI, SHINJIGYO = "ものづくり補助金", "中小企業新事業進出補助金"
HIGH_VALUE, GLOBAL = f"{MONODUKURI} 製品・サービス高付加価値化枠", f"{MONODUKURI} グローバル枠"
NORMAL, RECOVERY = f"{MONODUKURI} 通常枠", f"{MONODUKURI} 回復型賃上げ・雇用拡大枠"
GREEN, EXPANSION = f"{MONODUKURI} グリーン枠", f"{MONODUKURI} グローバル展開型"
# (digest, heading): each amount and rate with the time that it holds for.
AMOUNTS = {
    (OLD_SLIDES, "製品・サービス高付加価値化枠"): (
        f"{HIGH_VALUE}の補助上限額（{OLD}、従業員5人以下）：750万円",
        f"{HIGH_VALUE}の補助上限額（{OLD}、従業員6～20人）：1,000万円",
        f"{HIGH_VALUE}の補助上限額（{OLD}、従業員21～50人）：1,500万円",
        f"{HIGH_VALUE}の補助上限額（{OLD}、従業員51人以上）：2,500万円",
        f"{HIGH_VALUE}の補助率（{OLD}、中小企業）：1/2",
        f"{HIGH_VALUE}の補助率（{OLD}、小規模企業・小規模事業者）：2/3",
        f"{HIGH_VALUE}の補助率（{OLD}、再生事業者）：2/3",
    ),
    (OLD_SLIDES, "グローバル枠"): (
        f"{GLOBAL}の海外事業①：海外直接投資",
        f"{GLOBAL}の海外事業②：海外市場開拓（輸出）",
        f"{GLOBAL}の海外事業③：インバウンド対応",
        f"{GLOBAL}の海外事業④：海外事業者との共同事業",
        f"{GLOBAL}の補助上限額（{OLD}、従業員規模ごとの区切りなし）：3,000万円",
        f"{GLOBAL}の補助率（{OLD}、中小企業）：1/2",
        f"{GLOBAL}の補助率（{OLD}、小規模企業・小規模事業者）：2/3",
    ),
    (OLD_SLIDES, "補助金額"): (
        f"{SHINJIGYO}の補助金額（{OLD}、従業員数20人以下）：750万円から2,500万円まで（賃上げ特例の上限は3,000万円）",
        f"{SHINJIGYO}の補助金額（{OLD}、従業員数21～50人）：750万円から4,000万円まで（賃上げ特例の上限は5,000万円）",
        f"{SHINJIGYO}の補助金額（{OLD}、従業員数51～100人）：750万円から5,500万円まで（賃上げ特例の上限は7,000万円）",
        f"{SHINJIGYO}の補助金額（{OLD}、従業員数101人以上）：750万円から7,000万円まで（賃上げ特例の上限は9,000万円）",
    ),
    (OLD_SLIDES, "成長型中小企業等研究開発支援事業（Go-Tech事業）とは"): (
        f"Go-Tech事業の補助率（{OLD}）：原則2/3以内",
        f"Go-Tech事業の補助上限額（{OLD}）：2年度で7500万円など",
    ),
    (TRADE, "一般型 通常枠"): (
        f"{NORMAL}の補助上限額（{TRADES}、従業員5人以下）：750万円",
        f"{NORMAL}の補助上限額（{TRADES}、従業員6～20人）：1,000万円",
        f"{NORMAL}の補助上限額（{TRADES}、従業員21人以上）：1,250万円",
        f"{NORMAL}の補助率（{TRADES}）：1/2",
        f"{NORMAL}の補助率（{TRADES}、小規模事業者・再生事業者）：2/3",
    ),
    (TRADE, "一般型 回復型賃上げ・雇用拡大枠"): (f"{RECOVERY}の補助率（{TRADES}）：2/3",),
    (TRADE, "一般型 グリーン枠"): (
        f"{GREEN}の補助上限額（{TRADES}、従業員5人以下）：2,000万円",
        f"{GREEN}の補助上限額（{TRADES}、従業員6～20人）：3,000万円",
        f"{GREEN}の補助上限額（{TRADES}、従業員21人以上）：4,000万円",
    ),
    (TRADE, "グローバル展開型"): (
        f"{EXPANSION}の取組①：海外直接投資",
        f"{EXPANSION}の取組②：海外市場開拓",
        f"{EXPANSION}の取組③：インバウンド市場開拓",
        f"{EXPANSION}の取組④：海外事業者との共同事業",
        f"{EXPANSION}の補助上限額（{TRADES}）：3,000万円",
        f"{EXPANSION}の補助率（{TRADES}）：1/2",
        f"{EXPANSION}の補助率（{TRADES}、小規模事業者・再生事業者）：2/3",
    ),
}
# (digest, heading, who is told of, the fewest lines): every example of a company besides the handbook's twelve cases.
COMPANIES = [
    (OLD_SLIDES, "Case 1 生産拠点の海外移転に伴う技術流出", ["X社", "Y社"], 9),
    (OLD_SLIDES, "Case 2 投資買収に伴う技術流出", ["X社", "Y社"], 7),
    (OLD_SLIDES, "Case 3 人を通じた技術流出", ["X社", "Y社", "A氏", "B氏"], 6),
    (OLD_SLIDES, "Case 4 在職する外国人派遣従業員が流出させたケース", ["X社", "Aは"], 9),
    (REPORT, "取引先からの信用失墜事例", ["X社", "Y社"], 4),
    (REPORT, "取組事例① 株式会社東郷製作所（愛知県東郷町）", ["東郷製作所"], 20),
    (REPORT, "取組事例② メイクスタート株式会社（愛知県清須市）", ["メイクスタート"], 21),
    (REPORT, "サプライチェーンの観点からの声 株式会社デンソー（愛知県刈谷市）", ["デンソー"], 6),
    (
        REPORT,
        "技術流出対策に取り組んでいる東海地域の大手企業の声",
        ["非鉄金属工業", "電気機械工業", "鉄鋼業", "輸送機械工業", "別の電気機械工業"],
        5,
    ),
    (REPORT, "中堅・中小企業の取組内容", ["A社", "B社", "C社", "D社", "F社"], 9),
    (REPORT, "取組を進めている内容", ["A社", "B社", "C社", "D社", "E社"], 8),
    (
        REPORT,
        "取組に至っていない要因・取り組む上での課題",
        ["A社の課題", "B社の課題", "C社の課題", "D社の課題", "E社の課題"],
        9,
    ),
]
METI = "https://www.meti.go.jp/policy/"
TICS = "https://www.meti.go.jp/policy/mono_info_service/mono/technology_management/"
ADDRESSES = {
    HANDBOOK: {
        "https://www.inpit.go.jp/katsuyo/tradesecret/madoguchi.html",
        "https://www.meti.go.jp/",
        f"{METI}economy/chizai/chiteki/trade-secret.html",
        f"{METI}economy/economic_security/260123_guideline.pdf",
        f"{METI}economy/tech_leakage_prevention/index.html",
        f"{METI}economy/tech_leakage_prevention/pdf/guidance2.0.pdf",
        TICS,
        "https://www.npa.go.jp/bureau/security/economic-security/index.html",
    },
    NEW_SLIDES: {f"{METI}economy/tech_leakage_prevention/index.html", f"{TICS}page04.html"},
    OLD_SLIDES: {
        "https://portal.monodukuri-hojo.jp/",
        "https://shinjigyou-shinshutsu.smrj.go.jp/",
        "https://www.inpit.go.jp/form/gippd_inquiries.html",
        "https://www.inpit.go.jp/katsuyo/tradesecret/madoguchi.html",
        "https://www.jfc.go.jp/n/finance/search/11_itsikin_m_t.html",
        f"{METI}economy/economic_security/guidance.pdf",
        f"{METI}economy/economic_security/index.html",
        f"{METI}economy/tech_leakage_prevention/index.html",
        f"{TICS}index.html",
        f"{TICS}page04.html",
        "https://www.youtube.com/watch?v=lPsdxU1ib2I",
        "https://www.youtube.com/watch?v=pll5RygY0l8",
    },
    REPORT: {
        "https://chubu-meti-gov.note.jp/m/m717439296a63",
        "https://www.chubu.meti.go.jp/a32kikaku/kizashi/index.html",
        "https://www.imf.org/ja/News/Articles/2021/01/19/blog-what-the-continued-global-uncertainty-means-for-you",
        f"{METI}economy/economic_security/08-03r.pdf",
        f"{METI}economy/economic_security/08-05.pdf",
        f"{METI}economy/economic_security/best_practice2.0.pdf",
        f"{METI}economy/economic_security/guidance.pdf",
        "https://www.policyuncertainty.com/",
    },
    TRADE: {"https://www.chusho.meti.go.jp/keiei/sapoin/2023/230222kobo.html", TICS},
}
PHONE = re.compile(r"\b0\d{1,4}-\d{1,4}-\d{4}\b")


@pytest.mark.parametrize(("name", "heading"), AMOUNTS)
def test_amounts_say_what_they_are_for_and_when(name: str, heading: str) -> None:
    """This test ensures that an amount quoted alone names its programme, its year and whom it holds for."""
    assert tuple(items(name, heading)) == AMOUNTS[name, heading]


def test_the_loan_has_all_its_terms() -> None:
    """This test ensures that rate, limits and periods of the loan to certified companies are told, with their date."""
    lines = "\n".join(line.text for line in body(read_digest(OLD_SLIDES)) if "IT活用促進資金の" in line.text)
    assert "0.4%低い利率です（令和7年4月時点）" in lines
    for term in ("2億7千万円を限度に", "7億2千万円", "（設備資金）：20年以内", "（運転資金）：7年以内"):
        assert term in lines


@pytest.mark.parametrize(("name", "heading", "who", "fewest"), COMPANIES)
def test_every_company_is_told_of(name: str, heading: str, who: list[str], fewest: int) -> None:
    """This test ensures that each example keeps its section, its companies and enough of its story."""
    lines = [line.text for line in body(read_digest(name)) if heading in line.section]
    assert len(lines) >= fewest
    assert [company for company in who if company not in "\n".join(lines)] == []


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_web_address_is_told(name: str) -> None:
    """This test ensures that the addresses of a digest are these and no others."""
    found = {address for address in URL_OR_MAIL.findall(read_digest(name)) if "@" not in address}
    assert found == ADDRESSES[name]
    assert manifest()[name]["source_url"] in found


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_contact_of_the_original_is_left_out(name: str) -> None:
    """This test ensures that each whole address and telephone number of the original can be found in its digest."""
    original, digest = unicodedata.normalize("NFKC", read_original(name)).replace("\\", ""), read_digest(name)
    addresses = {address.rstrip(">]") for address in URL_OR_MAIL.findall(original)}
    assert [address for address in addresses if address not in digest] == []
    assert set(PHONE.findall(original)) == set(PHONE.findall(digest))


def test_the_offices_have_telephone_and_mail() -> None:
    """This test ensures that nine offices and the desk for trade secrets stand with their number and their mail."""
    contacts = [fact.wordings[0] for fact in read_facts(HANDBOOK) if fact.kind in {"phone", "mail"}]
    offices = items(HANDBOOK, "経済産業局連絡先リスト")
    assert len(contacts) == 20
    assert len(offices) == 9
    assert all(PHONE.search(office) and "@" in office for office in offices)
    assert [contact for contact in contacts if contact not in read_digest(HANDBOOK)] == []
