"""What can go wrong while documents are read.

CorpusError             anything in this room, worded for the person who asked
├── SourcesError        a sources.toml that cannot be understood
├── NothingToRead       no path, or no readable document under the paths given
└── NoScratchSpace      no room for the temporary files that reading needs
"""


class CorpusError(Exception):
    """Base of this room's errors; the message is one line that says what to do."""


class SourcesError(CorpusError):
    """A sources.toml that is not valid TOML, lacks a field or names a document twice."""


class NothingToRead(CorpusError):
    """A path that does not exist, or a folder without one readable document."""


class NoScratchSpace(CorpusError):
    """The folder for temporary files is full or cannot be written: no fault of the file that is being read."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"一時フォルダー（{folder}）に書き込めないので、ファイルを読めません。"
            "空き容量と権限を確かめて、もう一度実行してください。索引は変えていません。"
        )
