"""`outreach send`: a dry run by default; the approval code sends."""

import contextlib
import datetime as dt
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import (
    campaign_option,
    mailbox,
    open_campaign,
    open_outbox,
    outbox_place,
    suppression_file,
    utc_now,
)
from outreach.cli.status import MEANING
from outreach.errors import OutreachError

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.delivery.mission import Sent
    from outreach.outbox.claims import Scope
    from outreach.outbox.ledger import Ledger

_TRIALS = 3


@click.command()
@campaign_option
@click.option("--confirm", metavar="CODE", help="The code that `outreach plan` printed: sends.")
@click.option("--when", is_flag=True, help="When the letters will leave, by the pace.")
@click.option("--test-to", metavar="ADDRESS", help="Send three of the letters to yourself.")
@click.option("--limit", type=click.IntRange(1), help="Send at most this many in this run.")
@click.option("--connections", type=click.IntRange(1, 4), help="Instead of [sending] connections.")
@click.option("--keep", is_flag=True, help="Send the approved version though the texts changed.")
@click.option("--no-wait", is_flag=True, help="End instead of waiting for the pace or the server.")
def send(
    folder: Path,
    confirm: str | None,
    when: bool,
    test_to: str | None,
    limit: int | None,
    connections: int | None,
    keep: bool,
    no_wait: bool,
) -> None:
    """Send the approved letters, each recipient at most once. Without --confirm: a dry run.

    It may be interrupted at any moment and started again with the same code. Ctrl-C finishes the
    letter in hand. Exit codes: 0 all left, 3 some did not (see `outreach status`), 75 another
    sender is at work.

    \b
    Example:
      outreach send
      outreach send --test-to me@my-association.org
      outreach send --confirm 925-7f3a
    """
    campaign, scope = open_campaign(folder)
    sending = mailbox(campaign)
    if connections:
        sending = sending.model_copy(update={"connections": connections})
        campaign = campaign.model_copy(update={"sending": sending})
    if test_to:
        _send_trials(campaign, scope, test_to)
    elif confirm is None:
        _rehearse(campaign, scope, when)
    else:
        _send(campaign, scope, confirm, limit=limit, keep=keep, no_wait=no_wait)


def _rehearse(campaign: "Campaign", scope: "Scope", when: bool) -> None:
    from outreach.delivery.pace import forecast, past_times
    from outreach.outbox.approval import current_plan
    from outreach.outbox.schema import State
    from outreach.outbox.standing import standings

    sending = mailbox(campaign)
    now = utc_now()
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        plan = current_plan(connection, scope)
        rows = standings(connection, scope, [State.WAITING, State.DEFERRED])
        times = forecast(past_times(connection, sending.pace, now), len(rows), sending.pace, now)
    click.echo(
        f"Dry run: nothing was sent. Would send {len(rows)} letters from {campaign.sender.email} "
        f"through {sending.host}:{sending.used_port} ({sending.security}), over "
        f"{sending.connections} connection(s)."
    )
    for row in [] if when else rows[:5]:
        click.echo(f"  would send to {row.name} <{row.address}>: {row.subject}")
    if len(rows) > 5 and not when:
        click.echo(f"  … and {len(rows) - 5} more")
    if times:
        click.echo(
            f"By the pace the first leaves {_local(times[0])}, the last {_local(times[-1])}."
        )
        late = [time for time in times if campaign.end and time.date() > campaign.end]
        if late:
            click.echo(f"{len(late)} of them would leave after {campaign.end}, and will not.")
    if when:
        by_day: dict[dt.date, list[dt.datetime]] = {}
        for time in times:
            by_day.setdefault(time.astimezone().date(), []).append(time)
        for day, leaving in by_day.items():
            click.echo(f"  {day}  {len(leaving):4}  {leaving[0]:%H:%M} to {leaving[-1]:%H:%M} UTC")
    click.echo(f"To send: outreach send --confirm {plan.code}")


def _send_trials(campaign: "Campaign", scope: "Scope", address: str) -> None:
    from outreach.delivery.connection import connector
    from outreach.delivery.trial import send_trials
    from outreach.outbox.contents import frozen_content
    from outreach.outbox.schema import State
    from outreach.outbox.standing import standings

    sending = mailbox(campaign)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
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


def _send(
    campaign: "Campaign",
    scope: "Scope",
    code: str,
    *,
    limit: int | None,
    keep: bool,
    no_wait: bool,
) -> None:
    from outreach.delivery.clock import SystemClock
    from outreach.delivery.connection import connector
    from outreach.delivery.mission import Mission
    from outreach.delivery.pace import note_clock
    from outreach.delivery.send import send_letters
    from outreach.letters.pack import load_pack
    from outreach.outbox.approval import approve, check_unchanged, made_from
    from outreach.outbox.copies import check_newest

    sending = mailbox(campaign)
    clock = SystemClock()
    with _only_sender(campaign), open_outbox(campaign) as ledger:
        check_newest(ledger)
        if not keep:
            check_unchanged(ledger, scope, made_from(campaign, load_pack(campaign).digest))
        approve(ledger, scope, code, now=clock.now())
        moved = note_clock(ledger, clock.now())
        if moved is not None:
            click.echo(
                f"The clock of this computer went back by {moved}; the pace holds.", err=True
            )
        mission = Mission(
            scope=scope,
            sending=sending,
            connect=connector(sending),
            from_address=campaign.sender.email,
            suppressions=suppression_file(campaign),
            last_day=campaign.end,
            limit=limit,
            patience=dt.timedelta(0) if no_wait else None,
        )
        with _interruption() as stop, _shown() as show:
            sent = send_letters(ledger, mission, clock=clock, stop=stop, progress=show)
        _report(ledger, scope, sent)


@contextlib.contextmanager
def _only_sender(campaign: "Campaign") -> Iterator[None]:
    from outreach.outbox.lock import sole_sender

    place = outbox_place(campaign)
    # A team's PostgreSQL is made for several senders; a file is not.
    with sole_sender(place) if isinstance(place, Path) else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C, or a request to end, into "finish the letter in hand"."""
    stop = threading.Event()

    def ask(number: int, _: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()
        click.echo("\nFinishing the letter in hand; Ctrl-C again ends at once.", err=True)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _shown() -> "Iterator[Callable[[Sent], None]]":
    """Give a function that shows a run's progress: rate, remaining time and counts."""
    if not sys.stderr.isatty():
        yield _tell_waits()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
        console=Console(stderr=True),
    ) as bars:
        task = bars.add_task("sending", total=None, rate="", counts="")

        def show(sent: "Sent") -> None:
            done = sum(sent.states.values())
            speed = bars.tasks[0].speed
            words = (
                f"until {_local(sent.waiting_until)}"
                if sent.waiting_until is not None
                else "sending"
            )
            bars.update(
                task,
                total=sent.total,
                completed=done,
                description=words,
                rate=f"{speed * 60:.0f}/min" if speed else "",
                counts=", ".join(f"{count} {state}" for state, count in sent.states.items()),
            )

        yield show


def _tell_waits() -> "Callable[[Sent], None]":
    """Give a function that says each wait of over a minute once, for logs."""
    told: list[dt.datetime] = []

    def show(sent: "Sent") -> None:
        until = sent.waiting_until
        if until is None or until in told or (until - utc_now()).total_seconds() < 60:
            return
        told.append(until)
        why = f" ({sent.pause_reason})" if sent.pause_reason else ""
        click.echo(f"Waiting until {_local(until)}{why}.", err=True)

    return show


def _report(ledger: "Ledger", scope: "Scope", sent: "Sent") -> None:
    from outreach.outbox.schema import State
    from outreach.outbox.standing import counts

    click.echo(f"This run: {sum(sent.states.values())} of {sent.total} letters.")
    for state, count in sent.states.items():
        click.echo(f"{count:6}  {MEANING[state]}")
    if sent.stopped:
        click.echo(f"Stopped: {sent.stopped}.")
    with ledger.read() as connection:
        found = counts(connection, scope)
    open_ones = sum(found.get(state, 0) for state in (State.WAITING, State.DEFERRED))
    if open_ones:
        click.echo(f"{open_ones} letters wait; the same command goes on with them.")
    if any(state not in (State.ACCEPTED, State.HELD, State.BOUNCED) for state in found):
        click.echo("`outreach status` names each letter that did not leave or is in doubt.")
        sys.exit(3)


def _local(moment: dt.datetime) -> str:
    return f"{moment.astimezone():%A %d %B %H:%M}"
