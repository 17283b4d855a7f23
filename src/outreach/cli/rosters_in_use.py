"""The lists of parliamentarians that a command uses, and what it says of their age."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from outreach.campaign import Campaign, Chamber
    from outreach.campaign.tables import Rosters
    from outreach.roster.seat import Roster


def rosters_in_use(
    own: "Rosters | None" = None, chambers: "Sequence[Chamber]" = ("assemblee", "senat")
) -> "list[Roster]":
    """Load the lists of a command that prepares no letters, and tell which of them are old.

    Args:
        own: the lists that a campaign names; None takes those in use on this computer.
        chambers: which of them.
    """
    from outreach.cli.campaign_outbox import utc_now
    from outreach.roster.age import age_warning
    from outreach.roster.bundled import load_roster

    rosters = [load_roster(chamber, getattr(own, chamber) if own else None) for chamber in chambers]
    for roster in rosters:
        if warning := age_warning(roster, utc_now().date()):
            click.echo(warning, err=True)
    return rosters


def tell_old_rosters(campaign: "Campaign") -> None:
    """Tell which lists of a campaign are old, in a command that only looks at its letters."""
    from outreach.errors import OutreachError

    try:
        rosters_in_use(campaign.rosters, campaign.chambers)
    except OutreachError as error:
        # Letters that are frozen need no list: what is wrong with it stops nobody here.
        click.echo(error.message, err=True)
