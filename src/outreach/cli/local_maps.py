"""The maps of a campaign's recipients, from its matched establishments and the outlines."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.export.local_map import LocalMap
    from outreach.preparation import Prepared


def local_maps(prepared: "Prepared") -> "dict[str, LocalMap]":
    """Draw one map for each recipient of whose establishments at least half have a known point.

    A deputy's shows the constituency, a senator's the constituencies of the département.
    """
    from outreach.export.local_map import local_map
    from outreach.geography.points import load_outlines

    outlines = load_outlines(light=True)
    polygons = dict(zip(map(str, outlines.codes), outlines.polygons, strict=True))
    points, counts = _points(prepared)
    maps = {}
    for letter in prepared.letters:
        who = letter.recipient
        area = who.constituency_code or who.department_code
        shapes = [shape for code, shape in polygons.items() if code.startswith(area)]
        if not shapes or not counts[area]:
            continue
        drawn = local_map(shapes, points[area], _named(area), counts[area])
        if drawn is not None:
            maps[who.official_id] = drawn
    return maps


def _points(prepared: "Prepared") -> tuple[dict[str, list[tuple[float, float]]], Counter[str]]:
    """Give, by constituency and département, the known points and how many rows there are."""
    table = prepared.matched.table
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for *areas, x, y in zip(
        table["constituency_code"],
        table["matched_department_code"],
        table["longitude"].astype(float),
        table["latitude"].astype(float),
        strict=True,
    ):
        counts.update(areas)
        if x == x and y == y:  # not NaN
            for area in areas:
                points[area].append((x, y))
    return points, counts


def _named(area: str) -> str:
    """Give "de la 5e circonscription de l’Ain" for "01-05", "de l’Ain" for "01"."""
    from outreach.geography.french import constituency_name, of_department

    name = f"de la {constituency_name(area)}" if "-" in area else of_department(area)
    return name.replace("'", "’")
