"""docs/rosters.md says what the files hold."""

from pathlib import Path

import pytest

from outreach.roster.build import TABLES
from outreach.roster.declared import ARRIVAL_COLUMNS, CORRECTION_COLUMNS
from outreach.roster.labels import COMMISSION_COLUMNS, GROUP_COLUMNS
from outreach.roster.seats import SEAT_COLUMNS
from outreach.roster.table import MEMBER_COLUMNS, OFFICE_COLUMNS, VACANCY_COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "rosters.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "columns",
    [
        SEAT_COLUMNS,
        GROUP_COLUMNS,
        COMMISSION_COLUMNS,
        VACANCY_COLUMNS,
        ARRIVAL_COLUMNS,
        CORRECTION_COLUMNS,
    ],
)
def test_each_hand_kept_table_is_documented_with_its_columns(columns: tuple[str, ...]) -> None:
    """
    The columns stand in the page in their order.
    """
    assert ", ".join(columns) in PAGE


def test_each_written_column_and_each_file_is_documented() -> None:
    """
    No column of a written file, and no file of the folder, is missing from the page.
    """
    names = (*MEMBER_COLUMNS, *OFFICE_COLUMNS, *TABLES)

    assert [name for name in names if name not in PAGE] == []
