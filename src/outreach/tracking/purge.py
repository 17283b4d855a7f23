"""Forgetting: texts and personal data of a campaign that is over; the counts stay."""

import datetime as dt

from sqlalchemy import Connection, case, delete, func, select, update

from outreach.errors import OutreachError
from outreach.outbox.history import record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.plan import CANCELLED
from outreach.outbox.schema import (
    State,
    contents,
    events,
    letters,
    moment,
    plans,
    replies,
    stamp,
    tails,
)

_OPEN = (State.WAITING, State.DEFERRED, State.CLAIMED, State.COMMITTING, State.UNCERTAIN)


def purge_date(connection: Connection, campaign_uid: str, days: int) -> dt.datetime | None:
    """Give the date from which a campaign is to be purged: so many days after its last letter."""
    last = connection.execute(
        select(func.max(letters.c.changed_at)).where(letters.c.campaign_uid == campaign_uid)
    ).scalar_one()
    return None if last is None else moment(last) + dt.timedelta(days=days)


def purge(ledger: Ledger, campaign_uid: str, *, now: dt.datetime) -> int:
    """Remove texts, names, addresses and replies of a campaign; keep states, dates and places.

    Official ids stay: they are public, and keep a second letter impossible. That a person
    cancelled a letter stays too.

    Returns:
        How many letters were emptied.

    Raises:
        OutreachError: letters wait or are in doubt: decide about them first.
    """

    def work(connection: Connection) -> int:
        mine = letters.c.campaign_uid == campaign_uid
        ids = select(letters.c.id).where(mine)
        open_ones = connection.execute(
            select(func.count()).select_from(letters).where(mine, letters.c.state.in_(_OPEN))
        ).scalar_one()
        if open_ones:
            raise OutreachError(
                f"{open_ones} letters still wait or are in doubt; cancel or resolve them first "
                "(`outreach outbox`)."
            )
        count = connection.execute(
            update(letters)
            .where(mine)
            .values(
                name="",
                address="purged",
                address_key=None,
                subject="",
                reply=None,
                # A person's "no" outlives the texts: planning knows it by these words.
                reason=case((letters.c.reason.startswith(CANCELLED), CANCELLED), else_=""),
                owner=None,
            )
        ).rowcount
        connection.execute(delete(contents).where(contents.c.letter_id.in_(ids)))
        used = select(contents.c.tail_digest).where(contents.c.tail_digest.is_not(None))
        connection.execute(delete(tails).where(tails.c.digest.not_in(used)))
        connection.execute(delete(replies).where(replies.c.letter_id.in_(ids)))
        connection.execute(
            update(events).where(events.c.letter_id.in_(ids)).values(detail="", owner=None)
        )
        connection.execute(
            update(plans).where(plans.c.campaign_uid == campaign_uid).values(purged_at=stamp(now))
        )
        record_event(connection, at=stamp(now), state="purged", detail=campaign_uid)
        return count

    return ledger.transact(work)
