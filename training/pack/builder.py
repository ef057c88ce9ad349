"""The material of a session, put together from what the indexed documents say of a theme.

The same index, theme, audience, length and seed give the same pack.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citations import CitationBook
from training.catalogue import audience_named, extent, theme_named
from training.errors import NothingForTheme
from training.material import Material
from training.models import Pack
from training.pack.agenda import Parts, agenda
from training.pack.checklist import checklist
from training.pack.cited import Cited
from training.pack.contacts import advice, offices
from training.pack.countermeasures import countermeasures
from training.pack.goals import goals
from training.pack.links import row_of_case
from training.pack.nearest import nearest_themes
from training.pack.notes import pack_notes, source_notes
from training.pack.phrases import phrases
from training.pack.questions import quiz_items
from training.pack.reasons import reason_of_theme, with_reasons_of_cases
from training.pack.studies import studies, with_questions
from training.pack.subject import find_subject
from training.quiz.candidate import Candidate
from training.sources import sources_of

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
    cases = tuple(
        with_questions(study, listeners, length.questions, linked.get(study.title), is_first=not at)
        for at, study in enumerate(told)
    )
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
            *pack_notes(chosen, subject, listeners, length, cases, checks, contacts, len(quiz), cited.dropped),
        ),
    )
