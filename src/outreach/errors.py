"""Every error that outreach raises on purpose.

    OutreachError            refused: cli prints it and exits 1
    ├── InputError           a file given to us is faulty; lists every fault at once
    ├── FetchError           a publisher's server did not give what it should
    ├── TemplateError        a template cannot be rendered safely and completely
    ├── OutboxBusyError      another sender holds this outbox (exit 75)
    └── DeliveryError        the mail server cannot be used, or sending had to pause

A message says what, where and the remedy. Any other exception is our own bug and keeps
its traceback.
"""

from collections.abc import Sequence


class OutreachError(Exception):
    """A refusal in plain words.

    Args:
        message: one sentence: what, where, remedy.
        problems: all the faults found, one line each, in the order of the input.
    """

    exit_code = 1

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {problem}" for problem in self.problems)])


class InputError(OutreachError):
    """A file given to us is missing, unreadable or faulty."""


class FetchError(OutreachError):
    """A publisher's server did not answer, or answered something else than its file."""


class TemplateError(OutreachError):
    """A template cannot be rendered safely and completely."""


class OutboxBusyError(OutreachError):
    """Another sender holds this outbox; nothing was done."""

    exit_code = 75


class DeliveryError(OutreachError):
    """The mail server cannot be used, or sending had to stop."""
