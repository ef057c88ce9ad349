"""The standard suites of the package langchain-tests, synchronous and asynchronous, over the LangChain classes.

Their docstrings are LangChain's. The asynchronous ones need pytest-asyncio in its mode "auto".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_tests", reason="the standard suites need langchain-tests: `make test` installs it")

from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.unit_tests import EmbeddingsUnitTests

from index.langchain import MamoriEmbeddings, MamoriRetriever, MamoriVectorStore
from index.retriever import Retriever
from tests.fakes import FakeEncoder
from tests.index.samples import retriever_in


class TestEmbeddings(EmbeddingsUnitTests):
    """This test ensures that the embeddings pass LangChain's unit tests."""

    @property
    def embeddings_class(self) -> type[MamoriEmbeddings]:
        return MamoriEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"encoder": FakeEncoder()}


class TestEmbeddingsIntegration(EmbeddingsIntegrationTests):
    """This test ensures that the embeddings pass LangChain's integration tests."""

    @property
    def embeddings_class(self) -> type[MamoriEmbeddings]:
        return MamoriEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"encoder": FakeEncoder()}


class TestVectorStore(VectorStoreIntegrationTests):
    """This test ensures that the vector store passes LangChain's tests, over embeddings that are not of length 1."""

    @pytest.fixture
    def vectorstore(self) -> MamoriVectorStore:  # type: ignore[override]
        """An empty store."""
        return MamoriVectorStore(self.get_embeddings())


class TestRetriever(RetrieversIntegrationTests):
    """This test ensures that the retriever passes LangChain's tests."""

    opened: Retriever

    @pytest.fixture(autouse=True)
    def _index(self, tmp_path: Path) -> None:
        self.opened = retriever_in(tmp_path)

    @property
    def retriever_constructor(self) -> type[MamoriRetriever]:
        return MamoriRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"retriever": self.opened}

    @property
    def retriever_query_example(self) -> str:
        return "パンの生地は何度で発酵させますか？"
