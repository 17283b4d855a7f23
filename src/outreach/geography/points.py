"""Which constituency a point lies in, and how near the next one is.

In a split commune the name of the commune does not say; a point does. Many points ask at once:
the points are indexed and the polygons ask, some fifty times faster than the other way round.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.outlines import Outlines, decode

FARTHEST_M: Final = 20_000.0
"""A point farther than this from every constituency is given none (metres)."""

BORDER_M: Final = 2_000.0
"""Borders are looked for up to this distance (metres): three times faster than without end."""

_EARTH_M: Final = 6_371_008.8
# Edges in one indexed piece of a line: 1 to 64 were tried, 8 to 32 were fastest.
_PIECE: Final = 16

Degrees = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Located:
    """What is known of n points, in their order.

    Attributes:
        constituency_code: "" where a coordinate is missing or not on Earth, or the point is
            more than FARTHEST_M from every constituency.
        inside: False where the point lies in no polygon (a lagoon, an estuary, a pier) and the
            code is that of the nearest one.
        distance_to_boundary_m: inside, metres to the nearest border with another constituency
            (coasts do not count), BORDER_M where it is farther or there is none; not inside,
            metres to the constituency. nan without code, or when distances were not asked for.
        neighbour_code: the constituency on the other side of that border, "" if none is so
            near, or if not inside.
    """

    constituency_code: NDArray[np.str_]
    inside: NDArray[np.bool_]
    distance_to_boundary_m: Degrees
    neighbour_code: NDArray[np.str_]


def locate(
    longitudes: ArrayLike,
    latitudes: ArrayLike,
    *,
    distances: bool = True,
    outlines: Outlines | None = None,
) -> Located:
    """Find the constituency of each point.

    Args:
        longitudes: n WGS84 degrees, nan = missing.
        latitudes: n WGS84 degrees, nan = missing.
        distances: also measure how far the border is.
        outlines: the polygons to ask, the bundled ones by default. Their coordinates are to
            1.1 m and their lines within 25 m of the official ones: nearer than 50 m to a
            border the answer wants an eye.

    Raises:
        InputError: the two lists differ in length, or the bundled outlines are missing.
    """
    x, y = np.asarray(longitudes, np.float64), np.asarray(latitudes, np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise InputError(f"{x.size} longitudes and {y.size} latitudes; give one of each a point.")
    shapes = outlines or load_outlines()
    known = np.flatnonzero((np.abs(x) <= 180) & (np.abs(y) < 90))
    owner = np.full(len(x), -1)
    owner[known] = _inside(shapes, x[known], y[known])
    inside = owner >= 0
    strays = known[~inside[known]]
    metres, across = np.full(len(x), np.nan), np.full(len(x), -1)
    owner[strays], metres[strays] = _nearest(shapes, x[strays], y[strays])
    if distances:
        found = np.flatnonzero(inside)
        metres[found], across[found] = _to_border(shapes, x[found], y[found], owner[found])
    else:
        metres[:] = np.nan
    names = np.append(shapes.codes, "")
    return Located(names[owner], inside, metres, names[across])


def load_outlines(*, light: bool = False) -> Outlines:
    """Load the bundled polygons, once.

    Args:
        light: the drawing of a map of France, not for finding anything.

    Raises:
        InputError: the file is missing.
    """
    return _load(data_path("geography", "outlines-light.npz" if light else "outlines.npz"))


@functools.cache
def _load(path: Path) -> Outlines:
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}); `outreach geography build` writes it."
        ) from error


def _inside(shapes: Outlines, x: Degrees, y: Degrees) -> NDArray[np.int64]:
    """Give the number of the polygon that holds each point, -1 for none."""
    owner = np.full(len(x), -1)
    polygon, point = shapely.STRtree(shapely.points(x, y)).query(
        shapes.polygons, predicate="intersects"
    )
    # A point on a border is in both: the lower code, whatever the order of the index.
    order = np.argsort(-polygon, kind="stable")
    owner[point[order]] = polygon[order]
    return owner


def _nearest(shapes: Outlines, x: Degrees, y: Degrees) -> tuple[NDArray[np.int64], Degrees]:
    """Give the number of the nearest polygon within FARTHEST_M, -1 for none, and metres to it."""
    owner, metres = np.full(len(x), -1), np.full(len(x), np.nan)
    if not len(x):
        return owner, metres
    rings, of_ring = shapely.get_parts(shapely.boundary(shapes.polygons), return_index=True)
    pieces, of_piece = _pieces(rings)
    points = shapely.points(_mercator(np.column_stack([x, y])))
    (asked, found), distance = shapely.STRtree(pieces).query_nearest(points, return_distance=True)
    distance *= np.cos(np.radians(y[asked]))
    number = of_ring[of_piece[found]]
    # As near to two: the lower code is written last.
    order = np.argsort(-number, kind="stable")
    order = order[distance[order] <= FARTHEST_M]
    owner[asked[order]], metres[asked[order]] = number[order], distance[order]
    return owner, metres


def _to_border(
    shapes: Outlines, x: Degrees, y: Degrees, owner: NDArray[np.int64]
) -> tuple[Degrees, NDArray[np.int64]]:
    """Give metres to the nearest border within BORDER_M, and the polygon beyond it."""
    metres, across = np.full(len(x), BORDER_M), np.full(len(x), -1)
    pieces, of_piece = _pieces(shapes.borders)
    points = shapely.points(_mercator(np.column_stack([x, y])))
    near, asked = shapely.STRtree(points).query(_around(pieces, BORDER_M))
    distance = shapely.distance(pieces[near], points[asked]) * np.cos(np.radians(y[asked]))
    close = distance <= BORDER_M
    near, asked, distance = near[close], asked[close], distance[close]
    beside = shapes.sides[of_piece[near]]
    beyond = np.where(beside[:, 0] == owner[asked], beside[:, 1], beside[:, 0])
    # Farthest first, so that the nearest is written last; as near to two: the lower code.
    order = np.lexsort((-beyond, -distance))
    metres[asked[order]], across[asked[order]] = distance[order], beyond[order]
    return metres, across


def _around(pieces: NDArray[np.object_], metres: float) -> NDArray[np.object_]:
    """Give boxes that hold all points within so many metres on the ground."""
    left, low, right, high = shapely.bounds(pieces).T
    # The margin grows with the scale of the map, greatest at the end far from the equator.
    margin = metres * np.cosh((np.maximum(np.abs(low), np.abs(high)) + metres) / _EARTH_M) * 1.001
    boxes: NDArray[np.object_] = shapely.box(
        left - margin, low - margin, right + margin, high + margin
    )
    return boxes


def _pieces(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut lines into short pieces in Mercator metres: an index of long ones finds slowly.

    Returns:
        The pieces, and for each the number of its line.
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    lengths = np.bincount(line, minlength=len(lines))
    first = np.cumsum(lengths) - lengths
    counts = -(-(lengths - 1) // _PIECE)
    of_line = np.repeat(np.arange(len(lines)), counts)
    nth = np.arange(len(of_line)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = first[of_line] + nth * _PIECE
    size = np.minimum(_PIECE, first[of_line] + lengths[of_line] - 1 - start) + 1
    offsets = np.concatenate([[0], np.cumsum(size)])
    index = np.arange(offsets[-1]) + np.repeat(start - offsets[:-1], size)
    pieces = shapely.from_ragged_array(
        shapely.GeometryType.LINESTRING, _mercator(xy)[index], (offsets,)
    )
    return pieces, of_line


def _mercator(degrees: Degrees) -> Degrees:
    """Project to metres on a sphere. Mercator keeps angles: the nearest stays the nearest.

    A short distance there, times the cosine of the latitude, is the distance on the ground,
    to 0.5 % (the sphere) in metropolitan France.
    """
    x, y = np.radians(degrees).T
    return np.column_stack([x, np.arctanh(np.sin(y))]) * _EARTH_M
