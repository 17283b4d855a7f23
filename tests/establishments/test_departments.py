"""Tests of outreach.establishments.departments: a département's cell as people type it."""

from pathlib import Path

import pytest

from outreach.establishments.cells import department
from outreach.establishments.read import read_establishments
from outreach.geography.places import load_geography


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1", "01"), ("069", "69"), ("69.0", "69"), ("2a", "2A"), ("ZA", "971"), ("69M", "69"),
        ("Rhône", "69"), ("Rhone", "69"), ("GARD", "30"), ("Gironde", "33"), ("l'Ain", "01"),
        ("La Réunion", "974"), ("REUNION (LA)", "974"), ("Réunion", "974"),
        ("Seine-St-Denis", "93"), ("Hte-Savoie", "74"), ("Côtes d’Armor", "22"),
        ("Dept 69", "69"), ("dpt69", "69"), ("Département n° 69", "69"), ("Département du Rhône", "69"),
        ("69 - Rhône", "69"), ("69 Rhône", "69"), ("Rhône (69)", "69"), ("RHONE 69", "69"),
        ("75 - Paris (Île-de-France)", "75"), ("2A - Corse-du-Sud", "2A"),
    ],
)  # fmt: skip
def test_codes_and_names_are_read(typed: str, code: str) -> None:
    """A code, a name or both give the département, whatever the accents, the case and the article."""
    assert department(typed) == (code, "", "", "")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("69 - Isère", "names several départements (38, 69)"),
        ("69, 38", "names several départements (38, 69)"),
        ("Corse", "is two départements, 2A and 2B"),
        ("Bretagne", "is not a département"),
        ("3 sites", "is not a département"),
        ("69001", "is not a département"),
        ("96", "is not a département"),
    ],
)
def test_what_is_not_understood_is_left_out_with_a_reason(typed: str, reason: str) -> None:
    """A cell that names none or several is never guessed."""
    read = department(typed)

    assert (read.value, read.what, read.reason) == ("", "lost", reason)


def test_every_departement_is_read_by_its_name() -> None:
    """Each of the 110 official names gives its own code."""
    departments = load_geography().departments

    assert {code: department(item.name).value for code, item in departments.items()} == {
        code: code for code in departments
    }


def test_a_lost_departement_is_listed(tmp_path: Path) -> None:
    """A value of the column that is thrown away is said; an empty or unknown one is not."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Nom;Ville;Département\nA;Valence;Drôme\nB;Rennes;Bretagne\nC;Metz;\nD;Lyon;nc\n"
    )

    reading = read_establishments(path)

    assert reading.table["department_code"].tolist() == ["26", "", "", ""]
    assert [(repair.row, repair.value, repair.became) for repair in reading.repairs] == [
        (3, "Bretagne", "")
    ]
