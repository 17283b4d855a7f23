"""What one row says of its place (INSEE code, postcode, city, département) → the place, or the doubt.

Measured on real lists: postcode + normalised name finds nearly all, then former communes, then
likeness inside the département; 0.6 % of rows need likeness at all, so it must be nearly sure.
"""

from collections.abc import Mapping
from typing import NamedTuple

from outreach.establishments.spelling import commune_key, is_cedex
from outreach.geography.codes import department_of_commune
from outreach.matching.gazetteer import (
    FORMER,
    Gazetteer,
    Places,
    departments_of_postcode,
    is_inside,
    name_keys,
)

# Likeness (rapidfuzz ratio, 0 to 100) and lead over the next name. Inside a postcode a typing
# error is nearly certain; inside a département 300 names are near to each other.
_ALIKE_IN_POSTCODE, _ALIKE_IN_DEPARTMENT, _LEAD = 78.0, 90.0, 6.0
_SHORTEST_FOR_LIKENESS = 5
# More homonyms than this are no reading that helps a person.
_MOST_HOMONYMS = 3


class Said(NamedTuple):
    """What a row says of its place, as typed; "" for what it does not say."""

    commune_code: str = ""
    postcode: str = ""
    commune_name: str = ""
    department_code: str = ""


class Found(NamedTuple):
    """The place, or the places between which it is not clear.

    Attributes:
        places: codes of communes or arrondissements, the likelier first; empty when unknown.
        method: see establishments.columns.MATCH.
        certainty: "commune" or "postcode" (any of ``places``), "department", or "unsure" when
            two things said contradict each other.
        reason: one sentence.
        department_code: what is known at least, "" when nothing.
    """

    places: tuple[str, ...]
    method: str
    certainty: str
    reason: str
    department_code: str = ""


def find_place(said: Said, index: Gazetteer) -> Found:
    """Find the place of a row by what it says.

    The INSEE code first, unless the city and postcode together say another commune; then postcode
    and name; then the name in its département; then the postcode alone; then the département.
    """
    by_name = _by_postcode_and_name(said, index)
    if not said.commune_code:
        return by_name
    if said.commune_code in index.geography.arrondissements:
        places: tuple[str, ...] = (said.commune_code,)
    else:
        places = index.geography.current_codes.get(said.commune_code, ())
    if not places:
        reason = f"INSEE code {said.commune_code} is not known; {by_name.reason}"
        return Found(
            by_name.places, by_name.method, by_name.certainty, reason, by_name.department_code
        )
    return _check_code(said, places, by_name, index)


def _check_code(said: Said, places: tuple[str, ...], by_name: Found, index: Gazetteer) -> Found:
    """The INSEE code's place, unless the postcode and the city together say another."""
    code = said.commune_code
    method = (
        "insee_code" if code in (*places, *index.geography.arrondissements) else "former_commune"
    )
    shown = " or ".join(index.names.get(place, place) for place in places)
    reason = f"INSEE code {code}" + (f", now {shown}" if method == "former_commune" else "")
    department = department_of_commune(places[0])
    of_code = {index.commune_of(place) for place in places}
    narrower = tuple(place for place in by_name.places if index.commune_of(place) in of_code)
    if narrower and by_name.certainty != "unsure":
        # The postcode may name the arrondissement, or which part of a commune that was divided.
        return Found(
            narrower if len(narrower) <= len(by_name.places) else places,
            method,
            "commune",
            reason,
            department,
        )
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
    other = " or ".join(index.names.get(place, place) for place in by_name.places[:3])
    return Found(
        both, "none", "unsure",
        f"INSEE code {code} is {shown}, but {_quoted(said)} is {other}", "",
    )  # fmt: skip


def _by_postcode_and_name(said: Said, index: Gazetteer) -> Found:
    key = commune_key(said.commune_name)
    if said.postcode in index.of_postcode:
        return _in_known_postcode(said, key, index) if key else _postcode_alone(said, index)
    departments: tuple[str, ...] = ()
    if said.postcode:
        departments = departments_of_postcode(said.postcode)
    elif said.department_code:
        departments = (said.department_code,)
    departments = tuple(code for code in departments if code in index.in_department)
    if not key:
        return _department_alone(said, departments, "no city is given", index)
    if departments:
        return _in_departments(said, key, departments, index)
    return _in_country(said, key, index)


def _in_known_postcode(said: Said, key: str, index: Gazetteer) -> Found:
    names = index.in_postcode[said.postcode]
    for wanted in (key, *name_keys(said.commune_name)) if key not in names else (key,):
        places = index.exact(names, wanted)
        if places:
            reason = f"postcode {said.postcode} and {said.commune_name}"
            return _found(places, "postcode_name", reason, index)
    elsewhere = _named(said, key, index)
    if elsewhere:
        return _contradiction(said, elsewhere, index)
    short = _short_for(key, names)
    if short:
        reason = f"{said.commune_name} being short for {_shown(short, index)}"
        return _found(short, "postcode_name", f"postcode {said.postcode}, {reason}", index)
    if len(key) >= _SHORTEST_FOR_LIKENESS:
        alike = index.alike(names, key, _ALIKE_IN_POSTCODE, _LEAD)
        if alike:
            reason = f'"{said.commune_name}" read as {_shown(alike, index)}'
            return _found(alike, "fuzzy_name", f"postcode {said.postcode}; {reason}", index)
    return _postcode_alone(said, index, unknown_name=True)


def _short_for(key: str, names: Mapping[str, Places]) -> Places:
    """The one place whose name begins or ends with the other: "La Baule", "Evry"."""
    found: Places = {}
    for name, places in names.items():
        if is_inside(key, name) or is_inside(name, key):
            found.update(places)
    return found if len(found) == 1 else {}


def _named(said: Said, key: str, index: Gazetteer) -> Places:
    """The places of a name outside its postcode: in the département, else in the country.

    A former commune or a hamlet at the other end of the country says nothing.
    """
    for department in (*departments_of_postcode(said.postcode), said.department_code):
        places = index.exact(index.in_department.get(department, {}), key)
        if places:
            return places
    places = index.exact(index.in_country, key)
    return places if places and min(places.values()) < FORMER else {}


def _contradiction(said: Said, named: Places, index: Gazetteer) -> Found:
    """A postcode that does not serve the city: certain only when both readings agree."""
    of_postcode = index.of_postcode[said.postcode]
    shown = " or ".join(index.names.get(place, place) for place in of_postcode[:3])
    reason = f"postcode {said.postcode} is {shown}, but the city is {said.commune_name}"
    if len(named) > _MOST_HOMONYMS:
        return Found(
            of_postcode, "none", "unsure", f"{reason}, the name of {len(named)} communes elsewhere"
        )
    both = (*named, *of_postcode)
    if len(index.constituencies(both)) == 1:
        reason += ": the same constituency"
        return Found(both, "postcode_name", "postcode", reason, _department(both))
    return Found(both, "none", "unsure", reason, _department(both))


def _postcode_alone(said: Said, index: Gazetteer, *, unknown_name: bool = False) -> Found:
    places = index.of_postcode[said.postcode]
    why = f'"{said.commune_name}" is no commune known there' if unknown_name else "no city is given"
    names = ", ".join(index.names.get(place, place) for place in places[:4])
    more = f" and {len(places) - 4} more" if len(places) > 4 else ""
    reason = f"postcode {said.postcode} ({names}{more}); {why}"
    return Found(places, "postcode", "postcode", reason, _department(places))


def _in_departments(said: Said, key: str, departments: tuple[str, ...], index: Gazetteer) -> Found:
    """A name with a postcode in no list (CEDEX, a typing error), or with a département only."""
    where = f"postcode {said.postcode}" if said.postcode else f"département {said.department_code}"
    if said.postcode:
        kind = "a CEDEX" if is_cedex(said.commune_name) else "in no list (a CEDEX, or mistyped)"
        where = f"postcode {said.postcode} is {kind}"
    method = "postcode_name" if said.postcode else "name"
    elsewhere = index.exact(index.in_country, key)
    known = bool(elsewhere) and min(elsewhere.values()) < FORMER
    for wanted in name_keys(said.commune_name):
        places = {
            place: rank
            for department in departments
            for place, rank in index.exact(index.in_department[department], wanted).items()
        }
        # A former name here that is a commune's own name elsewhere: the postcode may be mistyped.
        if places and not (known and said.postcode and min(places.values()) >= FORMER):
            reason = f"{where}; {said.commune_name} by its name in the département"
            return _found(places, method, reason, index)
    if len(key) >= _SHORTEST_FOR_LIKENESS and not known:
        for department in departments:
            names = index.in_department[department]
            alike = index.alike(names, key, _ALIKE_IN_DEPARTMENT, _LEAD)
            if alike:
                return _found(
                    alike,
                    "fuzzy_name",
                    f'{where}; "{said.commune_name}" read as {_shown(alike, index)}',
                    index,
                )
    if elsewhere:
        places_elsewhere = tuple(elsewhere)[:5]
        return Found(
            places_elsewhere, "none", "unsure",
            f"{where}, where there is no {said.commune_name}; one is in {_departments_shown(places_elsewhere)}",
        )  # fmt: skip
    return _department_alone(
        said, departments, f'{where}; "{said.commune_name}" is no commune there', index
    )


def _in_country(said: Said, key: str, index: Gazetteer) -> Found:
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
        return _found(places, "name", f"{said.commune_name}, the only commune of this name", index)
    listed = tuple(places)
    reason = f"{len(listed)} communes are called {said.commune_name} ({_departments_shown(listed)}), and there is no postcode"
    if len(index.constituencies(listed)) == 1:
        return Found(
            listed, "name", "postcode", f"{reason}: the same constituency", _department(listed)
        )
    return Found(listed, "none", "unsure", reason, _department(listed))


def _department_alone(
    said: Said, departments: tuple[str, ...], why: str, index: Gazetteer
) -> Found:
    if len(departments) != 1:
        return Found((), "none", "unsure", why)
    return Found(
        (), "department", "department", f"{why}: only the département is known", departments[0]
    )


def _found(places: Places, method: str, reason: str, index: Gazetteer) -> Found:
    """A name's places: one, or several that bear it."""
    if method == "postcode_name" and min(places.values()) >= FORMER:
        method = "former_commune"
        reason += f", now {_shown(places, index)}"
    if len(places) > 1:
        reason += f": {_shown(places, index)}"
    return Found(tuple(places), method, "commune", reason, _department(tuple(places)))


def _department(places: tuple[str, ...]) -> str:
    """The département that all these places share, "" when they do not."""
    if len(places) == 1:
        return department_of_commune(places[0])
    departments = {department_of_commune(place) for place in places}
    return departments.pop() if len(departments) == 1 else ""


def _departments_shown(places: tuple[str, ...]) -> str:
    return ", ".join(sorted({department_of_commune(place) for place in places})[:8])


def _shown(places: Places, index: Gazetteer) -> str:
    return " or ".join(index.names.get(place, place) for place in list(places)[:3])


def _quoted(said: Said) -> str:
    return f'"{said.postcode} {said.commune_name}"'.replace('" ', '"')
