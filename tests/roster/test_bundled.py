"""Which roster a command uses, how old it may be, and whether it still holds."""

import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.bundle import data_path
from outreach.roster.age import age_warning
from outreach.roster.bundled import folder_in_use, load_roster, renewed_folder
from outreach.roster.check import in_two_chambers, roster_problems, roster_warnings

DAY = dt.timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, in a place of its own."""
    monkeypatch.setenv("OUTREACH_DATA_HOME", str(tmp_path))
    return tmp_path


def test_the_bundled_roster_is_used_when_nothing_was_renewed(home: Path) -> None:
    """
    A newcomer has the bundled lists.
    """
    assert folder_in_use("assemblee") == data_path("deputies")
    assert len(load_roster("senat").members) == 348


@pytest.mark.parametrize(("as_of", "used"), [("2026-11-01", True), ("2026-01-01", False)])
def test_the_renewed_copy_is_used_when_it_is_newer(home: Path, as_of: str, used: bool) -> None:
    """
    After an upgrade of outreach the bundled list may be newer than the user's copy.
    """
    shutil.copytree(data_path("deputies"), home / "deputies")
    source = home / "deputies" / "source.toml"
    text = source.read_text(encoding="utf-8").replace("as_of = 2026-10-08", f"as_of = {as_of}", 1)
    source.write_text(text, encoding="utf-8")

    roster = load_roster("assemblee")

    assert (folder_in_use("assemblee") == home / "deputies") is used
    assert (roster.as_of == dt.date.fromisoformat(as_of)) is used


def test_the_users_folder_has_a_usual_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without the variable, the system says where a program keeps its data.
    """
    monkeypatch.delenv("OUTREACH_DATA_HOME", raising=False)

    assert renewed_folder("senat").name == "senators"
    assert "outreach" in renewed_folder("senat").parts


def test_a_roster_of_sixty_days_is_fresh_and_of_sixty_one_is_not() -> None:
    """
    The warning is one line that names the command.
    """
    roster = load_roster("assemblee", data_path("deputies"))

    assert age_warning(roster, roster.as_of + 60 * DAY) is None
    assert age_warning(roster, roster.as_of + 61 * DAY) == (
        "The list of deputies is of 2026-10-08, 61 days old; renew it: outreach roster update"
    )


def test_the_bundled_rosters_hold_on_the_day_they_were_made() -> None:
    """
    Seats filled, nothing expired, no address of somebody else.
    """
    for chamber, folder in (("assemblee", "deputies"), ("senat", "senators")):
        roster = load_roster("senat" if chamber == "senat" else "assemblee", data_path(folder))
        assert roster_problems(data_path(folder), roster, dt.date(2026, 11, 23)) == []


def test_expired_vacancies_are_problems() -> None:
    """
    On New Year's Eve all eight must be looked at again.
    """
    roster = load_roster("assemblee", data_path("deputies"))

    problems = roster_problems(data_path("deputies"), roster, dt.date(2026, 12, 31))

    assert len(problems) == 8
    assert problems[0].startswith("vacancies.csv, row 2: expired on 2026-12-27")


def test_an_address_of_somebody_else_is_a_problem_unless_it_was_corrected(
    deputy_tables: Path, declare: Callable[..., None]
) -> None:
    """
    A person who has looked may keep an address that does not look like the name.
    """
    roster = load_roster("assemblee", data_path("deputies"))
    keke = dataclasses.replace(roster.members[0], email="rachel.keke@assemblee-nationale.fr")
    only = dataclasses.replace(roster, members=(keke,), vacancies=())
    row = {"official_id": keke.official_id, "field": "email", "value": keke.email, "kind": "error"}
    grounds = {"reason": "x", "source": "y", "as_of": "2026-01-01", "expires": "2027-01-01"}

    before = roster_problems(deputy_tables, only, dt.date(2026, 11, 23))
    declare(deputy_tables / "corrections.csv", {**row, **grounds})
    after = roster_problems(deputy_tables, only, dt.date(2026, 11, 23))

    assert [problem for problem in before if problem not in after] == [
        "Xavier Breton (PA330008): rachel.keke@assemblee-nationale.fr holds no part of the name"
    ]


def test_warnings_name_age_domains_and_who_has_no_address() -> None:
    """
    What does not stop a letter, but should be known.
    """
    roster = load_roster("senat", data_path("senators"))

    warnings = roster_warnings(roster, dt.date(2027, 1, 1))

    assert [warning.split(" ")[0] for warning in warnings] == [
        "The",
        "Jean-Jacques",
        "Jean-Baptiste",
        "81",
        "commissions",
    ]


def test_somebody_in_both_chambers_is_named() -> None:
    """
    A person who changed chamber and is still in the old list is seen.
    """
    senators = load_roster("senat", data_path("senators"))
    amard = next(person for person in senators.members if person.last_name == "Amard")
    still = dataclasses.replace(amard, official_id="PA794906", chamber="assemblee")
    deputies = load_roster("assemblee", data_path("deputies"))

    named = in_two_chambers(
        [senators, dataclasses.replace(deputies, members=(*deputies.members, still))]
    )

    assert named == ["Gabriel Amard is in both chambers: 20684B (senat), PA794906 (assemblee)"]
