"""How well the search finds the one paragraph that answers each question of a folder in BEIR layout.

One paragraph is one chunk, as in the figures that others publish; nothing here concerns answers.

    python -m eval.beir ../shared/bench/jsquad_test [--mode lexical] [--encoder FOLDER] [--no-adapt]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.models import BlockKind, Chunk, Document
from index.build import build_index
from index.encoder import load_encoder
from index.encoder.adapted import Adaptation
from index.errors import IndexingError, reason
from index.models import SearchMode
from index.retriever import Retriever
from index.store import IndexStore

DEPTH = 10


_LAYOUT = "corpus.jsonl、queries.jsonl、qrels.tsv のあるフォルダーを指定してください。"


class BeirError(IndexingError):
    """A folder is not in BEIR layout; the message is one line that names the file, and the line where there is one."""

    @classmethod
    def at(cls, path: Path, line: int, problem: str) -> BeirError:
        """The error of one line, counted from 1."""
        return cls(f"「{path}」の{line}行目が正しくありません（{problem}）。直してから実行し直してください。")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One text to be found."""

    paragraph_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirSet:
    """Paragraphs, questions by id, and for each question the ids of the paragraphs that answer it."""

    paragraphs: tuple[Paragraph, ...]
    questions: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all questions, in per cent; latencies in milliseconds."""

    questions: int
    recall_at_1: float
    recall_at_10: float
    mrr_at_10: float
    median_ms: float
    p95_ms: float

    def __str__(self) -> str:
        return (
            f"questions {self.questions}  R@1 {self.recall_at_1:.1f}  R@10 {self.recall_at_10:.1f}  "
            f"MRR@10 {self.mrr_at_10:.1f}  median {self.median_ms:.1f} ms  p95 {self.p95_ms:.1f} ms"
        )


def read_beir(folder: Path) -> BeirSet:
    """Read `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`; a question without a relevant paragraph stays in.

    Raises BeirError where a file is missing or a line is not what the layout says; the message names file and line.
    """
    if not folder.is_dir():
        raise BeirError(f"フォルダー「{folder}」がありません。{_LAYOUT}")
    paragraphs = tuple(
        Paragraph(row["_id"], row.get("title", ""), row["text"]) for row in _json_rows(folder / "corpus.jsonl")
    )
    questions = {row["_id"]: row["text"] for row in _json_rows(folder / "queries.jsonl")}
    relevant: dict[str, set[str]] = {}
    for question, paragraph in _judgements(folder / "qrels.tsv", questions, {one.paragraph_id for one in paragraphs}):
        relevant.setdefault(question, set()).add(paragraph)
    return BeirSet(paragraphs, questions, {name: frozenset(found) for name, found in relevant.items()})


def write_beir(data: BeirSet, folder: Path) -> None:
    """Write a set as the three files that `read_beir` reads; what `folder` holds of these is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = [{"_id": one.paragraph_id, "title": one.title, "text": one.text} for one in data.paragraphs]
    queries = [{"_id": name, "text": text} for name, text in data.questions.items()]
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(lines, encoding="utf-8", newline="\n")
    judged = "".join(f"{name}\t{found}\t1\n" for name in data.relevant for found in sorted(data.relevant[name]))
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8", newline="\n")


def as_documents(paragraphs: Iterable[Paragraph]) -> tuple[list[Document], list[Chunk]]:
    """Return one document a title and one chunk a paragraph; the chunk's id is the paragraph's."""
    titles: dict[str, str] = {}
    chunks = []
    for paragraph in paragraphs:
        doc_id = titles.setdefault(paragraph.title, f"d{len(titles)}")
        chunks.append(Chunk(paragraph.paragraph_id, doc_id, (), paragraph.text, BlockKind.PARAGRAPH))
    documents = [
        Document(doc_id, title, None, None, None, (), None, path="", sha256="") for title, doc_id in titles.items()
    ]
    return documents, chunks


def first_rank(found: Sequence[str], relevant: frozenset[str]) -> int | None:
    """Return the place, from 1, of the first of `found` that is relevant, None where none is."""
    return next((rank for rank, name in enumerate(found, start=1) if name in relevant), None)


def figures(ranks: Sequence[int | None], seconds: Sequence[float]) -> Figures:
    """Return the means; a question whose paragraph was not found counts as zero."""
    milliseconds = np.array(seconds) * 1000
    within = [rank for rank in ranks if rank is not None and rank <= DEPTH]
    percent = 100 / len(ranks)
    return Figures(
        questions=len(ranks),
        recall_at_1=percent * sum(rank == 1 for rank in within),
        recall_at_10=percent * len(within),
        mrr_at_10=percent * sum(1 / rank for rank in within),
        median_ms=float(np.median(milliseconds)),
        p95_ms=float(np.percentile(milliseconds, 95)),
    )


def run(retriever: Retriever, data: BeirSet, mode: SearchMode) -> Figures:
    """Ask every question of `data` and return the figures."""
    ranks, seconds = [], []
    for question_id, question in data.questions.items():
        started = time.perf_counter()
        found = [result.chunk.chunk_id for result in retriever.search(question, top_k=DEPTH, mode=mode)]
        seconds.append(time.perf_counter() - started)
        ranks.append(first_rank(found, data.relevant.get(question_id, frozenset())))
    return figures(ranks, seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Build an index of a folder's paragraphs and print a line of figures for each mode."""
    parser = argparse.ArgumentParser(description="Retrieval figures over a folder in BEIR layout.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mode", action="append", type=SearchMode, choices=list(SearchMode), help="default: all")
    parser.add_argument("--encoder", help="name or folder of an encoder; default: the bundled one")
    parser.add_argument("--no-adapt", action="store_true", help="leave a static encoder as it was trained")
    options = parser.parse_args(arguments)
    data = read_beir(options.folder)
    documents, chunks = as_documents(data.paragraphs)
    with tempfile.TemporaryDirectory() as folder:
        encoder = load_encoder(options.encoder)
        started = time.perf_counter()
        adaptation = Adaptation.OFF if options.no_adapt else Adaptation.FIT
        build_index(documents, chunks, IndexStore(folder), encoder, adaptation=adaptation)
        print(f"{len(chunks)} paragraphs indexed in {time.perf_counter() - started:.1f} s")
        retriever = Retriever.open(IndexStore(folder), encoder)
    for mode in options.mode or list(SearchMode):
        print(f"{mode:8}  {run(retriever, data, mode)}")


def _json_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a JSON Lines file, each with a text `_id` of its own and a `text`."""
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError:
            raise BeirError.at(path, number, "JSONとして読めません") from None
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("_id", "text")):
            raise BeirError.at(path, number, "文字列の _id と text が要ります")
        if not isinstance(row.get("title", ""), str):
            raise BeirError.at(path, number, "title が文字列ではありません")
        if row["_id"] in seen:
            raise BeirError.at(path, number, f"_id「{row['_id']}」が2度出てきます")
        seen.add(row["_id"])
        yield row


def _judgements(path: Path, questions: Container[str], paragraphs: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield question and paragraph of each line with a score above zero; the first line is a heading."""
    for number, line in _lines(path):
        if number == 1:
            continue
        columns = line.split("\t")
        if len(columns) != 3 or not columns[2].strip().lstrip("-").isdecimal():
            raise BeirError.at(path, number, "質問のid、文章のid、整数の点をタブで区切ります")
        for name, known, file in ((columns[0], questions, "queries.jsonl"), (columns[1], paragraphs, "corpus.jsonl")):
            if name not in known:
                raise BeirError.at(path, number, f"id「{name}」が {file} にありません")
        if int(columns[2]) > 0:
            yield columns[0], columns[1]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not empty, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BeirError(f"「{path}」がありません。{_LAYOUT}") from None
    except OSError as error:
        raise BeirError(f"「{path}」を読めません（{reason(error)}）。権限とファイルを確かめてください。") from error
    except UnicodeDecodeError:
        raise BeirError(f"「{path}」がUTF-8ではありません。UTF-8で保存し直してください。") from None
    # Not splitlines: a text may hold U+2028 and its like.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.rstrip("\r")


if __name__ == "__main__":
    main()
