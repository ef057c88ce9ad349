"""Reranking: the first results of a search put into a better order. Finds nothing that the search did not find."""

from __future__ import annotations

from index.rerank.linear import LinearReranker
from index.rerank.protocol import DEPTH, Reranker, RerankerError

__all__ = ["DEPTH", "LinearReranker", "Reranker", "RerankerError"]
