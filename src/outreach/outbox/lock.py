"""One sender per outbox file, and per computer one among all copies of it, for the whole run.

The operating system ends a lock when the process ends, however it ends. The fence in the ledger
(claims.commit_to_send) stands behind the first: without the lock nothing is doubled either. The
witness stands behind the second: of two copies that send, the one that comes later stops.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from outreach.errors import OutboxBusyError
from outreach.files import unwritable
from outreach.outbox.ledger import Ledger


@contextmanager
def sole_sender(outbox: Path) -> Iterator[None]:
    """Hold the outbox while sending.

    Raises:
        OutboxBusyError: another process holds it (exit 75).
        OutreachError: the lock file cannot be written.
    """
    with _held(
        outbox.with_name(outbox.name + ".lock"),
        f"{outbox} is in use by another sender on this computer; wait until it has finished.",
    ):
        yield


@contextmanager
def sole_copy(ledger: Ledger) -> Iterator[None]:
    """Hold all copies of an outbox file on this computer: one sends, whatever folder it lies in.

    A team's server has no copies, and its senders share the work. Errors are sole_sender()'s.
    """
    if ledger.path is None:
        yield
        return
    with _held(
        ledger.witness.path.with_suffix(".lock"),
        f"another copy of {ledger.name} is sending on this computer; keep one of the two folders, "
        "the one that sends, and put the other away.",
    ):
        yield


@contextmanager
def _held(path: Path, busy: str) -> Iterator[None]:
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OutboxBusyError(busy) from error
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        yield
    finally:
        lock.release()
