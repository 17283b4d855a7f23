"""Whom acts.csv and titles.csv name: everybody there must be somebody.

A row for an id that nobody has changes no letter and says nothing; one digit short, it looks as
right as the others.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.campaign import Campaign
from outreach.errors import InputError
from outreach.letters.acts import ACT_COLUMNS, read_acts
from outreach.letters.salutation import TITLE_COLUMNS, read_rows, read_titles
from outreach.roster.seat import Parliamentarian

# Ids hold digits and no space; functions are words.
_ID = re.compile(r"(?=\S*\d)\S+")
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The official ids of those who sit, with name and seat, and of those known to have left."""

    sitting: Mapping[str, str]
    former: frozenset[str]

    @classmethod
    def of(cls, members: Iterable[Parliamentarian], former: Iterable[str]) -> "KnownIds":
        """Take the ids of the members of all lists; who sits again is not former."""
        sitting = {
            member.official_id: f"{member.full_name}, "
            f"{member.constituency_code or member.department_code}"
            for member in members
        }
        return cls(sitting, frozenset(former) - sitting.keys())


def check_named(campaign: Campaign, known: KnownIds, today: dt.date) -> tuple[str, ...]:
    """Check acts.csv and titles.csv with the lists at hand.

    Returns:
        A warning for each row of somebody who sits no longer: no letter uses it.

    Raises:
        InputError: cells are faulty, or an id is nobody's; all faults of both files are listed.
    """
    problems: list[str] = []
    for read in (
        lambda: read_titles(campaign.titles, today),
        lambda: read_acts(campaign.acts, today),
    ):
        try:
            read()
        except InputError as error:
            problems += error.problems or (error.message,)
    warnings = []
    for where, official_id in _named(campaign):
        if official_id in known.former:
            warnings.append(f"{where}: {official_id} sits no longer; no letter uses this row.")
        elif official_id not in known.sitting:
            problems.append(f'{where}: "{official_id}" is nobody\'s; {_remedy(official_id, known)}')
    if problems:
        raise InputError(f"titles.csv and acts.csv have {len(problems)} faulty cells:", problems)
    return tuple(warnings)


def _named(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Give each id that the files name, with its place; files that cannot be read give none."""
    for path, columns in ((campaign.titles, TITLE_COLUMNS), (campaign.acts, ACT_COLUMNS)):
        for number, row in _rows(path, columns):
            name = row[columns[0]]
            if name and (columns == ACT_COLUMNS or _ID.fullmatch(name)):
                yield f"{path}, row {number}, {columns[0]}", name


def _rows(path: Path | None, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        return read_rows(path, columns)
    except InputError:
        return []


def _remedy(official_id: str, known: KnownIds) -> str:
    near = [
        f'"{other}" ({who})'
        for other, who in known.sitting.items()
        if _is_one_slip_away(official_id, other)
    ]
    if near:
        return f"did you mean {' or '.join(near[:_MOST_NEAR])}?"
    return "look the person up with `outreach find`, or take the row out"


def _is_one_slip_away(typed: str, right: str) -> bool:
    """Tell whether one character is missing, too many, another, or changed places with the next."""
    typed, right = typed.casefold(), right.casefold()
    while typed and right and typed[0] == right[0]:
        typed, right = typed[1:], right[1:]
    while typed and right and typed[-1] == right[-1]:
        typed, right = typed[:-1], right[:-1]
    return max(len(typed), len(right)) <= 1 or (len(typed) == 2 and typed == right[::-1])
