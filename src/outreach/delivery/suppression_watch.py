"""The suppression list, heeded while letters leave: who is added to it gets none from then on."""

import threading
import time
from pathlib import Path

from outreach.delivery.clock import Clock
from outreach.errors import OutreachError
from outreach.outbox.claims import Claim, Scope
from outreach.outbox.ledger import Ledger
from outreach.outbox.plan import hold_suppressed
from outreach.outbox.suppression import SuppressionList, read_suppressions

# How often the file is looked at, where letters leave faster.
_INTERVAL_S = 0.1


class SuppressionWatch:
    """The list's file and one wave's letters; threads may share it."""

    def __init__(self, ledger: Ledger, scope: Scope, path: Path, clock: Clock) -> None:
        self._ledger, self._scope, self._path, self._clock = ledger, scope, path, clock
        self._lock = threading.Lock()
        self._due = 0.0
        # The file's time when it was read; 0.0 stands for a file that is not there.
        self._read: float | None = None
        self._listed = SuppressionList(())

    def heed(self) -> None:
        """Hold the letters to all who stand on the list, if it changed since the last time.

        Raises:
            OutreachError: the list cannot be read, or the ledger not be written.
        """
        if time.monotonic() < self._due:
            return
        # Whoever comes while the list is read waits: nobody claims a letter that is about to be held.
        with self._lock:
            changed = self._changed()
            if changed != self._read:
                listed = read_suppressions(self._path)
                self._ledger.transact(
                    lambda c: hold_suppressed(c, self._scope, listed, now=self._clock.now())
                )
                self._read, self._listed = changed, listed
            self._due = time.monotonic() + _INTERVAL_S

    def reason(self, taken: Claim) -> str:
        """Say why a letter just claimed must not leave, "" when it may.

        It was in another's hand, or deferred, when the list changed and the others were held.
        """
        listed = self._listed
        return listed.reason(taken.recipient_id, taken.address) if listed.entries else ""

    def _changed(self) -> float:
        try:
            return self._path.stat().st_mtime
        except FileNotFoundError:
            if self._read:
                raise OutreachError(
                    f"the suppression list {self._path} is gone since the run began: nothing more "
                    "is sent; put it back, or run the command again if there is none any more."
                ) from None
            return 0.0
        except OSError as error:
            raise OutreachError(
                f"the suppression list {self._path} cannot be read: {error.strerror}; nothing more "
                "is sent."
            ) from error
