"""From what people type for a place to the seats it lies in: deputies' and senators'.

Each function gives None when the text is no such place, and says in notes what is ambiguous.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from outreach.errors import InputError
from outreach.files import ascii_slug
from outreach.geography.codes import ABROAD, department_of, department_of_commune
from outreach.geography.names import plain_name
from outreach.geography.places import Geography

_MOST_NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class Places:
    """The seats of one or more places.

    Attributes:
        constituencies: of deputies.
        senate_departments: the départements that elect their senators.
        notes: what was understood, and what is ambiguous.
    """

    constituencies: frozenset[str]
    senate_departments: frozenset[str]
    notes: tuple[str, ...] = ()


def constituency_places(text: str, geography: Geography) -> Places | None:
    """Read a constituency code in any publisher's form; its senators are the département's.

    Five digits are a postcode first: constituency_places leaves them to postcode_places.
    """
    if re.fullmatch(r"\d{5}", text.strip()) and _is_postcode(text.strip(), geography):
        return None
    if not re.search(r"\d", text):
        return None
    constituency = geography.constituency(text)
    note = f"{constituency.code}: {constituency.name}"
    return Places(frozenset({constituency.code}), frozenset(), (note,))


def department_places(text: str, geography: Geography) -> Places | None:
    """Read the code or the name of a département; "977" has its senator apart from "978"."""
    asked = text.strip()
    if re.fullmatch(r"\d{1,3}|2[abAB]|[zZ][a-zA-Z]", asked):
        code = department_of(asked)
    else:
        names = {ascii_slug(place.name): key for key, place in geography.departments.items()}
        code = names.get(ascii_slug(asked), "")
        if "etranger" in ascii_slug(asked) and "francais" in ascii_slug(asked):
            code = ABROAD
    if code not in geography.departments:
        return None
    held = frozenset(
        key for key, place in geography.constituencies.items() if place.department_code == code
    )
    if code == "978":
        held = frozenset({"977-01"})
    name = geography.departments[code].name
    return Places(held, frozenset({code}), (f'"{text}" read as the département {code} {name}',))


def postcode_places(text: str, geography: Geography) -> Places | None:
    """Read a postcode; it often leads to several communes, and these to several seats."""
    asked = text.strip().replace(" ", "")
    if not re.fullmatch(r"\d{5}", asked):
        return None
    table = geography.postcodes
    rows = table[table["postcode"] == asked]
    if rows.empty:
        return None
    pairs = zip(rows["commune_code"], rows["arrondissement_code"], strict=True)
    return _of_communes(
        dict.fromkeys(arrondissement or commune for commune, arrondissement in pairs),
        geography,
        f'"{text}" read as a postcode',
    )


def commune_places(text: str, geography: Geography) -> Places | None:
    """Read the name or the INSEE code of a commune of today or before, or of an arrondissement."""
    asked, communes = text.strip(), geography.communes
    if re.fullmatch(r"\d[0-9abAB]\d{3}", asked):
        code = asked.upper()
        found = geography.current_codes.get(code, ())
        if code in geography.arrondissements:
            found = (code,)
        # five digits are a postcode to most people; as a code only when no postcode has them
        if not found or _is_postcode(asked, geography):
            return None
        return _of_communes(found, geography, f'"{text}" read as the INSEE code of a commune')
    name = plain_name(asked)
    codes = [
        code
        for code, other in zip(communes["commune_code"], communes["name"], strict=True)
        if plain_name(other) == name
    ]
    codes += [
        code
        for code, place in geography.arrondissements.items()
        if plain_name(place.name).removesuffix(" ARRONDISSEMENT") == name
    ]
    former = geography.former_communes
    if not codes:
        codes = [
            code
            for old, code in zip(former["former_name"], former["commune_code"], strict=True)
            if plain_name(old) == name
        ]
    if not name or not codes:
        return None
    return _of_communes(dict.fromkeys(codes), geography, f'"{text}" read as a commune')


def abroad_places(text: str, geography: Geography) -> Places | None:
    """Read a country or a consular post."""
    asked = ascii_slug(text)
    held = {code for name, code in geography.abroad.items() if ascii_slug(name) == asked}
    if not held:
        return None
    note = f'"{text}" read as a country or consular post: {", ".join(sorted(held))}'
    return Places(frozenset(held), frozenset({ABROAD}), (note,))


def _of_communes(codes: Iterable[str], geography: Geography, understood: str) -> Places:
    names = dict(zip(geography.communes["commune_code"], geography.communes["name"], strict=True))
    names |= {code: place.name for code, place in geography.arrondissements.items()}
    listed = list(codes)
    held: set[str] = set()
    senate: set[str] = set()
    notes = [understood]
    if len(listed) > 1:
        some = [f"{names[code]} ({code})" for code in listed[:_MOST_NAMED]]
        more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
        notes.append(f"{len(listed)} communes: {', '.join(some)}{more}")
    for code in listed:
        of = geography.constituencies_of.get(code, ())
        held |= set(of)
        senate.add(_department(code))
        if len(of) > 1:
            notes.append(
                f"{names[code]} ({code}) is split over {', '.join(of)}: "
                "only an address tells which deputy"
            )
    return Places(frozenset(held), frozenset(senate), tuple(notes))


def _department(commune_code: str) -> str:
    try:
        return department_of(department_of_commune(commune_code))
    except InputError:
        return department_of_commune(commune_code)


def _is_postcode(text: str, geography: Geography) -> bool:
    return bool((geography.postcodes["postcode"] == text).any())
