"""Every text of the pages, in Japanese and in English; no text of a document and no markup."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.models import Support
from eval.feedback import Reason


@dataclass(frozen=True, slots=True)
class Example:
    """A question to start with: what its button says and what it asks. The documents are Japanese, so it asks so."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Labels:
    """The texts of one language; those with braces are filled by `str.format`."""

    purpose: str
    privacy: str
    privacy_local_model: str
    privacy_remote_model: str
    local: str
    remote: str
    remote_hint: str
    use_model: str
    use_model_help: str
    without_model: str
    examples_heading: str
    examples: tuple[Example, ...]
    input_placeholder: str
    new_conversation: str
    documents_filter: str
    documents_filter_help: str
    documents_all: str
    documents_loaded: str
    documents_language: str
    loading: str
    searching: str
    sources: str
    sources_heading: str
    open_source: str
    back_to_answer: str
    digest: str
    digest_hint: str
    ocr: str
    ocr_hint: str
    document: str
    edition: str
    section: str
    page: str
    page_in_file: str
    page_printed: str
    page_of_original: str
    page_none: str
    publisher: str
    check: str
    original: str
    original_of_digest: str
    quote_elsewhere: str
    not_in_corpus: str
    suggestions: str
    weak_sentences: str
    passages: str
    passages_hint: str
    passage_place: str
    timing: str
    copy: str
    copy_hint: str
    understood_as: str
    support_verbatim: str
    support_supported: str
    support_weak: str
    support_unsupported: str
    sentence_weak: str
    sentence_unsupported: str
    show_more: str
    given: str
    given_more: str
    writing: str
    writing_seconds: str
    stop: str
    stopping: str
    written_by: str
    failed: str
    feedback_question: str
    feedback_up: str
    feedback_down: str
    feedback_reason_question: str
    feedback_wrong_source: str
    feedback_wrong_content: str
    feedback_incomplete: str
    feedback_off_target: str
    feedback_wrongly_refused: str
    feedback_other: str
    feedback_comment: str
    feedback_kept: str
    feedback_send: str
    feedback_thanks: str

    def support(self, support: Support) -> str:
        """How well a quote carries its sentence, in words."""
        return {
            Support.VERBATIM: self.support_verbatim,
            Support.SUPPORTED: self.support_supported,
            Support.WEAK: self.support_weak,
            Support.UNSUPPORTED: self.support_unsupported,
        }[support]

    def feedback_reason(self, reason: Reason) -> str:
        """What was wrong with an answer, in words."""
        return {
            Reason.WRONG_SOURCE: self.feedback_wrong_source,
            Reason.WRONG_CONTENT: self.feedback_wrong_content,
            Reason.INCOMPLETE: self.feedback_incomplete,
            Reason.OFF_TARGET: self.feedback_off_target,
            Reason.WRONGLY_REFUSED: self.feedback_wrongly_refused,
            Reason.OTHER: self.feedback_other,
        }[reason]


_QUESTIONS = (
    "海外の顧客からサンプルを求められた",
    "信頼できる取引先かどうかは、どう確かめればよいですか？",
    "退職する社員から技術が漏れるのを防ぐには？",
    "大学と共同研究を始める前に、何を決めておくべきですか？",
    "海外に工場をつくるとき、何に気をつければよいですか？",
    "技術流出の相談窓口を教えてください",
)

JAPANESE = Labels(
    purpose="技術流出対策の手引きをもとに、出典つきでお答えするチャットです。"
    "回答の [1] などの番号を押すと、根拠の箇所を確かめられます。",
    privacy="質問はこのパソコンの外へ出ません。検索も回答も、このパソコンの中だけで行います。",
    privacy_local_model="文章はこのパソコンの言語モデル（{model}）が作ります。質問はこのパソコンの外へ出ません。",
    privacy_remote_model="文章は {host} の言語モデル（{model}）が作ります。質問と資料の一部を {host} へ送ります。",
    local="質問はこのパソコンの外へ出ません。",
    remote="質問と資料の一部を {host} へ送ります。",
    remote_hint="これまでの会話も含みます。送らずに答える切り替えは、左のメニューにあります。",
    use_model="言語モデルで文章を作る",
    use_model_help="切ると、言語モデルを使わず、資料からの抜き書きでお答えします。",
    without_model="言語モデルは使わず、資料からの抜き書きでお答えします。",
    examples_heading="質問の例（押すと質問できます）",
    examples=tuple(Example(question, question) for question in _QUESTIONS),
    input_placeholder="質問や困りごとを入力してください",
    new_conversation="新しい会話を始める",
    documents_filter="調べる文書を選ぶ",
    documents_filter_help="選んだ文書だけを調べます。何も選ばなければ、すべての文書を調べます。",
    documents_all="すべての文書",
    documents_loaded="読み込まれている文書（{count}件）",
    documents_language="",
    loading="文書を読み込んでいます…",
    searching="文書を調べています…",
    sources="出典",
    sources_heading="出典（{count}件）",
    open_source="出典{marker}を開く：{title}、{place}",
    back_to_answer="回答の本文に戻る",
    digest="要約",
    digest_hint="原典を別の言葉でまとめた要約です。正確な文言は原典で確認してください。",
    ocr="OCR",
    ocr_hint="画像から読み取った文字です。誤りがあるかもしれません。原典で確認してください。",
    document="文書",
    edition="版・発行日",
    section="項目",
    page="ページ",
    page_in_file="ファイルの{pages}ページ目",
    page_printed="紙面では{label}ページ",
    page_of_original="原典の{label}ページ",
    page_none="ページの記載がありません",
    publisher="発行者",
    check="引用の確認",
    original="原典を開く",
    original_of_digest="原典の案内ページを開く",
    quote_elsewhere="引用した文の位置を特定できなかったため、文と前後の文章を分けて表示しています。",
    not_in_corpus="文書に答えがありません",
    suggestions="次の質問には、文書からお答えできます。",
    weak_sentences="次の文は裏づけが十分ではありません。原典で確認してください。",
    passages="検索で見た箇所（{count}件）",
    passages_hint="質問に近い順に並んでいます。回答に使わなかった箇所も含みます。",
    passage_place="{rank}位",
    timing="検索 {retrieve} ミリ秒、回答の作成 {answer} ミリ秒",
    copy="出典つきでコピー",
    copy_hint="右上のボタンを押すと、回答と出典をコピーできます。",
    understood_as="「{question}」という質問としてお答えしています。",
    support_verbatim="文書の文と一致しています",
    support_supported="文書に裏づけがあります",
    support_weak="裏づけが弱いため、原典で確認してください",
    support_unsupported="裏づけがありません",
    sentence_weak="要確認",
    sentence_unsupported="資料で確かめられません",
    show_more="続きを見る",
    given="言語モデルに渡した箇所（{count}件）",
    given_more="ほかの{count}件",
    writing="{model} が文章を書いています…",
    writing_seconds="{seconds}秒",
    stop="停止",
    stopping="停止しています…",
    written_by="文章は言語モデル（{model}）が作り、資料と照らし合わせました。",
    failed="回答の途中で思わぬ問題が起きました。もう一度お試しください。"
    "続くようなら、`mamori doctor` で確かめてください。",
    feedback_question="この回答は役に立ちましたか？",
    feedback_up="はい",
    feedback_down="いいえ",
    feedback_reason_question="どこに問題がありましたか？",
    feedback_wrong_source="出典が違う",
    feedback_wrong_content="内容が違う",
    feedback_incomplete="足りない",
    feedback_off_target="質問とずれている",
    feedback_wrongly_refused="資料にあるはずなのに「ない」と言われた",
    feedback_other="その他",
    feedback_comment="気づいたこと（任意）",
    feedback_kept="質問、回答、検索で見た箇所といっしょに、このパソコンの中だけに保存します。",
    feedback_send="送る",
    feedback_thanks="ありがとうございます。このパソコンの中に保存しました。",
)

ENGLISH = Labels(
    purpose="A chat that answers from guidance on preventing technology leakage, with sources. "
    "Press a number such as [1] in an answer to see the passage behind it.",
    privacy="Your questions do not leave this computer. Search and answers stay on it.",
    privacy_local_model="A language model on this computer ({model}) writes the answers. "
    "Your questions do not leave this computer.",
    privacy_remote_model="A language model at {host} ({model}) writes the answers. "
    "Your questions and parts of the documents are sent to {host}.",
    local="Your questions do not leave this computer.",
    remote="Your questions and parts of the documents are sent to {host}.",
    remote_hint="So is the conversation so far. A switch in the menu on the left answers without sending anything.",
    use_model="Let a language model write",
    use_model_help="When off, answers are put together from the documents' own sentences, without a language model.",
    without_model="Answers are put together from the documents' own sentences, without the language model.",
    examples_heading="Examples (press one to ask it)",
    examples=tuple(
        Example(label, question)
        for label, question in zip(
            (
                "A customer abroad asked us for a sample",
                "How do we check that a business partner can be trusted?",
                "How do we keep technology from leaving with a retiring employee?",
                "What should be settled before joint research with a university?",
                "What should we mind when building a factory abroad?",
                "Whom can we ask for advice on technology leakage?",
            ),
            _QUESTIONS,
            strict=True,
        )
    ),
    input_placeholder="Type a question or describe your situation",
    new_conversation="New conversation",
    documents_filter="Documents to search",
    documents_filter_help="Only the chosen documents are searched. With none chosen, all of them are.",
    documents_all="All documents",
    documents_loaded="Documents loaded ({count})",
    documents_language="The documents and the answers are in Japanese.",
    loading="Loading the documents…",
    searching="Searching the documents…",
    sources="Sources",
    sources_heading="Sources ({count})",
    open_source="Open source {marker}: {title}, {place}",
    back_to_answer="Back to the answer",
    digest="Digest",
    digest_hint="A digest in other words than the original's. Check exact wording in the original.",
    ocr="OCR",
    ocr_hint="Recognised in a picture; it may be misread. Check it in the original.",
    document="Document",
    edition="Edition, date",
    section="Section",
    page="Page",
    page_in_file="page {pages} of the file",
    page_printed="printed page {label}",
    page_of_original="page {label} of the original",
    page_none="no page stated",
    publisher="Publisher",
    check="Quote",
    original="Open the original",
    original_of_digest="Open the original's page",
    quote_elsewhere="The quote could not be located in its passage, so both are shown one after the other.",
    not_in_corpus="Not in the documents",
    suggestions="The documents do answer these questions:",
    weak_sentences="These sentences are not well supported. Please check them in the original.",
    passages="Passages looked at ({count})",
    passages_hint="Closest to the question first, including those that the answer does not use.",
    passage_place="No. {rank}",
    timing="search {retrieve} ms, answer {answer} ms",
    copy="Copy with sources",
    copy_hint="The button at the top right copies the answer and its sources.",
    understood_as="Answered as the question “{question}”.",
    support_verbatim="word for word as in the document",
    support_supported="supported",
    support_weak="weakly supported",
    support_unsupported="unsupported",
    sentence_weak="check this",
    sentence_unsupported="not confirmed by the documents",
    show_more="Show the rest",
    given="Passages given to the language model ({count})",
    given_more="{count} more",
    writing="{model} is writing…",
    writing_seconds="{seconds} s",
    stop="Stop",
    stopping="Stopping…",
    written_by="Written by a language model ({model}) and checked against the documents.",
    failed="Something unexpected went wrong. Please try again. If it goes on, run `mamori doctor`.",
    feedback_question="Was this answer useful?",
    feedback_up="Yes",
    feedback_down="No",
    feedback_reason_question="What was wrong with it?",
    feedback_wrong_source="Wrong source",
    feedback_wrong_content="Wrong content",
    feedback_incomplete="Something is missing",
    feedback_off_target="Beside the question",
    feedback_wrongly_refused="The documents do answer this",
    feedback_other="Something else",
    feedback_comment="Remarks (optional)",
    feedback_kept="Stored on this computer only, with the question, the answer and the passages looked at.",
    feedback_send="Send",
    feedback_thanks="Thank you. This was stored on this computer.",
)


def labels_for(english: bool) -> Labels:
    """The texts to show."""
    return ENGLISH if english else JAPANESE


def date_in_words(published: str, labels: Labels) -> str:
    """An ISO date, possibly without day or month, as it is written in Japanese; in English and otherwise as it is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", published)
    if labels is not JAPANESE or match is None:
        return published
    return "".join(f"{int(number)}{unit}" for number, unit in zip(match.groups(), "年月日", strict=True) if number)


def edition_and_date(edition: str | None, published: str | None, labels: Labels) -> str:
    """Edition and date as one text; a date that the edition already states is not said twice."""
    date = date_in_words(published, labels) if published else ""
    if not edition or not date:
        return edition or date
    if date in edition or date_in_words(published or "", JAPANESE) in edition:
        return edition
    return f"{edition}（{date}）" if labels is JAPANESE else f"{edition} ({date})"


def page_in_words(start: int | None, end: int | None, label: str | None, is_digest: bool, labels: Labels) -> str:
    """The physical and the printed page, whichever exist.

    A digest has no pages of its own: its label is the printed page of the original.
    """
    parts = []
    if start is not None:
        pages = str(start) if end in (None, start) else f"{start}–{end}"
        parts.append(labels.page_in_file.format(pages=pages))
    if label:
        parts.append((labels.page_of_original if is_digest else labels.page_printed).format(label=label))
    return ("、" if labels is JAPANESE else ", ").join(parts) or labels.page_none
