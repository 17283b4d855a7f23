"""Constituencies written as their publishers write them, to be read back."""

from outreach.geography.codes import ABROAD, OVERSEAS_LETTERS, split_constituency

_LETTERS = {code: letters for letters, code in OVERSEAS_LETTERS.items()}


def written(code: str, publisher: str) -> str:
    """Write our code as INSEE (five characters), the RNE or OpenStreetMap does; abroad keeps "ZZ"."""
    department, number = split_constituency(code)
    if publisher == "osm":
        return f"{department if department == ABROAD else department.rjust(3, '0')}-{number:02d}"
    width = 2 if publisher == "rne" else 5 - len(department)
    return f"{department}{number:0{width}d}"


def ministry_cells(code: str) -> tuple[str, str]:
    """Write our code as the two cells of the ministry: "01-04" → ("1", "4"), "971-03" → ("ZA", "3")."""
    department, number = split_constituency(code)
    return _LETTERS.get(department, department.lstrip("0")), str(number)
