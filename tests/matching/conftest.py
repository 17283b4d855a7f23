"""Lists of fictional establishments at real places."""

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from outreach.establishments.columns import TABLE, make_frame
from outreach.geography.places import Geography, load_geography

Lister = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def geography() -> Geography:
    """The bundled geography."""
    return load_geography()


@pytest.fixture(scope="session")
def establishments() -> Lister:
    """Make a checked table from the cells that matter."""
    return make_table


def make_table(*rows: Mapping[str, object]) -> pd.DataFrame:
    """A checked table: unnamed columns are unknown."""
    empty = {name: "" if kind == "string" else None for name, kind in TABLE.items()}
    filled = [
        {**empty, "establishment_id": f"row-{n}", "source_row": n, "name": f"Foyer {n}", **row}
        for n, row in enumerate(rows, start=2)
    ]
    return make_frame({name: [row[name] for row in filled] for name in TABLE}, TABLE)
