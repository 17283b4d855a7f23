"""The two databases a ledger may be kept in, opened and checked.

SQLite: WAL and synchronous FULL, so that a commit is on the disk before the next step.
PostgreSQL: as it comes, synchronous_commit on.
"""

import os
import secrets
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from outreach.errors import OutreachError
from outreach.outbox import schema


def sqlite_engine(path: Path, synchronous: str = "FULL", **options: Any) -> Engine:
    """Make an engine on a sound SQLite ledger, its tables made when the file is new.

    Args:
        path: the file; it exists.
        synchronous: FULL, which the promise needs; tests show what NORMAL loses.
        options: for SQLAlchemy's create_engine.

    Where this user may not write, the engine only reads: `status` and `report` need no more.
    """
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    sealed = path.exists() and not writable
    if sealed:
        options["creator"] = lambda: _reader(path)
    # Not as text: a folder named "Et les EHPAD ?" would end at its question mark.
    engine = create_engine(URL.create("sqlite", database=str(path)), **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        # Transactions are ours: the driver would begin them late, and as readers.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=10000",
            *([] if sealed else ["journal_mode=WAL"]),
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
        raise unusable(engine.url, error) from error
    except OutreachError:
        engine.dispose()
        raise
    return engine


def _reader(path: Path) -> sqlite3.Connection:
    # Even a reader makes files beside a ledger in WAL mode, unless it is told that nothing changes
    # there. That is so while there is no log that holds more than the ledger does.
    log = path.with_name(f"{path.name}-wal")
    settled = not (log.exists() and log.stat().st_size)
    query = "mode=ro&immutable=1" if settled else "mode=ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{query}", uri=True, check_same_thread=False)


def server_engine(url: str, *, create: bool) -> Engine:
    """Make an engine on a team's ledger.

    Args:
        url: postgresql://…
        create: make its tables when there are none.

    Raises:
        OutreachError: the URL is no PostgreSQL's, the server cannot be reached, or there is no
            outbox and none is to be made.
    """
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
        raise unusable(parsed, error) from error
    except OutreachError:
        engine.dispose()
        raise
    return engine


def unusable(url: URL, error: Exception) -> OutreachError:
    """Say in words why a ledger cannot be used, and what to do about it."""
    name = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
    said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    remedy = "nothing that is not recorded leaves"
    # SQLite says "disk I/O error" when there is no room even for its log.
    if "full" in said or "I/O error" in said:
        remedy = "free some space and run the command again; " + remedy
    elif "readonly" in said or "read-only" in said:
        remedy = "give yourself the right to write there; " + remedy
    elif "locked" in said:
        remedy = "another program holds it; close it and run the command again"
    return OutreachError(f"the outbox {name} cannot be used: {said}; {remedy}.")


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
