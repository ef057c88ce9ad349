"""The measures by name: what each figure is called, which way it improves and what it says to the evaluator.

How they are worked out stands in `retrieval`, `answers`, `facts`, `support` and `similarity`; `eval.scoring` puts a
question's figures together. Names are stable: run folders, options and reports use them.
"""

from __future__ import annotations

from eval.errors import EvaluationError
from eval.models import Better, Measure

_LOWER, _NEITHER = Better.LOWER, Better.NEITHER

MEASURES: tuple[Measure, ...] = (
    Measure("recall@1", "再現率@1", "retrieval", explanation="必要な箇所のうち、検索1位に入っていた割合です。"),
    Measure("recall@5", "再現率@5", "retrieval", explanation="必要な箇所のうち、検索5位までに入っていた割合です。"),
    Measure("recall@10", "再現率@10", "retrieval", explanation="必要な箇所のうち、検索10位までに入っていた割合です。"),
    Measure("recall@20", "再現率@20", "retrieval", explanation="必要な箇所のうち、検索20位までに入っていた割合です。"),
    Measure(
        "nDCG@10",
        "nDCG@10",
        "retrieval",
        explanation="必要な箇所と関連する箇所が上位に並ぶほど1に近づきます（10位まで）。",
    ),
    Measure(
        "MRR@10",
        "MRR@10",
        "retrieval",
        explanation="必要な箇所が最初に現れた順位の逆数の平均です（10位まで、1位なら1）。",
    ),
    Measure(
        "recall_1500",
        "再現率（1,500字）",
        "retrieval",
        explanation="検索した本文の先頭1,500字に入っていた、必要な箇所の割合です。",
    ),
    Measure(
        "recall_3000",
        "再現率（3,000字）",
        "retrieval",
        explanation="検索した本文の先頭3,000字に入っていた、必要な箇所の割合です。",
    ),
    Measure(
        "facts_1500",
        "要点（検索1,500字）",
        "retrieval",
        explanation="検索した本文の先頭1,500字に入っていた、答えの要点の割合です。",
    ),
    Measure(
        "facts_3000",
        "要点（検索3,000字）",
        "retrieval",
        explanation="検索した本文の先頭3,000字に入っていた、答えの要点の割合です。",
    ),
    Measure(
        "right",
        "正答",
        "answer",
        explanation="要点をすべて含めて答えたか、資料にない質問を断った質問の割合です。",
    ),
    Measure("key_facts", "要点", "answer", explanation="回答の本文に書かれていた、答えの要点の割合です。"),
    Measure(
        "key_facts_600",
        "要点（600字）",
        "answer",
        explanation="回答の本文の先頭600字に書かれていた、答えの要点の割合です。",
    ),
    Measure(
        "citation_validity",
        "引用の実在",
        "answer",
        explanation="引用文が、示された資料・節・ページに本当にある割合です。",
    ),
    Measure(
        "citation_recall",
        "引用の再現率",
        "answer",
        explanation="必要な箇所のうち、実在する引用が指していた割合です。",
    ),
    Measure(
        "citation_precision",
        "引用の適合率",
        "answer",
        explanation="引用のうち、必要な箇所か関連する箇所を正しく指していた割合です。",
    ),
    Measure(
        "supported",
        "裏づけのある文",
        "answer",
        explanation="回答の文のうち、実在する引用が内容（数字と主な語）を裏づけている割合です。",
    ),
    Measure(
        "correct_refusals",
        "正しく断った",
        "answer",
        explanation="資料にない質問のうち、答えずに断った割合です。",
    ),
    Measure(
        "false_refusals",
        "誤って断った",
        "answer",
        _LOWER,
        explanation="資料で答えられる質問のうち、誤って断った割合です（低いほど良い）。",
    ),
    Measure(
        "false_answers",
        "断るべきなのに答えた",
        "answer",
        _LOWER,
        explanation="資料にない質問のうち、答えてしまった割合です（低いほど良い）。",
    ),
    Measure(
        "chrF",
        "chrF",
        "answer",
        explanation="模範解答と文字の並びがどれだけ近いかを示す、補助の指標です。",
    ),
    Measure("length", "長さ", "answer", _NEITHER, "characters", "回答の本文の文字数です。"),
    Measure("time_ms", "時間", "answer", _LOWER, "ms", "質問から回答までにかかった時間です（短いほど良い）。"),
)
_BY_NAME = {measure.name: measure for measure in MEASURES}


def measure(name: str) -> Measure:
    """Return the measure of that name; EvaluationError, listing the names there are, where there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        known = "、".join(_BY_NAME)
        raise EvaluationError(f"指標「{name}」はありません。使えるのは {known} です。") from None
