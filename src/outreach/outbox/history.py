"""The ledger's history: one line for each thing that happened, never changed again."""

import os

from sqlalchemy import Connection, and_, bindparam, insert, or_, select

from outreach.outbox.prepared import Prepared
from outreach.outbox.schema import State, events

# A line that says that the computer's clock was set back.
CLOCK_MOVED = "clock"
_LAST = "outreach_last_event"
_ADD_EVENT = Prepared(
    insert(events)
    .values(
        {
            name: bindparam(name)
            for name in ("at", "state", "letter_id", "domain", "owner", "code", "detail", "token")
        }
    )
    .returning(events.c.id)
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
    token = os.urandom(8).hex()
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
    connection.info[_LAST] = (number, token)


def take_last_event(connection: Connection) -> tuple[int, str] | None:
    """Give number and token of the last event recorded over this connection, and forget it."""
    last: tuple[int, str] | None = connection.info.pop(_LAST, None)
    return last


def claim_times(connection: Connection, count: int, domain: str = "") -> list[tuple[str, str]]:
    """Give (state, time) of the newest claims and clock moves, newest first, at most ``count``."""
    kind = events.c.state == State.CLAIMED
    if domain:
        kind = and_(kind, events.c.domain == domain)
    rows = connection.execute(
        select(events.c.state, events.c.at)
        .where(or_(kind, events.c.state == CLOCK_MOVED))
        .order_by(events.c.id.desc())
        .limit(count)
    )
    return [(row.state, row.at) for row in rows]
