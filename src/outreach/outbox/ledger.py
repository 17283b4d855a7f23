"""The ledger: one database that knows where each letter stands.

SQLite in the campaign's folder (WAL, synchronous FULL: a commit is on the disk before the next
step), or PostgreSQL by URL for a team. Everything that changes a letter goes through transact(),
and concurrent callers share its commits: four connections cost about one sync, not four.
"""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from outreach.errors import OutreachError
from outreach.outbox import schema
from outreach.outbox.places import check_place
from outreach.outbox.prepared import Prepared
from outreach.outbox.witness import Witness

Result = TypeVar("Result")


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    result: Any = None
    error: BaseException | None = None
    finished: bool = False


class Ledger:
    """An open ledger. Threads may share it; processes each open their own.

    Attributes:
        uid: random, made with the ledger.
        path: the SQLite file, None on PostgreSQL.
    """

    def __init__(self, engine: Engine, path: Path | None, witness_folder: Path | None) -> None:
        self.engine = engine
        self.path = path
        with self.read() as connection:
            self.uid: str = connection.execute(
                select(schema.facts.c.value).where(schema.facts.c.key == "uid")
            ).scalar_one()
        self.witness = Witness(self.uid, witness_folder)
        self._jobs: list[_Job] = []
        self._turn = threading.Condition()
        self._writing = False
        self._kept: Connection | None = None

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
            raise _unusable(self.engine.url, error) from error

    def transact(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work`` in a transaction; when this returns, its changes are on the disk.

        The first caller commits for all that came meanwhile. Work that raises is undone alone;
        it may be run a second time for that, so it must change nothing but the ledger.

        Raises:
            OutreachError: the ledger cannot be written (disk full, read-only, server gone);
                nothing of ``work`` is kept.
        """
        job = _Job(work)
        with self._turn:
            self._jobs.append(job)
            while self._writing and not job.finished:
                self._turn.wait()
            batch: list[_Job] = []
            if not job.finished:
                batch, self._jobs, self._writing = self._jobs, [], True
        if batch:
            try:
                self._commit(batch)
            finally:
                with self._turn:
                    self._writing = False
                    for one in batch:
                        one.finished = True
                    self._turn.notify_all()
        if job.error is not None:
            raise job.error
        result: Result = job.result
        return result

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
            self._together(batch)
        except Exception as error:  # noqa: BLE001 - each job gets its own error, raised in its thread
            if len(batch) == 1:
                batch[0].error = self._named(error)
                return
            for job in batch:
                self._commit([job])

    def _together(self, batch: list[_Job]) -> None:
        with self._to_write() as connection, connection.begin():
            # Left by a transaction that was undone: no such event exists.
            connection.info.pop("outreach_last_event", None)
            for job in batch:
                job.result = job.work(connection)
            last = connection.info.pop("outreach_last_event", None)
        if last is not None:
            self.witness.note(*last)

    @contextmanager
    def _to_write(self) -> Iterator[Connection]:
        # A file keeps one connection for all its transactions, which saves 80 µs a letter; one to
        # a server is asked before each use whether it still stands.
        if self.path is None:
            with self.engine.connect() as connection:
                yield connection
            return
        if self._kept is None:
            self._kept = self.engine.connect()
        yield self._kept

    def _named(self, error: BaseException) -> BaseException:
        # Prepared statements raise the driver's errors, others SQLAlchemy's.
        driver = self.engine.dialect.loaded_dbapi
        refused = (IntegrityError, driver.IntegrityError)
        if isinstance(error, (DBAPIError, driver.Error)) and not isinstance(error, refused):
            named = _unusable(self.engine.url, error)
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
        return _open_server(place, create, witness_folder)
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


def sqlite_engine(path: Path, synchronous: str = "FULL", **options: Any) -> Engine:
    """Make an engine on a sound SQLite ledger, its tables made when the file is new.

    Args:
        path: the file; it exists.
        synchronous: FULL, which the promise needs; tests show what NORMAL loses.
        options: for SQLAlchemy's create_engine.
    """
    engine = create_engine(f"sqlite:///{path}", **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        # Transactions are ours: the driver would begin them late, and as readers.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "fullfsync=ON",
            "checkpoint_fullfsync=ON",
            "foreign_keys=ON",
            "trusted_schema=OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("outreach_plain"):
            reads = options.get("outreach_reads")
            connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    try:
        _sound_sqlite(engine, path)
    except DBAPIError as error:
        engine.dispose()
        raise _unusable(engine.url, error) from error
    except OutreachError:
        engine.dispose()
        raise
    return engine


_ADD_EVENT = Prepared(
    insert(schema.events)
    .values(
        {
            name: bindparam(name)
            for name in ("at", "state", "letter_id", "domain", "owner", "code", "detail", "token")
        }
    )
    .returning(schema.events.c.id)
)


def record_event(
    connection: Connection,
    *,
    at: str,
    state: str,
    letter_id: int | None = None,
    domain: str = "",
    owner: str | None = None,
    code: int | None = None,
    detail: str = "",
) -> None:
    """Add one line to the history; the witness notes it after the commit."""
    token = secrets.token_hex(8)
    [(number,)] = _ADD_EVENT.rows(
        connection,
        at=at,
        state=state,
        letter_id=letter_id,
        domain=domain,
        owner=owner,
        code=code,
        detail=detail,
        token=token,
    )
    connection.info["outreach_last_event"] = (number, token)


def _open_server(url: str, create: bool, witness_folder: Path | None) -> Ledger:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise OutreachError(
                f"an outbox is a file or a postgresql:// URL, not {parsed.get_backend_name()}."
            )
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise OutreachError(
            f"the outbox's URL cannot be used: {error}. PostgreSQL needs `pip install "
            "'outreach[postgresql]'`."
        ) from error
    try:
        _sound_server(engine, create)
    except DBAPIError as error:
        engine.dispose()
        raise _unusable(parsed, error) from error
    except OutreachError:
        engine.dispose()
        raise
    return Ledger(engine, None, witness_folder)


def _sound_server(engine: Engine, create: bool) -> None:
    with engine.begin() as connection:
        # One at a time: two computers may plan the first campaign at once.
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": schema.APPLICATION_ID}
        )
        if not inspect(connection).has_table("facts"):
            if not create:
                raise OutreachError("no outbox is there yet: run `outreach plan`.")
            _make_tables(connection)
        _check_version(connection, engine.url.render_as_string(hide_password=True))


def _sound_sqlite(engine: Engine, path: Path) -> None:
    with engine.connect().execution_options(outreach_reads=True) as connection:
        tables = inspect(connection).get_table_names()
        application = connection.execute(text("PRAGMA application_id")).scalar_one()
    if not tables:
        with engine.begin() as connection:
            if not inspect(connection).has_table("facts"):
                _make_tables(connection)
                connection.execute(text(f"PRAGMA application_id = {schema.APPLICATION_ID}"))
    elif application != schema.APPLICATION_ID:
        raise OutreachError(f"{path} is a database, but not an outbox; name another file.")
    with engine.connect().execution_options(outreach_reads=True) as connection:
        _check_version(connection, str(path))
        found = connection.execute(text("PRAGMA quick_check(5)")).scalars().all()
    if found != ["ok"]:
        raise OutreachError(
            f"{path} is damaged; send nothing with it. Put back a backup, then see "
            "`outreach outbox adopt`.",
            found,
        )


def _make_tables(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    connection.execute(
        insert(schema.moves),
        [{"old": old, "new": new} for old, news in schema.MOVES.items() for new in news],
    )
    connection.execute(
        insert(schema.facts),
        [
            {"key": "uid", "value": secrets.token_hex(16)},
            {"key": "schema_version", "value": str(schema.SCHEMA_VERSION)},
        ],
    )


def _check_version(connection: Connection, name: str) -> None:
    version = connection.execute(
        select(schema.facts.c.value).where(schema.facts.c.key == "schema_version")
    ).scalar_one()
    if int(version) != schema.SCHEMA_VERSION:
        raise OutreachError(
            f"{name} was written by another version of outreach (its form {version}, ours "
            f"{schema.SCHEMA_VERSION}); use that version."
        )


def _unusable(url: URL, error: Exception) -> OutreachError:
    name = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
    said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    remedy = "nothing that is not recorded leaves"
    if "full" in said:
        remedy = "free some space and run the command again; " + remedy
    elif "readonly" in said or "read-only" in said:
        remedy = "give yourself the right to write there; " + remedy
    elif "locked" in said:
        remedy = "another program holds it; close it and run the command again"
    return OutreachError(f"the outbox {name} cannot be used: {said}; {remedy}.")
