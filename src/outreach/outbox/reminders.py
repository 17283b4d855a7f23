"""Reminders that wait but are no longer due: who has answered, or was not reached, gets none."""

import datetime as dt

from sqlalchemy import Connection, select

from outreach.outbox.claims import Scope
from outreach.outbox.plan import hold
from outreach.outbox.plan_rows import SENDABLE
from outreach.outbox.schema import letters
from outreach.outbox.standing import NO_REMINDER, earlier_letters


def hold_undue(connection: Connection, scope: Scope, *, now: dt.datetime) -> int:
    """Hold a wave's letters to whom earlier_letters() says are not to be reminded.

    Planning leaves them out already; this is for what came back since. Planning again with
    `--replace` lets a held one go whose reason is gone.

    Returns:
        How many were held.
    """
    rows = connection.execute(
        select(letters.c.id, letters.c.recipient_id).where(
            letters.c.campaign_uid == scope.campaign_uid,
            letters.c.wave == scope.wave,
            letters.c.state.in_(SENDABLE),
        )
    ).all()
    earlier = earlier_letters(connection, scope) if rows else {}
    count = 0
    for row in rows:
        before = earlier.get(row.recipient_id)
        if before is not None and not before.remind:
            count += hold(connection, row.id, NO_REMINDER + before.reason, now=now)
    return count


def hold_undue_to(
    connection: Connection, campaign_uid: str, recipient_id: str, *, now: dt.datetime
) -> int:
    """Do so in every wave in which a letter to this recipient waits."""
    waves = connection.execute(
        select(letters.c.wave).where(
            letters.c.campaign_uid == campaign_uid,
            letters.c.recipient_id == recipient_id,
            letters.c.state.in_(SENDABLE),
        )
    ).scalars()
    return sum(hold_undue(connection, Scope(campaign_uid, wave), now=now) for wave in waves.all())
