"""The table of seats of a chamber, and whether a roster fills it.

data/deputies/seats.csv   577 seats, numbered 1 to n in each département
data/senators/seats.csv   348 seats in 108 constituencies, with the names publishers give them
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.geography.codes import constituency_code
from outreach.roster.seat import Chamber, Parliamentarian, Vacancy
from outreach.roster.table import read_rows, read_toml

SEAT_COLUMNS: Final = ("department_code", "department_name", "other_names", "seats")


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of one chamber.

    Attributes:
        counts: seat → how many; a seat is a constituency for deputies (always 1), a
            département for senators.
        names: département code → name.
        codes: slug of every known name → département code.
    """

    chamber: Chamber
    counts: Mapping[str, int]
    names: Mapping[str, str]
    codes: Mapping[str, str]

    def department_named(self, name: str) -> str:
        """Give the code of a département from any publisher's spelling of its name.

        Raises:
            InputError: no seat has this name.
        """
        try:
            return self.codes[ascii_slug(name)]
        except KeyError:
            raise InputError(
                f'"{name}" is not the name of a département with seats; add it to other_names '
                "in seats.csv if the publisher has a new spelling."
            ) from None


def read_seats(folder: Path) -> Seats:
    """Read seats.csv and check it against the number of seats in chamber.toml.

    Raises:
        InputError: a file is missing or faulty, or the seats do not add up.
    """
    path = folder / "seats.csv"
    chamber_file = read_toml(folder / "chamber.toml")
    chamber: Chamber = chamber_file["chamber"]
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for line, row in enumerate(read_rows(path, SEAT_COLUMNS), start=2):
        department = row["department_code"]
        if not row["seats"].isdecimal():
            raise InputError(f'{path}, row {line}, seats: "{row["seats"]}" is not a number.')
        seats = int(row["seats"])
        names[department] = row["department_name"]
        for name in (row["department_name"], *row["other_names"].split("|")):
            if name:
                codes[ascii_slug(name)] = department
        if chamber == "senat":
            counts[department] = seats
        else:
            counts |= {constituency_code(department, n): 1 for n in range(1, seats + 1)}
    if sum(counts.values()) != chamber_file["seats"]:
        raise InputError(
            f"{path}: {sum(counts.values())} seats instead of {chamber_file['seats']}; "
            "restore the file."
        )
    return Seats(chamber, counts, names, codes)


def seat_of(holder: Parliamentarian | Vacancy) -> str:
    """Give the seat: the constituency of a deputy, the département of a senator."""
    return holder.constituency_code if holder.chamber == "assemblee" else holder.department_code


def seat_problems(
    seats: Seats, members: Sequence[Parliamentarian], vacancies: Sequence[Vacancy]
) -> list[str]:
    """Say which seats are missing, doubled or unknown; vacancies fill a seat.

    Returns:
        One line for each faulty seat, in the order of the seats; empty when all is well.
    """
    holders: dict[str, list[str]] = {}
    for person in members:
        holders.setdefault(seat_of(person), []).append(f"{person.full_name} ({person.official_id})")
    for vacancy in vacancies:
        holders.setdefault(seat_of(vacancy), []).append(
            f"vacant since {vacancy.since:%Y-%m-%d} ({vacancy.former_holder})"
        )
    problems = []
    for seat in sorted(seats.counts.keys() | holders.keys()):
        expected, held = seats.counts.get(seat, 0), holders.get(seat, [])
        if expected == 0:
            problems.append(f'seat "{seat}" is unknown: {", ".join(held)}')
        elif len(held) < expected:
            problems.append(_missing(seats, seat, held))
        elif len(held) > expected:
            problems.append(
                f"seat {seat} ({_name(seats, seat)}) is held {len(held)} times "
                f"instead of {expected}: {', '.join(held)}"
            )
    doubled = Counter(person.official_id for person in members)
    problems += [f"{key} holds {n} seats" for key, n in sorted(doubled.items()) if n > 1]
    return problems


def _missing(seats: Seats, seat: str, held: list[str]) -> str:
    expected = seats.counts[seat]
    if expected == 1:
        return f"seat {seat} ({_name(seats, seat)}) has no holder and no declared vacancy"
    return (
        f"seat {seat} ({_name(seats, seat)}) has {len(held)} holders instead of {expected}: "
        f"{', '.join(held)}"
    )


def _name(seats: Seats, seat: str) -> str:
    return seats.names.get(seat.split("-")[0], seat)
