"""The columns of the checked table of establishments, and of the same table once matched.

establishments gives TABLE; matching gives TABLE + MATCH, the same rows in the same order.
All text is pandas "string" with missing as "" ; numbers are Int64 / Float64 with missing as NA.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

TABLE: Final = {
    "establishment_id": "string",  # FINESS number, SIRET, or "row-<n>"; unique
    "source_row": "Int64",  # the row number as the spreadsheet shows it
    "name": "string",
    "organisation": "string",  # the member that runs it, "" if unknown
    "address": "string",  # number and street, without postcode and city
    "postcode": "string",  # 5 characters or ""
    "commune_name": "string",  # as typed
    "commune_code": "string",  # INSEE code as given, "" if none
    "department_code": "string",  # "01", "2A", "971"; "" if none
    "longitude": "Float64",  # WGS84 degrees
    "latitude": "Float64",
    "finess": "string",
    "siret": "string",
    "category_code": "string",  # FINESS category, "" if none
    "category": "string",
    "field": "string",  # handicap | protection_enfance | autonomie_personnes_agees |
    # protection_juridique_majeurs | lutte_exclusions | ""
    "places": "Int64",  # authorised places, missing = unknown
    "measures": "Int64",  # judicial or educational measures: not places, never added to them
    "staff_headcount": "Int64",  # persons, not FTE; missing = unknown
    "staff_fte": "Float64",
}

MATCH: Final = {
    "matched_commune_code": "string",  # commune of 2026, "" if unknown
    "matched_commune_name": "string",  # its official name
    "matched_department_code": "string",  # of the commune, "" if unknown
    "constituency_code": "string",  # "" when unsure
    "candidates": "string",  # constituency codes joined by " ", best first, when unsure
    "method": "string",  # insee_code | postcode_name | former_commune | name | postcode |
    # department | point | fuzzy_name | review | none
    "certainty": "string",  # address | commune | postcode | department | unsure
    "reason": "string",  # one sentence a person understands
    "deputy_id": "string",  # "" when the seat is vacant or the constituency unknown
    "senator_ids": "string",  # joined by " "
}


def make_frame(columns: Mapping[str, Sequence[Any]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Build a table of these columns (lists or arrays) and types; None is missing in a column of numbers."""
    return pd.DataFrame(
        {name: pd.Series(columns[name], dtype=_dtype(kind)) for name, kind in dtypes.items()}
    )


def _dtype(kind: str) -> Any:
    # The string storage is named: with pyarrow installed pandas would choose another, and a table
    # would not be equal to the same table read on a machine without it.
    return pd.StringDtype("python") if kind == "string" else kind
