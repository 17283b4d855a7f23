"""A witness outside the outbox: which copy of it is the newest.

A copy of the outbox put back from yesterday's backup still calls today's letters waiting, and
would send them again. The witness, in the user's own state folder, keeps the number and the
random token of the last event. An outbox that does not hold that event is not the newest copy.

It is written after each durable commit and before the final dot, without a sync: a process that
is killed loses nothing, and a power failure can only leave it behind the outbox, never ahead.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from outreach.files import unwritable


@dataclass(frozen=True, slots=True)
class Seen:
    """The last event that this computer knows of an outbox."""

    event: int
    token: str


class Witness:
    """The witness file of one outbox on this computer."""

    def __init__(self, ledger_uid: str, folder: Path | None = None) -> None:
        self.path = (
            folder or user_state_path("outreach", appauthor=False) / "witness"
        ) / f"{ledger_uid}.txt"
        self._handle: int | None = None

    def read(self) -> Seen | None:
        """Give the last event seen, or None when this computer never sent from this outbox."""
        try:
            number, _, token = self.path.read_text(encoding="ascii").strip().partition(" ")
            return Seen(int(number), token)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            # Unreadable is not "never": an event that cannot exist makes the caller refuse.
            return Seen(2**62, "unreadable")

    def note(self, event: int, token: str) -> None:
        """Remember an event.

        Raises:
            OutreachError: the state folder cannot be written.
        """
        try:
            if self._handle is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            # One fixed-width line, written in one call at the start of the file.
            line = f"{event:020d} {token}\n".encode("ascii")
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, line)
        except OSError as error:
            raise unwritable(self.path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
