"""The check of a reworded line: it says what the line said, or what the passages behind it say, and nothing more.

By the rules that answers are checked with (`assistant.verify`), applied both ways: nothing new comes in, no figure and
no name gets lost. What cannot be shown to be the same is refused; the line then stays as it was.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.citations import sentences_of
from assistant.models import Support
from assistant.rewrite import is_made_of
from assistant.verify.compare import differing_figures
from assistant.verify.figures import without_figures
from assistant.verify.judge import Source, judge
from assistant.verify.sanitise import sanitise
from assistant.verify.wording import contrary, missing_names, newly_negated, too_strong, wrongly_negated
from corpus.models import BlockKind, Chunk
from training.reword_prompt import Asked, Part

_LONGEST_SHARE, _LONGEST_MORE, _SHORTEST = 2, 30, 6
_MARKUP = re.compile(r"[a-z]+://|www\.|[<>\[\]{}`|\\]|［|］|【|】|\*\*|\n", re.IGNORECASE)
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_QUESTION = re.compile(r"(?:か[。?？]?|[?？])[」』）]?$")
_ABLE = re.compile(r"(?:でき|[えけせてねめれげべ]|られ)(?:る|ます)(?:ようにな(?:る|ります))?。?$")
_POLITE = re.compile(r"(?:です|ます|ません|でしょう|ましょう|ください|でした|ました)(?:か)?[。?？]?[」』）]?$")
_DENIES = re.compile(r"(?:ません|ない|なかった)(?:でした|でしょう|の|です)*か")
_TITLE = re.compile(r"「([^「」]{2,300})」")
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9-]+|[ァ-ヴー]{3,}|[一-龥々]{2,}")
_ROLE = re.compile(r"([一-龥々ァ-ヺーA-Za-z0-9]{2,})か?(が|を|に|へ|から|より|は)")
_PEOPLE = re.compile(r"(?:皆|みな)(?:さん|さま|様)")
_ACCEPTED = (Support.SUPPORTED, Support.VERBATIM)
# What speaks against a statement and not against a question or a goal, whose words have been compared already.
_FREE, _FREE_SHARE = {"words", "wording", "apart"}, 0.6

SESSION_WORDS = """
今日 本日 研修 講師 受講者 参加者 皆さん 全員 一緒 一人 各自 自分 自社 会社 職場 部署 仕事 業務 普段 日頃 日常 場面
立場 目標 事例 資料 問い 質問 答え 意見 理由 内容 言葉 対策 項目 一覧 確認 説明 紹介 発表 共有 記入 話し合い 話し合う
考える 思う 思い 挙げる 読み上げる 見直す 振り返り 具体的 順番 最初 次 最後 時間 隣 同士 実際 時点 当日 本人 相手 感想
発言 挙手 例えば 大切 グループ チェックリスト クイズ スライド ケース メモ ポイント
"""
"""Words of holding a session, which a rewording may bring in: they state nothing."""


def tidied(text: str) -> str:
    """A line of a model without characters that nobody sees and without the quotation marks around all of it."""
    text = " ".join(sanitise(text).text.split())
    inner = text[1:-1]
    return inner if text[:1] == "「" and text[-1:] == "」" and not set(inner) & set("「」") else text


def why_refused(before: Asked, raw: str, part: Part, known: str) -> str:
    """Why a rewording may not be used, in one word; "" where it may.

    `known` are words that say nothing of their own: the theme, the audience, titles of documents.

    - markup, length, language, form: it is no line of this kind
    - number, date, …, name, title, negation, contrary, wording, roles: it differs from the line, or what is behind it
    - words: it holds words that neither has; support: the rules cannot show that it says the same
    """
    after = tidied(raw)
    if reason := _form(before.text, raw, after, part):
        return reason
    # Read as a name otherwise: 「営業の皆さん」.
    after = _PEOPLE.sub("参加者", after)
    # A note with sources states something, and is held to what answers are held to.
    states = part is Part.NOTE and bool(before.grounds)
    return _details(before, after, known) or ("" if _is_supported(before, after, known, states=states) else "support")


def _form(before: str, raw: str, after: str, part: Part) -> str:
    if _MARKUP.search(raw) or _MARKUP.search(after):
        return "markup"
    if not _SHORTEST <= len(after) <= _LONGEST_SHARE * len(before) + _LONGEST_MORE:
        return "length"
    if _KANA.search(before) and not _KANA.search(after):
        return "language"
    same_form = bool(_QUESTION.search(before)) == bool(_QUESTION.search(after))
    same_form = same_form and bool(_POLITE.search(before)) <= bool(_POLITE.search(after))
    if part is Part.GOAL:
        same_form = same_form and bool(_ABLE.search(before)) <= bool(_ABLE.search(after))
    return "" if same_form else "form"


def _details(before: Asked, after: str, known: str) -> str:
    """What differs in figures, names, denials and how binding it is; "" where nothing does."""
    said = "\n".join((before.text, *before.grounds))
    kinds = differing_figures(after, said, known, frozenset()) or differing_figures(before.text, after, "", frozenset())
    if kinds:
        return kinds[0]
    # 「ませんか」 may invite, so the rules for answers let it pass.
    asks_otherwise = bool(_DENIES.search(before.text)) != bool(_DENIES.search(after))
    checks = (
        ("title", _titles_differ(before.text, after, said)),
        ("name", bool(missing_names(after, said, known) or missing_names(before.text, after, ""))),
        ("negation", wrongly_negated(after, before.text) or newly_negated(after, before.text) or asks_otherwise),
        ("contrary", contrary(after, before.text)),
        ("wording", too_strong(after, before.text)),
        ("roles", any(_swaps_roles(after, text) for text in (before.text, *before.grounds))),
        ("words", not _is_known(after, "\n".join((said, known, SESSION_WORDS)))),
    )
    return next((name for name, wrong in checks if wrong), "")


def _swaps_roles(after: str, before: str) -> bool:
    """Whether two things have changed places: who gives what to whom, what comes from where."""
    ours, theirs = ({match[1]: match[2] for match in _ROLE.finditer(text)} for text in (after, before))
    moved = {(theirs[word], ours[word]) for word in ours.keys() & theirs.keys() if ours[word] != theirs[word]}
    return any((new, old) in moved for old, new in moved)


def _titles_differ(before: str, after: str, said: str) -> bool:
    """Whether what stands in 「」 was changed, left out, put in or put in another order."""
    ours, theirs = _TITLE.findall(after), _TITLE.findall(before)
    return [title for title in ours if title in theirs] != theirs or not set(ours) <= set(_TITLE.findall(said))


def _is_known(text: str, said: str) -> bool:
    """Whether every word of a text was said, or is put together from parts of at least two characters that were."""
    said = _key(said)
    return all(is_made_of(term, said) for term in _TERM.findall(_key(without_figures(text))))


def _is_supported(before: Asked, after: str, known: str, *, states: bool) -> bool:
    """Whether each sentence follows from the line as it was or, where it states something, from a passage behind it."""
    texts = (before.text, *before.grounds) if states else (before.text,)
    sources = [_source(text, known) for text in texts]
    return all(any(_carries(source, sentence, states) for source in sources) for sentence in sentences_of(after))


def _carries(source: Source, sentence: str, states: bool) -> bool:
    judged = judge(sentence, source)
    if judged.status in _ACCEPTED:
        return True
    return not states and judged.share >= _FREE_SHARE and set(judged.reasons) <= _FREE


def _source(text: str, known: str) -> Source:
    chunk = Chunk("", "", (), text, BlockKind.PARAGRAPH)
    return Source(chunk, "", "\n".join((known, SESSION_WORDS)), frozenset())


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
