"""Letters that a sender held when it ended, however it ended."""

import datetime as dt

from sqlalchemy import Connection, and_, update

from outreach.outbox.claims import Claim
from outreach.outbox.history import record_event
from outreach.outbox.schema import State, letters, stamp


def give_back(connection: Connection, taken: Claim, *, now: dt.datetime) -> None:
    """Let go of a letter that was claimed and is not to be offered: it waits as before."""
    connection.execute(
        update(letters)
        .where(letters.c.id == taken.letter_id, letters.c.owner == taken.owner)
        .values(state=State.WAITING, owner=None, lease_until=None, changed_at=stamp(now))
    )
    record_event(
        connection,
        at=stamp(now),
        state=State.WAITING,
        letter_id=taken.letter_id,
        owner=taken.owner,
        detail="given back before it was offered",
    )


def recover(connection: Connection, *, now: dt.datetime, alone: bool) -> dict[State, int]:
    """Put letters of senders that are gone where they belong.

    Args:
        connection: of Ledger.transact().
        now: the present.
        alone: we hold the outbox's lock, so every other owner is gone. Otherwise only leases
            that have run out count, and an uncertain letter stays open to its owner's answer.

    Returns:
        How many went back to waiting (the dot had not left) and to uncertain (it may have).
    """
    found = {}
    for old, new, reason in (
        (State.CLAIMED, State.WAITING, "the sender stopped before the final dot"),
        (
            State.COMMITTING,
            State.UNCERTAIN,
            "the sender stopped between the final dot and the reply",
        ),
    ):
        gone = letters.c.state == old
        if not alone:
            gone = and_(gone, letters.c.lease_until < stamp(now))
        rows = connection.execute(
            update(letters)
            .where(gone)
            .values(state=new, reason=reason, lease_until=None, changed_at=stamp(now))
            .returning(letters.c.id, letters.c.owner)
        ).all()
        for row in rows:
            record_event(
                connection,
                at=stamp(now),
                state=new,
                letter_id=row.id,
                owner=row.owner,
                detail=reason,
            )
        found[new] = len(rows)
    return found
