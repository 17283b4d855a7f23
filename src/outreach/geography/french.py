"""French around place names: "de l'Ain", "dans l'Ain", "du Mans", "à La Rochelle", "1re".

Reads two small bundled tables with the standard library; no pandas, so that letters may use it.
"""

import csv
import functools

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.codes import department_of, parse_constituency

# By the name, not the TNCC: the COG has "0" for Le Vernet-Chaméane.
_CONTRACTED = {"Le ": ("du ", "au "), "Les ": ("des ", "aux "), "Aux ": ("des ", "aux ")}


def department_name(code: str) -> str:
    """Give "Ain" for "01" (any publisher's code)."""
    return _department(code)["name"]


def of_department(code: str) -> str:
    """Give "de l'Ain", "du Rhône", "de Vaucluse", "des Français établis hors de France".

    Args:
        code: a département in any publisher's form.

    Raises:
        InputError: no département has this code.
    """
    return _department(code)["of_name"]


def in_department(code: str) -> str:
    """Give "dans l'Ain", "en Haute-Corse", "à Paris", "hors de France".

    Raises:
        InputError: no département has this code.
    """
    return _department(code)["in_name"]


def constituency_name(code: str) -> str:
    """Give "4e circonscription de l'Ain", "circonscription de la Creuse".

    Raises:
        InputError: no constituency has this code.
    """
    known = _table("constituencies.csv", "constituency_code")
    try:
        return known[parse_constituency(code)]["name"]
    except KeyError:
        raise InputError(f'"{code}" is not one of the {len(known)} constituencies.') from None


def of_commune(name: str, tncc: str) -> str:
    """Give "du Mans", "des Ulis", "d'Amiens", "de La Rochelle", "de L'Haÿ-les-Roses".

    Args:
        name: the commune with its article, as the COG writes it.
        tncc: INSEE's type de nom en clair, "0" to "8", from communes.csv.
    """
    for article, (of, _) in _CONTRACTED.items():
        if name.startswith(article):
            return of + name.removeprefix(article)
    return ("d'" if tncc == "1" else "de ") + name


def in_commune(name: str) -> str:
    """Give "au Mans", "aux Ulis", "à Amiens", "à La Rochelle" for a name with its article."""
    for article, (_, at) in _CONTRACTED.items():
        if name.startswith(article):
            return at + name.removeprefix(article)
    return "à " + name


def ordinal(number: int, *, feminine: bool = False) -> str:
    """Give "1er", "1re", "2e", "21e"."""
    if number == 1:
        return "1re" if feminine else "1er"
    return f"{number}e"


def _department(code: str) -> dict[str, str]:
    return _table("departments.csv", "department_code")[department_of(code)]


@functools.cache
def _table(file: str, key: str) -> dict[str, dict[str, str]]:
    with data_path("geography", file).open(encoding="utf-8", newline="") as lines:
        return {row[key]: row for row in csv.DictReader(lines)}
