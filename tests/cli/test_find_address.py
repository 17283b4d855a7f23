"""`outreach find` with an address, as a citizen types it."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def find(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `outreach find` as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", "find", *arguments],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "constituencies", "departments"),
    [
        ("5 place du Marché 01500 Ambérieu-en-Bugey", {"01-05"}, {"01"}),
        ("12 rue de la République, 69002 Lyon", {"69-01", "69-02"}, {"69"}),
        ("1 rue de Hollande, 97150 Saint-Martin", {"977-01"}, {"977", "978"}),
        ("10 rue Oberkampf, 75011 Paris", {"75-06", "75-07"}, {"75"}),
    ],
)
def test_an_address_gives_the_deputies_possible_and_the_senators(
    address: str, constituencies: set[str], departments: set[str]
) -> None:
    """
    An address gives every deputy possible, no other, and the senators of its département.
    """
    shown = find(address, "--json")

    rows = json.loads(shown.stdout)
    assert {row["constituency_code"] for row in rows} - {""} == constituencies
    assert {row["department_code"] for row in rows} <= departments
    assert any(row["constituency_code"] == "" for row in rows)


def test_what_is_certain_is_said() -> None:
    """
    A commune of one constituency is certain; a split one names the choices and the way on.
    """
    certain = find("5 place du Marché 01500 Ambérieu-en-Bugey")
    split = find("12 rue de la République, 69002 Lyon")

    assert "constituency 01-05, certain by commune" in certain.stderr
    assert "one of 69-01, 69-02, not certain which" in split.stderr
    assert "--geocode" in split.stderr


def test_a_postcode_that_contradicts_its_city_shows_both_readings() -> None:
    """
    13009 Nantes is neither decided for Nantes nor for Marseille.
    """
    shown = find("4 rue Crébillon, 13009 Nantes", "--json")

    assert "the city is Nantes" in shown.stderr
    assert {row["constituency_code"][:2] for row in json.loads(shown.stdout)} >= {"13", "44"}


def test_a_place_that_nobody_knows_is_refused_with_the_remedy() -> None:
    """
    An unknown postcode and city exit 1 and ask for both to be checked.
    """
    shown = find("1 rue des Fleurs, 99999 Nulle")

    assert shown.returncode == 1
    assert "check the postcode and the city" in shown.stderr


@pytest.mark.slow  # five tries with growing pauses take 15 s
def test_a_geocoder_that_does_not_answer_is_named() -> None:
    """
    Where the geocoder asked for cannot be reached, the command says so and decides nothing.
    """
    shown = find("12 rue de la République, 69002 Lyon", "--geocoder", "http://127.0.0.1:9")

    assert shown.returncode == 1
    assert "127.0.0.1:9" in shown.stderr
    assert shown.stdout == ""
