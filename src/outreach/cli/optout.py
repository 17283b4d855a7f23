"""`outreach optout`: who is never to be written to."""

from pathlib import Path

import click

from outreach.cli.campaign_outbox import open_campaign, open_outbox, suppression_file, utc_now
from outreach.errors import OutreachError


@click.command()
@click.argument("who", required=False, metavar="ADDRESS-OR-ID")
@click.option("--reason", default="asked not to be written to", show_default=True, help="Why.")
@click.option("--name", default="", help="For who reads the list.")
@click.option(
    "--campaign",
    "folder",
    type=click.Path(path_type=Path),
    help="Also hold the letter that waits in this campaign, and use its list.",
)
def optout(who: str | None, reason: str, name: str, folder: Path | None) -> None:
    """Put an address or a person on the suppression list, which every campaign honours.

    Without an argument: show the list. To take somebody off it, edit the file.

    \b
    Example:
      outreach optout cabinet@example.org --reason "asked by phone on 23 November"
      outreach optout PA721908 --campaign my-campaign
    """
    from outreach.outbox.addresses import envelope_address
    from outreach.outbox.plan import hold_suppressed
    from outreach.outbox.suppression import Suppression, add_suppression, read_suppressions

    campaign, scope = open_campaign(folder) if folder else (None, None)
    path = suppression_file(campaign)
    if who is None:
        listed = read_suppressions(path)
        for entry in listed.entries:
            click.echo(f"{entry.date}  {entry.address or entry.official_id}  {entry.reason}")
        click.echo(f"{len(listed.entries)} entries in {path}.")
        return
    now = utc_now()
    is_address = "@" in who
    added = add_suppression(
        path,
        Suppression(
            envelope_address(who) if is_address else "",
            "" if is_address else who,
            name,
            reason,
            now.date(),
        ),
    )
    click.echo(f"{who} {'is now' if added else 'was already'} on {path}.")
    if campaign is not None and scope is not None:
        try:
            with open_outbox(campaign) as ledger:
                listed = read_suppressions(path)
                held = ledger.transact(lambda c: hold_suppressed(c, scope, listed, now=now))
        except OutreachError as error:
            click.echo(f"No letter was held: {error.message}")
        else:
            click.echo(f"{held} letters that waited are held.")
