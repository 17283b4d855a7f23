"""Importer "libre-office": the Assembly's short list (liste_deputes_libre_office.csv), nine columns.

No date, no e-mail, no address; the id lacks its "PA"; the département is a name.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.codes import constituency_code
from outreach.roster.reading import Reading, Record, filled, refuse_doubles
from outreach.roster.seats import Seats, read_seats
from outreach.roster.strict import PRIVATE, Layout, date_in_name, read_table, read_text

SOURCE: Final = "libre-office"
TITLE: Final = "Assemblée nationale, liste pour tableur (liste_deputes_libre_office.csv)"
PUBLISHER: Final = "Assemblée nationale"

LAYOUT: Final = Layout(
    read={
        "identifiant": 'official_id, after "PA"',
        "Prénom": "first_name",
        "Nom": "last_name",
        "Département": "constituency_code",
        "Numéro de circonscription": "constituency_code",
        "Groupe politique (abrégé)": "political_group",
    },
    ignored={
        "Région": "the département says it",
        "Profession": PRIVATE,
        "Groupe politique (complet)": "the short label says the same",
    },
)


def recognises(path: Path) -> bool:
    """Tell whether the path is such a list."""
    return path.suffix.lower() == ".csv" and '"identifiant","Prénom"' in read_text(path)[:200]


def read(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read the deputies in office.

    Args:
        path: the CSV.
        as_of: the date of the list; without it the date in the file's name.

    Raises:
        InputError: a column that we read is gone, rows cannot be read, an id is doubled, or
            no date is known.
    """
    day = as_of or date_in_name(path)
    header, rows = read_table(path, read_text(path))
    notes = LAYOUT.check(path.name, header)
    seats = read_seats(data_path("deputies"))
    problems: list[str] = []
    records: list[Record] = []
    for line, row in rows:
        try:
            records.append(_record(f"line {line}", row, seats))
        except InputError as error:
            problems.append(f"line {line}: {error.message}")
    if problems:
        raise InputError(f"{path}: rows cannot be read.", problems)
    refuse_doubles(path, records)
    return Reading(SOURCE, PUBLISHER, "assemblee", path, day, tuple(records), notes)


def _record(place: str, row: Mapping[str, str], seats: Seats) -> Record:
    department = seats.department_named(row["Département"])
    values = {
        "first_name": row["Prénom"],
        "last_name": row["Nom"],
        "department_code": department,
        "constituency_code": constituency_code(department, row["Numéro de circonscription"]),
        "political_group": row["Groupe politique (abrégé)"],
    }
    return Record(f"PA{row['identifiant']}", filled(values), place)
