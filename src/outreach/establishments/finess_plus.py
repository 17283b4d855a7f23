"""FINESS+ (JSON, since 2026): the structures file, and the activities file for the capacities.

Both are read by stream: the national files hold 175 000 sites, 650 MB of text.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import ijson

from outreach.errors import InputError
from outreach.establishments.categories import Category, load_categories
from outreach.establishments.columns import TABLE, make_frame
from outreach.establishments.reading import Reading, finess_source
from outreach.establishments.refusal import Refusal

_OPEN = "A"
# The address of the place itself; 04 and 06 are secondary and postal ones.
_SITE_ADDRESS = "03"
_AUTHORISED, _PLACES = "09", "02"
# A capacity with one of these is a part of a total that stands beside it (habilitation "02" is the
# part open to social aid); summed with the total it would count twice.
_PART_OF_TOTAL = ("habilitation", "genre", "typeLogement", "modeFinancement")


def is_plus(head: bytes) -> bool:
    """Tell a FINESS+ file by its first bytes, unpacked."""
    return b'"schemaVersion"' in head[:400] and b'"generatedAt"' in head[:400]


def generated_on(path: Path) -> str:
    """The day the publisher made the file: "2026-08-13"."""
    with _open(path) as file:
        for prefix, _, value in ijson.parse(file):
            if prefix == "generatedAt":
                return str(value)[:10]
    return ""


def read_plus(
    structures: Path, activities: Path | None = None, *, fields_only: bool = False
) -> Reading:
    """Read the open sites of a FINESS+ file.

    Args:
        structures: finess-structures-….json or .json.gz.
        activities: finess-activites-….json(.gz), for authorised places; without it they are unknown.
        fields_only: only the sites whose category is of one of the five fields.

    Raises:
        InputError: not a FINESS+ structures file, or broken JSON.
    """
    places = authorised_places(activities) if activities else {}
    categories = load_categories()
    columns: dict[str, list[Any]] = {column: [] for column in TABLE}
    refused: list[Refusal] = []
    seen: set[str] = set()
    received = 0
    for manager, site in _sites(structures):
        category = categories.get(site.get("categorieentiteGeographiqueExercice") or "")
        if site.get("etatObjet") != _OPEN or (fields_only and not (category and category.field)):
            continue
        received += 1
        row = _row(manager, site, received)
        finess = row["finess"]
        if not finess or finess in seen:
            reason = "stands a second time" if finess else "has no FINESS number"
            refused.append(
                Refusal(received, "numFinessEge", row["name"], reason,
                        "take the file again from the publisher", file=structures.name)
            )  # fmt: skip
            continue
        seen.add(finess)
        row |= _categorised(category, places.get(finess))
        for column, values in columns.items():
            values.append(row.get(column))
    if not received:
        raise InputError(f"{structures.name} holds no open site; is it a FINESS+ structures file?")
    table = make_frame(columns, TABLE)
    day = generated_on(structures)
    notes = (f"FINESS+ of {day}",)
    return Reading(
        table=table,
        refused=tuple(refused),
        notes=notes,
        received=received,
        source=finess_source(day),
        as_of=day,
    )


def _categorised(category: Category | None, capacity: int | None) -> dict[str, Any]:
    """What a category says: its name, its field, and what the capacity counts."""
    if category is None:
        return {"category": "", "field": "", "places": capacity}
    counted = "measures" if category.capacity == "measure" else "places"
    return {"category": category.category, "field": category.field, counted: capacity}


def authorised_places(activities: Path) -> dict[str, int]:
    """Authorised capacity of each site: FINESS number → the sum over its authorised activities.

    Sites without a known capacity are absent: unknown is not 0.
    """
    places: dict[str, int] = {}
    for manager in _items(activities):
        for site in manager.get("ege") or ():
            known = [
                int(capacity["nombre"])
                for activity in site.get("activitesExercees") or ()
                if activity["caracteristiquesGeneriques"].get("etatObjet") == _OPEN
                for capacity in activity.get("capacite") or ()
                if _is_total(capacity)
            ]
            if known:
                places[site["numFinessEge"]] = sum(known)
    return places


def _is_total(capacity: dict[str, Any]) -> bool:
    return (
        capacity.get("statutCapacite") == _AUTHORISED
        and capacity.get("uniteMesureCapacite") == _PLACES
        and str(capacity.get("nombre") or "").isdigit()
        and not any(capacity.get(part) for part in _PART_OF_TOTAL)
    )


def _row(manager: dict[str, Any], site: dict[str, Any], number: int) -> dict[str, Any]:
    general = site["informationsGeneralesEGE"]
    address: dict[str, Any] = next(
        (item for item in site.get("adresse") or () if item.get("usageAdresse") == _SITE_ADDRESS),
        {},
    )
    code = address.get("cogCommune") or ""
    longitude, latitude = _degrees(address.get("coordonneesGeographique") or {})
    lines = (address.get("ligneQuatre"), address.get("lieuDit"))
    return {
        **{column: "" for column, dtype in TABLE.items() if dtype == "string"},
        "establishment_id": general.get("numFinessEge") or "",
        "finess": general.get("numFinessEge") or "",
        "source_row": number,
        "name": general.get("nomEgeLong") or general.get("nomEgeCourt") or "",
        "organisation": (manager.get("informationsGeneralesPMEJ") or {}).get("denominationPm")
        or "",
        "address": ", ".join(line.strip() for line in lines if line and line.strip()),
        "postcode": address.get("codePostal") or "",
        "commune_name": address.get("ligneAcheminement") or "",
        "commune_code": code,
        "department_code": code[:3] if code[:2] in ("97", "98") else code[:2],
        "longitude": longitude,
        "latitude": latitude,
        "siret": general.get("siret") or "",
        "category_code": site.get("categorieentiteGeographiqueExercice") or "",
    }


def _degrees(coordinates: dict[str, Any]) -> tuple[float | None, float | None]:
    """Degrees stand in one of two pairs, metres in the other; nothing names which."""
    for x, y in (("coordonneeX", "coordonneeY"), ("directionLongitude", "directionLatitude")):
        try:
            longitude, latitude = float(coordinates[x]), float(coordinates[y])
        except (KeyError, TypeError, ValueError):
            continue
        if abs(longitude) <= 180 and abs(latitude) <= 90 and (longitude, latitude) != (0.0, 0.0):
            return longitude, latitude
    return None, None


def _sites(structures: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for manager in _items(structures):
        for site in manager.get("ege") or ():
            if "informationsGeneralesEGE" not in site:
                raise InputError(
                    f"{structures.name} is not a FINESS+ structures file; the activities file goes "
                    "beside it, not in its place."
                )
            yield manager, site


def _items(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with _open(path) as file:
            yield from ijson.items(file, "pmej.item", use_float=True)
    except (ijson.JSONError, EOFError, gzip.BadGzipFile) as error:
        raise InputError(
            f"{path.name} breaks off or is not JSON ({error}); take it again from the publisher."
        ) from error


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb"))
