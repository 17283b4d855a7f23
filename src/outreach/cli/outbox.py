"""`outreach outbox`: what only a person can decide about letters in the outbox."""

import datetime as dt
import sys
from pathlib import Path

import click

from outreach.cli.campaign_outbox import (
    campaign_option,
    open_campaign,
    open_outbox,
    outbox_place,
    utc_now,
)
from outreach.cli.english import counted, noun
from outreach.errors import OutreachError


@click.group()
def outbox() -> None:
    """Resolve doubts, cancel letters, show a frozen message, take over a copy of the outbox."""


@outbox.command()
@campaign_option
@click.option("--arrived", multiple=True, metavar="ID", help="This one arrived. May be repeated.")
@click.option("--not-arrived", multiple=True, metavar="ID", help="This one did not; send it again.")
@click.option("--all-arrived", is_flag=True, help="All the uncertain ones arrived.")
@click.option("--why", help="The proof: Sent folder, archive box, the provider's log.")
@click.option("--count", type=int, help="Type how many letters you decide about.")
def resolve(
    folder: Path,
    arrived: tuple[str, ...],
    not_arrived: tuple[str, ...],
    all_arrived: bool,
    why: str | None,
    count: int | None,
) -> None:
    """Decide about letters that may have left. Without options: list them with their proofs.

    The strongest proofs, in order: the copy in the archive box ([sending] archive), the Sent
    folder searched by Message-ID, the provider's log, an answer. Without proof, leave it: one
    letter fewer is better than two.

    \b
    Example:
      outreach outbox resolve
      outreach outbox resolve --arrived PA721908 --why "Sent folder" --count 1
    """
    from outreach.outbox.resolve import doubts
    from outreach.outbox.resolve import resolve as decide

    campaign, scope = open_campaign(folder)
    with open_outbox(campaign) as ledger:
        with ledger.read() as connection:
            found = doubts(connection, scope)
        if all_arrived:
            arrived = tuple(doubt.recipient_id for doubt in found)
        if not arrived and not not_arrived:
            click.echo(
                f"Letters that may have left, or may not: {len(found)}."
                if found
                else "No letter is in doubt."
            )
            for doubt in found:
                proofs = ", ".join(doubt.proofs) or "no proof yet"
                click.echo(
                    f"{doubt.recipient_id}  {doubt.name} <{doubt.address}>  {doubt.since[:16]}"
                )
                click.echo(f"    Message-ID {doubt.message_id}: {doubt.reason}; {proofs}")
            return
        if not why:
            raise click.UsageError("give the proof with --why: it is kept in the history.")
        decided = dict.fromkeys(arrived, True) | dict.fromkeys(not_arrived, False)
        if count != len(decided):
            raise OutreachError(
                f"you decide about {counted(len(decided), 'letter')}: type --count "
                f"{len(decided)} to confirm."
            )
        if set(arrived) & set(not_arrived):
            raise OutreachError("the same letter cannot have arrived and not arrived.")
        decide(ledger, scope, decided, why=why, now=utc_now())
    click.echo(f"{len(set(arrived))} accepted, {len(set(not_arrived))} wait to be sent again.")


@outbox.command()
@campaign_option
@click.argument("recipients", nargs=-1, required=True, metavar="ID…")
def cancel(folder: Path, recipients: tuple[str, ...]) -> None:
    """Keep letters that have not left from leaving.

    \b
    Example:
      outreach outbox cancel PA721908
    """
    from outreach.outbox import resolve as decisions

    campaign, scope = open_campaign(folder)
    with open_outbox(campaign) as ledger:
        count = decisions.cancel(ledger, scope, recipients, now=utc_now())
    asked = len(set(recipients))
    click.echo(f"{count} of {counted(asked, 'letter')} cancelled.")
    if count < asked:
        raise OutreachError("the others have left, are in doubt, or are not in this wave.")


@outbox.command()
@campaign_option
@click.argument("recipient", metavar="ID")
def show(folder: Path, recipient: str) -> None:
    """Print the frozen message of one recipient, byte for byte, as an .eml.

    \b
    Example:
      outreach outbox show PA721908 > letter.eml
    """
    from outreach.outbox.resolve import message_of

    campaign, scope = open_campaign(folder)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        content = message_of(connection, scope, recipient)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


@outbox.command()
@campaign_option
@click.option("--newest", is_flag=True, help="This is the newest copy, and the only one in use.")
@click.option("--doubtful", is_flag=True, help="It may be old: what waits becomes uncertain.")
def adopt(folder: Path, newest: bool, doubtful: bool) -> None:
    """Take over a copy of the outbox: after a move to another computer, or a backup put back.

    \b
    Example:
      outreach outbox adopt --newest
    """
    from outreach.outbox.copies import adopt as take_over
    from outreach.outbox.lock import sole_copy, sole_sender

    if newest == doubtful:
        raise click.UsageError("say --newest or --doubtful.")
    campaign, scope = open_campaign(folder)
    place = outbox_place(campaign)
    if not isinstance(place, Path):
        raise OutreachError("an outbox on PostgreSQL is not copied; there is nothing to adopt.")
    with sole_sender(place), open_outbox(campaign) as ledger, sole_copy(ledger):
        doubted = take_over(ledger, doubtful=doubtful, now=dt.datetime.now(dt.UTC))
    count = doubted.total()
    click.echo(
        f"This outbox is now the one that sends. {counted(count, 'letter')} became uncertain."
    )
    if elsewhere := count - doubted[scope]:
        click.echo(
            f"{elsewhere} of them {noun(elsewhere, 'is', 'are')} of other waves or campaigns in this "
            "file: `outreach outbox resolve` lists those of one campaign.toml, in its wave."
        )
