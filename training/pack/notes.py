"""What a trainer should know before the session: of the sources, and of what the documents do not hold."""

from __future__ import annotations

from collections.abc import Sequence

from training.catalogue import Audience, Extent, Theme
from training.models import CaseStudy, CheckItem, Line, Source
from training.pack.phrases import phrases
from training.pack.subject import Subject


def source_notes(sources: Sequence[Source]) -> list[str]:
    """What a trainer should know of the sources: digests, and editions that a newer one replaced."""
    words = phrases("pack_notes")
    notes = [words["digest"]] if any(source.is_digest for source in sources) else []
    for source in sources:
        if source.replaced_by:
            edition = source.edition or source.published or ""
            notes.append(words["older"].format(title=source.title, edition=edition, newer=source.replaced_by))
    return notes


def pack_notes(
    theme: Theme,
    subject: Subject,
    audience: Audience,
    length: Extent,
    cases: Sequence[CaseStudy],
    checks: Sequence[CheckItem],
    contacts: Sequence[Line],
    items: int,
    dropped: int,
) -> list[str]:
    """What the trainer should know before the session: what the documents do not hold."""
    words = phrases("pack_notes")
    told = {
        "guidance_pages": any(check.pages for check in checks),
        "free_theme": theme.is_free,
        "filled_up": bool(subject.filled_from),
        "other_cases": bool(subject.cases_of_others and cases),
        "no_case": not subject.cases and bool(cases),
        "no_opening": not cases,
        "no_audience": not any(check.is_for_audience for check in checks),
        "no_contacts": not contacts,
        "fewer_quiz": items < length.quiz_items,
        "dropped": dropped > 0,
    }
    values = {
        "theme": theme.name,
        "audience": audience.name,
        "wanted": length.quiz_items,
        "chapter": subject.filled_from,
    }
    count = {"fewer_quiz": items, "dropped": dropped}
    return [words[name].format(**values, count=count.get(name, 0)) for name, applies in told.items() if applies]
