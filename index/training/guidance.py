"""The bundled digests with their likely questions as training material, beside a public set.

Each chunk of a digest is a passage that its likely questions ask for, and so is each of its lines under its heading,
where a likely question leads to just this line. A digest is one article, so that its other chunks are the negatives.
The questions of an evaluation set are never among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.chunk import chunk_document
from corpus.clean import quote_key
from corpus.load import bundled_documents, load_corpus
from corpus.models import Chunk
from index.likely.anchors import PASSAGES, LocatedQuestion, anchors_of, bundled_anchors, locate
from index.training.data import Passage


def guidance_passages(repeat: int, *, statements: bool = True) -> list[Passage]:
    """Return the chunks and lines of the bundled digests with their likely questions, `repeat` times.

    Without `statements` the questions of single statements are left out, and the lines, which few others lead to.
    The public set has thirty times as many passages: without repeating, hardly a batch would hold any of these. Each
    copy is a group of its own: two copies in one batch would be told apart from each other.
    """
    documents = load_corpus([bundled_documents()]).documents
    titles = {document.doc_id: document.title for document in documents}
    chunks = [chunk for document in documents for chunk in chunk_document(document)]
    located = locate(bundled_anchors() if statements else anchors_of(PASSAGES), chunks)
    asked: dict[int, list[LocatedQuestion]] = {}
    for question in located:
        for number in question.chunks:
            asked.setdefault(number, []).append(question)
    passages = []
    for copy in range(repeat):
        for number, chunk in enumerate(chunks):
            group, title = f"{titles[chunk.doc_id]} {copy}", titles[chunk.doc_id]
            questions = asked.get(number, [])
            texts = tuple(question.text for question in questions)
            passages.append(Passage(title, f"{chunk.section_path}\n{chunk.text}", texts, group))
            if statements:
                for text, wanted in _lines(chunk, number, questions):
                    passages.append(Passage(title, text, wanted, f"{group} lines"))
    return passages


def _lines(chunk: Chunk, number: int, questions: Sequence[LocatedQuestion]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each line that likely questions lead to, under its heading, with these questions."""
    heading = chunk.section[-1] if chunk.section else ""
    for line in chunk.text.split("\n"):
        key = quote_key(line)
        wanted = tuple(
            question.text
            for question in questions
            if any(quote_key(phrase) in key for phrase in question.phrases[question.chunks.index(number)])
        )
        if wanted:
            yield f"{heading}\n{line}", wanted
