"""`outreach replies`: what came back, read from a mailbox, and what a person says of it."""

from pathlib import Path

import click

from outreach.cli.campaign_outbox import (
    campaign_option,
    mailbox,
    open_campaign,
    open_outbox,
    utc_now,
)


@click.group()
def replies() -> None:
    """Read delivery reports, auto-replies and answers; note what an answer says."""


@replies.command()
@campaign_option
@click.argument("place", metavar="MAILBOX")
def read(folder: Path, place: str) -> None:
    """Read a Maildir, an mbox, a folder of .eml files or imaps://login@host/Folder.

    Nothing is deleted, moved or marked as read; only what concerns this campaign's letters is
    kept, without its text. For IMAP the password is the mailbox's own, as for sending.

    \b
    Example:
      outreach replies read ~/Maildir
      outreach replies read imaps://contact%40example.org@imap.example.org/INBOX
    """
    from outreach.delivery.secret import read_secret
    from outreach.tracking.incoming import read_messages
    from outreach.tracking.record import record_messages

    campaign, _ = open_campaign(folder)
    password = read_secret(mailbox(campaign)) if "://" in place else ""
    with open_outbox(campaign) as ledger:
        found = record_messages(ledger, campaign.uid, read_messages(place, password), now=utc_now())
    for kind, count in found.kinds.most_common():
        click.echo(f"{count:6}  {kind}")
    click.echo(f"{found.known} read before, {found.strange} about other things.")
    for line in found.doubtful:
        click.echo(f"Not believed, it proves no knowledge of our letter: {line}", err=True)


@replies.command()
@campaign_option
@click.argument("recipient", metavar="ID")
@click.argument("value", metavar="OUTCOME")
def outcome(folder: Path, recipient: str, value: str) -> None:
    """Note what an answer says: supports, "will act", "standard reply", refuses, other.

    \b
    Example:
      outreach replies outcome PA721908 "will act"
    """
    from outreach.tracking.record import set_outcome

    campaign, _ = open_campaign(folder)
    with open_outbox(campaign) as ledger:
        set_outcome(ledger, campaign.uid, recipient, value, now=utc_now())
    click.echo(f"{recipient}: {value}.")
