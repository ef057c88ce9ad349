"""`mamori eval judge`: a language model marks the answers of a run beside the human markers. Optional, never needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.eval.columns import columns
from cli.eval.options import AsJson
from cli.messages import on_one_line
from cli.options import DataDir, Debug

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from eval.judge import Judgement
    from eval.marks import Agreement, Mark, MarkedShare
    from eval.runs import Run

_VERDICTS = {"correct": "正しい", "partly": "一部正しい", "wrong": "誤り"}
_HOW_TO_READ = (
    "κは偶然を除いた一致の度合いです（1で完全に一致、0で偶然と同じ、－は判定が1種類だけで計算できない）。0.6に届かないうちや、人の評価が少ないうちは、"
    "モデルの判定を頼りにせず、人の評価を使ってください。"
)
_NOBODY_YET = (
    "この記録には、同じ答えへの人の評価がまだありません。"
    "画面の「人による評価」で評価すると、モデルの判定がどれだけ人と合うかがわかります。"
)


def judge(
    run_name: Annotated[
        str, typer.Argument(metavar="RUN", help="記録のフォルダー、または `mamori eval runs` にある名前。")
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="PROVIDER:MODEL",
            help="判定するモデル：ollama:…、openai:…、azure_openai:…、anthropic:…。"
            "キーが要るときは MAMORI_LLM_API_KEY に書きます。",
        ),
    ],
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", metavar="URL", help="モデルのサーバー（例: http://127.0.0.1:8080/v1）。"),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="今回判定する答えの数。")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """言語モデルに答えを判定させ、人の評価との一致を示します。使わなくても評価はできます。

    判定は1件ずつ保存します。同じモデルがすでに判定した答えは飛ばします。別のコンピューターのモデルには
    MAMORI_ALLOW_REMOTE=1 が要ります。

    例: mamori eval judge RUN --model openai:MODEL --base-url http://127.0.0.1:8080/v1
    """
    from assistant.chat_model import load_chat_model
    from assistant.settings import Settings
    from eval.marks import agreement, marks_file, read_marks, shares
    from eval.plan import find_complete_run, runs_folder

    settings = Settings.from_environment(data_dir)
    run = find_complete_run(run_name, runs_folder(settings.data_dir))
    # The judge itself tries again, in the same way for every provider.
    chat_model = load_chat_model(
        model, base_url=base_url, api_key=settings.llm_api_key, allow_remote=settings.allow_remote, max_retries=0
    )
    marks = marks_file(settings.data_dir)
    judgement = _judged(run, chat_model, model, marks, limit)
    found = read_marks(marks).entries
    share = next((one for one in shares(found, run.name) if one.marker == _marker(model)), None)
    pairs = _with_people(agreement(found, run.name), model)
    if as_json:
        print(json.dumps(_as_object(run, model, judgement, share, pairs), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(run, model, judgement, share, pairs)))
    if judgement.problem:
        kept = f"{len(judgement.marks)} 件を判定して保存しました。残りは {judgement.left} 件です。"
        print(f"mamori: {on_one_line(judgement.problem)}{kept}同じ指定で続きから判定します。", file=sys.stderr)
        raise typer.Exit(1)


def _judged(run: Run, chat_model: BaseChatModel, name: str, path: Path, limit: int | None) -> Judgement:
    """Judge what this model has not judged yet; every mark is on the disk before the next question is asked."""
    from cli.progress import progress_bar
    from eval.judge import judge as judged_by
    from eval.marks import read_marks, store_mark

    earlier = read_marks(path)
    if earlier.unreadable:
        print(f"※ 「{path}」の {len(earlier.unreadable)} 行は読めないので飛ばしました。", file=sys.stderr)
    mine = {mark.question_id for mark in earlier.entries if (mark.run, mark.marker) == (run.name, _marker(name))}
    if mine:
        print(f"すでに判定した {len(mine)} 件を飛ばします。", file=sys.stderr)
    kept = 0

    def keep(mark: Mark) -> None:
        nonlocal kept
        store_mark(path, mark)
        kept += 1

    try:
        with progress_bar() as progress:
            return judged_by(run, chat_model, name, progress, judged=mine, limit=limit, keep=keep)
    except KeyboardInterrupt:
        print(f"{kept} 件を判定して保存しました。同じ指定で実行すると、続きから判定します。", file=sys.stderr)
        raise


def _marker(name: str) -> str:
    from eval.judge import marker

    return marker(name)


def _with_people(pairs: Sequence[Agreement], name: str) -> list[tuple[str, Agreement]]:
    """Return the other marker and the agreement, for each pair of this model and a person."""
    from eval.marks import MODEL_PREFIX

    mine = _marker(name)
    others = ((pair.marker_a if pair.marker_b == mine else pair.marker_b, pair) for pair in pairs)
    return [
        (other, pair)
        for other, pair in others
        if mine in (pair.marker_a, pair.marker_b) and not other.startswith(MODEL_PREFIX)
    ]


def _lines(
    run: Run, name: str, judgement: Judgement, share: MarkedShare | None, pairs: Sequence[tuple[str, Agreement]]
) -> Iterator[str]:
    """The verdicts of this model over the whole run, what it could not say, and how far people agree with it."""
    yield on_one_line(f"{run.name}：{name} による判定（今回 {len(judgement.marks)} 件）")
    counts = {} if share is None else share.verdicts
    rows = [
        (label, str(sum(n for verdict, n in counts.items() if verdict == code))) for code, label in _VERDICTS.items()
    ]
    yield from columns([("判定", "件数"), *rows])
    if judgement.unread:
        ids = on_one_line("、".join(judgement.unread))
        yield f"返事を読み取れなかった質問 {len(judgement.unread)} 件：{ids}（次の実行でもう一度たずねます）"
    yield ""
    if not pairs:
        yield _NOBODY_YET
        return
    yield from columns([("人による評価との一致", "κ", "答えの数"), *(_agreement_row(*pair) for pair in pairs)])
    yield _HOW_TO_READ


def _agreement_row(other: str, pair: Agreement) -> tuple[str, str, str]:
    from eval.labels import NOTHING

    kappa = pair.verdict_kappa
    return (other, NOTHING if kappa is None else f"{kappa:.2f}", str(pair.n))


def _as_object(
    run: Run, name: str, judgement: Judgement, share: MarkedShare | None, pairs: Sequence[tuple[str, Agreement]]
) -> dict[str, object]:
    return {
        "run": run.name,
        "marker": _marker(name),
        "verdicts": {} if share is None else dict(share.verdicts),
        "correct": None if share is None else asdict(share.correct),
        "judged_now": len(judgement.marks),
        "unread": list(judgement.unread),
        "left": judgement.left,
        "agreement": [{"marker": other, "n": pair.n, "kappa": pair.verdict_kappa} for other, pair in pairs],
    }
