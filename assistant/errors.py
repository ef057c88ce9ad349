"""What can go wrong while a question is answered. "Not in the documents" is a status, not an error.

AssistantError         anything in this room, worded for the person who asked
├── SettingsError      a setting that cannot be used
└── QuestionError      a question that cannot be answered as it stands: empty, or far too long
"""


class AssistantError(Exception):
    """Base of this room's errors; the message is one line that says what to do."""


class SettingsError(AssistantError):
    """An environment variable or option with a value that means nothing."""


class QuestionError(AssistantError):
    """A question without a word in it, or longer than the limit."""
