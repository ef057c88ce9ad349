"""Right-or-wrong items: sentences as they stand, and sentences in which one piece was swapped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.citations import sentences_of
from training.labels import FALSE, TRUE
from training.models import QuizKind
from training.quiz.candidate import Candidate, Shown
from training.quiz.facts import Base, Line, is_overtaken, subjects_of
from training.quiz.facts_dates import dates_told, read_all_dates
from training.quiz.facts_sentences import stands_alone
from training.quiz.likeness import contained, key
from training.quiz.said import Said
from training.quiz.stated_blanks import blank_candidate
from training.quiz.swaps import Swap, Vocabulary, opposites, swaps, vocabulary

# What people who are trained should know: duties, permissions, support, where to ask.
_USEFUL = re.compile(
    r"必要|義務|許可|禁止|規制|報告|相談|認証|加点|補助|営業秘密|外為法|無料|無償|審査|同意|契約|違反|対象|みなし輸出|居住者"
    r"|特別利率|守る|重要技術|独占禁止法|申請|上限|共同研究|漏|秘密|施行|技術流出|移転|軍事"
)
# Names of schemes: a sentence is not useful because it names one.
_NAMES = re.compile(r"[一-龥]*認証制度|補助金|派遣事業|認証機関")
_QUOTED = re.compile(r"「([^「」]{3,40})」")
_HAS_YEAR = re.compile(r"(?:19|20)\d\d年|令和\d")
_ON_SUPPORT = re.compile(r"補助|採択|加点|融資|派遣し|利率|賃上げ")
_PROGRAMME = re.compile(r"補助金|促進資金|派遣事業|Tech事業")
_REMARK = re.compile(r"^[（(]参考[）)]|^[①-⑳\s]+|[（(](?:令和|平成)[^（）()]*[）)]$")
# What asks, counts, or tells how things were found to be is no rule.
_NO_RULE = re.compile(r"(?:ましょう|ください|でしょうか|下さい|\d+つあります|ている)。$")
# What comes next is no reason where it denies (「規制はありません」), or needs its context to be told rightly.
_NO_REASON = re.compile(r"ません。$|ない。$|国籍|人種|信条|思想")
# When a paper came out is nothing to know.
_CAME_OUT = re.compile(r"作ら|作り|策定|公表|発行")
_BY_OFFICE = re.compile(r"^(?:[一-龥]{1,8}(?:委員会|経済産業局|省|庁)|国|政府)(?:は|では)、?")
# How many statements may turn on one name, figure or ending.
_MOST_OF_ONE = 6
# Above this share of common letter pairs, two sentences say the same.
_SAME = 0.75
_APART = 3
_LONGEST_MORE = 70
_LONGEST = 115


def truth_candidates(base: Base) -> list[Candidate]:
    """Sentences as they stand or altered, as many of one as of the other, and sentences with a blank."""
    said = Said(base)
    words = vocabulary(base.lines)
    headed = [line for line in base.headed if any(opposites(line.said))]
    sentences = _distinct(base, [line for line in (*base.sentences, *headed) if _is_asked(base, line)])
    made = Statements(base, said).of_all(sentences, words)
    asked: Counter[str] = Counter()
    whole = [line for line in sentences if line not in base.headed and not _needs_programme(line)]
    blanks = [blank_candidate(base, line, words, said, asked) for line in whole]
    return made + [blank for blank in blanks if blank is not None]


@dataclass
class Statements:
    """Makes statements, right and altered, as far as what is altered is surely wrong.

    Of those that allow a swap two of three are altered, so that neither a name nor 「必要はありません」 tells which; of
    the false ones at most a third are denials, which are easily seen through.
    """

    base: Base
    said: Said
    _altered: int = 0
    _right: int = 0
    _asked: Counter[str] = field(default_factory=Counter)

    def of_all(self, lines: Sequence[Line], words: Vocabulary) -> list[Candidate]:
        """Statements of the sentences in their order; sentences that would tip the balance are left out."""
        sure = {line: self._sure(line, words) for line in lines}
        chosen: dict[Line, Swap | None] = {}
        for number, line in enumerate(line for line in lines if (swap := sure[line]) and not swap.is_denial):
            chosen[line] = None if number % 3 == 2 else sure[line]
        denials = sum(swap is not None for swap in chosen.values()) // 2
        self._altered = sum(swap is not None for swap in chosen.values())
        self._right = len(chosen) - self._altered
        others = [line for line in lines if line not in chosen]
        # Not in document order, or one document would give the right ones and another the false ones.
        for line in (line for start in range(_APART) for line in others[start::_APART]):
            if self._right < self._altered:
                chosen[line] = None
                self._right += 1
            elif denials and sure[line]:
                chosen[line] = sure[line]
                self._altered += 1
                denials -= 1
        return [statement(self.base, line, chosen[line]) for line in lines if line in chosen]

    def _sure(self, line: Line, words: Vocabulary) -> Swap | None:
        """The first swap that surely makes a sentence false; none for a piece that was asked for often."""
        for swap in swaps(line.said, words):
            if self._asked[swap.original] < _MOST_OF_ONE and not self._may_be_true(line.said, swap):
                self._asked[swap.original] += 1
                return swap
        return None

    def _may_be_true(self, sentence: str, swap: Swap) -> bool:
        """Whether some passage may say what the altered sentence says."""
        if swap.is_denial:
            return self.said.verbatim(swap.applied(sentence))
        return self.said.perhaps(sentence.replace(swap.original, ""), swap.altered)


def statement(base: Base, line: Line, swap: Swap | None) -> Candidate:
    """A sentence as a statement to judge, with the edition before it where a newer one is in the index."""
    lead = lead_of(base, line)
    why = _altered_why(line, swap) if swap else _right_why(base, line)
    return Candidate(
        key=f"truth:{key(line.said)[:60]}",
        kind=QuizKind.TRUE_FALSE,
        difficulty=1,
        stem=lead + (swap.applied(line.said) if swap else line.said),
        explanation=Shown(why, line.evidence),
        subjects=(*subjects_of(line.chunk), line.said, *_topic(base, line)),
        right=Shown(FALSE if swap else TRUE, line.evidence, why),
        altered=swap.altered if swap else "",
        original=swap.original if swap else "",
    )


def lead_of(base: Base, line: Line) -> str:
    """What is told before a sentence: its edition if it has been replaced, its heading if that is what it is on."""
    if line in base.headed or _needs_programme(line):
        heading = _REMARK.sub("", line.chunk.section[-1]).strip()
        return f"{base.edition(line.chunk) if base.is_replaced(line.chunk) else '資料'}の「{heading}」によると、"
    is_dated = _HAS_YEAR.search(line.said) or not base.is_replaced(line.chunk)
    return "" if is_dated else f"{base.edition(line.chunk)}によると、"


def _topic(base: Base, line: Line) -> tuple[str, ...]:
    """What a sentence that needs its heading is about: the first line of its passage says so too."""
    return (line.chunk.text.partition("\n")[0],) if line in base.headed else ()


def _needs_programme(line: Line) -> bool:
    """Whether a sentence on support does not say which."""
    return bool(_ON_SUPPORT.search(line.said)) and not _PROGRAMME.search(line.said)


def _altered_why(line: Line, swap: Swap) -> str:
    shown = f"資料には「{line.said}」とあります。"
    return shown if swap.is_denial else f"「{swap.altered}」ではなく、「{swap.original}」です。{shown}"


def _right_why(base: Base, line: Line) -> str:
    """Where it stands, and what the passage says next: the reason stands there more often than not."""
    where = f"{base.edition(line.chunk)}の「{line.chunk.section[-1]}」に、このとおり書かれています。"
    sentences = [sentence for text in line.chunk.text.split("\n") for sentence in sentences_of(text)]
    place = next((n for n, sentence in enumerate(sentences) if sentence.endswith(line.text)), len(sentences))
    more = Line(sentences[place + 1], line.chunk).said if place + 1 < len(sentences) else ""
    if len(more) <= _LONGEST_MORE and stands_alone(more) and not _NO_REASON.search(more):
        return f"{where}続けて「{more}」と述べています。"
    return where


def _is_asked(base: Base, line: Line) -> bool:
    """Whether a sentence is a rule or a fact worth knowing, that still holds, and that no other date contradicts."""
    if _NO_RULE.search(line.said) or _BY_OFFICE.search(line.said):
        return False
    if len(lead_of(base, line) + line.said) > _LONGEST:
        return False
    if not _USEFUL.search(_NAMES.sub("", line.said)) or (_needs_programme(line) and not _names_programme(line)):
        return False
    if read_all_dates(line.said) and _CAME_OUT.search(line.said):
        return False
    return not _is_out_of_date(base, line) and not _is_told_otherwise(base, line)


def _names_programme(line: Line) -> bool:
    return bool(_PROGRAMME.search(line.chunk.section[-1]))


def _is_out_of_date(base: Base, line: Line) -> bool:
    """Whether a sentence is on support of another year; a rule without figures may be asked for with its edition."""
    if not is_overtaken(base, line.chunk):
        return False
    return not base.is_replaced(line.chunk) or re.search(r"\d", line.said) is not None


def _is_told_otherwise(base: Base, line: Line) -> bool:
    """Whether a thing that a dated sentence names in quotation marks is told with another date elsewhere."""
    dates = set(read_all_dates(line.said))
    return bool(dates) and any(dates_told(base, name) - dates for name in _QUOTED.findall(line.said))


def _distinct(base: Base, lines: Iterable[Line]) -> list[Line]:
    """The sentences in document order, of those that say the same only one: of the edition in force, then the first."""
    kept: dict[Line, str] = {}
    for line in sorted(lines, key=lambda line: (base.is_replaced(line.chunk), line in base.headed)):
        said = line.said
        if not any(contained(said, other) >= _SAME for other in kept.values()):
            kept[line] = said
    order = {chunk.chunk_id: number for number, chunk in enumerate(base.material.chunks)}
    return sorted(kept, key=lambda line: order[line.chunk.chunk_id])
