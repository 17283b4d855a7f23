"""A département that contradicts what the rest of a row says: never certain, both readings shown."""

from outreach.establishments.spelling import commune_key
from outreach.geography.codes import department_of_commune
from outreach.matching.gazetteer import Gazetteer, Places, departments_of_postcode
from outreach.matching.said import Found, Said, departments_shown


def unless_department_contradicts(found: Found, said: Said, index: Gazetteer) -> Found:
    """Give what was found, or a doubt when the row names a département where none of it lies.

    24 communes have a postcode of the next département (01200 Éloise, 74). Lists often take the
    département from the postcode: there it says nothing of its own, unless a commune of this name
    stands in it.
    """
    given = said.department_code
    departments = {department_of_commune(place) for place in found.places}
    if not departments and found.department_code:
        departments = {found.department_code}
    if not given or found.certainty == "unsure" or not departments or given in departments:
        return found
    named: Places = {}
    if key := commune_key(said.commune_name):
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
