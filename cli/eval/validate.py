"""`mamori eval validate`: is a question set in its format, and does it fit the documents of an index."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.eval.columns import columns
from cli.eval.options import SET_HELP, Index
from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from assistant.settings import Settings
    from eval.check_set import Overlap
    from eval.models import Question, QuestionSet
    from eval.sources import Sources


def validate(
    set_name: Annotated[str, typer.Argument(metavar="SET", help=SET_HELP)],
    index: Index = None,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """質問セットの形式と、正解の箇所が資料にあるかを確かめます。直すところがあれば、終了コード1で終わります。

    例: mamori eval validate questions.jsonl
    """
    from assistant.settings import Settings
    from eval.benchmark import is_benchmark, read_benchmark
    from eval.plan import sets_folder
    from eval.question_set import find_set, read_set

    settings = Settings.from_environment(data_dir)
    if is_benchmark(set_name):
        questions = read_benchmark(Path(set_name)).questions
        print("\n".join(_counts(questions)))
        return
    questions = read_set(find_set(set_name, sets_folder(settings.data_dir)))
    print("\n".join(_counts(questions)))
    sources = _sources(index, settings)
    if sources is not None and not _fits(questions, sources):
        print("mamori: 質問セットに直すところがあります。上の行を確かめてください。", file=sys.stderr)
        raise typer.Exit(1)


def _sources(index: Path | None, settings: Settings) -> Sources | None:
    """The documents of the index; None, and said, where none is named and there is none yet."""
    from eval.sources import Sources
    from eval.systems import Indexed, find_store
    from index.errors import NoIndex

    try:
        return Sources(Indexed.of(find_store(index, settings).open()).chunks)
    except NoIndex:
        print(
            "※ 索引がないので、正解の箇所は照合していません。"
            "照合するには、`mamori index build` で索引を作るか、--index で指定してください。",
            file=sys.stderr,
        )
        return None


def _fits(questions: QuestionSet, sources: Sources) -> bool:
    """Print what was looked up and what was not found; return whether all was."""
    from eval.check_set import findings, overlaps

    found = findings(questions, sources)
    print("\n".join(["", *_lookup(questions.questions, sources), *map(_overlap, overlaps(questions, sources))]))
    if found:
        rows = [(one.question_id, one.field, one.problem) for one in found]
        print("\n".join(["", f"見つからない箇所（{len(found)} 件）", *columns(rows)]))
    return not found


def _counts(questions: QuestionSet) -> Iterator[str]:
    from eval.labels import KINDS, LANGUAGES
    from eval.models import Kind

    rows = questions.questions
    answerable = sum(question.answerable for question in rows)
    yield on_one_line(
        f"{questions.name}：形式は正しいです。{len(rows)} 問（資料で答えられる {answerable}、答えられない "
        f"{len(rows) - answerable}）"
    )
    counts: Counter[tuple[str, str]] = Counter((question.kind, question.language) for question in rows)
    kinds = [kind for kind in Kind if any(question.kind is kind for question in rows)]
    yield from columns(
        [
            ("種類", *LANGUAGES.values()),
            *((KINDS[kind], *(str(counts[kind, language]) for language in LANGUAGES)) for kind in kinds),
        ]
    )


def _lookup(questions: Sequence[Question], sources: Sources) -> Iterator[str]:
    targets = [target for question in questions for gold in question.gold for target in gold.targets]
    known = [target for target in targets if target.doc_id in sources.doc_ids]
    yield f"正解の箇所：{len(known)} 件を索引と照合しました。"
    if others := {target.doc_id for target in targets} - set(sources.doc_ids):
        left = len(targets) - len(known)
        yield on_one_line(f"※ {left} 件は索引にない文書の箇所なので照合していません（{'、'.join(sorted(others))}）。")


def _overlap(overlap: Overlap) -> str:
    from eval.labels import KINDS

    median = overlap.median
    share = "対象の質問がありません" if median is None else f"中央値 {median:.2f}"
    return f"資料と同じ2文字の並びの割合（{KINDS[overlap.kind]}、{len(overlap.shares)} 問）：{share}"
