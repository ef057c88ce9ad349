"""What can go wrong with the index. The message is one line for the person at the screen: what is wrong, what to do.

IndexingError
├── NoIndex            nothing has been built yet
├── DamagedIndex       a file is missing, changed or unreadable; `files` names it
├── IncompatibleIndex  built with another schema, encoder or tokenizer
├── IndexBusy          another process is building
├── NoSuchGeneration   a generation to go back to is not there, or there is none before
├── IndexNotWritten    disk full, no permission: the index in use stays as it was
├── NothingToIndex     no passage to put into an index
└── UnknownDocument    a search was limited to a document that is not in the index
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from datetime import datetime

_MOST_LISTED = 20
REBUILD = "`mamori index build` を実行して作り直してください。"
WAITING = "ほかの処理が終わるのを待っています。"
MISSING = "見つかりません"
CHANGED = "内容が記録と一致しません"

_REASONS = {
    errno.ENOSPC: "ディスクの空き容量がありません",
    errno.EDQUOT: "割り当てられた容量を使い切っています",
    errno.EACCES: "権限がありません",
    errno.EPERM: "権限がありません",
    errno.EROFS: "書き込みできない場所です",
    errno.ENOTDIR: "フォルダーがあるべき場所に、ファイルがあります",
    errno.EEXIST: "フォルダーがあるべき場所に、ファイルがあります",
    errno.EISDIR: "ファイルがあるべき場所に、フォルダーがあります",
    errno.EIO: "ディスクの読み書きに失敗しました",
}


def reason(error: OSError) -> str:
    """Return what the operating system objects to, in words for the person at the screen."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


class IndexingError(Exception):
    """Base of everything that the index room raises on purpose; `str()` of it may be shown to anyone."""


class NoIndex(IndexingError):
    """There is no index in the folder yet."""

    def __init__(self) -> None:
        super().__init__("索引がありません。`mamori index build` を実行してください。")


class DamagedIndex(IndexingError):
    """Files of the index are missing, changed or unreadable; `problems` says what is wrong with each.

    `rescue` is the generation that a rollback brings back, None where none is whole.
    """

    def __init__(self, problems: Mapping[str, str], rescue: str | None = None) -> None:
        self.problems = dict(problems)
        self.files = tuple(problems)
        self.rescue = rescue
        self.listed = "、".join(f"{file}: {problem}" for file, problem in problems.items())
        back = f"`mamori index rollback` を実行すると、{rescue} の世代に戻せます。戻さないときは、" if rescue else ""
        super().__init__(f"索引のファイルが壊れています（{self.listed}）。{back}{REBUILD}")


class IncompatibleIndex(IndexingError):
    """The index was built with another schema, encoder or tokenizer than this program uses."""

    def __init__(self, what: str, found: object, expected: object) -> None:
        super().__init__(
            f"索引の{what}が、いまのプログラムと合いません（索引: {found}、プログラム: {expected}）。{REBUILD}"
        )


class IndexBusy(IndexingError):
    """Another process is writing the index: `pid` since `since`, None where nobody knows."""

    def __init__(self, pid: int | None = None, since: datetime | None = None) -> None:
        who = f"（プロセス番号 {pid}、{since:%H:%M} から）" if pid and since else ""
        super().__init__(f"ほかの処理が索引を作成中です{who}。終わってから、もう一度実行してください。")


class NoSuchGeneration(IndexingError):
    """There is no whole generation to go back to as asked; `known` are those that can be named instead."""

    def __init__(self, why: str, known: Iterable[str] = ()) -> None:
        self.known = tuple(known)
        others = f"戻せる世代: {'、'.join(self.known)}。`mamori index rollback 世代` と指定してください。"
        none = f"ほかに戻せる世代はありません。新しくするには、{REBUILD}"
        super().__init__(f"{why}。{others if self.known else none}")


class IndexNotWritten(IndexingError):
    """The new index could not be written; the one in use before is untouched."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"索引を書き込めませんでした（{why}）。保存先の空き容量と権限を確かめて、もう一度実行してください。"
            "これまでの索引があれば、そのまま使えます。"
        )


class NothingToIndex(IndexingError):
    """No chunk was given to be indexed."""

    def __init__(self) -> None:
        super().__init__("索引に入れる文章がありません。読み取れる文書を指定してください。")


class UnknownDocument(IndexingError):
    """A search was limited to documents that the index does not hold."""

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        self.unknown = tuple(sorted(unknown))
        listed = list(known)
        more = f" ほか{len(listed) - _MOST_LISTED}件（`mamori index status`）" if len(listed) > _MOST_LISTED else ""
        usable = "、".join(listed[:_MOST_LISTED]) + more
        super().__init__(f"文書 ID「{'、'.join(self.unknown)}」は索引にありません。使える ID: {usable}")
