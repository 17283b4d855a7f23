"""A département that contradicts what the rest of a row says: never certain, both readings shown."""

from outreach.establishments.spelling import commune_key
from outreach.geography.codes import department_of_commune
from outreach.matching.by_name import department_beside
from outreach.matching.gazetteer import Gazetteer, Places, departments_of_postcode
from outreach.matching.said import Found, Said, departments_shown


def unless_department_contradicts(found: Found, said: Said, index: Gazetteer) -> Found:
    """Give what was found, or a doubt when the row names a département where none of it lies.

    The département of its own cell, then one typed beside the city: "Valence (26)".
    """
    found = _unless_elsewhere(found, said, said.department_code, said.commune_name, index)
    beside = department_beside(said.commune_name, index)
    return _unless_elsewhere(found, said, *beside, index) if beside else found


def _unless_elsewhere(found: Found, said: Said, given: str, city: str, index: Gazetteer) -> Found:
    """Tell a contradiction with one département.

    24 communes have a postcode of the next département (01200 Éloise, 74). Lists often take the
    département from the postcode: there it says nothing of its own, unless a commune of this name
    stands in it.
    """
    departments = {department_of_commune(place) for place in found.places}
    if not departments and found.department_code:
        departments = {found.department_code}
    if not given or found.certainty == "unsure" or not departments or given in departments:
        return found
    named: Places = {}
    if key := commune_key(city):
        named = index.exact(index.in_department.get(given, {}), key)
    served = index.of_postcode.get(said.postcode, ())
    if (
        not named
        and given in departments_of_postcode(said.postcode)
        and set(found.places) & set(served)
    ):
        return found
    known = index.geography.departments.get(given)
    where = departments_shown(found.places) or found.department_code
    reason = f"{found.reason} ({where}), but the département is {given}"
    reason += f" {known.name}" if known else ""
    return Found((*found.places, *named), "none", "unsure", reason)
