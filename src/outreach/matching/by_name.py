"""A city without a postcode of La Poste's list: by its name in the département, else in the country."""

import re

from outreach.establishments.spelling import commune_key, is_cedex, plain
from outreach.geography.codes import department_of_commune
from outreach.matching.gazetteer import FORMER, Gazetteer, Places, name_keys
from outreach.matching.in_postcode import SHORTEST_FOR_LIKENESS
from outreach.matching.said import (
    Found,
    Said,
    department_alone,
    department_of,
    departments_shown,
    found_by_name,
    shown,
)

# Likeness and lead over the next name: inside a département 300 names are near to each other.
_ALIKE, _LEAD = 90.0, 6.0
_WORD_DEPARTMENT = re.compile(r"^(?:departement|dept|dpt|dep)\s+(?:(?:de la|de l|de|du|des|d)\s+)?")
# "Valence (26)", "Vienne, Isère", "Saint-Denis - 974", "BEAUMONT 63", "63 - Beaumont".
_BESIDE = (
    re.compile(r"^(?P<city>[^(]+)\((?P<where>[^)]+)\)\s*$"),
    re.compile(r"^(?P<city>.+?)(?:\s*[,;/–—]|\s-)\s*(?P<where>[^,;/–—]+)$"),
    re.compile(r"^(?P<where>\d{2,3}|2[ABab])\s*[-–,:]?\s+(?P<city>\D.*)$"),
    re.compile(r"^(?P<city>.*\D)\s(?P<where>\d{2,3}|2[ABab])$"),
)


def in_departments(said: Said, key: str, departments: tuple[str, ...], index: Gazetteer) -> Found:
    """Find a name with a postcode in no list (CEDEX, a typing error), or with a département only."""
    cedex = is_cedex(said.commune_name)
    where = f"postcode {said.postcode}" if said.postcode else f"département {departments[0]}"
    if said.postcode:
        where += " is a CEDEX" if cedex else " is in no list (a CEDEX, or mistyped)"
    elsewhere = index.exact(index.in_country, key)
    known = bool(elsewhere) and min(elsewhere.values()) < FORMER
    # One digit of the postcode away from the same name in another département.
    mistyped = {} if cedex else index.mistyped_postcode(key, said.postcode)
    for wanted in name_keys(said.commune_name):
        places = {
            place: rank
            for department in departments
            for place, rank in index.exact(index.in_department[department], wanted).items()
        }
        # A former name here that is a commune's own name elsewhere: the postcode may be mistyped.
        if places and not (known and said.postcode and min(places.values()) >= FORMER):
            rivals = {
                place: rank
                for place, rank in mistyped.items()
                if department_of_commune(place) not in departments
            }
            return _here(said, places, rivals, where, index)
    if mistyped and len(index.constituencies(tuple(mistyped))) == 1:
        reason = f"postcode {said.postcode} is in no list and one digit away from that of {shown(mistyped, index)}"
        return found_by_name(mistyped, "postcode_name", reason, index)
    if len(key) >= SHORTEST_FOR_LIKENESS and not known:
        for department in departments:
            names = index.in_department[department]
            alike = index.alike(names, key, _ALIKE, _LEAD)
            if alike:
                reason = f'{where}; "{said.commune_name}" read as {shown(alike, index)}'
                return found_by_name(alike, "fuzzy_name", reason, index)
    if elsewhere:
        there = tuple(elsewhere)[:5]
        reason = (
            f"{where}, where there is no {said.commune_name}; one is in {departments_shown(there)}"
        )
        return Found(there, "none", "unsure", reason)
    why = f'{where}; "{said.commune_name}" is no commune there'
    return department_alone(said, departments, why)


def _here(said: Said, places: Places, rivals: Places, where: str, index: Gazetteer) -> Found:
    """A name found in the département, unless the same name elsewhere has nearly this postcode."""
    both = (*places, *rivals)
    if rivals and len(index.constituencies(both)) > 1:
        reason = f"{where}; it is nearly that of {shown(rivals, index)} in {departments_shown(tuple(rivals))}, but its département has a city of this name too"
        return Found(both, "none", "unsure", reason)
    method = "postcode_name" if said.postcode else "name"
    reason = f"{where}; {said.commune_name} by its name in the département"
    return found_by_name(places, method, reason, index)


def in_country(said: Said, key: str, index: Gazetteer) -> Found:
    """Find a name that stands alone: certain only when one commune of France is called so."""
    hinted = department_beside(said.commune_name, index)
    if hinted:
        department, city = hinted
        return in_departments(
            said._replace(commune_name=city), commune_key(city), (department,), index
        )
    places: Places = {}
    for wanted in name_keys(said.commune_name):
        places = index.exact(index.in_country, wanted)
        if places:
            break
    if not places:
        reason = (
            f'"{said.commune_name}" is no commune known, and there is no postcode'
            if key
            else "nothing says where it is"
        )
        return Found((), "none", "unsure", reason)
    if len(places) == 1:
        reason = f"{said.commune_name}, the only commune of this name"
        return found_by_name(places, "name", reason, index)
    listed = tuple(places)
    reason = f"{len(listed)} communes are called {said.commune_name} ({departments_shown(listed)}), and there is no postcode"
    department = department_of(listed)
    if len(index.constituencies(listed)) == 1:
        return Found(listed, "name", "postcode", f"{reason}: the same constituency", department)
    return Found(listed, "none", "unsure", reason, department)


def department_beside(name: str, index: Gazetteer) -> tuple[str, str] | None:
    """Give the département typed beside a city, and the city: "Valence (26)", "Vienne, Isère".

    None when nothing beside it is a département that holds a commune of this name.
    """
    if is_cedex(name):
        return None
    for form in _BESIDE:
        match = form.match(name.strip())
        if match:
            where = match["where"].strip().upper()
            code = where if where in index.in_department else where.zfill(2)
            if code not in index.in_department:
                code = index.department_codes.get(_WORD_DEPARTMENT.sub("", plain(where)), "")
            city = match["city"].strip(" -–,")
            if code and index.exact(index.in_department[code], commune_key(city)):
                return code, city
    return None
