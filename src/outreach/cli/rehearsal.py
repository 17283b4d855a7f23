"""Before the first letter leaves: what would happen, and three letters to oneself."""

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from outreach.cli.campaign_outbox import (
    local_time,
    mailbox,
    open_outbox,
    to_leave,
    utc_now,
)
from outreach.cli.english import counted
from outreach.errors import InputError, OutreachError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from outreach.campaign import Campaign
    from outreach.outbox.claims import Scope

_TRIALS = 3


def rehearse(campaign: "Campaign", scope: "Scope", *, when: bool, at: str) -> None:
    """Tell what `send --confirm` would do now.

    Args:
        campaign: with a mailbox.
        scope: its letters.
        when: tell each day instead of the first letters.
        at: what a command to be pasted needs to find the campaign.

    Raises:
        OutreachError: nothing is planned; the outbox or the suppression list cannot be read.
    """
    from outreach.delivery.forecast import due_letters, forecast
    from outreach.delivery.pace import past_times
    from outreach.outbox.approval import current_plan

    sending = mailbox(campaign)
    now = utc_now()
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        plan = current_plan(connection, scope)
        rows, opted_out = to_leave(connection, campaign, scope)
        past = past_times(connection, sending.pace, now)
    times = forecast(past, due_letters(rows, now), sending.pace, now)
    click.echo(
        f"Dry run: nothing was sent. Would send {counted(len(rows), 'letter')} from {campaign.sender.email} "
        f"through {sending.host}:{sending.used_port} ({sending.security}), over "
        f"{counted(sending.connections, 'connection')}."
    )
    if opted_out:
        click.echo(
            f"{len(opted_out)} more asked not to be written to since they were planned: they get "
            "no letter."
        )
    for row in [] if when else rows[:5]:
        click.echo(f"  would send to {row.name} <{row.address}>: {row.subject}")
    if len(rows) > 5 and not when:
        click.echo(f"  … and {len(rows) - 5} more")
    if times:
        _tell_times(campaign, times, by_day=when)
    click.echo(f"To send: outreach send{at} --confirm {plan.code}")


def _tell_times(campaign: "Campaign", times: list[dt.datetime], *, by_day: bool) -> None:
    zone = mailbox(campaign).pace.time_zone
    times = [time.astimezone(ZoneInfo(zone)) for time in times]
    click.echo(
        f"By the pace the first leaves {local_time(times[0], zone)}, the last "
        f"{local_time(times[-1], zone)} ({zone})."
    )
    late = [time for time in times if campaign.end and time.date() > campaign.end]
    if late:
        click.echo(f"{len(late)} of them would leave after {campaign.end}, and will not.")
    days = Counter(time.date() for time in times)
    for day, count in days.items() if by_day else ():
        leaving = [time for time in times if time.date() == day]
        click.echo(f"  {day:%a %Y-%m-%d}  {count:4}  {leaving[0]:%H:%M} to {leaving[-1]:%H:%M}")


def send_trial_letters(campaign: "Campaign", scope: "Scope", address: str) -> None:
    """Send three of the letters that wait to an own address, and tell what the server said.

    Raises:
        OutreachError: no letter waits, or the mailbox cannot be used.
        InputError: it is not an address, or a parliamentarian's.
    """
    from outreach.delivery.connection import connector
    from outreach.delivery.trial import send_trials
    from outreach.outbox.contents import frozen_content
    from outreach.outbox.schema import State
    from outreach.outbox.standing import standings

    sending = mailbox(campaign)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        _refuse_parliamentarian(connection, campaign, address)
        rows = standings(connection, scope, [State.WAITING, State.DEFERRED])
        if not rows:
            raise OutreachError("no letter waits: run `outreach plan` first.")
        # From the beginning, the middle and the end: a deputy, a deputy or senator, a senator.
        places = sorted({0, len(rows) // 2, len(rows) - 1})[:_TRIALS]
        chosen = [rows[place] for place in places]
        contents = [frozen_content(connection, row.letter_id) for row in chosen]
    said = send_trials(
        connector(sending)(),
        contents,
        sender=sending.envelope_sender(campaign.sender.email, "essai"),
        to=address,
    )
    for row, answer in zip(chosen, said, strict=True):
        click.echo(f"The letter to {row.name} went to {address}: {answer}")
    click.echo("Nothing was sent to a parliamentarian.")


def _refuse_parliamentarian(connection: "Connection", campaign: "Campaign", address: str) -> None:
    """Refuse an address that is not one's own: a letter marked as a trial would reach an office."""
    from outreach.outbox.addresses import address_key, envelope_address
    from outreach.outbox.standing import recipient_at
    from outreach.roster.bundled import load_roster

    plain = envelope_address(address)
    # Both chambers, whichever the campaign writes to.
    rosters = [
        load_roster("assemblee", campaign.rosters.assemblee),
        load_roster("senat", campaign.rosters.senat),
    ]
    names = {
        address_key(member.email): member.full_name
        for roster in rosters
        for member in roster.members
        if member.email
    }
    if name := names.get(address_key(plain)) or recipient_at(connection, campaign.uid, plain):
        raise InputError(
            f"{address} is the address of {name}: nothing was sent. Give --test-to an address of "
            "your own."
        )
