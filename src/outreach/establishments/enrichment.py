"""A list beside an official extract: rows found by FINESS number or SIRET take what FINESS knows.

Point, commune, category, field and capacity come from FINESS; the name stays the list's. What the
two say differently is reported, never hidden.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from outreach.establishments.columns import TABLE, make_frame
from outreach.establishments.spelling import commune_key

# Taken from the extract where it has a value; the postcode goes with the commune.
_TAKEN = (
    "commune_code", "commune_name", "postcode", "department_code", "longitude", "latitude",
    "category_code", "category", "field",
)  # fmt: skip
# Taken only where the list knows nothing: its own figures are newer.
_FILLED = ("finess", "siret", "address", "organisation", "places", "measures")
_COMPARED = ("commune_name", "postcode", "category_code", "places")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the list and FINESS give differently; FINESS's is used except for places."""

    row: int
    name: str
    column: str
    listed: str
    official: str

    def __str__(self) -> str:
        return f'row {self.row}, {self.name}: {self.column} is "{self.listed}" here, "{self.official}" in FINESS'


@dataclass(frozen=True, slots=True)
class Enriched:
    """A table completed: how many rows were found in the extract, and what differs."""

    table: pd.DataFrame
    found: int
    differences: tuple[Difference, ...]


def enrich(table: pd.DataFrame, extract: pd.DataFrame) -> Enriched:
    """Complete a table from a FINESS extract.

    Args:
        table: columns.TABLE, a member list.
        extract: columns.TABLE, read from FINESS.

    Returns:
        The same rows in the same order. A row is found by its FINESS number, else by its SIRET
        where the extract gives that SIRET to one establishment only.
    """
    official = {column: extract[column].tolist() for column in TABLE}
    by_finess = {number: at for at, number in enumerate(official["finess"]) if number}
    by_siret: dict[str, int] = {}
    for at, number in enumerate(official["siret"]):
        if number:
            # -1 marks a SIRET of several establishments: it does not say which.
            by_siret[number] = -1 if number in by_siret else at
    columns: dict[str, list[Any]] = {
        column: [None if value is pd.NA else value for value in table[column].tolist()]
        for column in TABLE
    }
    differences: list[Difference] = []
    found = 0
    for row, (finess, siret) in enumerate(zip(columns["finess"], columns["siret"], strict=True)):
        at = by_finess.get(finess, -1) if finess else by_siret.get(siret, -1)
        if at < 0:
            continue
        found += 1
        for column in _COMPARED:
            listed, known = columns[column][row], official[column][at]
            if _differ(column, listed, known):
                differences.append(
                    Difference(
                        columns["source_row"][row],
                        columns["name"][row],
                        column,
                        str(listed),
                        str(known),
                    )
                )
        for column in _TAKEN:
            value = official[column][at]
            if value is not pd.NA and value != "":
                columns[column][row] = value
        for column in _FILLED:
            value = official[column][at]
            if columns[column][row] in (None, "") and value is not pd.NA:
                columns[column][row] = value
    return Enriched(make_frame(columns, TABLE), found, tuple(differences))


def _differ(column: str, listed: Any, known: Any) -> bool:
    if listed in (None, "") or known is pd.NA or known == "":
        return False
    if column == "commune_name":
        return commune_key(str(listed)) != commune_key(str(known))
    return bool(listed != known)
