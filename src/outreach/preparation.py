"""The road from a campaign.toml to rendered letters: each room called once, in order.

cli's preview, export, plan, demo and letters check, and page build, all start here. It joins
rooms and holds no rule of its own: what is doubtful, vacant or refused was decided by the room
that knows, and is only passed on.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.campaign import Campaign
from outreach.campaign.example import example_warning
from outreach.geography.places import Geography, load_geography
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.official_ids import KnownIds, check_named
from outreach.letters.variants import seat_numbers, seat_of
from outreach.roster.age import age_warning
from outreach.roster.bundled import folder_in_use, load_roster
from outreach.roster.former import former_ids
from outreach.roster.seat import Chamber, Parliamentarian, Roster, Vacancy

if TYPE_CHECKING:
    import pandas as pd

    from outreach.establishments.reading import Reading
    from outreach.figures.local import LocalFigureTable

# stage ("establishments", "letters", …), done, total
Progress = Callable[[str, int, int], None]
_CHAMBERS: tuple[Chamber, ...] = ("assemblee", "senat")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A seat that gets no letter, and why."""

    chamber: str
    seat: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A campaign's establishments with their constituencies, and the rosters they were matched to.

    Attributes:
        reading: the checked table and the refused rows.
        table: establishments.columns.TABLE + MATCH, one row per accepted establishment.
        local: the figures per constituency, département and country.
    """

    geography: Geography
    rosters: tuple[Roster, ...]
    reading: "Reading"
    table: "pd.DataFrame"
    local: "LocalFigureTable"
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Every letter of a campaign, rendered and checked, before anything leaves.

    Attributes:
        letters: in the order deputies by constituency, then senators by département.
        skipped: vacant seats, with their reason.
        warnings: what a person should know before sending (an old roster, doubtful rows).
    """

    campaign: Campaign
    matched: Matched
    letters: tuple[Letter, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]


def match_campaign(
    campaign: Campaign, *, today: dt.date, progress: Progress | None = None
) -> Matched:
    """Read a campaign's establishments, match them and add up their figures.

    Raises:
        InputError: the list of establishments cannot be read at all.
    """
    # Imported here: pandas takes 0.3 s, and loading this module must not.
    from outreach.establishments.bundled import load_bundled
    from outreach.establishments.read import read_establishments
    from outreach.figures.local import LocalFigureTable
    from outreach.matching.decisions import read_decisions
    from outreach.matching.found_points import add_kept_points
    from outreach.matching.matches import match_establishments

    tell = progress or (lambda stage, done, total: None)
    rosters = tuple(
        load_roster(chamber, getattr(campaign.rosters, chamber)) for chamber in campaign.chambers
    )
    told = (*(age_warning(roster, today) for roster in rosters), example_warning(campaign))
    warnings = [line for line in told if line]
    geography = load_geography()
    tell("establishments", 0, 1)
    listed = campaign.establishments
    if listed.file is None:
        reading = load_bundled()
        source, as_of = reading.source, reading.as_of
    else:
        reading = read_establishments(
            listed.file, columns=listed.columns, sheet=listed.sheet or None
        )
        source, as_of = listed.source, listed.as_of
    tell("establishments", 1, 1)
    decisions = read_decisions(campaign.matches, listed.review, geography)
    tell("matching", 0, len(reading.table))
    located = add_kept_points(reading.table, campaign.matches / "points.csv")
    table = match_establishments(located, geography, list(rosters), review=decisions)
    tell("matching", len(table), len(table))
    if reading.refused:
        warnings.append(
            f"Rows of the list that were refused: {len(reading.refused)}; see outreach match."
        )
    unsure = int((table["certainty"] == "unsure").sum())
    if unsure:
        warnings.append(
            f"{unsure} of {len(table)} establishments have no certain constituency: they count for "
            "their département only. `outreach match` lists them for a person to decide."
        )
    local = LocalFigureTable(table, source=source, as_of=as_of)
    return Matched(geography, rosters, reading, table, local, tuple(warnings))


def prepare(
    campaign: Campaign,
    *,
    today: dt.date,
    only: Callable[[Parliamentarian], bool] | None = None,
    choices: Mapping[str, str] | None = None,
    asked: Mapping[str, Mapping[str, str]] | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """Render every letter of a campaign.

    Args:
        campaign: as load_campaign gives it.
        today: the date that letters bear and that ages are counted from.
        only: keeps the recipients for which it is true; None keeps all.
        choices: block → variant, forced for every letter.
        asked: official id → block → variant of the wave before.
        progress: called with (stage, done, total).

    Raises:
        InputError: a file of the campaign is faulty.
        TemplateError: a letter cannot be rendered; all the faults are listed, and no letter is given.
    """
    matched = match_campaign(campaign, today=today, progress=progress)
    gone = check_named(campaign, _known_ids(campaign, matched.rosters), today)
    recipients = [
        (member, matched.local.for_recipient(member))
        for roster in matched.rosters
        for member in sorted(roster.members, key=_seat)
        if only is None or only(member)
    ]
    letters = compose(
        campaign,
        recipients,
        today=today,
        choices=choices,
        numbers=_seat_numbers(matched.rosters),
        asked=asked,
        progress=None if progress is None else lambda done, total: progress("letters", done, total),
    )
    skipped = tuple(
        Skipped(
            vacancy.chamber,
            vacancy.constituency_code or vacancy.department_code,
            vacancy.former_holder,
            _why_vacant(vacancy, today),
        )
        for roster in matched.rosters
        for vacancy in roster.vacancies
    )
    return Prepared(campaign, matched, tuple(letters), skipped, (*matched.warnings, *gone))


def _known_ids(campaign: Campaign, rosters: Iterable[Roster]) -> KnownIds:
    """Gather the ids of both chambers: a campaign for one may keep the acts of the other."""
    lists = {roster.chamber: roster for roster in rosters}
    former: set[str] = set()
    for chamber in _CHAMBERS:
        own = getattr(campaign.rosters, chamber)
        if chamber not in lists:
            lists[chamber] = load_roster(chamber, own)
        former |= former_ids(own or folder_in_use(chamber))
    members = (member for roster in lists.values() for member in roster.members)
    return KnownIds.of(members, former)


def _why_vacant(vacancy: Vacancy, today: dt.date) -> str:
    said = f"seat vacant since {vacancy.since}: {vacancy.reason}"
    if today <= vacancy.until:
        return said
    return f"{said}; declared until {vacancy.until:%d/%m/%Y}: check, and renew the lists"


def _seat_numbers(rosters: Iterable[Roster]) -> dict[str, int]:
    seats = [seat_of(member) for roster in rosters for member in roster.members]
    seats += [
        (vacancy.department_code, vacancy.chamber, vacancy.constituency_code, "")
        for roster in rosters
        for vacancy in roster.vacancies
        if vacancy.constituency_code
    ]
    return seat_numbers(seats)


def _seat(member: Parliamentarian) -> tuple[str, str, str]:
    return member.constituency_code, member.department_code, member.official_id
