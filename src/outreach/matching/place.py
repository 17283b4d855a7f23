"""What one row says of its place (INSEE code, postcode, city, département) → the place, or the doubt.

Measured on real lists: postcode + normalised name finds nearly all, then former communes, then
likeness inside the département; 0.6 % of rows need likeness at all, so it must be nearly sure.
"""

from outreach.establishments.spelling import commune_key
from outreach.geography.codes import department_of_commune
from outreach.matching.abroad import find_abroad
from outreach.matching.by_name import in_country, in_departments
from outreach.matching.gazetteer import Gazetteer, departments_of_postcode
from outreach.matching.in_postcode import in_known_postcode, postcode_alone
from outreach.matching.other_department import unless_department_contradicts
from outreach.matching.said import Found, Said, department_alone, shown


def find_place(said: Said, index: Gazetteer) -> Found:
    """Find the place of a row by what it says.

    The INSEE code first, unless the city and postcode together say another commune; then postcode
    and name; then the name in its département; then the postcode alone; then the département.
    A département that contradicts what is found makes it unsure.
    """
    return unless_department_contradicts(_by_its_place(said, index), said, index)


def _by_its_place(said: Said, index: Gazetteer) -> Found:
    by_name = _by_postcode_and_name(said, index)
    if not said.commune_code:
        return by_name
    if said.commune_code in index.geography.arrondissements:
        places: tuple[str, ...] = (said.commune_code,)
    else:
        places = index.geography.current_codes.get(said.commune_code, ())
    if not places:
        return by_name._replace(
            reason=f"INSEE code {said.commune_code} is not known; {by_name.reason}"
        )
    return _check_code(said, places, by_name, index)


def _by_postcode_and_name(said: Said, index: Gazetteer) -> Found:
    key = commune_key(said.commune_name)
    there = find_abroad(said, key, index)
    if there:
        return there
    if said.postcode in index.of_postcode:
        return in_known_postcode(said, key, index) if key else postcode_alone(said, index)
    departments: tuple[str, ...] = ()
    if said.postcode:
        departments = departments_of_postcode(said.postcode)
    elif said.department_code:
        departments = (said.department_code,)
    departments = tuple(code for code in departments if code in index.in_department)
    if not key:
        return department_alone(said, departments, "no city is given")
    if departments:
        return in_departments(said, key, departments, index)
    return in_country(said, key, index)


def _check_code(said: Said, places: tuple[str, ...], by_name: Found, index: Gazetteer) -> Found:
    """The INSEE code's place, unless the postcode and the city together say another."""
    code = said.commune_code
    own = code in (*places, *index.geography.arrondissements)
    method = "insee_code" if own else "former_commune"
    reason = f"INSEE code {code}" + (
        "" if own else f", now {' or '.join(index.names.get(place, place) for place in places)}"
    )
    department = department_of_commune(places[0])
    of_code = {index.commune_of(place) for place in places}
    narrower = tuple(place for place in by_name.places if index.commune_of(place) in of_code)
    if narrower and by_name.certainty != "unsure":
        # The postcode may name the arrondissement, or which part of a commune that was divided.
        return Found(narrower, method, "commune", reason, department)
    typed = commune_key(said.commune_name)
    agrees = any(
        typed in index.keys_of.get(place, ()) or index.postcodes_agree(place, said.postcode)
        for place in places
    )
    # A postcode alone contradicts the code only from another département: postcodes change.
    says_other = (by_name.certainty == "commune" and by_name.method != "fuzzy_name") or (
        by_name.certainty == "postcode" and by_name.department_code != department
    )
    both = (*places, *by_name.places)
    if agrees or not says_other or len(index.constituencies(both)) == 1:
        return Found(places, method, "commune", reason, department)
    said_there = f'"{said.postcode} {said.commune_name}"'.replace('" ', '"')
    reason = f"INSEE code {code} is {shown(places, index)}, but {said_there} is {shown(by_name.places, index)}"
    return Found(both, "none", "unsure", reason, "")
