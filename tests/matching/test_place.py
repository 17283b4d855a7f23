"""Tests of outreach.matching.place: what is said of a place, and what is understood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.geography.places import Geography
from outreach.matching.gazetteer import gazetteer_of
from outreach.matching.place import Found, Said, find_place


def find(geography: Geography, **said: str) -> Found:
    """Find a place by what is said."""
    return find_place(Said(**said), gazetteer_of(geography))


@pytest.mark.parametrize(
    ("postcode", "city", "commune", "method"),
    [
        ("01500", "AMBERIEU EN BUGEY", "01004", "postcode_name"),
        ("01700", "ST MAURICE DE BEYNOST", "01376", "postcode_name"),
        ("94240", "L'Haÿ les Roses", "94038", "postcode_name"),
        ("69600", "OULLINS", "69149", "postcode_name"),
        ("69310", "PIERRE BENITE", "69149", "postcode_name"),
        ("44540", "Freigné", "44180", "former_commune"),
        ("44500", "LA BAULE", "44055", "postcode_name"),
        ("93600", "AULANY-SOUS-BOIS", "93005", "fuzzy_name"),
        ("95700", "ROISSY CDG Cedex", "95527", "former_commune"),
        ("91000", "Evry", "91228", "former_commune"),
        ("59815", "LESQUIN CEDEX", "59343", "postcode_name"),
        ("75011", "PARIS", "75111", "postcode_name"),
        ("69009", "Lyon 9ème", "69389", "postcode_name"),
        ("13006", "MARSEILLE CEDEX 06", "13206", "postcode_name"),
        ("97150", "ST MARTIN", "97801", "postcode_name"),
        ("58120", "Château-Chinon (Ville)", "58062", "postcode_name"),
        ("76600", "HAVRE (LE)", "76351", "postcode_name"),
    ],
)
def test_postcode_and_city(
    geography: Geography, postcode: str, city: str, commune: str, method: str
) -> None:
    """Each way of typing a city with its postcode gives the commune of 2026, and says how."""
    found = find(geography, postcode=postcode, commune_name=city)

    assert found.method == method
    assert found.places[:1] == ((commune,) if commune else ())


def test_a_postcode_that_contradicts_its_city_is_unsure_with_both_readings(
    geography: Geography,
) -> None:
    """13009 Nantes may be Marseille 9e or Nantes: nobody guesses."""
    found = find(geography, postcode="13009", commune_name="Nantes")

    assert found.certainty == "unsure"
    assert set(found.places) == {"13209", "44109"}
    assert "13009" in found.reason
    assert "Nantes" in found.reason


def test_homonyms_are_decided_by_postcode_or_not_at_all(geography: Geography) -> None:
    """Saint-Denis alone is several communes; with its postcode it is one."""
    alone = find(geography, commune_name="Saint-Denis")
    with_postcode = find(geography, commune_name="Saint-Denis", postcode="93200")
    with_department = find(geography, commune_name="St Denis", department_code="974")

    assert alone.certainty == "unsure"
    assert len(alone.places) > 2
    assert with_postcode.places == ("93066",)
    assert with_department.places == ("97411",)


def test_a_name_of_one_commune_needs_no_postcode(geography: Geography) -> None:
    """The only commune of its name in France is found by its name."""
    found = find(geography, commune_name="Bourg-en-Bresse")

    assert (found.places, found.method, found.certainty) == (("01053",), "name", "commune")


@pytest.mark.parametrize(
    ("code", "places", "method"),
    [
        ("01053", ("01053",), "insee_code"),
        ("69152", ("69149",), "former_commune"),
        ("49144", ("44180",), "former_commune"),
        ("75116", ("75116",), "insee_code"),
        ("15031", ("15031",), "insee_code"),
    ],
)
def test_insee_codes(geography: Geography, code: str, places: tuple[str, ...], method: str) -> None:
    """Codes of today, of merged communes and of arrondissements lead to a place of today."""
    found = find(geography, commune_code=code)

    assert (found.places, found.method) == (places, method)


def test_a_code_that_contradicts_postcode_and_city_is_unsure(geography: Geography) -> None:
    """An INSEE code of Bourg with the postcode and name of Metz is shown with both readings."""
    found = find(geography, commune_code="01053", postcode="57000", commune_name="Metz")

    assert found.certainty == "unsure"
    assert set(found.places) == {"01053", "57463"}


def test_an_unknown_code_leaves_the_rest(geography: Geography) -> None:
    """A code that never was is said, and the postcode and city decide."""
    found = find(geography, commune_code="99999", postcode="57000", commune_name="Metz")

    assert found.places == ("57463",)
    assert "99999 is not known" in found.reason


def test_the_postcode_narrows_a_code_of_paris(geography: Geography) -> None:
    """The code of Paris with the postcode of an arrondissement is that arrondissement."""
    found = find(geography, commune_code="75056", postcode="75011", commune_name="Paris")

    assert found.places == ("75111",)


def test_a_postcode_in_no_list_keeps_the_departement(geography: Geography) -> None:
    """A CEDEX without a city says its département at least."""
    found = find(geography, postcode="01059")

    assert (found.certainty, found.department_code) == ("department", "01")


@settings(max_examples=200, deadline=None)
@given(
    code=st.sampled_from(["", "01053", "69123", "99999", "75056"]),
    postcode=st.sampled_from(["", "01000", "69002", "75000", "00000", "20000", "97150"]),
    name=st.sampled_from(
        ["", "Lyon", "BOURG EN BRESSE", "Ajaccio", "Saint-Martin", "zz", "Paris 11"]
    ),
    department=st.sampled_from(["", "01", "2A", "971", "ZZ"]),
)
def test_any_combination_gives_an_answer(
    code: str, postcode: str, name: str, department: str
) -> None:
    """Whatever is said, the answer has a reason, a known certainty and places that exist."""
    from outreach.geography.places import load_geography

    index = gazetteer_of(load_geography())
    found = find_place(Said(code, postcode, name, department), index)

    assert found.reason
    assert found.certainty in {"commune", "postcode", "department", "unsure"}
    assert all(place in index.names for place in found.places)
