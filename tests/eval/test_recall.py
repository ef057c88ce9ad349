"""What a question needs among the first passages, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace

from eval.recall import Needed, characters_to, needed, summary


class Shelf:
    """Gives every question the same three passages."""

    def ask(self, question: str) -> SimpleNamespace:
        texts = ["あ" * 1000, "答えは Ｐ 85。" + "い" * 600, "う" * 1200 + "電話 012"]
        return SimpleNamespace(passages=[SimpleNamespace(chunk=SimpleNamespace(text=text)) for text in texts])


def test_the_whole_passage_is_read() -> None:
    """This test ensures that a fact is reached at the end of its passage, in any wording and width."""
    assert characters_to(["12345", "xP85"], ["85ページ", "Ｐ 85"]) == 9
    assert characters_to(["12345"], ["6"]) is None


def test_counts_by_hand() -> None:
    """This test ensures that facts, and questions with any and with all of them, are counted within each length."""
    rows = [
        {"id": "1", "question": "?", "answerable": True, "key_facts": [["P85"], ["電話012"], ["なし"]]},
        {"id": "2", "question": "?", "answerable": True, "key_facts": [["012"]]},
        {"id": "3", "question": "?", "answerable": False},
        {"id": "4", "question": "?", "answerable": True},
    ]
    looked = needed(Shelf(), rows)  # type: ignore[arg-type]
    assert looked == [Needed("1", (1609, 2815, None)), Needed("2", (2815,))]
    assert summary(looked) == (
        "2 questions, 4 facts; within 1,500: 0 facts, any 0, all 0; within 3,000: 3 facts, any 2, all 1"
    )
