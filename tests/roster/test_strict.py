"""Official files read strictly."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import InputError
from outreach.roster.strict import Layout, date_in_name, key_paths, read_json, read_table, read_text

LAYOUT = Layout(
    read={"Matricule": "official_id", "Nom": "last_name"},
    ignored={"Naissance": "birth data", "mandats": "not used"},
)


def test_a_gone_column_stops_the_reading_and_says_what_is_new_beside() -> None:
    """
    A column that we read and that is gone is refused, together with the one that came instead.
    """
    with pytest.raises(InputError) as refusal:
        LAYOUT.check("liste.csv", ["Matricule", "Nom d'usage", "Naissance"])

    assert refusal.value.problems == (
        'column "Nom" is gone (last_name)',
        'column "Nom d\'usage" is new',
    )


def test_a_new_column_is_reported_and_not_read() -> None:
    """
    A new column gives a note and does not stop the reading.
    """
    notes = LAYOUT.check("liste.csv", ["Matricule", "Nom", "Naissance", "Mandature"])

    assert notes == ('liste.csv: column "Mandature" is new and was not read',)


def test_a_level_that_is_ignored_covers_what_is_below() -> None:
    """
    Keys below an ignored key are ignored with it.
    """
    assert LAYOUT.check("x", ["Matricule", "Nom", "mandats/mandat/uid"]) == ()


def test_a_table_sets_its_percent_lines_aside_and_finds_its_separator(tmp_path: Path) -> None:
    """
    Lines of % before the header are set aside; line numbers are the file's.
    """
    header, rows = read_table(tmp_path / "x", '% requête;\n% suite\na;b\n1;"x;y"\n2;z\n')

    assert header == ["a", "b"]
    assert rows == [(4, {"a": "1", "b": "x;y"}), (5, {"a": "2", "b": "z"})]


def test_rows_of_another_width_are_all_listed(tmp_path: Path) -> None:
    """
    Rows with more or fewer cells than the header are refused, each with its line.
    """
    with pytest.raises(InputError) as refusal:
        read_table(tmp_path / "x", "a,b\n1,2\n3\n4,5,6\n")

    assert refusal.value.problems == (
        "line 3: 1 cells instead of 2",
        "line 4: 3 cells instead of 2",
    )


def test_an_open_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    """
    An unclosed quote is refused instead of taking the rest of the file as one cell.
    """
    with pytest.raises(InputError, match="quote"):
        read_table(tmp_path / "x", 'a,b\n1,"2\n' + "3,4\n" * 5000)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    """
    A header alone is not a list.
    """
    with pytest.raises(InputError, match="no row"):
        read_table(tmp_path / "x", "a,b\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"a\0b", "not a text file"),
        (b"\x81\x8d", "neither UTF-8 nor cp1252"),
    ],
)
def test_what_is_not_a_list_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """
    Empty, binary, wrongly encoded files and web pages are refused in words.
    """
    path = tmp_path / "liste.csv"
    path.write_bytes(content)

    with pytest.raises(InputError, match=words):
        read_text(path)


def test_both_encodings_give_the_same_text(tmp_path: Path) -> None:
    """
    UTF-8 with BOM and cp1252 are told apart.
    """
    utf8, cp1252 = tmp_path / "utf8", tmp_path / "cp1252"
    utf8.write_bytes("\ufeffŒuvre – élan".encode())
    cp1252.write_bytes("Œuvre – élan".encode("cp1252"))

    assert read_text(utf8) == read_text(cp1252) == "Œuvre – élan"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """
    A file that is not there is said, not traced.
    """
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path / "nowhere.csv")


def test_json_cut_short_is_refused(tmp_path: Path) -> None:
    """
    Half a JSON file is refused.
    """
    with pytest.raises(InputError, match="not whole JSON"):
        read_json(tmp_path / "x", '[{"a": 1}, {"b"')


def test_key_paths_see_through_lists() -> None:
    """
    A list adds no level to the path of a key.
    """
    assert key_paths({"a": [{"b": 1}, {"c": {"d": None}}]}) == {"a", "a/b", "a/c", "a/c/d"}


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ODSEN_GENERAL_2025-08-29.json", dt.date(2025, 8, 29)),
        ("ODSEN_GENERAL_2018-11_brut.csv", dt.date(2018, 11, 1)),
    ],
)
def test_a_date_is_taken_from_a_name(name: str, day: dt.date) -> None:
    """
    A month alone is its first day, so that no list is taken for newer than it is.
    """
    assert date_in_name(Path(name)) == day


@pytest.mark.parametrize("name", ["ODSEN_GENERAL.csv", "liste_2025-13-40.csv"])
def test_a_name_without_a_date_is_refused(name: str) -> None:
    """
    Without a date, or with an impossible one, the remedy is named.
    """
    with pytest.raises(InputError):
        date_in_name(Path(name))


@given(st.lists(st.lists(st.text("ab;,\"'\n é"), min_size=2, max_size=2), min_size=1))
def test_every_cell_written_is_read(cells: list[list[str]]) -> None:
    """
    What a csv writer writes, the strict reader reads: rows in = rows out, stripped.
    """
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["x", "y"], *cells])

    _, rows = read_table(Path("x"), text.getvalue())

    assert [list(row.values()) for _, row in rows] == [[c.strip() for c in row] for row in cells]
