"""A list beside an official extract: rows found by FINESS number or SIRET take what FINESS knows.

Point, commune, category, field and capacity come from FINESS; the name stays the list's. What the
two say differently is reported, never hidden.
"""

from collections.abc import Iterator, Mapping
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


class Extract:
    """A FINESS extract, filed by FINESS number and SIRET once for all parts of a list.

    Args:
        table: columns.TABLE, read from FINESS.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.official = {column: table[column].tolist() for column in TABLE}
        self._by_finess = {n: at for at, n in enumerate(self.official["finess"]) if n}
        self._by_siret: dict[str, int] = {}
        for at, number in enumerate(self.official["siret"]):
            if number:
                # -1 marks a SIRET of several establishments: it does not say which.
                self._by_siret[number] = -1 if number in self._by_siret else at

    def find(self, finess: str, siret: str) -> int:
        """Give the place of an establishment in the extract, -1 when it is not there."""
        return self._by_finess.get(finess, -1) if finess else self._by_siret.get(siret, -1)


def enrich(table: pd.DataFrame, extract: Extract) -> Enriched:
    """Complete a table, or a part of one, from a FINESS extract.

    Args:
        table: columns.TABLE, a member list.
        extract: where to look.

    Returns:
        The same rows in the same order. A row is found by its FINESS number, else by its SIRET
        where the extract gives that SIRET to one establishment only.
    """
    official = extract.official
    columns: dict[str, list[Any]] = {
        column: [None if value is pd.NA else value for value in table[column].tolist()]
        for column in TABLE
    }
    differences: list[Difference] = []
    found = 0
    for row, (finess, siret) in enumerate(zip(columns["finess"], columns["siret"], strict=True)):
        at = extract.find(finess, siret)
        if at < 0:
            continue
        found += 1
        known = {column: official[column][at] for column in TABLE}
        listed = {column: columns[column][row] for column in TABLE}
        differences += _differences(listed, known)
        for column in _TAKEN:
            value = known[column]
            if value is not pd.NA and value != "":
                columns[column][row] = value
        for column in _FILLED:
            value = known[column]
            if columns[column][row] in (None, "") and value is not pd.NA:
                columns[column][row] = value
    return Enriched(make_frame(columns, TABLE), found, tuple(differences))


def _differences(listed: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Difference]:
    for column in _COMPARED:
        if _differ(column, listed[column], known[column]):
            yield Difference(
                listed["source_row"],
                listed["name"],
                column,
                str(listed[column]),
                str(known[column]),
            )


def _differ(column: str, listed: Any, known: Any) -> bool:
    if listed in (None, "") or known is pd.NA or known == "":
        return False
    if column == "commune_name":
        return commune_key(str(listed)) != commune_key(str(known))
    return bool(listed != known)
