"""Outlines of constituencies written small, for the device to find a point by itself.

A ring is steps in 1e-5 degree (1.1 m), each number a run of 5-bit digits with a sixth bit meaning
"more follows" and its sign in the lowest bit: 2 bytes a step where JSON numbers take 5.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STEPS_PER_DEGREE: Final = 100_000


def encode_ring(points: NDArray[np.float64]) -> str:
    """Write a closed ring: n × 2 degrees, the last point equal to the first."""
    steps = np.round(np.asarray(points) * STEPS_PER_DEGREE).astype(np.int64)
    moves = np.diff(steps, axis=0, prepend=np.zeros((1, 2), np.int64))
    kept = np.any(moves != 0, axis=1)
    kept[0] = True
    return "".join(_digits(int(value)) for value in moves[kept].ravel())


def _digits(value: int) -> str:
    rest = -2 * value - 1 if value < 0 else 2 * value
    written = []
    while True:
        digit, rest = rest & 31, rest >> 5
        written.append(_DIGITS[digit | (32 if rest else 0)])
        if not rest:
            return "".join(written)


def encode_shapes(polygons: Mapping[str, Any]) -> dict[str, list[str]]:
    """Write every ring of some constituencies: code → rings, outer and inner alike.

    Args:
        polygons: constituency code → shapely Polygon or MultiPolygon, WGS84 degrees. The
            even-odd rule needs no order of rings.
    """
    return {
        code: [encode_ring(ring) for ring in _rings(polygon)] for code, polygon in polygons.items()
    }


def _rings(polygon: Any) -> Iterable[NDArray[np.float64]]:
    for part in shapely.get_parts(polygon):
        for ring in shapely.get_rings(part):
            yield shapely.get_coordinates(ring)


def frames(polygons: Mapping[str, Any]) -> dict[str, list[float]]:
    """Give the frame of each constituency: code → west, south, east, north, degrees."""
    return {
        code: [round(float(side), 3) for side in shapely.bounds(polygon)]
        for code, polygon in polygons.items()
    }
