"""Progress on a terminal: one calm line a stage, nothing when the output goes to a file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (stage, done, total) that draws a bar on the terminal; total 0 is not known.

    It draws on standard error, so that what a command prints can be piped.
    """
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    with progress_bars("{task.description:<20}", transient=True) as bars:
        tasks = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield tell


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
