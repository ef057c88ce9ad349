"""A reranker as judge of whether a passage carries a sentence: how near its number comes to the sentence's own."""

from __future__ import annotations

from index.rerank import Reranker

_UNRELATED = "本日は晴天なり。"


def entails_by(reranker: Reranker, premise: str, claim: str) -> float:
    """Return how well `premise` carries `claim`, 0 to 1.

    Rerankers have no fixed scale. Here 1 is the number of the claim for itself, 0 that of a sentence about nothing, and
    what cannot tell these two apart says 0.5: nothing for and nothing against.
    """
    given, same, unrelated = (float(score) for score in reranker.scores(claim, [premise, claim, _UNRELATED]))
    if same <= unrelated:
        return 0.5
    return min(1.0, max(0.0, (given - unrelated) / (same - unrelated)))
