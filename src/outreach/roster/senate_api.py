"""Importer "senat-api": the answer of the Senate's API (senat.fr/api-senat/senateurs.json).

Senators in office only; no e-mail address; groups under codes of their own (UMP, LREM, CRC, …).
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from outreach.errors import InputError
from outreach.geography.codes import department_of
from outreach.roster.reading import Reading, Record, filled, gender_of, refuse_doubles
from outreach.roster.strict import (
    PRIVATE,
    UNUSED,
    Layout,
    date_in_name,
    key_paths,
    read_json,
    read_text,
)

SOURCE: Final = "senat-api"
TITLE: Final = "Sénat, API des sénateurs en exercice (senateurs.json)"
PUBLISHER: Final = "Sénat"

LAYOUT: Final = Layout(
    read={
        "matricule": "official_id",
        "nom": "last_name",
        "prenom": "first_name",
        "civilite": "gender",
        "organismes/code": "which of the bodies is the permanent commission",
        "organismes/libelle": "commission",
        "groupe/code": "political_group",
        "circonscription/code": "department_code",
    },
    ignored={
        "tri": "sorting form of the name",
        "feminise": "whether she is listed as sénatrice; letters always accord",
        "serie": "the département says it",
        "siege": UNUSED,
        "url": UNUSED,
        "urlAvatar": UNUSED,
        "twitter": UNUSED,
        "facebook": UNUSED,
        "organismes/type": "the code says it",
        "organismes/ordre": UNUSED,
        "groupe/libelle": "the code says the same",
        "groupe/ordre": UNUSED,
        "circonscription/libelle": "the code says the same",
        "circonscription/ordre": UNUSED,
        "categorieProfessionnelle": PRIVATE,
        "organismes": "its keys are read",
        "groupe": "its keys are read",
        "circonscription": "its keys are read",
    },
)
# COMEUR-AFEU, the committee on European affairs, is not a permanent commission.
_PERMANENT: Final = "COM-"


def recognises(path: Path) -> bool:
    """Tell whether the path is such an answer."""
    if path.suffix.lower() != ".json":
        return False
    start = read_text(path)[:5000]
    return '"matricule"' in start and '"organismes"' in start


def read(path: Path, as_of: dt.date | None = None) -> Reading:
    """Read the senators in office.

    Args:
        path: the JSON.
        as_of: the date of the answer; without it the date in the file's name.

    Raises:
        InputError: a key that we read is gone, items cannot be read, an id is doubled, or no
            date is known.
    """
    day = as_of or date_in_name(path)
    items = read_json(path, read_text(path))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(f"{path}: is not a list of senators; fetch the file again.")
    notes = LAYOUT.check(path.name, key_paths(items))
    problems: list[str] = []
    records: list[Record] = []
    for n, item in enumerate(items, start=1):
        try:
            records.append(_record(f"item {n}", item))
        except InputError as error:
            problems.append(f"item {n}: {error.message}")
        except KeyError as error:
            problems.append(f"item {n}: key {error} is missing")
    if problems:
        raise InputError(f"{path}: items cannot be read.", problems)
    refuse_doubles(path, records)
    return Reading(SOURCE, PUBLISHER, "senat", path, day, tuple(records), notes)


def _record(place: str, item: Mapping[str, Any]) -> Record:
    commissions = [
        body["libelle"] for body in item["organismes"] if body["code"].startswith(_PERMANENT)
    ]
    values = {
        "gender": gender_of(item["civilite"]),
        "first_name": item["prenom"],
        "last_name": item["nom"],
        "department_code": department_of(item["circonscription"]["code"]),
        "political_group": item["groupe"]["code"],
        "commission": commissions[-1] if commissions else "",
    }
    return Record(item["matricule"], filled(values), place)
