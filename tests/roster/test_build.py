"""From official lists and declared rows to the files of a roster, or a refusal that lists all."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import InputError, OutreachError
from outreach.roster.build import build_roster, write_roster
from outreach.roster.table import read_roster

TODAY = dt.date(2026, 11, 23)
ARRIVAL = {
    "official_id": "PA9",
    "department_code": "01",
    "constituency_code": "01-02",
    "gender": "F",
    "first_name": "Nora",
    "last_name": "Venue",
    "political_group": "SOC",
    "in_office_since": "2026-11-21",
    "replaces": "PA3",
    "reason": "by-election",
    "source": "ministry",
    "as_of": "2026-11-22",
    "expires": "2027-01-31",
}
CORRECTION = {
    "official_id": "PA2",
    "field": "political_group",
    "value": "ECOS",
    "kind": "news",
    "reason": "has moved",
    "source": "Journal officiel",
    "as_of": "2026-11-22",
    "expires": "2027-01-31",
}
VACANCY = {
    "department_code": "01",
    "constituency_code": "01-02",
    "former_id": "PA3",
    "former_holder": "Paul Essai",
    "since": "2026-11-21",
    "until": "2027-02-21",
    "reason": "démission",
    "source": "Journal officiel",
    "as_of": "2026-11-22",
}


def test_the_lists_make_a_roster_that_is_read_back_the_same(
    amo: Callable[..., Path], deputy_tables: Path, tmp_path: Path
) -> None:
    """
    What is written is what was built; the chamber's address comes with it.
    """
    built = build_roster([amo()], deputy_tables, today=TODAY)

    write_roster(built, tmp_path / "out", deputy_tables)

    read = read_roster(tmp_path / "out", "assemblee")
    assert [p.official_id for p in read.members] == ["PA2", "PA3", "PA4", "PA1", "PA5"]
    assert read.as_of == dt.date(2026, 11, 20)
    assert read.members[0].addresses[0].city == "Paris"
    assert read.members[0].commission == "commission des affaires sociales"
    assert (read.members[0].contact_method, read.members[1].contact_method) == ("email", "post")


def test_building_twice_gives_the_same_bytes(
    amo: Callable[..., Path], datan: Callable[..., Path], deputy_tables: Path
) -> None:
    """
    The files depend on the lists and the tables only.
    """
    paths = [amo(), datan()]

    first = build_roster(paths, deputy_tables, today=TODAY)
    second = build_roster(paths[::-1], deputy_tables, today=TODAY + dt.timedelta(days=1))

    assert first.files == second.files


def test_commissions_from_before_the_renewal_are_only_last_known(
    actor: Callable[..., dict[str, Any]], amo: Callable[..., Path], deputy_tables: Path
) -> None:
    """
    A list older than the day the commissions were formed anew gives no commission to claim.
    """
    functions = [("COMPER", "Président", "PO2"), ("BUREAU", "Président", "PO4")]
    actors = [
        actor("PA2", "A", "Testard", "01", "1", listed="2026-04-11", functions=functions),
        *(
            actor(f"PA{n}", "B", "Autre", department, number, listed="2026-04-11")
            for n, (department, number) in enumerate(
                [("01", "2"), ("2A", "1"), ("974", "1"), ("099", "1")], start=3
            )
        ),
    ]

    person = build_roster([amo(*actors)], deputy_tables, today=TODAY).roster.members[0]

    assert person.commission == ""
    assert person.last_known_commission == "commission des affaires sociales"
    assert person.last_known_on == dt.date(2026, 4, 11)
    # the presidency of the Assembly lasts for the legislature
    assert person.functions == ("Présidente de l'Assemblée nationale",)
    assert person.last_known_functions == ("Présidente de la commission des affaires sociales",)


def test_seats_without_holder_refuse_everything_and_write_nothing(
    actor: Callable[..., dict[str, Any]],
    amo: Callable[..., Path],
    deputy_tables: Path,
) -> None:
    """
    All the missing and doubled seats are listed, with the remedy.
    """
    path = amo(
        actor("PA1", "A", "Un", "01", "1"),
        actor("PA2", "B", "Deux", "01", "1"),
        actor("PA3", "C", "Trois", "974", "2"),
    )
    before = sorted(deputy_tables.iterdir())

    with pytest.raises(InputError) as refusal:
        build_roster([path], deputy_tables, today=TODAY)

    assert [problem.split(" ")[1] for problem in refusal.value.problems] == [
        "01-01",
        "01-02",
        "2A-01",
        "974-01",
        '"974-02"',
        "ZZ-01",
    ]
    assert "vacancies.csv" in refusal.value.message
    assert sorted(deputy_tables.iterdir()) == before


def test_an_arrival_takes_the_seat_of_whom_it_replaces(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    Somebody whom no list has yet holds the seat, as of the day that is declared.
    """
    declare(deputy_tables / "arrivals.csv", ARRIVAL)

    roster = build_roster([amo()], deputy_tables, today=TODAY).roster

    holder = next(p for p in roster.members if p.constituency_code == "01-02")
    assert (holder.full_name, holder.political_group) == ("Nora Venue", "SOC")
    assert roster.as_of == dt.date(2026, 11, 22)


def test_a_newer_list_ends_what_was_declared(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    News older than the list give way, are told, and may even have expired.
    """
    old = {"as_of": "2026-10-08", "expires": "2026-11-01"}
    declare(deputy_tables / "arrivals.csv", {**ARRIVAL, **old})
    declare(deputy_tables / "corrections.csv", {**CORRECTION, **old})
    declare(
        deputy_tables / "vacancies.csv",
        {**VACANCY, "as_of": "2026-10-08", "until": "2026-11-01"},
    )

    built = build_roster([amo()], deputy_tables, today=TODAY)

    assert [p.official_id for p in built.roster.members[:2]] == ["PA2", "PA3"]
    assert built.roster.vacancies == ()
    assert built.roster.members[0].political_group == "DR"
    told = [finding.message for finding in built.findings if finding.kind == "declared"]
    assert len(told) == 3
    assert built.files["vacancies.csv"].count(b"\n") == 1


def test_a_vacancy_fills_a_seat_and_takes_its_former_holder_out(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    Declared with source and end date, a vacant seat counts as filled.
    """
    declare(deputy_tables / "vacancies.csv", VACANCY)

    roster = build_roster([amo()], deputy_tables, today=TODAY).roster

    assert len(roster.members) == 4
    assert roster.vacancies[0].former_holder == "Paul Essai"


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("vacancies.csv", {**VACANCY, "until": "2026-11-22"}),
        ("arrivals.csv", {**ARRIVAL, "expires": "2026-11-22"}),
        ("corrections.csv", {**CORRECTION, "expires": "2026-11-22"}),
    ],
)
def test_a_declared_row_that_holds_and_has_expired_is_refused(
    amo: Callable[..., Path],
    deputy_tables: Path,
    declare: Callable[..., None],
    table: str,
    row: Mapping[str, str],
) -> None:
    """
    Somebody has to look at its source again.
    """
    declare(deputy_tables / table, row)

    with pytest.raises(InputError) as refusal:
        build_roster([amo()], deputy_tables, today=TODAY)

    assert refusal.value.problems == (
        f"{table}, row 2: expired on 2026-11-22, today is 2026-11-23",
    )


def test_a_correction_of_news_holds_against_an_older_list(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    A change of group that the list cannot know yet is taken from the correction.
    """
    declare(deputy_tables / "corrections.csv", CORRECTION)

    built = build_roster([amo()], deputy_tables, today=TODAY)

    assert built.roster.members[0].political_group == "ECOS"
    assert (
        b"PA2,01,01-01,F,Jeanne,Testard,ECOS,\xc3\x89cologiste et Social,correction"
        in built.files["deputies.csv"]
    )


def test_a_correction_of_an_error_holds_against_a_newer_list(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    A publisher repeats its error: the correction holds until it expires.
    """
    error = {
        **CORRECTION,
        "kind": "error",
        "as_of": "2026-01-01",
        "field": "email",
        "value": "j.testard@example.org",
    }
    declare(deputy_tables / "corrections.csv", error)

    built = build_roster([amo()], deputy_tables, today=TODAY)

    assert built.roster.members[0].email == "j.testard@example.org"
    assert b"not on assemblee-nationale.fr" in built.files["deputies.csv"]


def test_an_empty_correction_takes_a_value_away(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    An address that is no longer good goes, and the letter goes by post.
    """
    declare(deputy_tables / "corrections.csv", {**CORRECTION, "field": "email", "value": ""})

    person = build_roster([amo()], deputy_tables, today=TODAY).roster.members[0]

    assert (person.email, person.contact_method) == ("", "post")


def test_a_senator_who_left_is_taken_out(
    odsen: Callable[..., Path], senator_tables: Path, declare: Callable[..., None]
) -> None:
    """
    "in_office = no" and an arrival change one of two senators of a département.
    """
    declare(
        senator_tables / "corrections.csv",
        {**CORRECTION, "official_id": "00001A", "field": "in_office", "value": "no"},
    )
    declare(
        senator_tables / "arrivals.csv",
        {**ARRIVAL, "official_id": "00009Z", "constituency_code": "", "replaces": ""},
    )

    roster = build_roster([odsen()], senator_tables, today=TODAY).roster

    assert [p.official_id for p in roster.members if p.department_code == "01"] == [
        "00002B",
        "00009Z",
    ]


def test_rows_that_are_no_longer_needed_are_told(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    What the lists say by now can be taken out of the tables.
    """
    declare(deputy_tables / "arrivals.csv", {**ARRIVAL, "official_id": "PA3", "replaces": ""})
    declare(
        deputy_tables / "corrections.csv",
        {**CORRECTION, "value": "DR"},
        {**CORRECTION, "official_id": "PA404"},
    )

    built = build_roster([amo()], deputy_tables, today=TODAY)

    told = [finding.message for finding in built.findings if finding.kind == "declared"]
    assert told == [
        "arrivals.csv, row 2: the lists have this arrival now; take it out",
        "corrections.csv, row 2: the lists say the same now; take the row out",
        "corrections.csv, row 3: is not in office; take the row out",
    ]


def test_an_arrival_with_the_address_of_somebody_else_loses_it(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    Declared addresses are judged like published ones.
    """
    row = {**ARRIVAL, "email": "paul.essai@assemblee-nationale.fr", "replaces": "PA3"}
    declare(deputy_tables / "arrivals.csv", row)

    built = build_roster([amo()], deputy_tables, today=TODAY)

    assert built.roster.members[1].email == ""
    assert [f.kind for f in built.findings if f.field == "email"] == ["refused"]


def test_faulty_declared_rows_are_all_listed(
    amo: Callable[..., Path], deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    Every cell that cannot be read is named with its file, row and column.
    """
    declare(
        deputy_tables / "arrivals.csv",
        {**ARRIVAL, "official_id": "", "gender": "X", "department_code": "1", "email": "élu"},
    )
    declare(
        deputy_tables / "corrections.csv",
        {**CORRECTION, "field": "phone", "reason": " "},
        {**CORRECTION, "kind": "guess", "as_of": "hier"},
        {**CORRECTION, "field": "in_office", "value": "yes"},
        {**CORRECTION, "field": "in_office_since", "value": "2026"},
        {**CORRECTION, "field": "department_code", "value": "20"},
    )

    with pytest.raises(InputError) as refusal:
        build_roster([amo()], deputy_tables, today=TODAY)

    assert [": ".join(p.split(": ")[:1]) for p in refusal.value.problems] == [
        "arrivals.csv, row 2, official_id",
        "arrivals.csv, row 2, department_code",
        "arrivals.csv, row 2, gender",
        "arrivals.csv, row 2, email",
        "corrections.csv, row 2, reason",
        "corrections.csv, row 2, field",
        "corrections.csv, row 3, kind",
        "corrections.csv, row 3, as_of",
        "corrections.csv, row 4, value",
        "corrections.csv, row 5, value",
        "corrections.csv, row 6, value",
    ]


def test_a_list_from_tomorrow_or_of_the_other_chamber_is_refused(
    amo: Callable[..., Path], odsen: Callable[..., Path], deputy_tables: Path
) -> None:
    """
    Both are told at once.
    """
    tomorrow = odsen(name="ODSEN_GENERAL_2027-01-01.csv")

    with pytest.raises(InputError) as refusal:
        build_roster([amo(), tomorrow], deputy_tables, today=TODAY)

    assert refusal.value.problems == (
        "ODSEN_GENERAL_2027-01-01.csv is a list of the other chamber",
        "ODSEN_GENERAL_2027-01-01.csv is dated 2027-01-01, after today",
    )


def test_a_roster_is_written_into_its_own_tables(
    amo: Callable[..., Path], deputy_tables: Path
) -> None:
    """
    Into the folder of the tables itself, hand-kept files stay and the others are replaced.
    """
    kept = (deputy_tables / "seats.csv").read_bytes()

    write_roster(build_roster([amo()], deputy_tables, today=TODAY), deputy_tables, deputy_tables)

    assert len(read_roster(deputy_tables, "assemblee").members) == 5
    assert (deputy_tables / "seats.csv").read_bytes() == kept


def test_a_folder_of_somebody_else_is_not_replaced(
    amo: Callable[..., Path], deputy_tables: Path, tmp_path: Path
) -> None:
    """
    A folder that outreach did not write is left alone.
    """
    mine = tmp_path / "documents"
    mine.mkdir()
    (mine / "these.odt").write_text("x", encoding="utf-8")
    built = build_roster([amo()], deputy_tables, today=TODAY)

    with pytest.raises(OutreachError, match="not written by outreach"):
        write_roster(built, mine, deputy_tables)

    assert [path.name for path in mine.iterdir()] == ["these.odt"]
