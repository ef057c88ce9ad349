"""How much of what a question needs stands in the first passages found: the search alone, whatever the answer says.

Run: python -m eval.recall [--data-dir DIR] [SET ...], sets as for `eval.check`. The key facts of each question are
looked for in its passages, best first, until these hold 1,500 and 3,000 characters: what a person, or a language model,
would be given to read.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.clean import quote_key
from eval.check import DEFAULT_SETS, read_set

LENGTHS = (1_500, 3_000)
"""Characters of passage text; headings are not counted."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What one question needs: for each key fact how many characters one reads until it, None where it is not found."""

    question_id: str
    read: tuple[int | None, ...]

    def found(self, length: int) -> int:
        """How many of the facts stand in passages that end within the first `length` characters."""
        return sum(read is not None and read <= length for read in self.read)


def characters_to(texts: Iterable[str], wordings: Sequence[str]) -> int | None:
    """Return how many characters `texts` have up to the end of the first that holds one of the wordings of a fact."""
    wanted = [quote_key(wording) for wording in wordings]
    read = 0
    for text in texts:
        read += len(text)
        if any(wording in quote_key(text) for wording in wanted):
            return read
    return None


def needed(assistant: Assistant, rows: Iterable[dict[str, Any]]) -> list[Needed]:
    """Ask every answerable question that has key facts, and look for these in its passages."""
    looked = []
    for row in rows:
        if row["answerable"] and row.get("key_facts"):
            texts = [result.chunk.text for result in assistant.ask(row["question"]).passages]
            looked.append(Needed(row["id"], tuple(characters_to(texts, wordings) for wordings in row["key_facts"])))
    return looked


def summary(looked: Sequence[Needed]) -> str:
    """Return in one line how many facts, and questions with any and with all of them, are within each length."""
    facts = sum(len(one.read) for one in looked)
    parts = [f"{len(looked)} questions, {facts} facts"]
    for length in LENGTHS:
        found = [one.found(length) for one in looked]
        every = sum(number == len(one.read) for number, one in zip(found, looked, strict=True))
        parts.append(f"within {length:,}: {sum(found)} facts, any {sum(map(bool, found))}, all {every}")
    return "; ".join(parts)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the counts for each set and for all together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=DEFAULT_SETS, help="names in eval/questions, or .jsonl files")
    parser.add_argument("--data-dir", type=Path, help="data folder that holds the index")
    options = parser.parse_args(arguments)
    assistant = build_assistant(Settings.from_environment(options.data_dir))
    everything: list[Needed] = []
    for name in options.sets:
        looked = needed(assistant, read_set(name))
        everything += looked
        print(f"{name}: {summary(looked)}", flush=True)
    print(f"together: {summary(everything)}")


if __name__ == "__main__":
    main()
