"""`outreach purge`: texts and personal data of a campaign that is over."""

from pathlib import Path

import click

from outreach.cli.campaign_outbox import (
    at_folder,
    campaign_option,
    open_campaign,
    open_outbox,
    utc_now,
)


@click.command()
@campaign_option
@click.option("--confirm", metavar="UID", help="The campaign's uid: purges now.")
def purge(folder: Path, confirm: str | None) -> None:
    """Remove letters' texts, names, addresses and replies; keep the counts.

    Without --confirm: tell from when on, by [sending] retention_days after the last letter.

    \b
    Example:
      outreach purge --campaign my-campaign --confirm my-campaign-uid
    """
    from outreach.errors import OutreachError
    from outreach.tracking.purge import purge as forget
    from outreach.tracking.purge import purge_date

    campaign, _ = open_campaign(folder)
    days = campaign.sending.retention_days if campaign.sending else 365
    with open_outbox(campaign) as ledger:
        with ledger.read() as connection:
            due = purge_date(connection, campaign.uid, days)
        if due is None:
            raise OutreachError("this campaign has no letters in the outbox.")
        if confirm is None:
            click.echo(
                f"To be purged from {due:%Y-%m-%d} on ({days} days after the last change). "
                f"To do it: outreach purge{at_folder(folder)} --confirm {campaign.uid}"
            )
            return
        if confirm != campaign.uid:
            raise OutreachError(f'"{confirm}" is not this campaign\'s uid; nothing was purged.')
        if due > utc_now():
            click.echo(f"Before its date ({due:%Y-%m-%d}), since you ask.", err=True)
        count = forget(ledger, campaign.uid, now=utc_now())
        ledger.compact()
    click.echo(f"{count} letters were emptied; the counts stay.")
