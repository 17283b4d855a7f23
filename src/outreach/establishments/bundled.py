"""The bundled list: open sites of a FINESS extract in one of the five fields, for the example campaign."""

import tomllib

from outreach.bundle import data_path
from outreach.establishments.reading import Reading
from outreach.establishments.storage import read_table


def load_bundled() -> Reading:
    """Give the bundled list as if it had just been read: columns.TABLE, its source and date."""
    table = read_table(data_path("establishments", "establishments.csv"))
    with data_path("establishments", "source.toml").open("rb") as file:
        source = tomllib.load(file)["establishments"]
    return Reading(table, received=len(table), source=source["source"], as_of=source["as_of"])
