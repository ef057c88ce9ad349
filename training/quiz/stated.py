"""Quiz items from what the texts state: figures, lists, definitions, dates, and sentences that are right or altered.

Each kind is made in a module of its own; what they read is in `training.quiz.facts`. Every item is checked again, by
other means, in `training.quiz.check`.
"""

from __future__ import annotations

from training.material import Material
from training.quiz.candidate import Candidate
from training.quiz.facts import read_base
from training.quiz.stated_dates import date_candidates
from training.quiz.stated_figures import figure_candidates
from training.quiz.stated_lists import list_candidates
from training.quiz.stated_terms import term_candidates
from training.quiz.stated_truth import truth_candidates


def stated_candidates(material: Material) -> list[Candidate]:
    """Every question that the texts of an index answer by what they state; the same index gives the same list.

    Most useful kinds first; an index whose texts state nothing of the kind gives an empty list.
    """
    base = read_base(material)
    made = [
        *term_candidates(base),
        *list_candidates(base),
        *truth_candidates(base),
        *figure_candidates(base),
        *date_candidates(base),
    ]
    return list({candidate.item_id: candidate for candidate in made}.values())
