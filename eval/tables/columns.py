"""The columns of a table, with what the evaluator is told about each. Names are those of the schema, in its order."""

from __future__ import annotations

from dataclasses import dataclass, fields

from eval.labels import KINDS, LANGUAGES
from eval.models import MAX_PHRASE, Kind, Question

NAMES = tuple(field.name for field in fields(Question))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its width in characters, what it is for, an example, and the values it takes (empty: any text)."""

    name: str
    width: int
    explanation: str
    example: str
    values: tuple[str, ...] = ()


COLUMNS = (
    Column("id", 16, "質問の名前です。ほかの質問と同じにできません。あとから変えないでください。", "kitei-1"),
    Column(
        "question", 44, "質問文です。社員や講師が実際に尋ねる言い方で書きます。", "試作品を社外へ持ち出すには何が要る？"
    ),
    Column("language", 10, "質問の言語です（ja：日本語、en：英語）。", "ja", tuple(LANGUAGES)),
    Column(
        "kind",
        14,
        "質問の種類です（" + "、".join(f"{kind}：{label}" for kind, label in KINDS.items()) + "）。",
        "fact",
        tuple(Kind),
    ),
    Column(
        "history",
        36,
        "質問までのやりとりです。なければ空にします。1行に1回分を、user: か assistant: で始めて書きます。",
        "user: 試作品の規程はありますか\nassistant: 取扱規程があります。",
    ),
    Column(
        "answerable",
        12,
        "資料で答えられる質問なら TRUE、答えられない質問なら FALSE です。FALSE にするのは kind が unanswerable の"
        "ときで、key_facts と gold は空にします。",
        "TRUE",
        ("TRUE", "FALSE"),
    ),
    Column("reference_answer", 44, "模範の答えです。なければ空にします。", "品質保証課の承認番号を台帳に記入します。"),
    Column(
        "key_facts",
        36,
        "答えになければならない事実です。1行に1つ、認める言い方を | で区切って並べます。",
        "承認番号\n品質保証課 | 品証課",
    ),
    Column(
        "gold",
        56,
        "正解の箇所です。1行に1つ、「needed | 文書のID | 見出し | 語句」の形で書きます。needed は答えに必要な箇所、"
        "relevant は引用してもよい箇所です。同じ内容がほかの文書にもあれば、次の行に same で始めて書きます。"
        f"見出しと語句は空でもかまいませんが、| は省けません。語句は{MAX_PHRASE}文字までです。",
        "needed | kitei | 持ち出し | 承認番号を台帳に\nsame | kitei-digest | 持ち出し | 台帳に承認番号",
    ),
    Column("note", 30, "作った人の覚え書きです。採点には使いません。", ""),
)
"""In the order of the schema; `tests.eval.test_tables` holds the names to it."""

RULES = (
    "質問は「質問」シートに、1行に1問ずつ書きます。1行目の列の名前は変えないでください。列の順番は変えてもかまいません。",
    "セルの中で改行するには、Alt（Mac では Option）を押しながら Enter を押します。",
    "history、key_facts、gold の中で、文字としての | は \\|、\\ は \\\\、改行は \\n と書きます。",
    "セルの書式は「文字列」のままにしてください。日付や数式に変わったセルは読み込めません。セルの結合もできません。",
    "書き終えたら `mamori eval import この表.xlsx セット.jsonl` で質問セットにし、"
    "`mamori eval validate セット.jsonl` で資料と照らし合わせます。",
)
"""What the sheet of explanations says below the columns."""
