"""The hybrid search as a LangChain retriever. All of the searching is done by `index.retriever.Retriever`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Self

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from index.encoder import Encoder, load_encoder
from index.langchain.documents import chunk_documents
from index.retriever import Retriever
from index.store import IndexStore

DEFAULT_K = 4
"""How many documents LangChain's own retrievers give."""


class MamoriRetriever(BaseRetriever):
    """Finds the `k` best chunks, best first; `metadata["score"]` is the fused score, comparable within one question.

    `doc_ids` limits the search to these documents. Both may be given to `invoke` as well, for one call. There are
    results even where nothing fits: it is the assistant that can say "not in the documents".
    """

    retriever: Retriever = Field(repr=False)
    k: int = Field(default=DEFAULT_K, ge=1)
    doc_ids: tuple[str, ...] | None = None

    @classmethod
    def open(
        cls,
        folder: Path | str,
        *,
        encoder: Encoder | None = None,
        k: int = DEFAULT_K,
        doc_ids: Collection[str] | None = None,
    ) -> Self:
        """Return a retriever over the index in `folder`, which is `DIR/index` for `mamori index build --data-dir DIR`.

        `encoder` is the one that the index was built with, by default the bundled one.

        Raises:
            NoIndex, DamagedIndex, IncompatibleIndex: see `Retriever.open`.
        """
        retriever = Retriever.open(IndexStore(folder), encoder or load_encoder())
        return cls(retriever=retriever, k=k, doc_ids=None if doc_ids is None else tuple(doc_ids))

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        doc_ids: Collection[str] | None = None,
    ) -> list[Document]:
        """Search; UnknownDocument where one of the ids is not in the index."""
        within = self.doc_ids if doc_ids is None else doc_ids
        results = self.retriever.search(query, top_k=self.k if k is None else k, doc_ids=within)
        documents = chunk_documents([result.chunk for result in results], self.retriever.documents)
        for document, result in zip(documents, results, strict=True):
            document.metadata["score"] = result.score
        return documents
