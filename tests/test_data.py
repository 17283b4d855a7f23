"""The bundled data: documented, dated, licensed, and whole."""

import csv
import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from outreach.bundle import data_path

ROOT = Path(__file__).parents[1]
TABLES = sorted(data_path().rglob("*.csv"))
FOLDERS = sorted(path.parent for path in data_path().rglob("source.toml"))


def documented_columns() -> dict[str, set[str]]:
    """File name → the columns that docs/data.md explains."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    columns: dict[str, set[str]] = {}
    for section in re.split(r"^### ", page, flags=re.MULTILINE)[1:]:
        names = re.findall(r"[\w-]+\.csv", section.splitlines()[0])
        cells = re.findall(r"^\| ([a-z0-9_, ]+) \|", section, flags=re.MULTILINE)
        found = {name.strip() for cell in cells for name in cell.split(",")} - {"column"}
        for name in names:
            columns.setdefault(name, set()).update(found)
    return columns


@pytest.mark.parametrize("table", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_column_is_documented(table: Path) -> None:
    """
    Each column of each bundled table is explained in docs/data.md.
    """
    with table.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))

    missing = set(header) - documented_columns().get(table.name, set())

    assert missing == set()


@pytest.mark.parametrize("table", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_table_round_trips(table: Path) -> None:
    """
    Read and written again, each table gives the same bytes: diffs are about facts only.
    """
    import io

    content = table.read_bytes()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    again = io.StringIO()
    csv.writer(again, lineterminator="\n").writerows(rows)

    assert again.getvalue().encode("utf-8") == content


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_each_folder_says_source_licence_and_date(folder: Path) -> None:
    """
    Each data folder has a source.toml that names a publisher, a licence and a date.
    """
    text = (folder / "source.toml").read_text(encoding="utf-8")
    tomllib.loads(text)

    assert "publisher" in text
    assert "licence" in text
    assert re.search(r"20\d\d", text)


def test_no_staff_birth_or_phone_data_is_bundled() -> None:
    """
    No bundled table has a column for birth, staff, telephone or private address data.
    """
    forbidden = re.compile(r"birth|naissance|phone|tel$|collaborat|staff_name|private")
    found = []
    for table in TABLES:
        with table.open(encoding="utf-8", newline="") as file:
            found += [
                f"{table.name}: {name}" for name in next(csv.reader(file)) if forbidden.search(name)
            ]

    assert found == []


def test_declared_vacancies_and_arrivals_have_not_expired_at_their_list_date() -> None:
    """
    Each declared row is believed at least until the date of the list that it completes.
    """
    late = []
    for chamber in ("deputies", "senators"):
        source = tomllib.loads(data_path(chamber, "source.toml").read_text(encoding="utf-8"))
        as_of = dt.date.fromisoformat(str(source["as_of"]))
        for name, column in (
            ("vacancies", "until"),
            ("arrivals", "expires"),
            ("corrections", "expires"),
        ):
            with data_path(chamber, f"{name}.csv").open(encoding="utf-8", newline="") as file:
                late += [
                    f"{chamber}/{name}: {row}"
                    for row in csv.DictReader(file)
                    if row[column] and dt.date.fromisoformat(row[column]) < as_of
                ]

    assert late == []
