"""`outreach optout`: who is never to be written to."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import open_campaign, open_outbox, suppression_file, utc_now
from outreach.cli.english import counted
from outreach.errors import InputError, OutreachError

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.outbox.suppression import Suppression


@click.command()
@click.argument("who", required=False, metavar="ADDRESS-OR-ID")
@click.option("--reason", default="asked not to be written to", show_default=True, help="Why.")
@click.option("--name", default="", help="For who reads the list; known for parliamentarians.")
@click.option(
    "--campaign",
    "folder",
    type=click.Path(path_type=Path),
    help="Also hold the letter that waits in this campaign, and use its list.",
)
def optout(who: str | None, reason: str, name: str, folder: Path | None) -> None:
    """Put an address or a person on the suppression list, which every campaign honours.

    An official id, or the published address of a parliamentarian, means the person, whatever
    their address will be. Without an argument: show the list. To take somebody off it, edit the
    file.

    \b
    Example:
      outreach optout cabinet@example.org --reason "asked by phone on 23 November"
      outreach optout PA721908 --campaign my-campaign
    """
    from outreach.outbox.plan import hold_suppressed
    from outreach.outbox.suppression import add_suppression, read_suppressions

    campaign, scope = open_campaign(folder) if folder else (None, None)
    path = suppression_file(campaign)
    if who is None:
        _show(path)
        return
    now = utc_now()
    entry = _entry(who.strip(), reason, name, campaign, now.date())
    added = add_suppression(path, entry)
    said = " ".join(filter(None, [entry.name, entry.official_id, entry.address]))
    click.echo(f"{said} {'is now' if added else 'was already'} on {path}.")
    if campaign is not None and scope is not None:
        try:
            with open_outbox(campaign) as ledger:
                listed = read_suppressions(path)
                held = ledger.transact(lambda c: hold_suppressed(c, scope, listed, now=now))
        except OutreachError as error:
            click.echo(f"No letter was held: {error.message}")
        else:
            click.echo(f"{counted(held, 'letter that waited is', 'letters that waited are')} held.")


def _show(path: Path) -> None:
    from outreach.outbox.suppression import read_suppressions

    entries = read_suppressions(path).entries
    for entry in entries:
        who = " ".join(filter(None, [entry.name, entry.official_id, entry.address]))
        click.echo(f"{entry.date}  {who}: {entry.reason}")
    click.echo(f"{counted(len(entries), 'entry', 'entries')} in {path}.")


def _entry(
    who: str, reason: str, name: str, campaign: "Campaign | None", today: dt.date
) -> "Suppression":
    """Make the entry; a word that means nobody would protect nobody, and is refused."""
    from outreach.cli.chosen_letters import campaign_rosters
    from outreach.outbox.addresses import address_key, envelope_address
    from outreach.outbox.suppression import Suppression
    from outreach.roster.bundled import load_roster

    address = envelope_address(who) if "@" in who else ""
    rosters = (
        campaign_rosters(campaign) if campaign else [load_roster("assemblee"), load_roster("senat")]
    )
    meant = [
        member
        for roster in rosters
        for member in roster.members
        if (member.email and address_key(member.email) == address_key(address))
        or member.official_id.lower() == who.lower()
    ]
    if not meant and not address:
        raise InputError(
            f'"{who}" is neither an address nor the official id of a present deputy or senator; '
            "`outreach find NAME` gives ids."
        )
    # Two persons may share an address: then the address alone is meant.
    person = meant[0] if len(meant) == 1 else None
    return Suppression(
        address,
        person.official_id if person else "",
        name or (person.full_name if person else ""),
        reason,
        today,
    )
