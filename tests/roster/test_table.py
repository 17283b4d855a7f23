"""The project's own files of one roster."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.roster.seat import Chamber
from outreach.roster.table import (
    FOLDER,
    MEMBER_COLUMNS,
    OFFICE_COLUMNS,
    csv_bytes,
    read_roster,
    read_rows,
    sha256,
)

CHAMBERS: tuple[Chamber, ...] = ("assemblee", "senat")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the bundled deputies that may be spoiled."""
    return Path(shutil.copytree(data_path("deputies"), tmp_path / "deputies"))


def reseal(folder: Path, name: str) -> None:
    """Write the checksum of a spoiled file into source.toml, so that reading goes on to it."""
    source = folder / "source.toml"
    lines = source.read_text(encoding="utf-8").splitlines()
    lines = [
        f'"{name}" = "{sha256(folder / name)}"' if line.startswith(f'"{name}"') else line
        for line in lines
    ]
    source.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("chamber", CHAMBERS)
def test_bundled_files_round_trip_byte_for_byte(chamber: Chamber) -> None:
    """
    Read and written again, every bundled table has the same bytes.
    """
    folder = data_path(FOLDER[chamber])
    for path in folder.glob("*.csv"):
        header = next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert csv_bytes(header, read_rows(path, header)) == path.read_bytes()


@pytest.mark.parametrize("chamber", CHAMBERS)
def test_bundled_rosters_are_complete_and_sourced(chamber: Chamber) -> None:
    """
    577 and 348 seats, each address official or noted, no birth date, no phone.
    """
    folder = data_path(FOLDER[chamber])
    roster = read_roster(folder, chamber)
    rows = read_rows(folder / f"{FOLDER[chamber]}.csv", MEMBER_COLUMNS)

    assert len(roster.members) + len(roster.vacancies) == {"assemblee": 577, "senat": 348}[chamber]
    assert all(bool(row["email"]) == bool(row["email_source"]) for row in rows)
    assert not any("birth" in column or "phone" in column for column in MEMBER_COLUMNS)


def test_a_file_changed_by_hand_is_refused_with_the_remedy(copy: Path) -> None:
    """
    A roster that is not what the build wrote is refused: changes go into corrections.csv.
    """
    path = copy / "deputies.csv"
    path.write_bytes(path.read_bytes().replace(b"xavier.breton@", b"someone.else@"))
    (copy / "offices.csv").unlink()

    with pytest.raises(InputError, match=r"corrections\.csv") as refusal:
        read_roster(copy, "assemblee")

    assert refusal.value.problems == ("deputies.csv is changed", "offices.csv is missing")


def test_cells_that_cannot_be_read_are_all_listed(copy: Path) -> None:
    """
    A gender, a way of contact and a date that are none, each with its row.
    """
    path = copy / "deputies.csv"
    rows = read_rows(path, MEMBER_COLUMNS)
    rows[0]["gender"], rows[1]["contact_method"], rows[2]["in_office_since"] = "X", "fax", "hier"
    path.write_bytes(csv_bytes(MEMBER_COLUMNS, rows))
    reseal(copy, "deputies.csv")

    with pytest.raises(InputError) as refusal:
        read_roster(copy, "assemblee")

    assert [problem[:6] for problem in refusal.value.problems] == ["row 2:", "row 3:", "row 4:"]


def test_a_vacancy_with_a_wrong_date_is_listed(copy: Path, declare: Callable[..., None]) -> None:
    """
    Dates of vacancies are read strictly.
    """
    declare(copy / "vacancies.csv", {"since": "2026-09-27", "until": "Noël"})
    reseal(copy, "vacancies.csv")

    with pytest.raises(InputError) as refusal:
        read_roster(copy, "assemblee")

    assert "row 10" in refusal.value.problems[0]


def test_the_folder_of_the_other_chamber_is_refused() -> None:
    """
    Senators are not deputies.
    """
    with pytest.raises(InputError, match='chamber is "senat"'):
        read_roster(data_path("senators"), "assemblee")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"official_id,city\nx,y\n", 'column "postcode" is missing'),
        (b"official_id,line_1,line_2,line_3,postcode,city,fax\n", 'column "fax" is unknown'),
        (
            b"official_id,line_1,line_2,line_3,postcode,city\na,b\n",
            "row 2 has 2 cells instead of 6",
        ),
        ("é".encode("cp1252"), "UTF-8"),
    ],
)
def test_a_table_with_other_columns_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """
    Missing and unknown columns, short rows and other encodings are said.
    """
    path = tmp_path / "offices.csv"
    path.write_bytes(content)

    with pytest.raises(InputError) as refusal:
        read_rows(path, OFFICE_COLUMNS)

    assert words in str(refusal.value)


@pytest.mark.parametrize("content", [None, "chamber = ", b"\xff"])
def test_a_missing_or_broken_source_toml_is_refused(
    copy: Path, content: "str | bytes | None"
) -> None:
    """
    source.toml is what makes a folder a roster.
    """
    path = copy / "source.toml"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    with pytest.raises(InputError, match=r"source\.toml"):
        read_roster(copy, "assemblee")
