"""What can go wrong while documents are read.

CorpusError             anything in this room, worded for the person who asked
├── SourcesError        a sources.toml that cannot be understood
└── NothingToRead       no path, or no readable document under the paths given
"""


class CorpusError(Exception):
    """Base of this room's errors; the message is one line that says what to do."""


class SourcesError(CorpusError):
    """A sources.toml that is not valid TOML, lacks a field or names a document twice."""


class NothingToRead(CorpusError):
    """A path that does not exist, or a folder without one readable document."""
