"""data/figures/indicators.csv from the publishers' workbooks (Insee, Drees).

Strict reading: a sheet, a column or an area that is gone is said, all at once, and nothing is written.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import tomlkit

from outreach.errors import InputError
from outreach.establishments.refusal import Refusal
from outreach.establishments.sheet import Sheet
from outreach.establishments.workbook import read_workbook
from outreach.figures.indicators import COLUMNS, COUNTRY, definitions
from outreach.files import write_file
from outreach.geography.codes import DEPARTMENTS, parse_constituency

Row = tuple[str, str, str, str]
_UNKNOWN = frozenset({"", "nd", "nd.", "n.d.", "ns", "s", "-", "*"})
# The Drees also splits the Rhône in two parts, which are in its row 69 already; Corsica is one
# collectivity there, so that nothing is known of 2A and 2B apart.
_NOT_A_DEPARTMENT = frozenset({"69D", "69M", "20"})
_EXPECTED = {"insee": 566, "drees": 98}


def build_indicators(insee: Path, drees: Path, folder: Path) -> dict[str, int]:
    """Write indicators.csv and source.toml; the same workbooks give the same bytes.

    Args:
        insee: indic-stat-circonscriptions-legislatives-2022.xlsx.
        drees: the workbook of beneficiaries of départements' social aid.
        folder: where indicators.toml stands and the others are written.

    Returns:
        How many values were written, by publisher.

    Raises:
        InputError: a sheet, a column or areas are missing; all are listed.
    """
    rules = definitions(folder)
    problems: list[str] = []
    rows: dict[str, list[Row]] = {}
    for name, path in (("insee", insee), ("drees", drees)):
        sheets = {sheet.name: _Table.of(sheet) for sheet in read_workbook(path)}
        rows[name] = []
        for item in rules[name]["indicators"]:
            sheet = sheets.get(item.get("sheet", rules[name].get("sheet", "")))
            if sheet is None:
                problems.append(
                    f'{path.name}: sheet "{item.get("sheet")}" is gone ({item["name"]})'
                )
                continue
            rows[name] += _indicator(path.name, sheet, rules[name], item, _EXPECTED[name], problems)
    if problems:
        raise InputError(
            "The publishers' workbooks have changed; correct indicators.toml.", problems
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(row for source in rows.values() for row in source))
    write_file(folder / "indicators.csv", text.getvalue())
    write_file(folder / "source.toml", _source(rules))
    return {name: len(values) for name, values in rows.items()}


@dataclass(frozen=True, slots=True)
class _Table:
    """A publisher's sheet, held whole: each indicator goes through it."""

    name: str
    rows: list[list[str]]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """Take all rows of a sheet."""
        return cls(sheet.name, [row[1] for row in sheet.records() if not isinstance(row, Refusal)])


def _indicator(
    file: str, sheet: _Table, rules: dict[str, Any], item: dict[str, Any], expected: int,
    problems: list[str],
) -> list[Row]:  # fmt: skip
    """The values of one indicator: one row an area, and one for the country."""
    header = next(
        ((at, cells) for at, cells in enumerate(sheet.rows) if rules["code"] in cells), None
    )
    wanted = _title(item["column"])
    places = [x for x, cell in enumerate(header[1]) if _title(cell) == wanted] if header else []
    if header is None or not places:
        problems.append(f'{file}, sheet "{sheet.name}": column "{item["column"]}" is gone')
        return []
    code_at, value_at = header[1].index(rules["code"]), places[0]
    values: dict[str, str] = {}
    country = ""
    for cells in _data_rows(sheet, header[0], code_at):
        if any(cell.startswith(rules["country_row"]) for cell in cells[: code_at + 1]):
            country = country or _value(cells[value_at])
            continue
        area = _area(cells[code_at], rules["level"])
        value = _value(cells[value_at])
        if area and value and area not in values:
            values[area] = value
    if item.get("country") == "sum":
        country = str(sum(int(value) for value in values.values()))
    # An indicator may be unknown in a few small areas, never in a tenth of them.
    if len(values) < 0.9 * expected or len(values) > expected or not country:
        problems.append(
            f'{file}, {item["name"]}: {len(values)} areas of {expected}, country "{country}"'
        )
    rows = [(item["name"], rules["level"], area, value) for area, value in values.items()]
    return [*rows, (item["name"], "country", COUNTRY, country)]


def _data_rows(sheet: _Table, header: int, code_at: int) -> Iterator[list[str]]:
    """The rows of the first table of a sheet: the Drees puts a table by region below it."""
    for cells in sheet.rows[header + 1 :]:
        if cells[code_at] in ("Région", "Code région"):
            return
        yield cells


def _area(text: str, level: str) -> str:
    """Our code of an area, "" for a line that is none (a sub-total, a note)."""
    code = text.strip()
    if level == "department":
        return code if code in DEPARTMENTS and code not in _NOT_A_DEPARTMENT else ""
    try:
        return parse_constituency(code) if code else ""
    except InputError:
        return ""


def _value(text: str) -> str:
    """A number as text, whole when it is whole; "" when the publisher does not know."""
    if text.strip().lower() in _UNKNOWN:
        return ""
    try:
        number = float(text)
    except ValueError:
        return ""
    return str(int(number)) if number.is_integer() else str(number)


def _title(cell: str) -> str:
    """A column's title without its notes: "APA (1)" → "apa"."""
    return " ".join(re.sub(r"=|\(\w\)|\+", " ", cell).split()).lower()


def _source(rules: dict[str, Any]) -> str:
    document = tomlkit.document()
    for name, source in rules.items():
        table = tomlkit.table()
        for key in ("publisher", "title", "address", "licence"):
            table[key] = source[key]
        table["as_of"] = max(item["as_of"] for item in source["indicators"])
        document[name] = table
    return tomlkit.dumps(document)
