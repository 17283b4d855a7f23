"""How fast letters leave: counted in the ledger, so that it holds from one run to the next.

A limit of 100 an hour means at most 100 in any 60 minutes, whoever started what when, and
whatever was done to the computer's clock in between.
"""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from outreach.delivery.calendar import next_open
from outreach.outbox.claims import Scope
from outreach.outbox.history import CLOCK_MOVED, claim_times, record_event
from outreach.outbox.ledger import Ledger
from outreach.outbox.schema import events, moment, plans, stamp
from outreach.sending import Pace

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
# A newest event this far ahead means that the clock was set back, not that it drifts.
_DRIFT = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opening:
    """When the next letter may leave.

    Attributes:
        at: UTC; None when the campaign's last day, by the pace's time zone, is over.
        closed_domains: recipients' domains that must wait; reopen_at: when the first opens.
    """

    at: dt.datetime | None
    closed_domains: tuple[str, ...] = ()
    reopen_at: dt.datetime | None = None


def opening(
    connection: Connection,
    scope: Scope,
    pace: Pace,
    *,
    now: dt.datetime,
    last_day: dt.date | None = None,
    jitter: random.Random | None = None,
) -> Opening:
    """Tell when the next letter may leave, from what the ledger says has left.

    Within Ledger.transact() on PostgreSQL it also makes other senders wait their turn, so that
    together they keep the pace.
    """
    if _limits(pace) or pace.per_domain_hour:
        connection.execute(
            select(plans.c.code).where(plans.c.campaign_uid == scope.campaign_uid).with_for_update()
        ).all()
    past = past_times(connection, pace, now)
    at = earliest(past[""], pace, now, jitter)
    # The day of who set the last one: in Paris it is over an hour or two before Greenwich's.
    if last_day is not None and at.astimezone(ZoneInfo(pace.time_zone)).date() > last_day:
        return Opening(None)
    closed = closed_domains(past, pace, now)
    return Opening(at, tuple(closed), min(closed.values(), default=None))


def past_times(
    connection: Connection, pace: Pace, now: dt.datetime
) -> dict[str, list[dt.datetime]]:
    """Give when the letters that count for the pace left, newest first: by domain; "" for all."""
    wanted = {"": max((limit for limit, _ in _limits(pace)), default=0), **pace.per_domain_hour}
    return {
        domain: _corrected(connection, limit, domain, now) if limit else []
        for domain, limit in wanted.items()
    }


def earliest(
    times: Sequence[dt.datetime],
    pace: Pace,
    now: dt.datetime,
    jitter: random.Random | None = None,
) -> dt.datetime:
    """Tell when the next letter may leave after those that left at ``times`` (newest first)."""
    at = now
    for limit, window in _limits(pace):
        if len(times) >= limit:
            at = max(at, times[limit - 1] + window)
    if times:
        # Spread over the minute and the hour instead of leaving in bursts.
        gap = max(
            (window / limit for limit, window in _limits(pace) if window < DAY),
            default=dt.timedelta(0),
        )
        # Drawn again at each look, so the late draws weigh more: measured, a letter leaves 0.97 (four
        # connections) to 1.03 (one) of a gap after the one before it.
        share = 1.0 if jitter is None else jitter.uniform(0.6, 1.2)
        at = max(at, times[0] + share * gap)
    return next_open(pace, at)


def closed_domains(
    past: Mapping[str, Sequence[dt.datetime]], pace: Pace, now: dt.datetime
) -> dict[str, dt.datetime]:
    """Tell which recipients' domains must wait after what left (as past_times()), and until when."""
    opens = {
        domain: past[domain][limit - 1] + HOUR
        for domain, limit in pace.per_domain_hour.items()
        if len(past[domain]) >= limit
    }
    return {domain: at for domain, at in opens.items() if at > now}


def note_clock(ledger: Ledger, now: dt.datetime) -> dt.timedelta | None:
    """Note at the start of a run that the clock was set back; give by how much, or None.

    What left under the later clock counts, from then on, as having left now: the pace holds,
    and the outbox is not blocked until the wrong time comes round.
    """

    def work(connection: Connection) -> dt.timedelta | None:
        newest = connection.execute(
            select(events.c.at).order_by(events.c.id.desc()).limit(1)
        ).scalar_one_or_none()
        if newest is None or moment(newest) <= now + _DRIFT:
            return None
        record_event(connection, at=stamp(now), state=CLOCK_MOVED, detail=f"was {newest}")
        return moment(newest) - now

    return ledger.transact(work)


def _limits(pace: Pace) -> list[tuple[int, dt.timedelta]]:
    limits = [(pace.per_minute, MINUTE), (pace.per_hour, HOUR), (pace.per_day, DAY)]
    return [(limit, window) for limit, window in limits if limit is not None]


def _corrected(
    connection: Connection, count: int, domain: str, now: dt.datetime
) -> list[dt.datetime]:
    # Going back in the order of writing, no letter left after the one written next.
    times = []
    latest = now
    for state, at in claim_times(connection, count + 20, domain):
        latest = min(latest, moment(at))
        if state != CLOCK_MOVED:
            times.append(latest)
    return times[:count]
