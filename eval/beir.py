"""Folders in BEIR layout: paragraphs, questions, and which paragraphs answer which question. Read and written here.

`mamori eval run --set FOLDER` measures on them (`eval.benchmark`); nothing here searches or counts.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.models import BlockKind, Chunk, Document
from index.errors import IndexingError, reason

FILES = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
DEPTH = 10
"""Places of a ranking that figures on such folders look at."""

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
    """Return one document and one chunk for each paragraph, both under its id; the document's title is its title."""
    documents, chunks = [], []
    for one in paragraphs:
        documents.append(
            Document(one.paragraph_id, one.title, None, None, None, (), None, path="", sha256=""),
        )
        chunks.append(Chunk(one.paragraph_id, one.paragraph_id, (), one.text, BlockKind.PARAGRAPH))
    return documents, chunks


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
