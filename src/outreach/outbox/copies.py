"""Telling the newest copy of an outbox from an older one, and what to do with an older one."""

import datetime as dt
from collections import Counter

from sqlalchemy import Connection, func, select, update

from outreach.errors import OutreachError
from outreach.outbox.claims import Scope
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.schema import State, events, letters, stamp

_DOUBT = "the outbox was put back from an older copy: it may have left meanwhile"
# Claimed ones too: the next sender would put them back among those that wait.
_MAY_LEAVE = (State.WAITING, State.DEFERRED, State.CLAIMED, State.COMMITTING)


def check_newest(ledger: Ledger) -> None:
    """Refuse to send from a copy that this computer knows to be old, or does not know at all.

    Raises:
        OutreachError: the witness saw an event that this copy lacks; or letters have left from
            this outbox file, but not from this computer.
    """
    seen = ledger.witness.read()
    with ledger.read() as connection:
        if seen is None:
            if ledger.path is not None and _sent(connection):
                raise OutreachError(
                    f"letters have left from {ledger.name}, but not from this computer: nothing "
                    "tells whether it is the newest copy. If it is, and the others are put away, "
                    "run `outreach outbox adopt --newest`; if you do not know, `outreach outbox "
                    "adopt --doubtful`, which calls what waits uncertain."
                )
            return
    if not ledger.knows(seen):
        raise OutreachError(
            f"{ledger.name} is an older copy: this computer has seen letters leave that it does "
            "not know of, and would send them again. Put the newest copy back; if it is lost, "
            "`outreach outbox adopt --doubtful` calls everything that waits uncertain, for you to "
            "compare with the Sent folder."
        )


def adopt(ledger: Ledger, *, doubtful: bool, now: dt.datetime) -> Counter[Scope]:
    """Take this copy as the newest from now on.

    Args:
        ledger: open, and nobody sends from it.
        doubtful: it is, or may be, an older copy: nothing that waits in it may leave by itself.
        now: the present.

    Returns:
        Of which waves, of whatever campaigns, how many letters became uncertain.
    """

    def work(connection: Connection) -> Counter[Scope]:
        # What is vouched for is the file, so its other campaigns and waves are doubted too.
        doubted = _doubt(connection, now) if doubtful else Counter[Scope]()
        record_event(connection, at=stamp(now), state="adopted")
        return doubted

    ledger.witness.take_over()
    return ledger.transact(work)


def _doubt(connection: Connection, now: dt.datetime) -> Counter[Scope]:
    rows = connection.execute(
        update(letters)
        .where(letters.c.state.in_(_MAY_LEAVE))
        .values(
            state=State.UNCERTAIN,
            reason=_DOUBT,
            owner=None,
            lease_until=None,
            next_at=None,
            changed_at=stamp(now),
        )
        .returning(letters.c.id, letters.c.campaign_uid, letters.c.wave)
    ).all()
    for row in rows:
        record_event(
            connection, at=stamp(now), state=State.UNCERTAIN, letter_id=row.id, detail=_DOUBT
        )
    return Counter(Scope(row.campaign_uid, row.wave) for row in rows)


def _sent(connection: Connection) -> bool:
    return bool(
        connection.execute(
            select(func.count()).select_from(events).where(events.c.state == State.COMMITTING)
        ).scalar_one()
    )
