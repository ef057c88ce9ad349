"""The material of a session, put together from what the indexed documents say of a theme.

The same index, theme, audience, length and seed give the same pack.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citations import CitationBook
from training.agenda import Parts, agenda
from training.catalogue import Audience, Extent, Theme, audience_named, extent, theme_named
from training.checklist import checklist
from training.cited import Cited
from training.contacts import advice, offices
from training.countermeasures import countermeasures
from training.errors import NothingForTheme
from training.goals import goals
from training.links import row_of_case
from training.material import Material
from training.models import CaseStudy, CheckItem, Line, Pack
from training.nearest import nearest_themes
from training.phrases import phrases
from training.questions import quiz_items
from training.quiz.candidate import Candidate
from training.reasons import reason_of_theme, with_reasons_of_cases
from training.sources import source_notes, sources_of
from training.studies import studies, with_questions
from training.subject import Subject, find_subject

_SHORTEST = 15


def build_pack(
    material: Material,
    theme: str,
    audience: str,
    minutes: int = 30,
    seed: int = 1,
    *,
    pool: Sequence[Candidate] | None = None,
) -> Pack:
    """The pack for a theme (of the catalogue, or free text), an audience and 15, 30 or 60 minutes.

    `pool` are the quiz items that could be asked (`training.quiz.pool.build_pool`), for callers who keep them; without
    it they are made anew. Raises UnknownChoice for an audience or a length that there is not, NothingForTheme where
    the documents hold nothing for the theme.
    """
    chosen, listeners, length = theme_named(theme), audience_named(audience), extent(minutes)
    subject = find_subject(material, chosen)
    book = CitationBook(material.documents)
    cited = Cited(book)
    rows = countermeasures(material, subject, listeners, length.rows, cited)
    if not rows:
        raise NothingForTheme(chosen.name, nearest_themes(material, chosen))
    rows = with_reasons_of_cases(material, subject, rows, cited)
    told = studies(material, subject, listeners, length, cited)
    linked = {} if subject.cases_of_others else {study.title: row_of_case(material, study, rows) for study in told}
    cases = tuple(with_questions(study, listeners, length.questions, linked.get(study.title)) for study in told)
    checks = checklist(subject, listeners, cited)
    consult = advice(material, cited)
    contacts = (*consult, *offices(material, cited, all_of_them=minutes > _SHORTEST))
    aims = goals(length.goals, cases, rows, checks, consult[-1] if consult else None)
    quiz = quiz_items(material, subject, length.quiz_items, seed, book, pool)
    why = reason_of_theme(material, subject, rows, cited)
    steps = agenda(Parts(listeners.name, minutes, cases, rows, linked, checks, len(quiz), consult[-1:], why))
    citations = book.citations()
    sources = sources_of(citations, material.documents)
    return Pack(
        title=phrases()["pack_title"].format(theme=chosen.title, audience=listeners.name, minutes=minutes),
        theme=chosen.name,
        audience=listeners.name,
        minutes=minutes,
        seed=seed,
        goals=aims,
        cases=cases,
        countermeasures=rows,
        checklist=checks,
        quiz=quiz,
        agenda=steps,
        contacts=contacts,
        citations=citations,
        sources=sources,
        notes=(
            *source_notes(sources),
            *_notes(chosen, subject, listeners, length, cases, checks, contacts, len(quiz), cited.dropped),
        ),
    )


def _notes(
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
