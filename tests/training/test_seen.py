"""What a reader sees of a text."""

from __future__ import annotations

import pytest

from training.seen import seen


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("", ""),
        (" \t\n\u3000", ""),
        ("\u200b\u202e\x00\x1b\ufeff", ""),
        ("\ud800", ""),
        ("共同\u200b研究\u202e", "共同研究"),
        ("  猫車の\n\u3000点検 ", "猫車の 点検"),
        ("😀 <b>", "😀 <b>"),
    ],
)
def test_what_is_left_is_what_is_seen(text: str, visible: str) -> None:
    """This test ensures that texts of invisible characters count as empty, and that the rest stays as it is."""
    assert seen(text) == visible
