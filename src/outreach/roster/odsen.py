"""Importer "odsen": the Senate's general list (ODSEN_GENERAL), CSV or JSON; senators ACTIF only.

The CSV is cp1252 with CRLF and opens with the SQL query in lines that start with "%"; some copies
have lost those lines and gained two columns. The JSON says the same under keys without accents.
Every senator since 1958 is in it, ACTIF or ANCIEN. "Non public" is not an address.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.roster.emails import read_address
from outreach.roster.reading import Reading, Record, filled, gender_of, refuse_doubles
from outreach.roster.seats import Seats, read_seats
from outreach.roster.strict import (
    BIRTH,
    PRIVATE,
    Layout,
    date_in_name,
    read_json,
    read_table,
    read_text,
)

SOURCE: Final = "odsen"
TITLE: Final = "Sénat, informations générales sur les sénateurs (ODSEN_GENERAL), CSV or JSON"
PUBLISHER: Final = "Sénat"

# Keys as the slugs of both shapes: "Prénom usuel" and "Prenom_usuel" are "prenom-usuel".
LAYOUT: Final = Layout(
    read={
        "matricule": "official_id",
        "qualite": "gender",
        "nom-usuel": "last_name",
        "prenom-usuel": "first_name",
        "etat": "only ACTIF is read",
        "groupe-politique": "political_group",
        "commission-permanente": "commission",
        "circonscription": "department_code",
        "fonction-au-bureau-du-senat": "functions",
        "courrier-electronique": "email",
    },
    ignored={
        "date-naissance": BIRTH,
        "date-de-deces": PRIVATE,
        "type-d-app-au-grp-politique": "member, apparenté or rattaché: all sit with the group",
        "code-circonscription": "added by a copy; the name says it",
        "pcs-insee": PRIVATE,
        "categorie-professionnelle": PRIVATE,
        "description-de-la-profession": PRIVATE,
        "": "an empty last column of some copies",
    },
)
_STATES: Final = frozenset({"ACTIF", "ANCIEN"})


def recognises(path: Path) -> bool:
    """Tell whether the path is such a list."""
    if path.suffix.lower() not in (".csv", ".json"):
        return False
    start = ascii_slug(read_text(path)[:5000])
    return "matricule" in start and "prenom-usuel" in start and "etat" in start


def read(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read the senators in office.

    Args:
        path: the CSV or the JSON.
        as_of: the date of the list; without it the date in the file's name.

    Raises:
        InputError: a column that we read is gone, rows cannot be read, an id is doubled, or
            no date is known.
    """
    day = as_of or date_in_name(path)
    rows = _rows(path)
    notes = list(LAYOUT.check(path.name, {column for _, row in rows for column in row}))
    seats = read_seats(data_path("senators"))
    problems: list[str] = []
    records: list[Record] = []
    former = 0
    for place, row in rows:
        try:
            if row["etat"] not in _STATES:
                problems.append(f'{place}, État: "{row["etat"]}" is neither ACTIF nor ANCIEN')
            elif row["etat"] == "ANCIEN":
                former += 1
            else:
                records.append(_record(place, row, seats, notes))
        except InputError as error:
            problems.append(f"{place}: {error.message}")
        except KeyError as error:
            problems.append(f"{place}: {error} is missing")
    if problems:
        raise InputError(f"{path}: rows cannot be read.", problems)
    refuse_doubles(path, records)
    notes.append(f"{path.name}: {former} former senators (ANCIEN) set aside")
    return Reading(SOURCE, PUBLISHER, "senat", path, day, tuple(records), tuple(notes))


def _rows(path: Path) -> list[tuple[str, Mapping[str, str]]]:
    text = read_text(path)
    if path.suffix.lower() == ".csv":
        return [(f"line {line}", _slugged(row)) for line, row in read_table(path, text)[1]]
    whole = read_json(path, text)
    values = whole.get("results") if isinstance(whole, dict) else None
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise InputError(f'{path}: has no list "results"; fetch the file again.')
    return [(f"item {n}", _slugged(value)) for n, value in enumerate(values, start=1)]


def _slugged(row: Mapping[str, str | None]) -> dict[str, str]:
    return {ascii_slug(column): (cell or "").strip() for column, cell in row.items()}


def _record(place: str, row: Mapping[str, str], seats: Seats, notes: list[str]) -> Record:
    try:
        email = read_address(row["courrier-electronique"])
    except ValueError as error:
        notes.append(f"{place}: {row['matricule']}: {error}; left out")
        email = ""
    commission = row["commission-permanente"]
    values = {
        "gender": gender_of(row["qualite"]),
        "first_name": row["prenom-usuel"],
        "last_name": row["nom-usuel"],
        "department_code": seats.department_named(row["circonscription"]),
        "political_group": row["groupe-politique"],
        # "Aucune (Président du Sénat)": its president sits in none
        "commission": "" if commission.startswith("Aucune") else commission,
        "functions": row["fonction-au-bureau-du-senat"],
        "email": email,
    }
    return Record(row["matricule"], filled(values), place)
