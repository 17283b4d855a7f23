"""Constituency offices fit for an envelope."""

import pytest

from outreach.roster.places import constituency_office


def test_number_and_street_make_one_line() -> None:
    """
    Commas and colons that the publisher leaves at line ends go.
    """
    address = constituency_office(
        "Permanence parlementaire :", "7 Bis", "Rue Neuve,", "", "76000", "Le Havre"
    )

    assert address.lines == ("Permanence parlementaire", "7 Bis Rue Neuve")


def test_a_number_cut_in_two_is_joined() -> None:
    """
    "19" and a complement "ter" are 19 ter.
    """
    assert constituency_office("", "19", "Rue Sadi Carnot", "ter", "92000", "Nanterre").lines == (
        "19 ter Rue Sadi Carnot",
    )


@pytest.mark.parametrize("title", ["Orange", "ORANGE", "France"])
def test_a_title_that_repeats_the_city_or_says_france_goes(title: str) -> None:
    """
    It would be printed twice on the envelope.
    """
    address = constituency_office(title, "8", "Cours Aristide Briand", "", "84100", "Orange")

    assert address.lines == ("8 Cours Aristide Briand",)


@pytest.mark.parametrize("complement", ["Tél. : 04.11.25.02.78", "(prenom.nom.mp@example.org)"])
def test_phones_and_addresses_among_the_lines_are_left_out(complement: str) -> None:
    """
    No phone and no private address comes in by the back door.
    """
    address = constituency_office("", "17", "Boulevard Foch", complement, "30300", "Beaucaire")

    assert address.lines == ("17 Boulevard Foch",)
