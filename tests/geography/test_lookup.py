"""Looking a place up, through the command and the tables behind it."""

import json

import pytest
from click.testing import CliRunner

from outreach.cli.geography import geography as command
from outreach.errors import InputError
from outreach.geography.lookup import look_up
from outreach.geography.places import Geography, load_geography


@pytest.fixture(scope="module")
def geography() -> Geography:
    """The bundled geography."""
    return load_geography()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("01004", {"constituency", "commune", "former commune"}),
        ("01-04", {"constituency"}),
        ("2a", {"department"}),
        ("Ain", {"department"}),
        ("75116", {"arrondissement"}),
        ("75016", {"constituency", "arrondissement", "former commune"}),
        ("oullins", {"former commune"}),
        ("Suisse", {"commune", "abroad"}),
        ("Abidjan", {"abroad"}),
    ],
)
def test_a_text_gives_every_kind_of_place_it_may_mean(
    geography: Geography, text: str, kinds: set[str]
) -> None:
    """A text that may be several things gives them all."""
    assert {place.kind for place in look_up(geography, text)} == kinds


def test_a_former_name_says_what_it_became(geography: Geography) -> None:
    """Pierre-Bénite is now a part of Oullins-Pierre-Bénite."""
    places = look_up(geography, "Pierre-Benite")

    assert [(place.code, place.constituencies, place.note) for place in places] == [
        ("69152", ("69-12",), "part of 69149 Oullins-Pierre-Bénite")
    ]


def test_unknown_population_is_not_said(geography: Geography) -> None:
    """Mamoudzou's population is missing: nothing is said of it."""
    places = look_up(geography, "97611")

    assert [(place.constituencies, place.note) for place in places] == [(("976-01", "976-02"), "")]


def test_an_unknown_name_is_refused_with_near_ones(geography: Geography) -> None:
    """A misspelt name is refused, and the right one offered."""
    with pytest.raises(InputError, match='"Marseile"; near: Marseille'):
        look_up(geography, "Marseile")


def test_a_cedex_postcode_is_refused_with_the_reason(geography: Geography) -> None:
    """A postcode with CEDEX leads nowhere, and the message says why."""
    with pytest.raises(InputError, match="CEDEX are in no list"):
        look_up(geography, "75355")


def test_show_prints_a_table() -> None:
    """The command prints one aligned line a place."""
    result = CliRunner().invoke(command, ["show", "le mans"])

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "what     code   name     dép.  constituencies",
        "commune  72181  Le Mans  72    72-01 72-02 72-04 72-05  146249 inhabitants",
    ]


def test_show_prints_json() -> None:
    """With --json the same is a list of objects."""
    result = CliRunner().invoke(command, ["show", "13055", "--json"])

    assert [place["constituencies"] for place in json.loads(result.output)] == [
        [f"13-0{n}" for n in range(1, 8)]
    ]
