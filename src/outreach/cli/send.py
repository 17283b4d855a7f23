"""`outreach send`: a dry run by default; the approval code sends."""

import contextlib
import datetime as dt
import functools
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import (
    at_folder,
    campaign_option,
    check_own_names,
    mailbox,
    open_campaign,
    open_outbox,
    outbox_place,
    suppression_file,
)
from outreach.cli.english import counted
from outreach.cli.in_hand import told_in_hand
from outreach.cli.rehearsal import rehearse, send_trial_letters
from outreach.cli.rosters_in_use import tell_old_rosters
from outreach.cli.send_progress import shown_sending
from outreach.cli.status import MEANING
from outreach.errors import OutreachError

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.delivery.mission import Mission, Sent
    from outreach.outbox.claims import Scope
    from outreach.outbox.ledger import Ledger

_TO_END = ("SIGINT", "SIGTERM", "SIGHUP")  # no SIGHUP on Windows


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
    check_own_names(campaign)
    tell_old_rosters(campaign)
    if connections:
        sending = sending.model_copy(update={"connections": connections})
        campaign = campaign.model_copy(update={"sending": sending})
    if test_to:
        send_trial_letters(campaign, scope, test_to)
    elif confirm is None:
        rehearse(campaign, scope, when=when, at=at_folder(folder))
    else:
        _send(
            campaign, scope, confirm,
            at=at_folder(folder), limit=limit, keep=keep, no_wait=no_wait,
        )  # fmt: skip


def _send(
    campaign: "Campaign",
    scope: "Scope",
    code: str,
    *,
    at: str,
    limit: int | None,
    keep: bool,
    no_wait: bool,
) -> None:
    from outreach.delivery.clock import SystemClock
    from outreach.delivery.pace import note_clock
    from outreach.delivery.send import send_letters
    from outreach.letters.pack import load_pack
    from outreach.outbox.approval import approve, check_unchanged, made_from
    from outreach.outbox.copies import check_newest
    from outreach.outbox.lock import sole_copy

    sending = mailbox(campaign)
    clock = SystemClock()
    with _only_sender(campaign), open_outbox(campaign) as ledger, sole_copy(ledger):
        check_newest(ledger)
        if not keep:
            check_unchanged(ledger, scope, made_from(campaign, load_pack(campaign).digest))
        approve(ledger, scope, code, now=clock.now())
        moved = note_clock(ledger, clock.now())
        if moved is not None:
            click.echo(
                f"The clock of this computer went back by {moved}; the pace holds.", err=True
            )
        mission = _mission(campaign, scope, limit=limit, no_wait=no_wait)
        tell = functools.partial(told_in_hand, ledger, scope, zone=sending.pace.time_zone, at=at)
        showing = shown_sending(sending.pace.time_zone)
        with _cut_off(tell), _interruption() as stop, showing as show:
            sent = send_letters(ledger, mission, clock=clock, stop=stop, progress=show)
        _report(ledger, scope, sent, at, tell())


def _mission(
    campaign: "Campaign", scope: "Scope", *, limit: int | None, no_wait: bool
) -> "Mission":
    from outreach.delivery.connection import connector
    from outreach.delivery.mission import Mission

    sending = mailbox(campaign)
    return Mission(
        scope=scope,
        sending=sending,
        connect=connector(sending),
        from_address=campaign.sender.email,
        suppressions=suppression_file(campaign),
        last_day=campaign.end,
        limit=limit,
        patience=dt.timedelta(0) if no_wait else None,
    )


@contextlib.contextmanager
def _only_sender(campaign: "Campaign") -> Iterator[None]:
    from outreach.outbox.lock import sole_sender

    place = outbox_place(campaign)
    # A team's PostgreSQL is made for several senders; a file is not.
    with sole_sender(place) if isinstance(place, Path) else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _cut_off(tell: "Callable[[], list[str]]") -> Iterator[None]:
    """Say of a run that ends by an error, or at once by Ctrl-C, what it had in hand."""
    try:
        yield
    except (OutreachError, KeyboardInterrupt) as error:
        try:
            lines = tell()
        except OutreachError:
            # Where the ledger itself failed, and that is being said.
            lines = []
        interrupted = isinstance(error, KeyboardInterrupt)
        for line in ["Interrupted.", *lines] if interrupted and lines else lines:
            click.echo(line, err=True)
        if interrupted and lines:
            sys.exit(130)
        raise


@contextlib.contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C, or a request to end, into "finish the letter in hand"."""
    stop = threading.Event()

    def ask(number: int, _: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()
        with contextlib.suppress(OSError):  # a terminal that was closed
            click.echo("\nFinishing the letter in hand; Ctrl-C again ends at once.", err=True)

    asked = [getattr(signal, name) for name in _TO_END if hasattr(signal, name)]
    # Under nohup a run outlives its terminal.
    if signal.getsignal(asked[-1]) == signal.SIG_IGN:
        asked.pop()
    before = {number: signal.signal(number, ask) for number in asked}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(ledger: "Ledger", scope: "Scope", sent: "Sent", at: str, in_hand: list[str]) -> None:
    from outreach.outbox.schema import State
    from outreach.outbox.standing import counts, for_paper

    click.echo(f"This run: {sum(sent.states.values())} of {counted(sent.total, 'letter')}.")
    for state, count in sent.states.items():
        click.echo(f"{count:6}  {MEANING[state]}")
    if sent.stopped:
        click.echo(f"Stopped: {sent.stopped}.")
    with ledger.read() as connection:
        found = counts(connection, scope)
        paper = len(for_paper(connection, scope))
    open_ones = sum(found.get(state, 0) for state in (State.WAITING, State.DEFERRED))
    for line in in_hand:
        click.echo(line)
    if open_ones:
        click.echo(
            f"{counted(open_ones, 'letter waits', 'letters wait')}; the same command goes on."
        )
    if uncertain := found.get(State.UNCERTAIN, 0):
        click.echo(f"{uncertain} may have left, or may not: outreach outbox resolve{at}")
    if paper:
        click.echo(
            f"{counted(paper, 'is', 'are')} reached by no e-mail: outreach export pdf{at} --only held -o paper"
        )
    if any(state in found for state in (State.REFUSED, State.EXPIRED, State.DEFERRED)):
        click.echo(f"The server's reasons: outreach status{at}")
    if any(state not in (State.ACCEPTED, State.HELD, State.BOUNCED) for state in found):
        sys.exit(3)
