"""Where in an answer's text the signs of weak support belong. No HTML here.

In the text of a language model the sign stands behind its sentence; elsewhere the sentences are named under the text.
"""

from __future__ import annotations

import re

from assistant.models import Answer, Sentence, Support

WEAK, UNSUPPORTED = "\ue0f0", "\ue0f1"
"""Characters of no meaning, one for each sign, which a text brought along loses."""

_SIGNS = str.maketrans("", "", WEAK + UNSUPPORTED)
_MARKERS = re.compile(r"(?:\*\*)?(?:[ \u3000]*\[[0-9]{1,3}\])*")


def marked(answer: Answer) -> tuple[str, tuple[Sentence, ...]]:
    """Return the text with the signs in it, and the sentences that should have one and have no place for it."""
    poor = tuple(s for s in answer.sentences if s.status in (Support.WEAK, Support.UNSUPPORTED))
    if not answer.generated:
        return answer.text.translate(_SIGNS), poor
    text = with_unsupported(answer.text)
    parts, at, unplaced = [], 0, []
    for sentence in answer.sentences:
        end = _end(text, sentence.text, at)
        if end is not None:
            parts.append(text[at:end] + (WEAK if sentence.status is Support.WEAK else ""))
            at = end
        elif sentence in poor:
            unplaced.append(sentence)
    return "".join(parts) + text[at:], tuple(unplaced)


def with_unsupported(text: str) -> str:
    """Return the text of a language model with the sign where the check put its words for "not confirmed"."""
    from assistant.verify.verifier import MARKS  # comes with the search, after the page

    text = text.translate(_SIGNS)
    for mark in MARKS.values():
        text = text.replace(mark, UNSUPPORTED)
    return text


def _end(text: str, sentence: str, start: int) -> int | None:
    """Where a sentence and its markers end, whatever of it is bold; None where it does not stand there."""
    pattern = r"(?:\*\*)?".join(re.escape(character) for character in sentence)
    match = re.compile(pattern).search(text, start) if pattern else None
    if match is None:
        return None
    markers = _MARKERS.match(text, match.end())
    return markers.end() if markers else match.end()
