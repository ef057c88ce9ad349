"""The answer to a situation: the case most like it, the countermeasures that apply in the order of work, whom to ask.

Which countermeasures there are, their order, their stage and their pages come from the documents' check list.
"""

from __future__ import annotations

import re
from collections import defaultdict

from assistant.citations import Evidence, sentences_of
from assistant.compose.contact import add_consultation
from assistant.compose.draft import Draft, Style, harmless
from assistant.compose.found import Found
from assistant.compose.passages import add_related
from assistant.compose.phrases import phrases
from assistant.glossary import title_in_english
from assistant.guidance import Case, Measure, item_parts
from assistant.question import Language, QuestionKind, wants_measures
from assistant.relevance import section_context
from assistant.situations import load_situations, named, theme_hits, theme_of
from corpus.models import Chunk

MAX_MEASURES = 4
# Kinds of question that may be answered by what to do, if they ask for it.
TO_BE_DONE = (QuestionKind.SCENARIO, QuestionKind.HOW_TO, QuestionKind.LIST)
# Themes are told apart by the words of the question first; the search only breaks ties between them.
_WORD_WEIGHT, _SEARCH_WEIGHT = 1.0, 1.5
_SEARCHED = 8
ABROAD = re.compile(r"海外|国外|外国|輸出|留学|現地|他国")
_EXPORT_CHECK = "外為法 該非判定 手続 リスト規制"
_EXPORT_THEMES = ("すり合わせ", "生産拠点の海外進出", "共同研究")
# Shares of the question's weight, see `Relevance.share`; chosen on eval/questions/readme.jsonl's neighbours, not on it.
_SPEAKS_OF_ALL = 0.75
# How a sentence ends that only says what may happen.
_REASON = re.compile(r"(?:場合|こと|ケース|制度|おそれ)[がも](?:あ|多くな)ります|ページにあります|含まれます")
_WHY = 0.3
_LEAST_CASE_SHARE, _LEAST_CASE_SHARE_UNASKED = 0.15, 0.4
_IS_THE_SUBJECT, _NEAR_THE_BEST, _STAGE, _FEW = 0.65, 0.55, 0.35, 4


def compose_scenario(found: Found, draft: Draft) -> tuple[str, ...]:
    """Add the answer for a situation to `draft`; nothing is added where no theme of the guidance fits.

    Returns notes: the countermeasures of the chapter that were left out.
    """
    theme = find_theme(found)
    measures = [m for m in found.guidance.measures(found.doc_ids) if m.theme == theme]
    if theme is None or not measures:
        return ()
    words = phrases(found.query.language)
    case = _closest_case(found, theme)
    if case:
        draft.label(words.case)
        add_case(draft, case)
    chosen = _applying(found, measures)
    draft.label(words.measures)
    for measure in chosen:
        add_measure(found, draft, measure)
    add_related(found, draft)
    if theme in _EXPORT_THEMES and ABROAD.search(found.query.canonical):
        add_export_check(found, draft)
    add_consultation(found, draft)
    left = [m.title for m in measures if m not in chosen]
    return (words.other_measures.format(titles="、".join(left)),) if left else ()


def asks_what_to_do(found: Found) -> bool:
    """Whether the countermeasures of a theme answer the question, rather than one passage that speaks of all of it."""
    if found.query.kind is QuestionKind.SCENARIO:
        return True
    if not wants_measures(found.query.wording):
        return False
    best = found.results[0].chunk if found.results else None
    if (
        best is None
        or any(theme_of(meant) for _, meant in found.query.meant)
        or any(theme_of(heading) for heading in best.section)
    ):
        return True
    return found.relevance.share(best.text, section_context(best)) < _SPEAKS_OF_ALL


def applying_measures(found: Found) -> list[Measure]:
    """The countermeasures that apply to a question that names a theme of the guidance and asks what to do, if it does.

    In the order of work; of the party, the stage and the subject of the question.
    """
    if found.query.kind not in TO_BE_DONE or not theme_hits(found.query.wording) or not asks_what_to_do(found):
        return []
    theme = find_theme(found)
    return _applying(found, [m for m in found.guidance.measures(found.doc_ids) if m.theme == theme])


def is_of_theme(chunk: Chunk, theme: str | None) -> bool:
    """Whether a chunk stands under a heading of this theme."""
    return theme is not None and any(theme_of(heading) == theme for heading in chunk.section)


def find_theme(found: Found) -> str | None:
    """The theme of the guidance that a question is about, or None."""
    scores: dict[str, float] = defaultdict(float)
    for theme, hits in theme_hits(found.query.wording).items():
        scores[theme] += _WORD_WEIGHT * hits
    for result in found.results[:_SEARCHED]:
        above = next((t for heading in result.chunk.section if (t := theme_of(heading))), None)
        if above:
            scores[above] += _SEARCH_WEIGHT / result.rank
    return max(scores, key=lambda name: scores[name], default=None)


def _closest_case(found: Found, theme: str) -> Case | None:
    """The case of this theme that the question resembles most, if it resembles any."""
    cases = [case for case in found.guidance.cases(found.doc_ids) if case.theme == theme]
    ranks = {result.chunk.chunk_id: result.rank for result in found.results}
    shares = {
        case.chunk.chunk_id: found.relevance.share(case.chunk.text + case.title, section_context(case.chunk))
        for case in cases
    }
    best = max(cases, key=lambda c: shares[c.chunk.chunk_id] + 0.2 / ranks.get(c.chunk.chunk_id, 99), default=None)
    told = found.query.kind is QuestionKind.SCENARIO
    least = _LEAST_CASE_SHARE if told else _LEAST_CASE_SHARE_UNASKED
    return best if best and shares[best.chunk.chunk_id] >= least else None


def add_case(draft: Draft, case: Case) -> None:
    """Add a case with its title and the first sentences of its story."""
    story = Evidence(case.chunk, case.chunk.text.replace("\n", ""))
    text = "".join(sentences_of(case.chunk.text)[:4])
    draft.state(f"**{harmless(case.title)}**：{harmless(text)}", story)


def _applying(found: Found, measures: list[Measure]) -> list[Measure]:
    """The countermeasures that apply: of the party, the stage and the subject of the question, in document order.

    Those that the question speaks of, if it speaks of any more than of the rest; otherwise all of the chapter.
    """
    tables = load_situations()
    parties, stages = named(tables.parties, found.query.wording), named(tables.stages, found.query.wording)
    fitting = [m for m in measures if _party_fits(m, parties)]
    degrees = {m: _degree(found, m, stages) for m in fitting}
    subjects = [degree for m, degree in degrees.items() if not _party_of(m)]
    best = max(subjects, default=0.0)
    if best >= _IS_THE_SUBJECT and len(fitting) > _FEW:
        kept = [m for m in fitting if degrees[m] >= _NEAR_THE_BEST * best]
        fitting = [m for m in fitting if m in kept or _in_stage(m, stages)]
    ranked = sorted(fitting, key=lambda m: -degrees[m])[:MAX_MEASURES]
    return [m for m in fitting if m in ranked]


def _degree(found: Found, measure: Measure, stages: tuple[str, ...]) -> float:
    """How far a question is about a countermeasure: its words beyond the chapter's own, its title, its stage."""
    chapter = " ".join(measure.item.section)
    explained = measure.section.text if measure.section else ""
    share = found.relevance.share(f"{measure.title} {measure.item.text} {explained}", besides=chapter)
    return share + 0.5 * found.relevance.names(measure.title) + (_STAGE if _in_stage(measure, stages) else 0.0)


def _in_stage(measure: Measure, stages: tuple[str, ...]) -> bool:
    return measure.stage is not None and any(stage in measure.stage for stage in stages)


def _party_fits(measure: Measure, parties: tuple[str, ...]) -> bool:
    """Whether a countermeasure that names another party in its title is about the one in the question."""
    about = _party_of(measure)
    return not about or any(party in parties for party in about)


def _party_of(measure: Measure) -> tuple[str, ...]:
    return named(load_situations().title_parties, measure.title)


def add_measure(found: Found, draft: Draft, measure: Measure) -> None:
    """Add one line: title, stage, pages of the guidance, and the sentence that speaks most to the question."""
    lead, advice = measure_title(found, measure)
    evidence = [Evidence(measure.item, measure.item.text)]
    if measure.section:
        evidence.append(Evidence(measure.section, most_telling(found, measure.section.text)))
    draft.state(f"{lead}{harmless(advice)}", *evidence, style=Style.STEP)


def measure_title(found: Found, measure: Measure) -> tuple[str, str]:
    """A countermeasure's title with its stage and pages, and the sentence of its check-list item to go with it."""
    parts = item_parts(measure.item.text) or {"text": measure.item.text}
    stage = measure.stage if measure.stage and measure.title not in measure.stage else None
    where = "、".join(part for part in (stage, f"ガイダンス {measure.pages}") if part)
    english = title_in_english(measure.title) if found.query.language is Language.ENGLISH else None
    title = f"{measure.title} / {english}" if english else measure.title
    return f"**{harmless(title)}**（{harmless(where)}）：", most_telling(found, parts["text"])


def most_telling(found: Found, text: str) -> str:
    """The sentence that speaks most to the question, one that says what to do before one that says why."""
    sentences = sentences_of(text)
    return max(sentences, key=lambda s: found.relevance.share(s) - (_WHY if _REASON.search(s) else 0.0), default=text)


def add_export_check(found: Found, draft: Draft) -> None:
    """Add what to check before technology or goods leave the country, where the documents say it."""
    for chunk in found.search(_EXPORT_CHECK):
        for sentence in sentences_of(chunk.text):
            if "外為法" in sentence and "該非判定" in sentence:
                draft.label(phrases(found.query.language).export_check)
                draft.state(harmless(sentence), Evidence(chunk, sentence))
                return
