"""What can go wrong while a question is answered. "Not in the documents" is a status, not an error.

AssistantError         anything in this room, worded for the person who asked
├── SettingsError      a setting that cannot be used
├── ModelUnavailable   a language model that cannot be had: package, key, permission, name, no reply
│   └── RequestRefused     it is there, but will not have this one request
├── LibraryError       a change of the documents that cannot be made or recorded
└── QuestionError      a question that cannot be answered as it stands: empty, or far too long
"""


class AssistantError(Exception):
    """Base of this room's errors; the message is one line that says what to do."""


class SettingsError(AssistantError):
    """An environment variable or option with a value that means nothing."""


class ModelUnavailable(AssistantError):
    """A language model that cannot be loaded or asked; the message says what to install, allow or look at."""


class RequestRefused(ModelUnavailable):
    """One request that came to nothing: too long, caught by a filter, or answered in no known form."""


class LibraryError(AssistantError):
    """A file or a change that the library cannot take; nothing was changed, unless the message says so."""


class QuestionError(AssistantError):
    """A question without a word in it, or longer than the limit."""
