"""The hand tables of French usage."""

import pytest

from outreach.geography.usage import IN_BY_USAGE, IN_WORDS, department_words, guessed_tncc


@pytest.mark.parametrize(
    ("code", "name", "tncc", "words"),
    [
        ("01", "Ain", "5", ("de l'Ain", "dans l'Ain")),
        ("28", "Eure-et-Loir", "1", ("d'Eure-et-Loir", "en Eure-et-Loir")),
        ("41", "Loir-et-Cher", "2", ("de Loir-et-Cher", "en Loir-et-Cher")),
        ("47", "Lot-et-Garonne", "2", ("de Lot-et-Garonne", "en Lot-et-Garonne")),
        ("82", "Tarn-et-Garonne", "2", ("de Tarn-et-Garonne", "en Tarn-et-Garonne")),
        ("84", "Vaucluse", "2", ("de Vaucluse", "en Vaucluse")),
        ("989", "Île de Clipperton", "5", ("de l'île de Clipperton", "sur l'île de Clipperton")),
    ],
)
def test_words_of_a_department(code: str, name: str, tncc: str, words: tuple[str, str]) -> None:
    """TNCC gives the link word, usage overrules it where the département itself says otherwise."""
    assert department_words(code, name, tncc) == words


def test_the_table_of_prepositions_knows_every_department_once() -> None:
    """101 départements, 9 collectivities and abroad: each stands in one line of the table."""
    assert len(IN_WORDS) == 108
    assert not IN_WORDS.keys() & IN_BY_USAGE.keys()


@pytest.mark.parametrize(
    ("name", "tncc"),
    [
        ("Le Mont-Dore", "2"),
        ("La Foa", "3"),
        ("L'Île-des-Pins", "5"),
        ("Arue", "1"),
        ("Île de Clipperton", "1"),
        ("Huahine", "0"),
        ("Bora-Bora", "0"),
    ],
)
def test_type_of_name_overseas(name: str, tncc: str) -> None:
    """Communes of the collectivities have no TNCC; their name gives it."""
    assert guessed_tncc(name) == tncc
