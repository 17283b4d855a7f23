"""A small map of the recipient's area with the establishments as dots, beside the figures.

Drawn by Typst from points in millimetres; nothing is fetched, no tile, no name. Dots that would
fall on one another are one dot with their number, and words say how many are not on the map: a
reader who counts finds what the letter says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, dist, radians
from typing import Any

WIDTH = 34.0
HEIGHT = 22.0
_DOT_ROOM = 1.0
# Millimetres on paper: a dot, and one with a number of one, two or three digits.
_RADII = (0.6, 1.0, 1.3, 1.7)
# The caption's line in typst/tree.typ: its height, and the characters that surely fit the width.
_CAPTION_LINE = 2.25
_CAPTION_CHARACTERS = 33
# An islet or a fold of the outline smaller than this on paper only makes a blot.
_SMALLEST = 0.35

Ring = tuple[tuple[float, float], ...]
Dot = tuple[float, float, int, float]


@dataclass(frozen=True, slots=True)
class LocalMap:
    """Outlines and dots in millimetres from the top left corner of a WIDTH × HEIGHT field.

    Attributes:
        rings: closed outlines; several for islands, or for the constituencies of a département.
        dots: x, y, how many establishments it stands for, radius.
        caption: what a dot is and how many establishments have none, in French.
        alt: what the map shows, in French, for readers who cannot see it.
    """

    rings: tuple[Ring, ...]
    dots: tuple[Dot, ...]
    caption: str
    alt: str

    @property
    def height(self) -> float:
        """Millimetres that the map takes with its caption and the mention under it."""
        return HEIGHT + _CAPTION_LINE * (1 + ceil(len(self.caption) / _CAPTION_CHARACTERS))


def local_map(
    polygons: Iterable[Any], points: Sequence[tuple[float, float]], area: str, of: int
) -> LocalMap | None:
    """Draw an area and its establishments.

    Args:
        polygons: shapely Polygons or MultiPolygons, WGS84 degrees, as geography.points gives them.
        points: (longitude, latitude) of establishments known to lie in the area.
        area: "de la 1re circonscription de l’Ain", for the words that describe the map.
        of: how many establishments the letter counts there, those without a point too.

    Returns:
        None without polygons, or where less than half of the establishments would be drawn: such
        a map shows where coordinates are known, not where establishments are.
    """
    rings = [
        [(float(x), float(y)) for x, y in part.exterior.coords]
        for polygon in polygons
        for part in getattr(polygon, "geoms", [polygon])
    ]
    if not rings:
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

    places = [place(point) for point in points]
    inside = [(x, y) for x, y in places if -1 <= x <= WIDTH + 1 and -1 <= y <= HEIGHT + 1]
    if not inside or 2 * len(inside) < of:
        return None
    drawn = tuple(_thinned([place(point) for point in ring]) for ring in rings)
    dots = _apart(inside)
    caption = _caption(len(inside), of, any(dot[2] > 1 for dot in dots))
    return LocalMap(
        tuple(ring for ring in drawn if len(ring) > 3), dots, caption, f"Carte {area}. {caption}"
    )


def _apart(places: Iterable[tuple[float, float]]) -> tuple[Dot, ...]:
    """Join dots that would touch into one, in their middle, until none does."""
    dots = [(x, y, 1, _RADII[0]) for x, y in sorted(places)]
    at = 0
    while at < len(dots):
        one = dots[at]
        near = next(
            (other for other in dots[:at] if dist(one[:2], other[:2]) < one[3] + other[3]), None
        )
        if near is None:
            at += 1
            continue
        count = one[2] + near[2]
        x, y = (
            round((a * one[2] + b * near[2]) / count, 2)
            for a, b in zip(one[:2], near[:2], strict=True)
        )
        dots.remove(one)
        dots.remove(near)
        # It is larger and elsewhere than the two: it is compared with all others again.
        dots.insert(at - 1, (x, y, count, _RADII[min(len(str(count)), 3)]))
        at -= 1
    return tuple(sorted(dots))


def _caption(placed: int, of: int, joined: bool) -> str:
    """Say what a dot is, and how many of how many establishments have one."""
    said = "Un point par établissement"
    if joined:
        said += ", un nombre là où ils se touchent"
    if placed < of:
        others = "l’autre n’a" if of - placed == 1 else "les autres n’ont"
        said += f". {placed} des {of} établissements\u202f; {others} pas de coordonnées sûres"
    elif of > 1:
        said += f". {of} établissements"
    return f"{said}."


def _thinned(ring: Sequence[tuple[float, float]]) -> Ring:
    """Leave out points that lie too near to the one before to be told apart on paper."""
    kept = [ring[0]]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= _SMALLEST:
            kept.append(point)
    return tuple(kept)
