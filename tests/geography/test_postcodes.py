"""La Poste's list of 2023 brought to the communes of 2026."""

import pandas as pd
import pytest

from outreach.geography.moves import Node, former_communes
from outreach.geography.postcodes import commune_points, postcodes, unknown_codes

NAMES = {"15031": "Celles", "15141": "Neussargues-Moissac", "75056": "Paris", "27676": "Trois Lacs"}
TODAY: dict[Node, frozenset[str]] = {
    ("COM", "15031"): frozenset({"15031"}),
    ("COM", "15141"): frozenset({"15141"}),
    ("COM", "75056"): frozenset({"75056"}),
    ("COM", "27676"): frozenset({"27676"}),
    ("ARM", "75116"): frozenset({"75056"}),
}


@pytest.fixture(scope="module")
def moves() -> pd.DataFrame:
    """Celles left Neussargues in 2025; 27058 became 27676 early in 2023."""
    columns = ["date", "kind_before", "code_before", "name_before", "kind_after", "code_after"]
    return pd.DataFrame(
        [
            ("2023-01-01", "COM", "27058", "Trois Lacs", "COM", "27676"),
            ("2025-01-01", "COM", "15141", "Neussargues en Pinatelle", "COM", "15031"),
            ("2025-01-01", "COM", "15141", "Neussargues en Pinatelle", "COM", "15141"),
        ],
        columns=columns,
    )


@pytest.fixture(scope="module")
def laposte() -> pd.DataFrame:
    """Six lines as La Poste has them."""
    return pd.DataFrame(
        [
            ("15141", "15170", "CELLES", "NEUSSARGUES EN PINATELLE", "45.1, 2.9"),
            ("15141", "15170", "LE BOURG", "NEUSSARGUES EN PINATELLE", "45.1, 2.9"),
            ("27058", "27940", "", "LES TROIS LACS", "49.21691, 1.33329"),
            ("75116", "75116", "", "PARIS", "48.86, 2.26"),
            ("75116", "75016", "", "PARIS", "48.86, 2.26"),
            ("99138", "98000", "", "MONACO", "43.7, 7.4"),
        ],
        columns=["code", "postcode", "locality", "label", "point"],
    )


def test_each_line_goes_to_the_commune_of_today(laposte: pd.DataFrame, moves: pd.DataFrame) -> None:
    """A named part goes to itself, the rest to the old code, a late code on; Monaco is left out."""
    former = former_communes(moves, TODAY)

    table = postcodes(laposte, moves, former, TODAY, NAMES)

    assert table.to_numpy().tolist() == [
        ["15170", "15031", "", "NEUSSARGUES EN PINATELLE", "CELLES"],
        ["15170", "15141", "", "NEUSSARGUES EN PINATELLE", "LE BOURG"],
        ["27940", "27676", "", "LES TROIS LACS", ""],
        ["75016", "75056", "75116", "PARIS", ""],
        ["75116", "75056", "75116", "PARIS", ""],
    ]


def test_a_divided_commune_has_no_point(laposte: pd.DataFrame, moves: pd.DataFrame) -> None:
    """The point of the whole is in one part only, so neither has it; others keep theirs."""
    former = former_communes(moves, TODAY)

    points = commune_points(laposte, moves, former, TODAY)

    assert points.to_numpy().tolist() == [["27676", 1.33329, 49.21691], ["75116", 2.26, 48.86]]


def test_a_code_that_was_never_a_communes_is_told(
    laposte: pd.DataFrame, moves: pd.DataFrame
) -> None:
    """A code in no history is named; codes of other countries (99…) are known to be foreign."""
    former = former_communes(moves, TODAY)
    strange = pd.concat([laposte, laposte.iloc[:1].assign(code="01999")])

    assert unknown_codes(strange, former, TODAY) == ["01999"]
