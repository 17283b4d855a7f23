"""The ledger: one database that knows where each letter stands.

SQLite in the campaign's folder (WAL, synchronous FULL: a commit is on the disk before the next
step), or PostgreSQL by URL for a team. Everything that changes a letter goes through transact(),
and concurrent callers share its commits: four connections cost about one sync, not four.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from outreach.errors import OutreachError
from outreach.outbox import schema
from outreach.outbox.database import server_engine, sqlite_engine, unusable
from outreach.outbox.history import take_last_event
from outreach.outbox.places import check_place
from outreach.outbox.witness import Seen, Witness

Result = TypeVar("Result")

# How long a commit waits for company, as PostgreSQL's commit_delay does. Four senders then commit
# four letters' steps at once instead of two: half the syncs, a fifth less processor time a letter.
_COMPANY_S = 0.0005


def _closed_gate() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate


def _not_run() -> BaseException:
    return OutreachError("the sender was interrupted before this step was written; run it again.")


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[Connection], Any]
    result: Any = None
    # None only once its commit is on the disk: however a batch ends, no caller believes otherwise.
    error: BaseException | None = field(default_factory=_not_run)
    # Its caller waits before it, until the job is ended or is the first of the next commit.
    gate: threading.Lock = field(default_factory=_closed_gate)
    is_first: bool = False


class Ledger:
    """An open ledger. Threads may share it; processes each open their own.

    Attributes:
        uid: random, made with the ledger.
        path: the SQLite file, None on PostgreSQL.
        senders: how many threads write at once; a commit waits a moment for all of them.
    """

    def __init__(self, engine: Engine, path: Path | None, witness_folder: Path | None) -> None:
        self.engine = engine
        self.path = path
        with self.read() as connection:
            self.uid: str = connection.execute(
                select(schema.facts.c.value).where(schema.facts.c.key == "uid")
            ).scalar_one()
        self.witness = Witness(self.uid, witness_folder)
        self.senders = 1
        self._jobs: list[_Job] = []
        self._lock = threading.Lock()
        self._company = threading.Condition(self._lock)
        self._writing = False
        self._kept: Connection | None = None
        self._copy_checked = False

    @property
    def name(self) -> str:
        """The file, or the address without its password."""
        return str(self.path) if self.path else self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the ledger and changes nothing.

        Raises:
            OutreachError: the ledger cannot be read.
        """
        try:
            with self.engine.connect().execution_options(outreach_reads=True) as connection:
                yield connection
        except DBAPIError as error:
            raise unusable(self.engine.url, error) from error

    def transact(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a transaction; when this returns, its changes are on the disk.

        The first caller commits for all that came meanwhile. Work that raises is undone alone;
        it may be run a second time for that, so it must change nothing but the ledger.

        Raises:
            OutreachError: the ledger cannot be written (disk full, read-only, server gone), and
                nothing of ``work`` is kept; or the witness could not be, and nothing may leave.
        """
        job = _Job(work)
        if self._is_first(job):
            self._commit_waiting(job)
        if job.error is not None:
            raise job.error
        result: Result = job.result
        return result

    def _is_first(self, job: _Job) -> bool:
        # False when another caller has committed the job with its own.
        with self._lock:
            if not self._writing:
                self._writing = True
                return True
            self._jobs.append(job)
            if len(self._jobs) >= self.senders - 1:
                self._company.notify()
        try:
            # A gate of its own: woken together, callers would fight for one lock.
            job.gate.acquire()
        except BaseException:
            with self._lock:
                if job in self._jobs:
                    self._jobs.remove(job)
                elif job.is_first:
                    self._pass_on()
            raise
        return job.is_first

    def _commit_waiting(self, own: _Job) -> None:
        batch = [own]
        try:
            with self._lock:
                self._company.wait_for(lambda: len(self._jobs) >= self.senders - 1, _COMPANY_S)
                batch += self._jobs
                self._jobs = []
            self._commit(batch)
        finally:
            with self._lock:
                self._pass_on()
            for one in batch:
                if one is not own:
                    one.gate.release()

    def _pass_on(self) -> None:
        # The next to come commits for the others.
        self._writing = bool(self._jobs)
        if self._jobs:
            following = self._jobs.pop(0)
            following.is_first = True
            following.gate.release()

    def compact(self) -> None:
        """Give freed pages back, so that what was deleted is not in the file any more."""
        self._outside_transactions("VACUUM")

    def close(self) -> None:
        """Fold the write-ahead log into the file, so that one file holds all, and let go."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        if self.path is not None:
            # Somebody reads, or the disk is full: the log stays beside and nothing is lost.
            with suppress(DBAPIError):
                self._outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")
        self.engine.dispose()
        self.witness.close()

    def _outside_transactions(self, statement: str) -> None:
        with self.engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT", outreach_plain=True)
            plain.exec_driver_sql(statement)

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit(self, batch: list[_Job]) -> None:
        try:
            if not self._copy_checked:
                self._check_copy()
                self._copy_checked = True
            last = self._together(batch)
        except Exception as error:  # noqa: BLE001 - each job gets its own error, raised in its thread
            if len(batch) == 1:
                batch[0].error = self._named(error)
                return
            for job in batch:
                self._commit([job])
            return
        # On the disk now, never to be run again: what fails from here on only stops the callers.
        failed: OutreachError | None = None
        try:
            if last is not None:
                # Again: of two copies that wrote at once, the one that comes here later stops.
                self._check_copy()
                self.witness.note(*last)
        except OutreachError as error:
            failed = error
        for job in batch:
            job.error = failed

    def _check_copy(self) -> None:
        other = self.witness.news()
        if other is not None and not self.knows(other):
            raise OutreachError(
                f"another copy of {self.name} is sending, or has sent, on this computer: this one "
                "stops before its next letter. Keep the other, which is newer, and put this one "
                "away; if it is lost, `outreach outbox adopt --doubtful`."
            )

    def knows(self, seen: Seen) -> bool:
        """Tell whether this copy holds an event that the witness saw."""
        events = schema.events.c
        with self.read() as connection:
            token = connection.execute(
                select(events.token).where(events.id == seen.event)
            ).scalar_one_or_none()
        return token == seen.token

    def _together(self, batch: list[_Job]) -> tuple[int, str] | None:
        """Commit all of a batch or nothing; give the last event."""
        with self._transaction() as connection:
            # Left by a transaction that was undone: no such event exists.
            take_last_event(connection)
            for job in batch:
                job.result = job.work(connection)
            return take_last_event(connection)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        # A connection to a server is asked before each use whether it still stands.
        if self.path is None:
            with self.engine.begin() as connection:
                yield connection
            return
        # A file keeps one connection for all its transactions, and its driver begins and ends
        # them: through SQLAlchemy a new one costs 80 µs, a transaction 60.
        if self._kept is None:
            self._kept = self.engine.connect().execution_options(outreach_plain=True)
        driver = self._kept.connection.dbapi_connection
        assert driver is not None  # noqa: S101 - it is not detached
        try:
            driver.execute("BEGIN IMMEDIATE")
            yield self._kept
            driver.commit()
        except BaseException:
            driver.rollback()
            raise
        finally:
            # What SQLAlchemy takes for a transaction of its own, where work went through it.
            self._kept.rollback()

    def _named(self, error: BaseException) -> BaseException:
        # Prepared statements raise the driver's errors, others SQLAlchemy's.
        driver = self.engine.dialect.loaded_dbapi
        refused = (IntegrityError, driver.IntegrityError)
        if isinstance(error, (DBAPIError, driver.Error)) and not isinstance(error, refused):
            named = unusable(self.engine.url, error)
            named.__cause__ = error
            return named
        return error


def open_ledger(
    place: Path | str, *, create: bool = False, witness_folder: Path | None = None
) -> Ledger:
    """Open a campaign's ledger, and check that it is sound.

    Args:
        place: a file for SQLite, or a postgresql:// URL.
        create: make it when there is none.
        witness_folder: where this computer keeps witnesses; None takes the user's state folder.

    Raises:
        OutreachError: there is none, it is damaged, of a newer outreach, or in a folder that is
            synchronised.
    """
    if isinstance(place, str) and "://" in place:
        return Ledger(server_engine(place, create=create), None, witness_folder)
    path = Path(place)
    check_place(path.parent)
    if not path.exists():
        if not create:
            raise OutreachError(f"{path} does not exist: nothing is planned; run `outreach plan`.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The letters are personal data: for their owner's eyes only.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            raise OutreachError(f"{path} could not be made: {error.strerror}.") from error
    return Ledger(sqlite_engine(path), path, witness_folder)
