"""Where a row is: address, postcode and city out of the cells they stand in, points in degrees."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from outreach.establishments import cells
from outreach.establishments.addresses import may_hold_phone, split_address, tidy, without_phone
from outreach.establishments.lost_zeros import zero_contradicted
from outreach.establishments.projections import BY_DEPARTMENT, MAINLAND, to_degrees
from outreach.establishments.rows import Rows
from outreach.establishments.spelling import countries, is_cedex, plain, rules

_JOINED = ("address_number", "address_street_kind", "address_street", "address", "address_extra")
_FOREIGN_POSTCODE = re.compile(r"\s*([A-Za-z]{1,3})[\s-]*\d{4,5}\s*")
_DIGIT = re.compile(r"\d")


def read_addresses(rows: Rows, columns: dict[str, list[Any]]) -> None:
    """Join the parts of an address, take postcode and city out of cells that hold more than one thing."""
    joined = [rows.column(part) for part in _JOINED if part in rows.header.columns]
    parts = list(zip(*joined, strict=True)) if joined else [("",)] * len(rows.cells)
    postcodes, cities = columns["postcode"], columns["commune_name"]
    _leave_out_zeros(rows, columns)
    _add_cedex(rows, cities)
    with_digits = {city for city in set(cities) if _DIGIT.search(city)}
    raw_postcodes = rows.column("postcode") if "postcode" in rows.header.columns else None
    for at, cell_parts in enumerate(parts):
        text = " ".join(part.strip() for part in cell_parts if part.strip())
        if raw_postcodes is not None and not postcodes[at] and len(raw_postcodes[at]) > 5:
            _from_cell(rows, columns, at, raw_postcodes[at], "postcode")
        city = cities[at]
        if city in with_digits:
            _from_cell(rows, columns, at, city, "commune_name")
        taken = ""
        if not postcodes[at] or not cities[at]:
            found = split_address(text)
            if found.postcode and (not postcodes[at] or postcodes[at] == found.postcode):
                postcodes[at] = found.postcode
                cities[at] = cities[at] or found.city
                text = found.street
            elif found.left_out:
                text, _ = without_phone(text)
            taken = found.left_out
        elif may_hold_phone(text):
            text, taken = without_phone(text)
        if taken:
            rows.repair(at, rows.theirs("address"), taken, "", "a telephone number or an e-mail address left out of the address")  # fmt: skip
        columns["address"][at] = tidy(text) if "\n" in text else " ".join(text.split())
    _add_country(rows, cities, raw_postcodes)


def _leave_out_zeros(rows: Rows, columns: dict[str, list[Any]]) -> None:
    """Leave out a postcode whose zero was put back where the row itself says another place."""
    for at, postcode in enumerate(columns["postcode"]):
        if postcode[:1] != "0":
            continue
        typed = rows.cell(at, "postcode")
        if typed == postcode or cells.postcode(typed).reason != cells.ZERO_LOST:
            continue
        against = _against_zero(rows, columns, at, postcode, columns["commune_name"][at])
        if against:
            columns["postcode"][at] = ""
            rows.take_back(at, "postcode", postcode)
            reason = f"four digits, and with a leading zero {against}; type five digits"
            rows.repair(at, rows.theirs("postcode"), typed, "", reason)


def _against_zero(
    rows: Rows, columns: dict[str, list[Any]], at: int, postcode: str, city: str
) -> str:
    country = _country(rows.cell(at, "country"), rules()["country_codes"])
    against = zero_contradicted(postcode, city, columns["department_code"][at], country)
    return f"it would be {postcode}, but {against}" if against else ""


def _add_cedex(rows: Rows, cities: list[str]) -> None:
    """Put "CEDEX 14" behind the city when it stands in a column of its own."""
    if "cedex" not in rows.header.columns:
        return
    for at, cell in enumerate(rows.column("cedex")):
        words = cell.split()
        if words and cities[at]:
            said = words if is_cedex(cell) else ["CEDEX", *words]
            cities[at] = " ".join([cities[at], *said])


def _add_country(rows: Rows, cities: list[str], postcodes: Sequence[str] | None) -> None:
    """Put the country behind a city abroad, "Tournai (Belgique)": matching must not look for it in France."""
    codes = rules()["country_codes"]
    cells_of_country = rows.column("country") if "country" in rows.header.columns else None
    if cells_of_country is not None:
        abroad = {cell: _country(cell, codes) for cell in set(cells_of_country)}
        for at, cell in enumerate(cells_of_country):
            if abroad[cell] and plain(cities[at]) != plain(abroad[cell]):
                cities[at] = f"{cities[at]} ({abroad[cell]})".strip()
    for at, cell in enumerate(postcodes or ()):
        # "B-7500", "L 1234"; "F-38000" is French and five digits long.
        if len(cell) > 5 and cell[0].isalpha() and (match := _FOREIGN_POSTCODE.fullmatch(cell)):
            country = codes.get(match[1].lower(), "")
            if country and "(" not in cities[at]:
                cities[at] = f"{cities[at]} ({country})".strip()


def _country(cell: str, codes: Mapping[str, str]) -> str:
    """The country that a cell names, "" for France and its parts overseas and for what is no country."""
    said = plain(cell)
    if said in countries() or said in codes:
        return codes.get(said, cell.strip())
    from outreach.geography.places import load_geography  # 0.3 s, and most lists have no such cell

    known = {plain(name) for name in load_geography().abroad} if len(said) > 3 else set()
    return cell.strip() if said in known else ""


def _from_cell(rows: Rows, columns: dict[str, list[Any]], at: int, cell: str, ours: str) -> None:
    """Read "69002 LYON" typed in the postcode's cell or in the city's."""
    found = split_address(cell)
    swapped = cells.postcode(cell)
    other = rows.cell(at, "postcode")
    if (
        ours == "commune_name"
        and swapped.value
        and not columns["postcode"][at]
        and not (
            swapped.reason == cells.ZERO_LOST
            and _against_zero(rows, columns, at, swapped.value, other)
        )
    ):
        # The two cells were exchanged: the other one holds the city.
        columns["postcode"][at], columns["commune_name"][at] = swapped.value, other.strip()
        rows.take_back(at, "postcode")
        rows.repair(at, rows.theirs(ours), cell, swapped.value, "postcode and city were exchanged")
    elif found.postcode:
        if columns["postcode"][at] in ("", found.postcode):
            columns["postcode"][at] = found.postcode
            if ours == "commune_name" or not columns["commune_name"][at]:
                columns["commune_name"][at] = found.city
            if ours == "postcode":
                rows.take_back(at, ours)
                rows.repair(
                    at, rows.theirs(ours), cell, found.postcode, "postcode and city in one cell"
                )
        elif ours == "commune_name":
            columns["commune_name"][at] = found.city


def read_points(rows: Rows, columns: dict[str, list[Any]]) -> None:
    """Read "lat, lon" cells, metres and exchanged coordinates; leave out what is not in the world."""
    longitudes, latitudes = columns["longitude"], columns["latitude"]
    if "point" in rows.header.columns:
        for at, cell in enumerate(rows.column("point")):
            pair = [cells.coordinate(part).value for part in cell.replace(";", ",").split(",")]
            if len(pair) == 2 and None not in pair and longitudes[at] is None:
                latitudes[at], longitudes[at] = pair
    metric: list[int] = []
    for at, (x, y) in enumerate(zip(longitudes, latitudes, strict=True)):
        if x is None or y is None:
            longitudes[at] = latitudes[at] = None
        elif abs(x) > 1000 or abs(y) > 1000:
            metric.append(at)
        elif (40 < x < 52 and -6 < y < 11) or (not -90 <= y <= 90 and -90 <= x <= 90):
            longitudes[at], latitudes[at] = y, x
            rows.repair(at, rows.theirs("longitude"), f"{x}, {y}", f"{y}, {x}", "longitude and latitude were exchanged")  # fmt: skip
        elif not (-180 <= x <= 180 and -90 <= y <= 90):
            longitudes[at] = latitudes[at] = None
            rows.repair(
                at, rows.theirs("longitude"), f"{x}, {y}", "", "not a point on earth, left out"
            )
    if metric:
        codes = [BY_DEPARTMENT.get(str(columns["postcode"][at])[:3], MAINLAND) for at in metric]
        x, y = to_degrees(
            [longitudes[at] for at in metric], [latitudes[at] for at in metric], codes
        )
        for at, longitude, latitude in zip(metric, x.tolist(), y.tolist(), strict=True):
            inside = abs(longitude) <= 180 and abs(latitude) <= 90
            longitudes[at], latitudes[at] = (longitude, latitude) if inside else (None, None)
