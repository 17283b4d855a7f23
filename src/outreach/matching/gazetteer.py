"""Names and postcodes → places, indexed once for a Geography.

A place is a commune of today, or an arrondissement of Paris, Lyon or Marseille (narrower). The
index knows each place by its official name, La Poste's, its former and delegated communes' and
the names in use of establishments/spelling.toml.
"""

import gc
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from outreach.establishments.spelling import (
    aliases,
    commune_key,
    countries,
    ends_with_small_word,
    loose_key,
    plain,
)
from outreach.geography.codes import department_of_commune
from outreach.geography.places import Geography

# How good a name is for a place; the better kind wins among equals. The name without its small
# words ("rochelle") is one worse than the name itself, which may be another commune's own.
OFFICIAL, POSTAL, FORMER, ALIAS = 0, 2, 4, 6
Places = dict[str, int]  # place code → kind of name

# The last geography's index; a process uses one geography, tests a few.
_KEPT: "list[Gazetteer]" = []


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The index.

    Attributes:
        of_postcode: postcode → places.
        in_postcode: postcode → name key → places.
        in_department: département → name key → places.
        in_country: name key → places.
        keys_of: place → its name keys, in the order of the tables (a set's order would differ
            from one run to the next, and the words of a reason with it).
        constituencies_of: place → its constituencies.
        names: place → official name.
        centres: commune → longitude and latitude of its centre.
        postcodes_of: place → its postcodes.
        department_codes: name of a département as spelling.plain gives it → code.
        abroad: name of a town or country that no commune of France bears → constituency there.
        countries: the countries among them and what lists call them, even those that a commune
            of France bears ("Suisse").
    """

    geography: Geography
    of_postcode: dict[str, tuple[str, ...]] = field(default_factory=dict)
    in_postcode: dict[str, dict[str, Places]] = field(default_factory=dict)
    in_department: dict[str, dict[str, Places]] = field(default_factory=dict)
    in_country: dict[str, Places] = field(default_factory=dict)
    keys_of: dict[str, dict[str, None]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    centres: dict[str, tuple[float, float]] = field(default_factory=dict)
    constituencies_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    postcodes_of: dict[str, list[str]] = field(default_factory=dict)
    department_codes: dict[str, str] = field(default_factory=dict)
    abroad: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)

    def constituencies(self, places: Sequence[str]) -> tuple[str, ...]:
        """The constituencies of several places together, without repetition."""
        if len(places) == 1:
            return self.constituencies_of.get(places[0], ())
        found: dict[str, None] = {}
        for place in places:
            found.update(dict.fromkeys(self.constituencies_of.get(place, ())))
        return tuple(found)

    def commune_of(self, place: str) -> str:
        """The commune of a place: itself, or an arrondissement's."""
        district = self.geography.arrondissements.get(place)
        return district.commune_code if district else place

    def postcodes_agree(self, place: str, postcode: str) -> bool:
        """Tell whether a postcode serves a place, or a part of it, or what it is a part of."""
        commune = self.commune_of(place)
        return any(
            other in (place, commune) or self.commune_of(other) == place
            for other in self.of_postcode.get(postcode, ())
        )

    def one_digit_away(self, place: str, postcode: str) -> bool:
        """Tell whether one digit makes a postcode one of a place's."""
        return any(
            len(own) == len(postcode)
            and sum(a != b for a, b in zip(own, postcode, strict=True)) == 1
            for own in self.postcodes_of.get(place, ())
        )

    def mistyped_postcode(self, key: str, postcode: str) -> Places:
        """The places of a name, anywhere, whose postcode is one digit away from the one given."""
        return {
            place: kind
            for place, kind in self.in_country.get(key, {}).items()
            if kind < FORMER and self.one_digit_away(place, postcode)
        }

    def one_digit_from(self, postcode: str) -> dict[str, Places]:
        """The names under the postcodes that differ by one digit, some 300, with their places."""
        names: dict[str, Places] = {}
        for at, digit in ((at, digit) for at in range(len(postcode)) for digit in "0123456789"):
            other = postcode[:at] + digit + postcode[at + 1 :]
            if other == postcode:
                continue
            for name, places in self.in_postcode.get(other, {}).items():
                names[name] = names[name] | places if name in names else places
        return names

    def all_alike(self, names: Mapping[str, Places], key: str, cutoff: float) -> list[str]:
        """The names at least so alike (rapidfuzz ratio, 0 to 100), the most alike first."""
        found = process.extract(key, names.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=5)
        return [name for name, _, _ in found]

    def likeness(self, names: Mapping[str, Places], key: str) -> float:
        """How alike the nearest name is, 0 to 100."""
        found = process.extractOne(key, names.keys(), scorer=fuzz.ratio)
        return found[1] if found else 0.0

    def exact(self, names: Mapping[str, Places], key: str) -> Places:
        """The places of a name in a part of the index, the best kind of name only."""
        places = names.get(key, {})
        if len(places) < 2:
            return places
        best = min(places.values())
        return {place: kind for place, kind in places.items() if kind == best}

    def alike(self, names: Mapping[str, Places], key: str, cutoff: float, margin: float) -> Places:
        """The places of the one name that is alike; none when two names are nearly as alike.

        Args:
            names: a part of the index.
            key: what was typed, as a key.
            cutoff: least likeness, 0 to 100 (rapidfuzz ratio).
            margin: how much the next different place must stay behind.
        """
        found = process.extract(
            key, names.keys(), scorer=fuzz.ratio, score_cutoff=cutoff - margin, limit=6
        )
        if not found or found[0][1] < cutoff:
            return {}
        best = names[found[0][0]]
        for other, score, _ in found[1:]:
            if found[0][1] - score < margin and not names[other].keys() <= best.keys():
                return {}
        return best


def gazetteer_of(geography: Geography) -> Gazetteer:
    """Give the index of a geography, built once."""
    if not _KEPT or _KEPT[0].geography is not geography:
        _KEPT[:] = [_build(geography)]
        # The index is kept to the end of the process: without this, Python's collector walks its
        # 100 000 objects again and again, a quarter of the time of matching (measured 2026-11).
        gc.freeze()
    return _KEPT[0]


def departments_of_postcode(postcode: str) -> tuple[str, ...]:
    """The département(s) that the first digits of a postcode mean: "20…" is both of Corsica."""
    if postcode.startswith("20"):
        return ("2A", "2B")
    # Saint-Barthélemy and Saint-Martin keep postcodes of Guadeloupe.
    if postcode.startswith("971"):
        return ("971", "977", "978")
    return (postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2],)


def name_keys(name: str) -> tuple[str, ...]:
    """Give the spellings to compare of a name, the most exact first.

    "Château-Chinon (Ville)" is "chateau chinon ville" before it is "chateau chinon"; without its
    small words and spaces "La Rochelle" is "rochelle".
    """
    spelled = [commune_key(name.replace("(", " ").replace(")", " "))] if "(" in name else []
    key = commune_key(name)
    # "Tremblay-en-" was cut: it is not Le Tremblay.
    spelled += [key] if ends_with_small_word(key) else [key, loose_key(name)]
    return tuple(dict.fromkeys(key for key in spelled if key)) or ("",)


def is_inside(key: str, other: str) -> bool:
    """Tell whether a short name is the beginning or the end of a longer: "la baule", "evry"."""
    return len(key) >= 4 and (other.startswith(f"{key} ") or other.endswith(f" {key}"))


def _build(geography: Geography) -> Gazetteer:
    index = Gazetteer(geography)
    index.constituencies_of.update(geography.constituencies_of)
    _add_names(index)
    _add_postcodes(index)
    index.department_codes.update(
        {plain(item.name): code for code, item in geography.departments.items() if code != "ZZ"}
    )
    known = {plain(name): code for name, code in geography.abroad.items()}
    taken = index.in_country.keys() | index.department_codes.keys()
    index.abroad.update({name: code for name, code in known.items() if name not in taken})
    for name, country in countries().items():
        index.countries[name] = known[country]
        if name not in taken:
            index.abroad[name] = known[country]
    return index


def _add_names(index: Gazetteer) -> None:
    """File every commune and arrondissement under its name, its former ones' and those in use."""
    geography = index.geography
    communes, former = geography.communes, geography.former_communes
    codes = communes["commune_code"].tolist()
    points = communes[["longitude", "latitude"]].to_numpy(dtype=float, na_value=math.nan).tolist()
    for code, name, (longitude, latitude) in zip(
        codes, communes["name"].tolist(), points, strict=True
    ):
        index.names[code] = name
        index.centres[code] = (longitude, latitude)
        _add(index, code, name, OFFICIAL)
    for arrondissement in geography.arrondissements.values():
        index.names[arrondissement.code] = arrondissement.name
        _add(index, arrondissement.code, arrondissement.name, OFFICIAL)
    for name, code in zip(
        former["former_name"].tolist(), former["commune_code"].tolist(), strict=True
    ):
        _add(index, code, name, FORMER)
    for alias, alias_codes in aliases().items():
        for code in alias_codes:
            if code in index.names:
                _add(index, code, alias, ALIAS)


def _add_postcodes(index: Gazetteer) -> None:
    """File the places under their postcodes, and there under all their names."""
    postcodes = index.geography.postcodes
    of_postcode: dict[str, dict[str, None]] = {}
    for postcode, commune, district, label, locality in zip(
        *(postcodes[column].tolist() for column in ("postcode", "commune_code", "arrondissement_code", "label", "locality")),
        strict=True,
    ):  # fmt: skip
        place = district or commune
        of_postcode.setdefault(postcode, {})[place] = None
        _add(index, place, label, POSTAL)
        if locality:
            _add(index, place, locality, FORMER)
    for postcode, places in of_postcode.items():
        index.of_postcode[postcode] = tuple(places)
        names: dict[str, Places] = {}
        for place in places:
            index.postcodes_of.setdefault(place, []).append(postcode)
            # "Lyon" with the postcode of an arrondissement is that arrondissement.
            city = commune_key(index.names.get(index.commune_of(place), ""))
            for key in (*index.keys_of[place], city):
                kind = OFFICIAL if key == city else index.in_country[key][place]
                names.setdefault(key, {})[place] = kind
        index.in_postcode[postcode] = names


def _add(index: Gazetteer, place: str, name: str, kind: int) -> None:
    """File a place under a name, in its département and in the country; its loose spelling too."""
    department = department_of_commune(place)
    full, *others = name_keys(name)
    keys = index.keys_of.setdefault(place, {})
    of_department = index.in_department.setdefault(department, {})
    for key, rank in ((full, kind), *((other, kind + 1) for other in others)):
        keys[key] = None
        for names in (index.in_country, of_department):
            places = names.setdefault(key, {})
            places[place] = min(rank, places.get(place, rank))
