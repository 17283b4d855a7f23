"""matches.csv: the whole matched table for people, what is worth looking at first."""

from pathlib import Path
from typing import Any

import pandas as pd

from outreach.establishments.columns import MATCH, TABLE
from outreach.spreadsheets import write_csv

# What a person should look at first: doubts, then what was read by likeness, then the rest.
_ORDER = {"unsure": 0, "department": 2, "postcode": 3, "commune": 4, "address": 5}
_LIKENESS = 1


def write_matches(path: Path, matched: pd.DataFrame) -> None:
    """Write TABLE + MATCH, one row per establishment, guarded for spreadsheets."""
    write_csv(
        path,
        [*TABLE, *MATCH],
        [_cells(row) for row in sorted_for_people(matched).to_dict("records")],
    )


def sorted_for_people(matched: pd.DataFrame) -> pd.DataFrame:
    """Give the rows with what is worth looking at first; equal ones stay in the list's order."""
    rank = matched["certainty"].map(_ORDER).astype("int64")
    rank = rank.mask((matched["method"] == "fuzzy_name") & (rank > _LIKENESS), _LIKENESS)
    return matched.iloc[rank.argsort(kind="stable").to_numpy()]


def _cells(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): None if value is pd.NA else value for name, value in row.items()}
