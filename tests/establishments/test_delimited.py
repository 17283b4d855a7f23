"""Tests of outreach.establishments.delimited."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import InputError
from outreach.establishments.delimited import read_delimited
from outreach.establishments.refusal import Refusal


def cut(
    text: str, separator: str | None = None
) -> tuple[list[tuple[int, list[str]]], list[Refusal], str]:
    """The rows of a text, what could not be cut, and the separator."""
    sheet, found = read_delimited(text.removesuffix("\n").split("\n"), "list.csv", separator)
    rows: list[tuple[int, list[str]]] = []
    refused: list[Refusal] = []
    for record in sheet.records():
        if isinstance(record, Refusal):
            refused.append(record)
        else:
            rows.append(record)
    return rows, refused, found


CELL = st.text(alphabet='abé ;,"\n\t|0', max_size=6)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    """Each usual separator is told from the text that it separates."""
    rows = [["Nom", "Adresse", "CP"], ["A, B", "1; rue", "01500"], ["C", "2 rue", "69002"]]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)

    found_rows, _, found = cut(text.getvalue().replace("\r", ""))

    assert found == separator
    assert [cells for _, cells in found_rows] == rows


def test_a_text_of_one_column_is_refused() -> None:
    """No separator at all is one clear error."""
    with pytest.raises(InputError, match="no separator between its cells"):
        cut("Nom\nA\nB\n")


def test_an_unclosed_quote_costs_one_row() -> None:
    """The rows after an unclosed quotation mark are read."""
    text = 'Nom;CP\n"A;01000\n' + "".join(f"B{n};69002\n" for n in range(1000))

    rows, refused, _ = cut(text)

    assert len(rows) == 1001
    assert [row.row for row in refused] == [2]


def test_line_breaks_in_a_cell_are_kept() -> None:
    """An address of three lines in one cell is one row, numbered as the spreadsheet shows it."""
    text = 'Nom;Adresse;CP\nA;"1 rue X\n\n69002 Lyon";69002\nB;2 rue;01000\n'

    rows, _, _ = cut(text)

    assert rows[1:] == [
        (2, ["A", "1 rue X\n\n69002 Lyon", "69002"]),
        (3, ["B", "2 rue", "01000"]),
    ]


def test_quotes_inside_a_name_are_text() -> None:
    """An unquoted cell that holds quotation marks is read as it stands."""
    rows, _, _ = cut('Nom;CP\nFoyer "Les Lilas";01000\nIME 5" nord;69002\n')

    assert [cells[0] for _, cells in rows[1:]] == ['Foyer "Les Lilas"', 'IME 5" nord']


@settings(max_examples=60)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12))
def test_what_python_writes_reads_back(rows: list[list[str]]) -> None:
    """A CSV written with quotation marks around every cell reads back equal, row for row."""
    rows = [["Nom", "Adresse", "CP"], *rows]
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)

    found, _, _ = cut(text.getvalue(), ";")

    assert [cells for _, cells in found] == rows


@settings(max_examples=60)
@given(st.lists(st.text(alphabet='ab;"', max_size=8), min_size=1, max_size=30))
def test_no_line_is_lost(lines: list[str]) -> None:
    """Whatever the quotation marks, every line is in a row or in a refusal."""
    text = "x;y\n" + "\n".join(lines) + "\n"

    rows, refused, _ = cut(text, ";")

    in_rows = sum(1 + sum(cell.count("\n") for cell in cells) for _, cells in rows)
    assert in_rows + len(refused) == len(lines) + 1


def test_a_header_may_hold_line_breaks() -> None:
    """Excel's headers on two lines a cell are one row, whatever the width of the rows below."""
    text = '"N°\nFINESS";"Nom de la\nstructure";"Code\npostal";Ville;\n1;A;1500;B;\n;C;69100;D\n'

    rows, refused, _ = cut(text)

    assert refused == []
    assert rows[0] == (1, ["N°\nFINESS", "Nom de la\nstructure", "Code\npostal", "Ville", ""])
    assert [number for number, _ in rows] == [1, 2, 3]
