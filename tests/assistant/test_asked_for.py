"""What is asked for, by the wording alone: a hashed question and the bundled weights."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.compose import asked_for
from assistant.compose.asked_for import CELLS, hashed, log_odds, weights
from assistant.question import MAX_QUESTION_CHARS
from index.likely.anchors import bundled_anchors, bundled_unanswerable
from index.tokenize import Tokenizer

TOLD = (
    "展示会で試作品を見せる前に何を決めておくとよいですか",
    "辞める人から預かった社用の端末はどう扱いますか",
    "取引先へ見本を送るとき、どんな点に注意が要りますか",
    "夜中に大量のファイルが写されていたら何をしますか",
    "共同研究を始める前に約束しておくことは何ですか",
    "外国の会社から急に訪問の申し込みがありました。どう備えますか",
    "鍵のかからない棚に図面を置いています。直したほうがよいですか",
    "秘密にしたい情報はどのように印をつけて分けますか",
    "海外の子会社に任せてよい仕事とだめな仕事をどう分けますか",
    "What should we agree on before a supplier sees our drawings?",
)
"""Ten questions of the kind that the documents answer, in words of our own; none of them is a likely question."""
UNTOLD = (
    "社内研修を外の講師に頼むと一回いくらかかりますか",
    "窓口の電話は昼休みでもつながりますか",
    "相談票の様式はどのサイトからダウンロードできますか",
    "去年この罪で捕まった人は何人いますか",
    "うちの事件で裁判に勝てる見込みは何パーセントですか",
    "担当の課長さんの名前と内線番号を教えてください",
    "監視カメラはどのメーカーの製品が安いですか",
    "認証の更新料は税込みで何円ですか",
    "次の説明会は何月何日にどこの会場で開かれますか",
    "How much does the annual membership fee cost in dollars?",
)
"""Ten near misses in words of our own: fees, forms, names, dates and judgements of a single case."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """The tokenizer of index and query."""
    return Tokenizer()


@pytest.mark.parametrize(
    "question", [*TOLD[:2], UNTOLD[-1], "技", "？", "", "ｶﾝ " * 9, "技術" * (MAX_QUESTION_CHARS // 2)]
)
def test_a_question_has_unit_length(tokenizer: Tokenizer, question: str) -> None:
    """This test ensures that long and short questions weigh the same, with cells that the table has."""
    cells = hashed(question, tokenizer)
    assert sum(value * value for value in cells.values()) == pytest.approx(1.0)
    assert all(0 <= cell < CELLS for cell in cells)
    assert min(cells.values()) > 0


def test_the_same_question_is_the_same(tokenizer: Tokenizer) -> None:
    """This test ensures that width and case make no difference, and that another question is another row."""
    assert hashed("ＵＳＢに？", tokenizer) == hashed("usbに?", tokenizer)
    assert hashed("いくら？", tokenizer) == hashed("いくら？", Tokenizer())
    assert hashed("いくら？", tokenizer) != hashed("いつ？", tokenizer)


def test_repeated_pieces_count_less_each_time(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that a piece counts one more than the logarithm of its number, by hand.

    With characters alone and a tokenizer without words " aab " has " " twice, "a" twice and "b" once.
    """
    monkeypatch.setattr(asked_for, "_LONGEST", 1)
    monkeypatch.setattr(tokenizer.__class__, "words", lambda _self, _text: [])
    values = sorted(hashed("aab", tokenizer).values())
    assert values[1] == values[2]
    assert values[1] / values[0] == pytest.approx(1 + np.log(2))


def test_words_in_another_order_are_another_question(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that pairs of words count: the words are the same, characters are left out, the last is too."""
    monkeypatch.setattr(asked_for, "_LONGEST", 0)
    texts = ("会社 秘密 図面", "秘密 会社 図面")
    words = [tokenizer.words(text) for text in texts]
    assert sorted(words[0]) == sorted(words[1])
    assert len(words[0]) == 3
    first, second = (hashed(text, tokenizer) for text in texts)
    assert first.keys() != second.keys()


def test_log_odds_by_hand(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test ensures that log-odds are the weights of the cells times their values, and the intercept once."""
    table = np.zeros(CELLS + 1, dtype=np.float32)
    cells = hashed("いくら？", tokenizer)
    (first, value), (second, other) = list(cells.items())[:2]
    table[first], table[second], table[CELLS] = 3.0, -1.0, 0.25
    monkeypatch.setattr(asked_for, "weights", lambda: table)
    assert log_odds("いくら？", tokenizer) == pytest.approx(3 * value - other + 0.25)


def test_the_bundled_table() -> None:
    """This test ensures that the table has a weight for each cell and an intercept, all finite, and says something."""
    table = weights()
    assert table.shape == (CELLS + 1,)
    assert table.dtype == np.float32
    assert np.isfinite(table).all()
    assert np.count_nonzero(table) > CELLS / 10


def test_none_of_ours_was_learnt_from() -> None:
    """This test ensures that the twenty questions here are new to the model, so that the next test measures it."""
    known = {question for anchor in bundled_anchors() for question in anchor.questions} | set(bundled_unanswerable())
    assert len(set(TOLD)) == len(set(UNTOLD)) == 10
    assert known & {*TOLD, *UNTOLD} == set()


def test_near_misses_score_lower(tokenizer: Tokenizer) -> None:
    """This test ensures that wording tells: in the median, and for most pairs of one of each side."""
    told, untold = ([log_odds(text, tokenizer) for text in texts] for texts in (TOLD, UNTOLD))
    assert np.median(told) > np.median(untold)
    assert np.mean([high > low for high in told for low in untold]) > 0.75


def test_it_fits_what_it_was_learnt_from(tokenizer: Tokenizer) -> None:
    """This test ensures that the table belongs to this way of hashing: a change of either alone is seen."""
    known = [anchor.questions[0] for anchor in bundled_anchors()[::20]]
    told, untold = ([log_odds(text, tokenizer) for text in texts] for texts in (known, bundled_unanswerable()[::10]))
    assert np.mean(np.array(told) > 0) > 0.8
    assert np.mean(np.array(untold) < 0) > 0.8
