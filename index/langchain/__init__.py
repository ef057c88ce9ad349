"""Mamori's reading and search as LangChain objects: `Document`, `Embeddings`, `VectorStore`, `BaseRetriever`.

The only place of the index room that imports langchain-core, which takes half a second: nothing else in this room
imports this package, and `mamori ask` never does. No chain and no language model here, no langchain-community, no
pickle; tracing by LangSmith stays off unless its own environment variables turn it on.
"""

from __future__ import annotations

from index.langchain.documents import load_documents
from index.langchain.embeddings import MamoriEmbeddings
from index.langchain.retriever import MamoriRetriever
from index.langchain.vectorstore import MamoriVectorStore

__all__ = ["MamoriEmbeddings", "MamoriRetriever", "MamoriVectorStore", "load_documents"]
