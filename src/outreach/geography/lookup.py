"""Look a place up by whatever a person types: a code in any form, a name, a postcode, a country."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz, process

from outreach.errors import InputError
from outreach.geography.codes import department_of, department_of_commune, parse_constituency
from outreach.geography.names import plain_name
from outreach.geography.places import Geography


@dataclass(frozen=True, slots=True)
class Place:
    """One answer.

    Attributes:
        kind: constituency, department, commune, arrondissement, former commune, or abroad (a
            country or a consular post).
        code: ours; "" abroad.
        name: official; for a former commune the name it bore.
        department_code: "" abroad.
        constituencies: codes, ascending; none where no deputy is elected.
        note: what else is to be known, in a few words; "" if nothing.
    """

    kind: str
    code: str
    name: str
    department_code: str
    constituencies: tuple[str, ...]
    note: str


def look_up(geography: Geography, text: str) -> list[Place]:
    """Find every place that a text may mean: "01004" is a commune and a constituency.

    Returns:
        Constituencies first, then départements, communes by code, postcode and name, former
        communes, places abroad; at least one.

    Raises:
        InputError: nothing has this code or name; near names are offered.
    """
    found = [
        *_constituency(geography, text),
        *_department(geography, text),
        *_communes(geography, text),
        *_former(geography, text),
        *_abroad(geography, text),
    ]
    if not found:
        raise InputError(
            f'No place has the code, name or postcode "{text}"{_near(geography, text)}.'
        )
    return list(dict.fromkeys(found))


def _constituency(geography: Geography, text: str) -> Iterator[Place]:
    code = _or_nothing(parse_constituency, text)
    if code in geography.constituencies:
        place = geography.constituencies[code]
        communes = geography.commune_constituencies
        held = communes.loc[communes["constituency_code"] == code, "commune_code"]
        count = sum(commune not in geography.arrondissements for commune in held)
        yield Place(
            "constituency",
            code,
            place.name,
            place.department_code,
            (code,),
            f"{count} commune{'s' if count > 1 else ''}" if count else "",
        )


def _department(geography: Geography, text: str) -> Iterator[Place]:
    code, wanted = _or_nothing(department_of, text), plain_name(text)
    for place in geography.departments.values():
        if place.code == code or plain_name(place.name) == wanted:
            seats = tuple(
                seat.code
                for seat in geography.constituencies.values()
                if seat.department_code == ("977" if place.code == "978" else place.code)
            )
            yield Place("department", place.code, place.name, place.code, seats, place.region_name)


def _communes(geography: Geography, text: str) -> Iterator[Place]:
    wanted, code = plain_name(text), text.strip().upper()
    postcodes = geography.postcodes[geography.postcodes["postcode"] == code]
    by_postcode = {
        arrondissement or commune
        for arrondissement, commune in zip(
            postcodes["arrondissement_code"], postcodes["commune_code"], strict=True
        )
    }
    communes = geography.communes
    near = by_postcode | {code}
    for commune, name, department, people in communes[
        ["commune_code", "name", "department_code", "population"]
    ].itertuples(index=False):
        if commune in near or plain_name(name) == wanted:
            note = "" if pd.isna(people) else f"{people} inhabitants"
            yield Place(
                "commune",
                commune,
                name,
                department,
                geography.constituencies_of.get(commune, ()),
                note,
            )
    for part in geography.arrondissements.values():
        if part.code in near or plain_name(part.name) == wanted:
            city = part.commune_code
            yield Place(
                "arrondissement",
                part.code,
                part.name,
                city[:2],
                geography.constituencies_of[part.code],
                f"{part.population} inhabitants, of {city}",
            )


def _former(geography: Geography, text: str) -> Iterator[Place]:
    wanted, code = plain_name(text), text.strip().upper()
    communes = geography.communes
    names = dict(zip(communes["commune_code"], communes["name"], strict=True))
    former = geography.former_communes
    match = (former["former_code"] == code) | (former["former_name"].map(plain_name) == wanted)
    columns = ["former_code", "former_name", "until", "commune_code"]
    for old, name, until, now in former.loc[match, columns].itertuples(index=False, name=None):
        yield Place(
            "former commune",
            old,
            name,
            department_of_commune(now),
            geography.constituencies_of.get(now, ()),
            (f"until {until}, now" if until else "part of") + f" {now} {names[now]}",
        )


def _abroad(geography: Geography, text: str) -> Iterator[Place]:
    wanted = plain_name(text)
    for name, code in geography.abroad.items():
        if plain_name(name) == wanted:
            yield Place("abroad", "", name, "", (code,), geography.constituencies[code].name)


def _near(geography: Geography, text: str) -> str:
    if text.strip().isdigit():
        return "; postcodes with CEDEX are in no list, use the commune's name"
    names = dict.fromkeys(
        [*geography.communes["name"], *geography.former_communes["former_name"], *geography.abroad]
    )
    near = process.extract(
        text, list(names), scorer=fuzz.ratio, processor=plain_name, limit=3, score_cutoff=75
    )
    return "; near: " + ", ".join(name for name, _, _ in near) if near else ""


def _or_nothing(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except InputError:
        return ""
