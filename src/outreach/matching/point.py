"""What a row's coordinates say, and when they decide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outreach.matching.said import Found

# The polygons are simplified to 25 m; within 50 m of a boundary a person looks.
NEAR_A_BOUNDARY_M = 50.0
# A geocoder puts a site on its street, a member list on the town hall: a point outside its commune's
# constituency by less than this is a loose point, by more a wrong point or a wrong commune.
_LOOSE_M = 1500.0
# A point at sea or abroad by more than this was not meant for the nearest constituency.
_FARTHEST_OUTSIDE_M = 20_000.0


@dataclass(frozen=True, slots=True)
class Point:
    """Where one point falls.

    Attributes:
        constituency_code: of the polygon around it, or the nearest.
        inside: False when it fell in no polygon (a lagoon, an estuary) and the nearest was taken.
        distance_m: to the nearest boundary with another constituency, in metres.
        neighbour_code: the constituency beyond that boundary, "" if it is farther than 2 km.
    """

    constituency_code: str
    inside: bool
    distance_m: float
    neighbour_code: str = ""


def locate_points(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> list[Point]:
    """Locate n points, all together."""
    if not len(longitudes):
        return []
    from outreach.geography.points import locate  # loads the polygons: only when a row has a point

    located = locate(longitudes, latitudes)
    return [
        Point(str(code), inside, metres, str(neighbour))
        for code, inside, metres, neighbour in zip(
            located.constituency_code.tolist(),
            located.inside.tolist(),
            located.distance_to_boundary_m.tolist(),
            located.neighbour_code.tolist(),
            strict=True,
        )
    ]


def decide_by_point(
    place: Found, possible: Sequence[str], point: Point
) -> tuple[tuple[str, ...], str, str, str] | None:
    """Decide a row by its point; None when the place decides alone.

    Args:
        place: what the row's words say.
        possible: the constituencies of that place; empty when nothing is known.
        point: where its coordinates fall.

    Returns:
        (constituencies, method, certainty, reason): one constituency when certain, the candidates
        with certainty "unsure" otherwise.
    """
    code = point.constituency_code
    if not code:
        return None
    metres = round(point.distance_m)
    if not point.inside and point.distance_m > _FARTHEST_OUTSIDE_M:
        return None
    where = f"the point is in {code}"
    if not point.inside:
        where = f"the point is in no constituency, {metres} m from the nearest, {code}"
    if possible and code not in possible:
        loose = not point.inside or (
            point.neighbour_code in possible and point.distance_m <= _LOOSE_M
        )
        if loose and len(possible) == 1:
            return None
        return (*possible, code), "none", "unsure", f"{place.reason}, but {where}"
    if len(possible) == 1 and place.certainty != "unsure":
        return None
    if point.inside and metres <= NEAR_A_BOUNDARY_M and len(possible) != 1:
        others = tuple(other for other in possible if other != code)
        return (code, *others), "none", "unsure", f"{where}, {metres} m from the boundary"
    reason = f"{place.reason}; {where}" if place.places else where
    return (code,), "point", "address", reason
