"""Key facts: which wordings stand in which texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.facts import fact_key, facts_found, share_found


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("P85", "ガイダンスの **Ｐ 85** です"),
        ("1000円", "1,000 円を払う"),
        ("1,000円", "1000円を払う"),
        ("P11", "組織体制（P11,12）"),
        ("P11,12", "組織体制（P11,12）"),
        ("Nda", "ＮＤＡを結ぶ"),
        ("秘密保持契約", "秘密保持\n契約"),
        ("file_name", "file_name.txt"),
        ("5日", "期限は5 日"),
    ],
)
def test_a_wording_is_found(wording: str, text: str) -> None:
    """This test ensures that width, case, spaces, emphasis and commas in numbers do not hide a fact."""
    assert facts_found([[wording]], [text]) == (True,)


@pytest.mark.parametrize(
    ("wording", "text"),
    [("5日", "期限は15日"), ("P11", "P111を見る"), ("P1", "P11,12"), ("85", "8 5"), ("契約書", "契約"), ("12", "11 2")],
)
def test_a_wording_is_not_found(wording: str, text: str) -> None:
    """This test ensures that part of a longer number, or of a word, is not taken for the fact."""
    assert facts_found([[wording]], [text]) == (False,)


def test_one_wording_of_each_group_is_enough() -> None:
    """This test ensures that groups are judged one by one, any wording counting, and that texts are not joined."""
    assert facts_found([["五日", "5日"], ["台帳"], ["情報係"]], ["5日", "台", "帳"]) == (True, False, False)
    assert share_found((True, False, False)) == pytest.approx(1 / 3)


def test_no_facts_are_no_share() -> None:
    """This test ensures that a question without key facts is left out rather than counted as zero or one."""
    assert facts_found([], ["台帳"]) == ()
    assert share_found(()) is None


@given(st.text(min_size=1), st.text())
def test_what_is_written_is_found(wording: str, around: str) -> None:
    """This test ensures that a text holds itself as a fact, whatever its characters, and that a key has no space."""
    assert facts_found([[wording]], [wording]) == (True,)
    assert "\n" not in fact_key(around)
