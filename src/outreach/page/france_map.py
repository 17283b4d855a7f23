"""The map of France by constituency, drawn as SVG: one link a constituency, overseas in insets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray

from outreach.letters.numbers import number

_WIDTH: Final = 900
_LEVELS: Final = 5
_TOLERANCE: Final = 0.35  # drawing units: under half a pixel on a page 700 pixels wide
# Plates: name, département codes, frame (x, y, width, height) in the drawing.
_MAIN: Final = (190, 0, 710, 720)
_PARIS: Final = (10, 40, 165, 165)
_OVERSEAS: Final = (
    ("Guadeloupe", ("971",)),
    ("Saint-Barthélemy, Saint-Martin", ("977",)),
    ("Martinique", ("972",)),
    ("Guyane", ("973",)),
    ("La Réunion", ("974",)),
    ("Mayotte", ("976",)),
    ("Saint-Pierre-et-Miquelon", ("975",)),
    ("Polynésie française", ("987",)),
    ("Nouvelle-Calédonie", ("988",)),
    ("Wallis-et-Futuna", ("986",)),
)
# Islands far apart, too small to be seen at this scale without a stroke around them.
_SCATTERED: Final = frozenset({"975", "977", "986", "987", "988"})
_PARIS_DEPARTMENTS: Final = ("75", "92", "93", "94")


@dataclass(frozen=True, slots=True)
class MapPlace:
    """One constituency of the map: its colour, its link, and what is said of it."""

    code: str
    name: str
    value: float | None
    said: str


def levels(values: Sequence[float | None]) -> list[float]:
    """Give the upper limits of the colours: at most five, each for about as many constituencies."""
    known = sorted(value for value in values if value)
    if not known:
        return []
    cuts = np.quantile(known, [part / _LEVELS for part in range(1, _LEVELS + 1)])
    return sorted({float(np.ceil(cut)) if cut >= 10 else float(cut) for cut in cuts})


def level_of(value: float | None, limits: Sequence[float]) -> int:
    """Give the colour of a value: 0 for none or unknown, then 1 to 5."""
    if not value:
        return 0
    return 1 + next((n for n, limit in enumerate(limits) if value <= limit), len(limits) - 1)


def legend(limits: Sequence[float], unknown: str) -> list[tuple[int, str]]:
    """Give the legend's lines: colour and the span of values it stands for."""
    lines = [(0, unknown)]
    low = 0.0
    for level, limit in enumerate(limits, start=1):
        first = number(low + 1) if limit >= 2 and low + 1 < limit else number(limit)
        lines.append((level, first if first == number(limit) else f"{first} – {number(limit)}"))
        low = limit
    return lines


def draw(
    places: Mapping[str, MapPlace], polygons: Mapping[str, Any], *, title: str, paris: str
) -> Markup:
    """Draw every constituency that has a polygon.

    Args:
        places: constituency code → what is said of it.
        polygons: constituency code → light outline, WGS84 degrees.
        title: the drawing's name for those who do not see it.
        paris: caption of the enlarged plate.

    Returns:
        An SVG element; every text is escaped.
    """
    limits = levels([place.value for place in places.values()])
    overseas = {code for _, codes in _OVERSEAS for code in codes}
    mainland = [code for code in polygons if code.split("-")[0] not in overseas]
    parts = [_plate(mainland, places, polygons, limits, _MAIN)]
    capital = [code for code in mainland if code.split("-")[0] in _PARIS_DEPARTMENTS]
    parts.append(_plate(capital, places, polygons, limits, _PARIS, caption=paris, repeated=True))
    for position, (name, codes) in enumerate(_OVERSEAS):
        here = [code for code in polygons if code.split("-")[0] in codes]
        frame = (10 + position * 89, 745, 80, 80)
        scattered = bool(_SCATTERED.intersection(codes))
        parts.append(_plate(here, places, polygons, limits, frame, caption=name, islands=scattered))
    return Markup(
        '<svg class="france" viewBox="0 0 {} 850" role="group" aria-label="{}">{}</svg>'
    ).format(_WIDTH, title, Markup("").join(parts))


def _plate(
    codes: Sequence[str],
    places: Mapping[str, MapPlace],
    polygons: Mapping[str, Any],
    limits: Sequence[float],
    frame: tuple[int, int, int, int],
    *,
    caption: str = "",
    repeated: bool = False,
    islands: bool = False,
) -> Markup:
    if not codes:
        return Markup("")
    left, top, width, height = frame
    project = _projection([polygons[code] for code in codes], frame)
    shapes = []
    for code in sorted(codes):
        path = _path(polygons[code], project, 0.1 if islands else 1)
        if path and code in places:
            place = places[code]
            shapes.append(
                Markup('<a href="index.html?constituency={}" aria-label="{}"{}><path class="level-{}" d="{}"/></a>').format(
                    code, f"{place.name} : {place.said}",
                    Markup(' data-again=""') if repeated else "", level_of(place.value, limits), path,
                )
            )  # fmt: skip
    note = Markup("")
    if caption:
        note = Markup('<rect class="inset" x="{}" y="{}" width="{}" height="{}" rx="4"/>').format(
            left - 3, top - 3, width + 6, height + 6
        )
        words = _two_lines(caption) if width < 100 else [caption]
        for line, text in enumerate(words):
            note += Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                left + width / 2,
                top - 8 if width > 100 else top + height + 14 + 10 * line,
                text,
            )
    kind = Markup(' class="islands"') if islands else Markup("")
    return Markup("<g{}>{}{}</g>").format(kind, note, Markup("").join(shapes))


def _two_lines(caption: str) -> list[str]:
    short = {
        "Saint-Barthélemy, Saint-Martin": ["St-Barth.,", "St-Martin"],
        "Saint-Pierre-et-Miquelon": ["St-Pierre-", "et-Miquelon"],
        "Polynésie française": ["Polynésie"],
        "Nouvelle-Calédonie": ["Nouv.-", "Calédonie"],
        "Wallis-et-Futuna": ["Wallis-", "et-Futuna"],
    }
    return short.get(caption, [caption])


Project = Any


def _projection(shapes: Sequence[Any], frame: tuple[int, int, int, int]) -> Project:
    """Fit shapes in a frame, with the parallels at the shapes' middle latitude true to length."""
    left, top, width, height = frame
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    narrow = float(np.cos(np.radians((south + north) / 2)))
    scale = min(width / ((east - west) * narrow), height / (north - south))
    dx = left + (width - (east - west) * narrow * scale) / 2
    dy = top + (height - (north - south) * scale) / 2

    def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = dx + (points[:, 0] - west) * narrow * scale
        y = dy + (north - points[:, 1]) * scale
        return np.column_stack([x, y])

    return project


def _path(polygon: Any, project: Project, least: float) -> str:
    """Write a polygon in drawing units, without rings smaller than ``least`` units."""
    drawn = []
    for part in shapely.get_parts(polygon):
        for ring in shapely.get_rings(part):
            points = project(shapely.get_coordinates(ring))
            thin = shapely.get_coordinates(
                shapely.simplify(shapely.linestrings(points), _TOLERANCE)
            )
            if len(thin) > 3 and np.ptp(thin[:, 0]) + np.ptp(thin[:, 1]) > least:
                drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in thin[:-1]) + "Z")
    return "".join(drawn)
