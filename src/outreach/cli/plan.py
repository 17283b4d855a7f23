"""`outreach plan`: every letter rendered, checked and frozen, under a code to approve."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import (
    asked_before,
    at_folder,
    campaign_option,
    earlier_wave,
    open_campaign,
    open_outbox,
    suppression_file,
    utc_now,
)
from outreach.cli.english import counted
from outreach.cli.progress import shown_progress

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.outbox.message import FrozenMessage
    from outreach.outbox.plan import Planned
    from outreach.outbox.standing import Earlier
    from outreach.outbox.suppression import SuppressionList

_SHOWN = 5


@click.command()
@campaign_option
@click.option(
    "--replace", is_flag=True, help="Put the new version in place of letters that have not left."
)
def plan(folder: Path, replace: bool) -> None:
    """Render and freeze every letter in the outbox; print the approval code.

    Nothing is sent. What has left stays as it left; what waits is replaced only with --replace.

    \b
    Example:
      outreach plan --campaign my-campaign
    """
    from outreach.export.eml import read_attachments
    from outreach.outbox.message import freeze_letters
    from outreach.outbox.suppression import read_suppressions
    from outreach.preparation import prepare

    campaign, _ = open_campaign(folder)
    suppressions = read_suppressions(suppression_file(campaign))
    attachments = read_attachments(campaign.attachments)
    now = utc_now()
    earlier = earlier_wave(campaign)
    with shown_progress() as tell:
        prepared = prepare(campaign, today=now.date(), asked=asked_before(earlier), progress=tell)
        messages = freeze_letters(
            prepared.letters,
            campaign.sender,
            date=now,
            attachments=attachments,
            earlier=earlier,
            progress=lambda done, total: tell("freeze", done, total),
        )
    digest = "".join(sorted({letter.template_digest for letter in prepared.letters}))
    planned, name = _store(campaign, messages, suppressions, digest, replace=replace, now=now)
    for warning in prepared.warnings:
        click.echo(warning, err=True)
    for seat in prepared.skipped:
        click.echo(f"No letter for {seat.seat}: {seat.reason}", err=True)
    if earlier is not None:
        _tell_unreminded(earlier)
    _tell_addresses(messages)
    _tell(planned, name, folder)


def _store(
    campaign: "Campaign",
    messages: "list[FrozenMessage]",
    suppressions: "SuppressionList",
    digest: str,
    *,
    replace: bool,
    now: dt.datetime,
) -> "tuple[Planned, str]":
    """Put checked messages into the outbox, which is made here: not before all is sound."""
    from outreach.outbox.approval import made_from
    from outreach.outbox.claims import Scope
    from outreach.outbox.plan import plan_letters

    with open_outbox(campaign, create=True) as ledger:
        planned = plan_letters(
            ledger,
            Scope(campaign.uid, campaign.wave),
            messages,
            campaign_name=campaign.name,
            suppressions=suppressions,
            now=now,
            replace=replace,
            made=made_from(campaign, digest),
        )
        return planned, ledger.name


def _tell(planned: "Planned", name: str, folder: Path) -> None:
    click.echo(f"{counted(planned.sendable, 'letter waits', 'letters wait')} in {name}.")
    changes = [
        (planned.added, "new"),
        (planned.replaced, "replaced"),
        (planned.unchanged, "unchanged"),
        (planned.withdrawn, "withdrawn"),
        (planned.left, "left already, or may have: not touched"),
    ]
    click.echo("  " + ", ".join(f"{count} {what}" for count, what in changes if count))
    reasons = Counter(held.reason for held in planned.held)
    for reason, count in reasons.most_common():
        names = [held.name for held in planned.held if held.reason == reason]
        more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
        click.echo(f"{count} held, {reason}: {', '.join(names[:_SHOWN])}{more}")
    at = at_folder(folder)
    if planned.held:
        click.echo(f"  outreach export pdf{at} --only held -o paper   prints letters for them")
    if not planned.sendable:
        return
    click.echo(f"Approval code: {planned.code}")
    ways = {
        f"outreach send{at}": "dry run: what would happen",
        f"outreach send{at} --test-to YOU@…": "three of them to yourself",
        f"outreach send{at} --confirm {planned.code}": "sends them",
    }
    for command, what in ways.items():
        click.echo(f"  {command:<{max(map(len, ways))}}  {what}")


def _tell_unreminded(earlier: "dict[str, Earlier]") -> None:
    for reason, count in Counter(
        one.reason for one in earlier.values() if not one.remind
    ).most_common():
        click.echo(f"No reminder for {count}: {reason}.")


def _tell_addresses(messages: "list[FrozenMessage]") -> None:
    from outreach.outbox.message import unofficial

    flagged = unofficial(messages)
    for line in flagged[:_SHOWN]:
        click.echo(line, err=True)
    if len(flagged) > _SHOWN:
        click.echo(f"… and {len(flagged) - _SHOWN} more addresses elsewhere.", err=True)
