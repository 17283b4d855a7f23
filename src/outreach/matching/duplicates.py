"""The same establishment twice under two spellings: listed for a person, never merged."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from outreach.establishments.spelling import commune_key, plain, street_key
from outreach.spreadsheets import Cell, write_csv

COLUMNS = (
    "likeness",
    "row",
    "other_row",
    "name",
    "other_name",
    "address",
    "other_address",
    "commune_name",
    "reason",
)
_ALIKE_NAME, _ALIKE_STREET = 82.0, 86.0
# Rows that share a postcode are compared two by two; a postcode with more rows than this holds a
# city's whole list, where only rows of one street are compared.
_MOST_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two rows that may be one establishment: their positions in the table, and why."""

    first: int
    second: int
    likeness: float
    reason: str


def find_duplicates(table: pd.DataFrame) -> list[Duplicate]:
    """Find pairs of rows within a postcode that are alike by name and address.

    Args:
        table: columns.TABLE, n rows. Two different FINESS numbers are two establishments, whatever
            their names: one street often holds several services.

    Returns:
        The pairs, the most alike first.
    """
    columns = {
        name: table[name].tolist()
        for name in ("name", "address", "postcode", "commune_name", "finess", "siret", "category")
    }
    names = [plain(name) for name in columns["name"]]
    streets = [street_key(address) for address in columns["address"]]
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, postcode in enumerate(columns["postcode"]):
        groups[(postcode or commune_key(columns["commune_name"][at]), "")].append(at)
    found: list[Duplicate] = []
    for (postcode, _), rows in list(groups.items()):
        if not postcode:
            continue
        if len(rows) <= _MOST_TOGETHER:
            found += _compare(rows, names, streets, columns)
            continue
        by_street: dict[str, list[int]] = defaultdict(list)
        for at in rows:
            by_street[streets[at]].append(at)
        for street, of_street in by_street.items():
            if street and len(of_street) <= _MOST_TOGETHER:
                found += _compare(of_street, names, streets, columns)
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def write_duplicates(path: Path, duplicates: list[Duplicate], table: pd.DataFrame) -> None:
    """Write the pairs for a person to look at."""
    rows: list[dict[str, Cell]] = []
    for pair in duplicates:
        one, other = (table.iloc[at] for at in (pair.first, pair.second))
        rows.append(
            {
                "likeness": round(pair.likeness),
                "row": int(one["source_row"]),
                "other_row": int(other["source_row"]),
                "name": str(one["name"]),
                "other_name": str(other["name"]),
                "address": str(one["address"]),
                "other_address": str(other["address"]),
                "commune_name": str(one["commune_name"]),
                "reason": pair.reason,
            }
        )
    write_csv(path, COLUMNS, rows)


def _compare(
    rows: list[int], names: list[str], streets: list[str], columns: dict[str, list[Any]]
) -> list[Duplicate]:
    pairs = []
    for position, first in enumerate(rows):
        for second in rows[position + 1 :]:
            pair = _pair(first, second, names, streets, columns)
            if pair:
                pairs.append(pair)
    return pairs


def _pair(
    first: int, second: int, names: list[str], streets: list[str], columns: dict[str, list[Any]]
) -> Duplicate | None:
    one, other = columns["finess"][first], columns["finess"][second]
    if one and other and one != other:
        return None
    alike = fuzz.token_set_ratio(names[first], names[second], score_cutoff=_ALIKE_NAME)
    if not alike:
        return None
    street_one, street_other = streets[first], streets[second]
    if not street_one or not street_other:
        return (
            Duplicate(first, second, alike, "alike by name, one has no address")
            if alike >= 95
            else None
        )
    street = fuzz.token_sort_ratio(street_one, street_other, score_cutoff=_ALIKE_STREET)
    if not street:
        return None
    kinds = (columns["category"][first], columns["category"][second])
    if all(kinds) and kinds[0] != kinds[1] and names[first] != names[second]:
        return None
    return Duplicate(
        first, second, (alike + street) / 2, "alike by name and address in one postcode"
    )
