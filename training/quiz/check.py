"""The check that an item may be asked: every rule again, from the documents, whoever made the item.

It distrusts what makes the items: it reads the passages, the labels and the figures by itself and finds fault wherever
one right answer is not shown. Nothing is mended here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.citations import MIN_QUOTE, fit_quote
from corpus.models import Chunk
from training.material import Material
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.check_changes import change_faults, compared_editions
from training.quiz.check_kinds import matching_faults, ordering_faults, truth_faults
from training.quiz.check_subject import says_of_subject
from training.quiz.check_text import key, same_value, shows

MOST_LONGEST = 0.6
"""Share of items whose right answer may be the longest one."""
_LONGEST_TEXT = 120
_LONGER_THAN_OTHERS = 2.5
_QUESTION = re.compile(r"(?:か|ください|なさい)[。？?](?:（[^（）]*）|「.*」)?$|[？?]$")
_BLANK = re.compile(r"［[\s　]*］")
_DENIED = re.compile(r"ません|ない(?!うち)|不要|ず、|はなく")
_NEGATED = re.compile(r"(?:ない|いません|ありません)もの")


def faults(candidate: Candidate, material: Material) -> list[str]:
    """What is wrong with an item over the documents of an index, in Japanese words for a log; empty if nothing is."""
    found = [*_shape_faults(candidate), *_quote_faults(candidate, material)]
    if found:
        return found
    match candidate.kind:
        case QuizKind.TRUE_FALSE:
            return list(truth_faults(candidate, material))
        case QuizKind.MATCHING:
            return list(matching_faults(candidate, material))
        case QuizKind.ORDERING:
            return list(ordering_faults(candidate, material))
        case _:
            return [*_option_faults(candidate), *_answer_faults(candidate, material)]


def longest_share(candidates: Sequence[Candidate]) -> float:
    """The share of items with options whose right answer alone is the longest: above `MOST_LONGEST` it tells."""
    asked = [candidate for candidate in candidates if candidate.right and candidate.wrong]
    longest = sum(
        all(len(candidate.right.text) > len(wrong.text) for wrong in candidate.wrong[:3])
        for candidate in asked
        if candidate.right
    )
    return longest / len(asked) if asked else 0.0


def _shape_faults(candidate: Candidate) -> Iterator[str]:
    """What an item must have whatever it says."""
    is_truth = candidate.kind is QuizKind.TRUE_FALSE
    if candidate.difficulty not in (1, 2, 3):
        yield "難しさが1〜3ではありません"
    if not candidate.key or not candidate.explanation.text:
        yield "鍵か説明がありません"
    if not 8 <= len(candidate.stem) <= _LONGEST_TEXT:
        yield f"問題文の長さが8〜{_LONGEST_TEXT}字ではありません"
    if is_truth != (not _QUESTION.search(candidate.stem)) or (is_truth and not candidate.stem.endswith("。")):
        yield "問題文が、問いの文（正誤では言い切りの文）ではありません"
    if (candidate.right is not None) != (candidate.kind not in (QuizKind.MATCHING, QuizKind.ORDERING)):
        yield "正解の有無が、問題の種類に合いません"
    if candidate.kind in (QuizKind.CHOICE, QuizKind.CASE) and not 3 <= len(candidate.wrong) <= 6:
        yield "誤りの選択肢が3〜6個ではありません"
    if candidate.kind is QuizKind.CASE and candidate.story is None:
        yield "事例の文がありません"
    for shown in _shown(candidate):
        if not shown.text.strip() or (shown is not candidate.story and len(shown.text) > _LONGEST_TEXT):
            yield f"文の長さが1〜{_LONGEST_TEXT}字ではありません：{shown.text[:20]}"


def _quote_faults(candidate: Candidate, material: Material) -> Iterator[str]:
    """Every quote stands in a passage of the index, and can be cited."""
    chunks = {chunk.chunk_id: chunk for chunk in material.chunks}
    for shown in (*_shown(candidate), candidate.explanation):
        quote, chunk = shown.evidence.quote, shown.evidence.chunk
        if chunks.get(chunk.chunk_id) != chunk:
            yield f"索引にない箇所です：{shown.text[:20]}"
        elif not _stands(quote, chunk):
            yield f"引用が箇所にありません：{quote[:20]}"
        elif len(fit_quote(quote, chunk)) < MIN_QUOTE:
            yield f"引用が短すぎます：{quote}"


def _option_faults(candidate: Candidate) -> Iterator[str]:
    """Options differ from each other, and their looks do not tell which is right."""
    right = candidate.right
    assert right is not None
    options = [right, *candidate.wrong]
    for number, one in enumerate(options):
        for other in options[number + 1 :]:
            if same_value(one.text, other.text):
                yield f"選択肢が同じ意味です：{one.text[:20]}／{other.text[:20]}"
    if len(key(right.text)) > 1 and key(right.text) in key(candidate.stem):
        yield "問題文に正解が入っています"
    mean = sum(len(wrong.text) for wrong in candidate.wrong) / len(candidate.wrong)
    if len(right.text) > _LONGER_THAN_OTHERS * mean:
        yield "正解だけが目立って長くなっています"


def _answer_faults(candidate: Candidate, material: Material) -> Iterator[str]:
    """The documents show the right answer, and show no wrong one to be right as well."""
    right = candidate.right
    assert right is not None
    is_negated = bool(_NEGATED.search(candidate.stem))
    if _BLANK.search(candidate.stem) and _DENIED.search(candidate.stem):
        yield "打ち消しの文の空欄は、別の語でも正しくなります"
    for shown in (right, *candidate.wrong):
        if not _is_shown(shown):
            yield f"根拠の引用に、選択肢の内容がありません：{shown.text[:20]}"
    if compared := compared_editions(candidate, material):
        yield from change_faults(candidate, right, compared)
        return
    for wrong in candidate.wrong:
        if not is_negated and shows(right.evidence.quote, wrong.text) and not _is_heading(right):
            yield f"正解の引用に、誤りの選択肢があります：{wrong.text[:20]}"
        if says_of_subject(wrong, candidate, material) != is_negated:
            what = "問いの答えになりません" if is_negated else "問いの答えになります"
            yield f"誤りの選択肢が、資料では{what}：{wrong.text[:20]}"
    if is_negated and says_of_subject(right, candidate, material):
        yield "「ないもの」の正解が、資料では挙がっています"


def _is_shown(shown: Shown) -> bool:
    evidence = shown.evidence
    if shows(evidence.quote, shown.text):
        return True
    return any(key(shown.text) in key(heading) for heading in evidence.chunk.section)


def _is_heading(shown: Shown) -> bool:
    return any(key(shown.evidence.quote) == key(heading) for heading in shown.evidence.chunk.section)


def _stands(quote: str, chunk: Chunk) -> bool:
    wanted = key(quote)
    return bool(wanted) and (wanted in key(chunk.text) or any(wanted == key(heading) for heading in chunk.section))


def _shown(candidate: Candidate) -> Iterator[Shown]:
    """Every text of an item that must be shown by a passage."""
    yield from (shown for shown in (candidate.right, candidate.story) if shown is not None)
    yield from candidate.wrong
    yield from (shown for _, shown in candidate.pairs)
    yield from candidate.sequence
