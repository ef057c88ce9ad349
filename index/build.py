"""From chunks to a new generation: tokens, vectors, records. Reads no document and decides nothing about pages.

Files of a generation besides those of `index.lexical` and `index.dense`:

    documents.jsonl  one Document a line, without its pages
    chunks.jsonl     one Chunk a line; its place in the file is its number in every array
    texts.sha256     one line a chunk: hash of the text that was encoded, by which vectors are used again
    encoder.*        what adaptation changed of the encoder (`index.encoder.overlay`), where there was any
    likely.*         likely questions and where they lead (`index.likely.field`), where the documents have any

and what the caller wants kept beside them.

No time, no path, no order of a set gets into them: the same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.clean import search_text as clean_text
from corpus.models import BlockKind, Chunk, Document
from index import dense
from index.dense import DenseIndex
from index.encoder.adapted import Adaptation, prepare_encoder
from index.errors import IndexingError, NothingToIndex
from index.fusion import FusionWeights
from index.lexical import LexicalIndex
from index.likely.anchors import Anchor, LocatedQuestion, fingerprint, locate
from index.likely.field import LikelyField
from index.manifest import EncoderRecord, Recipe
from index.rerank import LinearReranker
from index.store import Generation, IndexStore
from index.tokenize import Tokenizer

if TYPE_CHECKING:
    from index.encoder.protocol import Encoder

DOCUMENTS = "documents.jsonl"
CHUNKS = "chunks.jsonl"
TEXTS = "texts.sha256"
ENCODE_BATCH = 64
LEAST_UNKNOWN = 0.2
"""The share of chunks without likely questions from which on the encoder is fitted to them."""

Progress = Callable[[str, int, int], None]
"""Called with the stage ("tokenize", "adapt", "encode", "write"), how much of it is done, and how much there is."""


def build_index(
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    store: IndexStore,
    encoder: Encoder,
    *,
    search_text: Callable[[Chunk], str] | None = None,
    progress: Progress | None = None,
    tokenizer: Tokenizer | None = None,
    weights: FusionWeights | None = None,
    adaptation: Adaptation = Adaptation.OFF,
    anchors: Iterable[Anchor] = (),
    unanswerable: Sequence[str] = (),
    beside: Mapping[str, bytes] | None = None,
) -> Generation:
    """Index `chunks` and make them the current generation of `store`.

    `search_text` gives the text of a chunk that is tokenised and encoded; by default title, section path and text.
    Vectors of texts that the current generation holds already, made by the same encoder, are used again. `adaptation`
    says whether a static encoder is fitted to the texts first, or is the one that the current generation was made with.
    `anchors` are likely questions; those whose places are among the chunks are searched too, and a chunk's vector is
    that of its text together with its questions. The bundled encoder has learnt from these, so it is fitted to the
    other chunks, and only where they are a fifth of all or more (docs/decisions/0008). `unanswerable` are questions
    beside them that the documents do not answer. `beside` are further files that the generation keeps, by name.

    Raises:
        NothingToIndex: there is no chunk.
        IncompatibleIndex, DamagedIndex: with KEEP, where there is nothing that could be carried over.
        IndexBusy, IndexNotWritten: see `IndexStore.write`.
    """
    if not chunks:
        raise NothingToIndex
    report = progress or _no_progress
    tokenizer = tokenizer or Tokenizer()
    text_of = search_text or chunk_search_text(documents)
    texts = [text_of(chunk) for chunk in chunks]
    lexical = LexicalIndex.build(_tokens(texts, tokenizer, report))
    anchors = tuple(anchors)
    likely = locate(anchors, chunks)
    embedded = with_questions(texts, likely)
    hashes = [hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest() for text in embedded]
    unknown = _without_questions(embedded, likely)
    adapted = prepare_encoder(encoder, adaptation, unknown, store, lambda done, total: report("adapt", done, total))
    encoder = adapted.encoder
    vectors = _vectors(dict(zip(hashes, embedded, strict=True)), known_vectors(store, encoder), encoder, report)
    field = LikelyField.build(likely, unanswerable, tokenizer, encoder, _former_field(store, encoder, tokenizer))
    files = {
        DOCUMENTS: _json_lines([asdict(replace(document, pages=())) for document in documents]),
        CHUNKS: _json_lines([asdict(chunk) for chunk in chunks]),
        TEXTS: "".join(f"{digest}\n" for digest in hashes).encode(),
        dense.FILE: DenseIndex.build(np.stack([vectors[digest] for digest in hashes])).to_bytes(),
        **lexical.to_files(),
        **adapted.files,
        **(field.to_files() if field else {}),
        **(beside or {}),
    }
    report("write", 0, 1)
    recipe = Recipe(
        encoder=EncoderRecord(encoder.name, encoder.fingerprint, encoder.dimension),
        tokenizer=tokenizer.settings(),
        fusion=(weights or FusionWeights()).to_flat(),
        counts={
            "documents": len(documents),
            "chunks": len(chunks),
            "texts": len(vectors),
            "likely_questions": len(likely),
        },
        adaptation=adapted.record,
        likely=fingerprint(anchors, unanswerable) if field else None,
        # Likely questions put passages in a better order than their words do (docs/decisions/0009).
        reranking={} if field else LinearReranker().to_flat(),
    )
    generation = store.write(files, recipe)
    report("write", 1, 1)
    return generation


def with_questions(texts: Sequence[str], likely: Sequence[LocatedQuestion]) -> list[str]:
    """Return each text with the likely questions that lead to it on lines of their own behind it."""
    asked: dict[int, list[str]] = {}
    for question in likely:
        for number in question.chunks:
            asked.setdefault(number, []).append(clean_text(question.text))
    return ["\n".join([text, *asked.get(number, ())]) for number, text in enumerate(texts)]


def _without_questions(texts: Sequence[str], likely: Sequence[LocatedQuestion]) -> list[str]:
    """Return the texts that no likely question leads to; none where they are too few to learn from."""
    asked = {number for question in likely for number in question.chunks}
    rest = [text for number, text in enumerate(texts) if number not in asked]
    return rest if len(rest) >= LEAST_UNKNOWN * len(texts) else []


def chunk_search_text(documents: Sequence[Document]) -> Callable[[Chunk], str]:
    """Return what gives the searched text of a chunk: title of its document, section path and text, cleaned."""
    titles = {document.doc_id: document.title for document in documents}

    def text_of(chunk: Chunk) -> str:
        lines = [titles.get(chunk.doc_id, ""), chunk.section_path, chunk.text]
        return clean_text("\n".join(line for line in lines if line))

    return text_of


def load_documents(generation: Generation) -> tuple[Document, ...]:
    """Return the documents of a generation, without pages."""
    return tuple(
        Document(**{**values, "replaces": tuple(values["replaces"]), "pages": ()})
        for values in _from_json_lines(generation.read(DOCUMENTS))
    )


def load_chunks(generation: Generation) -> tuple[Chunk, ...]:
    """Return the chunks of a generation, in the order of its arrays."""
    return tuple(
        Chunk(**{**values, "section": tuple(values["section"]), "kind": BlockKind(values["kind"])})
        for values in _from_json_lines(generation.read(CHUNKS))
    )


def known_vectors(store: IndexStore, encoder: Encoder) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of the current generation by hash of their text: none if there are none of this encoder."""
    try:
        generation = store.open()
    except IndexingError:
        # A missing, damaged or outdated index only means more work: it is about to be replaced.
        return {}
    if generation.manifest.recipe.encoder.fingerprint != encoder.fingerprint:
        return {}
    vectors = DenseIndex.from_bytes(generation.read(dense.FILE)).vectors()
    return dict(zip(generation.read(TEXTS).decode().split(), vectors, strict=True))


def _former_field(store: IndexStore, encoder: Encoder, tokenizer: Tokenizer) -> LikelyField | None:
    """Return the likely questions of the current generation; None where they are not as they would be made now."""
    try:
        generation = store.open()
        recipe = generation.manifest.recipe
        if recipe.encoder.fingerprint != encoder.fingerprint or dict(recipe.tokenizer) != tokenizer.settings():
            return None
        return LikelyField.from_files(generation.read) if recipe.likely else None
    except (IndexingError, ValueError, KeyError):
        return None


def _tokens(texts: Sequence[str], tokenizer: Tokenizer, report: Progress) -> Iterator[Mapping[str, Sequence[str]]]:
    for number, text in enumerate(texts):
        if number % ENCODE_BATCH == 0:
            report("tokenize", number, len(texts))
        yield tokenizer.fields(text)
    report("tokenize", len(texts), len(texts))


def _vectors(
    texts: Mapping[str, str], known: Mapping[str, NDArray[np.float32]], encoder: Encoder, report: Progress
) -> dict[str, NDArray[np.float32]]:
    """Return a vector for each hash in `texts`, encoding those that are not in `known`."""
    vectors = {digest: known[digest] for digest in texts if digest in known}
    missing = [digest for digest in texts if digest not in known]
    for start in range(0, len(missing), ENCODE_BATCH):
        report("encode", start, len(missing))
        batch = missing[start : start + ENCODE_BATCH]
        vectors.update(zip(batch, encoder.encode([texts[digest] for digest in batch]), strict=True))
    report("encode", len(missing), len(missing))
    return vectors


def _json_lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    # surrogatepass: json.loads reads them back, and a stray surrogate in a document is no reason to lose it.
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return "".join(lines).encode(errors="surrogatepass")


def _from_json_lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.split(b"\n") if line]


def _no_progress(stage: str, done: int, total: int) -> None:
    """Report to nobody."""
