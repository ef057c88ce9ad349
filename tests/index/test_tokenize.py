"""The tokenizer, with the real dictionary: it is the one thing that decides what a word is."""

from __future__ import annotations

import threading

import pytest

from index.tokenize import FIELDS, Tokenizer, character_bigrams, normalise, pieces, word_bigrams


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """One tokenizer for all tests: the dictionary is read once."""
    return Tokenizer()


def test_fields_of_a_sentence(tokenizer: Tokenizer) -> None:
    """This test ensures that each field holds its view of a sentence, without particles and endings."""
    fields = tokenizer.fields("国家公務員が技術を守った。")
    assert fields["words"] == ["国家", "公務", "員", "技術", "守る"]
    assert fields["compounds"] == ["国家公務員", "技術", "守る"]
    assert fields["bigrams"][:3] == ["国家", "家公", "公務"]
    assert fields["word_bigrams"] == ["国家 公務", "公務 員", "員 技術", "技術 守る"]


def test_short_units_equal_mode_a(tokenizer: Tokenizer) -> None:
    """This test ensures that splitting the long units gives what Sudachi's own mode A gives."""
    from sudachipy import Dictionary, SplitMode

    text = "営業秘密管理指針に基づき、秘密保持契約書を取り交わす選挙管理委員会の国家公務員が外国人参政権を論じる"
    mode_a = [
        morpheme.normalized_form()
        for morpheme in Dictionary(dict="core").tokenizer(mode=SplitMode.A).tokenize(text)
        if morpheme.part_of_speech()[0] not in {"助詞", "助動詞", "補助記号"}
    ]
    words = tokenizer.words(text)
    assert len(words) > 20
    assert words == [word for word in mode_a if word in words]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｶﾞｲﾀﾞﾝｽ", "ガイダンス"),
        ("ＭＥＴＩ", "meti"),
        ("２，０００円", "2,000円"),
        ("サーバー", "サーバ"),
        ("引き渡し", "引渡し"),
    ],
)
def test_spellings_meet(tokenizer: Tokenizer, one: str, other: str) -> None:
    """This test ensures that width, case and common spelling variants give the same words."""
    assert tokenizer.words(one) == tokenizer.words(other) != []


def test_function_words_are_dropped(tokenizer: Tokenizer) -> None:
    """This test ensures that a question's own frame leaves no word behind."""
    assert tokenizer.words("それは何ですか。どのようにすればよいのか、いつ、どこで、誰がするのか教えてください。") == [
        "良い"
    ]


@pytest.mark.parametrize("text", ["", " \n\t　", "。、！？…", "\x00\x01\x1f\x7f", "😀👩‍👩‍👧", "\ud800\udfff", "\u200b"])
def test_nothing_to_find(tokenizer: Tokenizer, text: str) -> None:
    """This test ensures that text without a letter gives no tokens and no error."""
    assert tokenizer.fields(text) == {name: [] for name in FIELDS}


def test_dirt_around_words(tokenizer: Tokenizer) -> None:
    """This test ensures that control characters, surrogates and emoji do not hide the words beside them."""
    assert tokenizer.words("技術\x00流出\ud800防止😀") == ["技術", "流出", "防止"]


def test_long_text(tokenizer: Tokenizer) -> None:
    """This test ensures that text beyond Sudachi's 49,149 bytes is read whole, with and without sentence ends."""
    assert tokenizer.words("技術が流出した。" * 4000) == ["技術", "流出"] * 4000
    assert len(tokenizer.fields("漢" * 40_000)["bigrams"]) == 39_999
    assert tokenizer.fields("ﷺ" * 20_000)["word_bigrams"] == []


@pytest.mark.parametrize("text", ["あ。い。う。", "あいうえおかき", "", "あ\nい", "。。。。。。"])
def test_pieces_lose_nothing(text: str) -> None:
    """This test ensures that pieces add up to the text and keep to the length."""
    found = list(pieces(text, length=3))
    assert "".join(found) == text
    assert all(len(piece) <= 3 for piece in found)


def test_pieces_end_with_sentences() -> None:
    """This test ensures that a cut falls behind a sentence where there is one."""
    assert list(pieces("一二。三四。五六。", length=7)) == ["一二。三四。", "五六。"]


def test_character_bigrams() -> None:
    """This test ensures that white space is bridged and punctuation is not."""
    assert character_bigrams("技 術、a1") == ["技術", "a1"]


def test_word_bigrams() -> None:
    """This test ensures that each word is paired with the one behind it."""
    assert word_bigrams(["a", "b", "c"]) == ["a b", "b c"]


def test_normalise() -> None:
    """This test ensures that compatibility characters, capitals and control characters are evened out."""
    assert normalise("Ａ①\x02㈱") == "a1 (株)"


def test_settings_name_the_dictionary(tokenizer: Tokenizer) -> None:
    """This test ensures that a new rule set or another dictionary is told from this one."""
    assert tokenizer.settings().keys() == {"schema", "sudachipy", "sudachidict-core"}


def test_threads_share_a_tokenizer() -> None:
    """This test ensures that several threads may ask the same tokenizer at the same time."""
    shared = Tokenizer()
    results: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: results.extend(shared.words("技術流出の防止" * 50) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 80
    assert all(words == results[0] for words in results)
