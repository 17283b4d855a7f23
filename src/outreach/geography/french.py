"""French around départements and constituencies: "de l'Ain", "dans l'Ain", "1re".

Reads two small bundled tables with the standard library; no pandas, so that letters may use it.
"""

import csv
import functools

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.codes import department_of, parse_constituency


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
