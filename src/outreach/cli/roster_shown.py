"""What `outreach roster` prints of two lists or of a build: changes, findings, members."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.cli.english import counted

if TYPE_CHECKING:
    from outreach.roster.compare import Change
    from outreach.roster.merge import Finding
    from outreach.roster.seat import Roster

FINDING_COLUMNS = ("kind", "subject", "field", "message")
_SHOWN = 20


def seats_of(roster: "Roster", who: str) -> str:
    """Write "569 deputies and 8 vacant seats as of 2026-10-08".

    Args:
        roster: the list.
        who: what its members are called: "deputies", "senators".
    """
    one = {"deputies": "deputy", "senators": "senator"}[who]
    members = counted(len(roster.members), one, who)
    vacant = counted(len(roster.vacancies), "vacant seat")
    return f"{members} and {vacant} as of {roster.as_of:%Y-%m-%d}"


def show_changes(changes: "Sequence[Change]") -> None:
    """Print a table of changes and how many there are of each kind."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if not changes:
        click.echo("Nothing has changed.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("seat", "change", "name", "before", "after"):
        table.add_column(column)
    for change in changes:
        table.add_row(change.seat, change.kind, change.name, change.before, change.after)
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    counts = Counter(change.kind for change in changes)
    click.echo(", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")


def show_findings(findings: "Sequence[Finding]", report: Path | None) -> None:
    """Print at most 20 findings of each kind, and where the others are.

    Args:
        findings: of a build.
        report: the file that holds them all; None when none was asked for.
    """
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.kind] += 1
        if counts[finding.kind] <= _SHOWN:
            click.echo(f"{finding.kind}: {finding.subject} {finding.field} {finding.message}")
    hidden = sum(max(0, count - _SHOWN) for count in counts.values())
    if hidden:
        where = f"in {report}" if report else "with --report FILE"
        click.echo(f"{counted(hidden, 'more finding')} {where}.")


def finding_row(finding: "Finding") -> dict[str, str]:
    """Give a finding as a row of FINDING_COLUMNS."""
    return {name: getattr(finding, name) for name in FINDING_COLUMNS}
