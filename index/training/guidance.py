"""The bundled digests with their likely questions as training material, beside a public set.

Each chunk of a digest is a passage that its likely questions ask for; the digest is one article, so that its other
chunks are the negatives. The questions of an evaluation set are never among them.
"""

from __future__ import annotations

from corpus.chunk import chunk_document
from corpus.load import bundled_documents, load_corpus
from index.likely.anchors import bundled_anchors, locate
from index.training.data import Passage


def guidance_passages(repeat: int) -> list[Passage]:
    """Return the chunks of the bundled digests with their likely questions, `repeat` times over.

    The public set has thirty times as many passages: without repeating, hardly a batch would hold any of these.
    """
    documents = load_corpus([bundled_documents()]).documents
    chunks = [(document, chunk) for document in documents for chunk in chunk_document(document)]
    asked: dict[int, list[str]] = {}
    for question in locate(bundled_anchors(), [chunk for _, chunk in chunks]):
        for number in question.chunks:
            asked.setdefault(number, []).append(question.text)
    return [
        Passage(
            document.title,
            f"{chunk.section_path}\n{chunk.text}",
            tuple(asked.get(number, ())),
        )
        for time in range(repeat)
        for number, (document, chunk) in enumerate(chunks)
    ]
