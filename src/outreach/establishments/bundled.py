"""The bundled list: open sites of a FINESS extract in one of the five fields, for the example campaign."""

import tomllib

import pandas as pd

from outreach.bundle import data_path
from outreach.establishments.storage import read_table


def load_bundled() -> pd.DataFrame:
    """Give the bundled list, columns.TABLE. Its source and date stand in source.toml beside it."""
    return read_table(data_path("establishments", "establishments.csv"))


def bundled_source() -> tuple[str, str]:
    """Give what a letter says of its source, and its date: ("FINESS, extrait du …", "2026-08-13")."""
    with data_path("establishments", "source.toml").open("rb") as file:
        source = tomllib.load(file)["establishments"]
    return str(source["source"]), str(source["as_of"])
