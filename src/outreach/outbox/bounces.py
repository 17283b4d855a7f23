"""Failure reports counted: a letter of which one came back has left, and has not arrived."""

import datetime as dt

from sqlalchemy import Connection, select, update

from outreach.outbox.history import record_event
from outreach.outbox.schema import State, letters, replies, stamp

_IT_LEFT = "a failure report of it came back: it had left"
# From where the ledger believed a letter to be, the moves to `bounced`.
_WAYS = {
    State.WAITING: (State.UNCERTAIN, State.ACCEPTED, State.BOUNCED),
    State.DEFERRED: (State.UNCERTAIN, State.ACCEPTED, State.BOUNCED),
    State.UNCERTAIN: (State.ACCEPTED, State.BOUNCED),
    State.ACCEPTED: (State.BOUNCED,),
}


def count_bounces(connection: Connection, campaign_uid: str, *, now: dt.datetime) -> None:
    """Make bounced every letter of which a proved failure report has been read.

    The report ends the doubt about an uncertain letter: what comes back with our secret or our
    Message-ID has left. One that waits, because somebody thought that it had not arrived, would
    leave a second time. A letter in a sender's hands waits for the server's reply; the next call
    counts it.
    """
    rows = connection.execute(
        select(letters.c.id, letters.c.state).where(
            letters.c.campaign_uid == campaign_uid,
            letters.c.bounce != "",
            letters.c.state.in_(list(_WAYS)),
        )
    ).all()
    for row in rows:
        said = _said(connection, row.id)
        for state in _WAYS[State(row.state)]:
            reason = said if state is State.BOUNCED else _IT_LEFT
            connection.execute(
                update(letters)
                .where(letters.c.id == row.id)
                .values(state=state, reason=reason, owner=None, next_at=None, changed_at=stamp(now))
            )
            record_event(connection, at=stamp(now), state=state, letter_id=row.id, detail=reason)


def _said(connection: Connection, letter_id: int) -> str:
    detail = connection.execute(
        select(replies.c.detail)
        .where(replies.c.letter_id == letter_id, replies.c.kind.like("% bounce"))
        .order_by(replies.c.received_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return detail or ""
