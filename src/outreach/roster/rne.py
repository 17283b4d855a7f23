"""Importer "rne": the national register of elected persons (RNE), deputies or senators.

It has no official id, so it is read to check a roster by seat and name, never to make one. Names
are in capitals, codes have lost their zeros ("1", "101"), and the layout changed: columns named
in words with ";", or in snake_case with tabs or commas.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from outreach.errors import InputError
from outreach.geography.codes import department_of, parse_constituency
from outreach.roster.reading import Reading, Record, filled, gender_of
from outreach.roster.seat import Chamber
from outreach.roster.strict import (
    BIRTH,
    PRIVATE,
    UNUSED,
    Layout,
    date_in_name,
    read_table,
    read_text,
)

SOURCE: Final = "rne"
TITLE: Final = "Ministère de l'intérieur, répertoire national des élus, députés or sénateurs"
PUBLISHER: Final = "Ministère de l'intérieur"

# The older layout's names → the newer one's.
_OLDER: Final[Mapping[str, str]] = {
    "code_departement": "Code du département",
    "libelle_departement": "Libellé du département",
    "code_collectivite_statut_particulier": "Code de la collectivité à statut particulier",
    "libelle_collectivite_statut_particulier": "Libellé de la collectivité à statut particulier",
    "code_circonscription_legislative": "Code de la circonscription législative",
    "libelle_circonscription_legislative": "Libellé de la circonscription législative",
    "nom_elu": "Nom de l'élu",
    "prenom_elu": "Prénom de l'élu",
    "sexe_elu": "Code sexe",
    "date_naissance_elu": "Date de naissance",
    "lieu_naissance_elu": "Lieu de naissance",
    "code_categorie_socio_professionnelle": "Code de la catégorie socio-professionnelle",
    "libelle_categorie_socio_professionnelle": "Libellé de la catégorie socio-professionnelle",
    "date_debut_mandat": "Date de début du mandat",
    "code_nuance_mandat": "Code nuance",
    "libelle_nuance_mandat": "Libellé nuance",
}
_SEAT: Final = "Code de la circonscription législative"
LAYOUT: Final = Layout(
    read={
        "Code du département": "department_code",
        "Code de la collectivité à statut particulier": "department_code, where the other is empty",
        _SEAT: "constituency_code of deputies",
        "Nom de l'élu": "last_name",
        "Prénom de l'élu": "first_name",
        "Code sexe": "gender",
        "Date de début du mandat": "in_office_since",
    },
    ignored={
        "Libellé du département": "the code says the same",
        "Libellé de la collectivité à statut particulier": "the code says the same",
        "Libellé de la circonscription législative": "the code says the same",
        "Date de naissance": BIRTH,
        "Lieu de naissance": BIRTH,
        "Code de la catégorie socio-professionnelle": PRIVATE,
        "Libellé de la catégorie socio-professionnelle": PRIVATE,
        "Code nuance": UNUSED,
        "Libellé nuance": UNUSED,
    },
    may_lack=frozenset({_SEAT}),
)


def recognises(path: Path) -> bool:
    """Tell whether the path is such a register of deputies or senators."""
    if path.suffix.lower() != ".csv":
        return False
    start = read_text(path)[:1000]
    return ("Nom de l'élu" in start or "nom_elu" in start) and "Code du canton" not in start


def read(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read who holds which seat; deputies when there is a constituency, senators otherwise.

    Args:
        path: the CSV.
        as_of: the date of the register; without it the date in the file's name.

    Raises:
        InputError: a column that we read is gone, rows cannot be read, or no date is known.
    """
    day = as_of or date_in_name(path)
    header, rows = read_table(path, read_text(path))
    header = [_OLDER.get(column, column) for column in header]
    notes = LAYOUT.check(path.name, header)
    problems: list[str] = []
    records: list[Record] = []
    for line, row in rows:
        cells = {_OLDER.get(column, column): cell for column, cell in row.items()}
        try:
            records.append(_record(f"line {line}", cells))
        except InputError as error:
            problems.append(f"line {line}: {error.message}")
    if problems:
        raise InputError(f"{path}: rows cannot be read.", problems)
    chamber: Chamber = "assemblee" if _SEAT in header else "senat"
    return Reading(SOURCE, PUBLISHER, chamber, path, day, tuple(records), notes)


def _record(place: str, row: Mapping[str, str]) -> Record:
    place_code = row["Code du département"] or row["Code de la collectivité à statut particulier"]
    values = {
        "gender": gender_of(row["Code sexe"]),
        "first_name": row["Prénom de l'élu"],
        "last_name": row["Nom de l'élu"],
        "department_code": department_of(place_code),
        "in_office_since": _day(row["Date de début du mandat"]),
    }
    if _SEAT in row:
        values["constituency_code"] = parse_constituency(row[_SEAT])
    return Record("", filled(values), place)


def _day(cell: str) -> str:
    """Give "2024-07-08" from "08/07/2024" or "2024-07-08 00:00:00+00"."""
    slashed = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", cell)
    return "-".join(reversed(slashed.groups())) if slashed else cell[:10]
