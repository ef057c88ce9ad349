"""English for the terms in a Japanese quote."""

from __future__ import annotations

import timeit

from assistant.compose.gloss import MAX_GLOSSES, gloss
from assistant.glossary import glosses_in_english

_QUOTE = "大切な技術情報を渡すときは、前から付き合いのある取引先とも、秘密保持契約（NDA）を新たに結びましょう。"
_LEAST_LOOKED_UP = 100


def test_terms_come_with_their_english_longest_first() -> None:
    """This test ensures that a reader gets the terms that stand in the quote, and nothing else."""
    assert gloss(_QUOTE) == (
        ("秘密保持契約", "non-disclosure agreement"),
        ("技術情報", "technical information"),
        ("取引先", "business partners"),
    )


def test_a_term_inside_a_longer_one_is_not_given() -> None:
    """This test ensures that 再委託 is not glossed as 委託 too, and each term comes once."""
    assert dict(gloss("無断の再委託と再委託")) == {"無断": "without permission", "再委託": "subcontracting"}


def test_a_title_is_a_term() -> None:
    """This test ensures that the title of a countermeasure gets its title in English, not its pieces."""
    assert gloss("アクセスコントロールの徹底 (P85)") == (("アクセスコントロールの徹底", "Enforce access control"),)


def test_shown_english_is_for_readers() -> None:
    """This test ensures that what a reader is shown goes before the words that a question is matched with."""
    assert gloss("外為法") == (("外為法", "Foreign Exchange and Foreign Trade Act (FEFTA)"),)


def test_limit() -> None:
    """This test ensures that the shortest terms are left out where there are too many."""
    assert gloss(_QUOTE, 1) == (("秘密保持契約", "non-disclosure agreement"),)
    many = "契約、顧客、仕入先、営業秘密、図面、特許、撤退、合弁、共同研究"
    assert len(gloss(many)) == MAX_GLOSSES
    assert gloss(many)[0][0] == "営業秘密"


def test_width_makes_no_difference() -> None:
    """This test ensures that half-width kana in a quote is glossed under the term as the glossary writes it."""
    assert gloss("ｻﾝﾌﾟﾙ") == (("サンプル", "samples"),)


def test_nothing_to_gloss() -> None:
    """This test ensures that text without a term, and no text, give nothing."""
    assert gloss("") == gloss("あ、い。") == gloss("JETRO") == ()


def test_every_gloss_can_be_reached() -> None:
    """This test ensures that each word that is only shown is found when it stands alone."""
    shown = glosses_in_english()
    assert len(shown) >= _LEAST_LOOKED_UP
    assert [word for word, english in shown.items() if gloss(word) != ((word, english),)] == []


def test_fast() -> None:
    """This test ensures that a quote costs well under a millisecond once the glossary is read."""
    gloss(_QUOTE)
    assert min(timeit.repeat(lambda: gloss(_QUOTE), number=10, repeat=5)) / 10 < 0.001
