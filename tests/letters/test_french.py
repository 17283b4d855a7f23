"""The link words before the names of communes."""

import pytest

from outreach.geography.places import load_geography
from outreach.letters.french import at, of


@pytest.mark.parametrize(
    ("name", "of_name", "at_name"),
    [
        ("Le Mans", "du Mans", "au Mans"),
        ("Les Ulis", "des Ulis", "aux Ulis"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
        ("Amiens", "d’Amiens", "à Amiens"),
        ("Hyères", "d’Hyères", "à Hyères"),
        ("Ham", "de Ham", "à Ham"),
        ("Aux Marais", "des Marais", "aux Marais"),
        ("Las Illas", "de Las Illas", "à Las Illas"),
        ("Lessay", "de Lessay", "à Lessay"),
    ],
)
def test_communes_with_their_article(name: str, of_name: str, at_name: str) -> None:
    """Le and Les contract, La and L' stay, a vowel elides, an aspirated h does not."""
    assert (of(name), at(name)) == (of_name, at_name)


def test_no_commune_is_left_uncontracted() -> None:
    """No commune of France comes out as "de Le", "à Les", "de Amiens"."""
    names = load_geography().communes["name"].tolist()

    said = [word for name in names for word in (of(name), at(name))]

    wrong = ("de Le ", "de Les ", "à Le ", "à Les ", "de A", "de E", "de I", "de O", "de É")
    assert [words for words in said if words.startswith(wrong)] == []
