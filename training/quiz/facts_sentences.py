"""Which sentences can be judged by someone who sees nothing else, and how they are told: no facts, only wording."""

from __future__ import annotations

import re

# Words of a sentence that talks about its own document, or leans on what stands around it.
_ABOUT_ITSELF = re.compile(
    r"原典|要約|読み取|文字データ|アドレス|https?:|www|動画|YouTube|ページ|頁|スライド|説明資料|本文書|題名|グラフ|名簿|敬称"
    r"|言及|記載|第\d+[章部版]|分類\d|\d+つ目|予定|方針です|検討中|パブコメ|手続き中|結論の|調査の|声が?(?:あっ|寄せ)|[一-龥]{2}地域|[^文]章[をのがにはで]|確認され(?:まし)?た|否定され"
    r"|電話|メール|@|〒|表紙|画面の一部|目次|参照|書いてい|触れてい|抜粋|兆し|公募要領|演説|紹介し|ヒアリング|聞き取り|アンケート|\d[社者件]"
    r"|[PｐpＰ]\.?\d|※|▶|\?|？|Case|事例の"
)
_LEANING = re.compile(
    r"これ|(?<!お)それ(?!ぞれ)|この|^その|以前は|管内|従来|かつて|(?<!年)\d{1,2}月\d{1,2}日|(?<!、)(?<!そ)その(?!他|ほか)|そうした|そのような|あの|(?:^|、)同(?=[一-龥])|同社|前者|後者|上記|下記|前述|後述|今般|今回|昨年|本年"
    r"|今年|今後|次の|以下の|現在|今の|最近|近年|当社|弊社|本(?:章|ガイダンス|レポート|事案|資料)|ある(?:会社|社員|企業)|ほかに"
    r"|こう(?:した|いう)|ここ|そこで|両者|[A-ZＡ-Ｚ](?:社|氏)|今年度|同じ|[①-⑳](?:や|と|の)|^[①-⑳]|^(?:事例集|ガイドライン|手引き|報告書|一覧)[（は]"
)
_OPENING = re.compile(
    r"^(?:また|なお|一方|ただし|しかし|例えば|たとえば|さらに|そのため|特に|併せて|同時に|ほか|[・●▪◆→])"
)
_PERSON = re.compile(
    r"[一-龥ぁ-んァ-ヺA-Za-z](?:氏|さん)(?![一-龥])|委員長|大統領|(?<!財務|国務|商務|産業|経済)大臣|教授は|財務長官|国務長官"
)
_SCANNED_SPACE = re.compile(r"(?<=[一-龥ぁ-んァ-ヺー、。]) +(?=[一-龥ぁ-んァ-ヺー])")
# A line break of the page leaves one space in a sentence; more than these are columns that ran together.
_MOST_SPACES = 3
_NO_END = re.compile(r"(?:もの|場合|こと|ケース|ため|場合です)。$")
_SENTENCE_LENGTH = (18, 105)
# A line that is a statement, though slides leave out its full stop; and what marks a note before it.
_UNSTOPPED = re.compile(r"(?:必要|可能|重要|不要|扱われる|対象外?|対象となる|受けられる|できる|求められる)$")
_NOTE_MARK = re.compile(r"^(?:注|※|＊)\d?[:：]?\s*")
_CONNECTIVE = re.compile(r"^(?:また|なお|さらに|特に|したがって|このため|そのため|そこで|併せて)、")


def without_line_breaks(text: str) -> str:
    """A text without the spaces that the line breaks of a page left between its letters."""
    return _SCANNED_SPACE.sub("", text)


def as_sentence(text: str) -> str:
    """A text as a sentence to read: in one line, and with the full stop that slides leave out."""
    joined = without_line_breaks(text)
    return f"{joined}。" if _UNSTOPPED.search(joined) else joined


def without_opening(sentence: str) -> str:
    """A sentence without the mark of a note and the word that ties it to the one before."""
    return _CONNECTIVE.sub("", _NOTE_MARK.sub("", sentence))


def is_one_column(text: str) -> bool:
    """Whether a text has no more breaks than a sentence of a page has; with more, columns ran together."""
    return len(_SCANNED_SPACE.findall(text)) <= _MOST_SPACES


def speaks_of_itself(text: str) -> bool:
    """Whether a text talks about its own document, which is nothing to ask for or to tell."""
    return bool(_ABOUT_ITSELF.search(text))


def stands_alone(sentence: str, *, is_headed: bool = False) -> bool:
    """Whether a sentence says something of the world by itself: not of its document, a person or 「これ」.

    With `is_headed` it may leave out what it is about, as the heading is told with it.
    """
    shortest, longest = _SENTENCE_LENGTH
    if not shortest <= len(sentence) <= longest or not sentence.endswith("。"):
        return False
    if any(sentence.count(a) != sentence.count(b) for a, b in ("「」", "（）", "()", "『』")):
        return False
    if not (is_headed or re.search(r"は(?!い)", sentence)) or re.search(
        r"(?:もの|場合|こと|ケース|ため|場合です)。$", sentence
    ):
        return False
    bad = (_ABOUT_ITSELF, _LEANING, _OPENING, _PERSON)
    return not any(pattern.search(sentence) for pattern in bad) and "：" not in sentence
