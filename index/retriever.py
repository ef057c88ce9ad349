"""The main path of the index room: a question in, ranked chunks out. Builds nothing, answers nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.clean import search_text
from corpus.models import Chunk, Document
from index import dense
from index.build import load_chunks, load_documents
from index.dense import DenseIndex
from index.encoder.adapted import generation_encoder
from index.errors import IncompatibleIndex, UnknownDocument
from index.fusion import FusionWeights, Scores, divide_by_max
from index.lexical import LexicalIndex, Tokens, inverse_document_frequency
from index.likely import field as likely_field
from index.likely.evidence import evidence
from index.likely.field import LikelyField
from index.manifest import Recipe
from index.models import SearchMode, SearchResult
from index.rerank import DEPTH, LinearReranker, Reranker
from index.rerank.features import Asked
from index.rerank.order import reorder
from index.store import Generation, IndexStore
from index.tokenize import Tokenizer

if TYPE_CHECKING:
    from index.encoder.protocol import Encoder

DEFAULT_TOP_K = 20
_REMEMBERED = 32
_Array = TypeVar("_Array", bound=NDArray[Any])
DENSE, LIKELY, LIKELY_DENSE = "dense", "likely", "likely_dense"
"""Names of the cosine and of the likely questions' two scores among the `scores_by_field` of a result; the others are
the lexical fields."""


class Retriever:
    """Searches one generation. Holds all of it in memory: later builds neither change nor disturb it."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        tokenizer: Tokenizer | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.generation = generation
        self.reranker = reranker
        weights = generation.manifest.recipe.reranking
        self.linear = LinearReranker.from_flat(weights) if weights else None
        self.documents: tuple[Document, ...] = load_documents(generation)
        self.chunks: tuple[Chunk, ...] = load_chunks(generation)
        self.lexical = LexicalIndex.from_files(generation.read)
        self.weights = FusionWeights.from_flat(generation.manifest.recipe.fusion)
        self.encoder = encoder
        self.tokenizer = tokenizer or Tokenizer()
        self.likely = (
            LikelyField.from_files(generation.read) if likely_field.TEXTS in generation.manifest.files else None
        )
        self._vectors = DenseIndex.from_bytes(generation.read(dense.FILE))
        self._doc_ids = np.array([chunk.doc_id for chunk in self.chunks])
        self._titles = {document.doc_id: document.title for document in self.documents}
        # A question is looked at several times on its way to an answer.
        self._vector = lru_cache(_REMEMBERED)(self._vector_of)
        self._cosines = lru_cache(_REMEMBERED)(self._likely_cosines_of)
        self._evidence = lru_cache(_REMEMBERED)(self._evidence_of)

    @classmethod
    def open(
        cls,
        store: IndexStore,
        encoder: Encoder,
        tokenizer: Tokenizer | None = None,
        reranker: Reranker | None = None,
    ) -> Retriever:
        """Return a retriever over the current generation of `store`.

        `encoder` is the one that the index was built with; what adaptation changed is taken from the generation.
        `reranker` takes the place of the linear one that the generation may name.

        Raises:
            NoIndex, DamagedIndex: see `IndexStore.open`.
            IncompatibleIndex: the index was made with another encoder or tokenizer; the message says what to run.
            EncoderError: see `generation_encoder`.
        """
        tokenizer = tokenizer or Tokenizer()
        generation = store.open()
        encoder = generation_encoder(generation, encoder)
        _check_tokenizer(generation.manifest.recipe, tokenizer)
        return cls(generation, encoder, tokenizer, reranker)

    def search(
        self,
        query: str,
        *,
        top_k: int = DEFAULT_TOP_K,
        doc_ids: Collection[str] | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        expansions: Mapping[str, float] | None = None,
        asked: str | None = None,
    ) -> list[SearchResult]:
        """Return the best `top_k` chunks, best first; equal scores keep the order of the chunks.

        A text that stands in several chunks comes once. `doc_ids` limits the search to these documents. `expansions`
        are phrases that the question does not have but may mean, with their weight beside the question's own 1.0;
        they count in the lexical fields only. `asked` is the question as it was put, where `query` is a translation of
        its words: likely questions and vectors know both languages. There are results even where nothing fits:
        `scores_by_field` tells. In hybrid mode the first `DEPTH` are put in order by the reranker, where there is one.

        Raises UnknownDocument where one of `doc_ids` is not in the index.
        """
        text = search_text(query)
        tokens = self.tokenizer.fields(text)
        scores = self._scores(text, tokens, mode, expansions or {}, asked)
        fused = self._fuse(tokens["words"], scores)
        # Stable: chunks of the same score stay in their order.
        order = np.argsort(-fused, kind="stable")
        if doc_ids is not None:
            order = order[self._within(doc_ids)[order]]
        reranks = mode is SearchMode.HYBRID and bool(self.reranker or self.linear)
        results = self._best(order, fused, scores, max(top_k, DEPTH) if reranks else top_k)
        if reranks and len(results) > 1:
            numbers = self._reranker_scores(asked or query, text, tokens["words"], results[:DEPTH])
            results = reorder(results, numbers)
        return results[:top_k]

    def _best(
        self, order: NDArray[np.int64], fused: Scores, scores: Mapping[str, Scores], limit: int
    ) -> list[SearchResult]:
        """Return the first `limit` chunks of `order`, no text twice."""
        results: list[SearchResult] = []
        seen: set[str] = set()
        for number in order.tolist():
            if len(results) >= limit:
                break
            chunk = self.chunks[number]
            if chunk.text not in seen:
                seen.add(chunk.text)
                shares = {name: float(values[number]) for name, values in scores.items()}
                results.append(SearchResult(chunk, float(fused[number]), len(results) + 1, shares))
        return results

    def _reranker_scores(
        self, asked: str, text: str, words: Sequence[str], results: Sequence[SearchResult]
    ) -> NDArray[np.floating]:
        """Return the reranker's number for each of `results`, shape (results,)."""
        if self.reranker:
            return self.reranker.scores(asked, ["\n".join(self.apart(one.chunk)).strip() for one in results])
        assert self.linear
        question = Asked.of(text, words, partial(self.lexical.idf, "bigrams"), partial(self.lexical.idf, "words"))
        return self.linear.scores(question, [self.apart(one.chunk) for one in results], [one.score for one in results])

    def apart(self, chunk: Chunk) -> tuple[str, str]:
        """Return what stands above a chunk (title of its document, section path) and its text, both cleaned."""
        above = "\n".join(filter(None, (self._titles.get(chunk.doc_id), chunk.section_path)))
        return search_text(above), search_text(chunk.text)

    def scores(
        self, query: str, *, mode: SearchMode = SearchMode.HYBRID, expansions: Mapping[str, float] | None = None
    ) -> dict[str, Scores]:
        """Return the unweighted scores of every chunk by field, each of shape (chunks,); `dense` is the cosine."""
        text = search_text(query)
        return self._scores(text, self.tokenizer.fields(text), mode, expansions or {})

    def likely_evidence(self, query: str) -> NDArray[np.float64] | None:
        """Return how near `query` is to likely questions with and without an answer (`index.likely.evidence.NAMES`).

        None where the index has none of them.
        """
        return self._evidence(search_text(query))

    def likely_cosines(self, query: str) -> Scores:
        """Return the cosine of `query` with each likely question that has an answer; none where there are none."""
        return self._cosines(search_text(query))[: self.likely.answerable if self.likely else 0]

    def idf(self, token: str) -> float:
        """Return the inverse document frequency of a content word, as `Tokenizer.words` gives it."""
        return self.lexical.idf("words", token)

    def _scores(
        self,
        text: str,
        tokens: Tokens,
        mode: SearchMode,
        expansions: Mapping[str, float],
        asked: str | None = None,
    ) -> dict[str, Scores]:
        scores: dict[str, Scores] = {}
        put = search_text(asked) if asked else text
        weights = self._query_weights(tokens, expansions) if mode is not SearchMode.DENSE else {}
        vector = self._vector(put) if mode is not SearchMode.LEXICAL else None
        if weights:
            scores |= self.lexical.score(weights)
        if vector is not None:
            scores[DENSE] = self._vectors.scores(vector)
        if weights and vector is not None and self.likely:
            if asked:
                weights = self._query_weights(self.tokenizer.fields(put), expansions)
            scores |= self._likely_scores(self.likely, weights, self._cosines(put), scores)
        return scores

    def _likely_scores(
        self,
        likely: LikelyField,
        weights: Mapping[str, Mapping[str, float]],
        cosines: Scores,
        scores: Mapping[str, Scores],
    ) -> dict[str, Scores]:
        """Return the likely questions' BM25, divided by its greatest, and cosine, each of shape (chunks,)."""
        own = divide_by_max(self.weights.lexical(_lexical_fields(scores)))
        asked = likely.lexical(weights, self.weights.fields)
        asked = divide_by_max(asked[: likely.answerable])
        return {
            LIKELY: likely.by_chunk(asked, own),
            LIKELY_DENSE: likely.by_chunk(cosines, scores[DENSE]),
        }

    def _vector_of(self, text: str) -> NDArray[np.float32]:
        return _read_only(self.encoder.encode([text])[0])

    def _likely_cosines_of(self, text: str) -> Scores:
        return _read_only(self.likely.cosines(self._vector(text)) if self.likely else np.zeros(0, dtype=np.float32))

    def _evidence_of(self, text: str) -> NDArray[np.float64] | None:
        if self.likely is None:
            return None
        return _read_only(evidence(self.likely, self.tokenizer.fields(text), self._cosines(text), self.weights.fields))

    def _query_weights(self, tokens: Tokens, expansions: Mapping[str, float]) -> dict[str, dict[str, float]]:
        """Return field → token → weight: each occurrence in the question adds 1, in an expansion its weight."""
        weights: dict[str, dict[str, float]] = {}
        expanded = [(self.tokenizer.fields(search_text(phrase)), weight) for phrase, weight in expansions.items()]
        for fields, weight in [(tokens, 1.0), *expanded]:
            for name, found in fields.items():
                field = weights.setdefault(name, {})
                for token in found:
                    field[token] = field.get(token, 0.0) + weight
        return weights

    def _fuse(self, words: Sequence[str], scores: Mapping[str, Scores]) -> Scores:
        fields, dense = _lexical_fields(scores), scores.get(DENSE)
        if dense is not None and LIKELY in scores:
            lexical = divide_by_max(self.weights.lexical(fields))
            return self.weights.fuse_likely(lexical, dense, scores[LIKELY], scores[LIKELY_DENSE])
        if not fields or dense is None:
            return self.weights.fuse(fields, dense)
        best = int(np.argmax(self.weights.lexical(fields)))
        return self.weights.fuse(fields, dense, uncovered_share(self.lexical, words, best))

    def _within(self, doc_ids: Collection[str]) -> NDArray[np.bool_]:
        """Return which chunks belong to one of `doc_ids`, shape (chunks,)."""
        known = [document.doc_id for document in self.documents]
        if unknown := set(doc_ids) - set(known):
            raise UnknownDocument(unknown, known)
        return np.isin(self._doc_ids, list(doc_ids))


def _read_only(array: _Array) -> _Array:
    """Return an array that is handed out several times, so that nobody changes it for the others."""
    array.flags.writeable = False
    return array


def _lexical_fields(scores: Mapping[str, Scores]) -> dict[str, Scores]:
    return {name: values for name, values in scores.items() if name not in (DENSE, LIKELY, LIKELY_DENSE)}


def uncovered_share(lexical: LexicalIndex, words: Sequence[str], chunk: int) -> float:
    """Return how much of a question's `words`, by idf and each counted once, the chunk of this number lacks: 0 to 1.

    A question without content words is not covered at all.
    """
    total = missing = 0.0
    for word in dict.fromkeys(words):
        having = lexical.chunks_with("words", word)
        idf = inverse_document_frequency(lexical.chunk_count, len(having))
        total += idf
        # Ascending, so halving finds it.
        place = int(np.searchsorted(having, chunk))
        missing += 0.0 if place < len(having) and having[place] == chunk else idf
    return missing / total if total else 1.0


def _check_tokenizer(recipe: Recipe, tokenizer: Tokenizer) -> None:
    """Raise IncompatibleIndex where an index made by `recipe` has other tokens."""
    if recipe.tokenizer != tokenizer.settings():
        raise IncompatibleIndex("単語分割", _listed(recipe.tokenizer), _listed(tokenizer.settings()))


def _listed(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(settings.items()))
