"""Tests of outreach.matching.place: what is said of a place, and what is understood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.geography.places import Geography
from outreach.matching.gazetteer import gazetteer_of
from outreach.matching.place import find_place
from outreach.matching.said import Found, Said


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
        ("83110", "SANARY S/MER", "83123", "postcode_name"),
        ("38000", "GRENOBLE FRANCE", "38185", "postcode_name"),
        ("95700", "Roissy-en-France", "95527", "postcode_name"),
        ("75012", "PARIS XII", "75112", "postcode_name"),
        ("69006", "Lyon VIème", "69386", "postcode_name"),
        ("97150", "Marigot", "97801", "former_commune"),
        ("69400", "Villefranche", "69264", "postcode_name"),
        ("70000", "Coloombe-lès-Vesoul", "70162", "fuzzy_name"),
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


@pytest.mark.parametrize(
    ("city", "commune"),
    [
        ("VALENCE (26)", "26362"),
        ("Vienne, Isère", "38544"),
        ("Saint-Denis - 974", "97411"),
        ("Saint Pierre (La Réunion)", "97416"),
        ("BEAUMONT 63", "63032"),
        ("63 - Beaumont", "63032"),
        ("Montrouge (Paris)", "92049"),
        ("Château-Chinon (Ville)", "58062"),
        ("Paris XIIe", "75112"),
    ],
)
def test_a_departement_beside_the_city_decides_homonyms(
    geography: Geography, city: str, commune: str
) -> None:
    """A département in brackets, behind a comma or as a number is read; anything else is left."""
    found = find(geography, commune_name=city)

    assert (found.places, found.certainty) == ((commune,), "commune")


@pytest.mark.parametrize(
    ("postcode", "city", "constituency"),
    [
        ("98000", "MONACO", "ZZ-05"),
        ("75001", "New York", "ZZ-01"),
        ("04000", "Namur", "ZZ-04"),
        ("01201", "Genève (Suisse)", "ZZ-06"),
        ("66000", "Fribourg, Allemagne", "ZZ-07"),
        ("", "BRUXELLES BELGIQUE", "ZZ-04"),
        ("", "Montréal (Canada)", "ZZ-01"),
    ],
)
def test_a_town_abroad_is_never_a_place_of_france(
    geography: Geography, postcode: str, city: str, constituency: str
) -> None:
    """Whatever its postcode would be in France, a town abroad is unsure and has no place here."""
    found = find(geography, postcode=postcode, commune_name=city)

    assert (found.certainty, found.places, found.department_code) == ("unsure", (), "")
    assert found.abroad == constituency


def test_a_commune_of_france_with_a_foreign_name_stays_one(geography: Geography) -> None:
    """Vienne, Castries and Suisse are communes of France, and départements are no countries."""
    said = [
        ("38200", "Vienne"),
        ("34160", "Castries"),
        ("57340", "Suisse"),
        ("86000", "Poitiers (Vienne)"),
    ]
    found = [find(geography, postcode=postcode, commune_name=city) for postcode, city in said]

    assert [item.certainty for item in found] == ["commune"] * 4
    assert [item.abroad for item in found] == [""] * 4


def test_two_communes_in_one_cell_are_both_shown(geography: Geography) -> None:
    """Bron / Vénissieux is neither for certain."""
    found = find(geography, postcode="69500", commune_name="Bron / Vénissieux")

    assert found.certainty == "unsure"
    assert set(found.places) == {"69029", "69259"}


def test_a_homonym_one_digit_away_makes_a_doubt(geography: Geography) -> None:
    """51670 Le Breuil may be Le Breuil of the Marne, or 71670 with one wrong digit."""
    found = find(geography, postcode="51670", commune_name="Le Breuil")

    assert found.certainty == "unsure"
    assert set(found.places) == {"51085", "71059"}


def test_a_postcode_that_is_nobodys_is_corrected_by_one_digit(geography: Geography) -> None:
    """77955 is in no list: 78955 Carrières-sous-Poissy is one digit away; 44999 is not."""
    right = find(geography, postcode="77955", commune_name="Carrières-sous-Poissy")
    not_near = find(geography, postcode="44999", commune_name="Carrières-sous-Poissy")

    assert (right.places, right.certainty) == (("78123",), "commune")
    assert "one digit away" in right.reason
    assert not_near.certainty == "unsure"


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


@pytest.mark.parametrize(
    ("postcode", "city", "both"),
    [
        ("67290", "Le Tohu", "17447"),
        ("12370", "Belcastel ZI Nord", "12024"),
        ("62530", "Le Mrsnil-en-Thelle", "60398"),
    ],
)
def test_an_unknown_name_one_digit_away_makes_a_doubt(
    geography: Geography, postcode: str, city: str, both: str
) -> None:
    """A name unknown in its postcode and nearly known under the next one is shown with both."""
    found = find(geography, postcode=postcode, commune_name=city)

    assert found.certainty == "unsure"
    assert both in found.places
    assert "one other digit" in found.reason


def test_a_quarter_nobody_knows_leaves_the_postcode(geography: Geography) -> None:
    """A quarter that is no commune's name anywhere near is read by its postcode."""
    found = find(geography, postcode="69100", commune_name="Gratte-Ciel")

    assert (found.places, found.certainty) == (("69266",), "postcode")


def test_a_name_that_was_cut_is_not_another(geography: Geography) -> None:
    """Tremblay-en- without postcode is not Le Tremblay."""
    assert find(geography, commune_name="Tremblay-en-").certainty == "unsure"


@pytest.mark.parametrize(
    ("said", "places", "reason"),
    [
        ({"postcode": "01500", "commune_name": "Ambérieu-en-Bugey"}, ("01004",), "33 Gironde"),
        ({"postcode": "26000", "commune_name": "Valence"}, ("26362", "82186"), "82 Tarn-et-Garonne"),
        ({"commune_code": "01004"}, ("01004",), "33 Gironde"),
        ({"postcode": "97599"}, (), "33 Gironde"),
    ],
)  # fmt: skip
def test_a_departement_that_contradicts_the_rest_is_unsure(
    geography: Geography, said: dict[str, str], places: tuple[str, ...], reason: str
) -> None:
    """Neither side wins: the reason names both, and a commune of this name in the département is shown."""
    found = find(geography, department_code=reason[:2], **said)

    assert (found.certainty, found.places, found.department_code) == ("unsure", places, "")
    assert found.reason.endswith(f", but the département is {reason}")


@pytest.mark.parametrize(
    ("city", "postcode", "department"),
    [("Valence (26)", "", "82"), ("Valence (26)", "82400", ""), ("Valence, Drôme", "82400", "")],
)
def test_a_departement_beside_the_city_contradicts_too(
    geography: Geography, city: str, postcode: str, department: str
) -> None:
    """Valence "(26)" of the Tarn-et-Garonne is shown with both readings; with 26000 it is certain."""
    found = find(geography, commune_name=city, postcode=postcode, department_code=department)
    agreed = find(geography, commune_name=city, postcode="26000", department_code="26")

    assert (found.certainty, found.places) == ("unsure", ("82186", "26362"))
    assert found.reason.endswith("but the département is 26 Drôme")
    assert (agreed.certainty, agreed.places) == ("commune", ("26362",))


@pytest.mark.parametrize(
    ("postcode", "city", "department", "commune"),
    [
        ("01200", "Éloise", "74", "74109"),
        ("01200", "Éloise", "01", "74109"),
        ("94390", "Paray-Vieille-Poste", "91", "91479"),
        ("94390", "Paray-Vieille-Poste", "94", "91479"),
        ("97150", "Saint-Martin", "971", "97801"),
        ("20000", "Ajaccio", "2A", "2A004"),
    ],
)
def test_a_postcode_of_the_next_departement_is_no_contradiction(
    geography: Geography, postcode: str, city: str, department: str, commune: str
) -> None:
    """The commune's own département and the one read off its postcode both leave it certain."""
    found = find(geography, postcode=postcode, commune_name=city, department_code=department)

    assert (found.certainty, found.places) == ("commune", (commune,))
