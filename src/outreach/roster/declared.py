"""What people declare beside the official lists: arrivals, corrections, vacancies, each until a date.

    arrivals.csv      holders of a seat whom the lists at hand do not know yet, one row each
    corrections.csv   one value of one person; kind "news" or "error"
    vacancies.csv     seats nobody holds

Each row has its reason, its source, the day it was true (as_of) and the day it must be looked at
again (expires, until). News give way to an official list that is newer than their as_of: what
happened is in that list. A correction of an error holds until it expires: the publisher repeats it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from outreach.errors import InputError
from outreach.geography.codes import department_of
from outreach.roster.emails import read_address
from outreach.roster.reading import FIELDS
from outreach.roster.seat import Chamber, Vacancy
from outreach.roster.table import VACANCY_COLUMNS, read_rows, read_vacancies

ARRIVAL_VALUES: Final = (
    "department_code",
    "constituency_code",
    "gender",
    "first_name",
    "last_name",
    "political_group",
    "email",
    "in_office_since",
)
_GROUNDS: Final = ("reason", "source", "as_of", "expires")
ARRIVAL_COLUMNS: Final = ("official_id", *ARRIVAL_VALUES, "replaces", *_GROUNDS)
CORRECTION_COLUMNS: Final = ("official_id", "field", "value", "kind", *_GROUNDS)
IN_OFFICE: Final = "in_office"
"""The field of a correction that says "no" of somebody who has left the seat."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who holds a seat and is in no list yet; ``replaces`` is the id of who left it."""

    place: str
    official_id: str
    values: Mapping[str, str]
    replaces: str
    as_of: dt.date
    expires: dt.date


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that holds instead of the lists'; "" takes the value away."""

    place: str
    official_id: str
    field: str
    value: str
    kind: Literal["news", "error"]
    reason: str
    as_of: dt.date
    expires: dt.date


@dataclass(frozen=True, slots=True)
class DeclaredVacancy:
    """A vacancy with its row, the id of the former holder and the day it was true."""

    place: str
    row: Mapping[str, str]
    vacancy: Vacancy
    former_id: str
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Declared:
    """The three files of one chamber."""

    arrivals: tuple[Arrival, ...]
    corrections: tuple[Correction, ...]
    vacancies: tuple[DeclaredVacancy, ...]


def read_declared(folder: Path, chamber: Chamber) -> Declared:
    """Read the three files.

    Raises:
        InputError: a file or a column is missing, or cells are faulty; all of them are listed.
    """
    problems: list[str] = []
    arrivals = tuple(
        _arrival(place, row, problems)
        for place, row in _rows(folder / "arrivals.csv", ARRIVAL_COLUMNS)
    )
    corrections = tuple(
        _correction(place, row, problems)
        for place, row in _rows(folder / "corrections.csv", CORRECTION_COLUMNS)
    )
    vacancies = tuple(
        DeclaredVacancy(
            f"vacancies.csv, row {line}",
            row,
            vacancy,
            row["former_id"],
            _day(f"vacancies.csv, row {line}", row, "as_of", problems),
        )
        for line, (row, vacancy) in enumerate(read_vacancies(folder, chamber), start=2)
    )
    if problems:
        raise InputError(f"{folder}: declared rows cannot be read.", problems)
    return Declared(arrivals, corrections, vacancies)


def vacancy_rows(vacancies: list[DeclaredVacancy]) -> list[dict[str, str]]:
    """Give the rows of vacancies.csv back."""
    return [{column: vacancy.row[column] for column in VACANCY_COLUMNS} for vacancy in vacancies]


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    rows = read_rows(path, columns)
    return [(f"{path.name}, row {line}", row) for line, row in enumerate(rows, start=2)]


def _arrival(place: str, row: Mapping[str, str], problems: list[str]) -> Arrival:
    _grounds(place, row, problems)
    if not row["official_id"]:
        problems.append(f"{place}, official_id: is empty; an arrival has its official id")
    values = {name: row[name] for name in ARRIVAL_VALUES if row[name]}
    for name, value in values.items():
        if problem := _value_problem(name, value):
            problems.append(f"{place}, {name}: {problem}")
    return Arrival(
        place,
        row["official_id"],
        values,
        row["replaces"],
        _day(place, row, "as_of", problems),
        _day(place, row, "expires", problems),
    )


def _correction(place: str, row: Mapping[str, str], problems: list[str]) -> Correction:
    _grounds(place, row, problems)
    field, value = row["field"], row["value"]
    if field not in (*FIELDS, IN_OFFICE):
        problems.append(f'{place}, field: "{field}" is none of {", ".join((*FIELDS, IN_OFFICE))}')
    elif value and (problem := _value_problem(field, value)):
        problems.append(f"{place}, value: {problem}")
    if row["kind"] not in ("news", "error"):
        problems.append(f'{place}, kind: "{row["kind"]}" is neither news nor error')
    return Correction(
        place,
        row["official_id"],
        field,
        value,
        "error" if row["kind"] == "error" else "news",
        row["reason"],
        _day(place, row, "as_of", problems),
        _day(place, row, "expires", problems),
    )


def _grounds(place: str, row: Mapping[str, str], problems: list[str]) -> None:
    problems += [
        f"{place}, {column}: is empty; say why and after which source"
        for column in ("reason", "source")
        if not row[column].strip()
    ]


def _day(place: str, row: Mapping[str, str], column: str, problems: list[str]) -> dt.date:
    try:
        return dt.date.fromisoformat(row[column])
    except ValueError:
        problems.append(f'{place}, {column}: "{row[column]}" is not a date such as 2026-12-31')
        return dt.date.min


def _value_problem(field: str, value: str) -> str:
    try:
        if field == "email":
            read_address(value)
        elif field == "in_office_since":
            dt.date.fromisoformat(value)
        elif field == "department_code" and department_of(value) != value:
            return f'"{value}" is written "{department_of(value)}"'
    except InputError as error:
        return error.message
    except ValueError:
        return f'"{value}" is not {"an e-mail address" if field == "email" else "a date"}'
    if field == "gender" and value not in ("F", "M"):
        return f'"{value}" is neither F nor M'
    if field == IN_OFFICE and value != "no":
        return f'"{value}" is not "no"; who comes is a row of arrivals.csv'
    return ""
