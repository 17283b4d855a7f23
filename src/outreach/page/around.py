"""The small map of each split commune: its centre, how far to look, and names to find one's way."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

_NEIGHBOURS: Final = 8
_MOST_NAMES: Final = 25
_SMALLEST: Final = 0.012  # degrees of latitude, 1.3 km
_LARGEST: Final = 0.25
_MARGIN: Final = 1.35
_ARRONDISSEMENT: Final = re.compile(r".* (\d+er?) arrondissement")


@dataclass(frozen=True, slots=True)
class Spot:
    """A commune or arrondissement with a point of its own."""

    code: str
    name: str
    longitude: float
    latitude: float
    population: int


def view_around(
    centre: tuple[float, float],
    spots: Iterable[Spot],
    constituencies: Mapping[str, Any],
    parts: Iterable[Spot] = (),
) -> dict[str, Any]:
    """Frame a split commune so that each of its constituencies is in sight.

    Args:
        centre: longitude and latitude of the commune.
        spots: the communes of its département, itself included.
        constituencies: code → polygon of those that share it.
        parts: its arrondissements, all to be in the frame.

    Returns:
        centre; degrees of latitude from it to the edge; names of places in the frame, the most
        populous first: [name, longitude, latitude].
    """
    longitude, latitude = centre
    narrow = float(np.cos(np.radians(latitude)))
    spots = tuple(spots)
    distances = sorted(
        float(np.hypot((spot.longitude - longitude) * narrow, spot.latitude - latitude))
        for spot in spots
    )
    degrees = _degrees(centre, distances, constituencies, parts)
    inside = [
        spot
        for spot in spots
        if abs(spot.longitude - longitude) * narrow < degrees
        and abs(spot.latitude - latitude) < degrees
    ]
    inside.sort(key=lambda spot: (-spot.population, spot.code))
    return {
        "centre": [round(longitude, 4), round(latitude, 4)],
        "degrees": round(degrees, 4),
        "names": [
            [_short(spot.name), round(spot.longitude, 4), round(spot.latitude, 4)]
            for spot in inside[:_MOST_NAMES]
        ],
    }


def _degrees(
    centre: tuple[float, float],
    distances: Sequence[float],
    constituencies: Mapping[str, Any],
    parts: Iterable[Spot],
) -> float:
    """Give how far the frame reaches: over the nearest communes, all parts, every constituency.

    Args:
        centre: longitude and latitude of the commune.
        distances: of the communes around, ascending, in degrees of latitude.
        constituencies: code → polygon of those that share it.
        parts: its arrondissements.
    """
    longitude, latitude = centre
    narrow = float(np.cos(np.radians(latitude)))
    nearest = [away for away in distances if away > 0][:_NEIGHBOURS]
    degrees = float(np.median(nearest)) if nearest else _LARGEST / 5
    reach = [
        max(abs(spot.longitude - longitude) * narrow, abs(spot.latitude - latitude)) * _MARGIN
        for spot in parts
    ]
    degrees = min(max(degrees, _SMALLEST, *reach), _LARGEST)
    while degrees < _LARGEST and not _all_in_sight(centre, degrees, narrow, constituencies):
        degrees *= 1.3
    return degrees


def _short(name: str) -> str:
    """Write "8e arr." for "Marseille 8e arrondissement": a small map has no room for more."""
    return _ARRONDISSEMENT.sub(r"\1 arr.", name)


def _all_in_sight(
    centre: tuple[float, float], degrees: float, narrow: float, constituencies: Mapping[str, Any]
) -> bool:
    longitude, latitude = centre
    wide = degrees / narrow
    frame = shapely.box(longitude - wide, latitude - degrees, longitude + wide, latitude + degrees)
    least = frame.area / 200
    return all(
        shapely.area(shapely.intersection(polygon, frame)) > least
        for polygon in constituencies.values()
    )
