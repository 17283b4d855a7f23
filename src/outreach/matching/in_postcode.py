"""A city with a postcode that is in La Poste's list: one of its places, or a contradiction."""

import re
from collections.abc import Mapping

from outreach.establishments.spelling import commune_key
from outreach.geography.codes import department_of_commune
from outreach.matching.gazetteer import (
    FORMER,
    Gazetteer,
    Places,
    departments_of_postcode,
    is_inside,
    name_keys,
)
from outreach.matching.said import Found, Said, department_of, found_by_name, shown

# Likeness (rapidfuzz ratio, 0 to 100) and lead over the next name: inside a postcode a typing
# error is nearly certain.
_ALIKE, _LEAD = 78.0, 6.0
# So alike is a typing error of this name rather than a longer form of another one: "Coloombe-lès-
# Vesoul" is Colombe-lès-Vesoul, not Vesoul.
_NEARLY_EQUAL = 90.0
# Under the postcodes one digit away stand some 300 names.
_ALIKE_NEARBY = 85.0
SHORTEST_FOR_LIKENESS = 5
# More homonyms than this are no reading that helps a person.
_MOST_HOMONYMS = 3
_TWO_NAMES = re.compile(r"\s*[/&+;]\s*|\s+et\s+", re.IGNORECASE)


def in_known_postcode(said: Said, key: str, index: Gazetteer) -> Found:
    """Find the place of a name among those of its postcode."""
    names = index.in_postcode[said.postcode]
    for wanted in (key, *name_keys(said.commune_name)) if key not in names else (key,):
        places = index.exact(names, wanted)
        if places:
            reason = f"postcode {said.postcode} and {said.commune_name}"
            return found_by_name(places, "postcode_name", reason, index)
    both = _two_communes(said, index)
    if both:
        return _contradiction(said, both, index)
    elsewhere = _named(said, key, index)
    short = _short_for(key, names)
    if elsewhere and not (short and _only_far_away(said, key, elsewhere, names, index)):
        return _contradiction(said, elsewhere, index)
    long_enough = len(key) >= SHORTEST_FOR_LIKENESS
    alike = index.alike(names, key, _ALIKE, _LEAD) if long_enough else {}
    if short and not (alike and index.likeness(names, key) >= _NEARLY_EQUAL):
        reason = f"{said.commune_name} being short for {shown(short, index)}"
        return found_by_name(short, "postcode_name", f"postcode {said.postcode}, {reason}", index)
    if alike:
        reason = f'"{said.commune_name}" read as {shown(alike, index)}'
        return found_by_name(alike, "fuzzy_name", f"postcode {said.postcode}; {reason}", index)
    return _unless_mistyped(postcode_alone(said, index, unknown_name=True), said, key, index)


def _unless_mistyped(alone: Found, said: Said, key: str, index: Gazetteer) -> Found:
    """A name unknown in its postcode, unless one digit of it leads to a place of nearly this name.

    "67290 Le Tohu" may be Le Thou, 17290; "12370 Belcastel ZI Nord" is 12390. The constituency is
    certain only when both readings share it.
    """
    names = index.one_digit_from(said.postcode)
    near: Places = {}
    for name, places in names.items():
        if len(name) >= SHORTEST_FOR_LIKENESS and key.startswith(f"{name} "):
            near |= places
    if len(key) >= SHORTEST_FOR_LIKENESS:
        for name in index.all_alike(names, key, _ALIKE_NEARBY):
            near |= names[name]
    both = (*alone.places, *near)
    if not near or len(index.constituencies(both)) == 1:
        return alone
    reason = f"{alone.reason}, but with one other digit it is {shown(near, index)}"
    return Found(both, "none", "unsure", reason, department_of(both))


def postcode_alone(said: Said, index: Gazetteer, *, unknown_name: bool = False) -> Found:
    """Give all the places of a postcode: the constituency is certain only when all share it."""
    places = index.of_postcode[said.postcode]
    why = f'"{said.commune_name}" is no commune known there' if unknown_name else "no city is given"
    names = ", ".join(index.names.get(place, place) for place in places[:4])
    more = f" and {len(places) - 4} more" if len(places) > 4 else ""
    reason = f"postcode {said.postcode} ({names}{more}); {why}"
    return Found(places, "postcode", "postcode", reason, department_of(places))


def _two_communes(said: Said, index: Gazetteer) -> Places:
    """The places of "Bron / Vénissieux": two communes of the département in one cell."""
    parts = _TWO_NAMES.split(said.commune_name)
    if len(parts) < 2:
        return {}
    found: Places = {}
    for part in parts:
        places = _in_its_departments(said, commune_key(part), index)
        if not places or min(places.values()) >= FORMER:
            return {}
        found |= places
    return found


def _short_for(key: str, names: Mapping[str, Places]) -> Places:
    """The one place whose name begins or ends with the other: "La Baule", "Evry"."""
    found: Places = {}
    for name, places in names.items():
        if is_inside(key, name) or is_inside(name, key):
            for place, kind in places.items():
                found[place] = min(kind, found.get(place, kind))
    return found if len(found) == 1 else {}


def _only_far_away(
    said: Said, key: str, elsewhere: Places, names: Mapping[str, Places], index: Gazetteer
) -> bool:
    """Tell that a shortened name is another commune's only where the postcode cannot mean it.

    "69400 Villefranche" is Villefranche-sur-Saône although the Gers has a Villefranche: its
    département is another and no digit of its postcode is nearly right.
    """
    departments = departments_of_postcode(said.postcode)
    begins = any(name.startswith(f"{key} ") for name in names)
    return begins and not any(
        department_of_commune(place) in departments or index.one_digit_away(place, said.postcode)
        for place in elsewhere
    )


def _named(said: Said, key: str, index: Gazetteer) -> Places:
    """The places of a name outside its postcode: in the département, else in the country.

    A former commune or a hamlet at the other end of the country says nothing.
    """
    places = _in_its_departments(said, key, index)
    if places:
        return places
    places = index.exact(index.in_country, key)
    return places if places and min(places.values()) < FORMER else {}


def _in_its_departments(said: Said, key: str, index: Gazetteer) -> Places:
    for department in (*departments_of_postcode(said.postcode), said.department_code):
        places = index.exact(index.in_department.get(department, {}), key)
        if places:
            return places
    return {}


def _contradiction(said: Said, named: Places, index: Gazetteer) -> Found:
    """A postcode that does not serve the city: certain only when all readings agree."""
    of_postcode = index.of_postcode[said.postcode]
    reason = f"postcode {said.postcode} is {shown(of_postcode, index)}, but the city is {said.commune_name}"
    if len(named) > _MOST_HOMONYMS:
        return Found(
            of_postcode, "none", "unsure", f"{reason}, the name of {len(named)} communes elsewhere"
        )
    # "18260 Achères" may be 18250, in the same constituency, or 78260 with one wrong digit.
    mistyped = index.mistyped_postcode(commune_key(said.commune_name), said.postcode)
    both = tuple(dict.fromkeys((*named, *mistyped, *of_postcode)))
    if len(index.constituencies(both)) == 1:
        reason += ": the same constituency"
        return Found(both, "postcode_name", "postcode", reason, department_of(both))
    return Found(both, "none", "unsure", reason, department_of(both))
