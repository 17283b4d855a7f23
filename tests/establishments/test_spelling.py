"""Tests of outreach.establishments.spelling and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.establishments.addresses import split_address
from outreach.establishments.spelling import commune_key, loose_key, street_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ST MAURICE DE BEYNOST", "saint maurice de beynost"),
        ("Ste-Foy-lès-Lyon", "sainte foy les lyon"),
        ("Vitry s/ Seine", "vitry sur seine"),
        ("Clichy S/S BOIS", "clichy sous bois"),
        ("S. Étienne", "saint etienne"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("LYON CEDEX 03", "lyon 3"),
        ("Lyon 3ème", "lyon 3"),
        ("PARIS 11E ARRONDISSEMENT", "paris 11"),
        ("Marseille 09", "marseille 9"),
        ("ROISSY CDG Cedex", "roissy charles de gaulle"),
        ("BOURG-EN-BRESSE CEDEX", "bourg en bresse"),
        ("HAVRE (LE)", "le havre"),
        ("Œuf-en-Ternois", "oeuf en ternois"),
        ("ANNECY CEDEX 9", "annecy"),
        ("", ""),
        ("12", ""),
    ],
)
def test_communes_in_one_spelling(typed: str, key: str) -> None:
    """Each hand's way of typing a commune gives one key."""
    assert commune_key(typed) == key


def test_small_words_do_not_count_loosely() -> None:
    """The loose key forgets articles, prepositions and spaces."""
    assert loose_key("Le Bois-d'Oingt") == loose_key("BOIS D OINGT") == "boisoingt"


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    """A key compared again stays the same: the rules do not pile up."""
    key = commune_key(name)

    assert commune_key(key) == key


def test_streets_in_one_spelling() -> None:
    """Abbreviations of streets and post office boxes do not hide that two addresses are one."""
    assert street_key("12, Av. du Gal Leclerc - BP 12") == street_key(
        "12 AVENUE DU GENERAL LECLERC"
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 rue X, 69002 Lyon", ("12 rue X", "69002", "Lyon")),
        ("12 rue X 69 002 LYON CEDEX 02", ("12 rue X", "69002", "LYON CEDEX 02")),
        ("BP 20345, 01000 Bourg-en-Bresse", ("BP 20345", "01000", "Bourg-en-Bresse")),
        ("F-75011 Paris", ("", "75011", "Paris")),
        ("12 rue X", ("12 rue X", "", "")),
        ("1 place A\n57000 Metz\nTél : 03 87 00 00 00 / Fax", ("1 place A", "57000", "Metz")),
    ],
)
def test_an_address_is_taken_apart(text: str, parts: tuple[str, str, str]) -> None:
    """The last postcode followed by a name is the postcode."""
    found = split_address(text)

    assert (found.street, found.postcode, found.city) == parts
