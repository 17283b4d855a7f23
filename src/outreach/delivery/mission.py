"""What a run of sending is told, and what it tells."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from outreach.delivery.connection import Connection
from outreach.errors import OutreachError
from outreach.outbox.claims import Scope
from outreach.outbox.schema import State
from outreach.sending import Sending


@dataclass(frozen=True, slots=True)
class Mission:
    """What to send, from which mailbox, under which rules.

    Attributes:
        connect: makes a connection; each thread opens its own.
        from_address: the From of the letters, for the return path.
        suppressions: the list's file, read again when it changes.
        last_day: nothing leaves after it; it ends at midnight of the pace's time zone.
        limit: at most this many letters in this run; None for all.
        patience: the longest wait; a longer one ends the run. None waits as long as it takes.
    """

    scope: Scope
    sending: Sending
    connect: Callable[[], Connection]
    from_address: str
    suppressions: Path
    last_day: dt.date | None = None
    limit: int | None = None
    patience: dt.timedelta | None = None


@dataclass(slots=True)
class Sent:
    """What a run came to, and while it runs where it is.

    Attributes:
        total: letters that were to leave when it began.
        states: how many of them became what.
        waiting_until: None while letters leave.
        pause_reason: why the server makes all wait, "" when only the pace does.
        stopped: why it ended before the end, "" otherwise.
        error: the refusal behind it, when there is one.
    """

    total: int
    states: Counter[State] = field(default_factory=Counter)
    waiting_until: dt.datetime | None = None
    pause_reason: str = ""
    stopped: str = ""
    error: OutreachError | None = None
