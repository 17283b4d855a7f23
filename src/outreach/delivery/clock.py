"""The time, and waiting for it."""

import datetime as dt
import threading
import time
from typing import Protocol

# A computer that slept wakes up late by its own count; the clock on the wall is asked this often.
_SLICE = 30.0


class Clock(Protocol):
    """What tells the time to a run."""

    def now(self) -> dt.datetime:
        """Give the present, aware."""
        ...

    def wait(self, until: dt.datetime, stop: threading.Event) -> None:
        """Return at that time, or as soon as ``stop`` is set."""
        ...


class SystemClock:
    """The computer's clock. Set back while we wait, it does not make the wait longer."""

    def now(self) -> dt.datetime:
        """Give the present, in UTC."""
        return dt.datetime.now(dt.UTC)

    def wait(self, until: dt.datetime, stop: threading.Event) -> None:
        """Return at that time, or as soon as ``stop`` is set."""
        deadline = time.monotonic() + (until - self.now()).total_seconds()
        while not stop.is_set():
            left = min(deadline - time.monotonic(), (until - self.now()).total_seconds())
            if left <= 0:
                return
            stop.wait(min(left, _SLICE))
