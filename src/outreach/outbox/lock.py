"""One sender per outbox file, for the whole run.

The operating system ends the lock when the process ends, however it ends. The fence in the
ledger (claims.commit_to_send) stands behind it: without the lock nothing is doubled either.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from outreach.errors import OutboxBusyError
from outreach.files import unwritable


@contextmanager
def sole_sender(outbox: Path) -> Iterator[None]:
    """Hold the outbox while sending.

    Raises:
        OutboxBusyError: another process holds it (exit 75).
        OutreachError: the lock file cannot be written.
    """
    path = outbox.with_name(outbox.name + ".lock")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OutboxBusyError(
            f"{outbox} is in use by another sender on this computer; wait until it has finished."
        ) from error
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        yield
    finally:
        lock.release()
