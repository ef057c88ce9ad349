"""Tests of the wording of errors and of what keeps them on one line."""

from __future__ import annotations

import pytest

from assistant.errors import QuestionError
from cli.messages import on_one_line, one_line, without_controls
from corpus.errors import NothingToRead
from index.errors import NoIndex


@pytest.mark.parametrize("error", [QuestionError("長い"), NothingToRead("ない"), NoIndex()])
def test_our_own_errors_are_shown_as_they_are(error: Exception) -> None:
    """This test ensures that the message of each layer reaches the user unchanged."""
    assert one_line(error) == str(error)


def test_other_errors_name_their_kind() -> None:
    """This test ensures that an error that is not ours is called unexpected and keeps its name for a report."""
    assert "ZeroDivisionError: by zero" in one_line(ZeroDivisionError("by zero"))


def test_white_space_becomes_one_space() -> None:
    """This test ensures that nothing in a message starts a new line."""
    assert on_one_line(" a\r\n\tb\u2028c\x85d ") == "a b c d"


def test_controls_are_dropped_and_newlines_stay() -> None:
    """This test ensures that C0 and C1 controls go, and text, newlines and tabs stay."""
    assert without_controls("あ\x00\x1b[0m\x9b\x7f\n\tい") == "あ[0m\n\tい"
