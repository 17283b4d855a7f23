"""When letters will leave, told before a run: the run's own rules, walked through ahead of time."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outreach.delivery.pace import closed_domains, earliest
from outreach.outbox.claims import LONGEST_BACKOFF
from outreach.outbox.schema import State, moment
from outreach.outbox.standing import Standing
from outreach.sending import Pace


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that is to leave: its recipient's domain; at: not before then, None for at once."""

    domain: str
    at: dt.datetime | None = None


def due_letters(rows: Iterable[Standing], now: dt.datetime) -> list[Due]:
    """Put waiting and deferred letters in the order in which claim() takes them."""
    ordered = sorted(rows, key=lambda row: (row.state is State.DEFERRED, row.letter_id))
    found = []
    for row in ordered:
        at = moment(row.next_at) if row.next_at else None
        # As for claim(): the clock was moved since.
        moved = at is not None and at > now + 1.25 * LONGEST_BACKOFF
        found.append(Due(row.address.rpartition("@")[2].lower(), None if moved else at))
    return found


def forecast(
    past: Mapping[str, Sequence[dt.datetime]],
    letters: Sequence[Due],
    pace: Pace,
    now: dt.datetime,
) -> list[dt.datetime]:
    """Tell when letters will leave, by the pace alone: in order, one time for each.

    Args:
        past: when letters left, as past_times() gives it; {} when none has.
        letters: as due_letters() gives them.
        pace: the limits.
        now: the present, aware.
    """
    left = {domain: list(past.get(domain, ())) for domain in ("", *pace.per_domain_hour)}
    waiting = list(letters)
    leaving: list[dt.datetime] = []
    while waiting:
        now = earliest(left[""], pace, now)
        closed = closed_domains(left, pace, now)
        place = _first(waiting, closed, now)
        if place is None:
            later = [one.at for one in waiting if one.at is not None and one.at > now]
            now = min([*later, *closed.values()])
            continue
        leaving.append(now)
        for domain in {"", waiting.pop(place).domain} & left.keys():
            left[domain].insert(0, now)
    return leaving


def _first(
    waiting: Sequence[Due], closed: Mapping[str, dt.datetime], now: dt.datetime
) -> int | None:
    for place, one in enumerate(waiting):
        if one.domain not in closed and (one.at is None or one.at <= now):
            return place
    return None
