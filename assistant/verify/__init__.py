"""A model's text checked against the passages that it was given: sentence by sentence, marker by marker."""

from assistant.verify.models import Kind, Verified, VerifiedSentence
from assistant.verify.pieces import Pieces
from assistant.verify.verifier import Verifier, verify

__all__ = ["Kind", "Pieces", "Verified", "VerifiedSentence", "Verifier", "verify"]
