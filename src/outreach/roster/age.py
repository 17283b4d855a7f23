"""How old a roster may be before every command that uses it says so."""

import datetime as dt
from typing import Final

from outreach.roster.seat import Roster
from outreach.roster.table import FOLDER

OLD_AFTER_DAYS: Final = 60


def age_warning(roster: Roster, today: dt.date) -> str | None:
    """Give one line naming the command that renews the roster; None while it is fresh."""
    days = (today - roster.as_of).days
    if days <= OLD_AFTER_DAYS:
        return None
    return (
        f"The list of {FOLDER[roster.chamber]} is of {roster.as_of:%Y-%m-%d}, {days} days old; "
        "renew it: outreach roster update"
    )
