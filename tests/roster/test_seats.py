"""The table of seats, and whether a roster fills it."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.roster.bundled import load_roster
from outreach.roster.seats import read_seats, seat_problems


def test_there_are_577_and_348_seats() -> None:
    """
    577 constituencies, and 348 seats in 108 constituencies of the Senate.
    """
    deputies, senators = read_seats(data_path("deputies")), read_seats(data_path("senators"))

    assert (len(deputies.counts), set(deputies.counts.values())) == (577, {1})
    assert (len(senators.counts), sum(senators.counts.values())) == (108, 348)


def test_missing_doubled_and_unknown_seats_are_all_named() -> None:
    """
    Each faulty seat gives one line, with the names involved.
    """
    roster = load_roster("assemblee")
    people = [person for person in roster.members if person.constituency_code != "01-02"]
    stranger = dataclasses.replace(people[0], official_id="PA0", constituency_code="01-09")
    double = dataclasses.replace(people[0], official_id="PA00")

    problems = seat_problems(
        read_seats(data_path("deputies")), [*people, stranger, double], roster.vacancies
    )

    assert problems == [
        "seat 01-01 (Ain) is held 2 times instead of 1: Xavier Breton (PA330008), "
        "Xavier Breton (PA00)",
        "seat 01-02 (Ain) has no holder and no declared vacancy",
        'seat "01-09" is unknown: Xavier Breton (PA0)',
    ]


def test_one_person_on_two_seats_is_named() -> None:
    """
    The same official id may hold one seat only.
    """
    roster = load_roster("senat")
    twice = dataclasses.replace(roster.members[0], department_code="02")
    people = [person for person in roster.members if person.department_code != "02"]
    aisne = [person for person in roster.members if person.department_code == "02"]

    problems = seat_problems(read_seats(data_path("senators")), [*people, *aisne[1:], twice], [])

    assert problems == [f"{twice.official_id} holds 2 seats"]


def test_a_department_short_of_senators_names_who_is_there() -> None:
    """
    Where several seats are alike, the holders that are known help to see who lacks.
    """
    roster = load_roster("senat")
    ain = [person for person in roster.members if person.department_code == "01"]

    problems = seat_problems(
        read_seats(data_path("senators")), [p for p in roster.members if p != ain[0]], []
    )

    assert len(problems) == 1
    assert problems[0].startswith("seat 01 (Ain) has 2 holders instead of 3: ")
    assert ain[1].full_name in problems[0]


def test_a_table_that_does_not_add_up_is_refused(deputy_tables: Path) -> None:
    """
    A row lost from seats.csv is noticed.
    """
    path = deputy_tables / "seats.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    with pytest.raises(InputError, match="4 seats instead of 5"):
        read_seats(deputy_tables)


def test_a_number_of_seats_that_is_none_is_refused(
    deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    A typing error in seats.csv is shown with its row.
    """
    declare(
        deputy_tables / "seats.csv", {"department_code": "02", "department_name": "x", "seats": "l"}
    )

    with pytest.raises(InputError, match=r'row 6, seats: "l" is not a number'):
        read_seats(deputy_tables)


def test_the_eight_deputies_elected_to_the_senate_have_changed_chamber() -> None:
    """
    They are senators, their former seats are vacant, and nobody else is in both chambers.
    """
    deputies, senators = load_roster("assemblee"), load_roster("senat")
    moved = [vacancy.former_holder for vacancy in deputies.vacancies]

    counts = Counter(person.full_name for person in senators.members)

    assert [counts[name] for name in moved] == [1] * 8
    assert not {p.full_name for p in deputies.members} & {p.full_name for p in senators.members}
