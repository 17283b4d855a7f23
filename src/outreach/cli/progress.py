"""Progress on a terminal: one calm line a stage, nothing when the output goes to a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Shown:
    """Where a command tells how far it is: call it with (stage, done, total); total 0 is not known.

    Args:
        bars: what is drawn; None where nobody looks.
    """

    def __init__(self, bars: "Progress | None") -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Draw a stage's bar."""
        if self._bars is None:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total or None)
        self._bars.update(self._tasks[stage], completed=done, total=total or None)

    def note(self, line: str) -> None:
        """Print a line on standard error, above the bars: printed past them it would be erased."""
        if self._bars is None:
            click.echo(line, err=True)
        else:
            self._bars.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def shown_progress() -> Iterator[Shown]:
    """Give what draws a bar for each stage on the terminal, and takes them away at the end.

    It draws on standard error, so that what a command prints can be piped.
    """
    if not sys.stderr.isatty():
        yield Shown(None)
        return
    with progress_bars("{task.description:<20}", transient=True) as bars:
        yield Shown(bars)


def progress_bars(
    description: str, *, middle: str = "", end: str = "", transient: bool = False
) -> "Progress":
    """Make the bars of a terminal: description, bar, count, times, on standard error.

    Args:
        description: rich's text for what goes on, such as "{task.description}".
        middle: one more text before the times, such as "{task.fields[rate]}"; "" for none.
        end: one more text after them.
        transient: take the bars away at the end.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = [
        TextColumn(description),
        BarColumn(),
        MofNCompleteColumn(),
        *([TextColumn(middle)] if middle else []),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        *([TextColumn(end)] if end else []),
    ]
    return Progress(*columns, console=Console(stderr=True), transient=transient)
