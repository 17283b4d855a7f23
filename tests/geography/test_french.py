"""French around place names, over every département."""

import csv
import subprocess
import sys

import pytest

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.french import (
    constituency_name,
    department_name,
    in_department,
    of_department,
    ordinal,
)


@pytest.mark.parametrize(
    ("code", "of_name", "in_name"),
    [
        ("01", "de l'Ain", "dans l'Ain"),
        ("69", "du Rhône", "dans le Rhône"),
        ("72", "de la Sarthe", "dans la Sarthe"),
        ("78", "des Yvelines", "dans les Yvelines"),
        ("35", "d'Ille-et-Vilaine", "en Ille-et-Vilaine"),
        ("2b", "de la Haute-Corse", "en Haute-Corse"),
        ("75", "de Paris", "à Paris"),
        ("974", "de La Réunion", "à La Réunion"),
        ("84", "de Vaucluse", "en Vaucluse"),
        ("47", "de Lot-et-Garonne", "en Lot-et-Garonne"),
        ("82", "de Tarn-et-Garonne", "en Tarn-et-Garonne"),
        ("41", "de Loir-et-Cher", "en Loir-et-Cher"),
        ("987", "de Polynésie française", "en Polynésie française"),
        ("984", "des Terres australes et antarctiques françaises", None),
        ("989", "de l'île de Clipperton", "sur l'île de Clipperton"),
        ("099", "des Français établis hors de France", "hors de France"),
    ],
)
def test_departments_with_their_words(code: str, of_name: str, in_name: str | None) -> None:
    """Each département has its own "de" and its own "dans", "en" or "à"."""
    assert of_department(code) == of_name
    assert in_name is None or in_department(code) == in_name


def test_every_department_has_both_words() -> None:
    """All 110 départements, collectivities and the French abroad have "of" and "in" words."""
    with data_path("geography", "departments.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 110
    for row in rows:
        # The name itself is in both, but for Clipperton's capital and the French abroad.
        tail = row["name"].split()[-1]
        assert row["of_name"].endswith(tail)
        assert row["of_name"].startswith(("de ", "d'", "du ", "des "))
        assert row["in_name"].startswith(("dans ", "en ", "à ", "sur ", "hors "))


def test_an_unknown_department_is_refused() -> None:
    """There is no département 96."""
    with pytest.raises(InputError, match='"96" is not a département code'):
        of_department("96")


def test_department_name_without_article() -> None:
    """The name alone is the COG's."""
    assert department_name("2A") == "Corse-du-Sud"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("01-01", "1re circonscription de l'Ain"),
        ("01-04", "4e circonscription de l'Ain"),
        ("23-01", "circonscription de la Creuse"),
        ("ZZ-05", "5e circonscription des Français établis hors de France"),
        ("99-5", "5e circonscription des Français établis hors de France"),
    ],
)
def test_constituency_names(code: str, name: str) -> None:
    """A constituency has its number, in the feminine, unless it is the only one."""
    assert constituency_name(code) == name


def test_a_constituency_that_is_not_is_refused() -> None:
    """The Ain has five constituencies."""
    with pytest.raises(InputError, match='"01-06" is not one of the 577'):
        constituency_name("01-06")


@pytest.mark.parametrize(
    ("number", "masculine", "feminine"), [(1, "1er", "1re"), (2, "2e", "2e"), (21, "21e", "21e")]
)
def test_ordinals(number: int, masculine: str, feminine: str) -> None:
    """1er and 1re, then 2e for both; never 1ère or 2ème."""
    assert (ordinal(number), ordinal(number, feminine=True)) == (masculine, feminine)


def test_letters_can_use_it_without_pandas() -> None:
    """French and codes load neither pandas nor shapely: letters, which has neither, uses them."""
    program = (
        "import sys; from outreach.geography import codes, french; french.of_department('01'); "
        "print(sorted({'pandas', 'shapely', 'numpy'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert result.stdout.strip() == "[]"
