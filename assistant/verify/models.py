"""What comes out of the check: sentences with their status and quotes, the text that may be shown, the citations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.models import Citation, Sentence, Support


class Kind(StrEnum):
    """What a sentence does. Only a claim needs support; what is none is recognised narrowly."""

    CLAIM = "claim"
    LABEL = "label"
    LEAD_IN = "lead_in"
    NOT_IN_DOCUMENTS = "not_in_documents"


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """One sentence without markers and markup; `markers` are those of `Verified.citations`.

    `reasons` says what keeps a claim from being supported: number, date, page, name, negation, contrary, wording,
    words, marker.
    """

    text: str
    markers: tuple[int, ...]
    status: Support
    kind: Kind = Kind.CLAIM
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """A model's answer after the check. `text` is safe to show; its markers are the citations' and no others.

    Counted: markers of the model that led nowhere or to a passage that does not carry the sentence, addresses and
    images taken out, markers added where a passage carries a sentence that came without one, lines that played another
    speaker.
    """

    sentences: tuple[VerifiedSentence, ...]
    text: str
    citations: tuple[Citation, ...]
    removed_markers: int = 0
    removed_links: int = 0
    added_markers: int = 0
    removed_turns: int = 0

    @property
    def claims(self) -> tuple[VerifiedSentence, ...]:
        """The sentences that state something."""
        return tuple(sentence for sentence in self.sentences if sentence.kind is Kind.CLAIM)

    @property
    def unsupported_share(self) -> float:
        """The share of claims without support, 0 to 1; 0 where nothing is claimed."""
        claims = self.claims
        return sum(claim.status is Support.UNSUPPORTED for claim in claims) / len(claims) if claims else 0.0

    def statements(self) -> tuple[Sentence, ...]:
        """The claims as an `Answer` holds them."""
        return tuple(Sentence(claim.text, claim.markers, claim.status) for claim in self.claims)
