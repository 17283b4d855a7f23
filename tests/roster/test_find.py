"""Looking parliamentarians up, with real places and invented people."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from outreach.bundle import data_path
from outreach.cli.find import find as command
from outreach.errors import OutreachError
from outreach.files import ascii_slug
from outreach.geography.places import load_geography
from outreach.roster.find import Directory, Found, find, find_by
from outreach.roster.labels import read_labels
from outreach.roster.seat import Chamber, Parliamentarian, Roster, Vacancy


def person(
    official_id: str,
    name: str,
    seat: str,
    group: tuple[str, str] = ("DR", "Droite Républicaine"),
    commission: str = "",
    known: str = "",
) -> Parliamentarian:
    """Somebody on a seat: "01-01" for a deputy, "01" for a senator."""
    first, _, last = name.partition(" ")
    chamber: Chamber = "assemblee" if "-" in seat else "senat"
    return Parliamentarian(
        official_id=official_id,
        chamber=chamber,
        gender="F",
        first_name=first,
        last_name=last,
        department_code=seat.split("-")[0],
        constituency_code=seat if "-" in seat else "",
        political_group=group[0],
        political_group_name=group[1],
        commission=commission,
        functions=(),
        contact_method="post",
        email="",
        addresses=(),
        in_office_since=None,
        last_known_commission=known,
        last_known_on=dt.date(2026, 4, 11) if known else None,
    )


SOCIAL = "commission des affaires sociales"
ECO = ("ECOS", "Écologiste et Social")
DEPUTIES = (
    person("PA1", "Élodie Grandchêne", "01-01", commission=SOCIAL),
    person("PA2", "Marc de Villeneuve", "01-04", ECO, known=SOCIAL),
    person("PA3", "Alexandra Martin", "06-08"),
    person("PA4", "Alexandra Martin", "33-01", known="commission des lois"),
    person("PA5", "Émeline K/Bidi", "974-04"),
    person("PA6", "Anna Quatre", "69-01"),
    person("PA7", "Boris Cinq", "69-02", ECO),
    person("PA8", "Frantz Six", "977-01"),
    person("PA9", "Paul Ixelles", "ZZ-04"),
    person("PA10", "Jeanne Vallons", "49-07"),
    person("PA11", "Denise Plaine", "93-01"),
)
SENATORS = (
    person("1A", "Sylvie Prudence", "01"),
    person("2B", "Thomas Rhône", "69"),
    person("3C", "Micheline Barth", "977"),
    person("4D", "Daniel Martinet", "978"),
    person("5E", "Yan Monde", "ZZ"),
    person("6F", "Ronan Atlantique", "44"),
)
VACANT = Vacancy(
    "assemblee",
    "10",
    "10-02",
    "Anne Partie",
    dt.date(2026, 9, 27),
    dt.date(2026, 12, 27),
    "élection au Sénat",
    "x",
)
DIRECTORY = Directory(
    [
        Roster("assemblee", dt.date(2026, 10, 8), DEPUTIES, (VACANT,)),
        Roster("senat", dt.date(2026, 10, 7), SENATORS, ()),
    ],
    load_geography,
    {"assemblee": read_labels(data_path("deputies")), "senat": read_labels(data_path("senators"))},
)


def ids(found: Found) -> list[str]:
    """Who was found."""
    return [one.official_id for one in found.people]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("grandchene", ["PA1"]),
        ("ÉLODIE GRANDCHÊNE", ["PA1"]),
        ("Grandchêne Élodie", ["PA1"]),
        ("de villeneuve", ["PA2"]),
        ("villeneuve marc", ["PA2"]),
        ("kbidi", ["PA5"]),
        ("K Bidi", ["PA5"]),
        ("alexandra martin", ["PA3", "PA4"]),
        ("pa1", ["PA1"]),
        ("01-04", ["PA2"]),
        ("0104", ["PA2"]),
        ("ZX-1", ["PA8"]),
        ("069-02", ["PA7"]),
        ("Ain", ["PA1", "PA2", "1A"]),
        ("1", ["PA1", "PA2", "1A"]),
        ("978", ["PA8", "4D"]),
        ("977", ["PA8", "3C"]),
        ("Français de l'étranger", ["PA9", "5E"]),
        ("69002", ["PA6", "PA7", "2B"]),
        ("Lyon 2e", ["PA6", "PA7", "2B"]),
        ("LYON", ["PA6", "PA7", "2B"]),
        ("st paul de varax", ["PA2", "1A"]),
        ("Belgique", ["PA9", "5E"]),
        ("ECO", ["PA2", "PA7"]),
        ("écologiste et social", ["PA2", "PA7"]),
        ("affaires sociales", ["PA1", "PA2"]),
        ("commission des lois", ["PA4"]),
        ("97133", ["PA8", "3C"]),
        ("01053", ["PA1", "PA2", "1A"]),
    ],
)
def test_a_free_question_is_understood(question: str, answer: list[str]) -> None:
    """
    Names without accents, particles or order; every coding; places; groups; commissions.
    """
    found = find(question, DIRECTORY)

    assert ids(found) == answer
    assert not [note for note in found.notes if "near" in note]


def test_a_split_commune_says_that_only_an_address_decides() -> None:
    """
    Both deputies are shown, and the doubt with them.
    """
    found = find("Bourg-en-Bresse", DIRECTORY)

    assert ids(found) == ["PA1", "PA2", "1A"]
    assert any("is split over 01-01, 01-04" in note for note in found.notes)


def test_communes_of_one_name_are_all_shown() -> None:
    """
    Four communes are called Saint-Denis.
    """
    found = find("Saint-Denis", DIRECTORY)

    assert ids(found) == ["PA11"]
    assert any(note.startswith("4 communes: ") for note in found.notes)


def test_a_former_commune_leads_to_the_one_of_today() -> None:
    """
    Oullins was merged into Oullins-Pierre-Bénite.
    """
    assert ids(find("Oullins", DIRECTORY)) == ["2B"]


def test_a_commune_in_the_constituency_of_another_departement() -> None:
    """
    A part of Vallons-de-l'Erdre votes in 49-07, its senators are those of 44.
    """
    assert ids(find("Vallons-de-l'Erdre", DIRECTORY))[-1] == "6F"
    assert "PA10" in ids(find("44180", DIRECTORY))


def test_a_vacant_seat_is_shown() -> None:
    """
    Nobody holds it, and the reason is known.
    """
    found = find("10-02", DIRECTORY)

    assert (found.people, found.vacancies) == ((), (VACANT,))


def test_a_word_with_two_meanings_gives_both_and_says_so() -> None:
    """
    "Rhône" is a département and somebody's name here.
    """
    found = find("Rhône", DIRECTORY)

    assert ids(found) == ["PA6", "PA7", "2B"]
    assert found.notes[-1] == "and everybody of that name"


@pytest.mark.parametrize("typo", ["Grandchène Elodi", "Granchene", "grandchenne", "Vileneuve"])
def test_a_typing_error_gives_the_nearest_names(typo: str) -> None:
    """
    One letter dropped, doubled or changed still finds the person, with a warning.
    """
    found = find(typo, DIRECTORY)

    assert len(found.people) == 1
    assert "these names are near" in found.notes[0]


def test_nothing_found_is_refused() -> None:
    """
    A word that is nothing gives one plain line.
    """
    with pytest.raises(OutreachError, match='Nothing is found for "xyzzyx"'):
        find("xyzzyx", DIRECTORY)


def test_all_criteria_must_hold() -> None:
    """
    A département and a group: those of the group there.
    """
    assert ids(find_by({"department": "Rhône", "group": "ECOS"}, DIRECTORY)) == ["PA7"]
    assert ids(find_by({"name": "marttin", "department": "33"}, DIRECTORY)) == ["PA4"]
    assert ids(find_by({"constituency": "06008"}, DIRECTORY)) == ["PA3"]


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        (
            {"department": "Rhône", "group": "DR", "commission": "affaires sociales"},
            "Nobody meets all",
        ),
        ({"postcode": "99999"}, 'No postcode is found for "99999"'),
        ({"department": "20"}, 'No department is found for "20"'),
        ({"constituency": "01-99"}, "No constituency"),
        ({"commune": "Atlantide"}, "No commune"),
        ({"group": "zzz"}, "No group"),
        ({"commission": "zzz"}, "No commission"),
        ({"commission": "lo"}, "No commission"),
        ({"name": "zzzzz"}, "No name"),
    ],
)
def test_criteria_that_find_nothing_say_which(criteria: dict[str, str], words: str) -> None:
    """
    The part that finds nothing is named.
    """
    with pytest.raises(OutreachError, match=words):
        find_by(criteria, DIRECTORY)


def test_a_commission_of_before_the_renewal_is_found_and_dated() -> None:
    """
    It serves to search, and the note says how old it is.
    """
    found = find_by({"commission": SOCIAL}, DIRECTORY)

    assert ids(found) == ["PA1", "PA2"]
    assert "as last known on 2026-04-11" in found.notes[1]


@given(st.sampled_from((*DEPUTIES, *SENATORS)))
def test_everybody_is_found_by_the_whole_name(who: Parliamentarian) -> None:
    """
    In capitals, without accents, last name first.
    """
    asked = f"{ascii_slug(who.last_name)} {ascii_slug(who.first_name)}".upper()

    assert who in find_by({"name": asked}, DIRECTORY).people


def test_the_table_shows_seat_name_and_group() -> None:
    """
    The command prints a table on the bundled lists.
    """
    result = CliRunner().invoke(command, ["Yaël Braun-Pivet"])

    assert result.exit_code == 0
    assert "Braun-Pivet" in result.stdout


def test_csv_and_json_give_the_same_rows() -> None:
    """
    Both have one row a person or vacancy, with the same cells.
    """
    arguments = ["--department", "01", "--chamber", "deputies"]

    csv = CliRunner().invoke(command, [*arguments, "--csv"]).stdout.splitlines()
    rows = json.loads(CliRunner().invoke(command, [*arguments, "--json"]).stdout)

    assert len(csv) == len(rows) + 1 == 6
    assert csv[0].split(";")[:2] == ["chamber", "official_id"]
    assert [line.split(";")[1] for line in csv[1:]] == [row["official_id"] for row in rows]


@pytest.mark.parametrize("arguments", [[], ["breton", "--department", "01"]])
def test_a_question_or_options_but_not_both(arguments: list[str]) -> None:
    """
    A command line that cannot be understood has exit code 2.
    """
    assert CliRunner().invoke(command, arguments).exit_code == 2
