"""Names made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.geography.names import plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("L'Haÿ-les-Roses", "L HAY LES ROSES"),
        ("L’Haÿ-les-Roses", "L HAY LES ROSES"),
        ("Saint-Étienne-du-Grès", "ST ETIENNE DU GRES"),
        ("Sainte-Foy-lès-Lyon", "STE FOY LES LYON"),
        ("Œuilly", "OEUILLY"),
        ("Saintry-sur-Seine", "SAINTRY SUR SEINE"),
        ("  la baule ", "LA BAULE"),
    ],
)
def test_names_as_la_poste_writes_them(name: str, plain: str) -> None:
    """Accents, hyphens, apostrophes and ligatures go, SAINT is ST; other words stay whole."""
    assert plain_name(name) == plain


@given(st.text())
def test_a_plain_name_is_plain_already(name: str) -> None:
    """Making a name plain twice changes nothing."""
    assert plain_name(plain_name(name)) == plain_name(name)
