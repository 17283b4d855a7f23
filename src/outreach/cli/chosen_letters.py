"""What every export begins with: a campaign, chosen recipients, their letters."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from outreach.campaign import Campaign, Style
    from outreach.export.paper import Paper
    from outreach.letters.letter import Letter
    from outreach.preparation import Prepared

PATH = click.Path(path_type=Path)
STYLES = click.Choice(["classique", "sobre", "moderne"])
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Letters of the chosen recipients; date: the day they bear."""

    prepared: "Prepared"
    date: dt.date

    @property
    def campaign(self) -> "Campaign":
        """The campaign they belong to."""
        return self.prepared.campaign

    @property
    def letters(self) -> "tuple[Letter, ...]":
        """The letters themselves."""
        return self.prepared.letters

    def paper(
        self, style: "Style | None" = None, *, duplex: bool = False, maps: bool = False
    ) -> "Paper":
        """Give the campaign's paper, with a map for each recipient when asked.

        Raises:
            InputError: a picture or the window is faulty.
        """
        from outreach.cli.local_maps import local_maps
        from outreach.export.paper import paper_of

        paper = paper_of(self.campaign, style=style, duplex=duplex)
        return replace(paper, maps=local_maps(self.prepared)) if maps else paper


campaign_option = click.option(
    "--campaign",
    "folder",
    type=PATH,
    default=Path(),
    show_default="this folder",
    help="The campaign's folder.",
)
map_option = click.option(
    "--map", "maps", is_flag=True, help="A small map of the establishments beside the figures."
)


def recipient_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --campaign and --only."""
    only = click.option(
        "--only",
        multiple=True,
        metavar="WHO",
        help="deputies, senators, held (no e-mail address), a département, a constituency, "
        "an official id or a name. May be repeated.",
    )
    return campaign_option(only(command))


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
    return Chosen(prepared, today)
