"""Options of the commands that read a list of establishments."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# Whether it can be read is told by the reader, with the remedy.
LIST_PATH = click.Path(path_type=Path, readable=False)

_OPTIONS = (
    click.option(
        "--column",
        "told",
        multiple=True,
        metavar="OURS=THEIRS",
        help='Say which column is which: --column commune_name="Ville du site". Several names joined by +; nothing after = for none.',
    ),
    click.option("--sheet", help="The sheet of a workbook; the most likely one by default."),
    click.option("--separator", help="What stands between the cells of a CSV; found by default."),
    click.option(
        "--extract",
        type=LIST_PATH,
        help="A FINESS file: rows with a FINESS number or SIRET take point, commune and category from it.",
    ),
)


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --column, --sheet, --separator and --extract."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def parse_told(told: tuple[str, ...]) -> dict[str, list[str]]:
    """Take --column options apart: ("address=Rue+Lieu-dit",) → {"address": ["Rue", "Lieu-dit"]}."""
    columns: dict[str, list[str]] = {}
    for item in told:
        ours, equals, theirs = item.partition("=")
        if not equals:
            raise click.BadParameter(f'"{item}" has no "="; write --column commune_name="Ville"')
        columns[ours.strip()] = [name.strip() for name in theirs.split("+") if name.strip()]
    return columns


def check_sheet(file: Path | None, sheet: str | None) -> None:
    """Refuse --sheet for a list that is no workbook: it would be ignored in silence."""
    from outreach.establishments.read import list_head
    from outreach.establishments.workbook import is_workbook

    if sheet and file is not None and not is_workbook(list_head(file)):
        raise click.UsageError(f"--sheet goes with a workbook; {file.name} is none.")
