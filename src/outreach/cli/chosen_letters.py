"""What every export begins with: a campaign, chosen recipients, their letters."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.progress import Shown
from outreach.errors import InputError

if TYPE_CHECKING:
    from outreach.campaign import Campaign, Style
    from outreach.export.paper import Paper
    from outreach.letters.letter import Letter
    from outreach.preparation import Prepared
    from outreach.roster.seat import Parliamentarian, Roster

PATH = click.Path(path_type=Path)
STYLES = click.Choice(["classique", "sobre", "moderne"])


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
        from outreach.export.paper import paper_of, with_maps

        paper = paper_of(self.campaign, style=style, duplex=duplex)
        return with_maps(paper, self.letters, local_maps(self.prepared)) if maps else paper


campaign_option = click.option(
    "--campaign",
    "folder",
    type=PATH,
    default=Path(),
    show_default="this folder",
    help="The campaign's folder.",
)
map_option = click.option(
    "--map",
    "maps",
    is_flag=True,
    help="A small map of the establishments beside the figures, where at least half have "
    "coordinates and the letter still fits its page.",
)


def recipient_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --campaign and --only."""
    only = click.option(
        "--only",
        multiple=True,
        metavar="WHO",
        help="deputies, senators, held, a département, a constituency, an official id or a name. "
        "May be repeated. held: whom no e-mail reaches (no address, or the outbox has it as held, "
        "refused, expired or bounced for good).",
    )
    return campaign_option(only(command))


def output_option(
    what: str, check: Callable[[click.Context, click.Parameter, Path], Path | None] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add -o/--output; ``what`` says what is written there, ``check`` refuses a wrong name."""
    return click.option("-o", "--output", type=PATH, required=True, help=what, callback=check)


def campaign_rosters(campaign: "Campaign") -> "list[Roster]":
    """Give the lists that a campaign writes from."""
    from outreach.roster.bundled import load_roster

    return [
        load_roster(chamber, getattr(campaign.rosters, chamber)) for chamber in campaign.chambers
    ]


def chosen_letters(
    folder: Path, only: tuple[str, ...], tell: Shown, *, suppressed: bool = False
) -> Chosen:
    """Prepare the letters of a campaign's chosen recipients; tell warnings and empty seats.

    Args:
        folder: the campaign's.
        only: words of --only; () for everybody.
        tell: is told how far it is, and the warnings.
        suppressed: also those on the suppression list: to look at, not to be sent.

    Raises:
        OutreachError: the campaign, a word of ``only`` or a letter is faulty; nobody is left.
    """
    from outreach.campaign import load_campaign
    from outreach.cli.campaign_outbox import asked_in_outbox
    from outreach.export.selection import select
    from outreach.preparation import prepare

    campaign = load_campaign(folder)
    today = campaign.date or dt.datetime.now().astimezone().date()
    rosters = campaign_rosters(campaign)
    wanted = any(word.strip().lower() == "held" for word in only)
    held = _held(campaign, rosters, tell) if wanted else ()
    chosen = (
        select(only, rosters, held) if only else [one for each in rosters for one in each.members]
    )
    left_out = {} if suppressed else _suppressed(campaign, chosen)
    meant = {member.official_id for member in chosen} - set(left_out)
    if not meant:
        raise InputError(
            'nobody is left to write to; "held" means those whom no e-mail reaches, and who is on '
            "the suppression list is never written to.",
            tuple(left_out.values()),
        )
    prepared = prepare(
        campaign,
        today=today,
        only=lambda member: member.official_id in meant,
        asked=asked_in_outbox(campaign),
        progress=tell,
    )
    for warning in prepared.warnings:
        tell.note(warning)
    for seat in () if only else prepared.skipped:
        tell.note(f"No letter for {seat.seat}: {seat.reason}.")
    for line in left_out.values():
        tell.note(f"No letter for {line}.")
    return Chosen(prepared, today)


def _suppressed(campaign: "Campaign", members: "Sequence[Parliamentarian]") -> dict[str, str]:
    from outreach.cli.campaign_outbox import suppression_file
    from outreach.outbox.suppression import read_suppressions

    listed = read_suppressions(suppression_file(campaign))
    return {
        member.official_id: f"{member.full_name}: {reason}"
        for member in members
        if (reason := listed.reason(member.official_id, member.email))
    }


def _held(campaign: "Campaign", rosters: "Sequence[Roster]", tell: Shown) -> list[str]:
    """Give those whom no e-mail reaches: by the outbox once there is one, by the lists before."""
    from outreach.cli.campaign_outbox import open_outbox, outbox_place
    from outreach.outbox.claims import Scope
    from outreach.outbox.schema import State
    from outreach.outbox.standing import for_paper, standings

    without = [one.official_id for each in rosters for one in each.members if not one.email]
    place = outbox_place(campaign)
    if isinstance(place, Path) and not place.exists():
        return without
    scope = Scope(campaign.uid, campaign.wave)
    with open_outbox(campaign) as ledger, ledger.read() as connection:
        found = for_paper(connection, scope, without)
        soft = [
            row.name
            for row in standings(connection, scope, [State.BOUNCED])
            if row.bounce == "soft bounce"
        ]
    if soft:
        tell.note(f"Not among them, back for the moment only (a full mailbox): {', '.join(soft)}.")
    return list(found)
