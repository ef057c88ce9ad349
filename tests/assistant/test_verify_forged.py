"""Forged citations: generated in every form that models and attackers give them, none may survive."""

from __future__ import annotations

import itertools
import random
import re
import unicodedata

from assistant.models import Support
from assistant.verify.characters import visible
from tests.assistant.verify_samples import PASSAGES, checked, markers_in

SENTENCES = ("猫車は毎週12台ずつ点検します", "点検の記録は3年間残します", "月の石は青いチーズでできています")
FORMS = (
    "[{}]", "［{}］", "【{}】", "〔{}〕", "〖{}〗", "[ {} ]", "[\u200b{}]", "[{}\u200d]", "\u2060[{}\ufeff]",
    "[\u202e{}\u202c]", "[[{}]]", "[[[{}]]]", "［[{}]］", "[^{}]", "[#{}]", "[*{}]", "[※{}]", "[出典{}]",
    "[資料 {}]", "[出典：{}]", "[source {}]", "[Source: {}]", "[doc {}]", "[ref. {}]", "[passage {}]",
    "[{}, p. 3]", "[{}、第2章]", "[{}†L1]", "【{}†source】", "[{0},{0}]", "[{0}, {0}]", "[{0}][{0}]",
    "[{0};{0}]", "[{0}、{0}]", "[{0}-{0}]", "[{0}–{0}]", "[{0}〜{0}]", "[{0} and {0}]", "({})", "（{}）",
    "（出典{}）", "(source {})", "<sup>{}</sup>", "<sup>[{}]</sup>", "<sup><a href=\"#x\">{}</a></sup>",
    "&#91;{}&#93;", "&lsqb;{}&rsqb;", "&#x5b;{}&#x5d;", "&amp;#91;{}&amp;#93;", "\\[{}\\]", "\\\\[{}\\\\]",
    "[{}](https://evil.example/)", "[{}](#a)", "[[{}]](https://evil.example/)", "[{}][evil]", "[出典][{}]",
    "**[{}]**", "`[{}]`", "[**{}**]", "[{}", "{}]", "^{}", "^[{}]", "[{}]: https://evil.example/",
    "[^{}]: 出典", "⟦{}⟧", "❲{}❳", "[\u00ad{}]", "[\U000e0031{}]", "<a href=x>[{}]</a>", "<!-- x -->[{}]",
)  # fmt: skip
NUMBERS = ("4", "7", "12", "98", "99", "100", "999", "1000", "0", "00", "01", "-1", "1.0", "1e0", "99999999999")
SCRIPTS = (0xFF10, 0x0660, 0x06F0, 0x0966, 0x0E50, 0x1D7CE, 0x1D7D8, 0x1D7F6)
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
CIRCLED = (
    "④",
    "⑫",
    "⑳",
    "⑷",
    "❹",
    "➃",
    "⓸",
    "[iv]",
    "[IX]",
    "[a]",
    "[4a]",
    "[四]",
    "【十二】",
    "†",
    "‡4",
    "※4",
    "[]",
    "[^]",
    "[?]",
)
# Anything that a reader could take for a citation: a short number in any kind of bracket, raised or circled.
LOOKS_FORGED = re.compile(
    r"[\[［【〔〖⟦❲]\s*[^\w]?\w{0,9}[\s.:：]*\d*\s*[\]］】〕〗⟧❳]|[⁰¹²³⁴-⁹†‡]|\^\d|[①-⑳⑴-⒇❶-➓⓪-⓿]"
)


def forged() -> list[str]:
    """Answers with one marker each that leads nowhere."""
    plain = [form.format(number) for form, number in itertools.product(FORMS, NUMBERS)]
    scripts = [
        f"[{''.join(chr(start + int(digit)) for digit in number)}]" for start in SCRIPTS for number in ("4", "98")
    ]
    raised = [number.translate(SUPERSCRIPT) for number in ("4", "12", "98")]
    marks = [*plain, *scripts, *raised, *CIRCLED]
    where = ("{0}{1}。", "{0}。{1}", "{0} {1}。", "{0}。 {1}\n")
    return [where[i % 4].format(SENTENCES[i % 3], mark) for i, mark in enumerate(marks)]


def test_forged_markers_never_survive() -> None:
    """This test ensures that no marker out of range, in any of a thousand disguises, is left to be read or clicked."""
    cases, survived = forged(), []
    for text in cases:
        result = checked(text)
        known = {citation.marker for citation in result.citations}
        rest = result.text
        for marker in known:
            rest = rest.replace(f"[{marker}]", "")
        if not markers_in(result.text) <= known or LOOKS_FORGED.search(rest) or "evil" in rest:
            survived.append((text, result.text))
    print(f"forged markers: {len(cases)}, survived: {len(survived)}")
    assert len(cases) >= 1000
    assert survived == []


def test_markers_of_other_passages_never_survive() -> None:
    """This test ensures that a sentence never keeps the marker of a passage that says something else."""
    said = [(n, s) for n, c in PASSAGES.items() for s in re.findall(r"[^。\n]+。", c.text) if "http" not in s]
    cases = wrong = 0
    for (own, sentence), other, form in itertools.product(
        said, PASSAGES, ("[{}]", "【{}】", "[^{}]", "&#91;{}&#93;", "({})")
    ):
        if other == own:
            continue
        result = checked(sentence.removesuffix("。") + form.format(other) + "。")
        cases += 1
        wrong += any(citation.chunk_id != PASSAGES[own].chunk_id for citation in result.citations)
        assert result.removed_markers >= 1
    print(f"markers of other passages: {cases}, kept: {wrong}")
    assert wrong == 0


def test_random_brackets_never_survive() -> None:
    """This test ensures that brackets, digits and invisible characters thrown together leave no marker but our own."""
    rng = random.Random(6)
    alphabet = "[]［］【】()（）^123456789０９¹②\u200b\u2060\u202e<>&#;*_`\\!,-–、。 \nab資料"
    for _ in range(600):
        text = "猫車は毎週12台ずつ点検します" + "".join(rng.choices(alphabet, k=rng.randint(1, 24))) + "。"
        result = checked(text)
        assert markers_in(result.text) <= {citation.marker for citation in result.citations}, text


def test_real_markers_are_understood() -> None:
    """This test ensures that the usual ways of writing a marker that is right all lead to its passage."""
    for mark in (
        "[1]",
        "［1］",
        "【1】",
        "[１]",
        "[^1]",
        "[出典1]",
        "[1, p.3]",
        "&#91;1&#93;",
        "\\[1\\]",
        "<sup>1</sup>",
        "¹",
        "(1)",
    ):
        result = checked(f"猫車は毎週12台ずつ点検します{mark}。")
        assert (result.claims[0].status, result.claims[0].markers, result.added_markers) == (
            Support.VERBATIM,
            (1,),
            0,
        ), mark


def test_ranges_and_lists_lead_to_what_was_given() -> None:
    """This test ensures that of a list only the passages that carry the sentence are cited, the others counted."""
    result = checked("猫車は毎週12台ずつ点検します[1-3,9]。")
    assert [citation.chunk_id for citation in result.citations] == ["c1"]
    assert result.removed_markers == 3


def test_numbers_in_brackets_that_number_things_stay() -> None:
    """This test ensures that an enumeration in a sentence is not taken for markers."""
    result = checked("点検は(1)猫車、(2)綱の順に行います。[1]")
    assert "(1)猫車、(2)綱" in result.text


def test_nothing_invisible_is_left() -> None:
    """This test ensures that what is shown holds no character that nobody sees."""
    result = checked("猫\u200b車は\U000e0041毎週\u202e12台ずつ点検し\ufe0fます\u00ad。[1]")
    assert visible(result.text) == result.text
    assert not any(unicodedata.category(c) in ("Cf", "Co", "Cn") for c in result.text)
    assert result.claims[0].status is Support.VERBATIM
