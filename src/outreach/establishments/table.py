"""Rows of cells and an understood header → the checked table (columns.TABLE), refusals and repairs."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from outreach.errors import InputError
from outreach.establishments import cells
from outreach.establishments.addresses import may_hold_phone, split_address, tidy, without_phone
from outreach.establishments.categories import field_of, load_categories
from outreach.establishments.columns import TABLE, make_frame
from outreach.establishments.headers import Header, simple
from outreach.establishments.projections import BY_DEPARTMENT, MAINLAND, to_degrees
from outreach.establishments.reading import Reading
from outreach.establishments.refusal import Refusal, Repair
from outreach.establishments.sheet import Sheet

_RULES: dict[str, cells.Rule] = {
    "postcode": cells.postcode,
    "commune_code": cells.commune_code,
    "department_code": cells.department,
    "finess": cells.finess,
    "siret": cells.siret,
    "places": cells.whole,
    "measures": cells.whole,
    "staff_headcount": cells.whole,
    "staff_fte": cells.decimal,
    "longitude": cells.coordinate,
    "latitude": cells.coordinate,
}
_JOINED = ("address_number", "address_street_kind", "address_street", "address", "address_extra")
# Any of these says where a row is; without one the row is refused.
_DIGIT = re.compile(r"\d")
_PLACES = ("commune_code", "postcode", "commune_name", "finess", "siret")


class _Rows:
    """The columns of a sheet as lists of equal length, and what is found on the way."""

    def __init__(self, sheet: Sheet, header: Header, file: str) -> None:
        self.file, self.sheet, self.header = file, sheet.name, header
        self.refused: dict[int, Refusal] = {}
        self.repairs: list[Repair] = []
        self.numbers: list[int] = []
        self.cells: list[list[str]] = []
        self.structural = list(sheet.refused)
        self._take(sheet)

    def _take(self, sheet: Sheet) -> None:
        width = len(self.header.names)
        title = sheet.rows[self.header.position][1]
        for number, row in sheet.rows[self.header.position + 1 :]:
            length = len(row)
            filled = length - row.count("")
            # The usual row first: of the right width, with several cells, and not the header again.
            if length == width and filled > 1 and row[0] != title[0]:
                self._keep(number, row)
                continue
            cells = [cell for cell in row if cell.strip()]
            fault, remedy = self._fault(row, cells, from_workbook=bool(sheet.name))
            if fault:
                shown = " | ".join(cells)
                self.structural.append(
                    Refusal(number, "", shown, fault, remedy, self.sheet, self.file)
                )
            elif cells and not _is_header_again(row, title):
                self._keep(number, row[:width] + [""] * (width - length))

    def _keep(self, number: int, row: list[str]) -> None:
        self.numbers.append(number)
        self.cells.append(row)

    def _fault(self, row: list[str], cells: list[str], *, from_workbook: bool) -> tuple[str, str]:
        """What is wrong with the shape of a row, and the remedy; two empty texts when nothing is."""
        width = len(self.header.names)
        longer = len(row) > width and any(cell.strip() for cell in row[width:])
        if cells and (longer or (len(row) < width and not from_workbook)):
            return (
                f"has {len(row)} cells where the header has {width}",
                "put a cell that holds the separator or a line break between quotation marks",
            )
        if len(cells) == 1 and width > 3:
            return (
                "has only one cell filled: a title or a total, not an establishment",
                "remove it from the list",
            )
        return "", ""

    def column(self, ours: str) -> list[str]:
        """The raw cells of one of our columns, several of theirs joined by a space."""
        places = self.header.columns.get(ours, ())
        if len(places) == 1:
            (x,) = places
            return [row[x] for row in self.cells]
        return [" ".join(filter(None, (row[x].strip() for x in places))) for row in self.cells]

    def cell(self, at: int, ours: str) -> str:
        """The raw cell of one row, several of theirs joined by a space."""
        places = self.header.columns.get(ours, ())
        return " ".join(filter(None, (self.cells[at][x].strip() for x in places)))

    def theirs(self, ours: str) -> str:
        return " + ".join(self.header.names[x] for x in self.header.columns.get(ours, ())) or ours

    def values(self, ours: str) -> list[Any]:
        """The values of one of our columns by its rule."""
        rule = _RULES.get(ours, cells.text)
        missing = None if TABLE.get(ours) in ("Int64", "Float64") else ""
        if ours not in self.header.columns:
            return [missing] * len(self.cells)
        raw = self.column(ours)
        known = {cell: rule(cell) for cell in set(raw)}
        notable = {cell for cell, read in known.items() if read.what}
        if notable:
            for at, cell in enumerate(raw):
                if cell in notable:
                    self.say(at, ours, cell, known[cell])
        return [known[cell].value for cell in raw]

    def say(self, at: int, ours: str, typed: str, read: cells.Cell) -> None:
        if read.what == "wrong":
            self.refuse(at, self.theirs(ours), typed, read.reason, read.remedy)
        elif read.what:
            became = "" if read.value in (None, "") else str(read.value)
            said = read.reason if read.what == "repaired" else f"{read.reason}; {read.remedy}"
            self.repair(at, self.theirs(ours), typed, became, said)

    def refuse(self, at: int, column: str, value: str, reason: str, remedy: str) -> None:
        self.refused.setdefault(
            at,
            Refusal(self.numbers[at], column, value, reason, remedy, self.sheet, self.file),
        )

    def repair(self, at: int, column: str, value: str, became: str, reason: str) -> None:
        self.repairs.append(Repair(self.numbers[at], column, value, became, reason))


def build_table(sheet: Sheet, header: Header, file: str) -> Reading:
    """Build the checked table of one sheet.

    Args:
        sheet: the rows.
        header: what its columns are.
        file: how to call it in messages.

    Returns:
        A Reading; its table has one row per row taken, in the list's order.

    Raises:
        InputError: an identifier stands on several rows, or no row is left under the header.
    """
    rows = _Rows(sheet, header, file)
    columns: dict[str, list[Any]] = {
        ours: rows.values(ours) for ours in TABLE if ours != "source_row"
    }
    columns["source_row"] = list(rows.numbers)
    _read_addresses(rows, columns)
    _read_points(rows, columns)
    _read_categories(columns)
    _refuse_unplaced(rows, columns)
    columns["establishment_id"] = _identify(rows, columns)
    kept = [at for at in range(len(rows.cells)) if at not in rows.refused]
    refused = sorted([*rows.structural, *rows.refused.values()], key=lambda refusal: refusal.row)
    if not rows.cells and not refused:
        raise InputError(f"{file} has a header and no row under it; export the list again.")
    return Reading(
        table=_frame(columns, kept),
        refused=tuple(refused),
        columns=header.named(),
        ignored=header.ignored(),
        repairs=tuple(repair for repair in rows.repairs),
        received=len(rows.cells) + len(rows.structural),
    )


def _frame(columns: dict[str, list[Any]], kept: Sequence[int]) -> pd.DataFrame:
    whole = len(kept) == len(columns["source_row"])
    data = {ours: columns[ours] if whole else [columns[ours][at] for at in kept] for ours in TABLE}
    return make_frame(data, TABLE)


def _read_addresses(rows: _Rows, columns: dict[str, list[Any]]) -> None:
    """Join the parts of an address, take postcode and city out of cells that hold more than one thing."""
    joined = [rows.column(part) for part in _JOINED if part in rows.header.columns]
    parts = list(zip(*joined, strict=True)) if joined else [("",)] * len(rows.cells)
    postcodes, cities = columns["postcode"], columns["commune_name"]
    with_digits = {city for city in set(cities) if _DIGIT.search(city)}
    raw_postcodes = rows.column("postcode") if "postcode" in rows.header.columns else None
    for at, cell_parts in enumerate(parts):
        text = " ".join(part.strip() for part in cell_parts if part.strip())
        if raw_postcodes is not None and not postcodes[at] and len(raw_postcodes[at]) > 5:
            _from_cell(rows, columns, at, raw_postcodes[at], "postcode")
        city = cities[at]
        if city in with_digits:
            _from_cell(rows, columns, at, city, "commune_name")
        if not postcodes[at] or not cities[at]:
            found = split_address(text)
            if found.postcode and (not postcodes[at] or postcodes[at] == found.postcode):
                postcodes[at] = found.postcode
                cities[at] = cities[at] or found.city
                text = found.street
            elif found.left_out:
                text, _ = without_phone(text)
            if found.left_out:
                rows.repair(at, rows.theirs("address"), found.left_out, "", "a telephone number or an e-mail address left out of the address")  # fmt: skip
        elif may_hold_phone(text):
            text, taken = without_phone(text)
            if taken:
                rows.repair(at, rows.theirs("address"), taken, "", "a telephone number or an e-mail address left out of the address")  # fmt: skip
        columns["address"][at] = tidy(text) if "\n" in text else " ".join(text.split())


def _from_cell(rows: _Rows, columns: dict[str, list[Any]], at: int, cell: str, ours: str) -> None:
    """Read "69002 LYON" typed in the postcode's cell or in the city's."""
    found = split_address(cell)
    swapped = cells.postcode(cell)
    if ours == "commune_name" and swapped.value and not columns["postcode"][at]:
        # The two cells were exchanged: the other one holds the city.
        other = rows.cell(at, "postcode")
        columns["postcode"][at], columns["commune_name"][at] = swapped.value, other.strip()
        rows.repair(at, rows.theirs(ours), cell, swapped.value, "postcode and city were exchanged")
    elif found.postcode:
        if columns["postcode"][at] in ("", found.postcode):
            columns["postcode"][at] = found.postcode
            if ours == "commune_name" or not columns["commune_name"][at]:
                columns["commune_name"][at] = found.city
            if ours == "postcode":
                rows.repair(
                    at, rows.theirs(ours), cell, found.postcode, "postcode and city in one cell"
                )
        elif ours == "commune_name":
            columns["commune_name"][at] = found.city


def _read_points(rows: _Rows, columns: dict[str, list[Any]]) -> None:
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


def _read_categories(columns: dict[str, list[Any]]) -> None:
    """Give each row its category's label and field, and count measures apart from places."""
    categories = load_categories()
    codes, labels, fields = columns["category_code"], columns["category"], columns["field"]
    for at, code in enumerate(codes):
        if code and code.isdigit():
            code = codes[at] = code.zfill(3)
        category = categories.get(code)
        words = fields[at]
        fields[at] = field_of(words) if words else ""
        if category:
            labels[at] = labels[at] or category.category
            fields[at] = fields[at] or category.field
            if category.capacity == "measure" and columns["measures"][at] is None:
                columns["measures"][at], columns["places"][at] = columns["places"][at], None
        elif not fields[at] and labels[at]:
            fields[at] = field_of(labels[at])


def _refuse_unplaced(rows: _Rows, columns: dict[str, list[Any]]) -> None:
    lost = {repair.row: repair for repair in reversed(rows.repairs) if not repair.became}
    for at, values in enumerate(zip(*(columns[ours] for ours in _PLACES), strict=True)):
        if any(values) or columns["longitude"][at] is not None:
            continue
        known = lost.get(rows.numbers[at])
        if known:
            column, value, reason = known.column, known.value, known.reason.partition(";")[0]
        else:
            column, reason = "", "says neither commune, postcode nor point"
            value = " | ".join(cell.strip() for cell in rows.cells[at] if cell.strip())
        rows.refuse(at, column, value, reason, "type a postcode and a commune")


def _is_header_again(row: list[str], title: list[str]) -> bool:
    """Tell the header printed again at the top of each page."""
    return [simple(cell) for cell in row[: len(title)]] == [simple(cell) for cell in title]


def _identify(rows: _Rows, columns: dict[str, list[Any]]) -> list[str]:
    """Choose the identifier of each row; refuse a list that gives two rows the same one.

    The list's own identifier, else the FINESS number, else a SIRET that stands once (one SIRET may
    run several establishments), else the row.
    """
    taken = [at for at in range(len(rows.cells)) if at not in rows.refused]
    problems: list[str] = []
    for ours in ("establishment_id", "finess"):
        times = Counter(columns[ours][at] for at in taken)
        doubled = {value for value, n in times.items() if n > 1 and value}
        for value in sorted(doubled):
            at_rows = [rows.numbers[at] for at in taken if columns[ours][at] == value]
            listed = ", ".join(map(str, at_rows[:10])) + (" …" if len(at_rows) > 10 else "")
            problems.append(f'{rows.theirs(ours)} "{value}" stands on rows {listed}')
    if problems:
        raise InputError(
            f"{rows.file}: {len(problems)} identifier(s) stand on several rows, so that these would "
            "be counted twice; keep one row each, or correct the number.",
            problems,
        )
    sirets = Counter(value for value in columns["siret"] if value)
    identifiers: list[str] = []
    used: set[str] = set()
    for at, number in enumerate(rows.numbers):
        siret = columns["siret"][at]
        identifier = (
            columns["establishment_id"][at]
            or columns["finess"][at]
            or (siret if sirets[siret] == 1 else "")
        )
        # One row's own identifier may be another row's FINESS number.
        if not identifier or identifier in used:
            identifier = f"row-{number}"
        used.add(identifier)
        identifiers.append(identifier)
    return identifiers
