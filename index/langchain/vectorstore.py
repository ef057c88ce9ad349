"""A LangChain vector store with exact search by cosine (FAISS, through `index.dense`). Not the hybrid search.

In memory: no method saves or loads it. What is kept on disk is an index generation, which `index.build.build_index`
writes and `MamoriVectorStore.from_generation` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.runnables import run_in_executor
from langchain_core.vectorstores import VectorStore

from index import dense
from index.build import load_chunks
from index.build import load_documents as load_sources
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import IncompatibleIndex
from index.langchain.documents import chunk_documents, text_documents
from index.langchain.embeddings import MamoriEmbeddings
from index.langchain.relevance import marginal_relevance
from index.langchain.table import Filter, Hit, VectorTable, unit
from index.store import Generation


class MamoriVectorStore(VectorStore):
    """Documents found by the cosine of their vectors with that of the question, for any LangChain embeddings.

    Scores are cosines, greater is nearer; relevance scores are the same with 0 for what is below. `filter` is a
    function of the document, or the values that its metadata must have. Documents are copied on the way in and out.

    >>> store = MamoriVectorStore.from_texts(["緑茶の淹れ方", "装置の撤去"], MamoriEmbeddings(), ids=["a", "b"])
    >>> [document.id for document in store.similarity_search("お茶を淹れる", k=1)]
    ['a']
    """

    def __init__(self, embedding: Embeddings) -> None:
        self.embedding = embedding
        self._table = VectorTable()

    @property
    def embeddings(self) -> Embeddings:
        """What turns texts into vectors."""
        return self.embedding

    @classmethod
    def from_generation(cls, generation: Generation, encoder: Encoder) -> Self:
        """Return a store with the chunks of an index and the vectors that it holds; later changes stay in memory.

        Raises IncompatibleIndex where the index was made with another encoder.
        """
        made_with = generation.manifest.recipe.encoder
        if made_with.fingerprint != encoder.fingerprint:
            found, expected = (f"{one.name} {one.fingerprint[:8]}" for one in (made_with, encoder))
            raise IncompatibleIndex("埋め込みモデル", found, expected)
        store = cls(MamoriEmbeddings(encoder))
        documents = chunk_documents(load_chunks(generation), load_sources(generation))
        store._table.put(documents, DenseIndex.from_bytes(generation.read(dense.FILE)).vectors())
        return store

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: object,
    ) -> Self:
        """Return a store with these texts in it; arguments as for `add_texts`."""
        store = cls(embedding)
        store.add_texts(texts, metadatas, ids=ids, **kwargs)
        return store

    @classmethod
    async def afrom_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: object,
    ) -> Self:
        """Return what `from_texts` does, awaiting the embeddings."""
        store = cls(embedding)
        await store.aadd_texts(texts, metadatas, ids=ids, **kwargs)
        return store

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: object,
    ) -> list[str]:
        """Add texts and return their ids; one that is in the store already is replaced, a missing one is made up.

        Raises ValueError where `metadatas` or `ids` are not as many as the texts; nothing is added then.
        """
        documents = text_documents(list(texts), metadatas, ids)
        return self._put(documents, self.embedding.embed_documents([one.page_content for one in documents]))

    async def aadd_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: object,
    ) -> list[str]:
        """Do what `add_texts` does, awaiting the embeddings."""
        documents = text_documents(list(texts), metadatas, ids)
        return self._put(documents, await self.embedding.aembed_documents([one.page_content for one in documents]))

    def delete(self, ids: list[str] | None = None, **kwargs: object) -> bool:
        """Remove the documents with these ids, or all of them for None; an unknown id is no error."""
        self._table.remove(ids)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Return the documents with these ids in their order; unknown ids are left out."""
        return [_copy(document) for document in self._table.get(ids)]

    def similarity_search(
        self, query: str, k: int = 4, *, filter: Filter | None = None, **kwargs: object
    ) -> list[Document]:
        """Return the `k` documents nearest to `query`, nearest first."""
        return _only_documents(self.similarity_search_with_score(query, k, filter=filter, **kwargs))

    async def asimilarity_search(
        self, query: str, k: int = 4, *, filter: Filter | None = None, **kwargs: object
    ) -> list[Document]:
        """Do what `similarity_search` does, awaiting the embeddings."""
        return _only_documents(await self.asimilarity_search_with_score(query, k, filter=filter, **kwargs))

    def similarity_search_with_score(
        self, query: str, k: int = 4, *, filter: Filter | None = None, **kwargs: object
    ) -> list[tuple[Document, float]]:
        """Return the `k` documents nearest to `query`, each with its cosine in [-1, 1]."""
        vector = self.embedding.embed_query(query)
        return self.similarity_search_with_score_by_vector(vector, k, filter=filter, **kwargs)

    async def asimilarity_search_with_score(
        self, query: str, k: int = 4, *, filter: Filter | None = None, **kwargs: object
    ) -> list[tuple[Document, float]]:
        """Do what `similarity_search_with_score` does, awaiting the embeddings."""
        vector = await self.embedding.aembed_query(query)
        return await run_in_executor(
            None, self.similarity_search_with_score_by_vector, vector, k, filter=filter, **kwargs
        )

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Filter | None = None, **kwargs: object
    ) -> list[Document]:
        """Return the `k` documents nearest to a vector, which may be of any length above 0."""
        return _only_documents(self.similarity_search_with_score_by_vector(embedding, k, filter=filter, **kwargs))

    def similarity_search_with_score_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Filter | None = None, **kwargs: object
    ) -> list[tuple[Document, float]]:
        """Return the `k` documents nearest to a vector, each with its cosine; TypeError for an unknown argument."""
        _refuse(kwargs)
        return [(_copy(hit.entry.document), hit.score) for hit in self._table.nearest(embedding, k, filter)]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filter: Filter | None = None,
        **kwargs: object,
    ) -> list[Document]:
        """Return `k` of the `fetch_k` documents nearest to `query`, unlike each other; see `marginal_relevance`."""
        vector = self.embedding.embed_query(query)
        return self.max_marginal_relevance_search_by_vector(vector, k, fetch_k, lambda_mult, filter=filter, **kwargs)

    async def amax_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filter: Filter | None = None,
        **kwargs: object,
    ) -> list[Document]:
        """Do what `max_marginal_relevance_search` does, awaiting the embeddings."""
        vector = await self.embedding.aembed_query(query)
        return await self.amax_marginal_relevance_search_by_vector(
            vector, k, fetch_k, lambda_mult, filter=filter, **kwargs
        )

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filter: Filter | None = None,
        **kwargs: object,
    ) -> list[Document]:
        """Return what `max_marginal_relevance_search` does, for a vector; TypeError for an unknown argument."""
        _refuse(kwargs)
        hits = self._table.nearest(embedding, fetch_k, filter)
        return [_copy(hits[number].entry.document) for number in _diverse(embedding, hits, k, lambda_mult)]

    def _put(self, documents: Sequence[Document], vectors: list[list[float]]) -> list[str]:
        if documents:
            self._table.put(documents, vectors)
        return [str(document.id) for document in documents]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        # LangChain wants [0, 1]; a threshold given by a user stays a cosine.
        return lambda cosine: min(max(cosine, 0.0), 1.0)


def _copy(document: Document) -> Document:
    return document.model_copy(deep=True)


def _only_documents(found: Iterable[tuple[Document, float]]) -> list[Document]:
    return [document for document, _ in found]


def _diverse(embedding: Sequence[float], hits: Sequence[Hit], k: int, lambda_mult: float) -> list[int]:
    if not hits:
        return []
    return marginal_relevance(
        unit(embedding), np.stack([hit.entry.vector for hit in hits]), k=k, lambda_mult=lambda_mult
    )


def _refuse(arguments: Mapping[str, object]) -> None:
    """Raise TypeError for arguments that nothing reads: a misspelt filter must not find everything."""
    if arguments:
        raise TypeError(f"unknown search arguments {sorted(arguments)}; known are k, fetch_k, lambda_mult and filter")
