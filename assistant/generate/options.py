"""The limits of one generated answer. Numbers only; who reads them from where is the settings' business."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """What one answer may take.

    `passage_characters` and `history_characters` bound what is sent, `answer_characters` what is read of the reply.
    `first_token_seconds` is the longest silence, before the first token as well as between two; `total_seconds` counts
    from the question to the last token, retries and pauses included. With more than `unsupported_share` of the
    sentences unsupported, the extractive answer is shown. `ask_when_refused` also asks the model what the extractive
    way finds no answer to in the documents; its reply then counts only if every sentence of it is supported.
    """

    passage_characters: int = 12_000
    history_turns: int = 6
    history_characters: int = 2_000
    answer_characters: int = 8_000
    first_token_seconds: float = 60.0
    total_seconds: float = 180.0
    attempts: int = 3
    unsupported_share: float = 1 / 3
    listed_facts: int = 5
    ask_when_refused: bool = False
