"""spreadsheets: every cell is data, and reads back equal."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import OutreachError
from outreach.spreadsheets import (
    check_replaceable,
    csv_text,
    guard,
    unguard,
    write_csv,
    write_xlsx,
)


@given(st.text())
def test_a_guarded_cell_reads_back_equal(text: str) -> None:
    """
    Whatever was typed, unguard gives back exactly what guard was given.
    """
    assert unguard(guard(text)) == text


@given(st.text(min_size=1))
def test_no_guarded_cell_starts_a_formula(text: str) -> None:
    """
    No cell starts with a character that a spreadsheet runs, plain phone numbers apart.
    """
    cell = guard(text)

    assert not cell.startswith(("=", "-", "@", "\t", "\r"))
    assert not cell.startswith("+") or set(cell) <= set("+0123456789 .()-")


def test_phone_numbers_stay_as_they_are() -> None:
    """
    +33 1 40 63 60 00 is not a formula and keeps its plus sign.
    """
    assert guard("+33 1 40 63 60 00") == "+33 1 40 63 60 00"


def test_csv_opens_in_a_french_spreadsheet(tmp_path: Path) -> None:
    """
    The file has a BOM, semicolons and CRLF, and quotes what needs quotes.
    """
    write_csv(tmp_path / "a.csv", ["id", "name"], [{"id": "01", "name": "Durand; Élodie"}])

    assert (tmp_path / "a.csv").read_bytes() == (
        b'\xef\xbb\xbfid;name\r\n01;"Durand; \xc3\x89lodie"\r\n'
    )


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.none() | st.integers()})))
def test_a_csv_has_a_row_for_each_record(rows: list[dict[str, str | int | None]]) -> None:
    """
    Line breaks, quotes and separators inside cells neither add nor lose a row.
    """
    lines = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows), newline=""), delimiter=";"))

    assert len(lines) == len(rows) + 1


def test_a_workbook_keeps_zeros_and_formulas_as_text(tmp_path: Path) -> None:
    """
    A FINESS number keeps its leading zero and =1+1 stays four characters.
    """
    path = tmp_path / "a.xlsx"
    write_xlsx(
        path,
        ["finess", "note", "places"],
        [
            {"finess": "010780195", "note": "=1+1", "places": 12},
        ],
    )

    page = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in page[2]] == ["010780195", "=1+1", 12]
    assert [cell.data_type for cell in page[2]] == ["s", "s", "n"]


def test_a_workbook_offers_choices(tmp_path: Path) -> None:
    """
    A cell with choices has a drop-down list of exactly these.
    """
    path = tmp_path / "a.xlsx"
    write_xlsx(
        path, ["decision"], [{"decision": ""}], choices={0: {"decision": ["75-01", "75-02"]}}
    )

    (validation,) = openpyxl.load_workbook(path).worksheets[0].data_validations.dataValidation
    assert validation.formula1 == '"75-01,75-02"'
    assert str(validation.sqref) == "A2"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_only_our_own_table_is_replaced(ending: str, tmp_path: Path) -> None:
    """
    The same columns may be written again; other columns, other files and folders are refused.
    """
    path, columns = tmp_path / f"table{ending}", ["id", "l'été & co", "=x"]
    write = write_csv if ending == ".csv" else write_xlsx
    check_replaceable(path, columns)
    write(path, columns, [{"id": "1"}])
    check_replaceable(path, columns)

    for other in (["id", "name", "=x"], [*columns, "more"]):
        with pytest.raises(OutreachError, match="was not written by outreach"):
            check_replaceable(path, other)
    for content in (b"id;", b"PK\x03\x04 no workbook", b"\x00" * 50):
        path.write_bytes(content)
        with pytest.raises(OutreachError, match="was not written by outreach"):
            check_replaceable(path, columns)
    path.unlink()
    path.mkdir()
    with pytest.raises(OutreachError, match="was not written by outreach"):
        check_replaceable(path, columns)


def test_a_workbook_of_another_program_is_not_ours(tmp_path: Path) -> None:
    """
    A workbook that a person made stays, whatever its columns are.
    """
    path = tmp_path / "members.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["nom", "adresse"])
    book.save(path)

    with pytest.raises(OutreachError, match="was not written by outreach"):
        check_replaceable(path, ["id", "name"])
