"""A small map of the recipient's area with the establishments as dots, beside the figures.

Drawn by Typst from points in millimetres; nothing is fetched, no tile, no name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

WIDTH = 34.0
HEIGHT = 26.0
_DOT_ROOM = 1.0
# An islet or a fold of the outline smaller than this on paper only makes a blot.
_SMALLEST = 0.35

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class LocalMap:
    """Outlines and dots in millimetres from the top left corner of a WIDTH × HEIGHT field.

    Attributes:
        rings: closed outlines; several for islands, or for the constituencies of a département.
        dots: one for each establishment with a known point.
        alt: what the map shows, in French, for readers who cannot see it.
    """

    rings: tuple[Ring, ...]
    dots: tuple[tuple[float, float], ...]
    alt: str


def local_map(
    polygons: Iterable[Any], points: Sequence[tuple[float, float]], area: str
) -> LocalMap | None:
    """Draw an area and its establishments.

    Args:
        polygons: shapely Polygons or MultiPolygons, WGS84 degrees, as geography.points gives them.
        points: (longitude, latitude) of establishments known to lie in the area.
        area: "1re circonscription de l’Ain", for the words that describe the map.

    Returns:
        None without polygons or without points: an empty map tells nothing.
    """
    rings = [
        [(float(x), float(y)) for x, y in part.exterior.coords]
        for polygon in polygons
        for part in getattr(polygon, "geoms", [polygon])
    ]
    if not rings or not points:
        return None
    longitudes = [x for ring in rings for x, _ in ring]
    latitudes = [y for ring in rings for _, y in ring]
    west, north = min(longitudes), max(latitudes)
    # A degree of longitude shrinks with the latitude; over one département this is enough.
    narrow = cos(radians((north + min(latitudes)) / 2))
    wide = max((max(longitudes) - west) * narrow, 1e-6)
    high = max(north - min(latitudes), 1e-6)
    scale = min((WIDTH - 2 * _DOT_ROOM) / wide, (HEIGHT - 2 * _DOT_ROOM) / high)
    left = (WIDTH - wide * scale) / 2
    top = (HEIGHT - high * scale) / 2

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            round(left + (point[0] - west) * narrow * scale, 2),
            round(top + (north - point[1]) * scale, 2),
        )

    drawn = tuple(_thinned([place(point) for point in ring]) for ring in rings)
    dots = tuple(sorted(place(point) for point in points))
    many = "établissements" if len(dots) > 1 else "établissement"
    return LocalMap(
        tuple(ring for ring in drawn if len(ring) > 3),
        tuple((x, y) for x, y in dots if -1 <= x <= WIDTH + 1 and -1 <= y <= HEIGHT + 1),
        f"Carte : {area}, {len(dots)} {many}.",
    )


def _thinned(ring: Sequence[tuple[float, float]]) -> Ring:
    """Leave out points that lie too near to the one before to be told apart on paper."""
    kept = [ring[0]]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= _SMALLEST:
            kept.append(point)
    return tuple(kept)
