"""Outlines of the constituencies: a small file of shared borders, and polygons made from it.

Neighbours share each border once, as an arc: half the size, no gaps, and a border knows the
two constituencies beside it. Coordinates are whole steps of 1e-5 degree (at most 1.1 m).

The file is a NumPy archive (.npz) of
    step          degrees in one step
    codes         n constituency codes
    parts         n counts: polygons of each constituency
    rings         one count per polygon: its rings, the outer one first
    arcs          one count per ring: its arcs
    references    one per arc of each ring: arc number, or -1 - number when it runs backwards
    lengths       one count per arc: its points
    starts        one x and y per arc
    moves         zigzag moves between the points of each arc, one plane per byte
"""

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Integers = NDArray[np.int64]
STEP: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Outlines:
    """Polygons and the borders between them, WGS84 degrees.

    Attributes:
        codes: n constituency codes, ascending.
        polygons: n MultiPolygons, in the order of codes.
        borders: k LineStrings, each between exactly two constituencies (coasts and the
            frontiers of France are not borders).
        sides: k × 2 numbers into codes: who lies on the two sides of each border.
    """

    codes: NDArray[np.str_]
    polygons: NDArray[np.object_]
    borders: NDArray[np.object_]
    sides: Integers


def encode(codes: list[str], polygons: NDArray[np.object_], step: float = STEP) -> bytes:
    """Write polygons as arcs; the same polygons give the same bytes.

    Args:
        codes: n constituency codes, in any order.
        polygons: n Polygons or MultiPolygons, WGS84 degrees. Edges that neighbours share
            vertex by vertex are stored once; others are kept as they are.
        step: degrees; coordinates are rounded to it.
    """
    order = sorted(range(len(codes)), key=codes.__getitem__)
    arcs = _Arcs()
    parts, rings, counts, references = [], [], [], []
    shapes = [_steps(polygons[n], step) for n in order]
    arcs.find_junctions([ring for shape in shapes for part in shape for ring in part])
    for shape in shapes:
        parts.append(len(shape))
        for part in shape:
            rings.append(len(part))
            for ring in part:
                numbers = arcs.cut(ring)
                counts.append(len(numbers))
                references += numbers
    points = [np.array(arc) for arc in arcs.found]
    archive = io.BytesIO()
    np.savez_compressed(
        archive,
        step=np.array(step),
        codes=np.array([codes[n] for n in order]),
        parts=np.array(parts, "<i4"),
        rings=np.array(rings, "<i4"),
        arcs=np.array(counts, "<i4"),
        references=np.array(references, "<i4"),
        lengths=np.array([len(arc) for arc in points], "<i4"),
        starts=np.array([arc[0] for arc in points], "<i4"),
        moves=_zigzag(np.concatenate([np.diff(arc, axis=0) for arc in points])),
    )
    return archive.getvalue()


def decode(data: bytes) -> Outlines:
    """Make the polygons and the borders of an encoded file."""
    with np.load(io.BytesIO(data)) as archive:
        stored: dict[str, NDArray[Any]] = {name: archive[name] for name in archive.files}
    lengths, references = stored["lengths"].astype(np.int64), stored["references"].astype(np.int64)
    points = _points(stored) * float(stored["step"])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])

    numbers = np.where(references < 0, -1 - references, references)
    # Each arc gives all its points but the last, which the next arc begins with.
    taken = lengths[numbers] - 1
    within = _within(taken)
    backwards = np.repeat(references < 0, taken)
    first = np.repeat(starts[numbers], taken)
    last = first + np.repeat(taken, taken)
    walk = np.where(backwards, last - within, first + within)

    arcs_of_ring = stored["arcs"].astype(np.int64)
    ring_ends = np.cumsum(np.add.reduceat(taken, np.cumsum(arcs_of_ring) - arcs_of_ring))
    ring_starts = np.concatenate([[0], ring_ends[:-1]])
    closed = np.insert(walk, ring_ends, walk[ring_starts])
    offsets = (
        np.concatenate([[0], ring_ends + np.arange(1, len(ring_ends) + 1)]),
        np.concatenate([[0], np.cumsum(stored["rings"], dtype=np.int64)]),
        np.concatenate([[0], np.cumsum(stored["parts"], dtype=np.int64)]),
    )
    polygons = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, points[closed], offsets)

    ring_owner = np.repeat(
        np.repeat(np.arange(len(stored["parts"])), stored["parts"]), stored["rings"]
    )
    shared, sides = _between(numbers, np.repeat(ring_owner, arcs_of_ring))
    kept = np.repeat(np.isin(np.arange(len(lengths)), shared), lengths)
    border_offsets = np.concatenate([[0], np.cumsum(lengths[shared])])
    borders = shapely.from_ragged_array(
        shapely.GeometryType.LINESTRING, points[kept], (border_offsets,)
    )
    return Outlines(stored["codes"], polygons, borders, sides)


def simplify(polygons: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Draw polygons with fewer points, neighbours still sharing each border.

    Args:
        polygons: n polygons that share their borders vertex by vertex.
        tolerance: degrees; corners that cut off less than its square go, and so do islets
            smaller than that (the largest part of each polygon always stays).
    """
    simple = shapely.coverage_simplify(polygons, tolerance)
    return np.array([_without_islets(polygon, tolerance**2) for polygon in simple], object)


def _without_islets(polygon: Any, area: float) -> Any:
    parts = sorted(shapely.get_parts(polygon), key=shapely.area, reverse=True)
    return shapely.multipolygons([parts[0], *(p for p in parts[1:] if p.area >= area)])


class _Arcs:
    """Cuts rings where borders meet, and gives each arc its number."""

    def __init__(self) -> None:
        self.found: list[list[tuple[int, int]]] = []
        self._numbers: dict[tuple[tuple[int, int], ...], int] = {}
        self._junctions: set[tuple[int, int]] = set()

    def find_junctions(self, rings: list[list[tuple[int, int]]]) -> None:
        """Remember the points where not exactly two edges meet."""
        neighbours: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for ring in rings:
            for before, point, after in zip(
                ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True
            ):
                neighbours.setdefault(point, set()).update((before, after))
        self._junctions = {point for point, near in neighbours.items() if len(near) != 2}

    def cut(self, ring: list[tuple[int, int]]) -> list[int]:
        """Give the arcs of a ring, -1 - number for those that run backwards."""
        cuts = [n for n, point in enumerate(ring) if point in self._junctions]
        if not cuts:
            # A ring that meets no other starts at its least point, whoever draws it.
            cuts = [ring.index(min(ring))]
        turned = ring[cuts[0] :] + ring[: cuts[0]]
        ends = [*(cut - cuts[0] for cut in cuts[1:]), len(turned)]
        turned.append(turned[0])
        return [
            self._number(turned[start : end + 1])
            for start, end in zip([0, *ends[:-1]], ends, strict=True)
        ]

    def _number(self, arc: list[tuple[int, int]]) -> int:
        backwards = self._numbers.get(tuple(reversed(arc)))
        if backwards is not None:
            return -1 - backwards
        number = self._numbers.setdefault(tuple(arc), len(self.found))
        if number == len(self.found):
            self.found.append(arc)
        return number


def _steps(polygon: Any, step: float) -> list[list[list[tuple[int, int]]]]:
    """Give the rings of each part in whole steps, open, without repeated points."""
    parts = []
    for part in shapely.get_parts(polygon):
        rings = []
        for ring in shapely.get_rings(part):
            points = np.round(shapely.get_coordinates(ring)[:-1] / step).astype(np.int64)
            points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
            # Fewer than three points: an islet or lake smaller than a step.
            if len(points) >= 3:
                rings.append([(int(x), int(y)) for x, y in points])
            elif not rings:
                break
        if rings:
            parts.append(rings)
    return parts


def _zigzag(moves: Integers) -> NDArray[np.uint8]:
    """Fold the sign into the lowest bit and put bytes of one weight together: deflate likes it."""
    folded = ((moves << 1) ^ (moves >> 63)).astype("<u4")
    return np.ascontiguousarray(folded.T).view(np.uint8).reshape(2, -1, 4).transpose(0, 2, 1).copy()


def _points(stored: dict[str, NDArray[Any]]) -> Integers:
    """Undo _zigzag and add the moves up from the start of each arc, in whole steps."""
    lengths = stored["lengths"].astype(np.int64)
    planes = np.ascontiguousarray(stored["moves"].transpose(0, 2, 1))
    folded = planes.view("<u4").reshape(2, -1).T.astype(np.int64)
    moves = (folded >> 1) ^ -(folded & 1)
    first = np.cumsum(lengths) - lengths
    steps = np.zeros((int(lengths.sum()), 2), np.int64)
    inside = np.ones(len(steps), bool)
    inside[first] = False
    steps[inside] = moves
    total = np.cumsum(steps, axis=0)
    points: Integers = total + np.repeat(stored["starts"] - total[first], lengths, axis=0)
    return points


def _within(counts: Integers) -> Integers:
    """Count 0, 1, 2 … afresh in each group: [2, 3] → [0, 1, 0, 1, 2]."""
    total = int(counts.sum())
    return np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)


def _between(numbers: Integers, owners: Integers) -> tuple[Integers, Integers]:
    """Give the arcs that two constituencies share, and the two."""
    pairs = np.unique(np.column_stack([numbers, owners]), axis=0)
    arcs, first, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    two = count == 2
    return arcs[two], np.column_stack([pairs[first[two], 1], pairs[first[two] + 1, 1]])
