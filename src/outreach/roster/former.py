"""Who has left a seat, as far as the declared rows beside a list tell."""

from pathlib import Path

from outreach.roster.declared import ARRIVAL_COLUMNS, CORRECTION_COLUMNS, IN_OFFICE
from outreach.roster.table import VACANCY_COLUMNS, read_rows


def former_ids(folder: Path) -> frozenset[str]:
    """Give the official ids of those who held a seat of this list and hold it no longer.

    Only recent ones: declared rows expire. A folder without such files tells of nobody.

    Raises:
        InputError: a file has other columns.
    """
    found = {row["replaces"] for row in _rows(folder / "arrivals.csv", ARRIVAL_COLUMNS)}
    found |= {row["former_id"] for row in _rows(folder / "vacancies.csv", VACANCY_COLUMNS)}
    found |= {
        row["official_id"]
        for row in _rows(folder / "corrections.csv", CORRECTION_COLUMNS)
        if row["field"] == IN_OFFICE and row["value"] == "no"
    }
    return frozenset(found - {""})


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    return read_rows(path, columns) if path.exists() else []
