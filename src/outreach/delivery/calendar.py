"""Working hours and working days of France: when a letter may leave."""

import datetime as dt
import functools
from collections.abc import Container
from zoneinfo import ZoneInfo

from outreach.sending import Pace


def next_open(pace: Pace, at: dt.datetime) -> dt.datetime:
    """Give the first moment from ``at`` on when letters may leave, in UTC.

    Args:
        pace: its hours, days, time zone and region; without them every moment is open.
        at: aware.
    """
    zone = ZoneInfo(pace.time_zone)
    local = at.astimezone(zone)
    while True:
        if pace.working_days and not is_working_day(local.date(), pace.region):
            local = _start_of(local.date() + dt.timedelta(days=1), pace, zone)
        elif pace.from_time is None or pace.to_time is None:
            return local.astimezone(dt.UTC)
        elif local.time() < pace.from_time:
            local = _start_of(local.date(), pace, zone)
        elif local.time() >= pace.to_time:
            local = _start_of(local.date() + dt.timedelta(days=1), pace, zone)
        else:
            return local.astimezone(dt.UTC)


def is_working_day(day: dt.date, region: str = "") -> bool:
    """Tell a working day from Saturdays, Sundays and public holidays of France."""
    return day.weekday() < 5 and day not in _holidays(region)


def _start_of(day: dt.date, pace: Pace, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, pace.from_time or dt.time(), tzinfo=zone)


@functools.cache
def _holidays(region: str) -> Container[dt.date]:
    import holidays  # 50 ms to import; Easter, and the days of Alsace, Moselle and overseas

    return holidays.country_holidays("FR", subdiv=region or None)
