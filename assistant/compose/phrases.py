"""The words of the answer's frame, in Japanese and English. Texts only; everything else in an answer is quoted."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.question import Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """The frame's words in one language."""

    case: str
    measures: str
    related: str
    export_check: str
    contact: str
    guidance_page: str
    own_page: str
    cases: str
    count_total: str
    count_group: str
    greeting: str
    not_in_corpus: str
    nearest: str
    suggestion: str
    other_measures: str
    digest_note: str
    ocr_note: str
    replaced_note: str
    english_note: str
    dropped_note: str
    older_edition: str
    near_miss: str
    near_passage: str
    thanks: str
    farewell: str
    about_me: str
    about_documents: str
    document: str
    about_dates: str
    misuse: str
    misuse_contact: str


_JAPANESE = Phrases(
    case="近い事例",
    measures="当てはまる対策（作業の順）",
    related="関連する記述",
    export_check="海外へ技術や物を出すときの確認",
    contact="相談先",
    guidance_page="「{title}」は、ガイダンスの **{pages}** です。",
    own_page="「{title}」は、「{document}」の **{pages}ページ** にあります。",
    cases="事例",
    count_total="全部で **{count}** です（{groups} グループ）。",
    count_group="{group}：{count}",
    greeting="こんにちは。資料に書かれていることを、出典をつけてお答えします。知りたいことを文で入力してください。",
    not_in_corpus="お尋ねの内容は、読み込んだ資料には書かれていません。",
    nearest="資料の中で近い項目は次のとおりです。",
    suggestion="「{topic}」について教えてください",
    other_measures="同じ章には、ほかに次の対策があります：{titles}",
    digest_note="引用は要約（原典を別の言葉でまとめたもの）からです。正確な文言は原典で確認してください。",
    ocr_note="「OCR」とある引用は、画像から読み取った文字です。誤りがあるかもしれないので、原典で確認してください。",
    replaced_note="「{title}」（{edition}）には新しい版（{newer}）があります。",
    english_note="",
    dropped_note="引用を確かめられなかった文を {count} 件省きました。",
    older_edition="{edition}では：",
    near_miss="お尋ねの内容そのものは、読み込んだ資料にはありません。近い内容として、次のものがあります。",
    near_passage="「{heading}」（{document}、{place}）",
    thanks="お役に立てたなら幸いです。ほかにも知りたいことがあれば、文で入力してください。",
    farewell="ご利用ありがとうございました。また必要なときに質問してください。",
    about_me="読み込んだ資料から答えを探し、出典をつけてお示しするアシスタントです。資料にないことは「ない」とお答えします。"
    "読み込んだ資料は{count}件です。",
    about_documents="読み込んだ資料は{count}件です：",
    document="「{title}」（{edition}）",
    about_dates="最も新しい資料は{newest}です。それより後の変更は含まれません。読み込んだ資料は{count}件です：",
    misuse="技術や情報を不正に持ち出したり手に入れたりすることや、このアシスタントの決まりを外すことは、お手伝いできません。",
    misuse_contact="困りごとや不安があるときは、社内の情報管理の責任者か、資料にある相談窓口（{offices}など）に相談してください。",
)
_ENGLISH = Phrases(
    case="Closest case",
    measures="Countermeasures that apply, in the order of work",
    related="Related passages",
    export_check="Before technology or goods leave the country",
    contact="Whom to ask",
    guidance_page="「{title}」 is on **{pages}** of the guidance.",
    own_page="「{title}」 is on pages **{pages}** of 「{document}」.",
    cases="Cases",
    count_total="There are **{count}** in all, in {groups} groups.",
    count_group="{group}: {count}",
    greeting="Hello. I answer from the loaded documents and cite them. Please ask a question in a sentence.",
    not_in_corpus="The loaded documents do not answer this question.",
    nearest="The nearest topics in the documents are these.",
    suggestion="「{topic}」について教えてください",
    other_measures="Other countermeasures of the same chapter: {titles}",
    digest_note="Quotes come from a digest in our own words; check the exact wording in the original.",
    ocr_note="Quotes marked “OCR” were recognised in a picture and may be misread; check them in the original.",
    replaced_note="“{title}” ({edition}) has a newer edition ({newer}).",
    english_note="The documents are in Japanese; quotes are left as they stand.",
    dropped_note="{count} statements were left out because their quotes could not be verified.",
    older_edition="In the edition of {edition}: ",
    near_miss="The loaded documents do not answer this question itself. The closest passages in them are these.",
    near_passage="「{heading}」 ({document}, {place})",
    thanks="You are welcome. If there is anything else, please ask it in a sentence.",
    farewell="Goodbye. Please come back whenever you need to.",
    about_me="I look for answers in the loaded documents and show where they stand;"
    " what is not there, I say is not there. {count} documents are loaded.",
    about_documents="{count} documents are loaded:",
    document="「{title}」 ({edition})",
    about_dates="The newest document is {newest}; later changes are not known here. {count} documents are loaded:",
    misuse="I do not help with taking or obtaining technology or data without permission, nor with dropping my rules.",
    misuse_contact="If something worries you, talk to the person in charge of information at your company,"
    " or to an office named in the documents (such as {offices}).",
)


def phrases(language: Language) -> Phrases:
    """The frame's words for a language."""
    return _ENGLISH if language is Language.ENGLISH else _JAPANESE
