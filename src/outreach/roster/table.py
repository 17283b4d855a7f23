"""The project's own files of one roster: a folder with one row per seat held.

    data/deputies/deputies.csv   or data/senators/senators.csv: one row per member
    …/offices.csv                constituency offices, one row each, by official id
    …/vacancies.csv              seats nobody holds, by hand, with source and end date
    …/chamber.toml               the chamber's address, its e-mail domain, its number of seats
    …/source.toml                as-of date, publishers, licence, checksums; written last

`outreach roster build` writes them, everything else reads them through roster.bundled.
"""

import csv
import datetime as dt
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, cast

from outreach.errors import InputError
from outreach.roster.seat import Chamber, Gender, Parliamentarian, PostalAddress, Roster, Vacancy

FOLDER: Final[Mapping[Chamber, str]] = {"assemblee": "deputies", "senat": "senators"}

MEMBER_COLUMNS: Final = (
    "official_id",
    "department_code",
    "constituency_code",
    "gender",
    "first_name",
    "last_name",
    "political_group",
    "political_group_name",
    "political_group_source",
    "commission",
    "functions",
    "last_known_commission",
    "last_known_functions",
    "last_known_on",
    "contact_method",
    "email",
    "email_source",
    "email_note",
    "in_office_since",
)
OFFICE_COLUMNS: Final = ("official_id", "line_1", "line_2", "line_3", "postcode", "city")
VACANCY_COLUMNS: Final = (
    "department_code",
    "constituency_code",
    "former_id",
    "former_holder",
    "since",
    "until",
    "reason",
    "source",
    "as_of",
)
_BETWEEN = " | "  # between two functions in one cell


def read_roster(folder: Path, chamber: Chamber) -> Roster:
    """Read one roster folder.

    Args:
        folder: such as data/deputies.
        chamber: which of the two it must hold.

    Raises:
        InputError: a file is missing, was changed since source.toml was written, lacks a
            column, or holds a cell that cannot be read; all the faulty cells are listed.
    """
    source = read_toml(folder / "source.toml")
    if source.get("chamber") != chamber:
        raise InputError(
            f'{folder / "source.toml"}: chamber is "{source.get("chamber")}", not "{chamber}"; '
            "name the folder of the other list."
        )
    _refuse_changed(folder, cast("Mapping[str, str]", source["files"]))
    chamber_file = read_toml(folder / "chamber.toml")
    offices = _read_offices(folder)
    chamber_address = _chamber_address(chamber_file)
    problems: list[str] = []
    members = []
    name = f"{FOLDER[chamber]}.csv"
    for line, row in enumerate(read_rows(folder / name, MEMBER_COLUMNS), start=2):
        try:
            members.append(_member(row, chamber, chamber_address, offices))
        except ValueError as error:
            problems.append(f"row {line}: {error}")
    if problems:
        raise InputError(f"{folder / name} cannot be read; build it again.", problems)
    vacancies = tuple(vacancy for _, vacancy in read_vacancies(folder, chamber))
    return Roster(chamber, cast("dt.date", source["as_of"]), tuple(members), vacancies)


def read_vacancies(folder: Path, chamber: Chamber) -> list[tuple[dict[str, str], Vacancy]]:
    """Read vacancies.csv: each row as it stands, and as a Vacancy.

    Raises:
        InputError: a column is missing, or a date is not YYYY-MM-DD; all rows are listed.
    """
    path = folder / "vacancies.csv"
    problems: list[str] = []
    vacancies = []
    for line, row in enumerate(read_rows(path, VACANCY_COLUMNS), start=2):
        try:
            vacancies.append((row, _vacancy(row, chamber)))
        except ValueError as error:
            problems.append(f"row {line}: {error}; write dates as 2026-12-31")
    if problems:
        raise InputError(f"{path} cannot be read.", problems)
    return vacancies


def member_row(person: Parliamentarian, sources: Mapping[str, str]) -> dict[str, str]:
    """Give the cells of one member.

    Args:
        person: the member.
        sources: political_group_source, email_source, email_note.
    """
    return {
        "official_id": person.official_id,
        "department_code": person.department_code,
        "constituency_code": person.constituency_code,
        "gender": person.gender,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "political_group": person.political_group,
        "political_group_name": person.political_group_name,
        "commission": person.commission,
        "functions": _BETWEEN.join(person.functions),
        "last_known_commission": person.last_known_commission,
        "last_known_functions": _BETWEEN.join(person.last_known_functions),
        "last_known_on": _iso(person.last_known_on),
        "contact_method": person.contact_method,
        "email": person.email,
        "in_office_since": _iso(person.in_office_since),
        **sources,
    }


def office_rows(people: Iterable[Parliamentarian]) -> list[dict[str, str]]:
    """Give the cells of all constituency offices, in the order of the people."""
    return [
        {
            "official_id": person.official_id,
            **{f"line_{n}": line for n, line in enumerate(address.lines, start=1)},
            "postcode": address.postcode,
            "city": address.city,
        }
        for person in people
        for address in person.addresses
        if address.kind == "constituency_office"
    ]


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write rows as the project keeps them: UTF-8, comma, LF, no BOM; the same rows, the same bytes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV of the project whole; every cell is text.

    Raises:
        InputError: the file is missing or not UTF-8, its columns are not these, or a row has
            more or fewer cells.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"{path} is missing; build the list again or restore the file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8; save it as CSV UTF-8.") from error
    rows = list(csv.reader(io.StringIO(text)))
    header = rows[0] if rows else []
    problems = [f'column "{name}" is missing' for name in columns if name not in header]
    problems += [f'column "{name}" is unknown' for name in header if name not in columns]
    problems += [
        f"row {line} has {len(row)} cells instead of {len(header)}"
        for line, row in enumerate(rows[1:], start=2)
        if len(row) != len(header)
    ]
    if problems:
        raise InputError(f"{path} cannot be read; its columns are {', '.join(columns)}.", problems)
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of the roster folder.

    Raises:
        InputError: the file is missing or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{path} is missing; build the list again or restore the file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not TOML: {error}.") from error


def sha256(path: Path) -> str:
    """Give the checksum of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _refuse_changed(folder: Path, checksums: Mapping[str, str]) -> None:
    changed = [
        f"{name} is {'changed' if (folder / name).exists() else 'missing'}"
        for name, checksum in checksums.items()
        if not (folder / name).exists() or sha256(folder / name) != checksum
    ]
    if changed:
        raise InputError(
            f"{folder} does not agree with its source.toml; write changes into corrections.csv, "
            "arrivals.csv or vacancies.csv and run `outreach roster build` again.",
            changed,
        )


def _member(
    row: Mapping[str, str],
    chamber: Chamber,
    chamber_address: PostalAddress,
    offices: Mapping[str, list[PostalAddress]],
) -> Parliamentarian:
    gender = row["gender"]
    if gender not in ("F", "M", ""):
        raise ValueError(f'gender is "{gender}", not F, M or empty')
    method = row["contact_method"]
    if method not in ("email", "form", "post", "none"):
        raise ValueError(f'contact_method is "{method}", not email, form, post or none')
    return Parliamentarian(
        official_id=row["official_id"],
        chamber=chamber,
        gender=cast("Gender", gender),
        first_name=row["first_name"],
        last_name=row["last_name"],
        department_code=row["department_code"],
        constituency_code=row["constituency_code"],
        political_group=row["political_group"],
        political_group_name=row["political_group_name"],
        commission=row["commission"],
        functions=_functions(row["functions"]),
        contact_method=cast('Literal["email", "form", "post", "none"]', method),
        email=row["email"],
        addresses=(chamber_address, *offices.get(row["official_id"], ())),
        in_office_since=_date(row["in_office_since"]),
        last_known_commission=row["last_known_commission"],
        last_known_functions=_functions(row["last_known_functions"]),
        last_known_on=_date(row["last_known_on"]),
    )


def _vacancy(row: Mapping[str, str], chamber: Chamber) -> Vacancy:
    return Vacancy(
        chamber=chamber,
        department_code=row["department_code"],
        constituency_code=row["constituency_code"],
        former_holder=row["former_holder"],
        since=dt.date.fromisoformat(row["since"]),
        until=dt.date.fromisoformat(row["until"]),
        reason=row["reason"],
        source=row["source"],
    )


def _read_offices(folder: Path) -> dict[str, list[PostalAddress]]:
    offices: dict[str, list[PostalAddress]] = {}
    for row in read_rows(folder / "offices.csv", OFFICE_COLUMNS):
        lines = tuple(line for line in (row["line_1"], row["line_2"], row["line_3"]) if line)
        address = PostalAddress("constituency_office", lines, row["postcode"], row["city"])
        offices.setdefault(row["official_id"], []).append(address)
    return offices


def _chamber_address(chamber_file: Mapping[str, Any]) -> PostalAddress:
    address = chamber_file["address"]
    return PostalAddress("chamber", tuple(address["lines"]), address["postcode"], address["city"])


def _functions(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_BETWEEN)) if cell else ()


def _date(cell: str) -> dt.date | None:
    return dt.date.fromisoformat(cell) if cell else None


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
