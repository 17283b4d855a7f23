"""The real official lists, and the bundled state made from them."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from outreach.bundle import data_path
from outreach.roster.build import Built, build_roster
from outreach.roster.bundled import load_roster
from outreach.roster.formats import read_official

pytestmark = [pytest.mark.shared, pytest.mark.slow]
MADE_ON = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def lists(shared: Path) -> Path:
    """The folder of the official lists."""
    return shared / "roster"


@pytest.fixture(scope="module")
def deputies(lists: Path) -> Built:
    """The deputies, built from the official dumps."""
    names = ("AMO10_2026-04-11.json.zip", "deputegpt_datan_v2026-08-22.json")
    return build_roster(
        [lists / "deputes" / name for name in names], data_path("deputies"), today=MADE_ON
    )


@pytest.fixture(scope="module")
def senators(lists: Path) -> Built:
    """The senators, built from the official dumps."""
    names = ("ODSEN_GENERAL_2025-08-29.json", "api-senat_senateurs_2026-03-03.json")
    return build_roster(
        [lists / "senateurs" / name for name in names], data_path("senators"), today=MADE_ON
    )


@pytest.mark.parametrize(
    ("name", "source", "people", "as_of"),
    [
        ("deputes/AMO10_2026-04-11.json.zip", "amo", 577, "2026-04-11"),
        ("deputes/AMO10_sample_2026-04-11", "amo", 23, "2026-04-11"),
        ("deputes/AMO30_extrait_16e_actifs_2024-06-08.json.zip", "amo", 577, "2024-06-08"),
        ("deputes/datan_deputes-active_2025-12-26.csv", "datan", 575, "2025-12-26"),
        ("deputes/deputegpt_datan_v2026-08-22.json", "datan", 577, "2026-08-22"),
        ("deputes/liste_deputes_libre_office_2022-02.csv", "libre-office", 568, "2022-02-01"),
        ("senateurs/ODSEN_GENERAL_2018-11_brut_entete-pourcent.csv", "odsen", 348, "2018-11-01"),
        ("senateurs/ODSEN_GENERAL_2018-11_extrait_2lignes.csv", "odsen", 2, "2018-11-01"),
        ("senateurs/ODSEN_GENERAL_2021-11.csv", "odsen", 348, "2021-11-01"),
        ("senateurs/ODSEN_GENERAL_2025-08-29.json", "odsen", 347, "2025-08-29"),
        ("senateurs/api-senat_senateurs_2026-03-03.json", "senat-api", 348, "2026-03-03"),
        ("autres/RNE_9-elus-deputes_2024-07-30.csv", "rne", 577, "2024-07-30"),
        ("autres/RNE_9-elus-depute_2023-12_tsv.csv", "rne", 575, "2023-12-01"),
        ("autres/RNE_8-elus-senateurs_2024-07-30.csv", "rne", 348, "2024-07-30"),
    ],
)
def test_each_official_list_is_read_whole_and_no_column_is_new(
    lists: Path, name: str, source: str, people: int, as_of: str
) -> None:
    """
    Everybody in office is read, and every column is read or named as ignored.
    """
    reading = read_official(lists / name)

    assert (reading.source, len(reading.records), str(reading.as_of)) == (source, people, as_of)
    assert not [note for note in reading.notes if "is new" in note]


def test_the_bundled_deputies_are_what_the_command_makes(deputies: Built) -> None:
    """
    data/deputies is, byte for byte, what the official dumps and the declared rows give.
    """
    for name, content in deputies.files.items():
        assert (data_path("deputies") / name).read_bytes() == content


def test_the_bundled_senators_are_what_the_command_makes(senators: Built) -> None:
    """
    data/senators is, byte for byte, what the official dumps and the declared rows give.
    """
    for name, content in senators.files.items():
        assert (data_path("senators") / name).read_bytes() == content


def test_the_bundled_deputies_are_the_newest_known_state(lists: Path) -> None:
    """
    Ids, seats, groups and e-mails of 569 deputies and 8 vacant seats on 8 October 2026.
    """
    with (lists / "derived" / "deputes_2026-10-08.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    seats = {
        row["uid"]: f"{row['departement_code'].replace('099', 'ZZ')}-{int(row['circo']):02d}"
        for row in rows
    }
    roster = load_roster("assemblee", data_path("deputies"))

    in_office = [row for row in rows if row["statut"] == "en exercice"]
    assert {
        (p.official_id, p.constituency_code, p.political_group, p.email) for p in roster.members
    } == {(row["uid"], seats[row["uid"]], row["groupe_sigle"], row["email"]) for row in in_office}
    assert {vacancy.constituency_code for vacancy in roster.vacancies} == {
        seats[row["uid"]] for row in rows if row["statut"] != "en exercice"
    }


def test_the_bundled_senators_are_the_newest_known_state(lists: Path) -> None:
    """
    Ids, départements, groups and e-mails of 348 senators on 7 October 2026.
    """
    with (lists / "derived" / "senateurs_2026-10-07.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    roster = load_roster("senat", data_path("senators"))

    assert {
        (p.official_id, p.department_code, p.political_group, p.email) for p in roster.members
    } == {
        (row["matricule"], row["departement_code"], row["groupe_2026-10-07"], row["email"])
        for row in rows
    }
    new = {row["matricule"] for row in rows if row["nouveau_depuis_2026-07"] == "1"}
    assert len(new) == 68
    assert {p.email for p in roster.members if p.official_id in new} == {""}


def test_what_the_dumps_disagree_on_is_reported(deputies: Built, senators: Built) -> None:
    """
    The address of somebody else, two spellings, a change of group, private addresses.
    """
    told = {(f.kind, f.subject, f.field) for f in (*deputies.findings, *senators.findings)}

    assert told >= {
        ("refused", "PA840809", "email"),
        ("disagreement", "PA793334", "email"),
        ("disagreement", "PA719756", "political_group"),
        ("disagreement", "PA794854", "first_name"),
        ("flagged", "20086J", "email"),
    }


def test_no_commission_of_before_october_2026_is_claimed() -> None:
    """
    Commissions were formed anew in October 2026: nobody's is claimed, all are last known.
    """
    for chamber, folder in (("assemblee", "deputies"), ("senat", "senators")):
        roster = load_roster("senat" if chamber == "senat" else "assemblee", data_path(folder))
        assert {person.commission for person in roster.members} == {""}
        assert sum(bool(person.last_known_commission) for person in roster.members) > 270


def test_the_register_of_2024_checks_the_bundled_state(lists: Path) -> None:
    """
    The RNE finds every seat that changed hands since July 2024, and makes nobody.
    """
    paths = [
        lists / "deputes" / "deputegpt_datan_v2026-08-22.json",
        lists / "autres" / "RNE_9-elus-deputes_2024-07-30.csv",
        lists / "deputes" / "AMO10_2026-04-11.json.zip",
    ]

    built = build_roster(paths, data_path("deputies"), today=MADE_ON)

    checks = [finding for finding in built.findings if finding.kind == "check"]
    assert "28-03" in {finding.subject for finding in checks}
    assert len(built.roster.members) == 569
