"""Communes and postcodes cut by département, as the scripts look them up.

An entry is a commune, or an arrondissement of Paris, Lyon or Marseille: there the
arrondissements carry the postcodes, and the city itself every constituency.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from outreach.geography.codes import department_of_commune
from outreach.geography.communes import ARRONDISSEMENTS
from outreach.geography.places import Geography
from outreach.letters.typography import typeset
from outreach.page.around import Spot, view_around
from outreach.page.names import PlaceName, cut_names, plain, shown

# Postcodes whose first two or three digits are not those of the département's code.
_PREFIXES: Final = {"200": ["2A"], "201": ["2A"], "202": ["2B"], "206": ["2B"]}


@dataclass(slots=True)
class CutPlaces:
    """What the scripts need to find a place.

    Attributes:
        departments: code → {"communes": [[code, name, postcodes, constituencies]],
            "former": [[old name, code]], "around": {code: view}}.
        names: letter → lines of names.
        prefixes: first digits of a postcode → départements; crossing: postcode → départements,
            for those that its digits do not tell.
        home: constituency code → département codes of its communes, where there are several.
    """

    departments: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, list[str]] = field(default_factory=dict)
    crossing: dict[str, list[str]] = field(default_factory=dict)
    home: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    name: str
    population: int
    longitude: float | None
    latitude: float | None

    @property
    def department_code(self) -> str:
        return department_of_commune(self.code)


def cut_places(geography: Geography, polygons: Mapping[str, Any]) -> CutPlaces:
    """Cut the communes of today, former names and postcodes by département.

    Args:
        geography: the loaded tables.
        polygons: constituency code → polygon, for the small maps of split communes.
    """
    entries = _entries(geography)
    constituencies = _joined(geography.commune_constituencies, "commune_code", "constituency_code")
    postcodes = _postcodes(geography.postcodes)
    cut = CutPlaces()
    by_department: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_department[entry.department_code].append(entry)
    former = _former(geography, {entry.code for entry in entries})
    for code, members in sorted(by_department.items()):
        cut.departments[code] = {
            "communes": [
                [
                    entry.code,
                    entry.name,
                    " ".join(postcodes.get(entry.code, [])),
                    " ".join(constituencies.get(entry.code, [])),
                ]
                for entry in members
            ],
            "former": sorted(former.get(code, [])),
            "around": _split_views(members, constituencies, polygons),
        }
    cut.names = cut_names(
        [PlaceName(entry.name, entry.department_code, entry.population) for entry in entries]
        + [PlaceName(old, code, None) for code, olds in former.items() for old, _ in olds]
    )
    _index_postcodes(cut, postcodes)
    _index_homes(cut, constituencies)
    return cut


def countries(geography: Geography) -> list[tuple[str, str]]:
    """Give countries and consular posts as a French reader looks for them: name, constituency.

    Accents do not count in French order: Égypte stands before Émirats, and both before Fès.
    """
    named = ((typeset(name), code) for name, code in geography.abroad.items())
    return sorted(named, key=lambda place: (plain(place[0]), place[0]))


def _entries(geography: Geography) -> list[_Entry]:
    columns = ["commune_code", "name", "population", "longitude", "latitude"]
    entries = [
        _Entry(
            code,
            shown(name),
            0 if pd.isna(population) else int(population),
            None if pd.isna(longitude) else float(longitude),
            None if pd.isna(latitude) else float(latitude),
        )
        for code, name, population, longitude, latitude in geography.communes[columns].itertuples(
            index=False, name=None
        )
    ]
    entries += [
        _Entry(place.code, shown(place.name), place.population, place.longitude, place.latitude)
        for place in geography.arrondissements.values()
    ]
    return sorted(entries, key=lambda entry: entry.code)


def _joined(table: pd.DataFrame, key: str, value: str) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in zip(table[key], table[value], strict=True):
        found[str(one)].add(str(other))
    return {one: sorted(others) for one, others in found.items()}


def _postcodes(table: pd.DataFrame) -> dict[str, list[str]]:
    # In Paris, Lyon and Marseille the arrondissement takes the postcode, the city none.
    holder = table["arrondissement_code"].where(
        table["arrondissement_code"].fillna("") != "", table["commune_code"]
    )
    return _joined(table.assign(holder=holder), "holder", "postcode")


def _former(geography: Geography, known: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Give former names by département of today's commune: code → (old name, commune code)."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    table = geography.former_communes
    for old, commune in zip(table["former_name"], table["commune_code"], strict=True):
        if commune in known:
            found[department_of_commune(str(commune))].add((shown(str(old)), str(commune)))
    return {code: list(olds) for code, olds in found.items()}


def _split_views(
    members: list[_Entry], constituencies: Mapping[str, list[str]], polygons: Mapping[str, Any]
) -> dict[str, Any]:
    spots = [
        Spot(entry.code, entry.name, entry.longitude, entry.latitude, entry.population)
        for entry in members
        if entry.longitude is not None and entry.latitude is not None
    ]
    views = {}
    for entry in members:
        candidates = {
            code: polygons[code] for code in constituencies.get(entry.code, []) if code in polygons
        }
        if len(candidates) < 2:
            continue
        # Paris, Lyon, Marseille: the middle of their arrondissements, all of them in the frame.
        first, last = ARRONDISSEMENTS.get(entry.code, ("", ""))
        parts = [spot for spot in spots if first <= spot.code <= last]
        centre = _centre(entry, parts)
        if centre is not None:
            views[entry.code] = view_around(centre, spots, candidates, parts)
    return views


def _centre(entry: _Entry, parts: list[Spot]) -> tuple[float, float] | None:
    if entry.longitude is not None and entry.latitude is not None:
        return entry.longitude, entry.latitude
    if not parts:
        return None
    longitudes = [spot.longitude for spot in parts]
    latitudes = [spot.latitude for spot in parts]
    return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2


def _index_postcodes(cut: CutPlaces, postcodes: Mapping[str, list[str]]) -> None:
    cut.prefixes = dict(_PREFIXES)
    for code in cut.departments:
        if code not in ("2A", "2B"):
            cut.prefixes[code] = [code]
    homes: dict[str, set[str]] = defaultdict(set)
    for commune, codes in postcodes.items():
        for postcode in codes:
            homes[postcode].add(department_of_commune(commune))
    for postcode, departments in sorted(homes.items()):
        told = cut.prefixes.get(postcode[:3]) or cut.prefixes.get(postcode[:2])
        if told != sorted(departments):
            cut.crossing[postcode] = sorted(departments)


def _index_homes(cut: CutPlaces, constituencies: Mapping[str, list[str]]) -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for commune, codes in constituencies.items():
        for code in codes:
            homes[code].add(department_of_commune(commune))
    cut.home = {code: sorted(homes[code]) for code in sorted(homes) if len(homes[code]) > 1}
