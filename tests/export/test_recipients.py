"""outreach.export.recipients: the list for a spreadsheet or a printer."""

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from outreach.export.recipients import COLUMNS, write_recipients
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian


@pytest.fixture
def letters(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian]
) -> list[Letter]:
    """Two recipients; the second's name would be a formula."""
    return [
        a_letter(
            recipient=a_deputy(
                official_id="PA2", constituency_code="02-01", last_name='=cmd|"/c"!A1'
            )
        ),
        a_letter(recipient=a_deputy(official_id="PA1", constituency_code="01-04")),
    ]


def test_csv_opens_in_excel_with_every_column(letters: list[Letter], tmp_path: Path) -> None:
    """UTF-8 with its mark, semicolons, codes with their zeros, in the order of the envelopes."""
    write_recipients(letters, tmp_path / "list.csv")

    content = (tmp_path / "list.csv").read_bytes()
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert tuple(rows[0]) == COLUMNS
    assert [row["constituency_code"] for row in rows] == ["01-04", "02-01"]
    assert rows[0]["department_code"] == "01"
    assert rows[0]["address_5"] == "75355 PARIS 07 SP"
    assert rows[0]["address_6"] == ""
    assert rows[0]["file"] == "assemblee_01-04_pa1_garnier-lafoeuille.pdf"
    assert rows[0]["choices"] == "hook: figures"


def test_no_cell_is_a_formula(letters: list[Letter], tmp_path: Path) -> None:
    """A name that starts like a formula is data in both kinds of file."""
    write_recipients(letters, tmp_path / "list.csv")
    write_recipients(letters, tmp_path / "list.xlsx")

    rows = list(
        csv.DictReader((tmp_path / "list.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    )
    assert rows[1]["last_name"] == '\'=cmd|"/c"!A1'
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert '=cmd|"/c"!A1' in {cell.value for cell in cells}
