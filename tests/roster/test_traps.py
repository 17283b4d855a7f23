"""The traps of the official lists, one test each, on hand-made copies of the real cases."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.bundle import data_path
from outreach.roster import amo as amo_importer
from outreach.roster.amo_tree import load_tree
from outreach.roster.build import build_roster
from outreach.roster.bundled import load_roster
from outreach.roster.formats import read_official
from outreach.roster.reading import Reading

Json = dict[str, Any]
TODAY = dt.date(2026, 11, 23)


def test_trap_1_no_address_is_guessed(
    amo: Callable[..., Path], odsen: Callable[..., Path], deputy_tables: Path, senator_tables: Path
) -> None:
    """
    Irregular addresses are kept as published, "Non public" is none, private ones are flagged,
    and who has no address gets none made from the name.
    """
    deputies = build_roster([amo()], deputy_tables, today=TODAY)
    senators = build_roster([odsen()], senator_tables, today=TODAY)

    emails = {p.official_id: p.email for p in (*deputies.roster.members, *senators.roster.members)}
    assert emails == {
        "PA1": "emeline.kbidi@assemblee-nationale.fr",
        "PA2": "jeanne.testard@assemblee-nationale.fr",
        "PA3": "",
        "PA4": "",
        "PA5": "",
        "00001A": "o.elan@senat.fr",
        "00002B": "",
        "00003C": "francois.bonnet@example.org",
        "00004D": "m.vogel@senat.fr",
    }
    assert [(f.kind, f.subject) for f in senators.findings if f.field == "email"] == [
        ("flagged", "00003C")
    ]


def test_trap_1_a_private_address_of_a_deputy_is_not_taken(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    AMO lists private addresses beside the official one: only the Assembly's is imported.
    """
    emails = ["lise.preuve@example.org", "Lise.Preuve@assemblee-nationale.fr"]

    reading = amo_importer.read(amo(actor("PA5", "Lise", "Preuve", "099", "1", emails=emails)))
    alone = amo_importer.read(
        amo(actor("PA5", "Lise", "Preuve", "099", "1", emails=emails[:1]), name="alone")
    )

    assert reading.records[0].values["email"] == "lise.preuve@assemblee-nationale.fr"
    assert "email" not in alone.records[0].values


def test_trap_2_an_address_of_somebody_else_is_refused(
    datan: Callable[..., Path], datan_person: Callable[..., dict[str, str]]
) -> None:
    """
    Datan gave rachel.keke@ for Gérault Verny: refused, reported, and AMO's own is not lost.
    """
    from outreach.roster.merge import merge

    verny = {"civ": "M.", "departementCode": "13", "circo": "14"}
    wrong = datan_person(
        "PA840809", "Verny", "Gérault", **verny, mail="rachel.keke@assemblee-nationale.fr"
    )
    right = datan_person(
        "PA840809",
        "Verny",
        "Gérault",
        **verny,
        mail="gerault.verny@assemblee-nationale.fr",
        dateMaj="2026-04-11",
    )
    lists = [read_official(datan(wrong)), read_official(datan(right, name="older.csv"))]

    members, _, findings = merge(lists)

    assert members["PA840809"].text("email") == "gerault.verny@assemblee-nationale.fr"
    refused = next(finding for finding in findings if finding.kind == "refused")
    assert "rachel.keke@" in refused.message
    assert "belongs to somebody else" in refused.message


def test_trap_3_every_coding_of_a_departement_is_one(
    amo: Callable[..., Path], datan: Callable[..., Path]
) -> None:
    """
    2a and 2A, 099 and ZZ: lists that code differently agree on the seats.
    """
    seats = [
        sorted(record.values["constituency_code"] for record in read_official(path).records)
        for path in (amo(), datan())
    ]

    assert seats[0] == seats[1] == ["01-01", "01-02", "2A-01", "974-01", "ZZ-01"]


def test_trap_3_977_and_978_are_one_deputy_and_two_senators() -> None:
    """
    Saint-Barthélemy and Saint-Martin share a deputy and have a senator each.
    """
    deputies = [
        p
        for p in load_roster("assemblee", data_path("deputies")).members
        if p.department_code in ("977", "978")
    ]
    senators = [
        p
        for p in load_roster("senat", data_path("senators")).members
        if p.department_code in ("977", "978")
    ]

    assert [p.constituency_code for p in deputies] == ["977-01"]
    assert [p.department_code for p in senators] == ["977", "978"]


@pytest.mark.parametrize(
    ("official_id", "first_name", "last_name"),
    [
        ("PA793322", "Christelle", "D'Intorni"),
        ("PA719578", "Loïc", "Prud'homme"),
        ("PA795998", "Émeline", "K/Bidi"),
        ("PA942", "Charles", "de Courson"),
        ("PA793944", "Alexandra", "Martin"),
        ("PA793342", "Alexandra", "Martin"),
    ],
)
def test_trap_4_names_keep_their_particles_and_lose_their_places(
    official_id: str, first_name: str, last_name: str
) -> None:
    """
    Apostrophes, slashes and particles stay; "(Gironde)" inside a surname goes; the two
    Alexandra Martin are told apart by their ids.
    """
    people = {p.official_id: p for p in load_roster("assemblee", data_path("deputies")).members}

    assert (people[official_id].first_name, people[official_id].last_name) == (
        first_name,
        last_name,
    )


def test_trap_4_homonyms_have_addresses_of_their_own() -> None:
    """
    Nobody shares an address, whatever the names.
    """
    people = [
        person
        for chamber, folder in (("assemblee", "deputies"), ("senat", "senators"))
        for person in load_roster(
            "senat" if chamber == "senat" else "assemblee", data_path(folder)
        ).members
    ]
    emails = [person.email for person in people if person.email]

    assert len(emails) == len(set(emails))


def test_trap_5_the_date_in_office_is_that_of_the_mandature(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    The mandate of a substitute starts in July 2024, the office on the day she took the seat.
    """
    reading = amo_importer.read(amo(actor("PA2", "A", "B", "01", "1", since="2026-03-27")))

    assert reading.records[0].values["in_office_since"] == "2026-03-27"


def test_trap_5_presidents_with_two_mandates_are_one_member(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    A president has two open mandates in the group: one group, one function.
    """
    reading = amo_importer.read(
        amo(actor("PA2", "A", "B", "01", "1", functions=[("GP", "Président", "PO1")]))
    )

    assert reading.records[0].values["political_group"] == "DR"
    assert reading.records[0].values["functions"] == "Présidente du groupe Droite Républicaine"


def test_trap_5_one_address_is_not_a_list_and_nil_is_nothing(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    "adresse" is a dict when there is one; {"@xsi:nil": "true"} is an empty value.
    """
    full = actor("PA2", "A", "B", "01", "1")
    lone = actor("PA3", "C", "D", "01", "2")
    lone["acteur"]["adresses"]["adresse"] = lone["acteur"]["adresses"]["adresse"][0]
    nil = {"@xmlns:xsi": "x", "@xsi:nil": "true"}
    lone["acteur"]["mandats"]["mandat"][-1]["mandature"]["datePriseFonction"] = nil

    record = amo_importer.read(amo(full, lone)).by_id()["PA3"]

    assert "email" not in record.values
    assert "in_office_since" not in record.values


OFFICE = {
    "intitule": None,
    "numeroRue": None,
    "nomRue": None,
    "complementAdresse": None,
    "codePostal": "07201",
    "ville": "Aubenas Cedex",
}


@pytest.mark.parametrize(
    ("cells", "lines", "said"),
    [
        ({"complementAdresse": "BP 50013"}, ("BP 50013",), ""),
        (
            {"nomRue": "Square de Meeus", "codePostal": "1050", "ville": "Ixelles"},
            None,
            '"1050" is not French',
        ),
        ({"nomRue": "Rue Neuve", "codePostal": None}, None, "no postcode"),
        ({}, None, "no street and no post box"),
    ],
)
def test_trap_6_post_boxes_are_kept_and_unusable_offices_said(
    actor: Callable[..., Json],
    amo: Callable[..., Path],
    cells: Json,
    lines: tuple[str, ...] | None,
    said: str,
) -> None:
    """
    A post box alone is an address; a foreign or missing postcode, or nothing at all, is none.
    """
    reading = amo_importer.read(
        amo(actor("PA2", "A", "B", "01", "1", offices=[{**OFFICE, **cells}]))
    )

    assert [office.lines for office in reading.records[0].offices] == ([lines] if lines else [])
    assert (said in " ".join(reading.notes)) if said else not reading.notes


def test_trap_6_every_spelling_of_the_chamber_is_one_address() -> None:
    """
    "126 Rue de l'Université,", "Casier de la Poste" and capitals give the same envelope.
    """
    addresses = {p.addresses[0] for p in load_roster("assemblee", data_path("deputies")).members}

    assert [(a.kind, a.lines, a.postcode, a.city) for a in addresses] == [
        ("chamber", ("Assemblée nationale", "126 rue de l'Université"), "75355", "Paris 07 SP")
    ]


def test_trap_6_somebody_with_two_offices_has_both_and_no_phone() -> None:
    """
    Both offices are kept; phones, in three formats, are never imported.
    """
    people = load_roster("assemblee", data_path("deputies")).members
    lines = [line for p in people for a in p.addresses for line in a.lines]

    assert max(len(person.addresses) for person in people) == 3
    assert not [line for line in lines if "Tél" in line or line.replace(".", "").isdecimal()]


def test_trap_7_lists_with_other_group_labels_agree(
    odsen: Callable[..., Path], tmp_path: Path, senator_tables: Path
) -> None:
    """
    "Les Républicains" of ODSEN and "UMP" of the API are one group: no disagreement.
    """
    import json

    item: Json = {
        "matricule": "00001A",
        "nom": "Élan",
        "prenom": "Œuvre",
        "tri": "",
        "civilite": "Mme",
        "feminise": True,
        "serie": "1",
        "siege": 1,
        "url": "",
        "urlAvatar": "",
        "organismes": [
            {
                "code": "COM-SOCI",
                "type": "COMMISSION",
                "libelle": "Commission des affaires sociales",
                "ordre": 1,
            }
        ],
        "groupe": {"code": "UMP", "libelle": "", "ordre": 1},
        "circonscription": {"code": "01", "libelle": "Ain", "ordre": 1},
        "categorieProfessionnelle": {},
    }
    path = tmp_path / "api_2026-11-01.json"
    path.write_text(json.dumps([item]), encoding="utf-8")

    built = build_roster([odsen(), path], senator_tables, today=TODAY)

    assert not [finding for finding in built.findings if finding.kind == "disagreement"]


def test_trap_8_staff_and_birth_data_are_never_imported(
    amo: Callable[..., Path],
    odsen: Callable[..., Path],
    datan: Callable[..., Path],
    deputy_tables: Path,
    senator_tables: Path,
) -> None:
    """
    Whatever the lists hold of them, not a word reaches a record, a note or a file.
    """
    private = ("Secrète", "Collaboratrice", "Secrétaire Caché", "Villenée", "1911")
    paths = [amo(), odsen(), datan(), datan(name="deputes.json")]

    readings: list[Reading] = [read_official(path) for path in paths]
    files = [
        *build_roster([paths[0], paths[2]], deputy_tables, today=TODAY).files.values(),
        *build_roster([paths[1]], senator_tables, today=TODAY).files.values(),
    ]

    # not even in memory: the tree is cleaned when it is loaded
    told = repr(readings) + repr(load_tree(paths[0]))
    told += " ".join(file.decode("utf-8") for file in files)
    assert not [word for word in private if word in told]
