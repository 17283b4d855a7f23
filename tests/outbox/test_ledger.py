"""The ledger: one database, durable, shared commits."""

import datetime as dt
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from outreach.errors import OutreachError
from outreach.outbox.claims import Scope
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.plan import Planned
from outreach.outbox.schema import MOVES, State, events, facts, letters, moment, stamp


def test_two_letters_to_one_recipient_are_refused_by_the_database(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope
) -> None:
    """The constraint, not the program, keeps a second letter to one recipient out."""
    plan(1)

    def double(connection: Connection) -> None:
        row = dict(connection.execute(select(letters)).mappings().one())
        row.update(id=99, address_key="other@example.org", message_id="<x@example.org>", token="t")
        connection.execute(insert(letters).values(**row))

    with pytest.raises(IntegrityError):
        ledger.transact(double)


def test_two_letters_to_one_address_are_refused_by_the_database(
    plan: Callable[..., Planned], ledger: Ledger, scope: Scope
) -> None:
    """The constraint keeps a second letter to one address out."""
    plan(1)

    def double(connection: Connection) -> None:
        row = dict(connection.execute(select(letters)).mappings().one())
        row.update(id=99, recipient_id="PA999999", message_id="<x@example.org>", token="t")
        connection.execute(insert(letters).values(**row))

    with pytest.raises(IntegrityError):
        ledger.transact(double)


@pytest.mark.parametrize("old", list(State))
def test_only_the_drawn_moves_are_possible(
    plan: Callable[..., Planned], ledger: Ledger, old: State
) -> None:
    """For every pair of states the database lets pass exactly what the drawing has."""
    plan(1)
    refused = set()
    for new in State:
        if new is old:
            continue

        with ledger.engine.connect() as connection:
            transaction = connection.begin()
            _put(connection, old)
            try:
                connection.execute(update(letters).values(state=new))
            except DBAPIError:
                refused.add(new)
            transaction.rollback()

    assert refused == set(State) - {old} - set(MOVES[old])


def _put(connection: Connection, state: State) -> None:
    # Around the guard, on purpose: a test must be able to start anywhere.
    if connection.dialect.name == "sqlite":
        guard = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'letters_move'")
        ).scalar_one()
        connection.execute(text("DROP TRIGGER letters_move"))
        connection.execute(update(letters).values(state=state))
        connection.exec_driver_sql(guard)
    else:
        connection.execute(text("ALTER TABLE letters DISABLE TRIGGER letters_move"))
        connection.execute(update(letters).values(state=state))
        connection.execute(text("ALTER TABLE letters ENABLE TRIGGER letters_move"))


def test_an_interruption_amid_a_step_undoes_it(ledger: Ledger) -> None:
    """Ctrl-C in the middle of a transaction leaves nothing of it, and the next one begins anew."""
    at = stamp(dt.datetime.now(dt.UTC))

    def interrupted(connection: Connection) -> None:
        record_event(connection, at=at, state="half done")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.transact(interrupted)
    ledger.transact(lambda connection: record_event(connection, at=at, state="after"))

    with ledger.read() as connection:
        assert connection.execute(select(events.c.state)).scalars().all() == ["after"]


def test_threads_share_commits_and_each_gets_its_own_result(ledger: Ledger) -> None:
    """Work handed in by many threads is all done, and an error reaches only its own thread."""
    results: dict[int, object] = {}

    def run(number: int) -> None:
        def work(connection: Connection) -> int:
            if number == 7:
                raise ValueError("mine alone")
            record_event(connection, at=stamp(dt.datetime.now(dt.UTC)), state=f"test {number}")
            return number

        try:
            results[number] = ledger.transact(work)
        except ValueError as error:
            results[number] = str(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with ledger.read() as connection:
        kept = set(connection.execute(select(events.c.state)).scalars())
    assert results == {number: number if number != 7 else "mine alone" for number in range(40)}
    assert kept == {f"test {number}" for number in range(40) if number != 7}


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until it is so, or fail."""
    for _ in range(5000):
        if condition():
            return
        time.sleep(0.001)
    raise TimeoutError


def held(ledger: Ledger) -> tuple[threading.Event, threading.Thread]:
    """Keep the ledger busy in a thread, so that others wait for its next commit, until told."""
    begun, go_on = threading.Event(), threading.Event()

    def work(_: Connection) -> None:
        begun.set()
        go_on.wait(10)

    thread = threading.Thread(target=ledger.transact, args=(work,))
    thread.start()
    begun.wait(10)
    return go_on, thread


def test_an_interrupted_commit_is_told_to_all_who_waited_for_it(
    ledger: Ledger, now: dt.datetime
) -> None:
    """Of three steps committed together one is interrupted: nobody believes that theirs was written."""
    told: dict[str, BaseException | None] = {}

    def write(connection: Connection, name: str) -> None:
        record_event(connection, at=stamp(now), state=name)
        if name == "interrupted":
            raise KeyboardInterrupt

    def call(name: str) -> None:
        told[name] = None
        try:
            ledger.transact(partial(write, name=name))
        except BaseException as error:  # noqa: BLE001 - an interruption is what is looked for
            told[name] = error

    go_on, busy = held(ledger)
    threads = [
        threading.Thread(target=call, args=(name,)) for name in ("first", "interrupted", "last")
    ]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        wait_for(lambda: len(ledger._jobs) == number)  # noqa: B023 - called at once
    go_on.set()
    for thread in [busy, *threads]:
        thread.join(10)

    assert {type(error) for error in told.values()} == {KeyboardInterrupt, OutreachError}
    with ledger.read() as connection:
        assert connection.execute(select(events.c.state)).all() == []
    ledger.transact(partial(record_event, at=stamp(now), state="later"))


def test_who_is_interrupted_while_waiting_keeps_nobody_else_waiting(
    ledger: Ledger, now: dt.datetime
) -> None:
    """Ctrl-C in a caller that waits for another's commit: later callers are served."""
    go_on, busy = held(ledger)
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        ledger.transact(partial(record_event, at=stamp(now), state="never"))
    go_on.set()
    busy.join(10)

    later = threading.Thread(
        target=ledger.transact,
        args=(partial(record_event, at=stamp(now), state="later"),),
        daemon=True,
    )
    later.start()
    later.join(10)

    assert not later.is_alive()
    with ledger.read() as connection:
        assert connection.execute(select(events.c.state)).scalars().all() == ["later"]


def test_what_is_written_is_not_written_again_when_the_witness_fails(
    ledger: Ledger, now: dt.datetime
) -> None:
    """The witness's folder is gone: all callers are stopped, and each step is there once."""
    told: list[str] = []

    def write(connection: Connection, number: int) -> None:
        record_event(connection, at=stamp(now), state=f"step {number}")
        if number == 2:
            ledger.witness.close()
            ledger.witness.path.unlink(missing_ok=True)
            ledger.witness.path.mkdir(parents=True)

    def call(number: int) -> None:
        try:
            ledger.transact(partial(write, number=number))
        except OutreachError as error:
            told.append(str(error))

    go_on, busy = held(ledger)
    threads = [threading.Thread(target=call, args=(number,)) for number in range(3)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        wait_for(lambda: len(ledger._jobs) == number)  # noqa: B023 - called at once
    go_on.set()
    for thread in [busy, *threads]:
        thread.join(10)

    assert len(told) == 3
    with ledger.read() as connection:
        states = connection.execute(select(events.c.state)).scalars().all()
    assert sorted(states) == ["step 0", "step 1", "step 2"]


def test_senders_that_write_together_share_their_commits(
    ledger: Ledger, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four threads of twenty steps each make twenty commits, and lose no step."""
    # However slow this machine is: company is waited for longer than the half millisecond.
    monkeypatch.setattr("outreach.outbox.ledger._COMPANY_S", 30.0)
    # Each commit ends with a word to the witness.
    commits = 0
    note = ledger.witness.note

    def counted(event: int, token: str) -> None:
        nonlocal commits
        commits += 1
        note(event, token)

    monkeypatch.setattr(ledger.witness, "note", counted)

    def run(number: int) -> None:
        for step in range(20):
            name = f"{number}.{step}"
            ledger.transact(partial(record_event, at=stamp(now), state=name))

    ledger.senders = 4
    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with ledger.read() as connection:
        kept = connection.execute(select(func.count(events.c.state.distinct()))).scalar_one()
    assert kept == 80
    assert commits == 20


def test_one_transaction_holds_all_that_its_work_writes(ledger: Ledger, now: dt.datetime) -> None:
    """Statements run by the driver and by SQLAlchemy are kept together, and undone together."""

    def write(connection: Connection, name: str, then: BaseException | None) -> None:
        record_event(connection, at=stamp(now), state=name)
        connection.execute(insert(facts).values(key=name, value=""))
        record_event(connection, at=stamp(now), state=name)
        if then is not None:
            raise then

    ledger.transact(partial(write, name="first", then=None))
    with pytest.raises(LookupError):
        ledger.transact(partial(write, name="undone", then=LookupError()))
    ledger.transact(partial(write, name="last", then=None))

    with ledger.read() as connection:
        kept = connection.execute(select(events.c.state).order_by(events.c.id)).scalars().all()
        named = connection.execute(select(facts.c.key).where(facts.c.value == "")).scalars().all()
    assert kept == ["first", "first", "last", "last"]
    assert sorted(named) == ["first", "last"]


def test_an_undone_transaction_leaves_no_event_with_the_witness(
    ledger: Ledger, now: dt.datetime
) -> None:
    """The witness only knows events that are in the ledger."""

    def fail(connection: Connection) -> None:
        record_event(connection, at=stamp(now), state="phantom")
        raise LookupError

    with pytest.raises(LookupError):
        ledger.transact(fail)
    ledger.transact(lambda connection: connection.execute(select(facts)).all())

    assert ledger.witness.read() is None


def test_the_sqlite_file_is_as_durable_as_the_promise_needs(tmp_path: Path) -> None:
    """WAL, synchronous FULL, strict tables, our application id, for the owner's eyes only."""
    with (
        open_ledger(tmp_path / "outbox.sqlite", create=True) as ledger,
        ledger.read() as connection,
    ):
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id")
        }
        strict = connection.execute(
            text("SELECT min(strict) FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'")
        ).scalar_one()

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": 0x4F555452,
    }
    assert strict == 1
    assert (tmp_path / "outbox.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["Et les EHPAD ?", "100%20", "a#b&c=d", "l’été"])
def test_the_outbox_lies_where_its_path_says(tmp_path: Path, name: str) -> None:
    """A folder whose name has a meaning in URLs holds its outbox, and nothing is made beside it."""
    place = tmp_path / name / "outbox.sqlite"

    with open_ledger(place, create=True, witness_folder=tmp_path / "witness"):
        pass

    assert place.stat().st_size > 0
    assert {path.name for path in tmp_path.iterdir()} <= {name, "witness"}
    assert [path.name for path in place.parent.iterdir()] == ["outbox.sqlite"]


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    """After a clean end the outbox is one file that can be copied."""
    ledger = open_ledger(tmp_path / "outbox.sqlite", create=True)

    ledger.close()

    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["outbox.sqlite"]


def test_another_database_is_not_taken_for_an_outbox(tmp_path: Path) -> None:
    """A file of another program is refused in words, and left as it is."""
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE things (x)")
    connection.close()

    with pytest.raises(OutreachError, match="is a database, but not an outbox"):
        open_ledger(other)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Nothing is sent from an outbox whose pages are damaged."""
    path = tmp_path / "outbox.sqlite"
    open_ledger(path, create=True).close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * len(data[4096:])
    path.write_bytes(bytes(data))

    with pytest.raises(OutreachError, match=r"damaged|cannot be used"):
        open_ledger(path)


def test_no_outbox_yet_says_what_to_run(ledger_place: Path | str) -> None:
    """Before the first plan the refusal names the command."""
    with pytest.raises(OutreachError, match="outreach plan"):
        open_ledger(ledger_place)


def test_an_unreachable_server_is_said_without_the_password() -> None:
    """A team's outbox that does not answer is named, its password is not."""
    with pytest.raises(OutreachError) as refusal:
        open_ledger("postgresql://someone:s3cret@127.0.0.1:1/outbox")

    assert "127.0.0.1:1" in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_a_read_only_outbox_refuses_to_change(tmp_path: Path) -> None:
    """A ledger that cannot be written is a refusal with a remedy, before anything leaves."""
    path = tmp_path / "outbox.sqlite"
    open_ledger(path, create=True).close()

    with open_ledger(path) as ledger:
        with ledger.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.commit()
        with pytest.raises(OutreachError, match="cannot be used"):
            ledger.transact(lambda c: c.execute(insert(facts).values(key="a", value="b")))


def test_a_full_disk_keeps_nothing_by_halves(tmp_path: Path, now: dt.datetime) -> None:
    """At the moment the disk is full the transaction is undone and said."""
    with open_ledger(tmp_path / "outbox.sqlite", create=True) as ledger:
        with ledger.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            connection.commit()

        def fill(connection: Connection) -> None:
            for _ in range(1000):
                record_event(connection, at=stamp(now), state="test", detail="x" * 500)

        with pytest.raises(OutreachError, match="free some space"):
            ledger.transact(fill)
        with ledger.read() as connection:
            kept = connection.execute(select(func.count()).select_from(events)).scalar_one()

    assert kept == 0


def test_moments_survive_the_ledger(now: dt.datetime) -> None:
    """A time is written in UTC and read back the same, microseconds included."""
    paris = dt.timezone(dt.timedelta(hours=1))
    given = now.replace(microsecond=7).astimezone(paris)

    assert moment(stamp(given)) == given
    with pytest.raises(ValueError, match="time zone"):
        stamp(dt.datetime(2026, 11, 23))  # noqa: DTZ001 - the fault under test


def test_a_ledger_of_another_version_is_refused(
    ledger: Ledger, ledger_place: Path | str, tmp_path: Path
) -> None:
    """An outbox that a newer outreach wrote is not touched."""
    ledger.transact(
        lambda c: c.execute(update(facts).where(facts.c.key == "schema_version").values(value="99"))
    )

    with pytest.raises(OutreachError, match="another version"):
        open_ledger(ledger_place, witness_folder=tmp_path / "witness")
