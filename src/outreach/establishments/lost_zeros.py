"""A postcode of four digits: does the rest of its row agree with a zero in front of it?"""

import re
from functools import cache

from outreach.establishments.spelling import commune_key, countries, plain
from outreach.geography.codes import department_of_commune
from outreach.geography.places import load_geography

_IN_BRACKETS = re.compile(r"\(([^)]*)\)")


def zero_contradicted(postcode: str, city: str, department: str, country: str) -> str:
    """Tell what in a row contradicts a postcode whose leading zero was put back.

    "6900", Lyon, 69 is not 06900 but a digit short; "1000", Bruxelles is no postcode of France. A
    city that is no commune's name, perhaps mistyped, contradicts nothing.

    Args:
        postcode: five digits, the first 0.
        city: as typed, "" when the row says none; so are the others.
        department: its code.
        country: "" for France, too.

    Returns:
        What contradicts it, in words: "the city is Lyon"; "" when nothing does.
    """
    served = _departments_served().get(postcode, frozenset()) | {postcode[:2]}
    if country:
        return f"the country is {country}"
    if department and department not in served:
        return f"the département is {department}"
    places = _departments_of_names().get(commune_key(city), frozenset())
    beside = [plain(text) for text in _IN_BRACKETS.findall(city)]
    if any(text in _abroad() for text in (*beside, *(() if places else (plain(city),)))):
        return f"the city is {city}"
    return f"the city is {city}" if places and not places & served else ""


@cache
def _abroad() -> frozenset[str]:
    return frozenset(countries()) | {plain(name) for name in load_geography().abroad}


@cache
def _departments_served() -> dict[str, frozenset[str]]:
    """Postcode → the départements of its communes: 01200 serves one of the Haute-Savoie."""
    table = load_geography().postcodes
    served: dict[str, set[str]] = {}
    for postcode, commune in zip(table["postcode"], table["commune_code"], strict=True):
        if postcode[0] == "0":
            served.setdefault(postcode, set()).add(department_of_commune(commune))
    return {postcode: frozenset(found) for postcode, found in served.items()}


@cache
def _departments_of_names() -> dict[str, frozenset[str]]:
    """Name of a commune, an arrondissement or a former commune as compared → its départements."""
    geography = load_geography()
    communes, former, poste = geography.communes, geography.former_communes, geography.postcodes
    names = [
        *zip(communes["name"], communes["commune_code"], strict=True),
        *zip(former["former_name"], former["commune_code"], strict=True),
        *zip(poste["label"], poste["commune_code"], strict=True),
        *((item.name, code) for code, item in geography.arrondissements.items()),
    ]
    found: dict[str, set[str]] = {}
    for name, code in names:
        found.setdefault(commune_key(name), set()).add(department_of_commune(code))
    return {key: frozenset(departments) for key, departments in found.items()}
