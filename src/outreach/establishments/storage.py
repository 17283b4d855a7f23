"""The checked table as a CSV of ours: written, and read back equal.

Used for data/establishments/establishments.csv and `outreach establishments read -o`.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd

from outreach.errors import InputError
from outreach.establishments.columns import TABLE, make_frame


def table_text(table: pd.DataFrame, *, header: bool = True) -> str:
    """Give a table as CSV text: TABLE's columns, comma, LF, missing as an empty cell.

    ``header=False`` gives a part that follows another one.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(TABLE)
    columns = [[_cell(value) for value in table[column].array.tolist()] for column in TABLE]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def read_table(path: Path) -> pd.DataFrame:
    """Read back a table that table_text gave, exactly.

    Raises:
        InputError: the file is missing, or its columns are not TABLE's.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if not rows or rows[0] != list(TABLE):
        raise InputError(
            f"{path.name} was not written by outreach: its columns are not ours; read the list with "
            "`outreach establishments read`."
        )
    columns = list(zip(*rows[1:], strict=True)) or [()] * len(TABLE)
    values = {
        name: [_value(cell, dtype) for cell in cells]
        for (name, dtype), cells in zip(TABLE.items(), columns, strict=True)
    }
    return make_frame(values, TABLE)


def _cell(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _value(cell: str, dtype: str) -> Any:
    if dtype == "string":
        return cell
    if not cell:
        return None
    return int(cell) if dtype == "Int64" else float(cell)
