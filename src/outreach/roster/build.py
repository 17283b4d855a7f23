"""Official lists and declared rows → the files of one roster, or a refusal that lists everything."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from outreach.errors import InputError
from outreach.files import whole_folder, write_file
from outreach.roster.declared import DeclaredVacancy, read_declared, vacancy_rows
from outreach.roster.emails import OFFICIAL_DOMAIN, is_official
from outreach.roster.formats import read_official
from outreach.roster.labels import Labels, read_labels, with_our_labels
from outreach.roster.merge import Finding, Member, Sourced, check_register, merge
from outreach.roster.reading import FUNCTIONS_BETWEEN, Reading
from outreach.roster.seat import Chamber, Gender, Parliamentarian, Roster, Vacancy
from outreach.roster.seats import Seats, read_seats, seat_problems
from outreach.roster.settle import settle
from outreach.roster.table import (
    FOLDER,
    MEMBER_COLUMNS,
    OFFICE_COLUMNS,
    VACANCY_COLUMNS,
    csv_bytes,
    member_row,
    office_rows,
    read_toml,
)
from outreach.sources import SOURCES

# Kept by hand; read by the build, and copied beside what it writes elsewhere.
TABLES: Final = (
    "chamber.toml",
    "seats.csv",
    "groups.csv",
    "commissions.csv",
    "arrivals.csv",
    "corrections.csv",
)


@dataclass(frozen=True, slots=True)
class Built:
    """A roster that fills every seat, the files to write, and what a person should know."""

    roster: Roster
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def build_roster(
    paths: Sequence[Path],
    tables: Path,
    *,
    today: dt.date,
    dates: Mapping[Path, dt.date] | None = None,
) -> Built:
    """Build the roster of one chamber from official lists.

    Args:
        paths: lists of one chamber in any official format.
        tables: the folder of the hand-kept tables, such as data/deputies.
        today: no list may be from later; declared rows whose date has passed are refused.
        dates: the dates of lists whose content and name do not tell them.

    Raises:
        InputError: a list or a table is faulty, or seats are missing, doubled or unknown; all
            of them are listed and nothing is written.
    """
    seats, labels = read_seats(tables), read_labels(tables)
    readings = [
        with_our_labels(read_official(path, (dates or {}).get(path)), labels) for path in paths
    ]
    _refuse_others(readings, seats.chamber, today)
    members, list_date, findings = merge(readings)
    declared = read_declared(tables, seats.chamber)
    settled = settle(members, list_date, declared, seats, today)
    for reading in readings:
        if reading.source == "rne":
            findings += check_register(reading, settled.members.values())
    rules = read_toml(tables / "chamber.toml")
    people = sorted(
        (_person(member, seats.chamber, labels, rules) for member in settled.members.values()),
        key=lambda person: (person.constituency_code, person.department_code, person.official_id),
    )
    vacancies = tuple(vacancy.vacancy for vacancy in settled.vacancies)
    _refuse_unfilled(seats, people, vacancies, tables)
    used = [value.as_of for member in settled.members.values() for value in member.values.values()]
    as_of = max([list_date, *used, *(vacancy.as_of for vacancy in settled.vacancies)])
    roster = Roster(seats.chamber, as_of, tuple(people), vacancies)
    files = _files(roster, settled.members, settled.vacancies, readings, tables)
    return Built(roster, files, tuple(findings + settled.findings))


def _refuse_unfilled(
    seats: Seats, people: Sequence[Parliamentarian], vacancies: Sequence[Vacancy], tables: Path
) -> None:
    if problems := seat_problems(seats, people, vacancies):
        raise InputError(
            f"The lists do not fill the {sum(seats.counts.values())} seats of the chamber; nothing "
            f"was written. Declare what the lists do not know in {tables}: vacancies.csv, "
            "arrivals.csv, corrections.csv.",
            problems,
        )


def write_roster(built: Built, folder: Path, tables: Path) -> None:
    """Write the files of a roster, whole or not at all.

    Into the folder of the tables itself, each file is replaced and source.toml comes last, so
    that a half-written folder is refused when read. Elsewhere the folder is made anew, with a
    copy of the tables.

    Raises:
        OutreachError: the folder cannot be written, or holds what outreach did not write.
    """
    if folder.resolve() == tables.resolve():
        for name, content in built.files.items():
            write_file(folder / name, content)
        return
    with whole_folder(folder) as beside:
        for name in TABLES:
            (beside / name).write_bytes((tables / name).read_bytes())
        for name, content in built.files.items():
            (beside / name).write_bytes(content)


def _refuse_others(readings: Sequence[Reading], chamber: Chamber, today: dt.date) -> None:
    problems = [
        f"{reading.path.name} is a list of the other chamber"
        for reading in readings
        if reading.chamber != chamber
    ]
    problems += [
        f"{reading.path.name} is dated {reading.as_of:%Y-%m-%d}, after today"
        for reading in readings
        if reading.as_of > today
    ]
    if problems:
        raise InputError(f"These lists cannot make the {FOLDER[chamber]}.", problems)


def _person(
    member: Member, chamber: Chamber, labels: Labels, rules: Mapping[str, Any]
) -> Parliamentarian:
    formed: dt.date = rules["commissions_renewed"]
    commission = _since(member.values.get("commission"), formed)
    functions = _split(_since(member.values.get("functions"), formed)) or tuple(
        function
        for function in _split(member.text("functions"))
        if function in rules["lasting_functions"]
    )
    older = [
        value.as_of
        for field in ("commission", "functions")
        if (value := member.values.get(field)) and value.as_of < formed
    ]
    gender: Gender = "F" if member.text("gender") == "F" else "M" if member.text("gender") else ""
    since = member.text("in_office_since")
    return Parliamentarian(
        official_id=member.official_id,
        chamber=chamber,
        gender=gender,
        first_name=member.text("first_name"),
        last_name=member.text("last_name"),
        department_code=member.text("department_code"),
        constituency_code=member.text("constituency_code"),
        political_group=member.text("political_group"),
        political_group_name=labels.group_names.get(
            member.text("political_group"), member.text("political_group")
        ),
        commission=commission,
        functions=functions,
        contact_method="email" if member.text("email") else "post",
        email=member.text("email"),
        addresses=member.offices,
        in_office_since=dt.date.fromisoformat(since) if since else None,
        last_known_commission="" if commission else member.text("commission"),
        last_known_functions=tuple(
            function for function in _split(member.text("functions")) if function not in functions
        ),
        last_known_on=max(older) if older else None,
    )


def _since(value: Sourced | None, formed: dt.date) -> str:
    """Give a value that is known since the commissions were formed, "" otherwise."""
    return value.text if value and value.as_of >= formed else ""


def _split(functions: str) -> tuple[str, ...]:
    return tuple(functions.split(FUNCTIONS_BETWEEN)) if functions else ()


def _files(
    roster: Roster,
    members: Mapping[str, Member],
    vacancies: list[DeclaredVacancy],
    readings: Sequence[Reading],
    tables: Path,
) -> dict[str, bytes]:
    chamber = roster.chamber
    rows = [
        member_row(person, _member_sources(members[person.official_id], chamber))
        for person in roster.members
    ]
    files = {
        f"{FOLDER[chamber]}.csv": csv_bytes(MEMBER_COLUMNS, rows),
        "offices.csv": csv_bytes(OFFICE_COLUMNS, office_rows(roster.members)),
        "vacancies.csv": csv_bytes(VACANCY_COLUMNS, vacancy_rows(vacancies)),
    }
    kept = {name: (tables / name).read_bytes() for name in TABLES}
    return {**files, "source.toml": _source_toml(roster, readings, files | kept)}


def _member_sources(member: Member, chamber: Chamber) -> dict[str, str]:
    def source(field: str) -> str:
        value = member.values.get(field)
        return value.source if value else ""

    address = member.text("email")
    note = (
        f"not on {OFFICIAL_DOMAIN[chamber]}"
        if address and not is_official(address, chamber)
        else ""
    )
    return {
        "political_group_source": source("political_group"),
        "email_source": source("email"),
        "email_note": note,
    }


def _source_toml(roster: Roster, readings: Sequence[Reading], files: Mapping[str, bytes]) -> bytes:
    lines = [
        "# Written by `outreach roster build`; what the other files are made of.",
        f"chamber = {_quoted(roster.chamber)}",
        f"as_of = {roster.as_of:%Y-%m-%d}",
        f"members = {len(roster.members)}",
        f"vacancies = {len(roster.vacancies)}",
        'licence = "Licence Ouverte 2.0"',
    ]
    for reading in sorted(readings, key=lambda reading: (reading.as_of, reading.source)):
        source = SOURCES[reading.source]
        lines += [
            "",
            "[[inputs]]",
            f"source = {_quoted(reading.source)}",
            f"title = {_quoted(source.title)}",
            f"publisher = {_quoted(source.publisher)}",
            f"page = {_quoted(source.page)}",
            f"address = {_quoted(source.address)}",
            f"licence = {_quoted(source.licence)}",
            f"file = {_quoted(reading.path.name)}",
            f"as_of = {reading.as_of:%Y-%m-%d}",
            f"sha256 = {_quoted(_checksum(reading.path))}",
        ]
    lines += ["", "# sha256 of every file of this folder but this one", "[files]"]
    lines += [
        f"{_quoted(name)} = {_quoted(hashlib.sha256(content).hexdigest())}"
        for name, content in sorted(files.items())
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _checksum(path: Path) -> str:
    """Give the checksum of a file, or of all the files of a folder with their names."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(file for file in path.glob("**/*") if file.is_file()):
        whole.update(file.relative_to(path).as_posix().encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _quoted(text: str) -> str:
    # a TOML basic string has the escapes of JSON
    return json.dumps(text, ensure_ascii=False)
