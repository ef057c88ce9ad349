"""Read the training material: paragraphs with their questions, in BEIR layout. Nothing here segments or trains.

A set is a folder with `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and `qrels.tsv`
(query-id, corpus-id, score, after a header line).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.encoder.errors import EncoderError

_SENTENCE_END = re.compile(r"(?<=[。！？!?\n])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an article with the questions that it answers.

    `group` names what comes into a batch together; the article where it is empty.
    """

    title: str
    text: str
    questions: tuple[str, ...]
    group: str = ""


def read_set(folder: Path) -> list[Passage]:
    """Return the paragraphs of a retrieval set in file order.

    Raises:
        EncoderError: a file is missing or a line is not what the layout says.
    """
    try:
        corpus = _read_lines(folder / "corpus.jsonl")
        texts = {str(row["_id"]): str(row["text"]) for row in _read_lines(folder / "queries.jsonl")}
        questions: dict[str, list[str]] = {str(row["_id"]): [] for row in corpus}
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            query_id, passage_id, score = line.split("\t")
            if int(score) > 0:
                questions[passage_id].append(texts[query_id])
        return [Passage(str(row["title"]), str(row["text"]), tuple(questions[str(row["_id"])])) for row in corpus]
    except OSError as error:
        raise EncoderError(
            f"学習データ「{error.filename}」を読めません。corpus.jsonl などのあるフォルダーを指定してください。"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"学習データ「{folder}」の形式が正しくありません({error!r})。") from error


def held_back_titles(passages: Iterable[Passage], share: float, seed: int) -> set[str]:
    """Return a random `share` of the articles, one at least, to be searched and not learnt from."""
    titles = sorted({passage.title for passage in passages})
    random.Random(seed).shuffle(titles)
    return set(titles[: max(1, round(len(titles) * share))])


def sentences(text: str) -> list[str]:
    """Split `text` after each full stop and line end; nothing empty comes back."""
    return [sentence for piece in _SENTENCE_END.split(text) if (sentence := piece.strip())]


def _read_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
