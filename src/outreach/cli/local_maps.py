"""The maps of a campaign's recipients, from its matched establishments and the outlines."""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.export.local_map import LocalMap
    from outreach.preparation import Prepared


def local_maps(prepared: "Prepared") -> "dict[str, LocalMap]":
    """Draw one map for each recipient who has an establishment with a known point.

    A deputy's shows the constituency, a senator's the constituencies of the département.
    """
    from outreach.export.local_map import local_map
    from outreach.geography.french import of_department
    from outreach.geography.points import load_outlines

    outlines = load_outlines(light=True)
    polygons = dict(zip(map(str, outlines.codes), outlines.polygons, strict=True))
    table = prepared.matched.table.dropna(subset=["longitude", "latitude"])
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for constituency, department, x, y in zip(
        table["constituency_code"],
        table["matched_department_code"],
        table["longitude"],
        table["latitude"],
        strict=True,
    ):
        points[constituency].append((float(x), float(y)))
        points[department].append((float(x), float(y)))
    maps = {}
    for letter in prepared.letters:
        who = letter.recipient
        area = who.constituency_code or who.department_code
        shapes = [shape for code, shape in polygons.items() if code.startswith(area)]
        words = f"département {of_department(who.department_code)}"
        if who.constituency_code:
            words = f"circonscription {who.constituency_code} {of_department(who.department_code)}"
        drawn = local_map(shapes, points.get(area, []), words)
        if drawn is not None:
            maps[who.official_id] = drawn
    return maps
