"""`outreach replies`: what came back, read from a mailbox, and what a person says of it."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import (
    at_folder,
    campaign_option,
    mailbox,
    open_campaign,
    open_outbox,
    utc_now,
)
from outreach.errors import InputError

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.tracking.incoming import Access


@click.group()
def replies() -> None:
    """Read delivery reports, auto-replies and answers; note what an answer says."""


@replies.command()
@campaign_option
@click.argument("place", metavar="MAILBOX")
def read(folder: Path, place: str) -> None:
    """Read a Maildir, an mbox, a folder of .eml files or imaps://login@host/Folder.

    Nothing is deleted, moved or marked as read; only what concerns this campaign's letters is
    kept, without its text. For IMAP the password is the mailbox's own, as for sending. An archive
    or Sent folder may be read too: a letter found there has left.

    \b
    Example:
      outreach replies read ~/Maildir
      outreach replies read imaps://contact%40example.org@imap.example.org/INBOX
    """
    from outreach.outbox.standing import first_event
    from outreach.tracking.incoming import Access, read_messages
    from outreach.tracking.record import record_messages

    campaign, _ = open_campaign(folder)
    with open_outbox(campaign) as ledger:
        access = Access()
        if "://" in place:
            with ledger.read() as connection:
                first = first_event(connection)
            access = _access(campaign, first)
        found = record_messages(ledger, campaign.uid, read_messages(place, access), now=utc_now())
    for kind, count in found.kinds.most_common():
        click.echo(f"{count:6}  {kind}")
    click.echo(f"{found.known} read before, {found.strange} about other things.")
    for line in found.perhaps:
        click.echo(f"Perhaps an answer, it names no letter of ours: {line}")
    if found.perhaps:
        click.echo(f"If so: outreach replies outcome{at_folder(folder)} ID OUTCOME")
    for line in found.doubtful:
        click.echo(f"Not believed, it proves no knowledge of our letter: {line}", err=True)


def _access(campaign: "Campaign", first: dt.datetime | None) -> "Access":
    from outreach.delivery.secret import read_secret
    from outreach.tracking.incoming import Access

    sending = mailbox(campaign)
    if sending.authentication == "gmail":
        raise InputError(
            "yagmail's OAuth2 file opens Gmail for sending only; export the folder as an mbox "
            "(Google Takeout, or a mail program) and name that file."
        )
    # A day before: the server may count its days in another time zone.
    since = first.date() - dt.timedelta(days=1) if first else None
    return Access(read_secret(sending), sending.authentication == "xoauth2", since)


@replies.command()
@campaign_option
@click.argument("recipient", metavar="ID")
@click.argument("value", metavar="OUTCOME")
def outcome(folder: Path, recipient: str, value: str) -> None:
    """Note what an answer says: supports, "will act", "standard reply", refuses, other.

    Also for an answer by post or by telephone; not where no letter has left yet.

    \b
    Example:
      outreach replies outcome PA721908 "will act"
    """
    from outreach.tracking.answerable import check_answerable
    from outreach.tracking.record import set_outcome

    campaign, _ = open_campaign(folder)
    with open_outbox(campaign) as ledger:
        with ledger.read() as connection:
            check_answerable(connection, campaign.uid, recipient)
        set_outcome(ledger, campaign.uid, recipient, value, now=utc_now())
    click.echo(f"{recipient}: {value}.")
