"""What makes a published address one that may be used."""

import pytest

from outreach.roster.emails import carries_name, is_official, read_address


@pytest.mark.parametrize("cell", ["Non public", "NON PUBLIC", "", "  "])
def test_non_public_is_not_an_address(cell: str) -> None:
    """
    The Senate's literal and an empty cell mean that there is no address.
    """
    assert read_address(cell) == ""


def test_an_address_comes_in_small_letters() -> None:
    """
    Capitals of a publisher are not kept: one address, one spelling.
    """
    assert (
        read_address(" Alain.David@Assemblee-Nationale.fr ") == "alain.david@assemblee-nationale.fr"
    )


@pytest.mark.parametrize(
    "cell",
    [
        "alain.david",
        "a@b@senat.fr",
        "élu@senat.fr",
        "a@senat.fr, b@senat.fr",
        "a@senat.fr\nBcc: x@y.fr",
    ],
)
def test_what_is_no_single_ascii_address_is_refused(cell: str) -> None:
    """
    Two addresses, accents and line breaks in a cell are refused.
    """
    with pytest.raises(ValueError, match="not an e-mail address"):
        read_address(cell)


@pytest.mark.parametrize(
    ("address", "official"),
    [
        ("a@senat.fr", True),
        ("a@clb-senat.fr", False),
        ("a@senat.fr.example.org", False),
        ("a@sub.senat.fr", False),
    ],
)
def test_official_means_the_exact_domain(address: str, official: bool) -> None:
    """
    A domain that only looks like the chamber's is not official.
    """
    assert is_official(address, "senat") is official


@pytest.mark.parametrize(
    ("local", "first_name", "last_name"),
    [
        ("emeline.kbidi", "Émeline", "K/Bidi"),
        ("lea.balage", "Léa", "Balage El Mariky"),
        ("antoine.vermorel", "Antoine", "Vermorel-Marques"),
        ("alexandra.martin.gironde", "Alexandra", "Martin"),
        ("s.delaprovote", "Sonia", "de La Provôté"),
        ("jm.arnaud", "Jean-Michel", "Arnaud"),
        ("cedric.perrin", "Cédric", "Perrin"),
        ("christelle.dintorni", "Christelle", "D'Intorni"),
    ],
)
def test_irregular_addresses_are_recognised(local: str, first_name: str, last_name: str) -> None:
    """
    No rule makes these from a name, yet each holds a part of it.
    """
    assert carries_name(f"{local}@assemblee-nationale.fr", first_name, last_name)


def test_a_name_of_two_letters_is_recognised() -> None:
    """
    Short names count when there is nothing longer.
    """
    assert carries_name("t.li@senat.fr", "T", "Li")
    assert not carries_name("x.yz@senat.fr", "T", "Li")


def test_a_particle_is_not_a_part_of_the_name() -> None:
    """
    "de" is in "claude": it does not make the address Marc de Fleurian's.
    """
    assert not carries_name("claude.petit@assemblee-nationale.fr", "Marc", "de Fleurian")
