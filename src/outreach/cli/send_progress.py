"""How far a run of `outreach send` is: a bar on a terminal, lines in a log."""

import contextlib
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from outreach.cli.campaign_outbox import local_time, utc_now
from outreach.cli.progress import progress_bars

if TYPE_CHECKING:
    from outreach.delivery.mission import Sent


@contextlib.contextmanager
def shown_sending(zone: str) -> "Iterator[Callable[[Sent], None]]":
    """Give a function that shows a run's progress: rate, remaining time and counts.

    Args:
        zone: the time zone in which times are told.
    """
    if not sys.stderr.isatty():
        yield _tell_waits(zone)
        return
    with progress_bars(
        "{task.description}", middle="{task.fields[rate]}", end="{task.fields[counts]}"
    ) as bars:
        task = bars.add_task("sending", total=None, rate="", counts="")

        def show(sent: "Sent") -> None:
            done = sum(sent.states.values())
            speed = bars.tasks[0].speed
            words = (
                f"until {local_time(sent.waiting_until, zone)}"
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


def _tell_waits(zone: str) -> "Callable[[Sent], None]":
    """Give a function that says each wait of over a minute once, for logs."""
    told: list[dt.datetime] = []

    def show(sent: "Sent") -> None:
        until = sent.waiting_until
        if until is None or until in told or (until - utc_now()).total_seconds() < 60:
            return
        told.append(until)
        why = f" ({sent.pause_reason})" if sent.pause_reason else ""
        click.echo(f"Waiting until {local_time(until, zone)}{why}.", err=True)

    return show
