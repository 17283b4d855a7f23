"""Pauses that a mail server asks for: all connections wait, each time longer."""

import datetime as dt
import random
import threading

from outreach.delivery.clock import Clock
from outreach.delivery.judgement import backoff

_MOST_IN_A_ROW = 8


class Pauses:
    """The pauses of one run; its threads share them.

    Attributes:
        count: how many there were in all.
        in_a_row: how many since the server last accepted a letter.
        until: when the last one ends or ended, UTC.
    """

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self._clock, self._chance = clock, chance
        self._lock = threading.Lock()
        self.count = self.in_a_row = 0
        self.until: dt.datetime | None = None

    def begin(self, known: int) -> bool:
        """Make all wait; False when the server has asked for it too often in a row.

        Args:
            known: ``count`` when the connection began what it was told to wait for. Four
                connections that are told the same at once are told it once.
        """
        with self._lock:
            if known == self.count:
                self.count += 1
                self.in_a_row += 1
                self.until = self._clock.now() + backoff(self.in_a_row, self._chance)
            return self.in_a_row <= _MOST_IN_A_ROW

    def end(self) -> None:
        """Note that the server takes letters again."""
        self.in_a_row = 0

    def running(self, now: dt.datetime) -> dt.datetime | None:
        """Give the end of the pause that runs; None when none does."""
        return self.until if self.until is not None and self.until > now else None
