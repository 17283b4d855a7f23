"""outreach.export.local_map: the area and its establishments, small."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from outreach.export.local_map import HEIGHT, WIDTH, LocalMap, local_map
from outreach.export.paper import Paper
from outreach.export.pdf import letter_pdf
from outreach.letters.fit import step
from outreach.letters.letter import Letter

# A triangle of Corsica's size with an island beside it, degrees.
AREA = shapely.MultiPolygon(
    [
        shapely.Polygon([(8.6, 42.0), (9.4, 41.4), (9.4, 43.0)]),
        shapely.Polygon([(8.3, 41.5), (8.4, 41.5), (8.4, 41.6)]),
    ]
)


def test_an_area_keeps_its_shape_inside_the_field() -> None:
    """North is up, the proportions are those of the ground, all lies inside."""
    drawn = local_map([AREA], [(9.0, 42.0), (9.3, 42.5)], "Corse")

    assert drawn is not None
    assert drawn.alt == "Carte : Corse, 2 établissements."
    mainland, island = drawn.rings
    xs, ys = [x for x, _ in mainland], [y for _, y in mainland]
    assert 0 <= min(xs) < max(xs) <= WIDTH
    assert 0 <= min(ys) < max(ys) <= HEIGHT
    # 1.6° of latitude are 178 km; 0.8° of longitude at 42° are 66 km.
    assert (max(ys) - min(ys)) / (max(xs) - min(xs)) == pytest.approx(178 / 66, abs=0.05)
    assert max(x for x, _ in island) < min(xs)
    assert drawn.dots[1][1] < drawn.dots[0][1]


def test_nothing_to_show_gives_no_map() -> None:
    """No establishment, or no outline (French abroad): no map."""
    assert local_map([AREA], [], "Corse") is None
    assert local_map([], [(9.0, 42.0)], "Corse") is None


@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), min_size=1, max_size=30),
    st.floats(0.001, 30),
)
def test_outlines_stay_in_the_field_and_points_apart(
    points: list[tuple[float, float]], size: float
) -> None:
    """Whatever the area and the points, what is drawn lies in the field and is not too fine."""
    x, y = points[0]
    box = shapely.box(x, y, x + size, y + size)

    drawn = local_map([box], points, "x")

    assert drawn is not None
    for ring in drawn.rings:
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in ring)
        assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 0.3 for a, b in pairwise(ring))
    assert all(-1 <= x <= WIDTH + 1 and -1 <= y <= HEIGHT + 1 for x, y in drawn.dots)


def test_a_letter_with_a_map_is_still_for_everybody(
    a_letter: Callable[..., Letter], faults: Callable[[bytes], list[str]], tmp_path: Path
) -> None:
    """The map is a figure with words and its source, and the letter counts its height."""
    drawn = local_map([AREA], [(9.0, 42.0)], "Corse")
    assert isinstance(drawn, LocalMap)
    letter = a_letter()
    paper = Paper(maps={letter.recipient.official_id: drawn})

    pdf = letter_pdf(letter, paper, date=dt.date(2026, 11, 23))

    assert faults(pdf) == []
    (tmp_path / "map.pdf").write_bytes(pdf)
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", str(tmp_path / "map.pdf"), "-"], capture_output=True)
        assert "© les contributeurs d’OpenStreetMap" in said.stdout.decode("utf-8")
    assert "Carte : Corse, 1 établissement.".encode("utf-16-be") in pdf or b"/Figure" in pdf
    who = letter.recipient.official_id
    long = a_letter(body=letter.body[:3] + letter.body[:2] * 2 + letter.body[3:])
    assert (step(long, paper.around(who)) or 9) >= (step(long, Paper().around(who)) or 0)
