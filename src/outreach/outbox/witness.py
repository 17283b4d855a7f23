"""A witness outside the outbox: which copy of it is the newest.

A copy of the outbox put back from yesterday's backup still calls today's letters waiting, and
would send them again. The witness, in the user's own state folder, keeps the number and the
random token of the last event. An outbox that does not hold that event is not the newest copy.

It is written after each durable commit and before the final dot, without a sync: a process that
is killed loses nothing, and a power failure can only leave it behind the outbox, never ahead.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from outreach.files import unwritable


@dataclass(frozen=True, slots=True)
class Seen:
    """The last event that this computer knows of an outbox."""

    event: int
    token: str


# Unreadable is not "never": an event that cannot exist makes the caller refuse.
_UNREADABLE = Seen(2**62, "unreadable")
# Bytes of a line: 20 digits, a space, a token, a line end.
_LINE = 64


class Witness:
    """The witness file of one outbox on this computer."""

    def __init__(self, ledger_uid: str, folder: Path | None = None) -> None:
        self.path = (
            folder or user_state_path("outreach", appauthor=False) / "witness"
        ) / f"{ledger_uid}.txt"
        self._handle: int | None = None
        self._written = b""

    def read(self) -> Seen | None:
        """Give the last event seen, or None when this computer never sent from this outbox."""
        try:
            return _understood(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError:
            return _UNREADABLE

    def news(self) -> Seen | None:
        """Give what is there and is not our own last word; None when nothing is.

        Raises:
            OutreachError: the state folder cannot be read or written.
        """
        # Not made here: an empty file would be a witness that cannot be read.
        if self._handle is None and not self.path.exists():
            return None
        try:
            # No pread(): Windows has none.
            os.lseek(self._opened(), 0, os.SEEK_SET)
            found = os.read(self._opened(), _LINE)
        except OSError as error:
            raise unwritable(self.path, error) from error
        return None if found in {b"", self._written} else _understood(found)

    def take_over(self) -> None:
        """Let what is there count as our own word: a person says that this copy is to be used."""
        self._written = b""
        with suppress(FileNotFoundError):
            self._written = self.path.read_bytes()

    def note(self, event: int, token: str) -> None:
        """Remember an event.

        Raises:
            OutreachError: the state folder cannot be written.
        """
        # One fixed-width line, written in one call at the start of the file.
        line = f"{event:020d} {token}\n".encode("ascii")
        try:
            os.lseek(self._opened(), 0, os.SEEK_SET)
            os.write(self._opened(), line)
        except OSError as error:
            raise unwritable(self.path, error) from error
        self._written = line

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _opened(self) -> int:
        if self._handle is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        return self._handle


def _understood(line: bytes) -> Seen:
    try:
        number, _, token = line.decode("ascii").strip().partition(" ")
        return Seen(int(number), token)
    except ValueError:
        return _UNREADABLE
