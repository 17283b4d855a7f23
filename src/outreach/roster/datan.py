"""Importer "datan": the list of deputies in office that Datan publishes on data.gouv.fr, CSV or JSON.

The same columns in both; the JSON adds a row number and turns numbers into numbers.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from outreach.errors import InputError
from outreach.geography.codes import constituency_code, department_of
from outreach.roster.emails import read_address
from outreach.roster.reading import Reading, Record, filled, gender_of, refuse_doubles
from outreach.roster.strict import (
    BIRTH,
    PRIVATE,
    UNUSED,
    Layout,
    read_json,
    read_table,
    read_text,
)

SOURCE: Final = "datan"
TITLE: Final = "Datan, députés en exercice (deputes-active), CSV or JSON"
PUBLISHER: Final = "Datan, d'après l'Assemblée nationale"

LAYOUT: Final = Layout(
    read={
        "id": "official_id",
        "civ": "gender",
        "prenom": "first_name",
        "nom": "last_name",
        "groupeAbrev": "political_group",
        "departementCode": "constituency_code",
        "circo": "constituency_code",
        "datePriseFonction": "in_office_since",
        "mail": "email",
        "dateMaj": "the date of the list",
    },
    ignored={
        "__id": "row number",
        "legislature": UNUSED,
        "naissance": BIRTH,
        "villeNaissance": BIRTH,
        "age": BIRTH,
        "job": PRIVATE,
        "groupe": "groupeAbrev says the same",
        "departementNom": "departementCode says the same",
        "twitter": UNUSED,
        "facebook": UNUSED,
        "website": UNUSED,
        "nombreMandats": UNUSED,
        "experienceDepute": UNUSED,
        "scoreParticipation": UNUSED,
        "scoreParticipationSpecialite": UNUSED,
        "scoreLoyaute": UNUSED,
        "scoreMajorite": UNUSED,
    },
)


def recognises(path: Path) -> bool:
    """Tell whether the path is such a list."""
    if path.suffix.lower() not in (".csv", ".json"):
        return False
    start = read_text(path)[:3000]
    return "scoreParticipation" in start and "groupeAbrev" in start


def read(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read the deputies in office.

    Args:
        path: the CSV or the JSON.
        as_of: the date of the list; without it the latest ``dateMaj``.

    Raises:
        InputError: a column that we read is gone, rows cannot be read, an id is doubled.
    """
    rows = _rows(path)
    notes = list(LAYOUT.check(path.name, {column for _, row in rows for column in row}))
    problems: list[str] = []
    records: list[Record] = []
    for place, row in rows:
        try:
            records.append(_record(place, row, notes))
        except InputError as error:
            problems.append(f"{place}: {error.message}")
        except KeyError as error:
            problems.append(f"{place}: {error} is missing")
    if problems:
        raise InputError(f"{path}: rows cannot be read.", problems)
    refuse_doubles(path, records)
    day = as_of or dt.date.fromisoformat(max(row["dateMaj"] for _, row in rows))
    return Reading(SOURCE, PUBLISHER, "assemblee", path, day, tuple(records), tuple(notes))


def _rows(path: Path) -> list[tuple[str, Mapping[str, str]]]:
    text = read_text(path)
    if path.suffix.lower() == ".csv":
        return [(f"line {line}", row) for line, row in read_table(path, text)[1]]
    values = read_json(path, text)
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise InputError(f"{path}: is not a list of deputies; fetch the file again.")
    return [
        (f"item {n}", {key: "" if cell is None else str(cell) for key, cell in value.items()})
        for n, value in enumerate(values, start=1)
    ]


def _record(place: str, row: Mapping[str, str], notes: list[str]) -> Record:
    try:
        email = read_address(row["mail"])
    except ValueError as error:
        notes.append(f"{place}: {row['id']}: {error}; left out")
        email = ""
    values = {
        "gender": gender_of(row["civ"]),
        "first_name": row["prenom"],
        "last_name": row["nom"],
        "department_code": department_of(row["departementCode"]),
        "constituency_code": constituency_code(row["departementCode"], row["circo"]),
        "political_group": row["groupeAbrev"],
        "email": email,
        "in_office_since": row["datePriseFonction"],
    }
    return Record(row["id"], filled(values), place)
