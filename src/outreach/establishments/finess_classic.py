"""The classic FINESS file (etalab, cs1100502): no column names, sections told by the first cell.

finess;etalab;111;2026-05-12
structureet;010000024;010780054;CH DE FLEYRIAT;…          32 cells
geolocalisation;010000024;870215.7;6571590.5;…;2024-03-05   6 cells
"""

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from outreach.errors import InputError
from outreach.establishments.categories import load_categories
from outreach.establishments.columns import TABLE, make_frame
from outreach.establishments.delimited import cut_lines
from outreach.establishments.encoding import read_lines
from outreach.establishments.projections import projection_of, to_degrees
from outreach.establishments.reading import Reading, finess_source
from outreach.establishments.refusal import Refusal

# Places of the cells of a structureet line, from the publisher's description of the format.
_NUMBER, _SHORT_NAME, _LONG_NAME = 1, 3, 4
_STREET = slice(7, 12)  # number, kind, name, complement (B, T), hamlet or box
_COMMUNE, _DEPARTMENT, _CITY_LINE, _CATEGORY, _CATEGORY_LABEL, _SIRET = 12, 13, 15, 18, 19, 22
_WIDTH, _POINT_WIDTH = 32, 6
# Saint-Barthélemy and Saint-Martin were communes of Guadeloupe until 2007; FINESS still files them so.
_LEFT_GUADELOUPE = {"97123": "97701", "97127": "97801"}
_REMEDY = "take the file again from the publisher"


def is_classic(head: bytes) -> bool:
    """Tell a classic FINESS file by its first bytes."""
    return head.startswith((b"finess;etalab;", b"structureet;"))


def read_classic(path: Path) -> Reading:
    """Read a classic FINESS file: its open sites, with commune, category and point.

    Raises:
        InputError: no site in it, or an encoding that cannot be read.
    """
    lines, encoding, _ = read_lines(path)
    sites: dict[str, dict[str, Any]] = {}
    refused: list[Refusal] = []
    points = _Points()
    received = 0
    dated = ""
    # Line by line: the cells of 100 000 sites take 200 MB when all are held.
    for record in cut_lines(lines, path.name, ";"):
        if isinstance(record, Refusal):
            received += 1
            refused.append(record)
            continue
        number, cells = record
        kind = cells[0]
        if kind == "structureet":
            received += 1
            fault = _fault(cells, sites)
            if fault:
                refused.append(Refusal(number, "", ";".join(cells), fault, _REMEDY, file=path.name))
            else:
                sites[cells[_NUMBER]] = _site(number, cells)
        elif kind == "geolocalisation" and len(cells) >= _POINT_WIDTH and cells[1] in sites:
            points.add(cells, sites[cells[1]]["department_code"])
        elif kind == "finess" and len(cells) > 3:
            dated = cells[3]
    if not sites:
        raise InputError(f"{path.name} holds no structureet line; {_REMEDY}.")
    for finess, longitude, latitude in points.in_degrees():
        # The file's later line for the same site is the newer measure.
        sites[finess]["longitude"], sites[finess]["latitude"] = longitude, latitude
    table = make_frame(
        {column: [site.get(column) for site in sites.values()] for column in TABLE}, TABLE
    )
    notes = (f"classic FINESS of {dated or 'unknown date'}, {encoding}",)
    return Reading(
        table=table,
        refused=tuple(refused),
        notes=notes,
        received=received,
        source=finess_source(dated),
        as_of=dated,
    )


class _Points:
    """The points of geolocalisation lines, in metres until they are turned to degrees all together."""

    def __init__(self) -> None:
        self._numbers: list[str] = []
        self._x, self._y, self._projections = array("d"), array("d"), array("i")

    def add(self, cells: list[str], department: str) -> None:
        """Take one line; what is no number is no point."""
        try:
            x, y = float(cells[2]), float(cells[3])
        except ValueError:
            return
        self._numbers.append(cells[1])
        self._x.append(x)
        self._y.append(y)
        self._projections.append(projection_of(cells[4], department))

    def in_degrees(self) -> Iterator[tuple[str, float, float]]:
        """Give number, longitude and latitude of each."""
        longitudes, latitudes = to_degrees(self._x, self._y, self._projections)
        yield from zip(self._numbers, map(float, longitudes), map(float, latitudes), strict=True)


def commune_of_classic(commune: str, department: str) -> str:
    """Join the two cells of a commune: ("451", "01") → "01451", ("209", "9B") → "97209"."""
    if department.startswith("9") and department[1:].isalpha():
        code = f"{'98' if department == '9J' else '97'}{commune}"
        return _LEFT_GUADELOUPE.get(code, code)
    return f"{department}{commune}"


def _fault(cells: list[str], sites: dict[str, dict[str, Any]]) -> str:
    if len(cells) < _WIDTH:
        return f"has {len(cells)} cells where a structureet line has {_WIDTH}"
    if cells[_NUMBER] in sites:
        return f"gives {cells[_NUMBER]} a second time"
    if len(cells[_COMMUNE]) != 3 or len(cells[_DEPARTMENT]) != 2:
        return f'has no commune: "{cells[_COMMUNE]}" in "{cells[_DEPARTMENT]}"'
    return ""


def _site(number: int, cells: list[str]) -> dict[str, Any]:
    code = commune_of_classic(cells[_COMMUNE], cells[_DEPARTMENT])
    postcode, _, city = cells[_CITY_LINE].partition(" ")
    category = load_categories().get(cells[_CATEGORY])
    return {
        **{column: "" for column, dtype in TABLE.items() if dtype == "string"},
        "establishment_id": cells[_NUMBER],
        "finess": cells[_NUMBER],
        "source_row": number,
        # rs is cut at 38 characters; rslongue is not always filled.
        "name": cells[_LONG_NAME] or cells[_SHORT_NAME],
        "address": " ".join(part for part in cells[_STREET] if part),
        "postcode": postcode,
        "commune_name": city,
        "commune_code": code,
        "department_code": code[:3] if code[:2] in ("97", "98") else code[:2],
        "siret": cells[_SIRET],
        "category_code": cells[_CATEGORY],
        "category": cells[_CATEGORY_LABEL],
        "field": category.field if category else "",
    }
