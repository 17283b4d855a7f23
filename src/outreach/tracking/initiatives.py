"""Counts for the HATVP's register of interest representatives; no name is in them.

Its rules count initiatives towards public officials within twelve months. A letter counts on the
day on which it left, whatever came back later; letters on paper are not known here. Where the
outbox has not seen a letter leave (an older copy was put back, a person said that it arrived), it
counts on the first day on which the outbox knew that it may have left.
"""

from collections import Counter

from sqlalchemy import Connection, case, func, select

from outreach.outbox.schema import State, events, letters, plans
from outreach.spreadsheets import Cell

COLUMNS = ("date", "category", "subject", "wave", "initiatives")
_CATEGORIES = {"assemblee": "députés", "senat": "sénateurs"}


def initiatives(connection: Connection, campaign_uid: str | None = None) -> list[dict[str, Cell]]:
    """Count the letters that left: per day (UTC), category of recipients, and subject.

    Args:
        connection: of Ledger.read().
        campaign_uid: None for all the campaigns of this outbox.
    """
    seen_leaving = func.max(case((events.c.state == State.COMMITTING, events.c.at)))
    left = (
        select(
            events.c.letter_id,
            func.coalesce(seen_leaving, func.min(events.c.at)).label("at"),
        )
        .where(events.c.state.in_([State.COMMITTING, State.UNCERTAIN, State.ACCEPTED]))
        .group_by(events.c.letter_id)
        .subquery()
    )
    query = (
        select(left.c.at, letters.c.chamber, letters.c.wave, plans.c.campaign_name)
        .select_from(
            letters.join(left, left.c.letter_id == letters.c.id).join(
                plans,
                (plans.c.campaign_uid == letters.c.campaign_uid) & (plans.c.wave == letters.c.wave),
            )
        )
        .where(letters.c.state.in_([State.ACCEPTED, State.BOUNCED]))
    )
    if campaign_uid is not None:
        query = query.where(letters.c.campaign_uid == campaign_uid)
    counted = Counter(
        (row.at[:10], _CATEGORIES.get(row.chamber, row.chamber), row.campaign_name, row.wave)
        for row in connection.execute(query)
    )
    return [
        dict(zip(COLUMNS, (*key, count), strict=True)) for key, count in sorted(counted.items())
    ]
