"""What every export begins with: a campaign, chosen recipients, their letters."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from outreach.campaign import Campaign
    from outreach.letters.letter import Letter

PATH = click.Path(path_type=Path)
STYLES = click.Choice(["classique", "sobre", "moderne"])
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Letters of the chosen recipients; date: the day they bear."""

    campaign: "Campaign"
    letters: "tuple[Letter, ...]"
    date: dt.date


def recipient_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --campaign and --only."""
    campaign = click.option(
        "--campaign",
        "folder",
        type=PATH,
        default=Path(),
        show_default="this folder",
        help="The campaign's folder.",
    )
    only = click.option(
        "--only",
        multiple=True,
        metavar="WHO",
        help="deputies, senators, held (no e-mail address), a département, a constituency, "
        "an official id or a name. May be repeated.",
    )
    return campaign(only(command))


def output_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add -o/--output; ``what`` says what is written there."""
    return click.option("-o", "--output", type=PATH, required=True, help=what)


def chosen_letters(folder: Path, only: tuple[str, ...], tell: Tell) -> Chosen:
    """Prepare the letters of a campaign's chosen recipients; tell warnings and empty seats.

    Raises:
        OutreachError: the campaign, a word of ``only`` or a letter is faulty.
    """
    from outreach.campaign import load_campaign
    from outreach.export.selection import select
    from outreach.preparation import prepare
    from outreach.roster.bundled import load_roster

    campaign = load_campaign(folder)
    today = campaign.date or dt.datetime.now().astimezone().date()
    meant: set[str] | None = None
    if only:
        rosters = [load_roster(chamber) for chamber in campaign.chambers]
        meant = {member.official_id for member in select(only, rosters)}
    prepared = prepare(
        campaign,
        today=today,
        only=None if meant is None else lambda member: member.official_id in meant,
        progress=tell,
    )
    for warning in prepared.warnings:
        click.echo(warning, err=True)
    for seat in () if only else prepared.skipped:
        click.echo(f"No letter for {seat.seat}: {seat.reason}.", err=True)
    return Chosen(campaign, prepared.letters, today)
