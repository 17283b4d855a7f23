"""Whether a roster folder still holds: seats filled, nothing expired, nobody in two chambers."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from outreach.files import ascii_slug
from outreach.roster.age import age_warning
from outreach.roster.declared import Correction, read_declared
from outreach.roster.emails import carries_name, domain_of, is_official
from outreach.roster.seat import Parliamentarian, Roster
from outreach.roster.seats import read_seats, seat_problems


def roster_problems(folder: Path, roster: Roster, today: dt.date) -> list[str]:
    """List what makes a roster unfit for letters: fix it before writing to anybody.

    Args:
        folder: where the roster was read, with its tables.
        roster: as read; its files agree with source.toml, or reading had refused.
        today: vacancies, arrivals and corrections whose date has passed are problems.

    Returns:
        One line a problem, empty when all is well.
    """
    problems = seat_problems(read_seats(folder), roster.members, roster.vacancies)
    declared = read_declared(folder, roster.chamber)
    ends = [(row.place, row.vacancy.until) for row in declared.vacancies]
    ends += [(row.place, row.expires) for row in declared.arrivals]
    ends += [(row.place, row.expires) for row in declared.corrections]
    problems += [
        f"{place}: expired on {end:%Y-%m-%d}; look at its source again"
        for place, end in ends
        if end < today
    ]
    problems += [
        f"{person.full_name} ({person.official_id}): {person.email} holds no part of the name"
        for person in roster.members
        if person.email
        and is_official(person.email, roster.chamber)
        and not carries_name(person.email, person.first_name, person.last_name)
        and not _corrected(person, declared.corrections)
    ]
    return problems


def roster_warnings(roster: Roster, today: dt.date) -> list[str]:
    """List what a person should know: age, other domains, members without an address."""
    warnings = [warning] if (warning := age_warning(roster, today)) else []
    others = [
        person
        for person in roster.members
        if person.email and not is_official(person.email, roster.chamber)
    ]
    warnings += [
        f"{person.full_name} ({person.official_id}): address on {domain_of(person.email)}"
        for person in others
    ]
    silent = sum(1 for person in roster.members if not person.email)
    if silent:
        who = f"{silent} members have" if silent > 1 else "1 member has"
        warnings.append(f"{who} no public e-mail address; write by post")
    dated = [p.last_known_on for p in roster.members if p.last_known_on and not p.commission]
    if dated:
        warnings.append(
            f"commissions of {len(dated)} members are only known as of {max(dated):%Y-%m-%d}, "
            "before they were formed anew; letters do not mention them"
        )
    return warnings


def in_two_chambers(rosters: Sequence[Roster]) -> list[str]:
    """List the names that are in two rosters: one person who has moved, or homonyms."""
    places: dict[str, list[Parliamentarian]] = {}
    for roster in rosters:
        for person in roster.members:
            places.setdefault(ascii_slug(person.full_name), []).append(person)
    return [
        f"{people[0].full_name} is in both chambers: "
        + ", ".join(f"{person.official_id} ({person.chamber})" for person in people)
        for people in places.values()
        if len({person.chamber for person in people}) > 1
    ]


def _corrected(person: Parliamentarian, corrections: Sequence[Correction]) -> bool:
    return any(
        row.official_id == person.official_id and row.field == "email" for row in corrections
    )
