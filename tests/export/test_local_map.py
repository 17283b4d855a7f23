"""outreach.export.local_map: the area and its establishments, small."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from itertools import combinations, pairwise
from math import dist
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.cli.local_maps import local_maps
from outreach.export.local_map import HEIGHT, WIDTH, LocalMap, local_map
from outreach.export.paper import Paper, with_maps
from outreach.export.pdf import letter_pdf
from outreach.letters.fit import step
from outreach.letters.letter import Letter, Node
from outreach.preparation import prepare

# A triangle of Corsica's size with an island beside it, degrees.
AREA = shapely.MultiPolygon(
    [
        shapely.Polygon([(8.6, 42.0), (9.4, 41.4), (9.4, 43.0)]),
        shapely.Polygon([(8.3, 41.5), (8.4, 41.5), (8.4, 41.6)]),
    ]
)


def test_an_area_keeps_its_shape_inside_the_field() -> None:
    """North is up, the proportions are those of the ground, all lies inside."""
    drawn = local_map([AREA], [(9.0, 42.0), (9.3, 42.5)], "de Corse", 2)

    assert drawn is not None
    assert drawn.alt == "Carte de Corse. Un point par établissement. 2 établissements."
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
    assert local_map([AREA], [], "de Corse", 0) is None
    assert local_map([], [(9.0, 42.0)], "de Corse", 1) is None


def test_a_map_that_would_show_less_than_half_is_not_drawn() -> None:
    """Dots of a few only would show where coordinates are known, not where establishments are."""
    assert local_map([AREA], [(9.0, 42.0)], "de Corse", 3) is None
    # A point far outside is not drawn, and does not count as shown.
    assert local_map([AREA], [(9.0, 42.0), (2.0, 48.0)], "de Corse", 3) is None

    half = local_map([AREA], [(9.0, 42.0)], "de Corse", 2)

    assert half is not None
    assert half.caption.endswith(
        "1 des 2 établissements\u202f; l’autre n’a pas de coordonnées sûres."
    )


def test_dots_that_would_touch_are_one_with_their_number() -> None:
    """Two establishments of one street and one far away: a dot of 2, a dot of 1, and it is said."""
    drawn = local_map([AREA], [(9.0, 42.0), (9.001, 42.001), (9.3, 42.5)], "de Corse", 5)

    assert drawn is not None
    assert sorted(count for *_, count, _ in drawn.dots) == [1, 2]
    assert drawn.caption == (
        "Un point par établissement, un nombre là où ils se touchent. 3 des 5 établissements\u202f; "
        "les autres n’ont pas de coordonnées sûres."
    )
    assert drawn.caption in drawn.alt


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

    drawn = local_map([box], points, "x", len(points))

    if drawn is None:
        return
    for ring in drawn.rings:
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in ring)
        assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 0.3 for a, b in pairwise(ring))
    assert all(-1 <= x <= WIDTH + 1 and -1 <= y <= HEIGHT + 1 for x, y, *_ in drawn.dots)
    shown = sum(count for *_, count, _ in drawn.dots)
    assert shown == len(points) or f"{shown} des {len(points)}" in drawn.caption
    for one, other in combinations(drawn.dots, 2):
        assert dist(one[:2], other[:2]) > one[3] + other[3] - 0.02


def test_a_letter_with_a_map_is_still_for_everybody(
    a_letter: Callable[..., Letter], faults: Callable[[bytes], list[str]], tmp_path: Path
) -> None:
    """The map is a figure with words and its source, and the letter counts its height."""
    drawn = local_map([AREA], [(9.0, 42.0)], "de Corse", 2)
    assert isinstance(drawn, LocalMap)
    letter = a_letter()
    paper = Paper(maps={letter.recipient.official_id: drawn})

    pdf = letter_pdf(letter, paper, date=dt.date(2026, 11, 23))

    assert faults(pdf) == []
    (tmp_path / "map.pdf").write_bytes(pdf)
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", str(tmp_path / "map.pdf"), "-"], capture_output=True)
        words = " ".join(said.stdout.decode("utf-8").split())
        assert "© les contributeurs d’OpenStreetMap" in words
        assert "1 des 2 établissements ; l’autre n’a pas de coordonnées sûres." in words
    assert "Carte de Corse.".encode("utf-16-be") in pdf or b"/Figure" in pdf
    who = letter.recipient.official_id
    long = a_letter(body=letter.body[:3] + letter.body[:2] * 2 + letter.body[3:])
    assert (step(long, paper.around(who)) or 9) >= (step(long, Paper().around(who)) or 0)


def test_a_map_never_makes_a_second_page(a_letter: Callable[..., Letter]) -> None:
    """A letter that would go on to a second page for its map has none; a longer one keeps it."""
    drawn = local_map([AREA], [(9.0, 42.0)], "de Corse", 2)
    assert drawn is not None
    letter = a_letter()
    who = letter.recipient.official_id
    maps = {who: drawn}
    line: Node = {"kind": "paragraph", "inline": [{"kind": "text", "text": "Une ligne."}]}
    bodies = [(line,) * more + letter.body for more in range(20)]
    kept = [bool(with_maps(Paper(), [a_letter(body=body)], maps).maps) for body in bodies]

    for has, body in zip(kept, bodies, strict=True):
        other = a_letter(body=body)
        fits = step(other, Paper().around(who)) is not None
        fits_with = step(other, Paper(maps=maps).around(who)) is not None
        assert has == (fits_with or not fits)
    assert {True, False} == set(kept)


@pytest.mark.slow
def test_a_letter_s_map_shows_the_establishments_that_the_letter_counts() -> None:
    """With the bundled list, each map accounts for every establishment of its area."""
    campaign = load_campaign(letters_path("solidarite-en-danger"))
    prepared = prepare(campaign, today=dt.date(2026, 11, 23))
    maps = local_maps(prepared)
    counted = {letter.recipient.official_id: letter for letter in prepared.letters}

    assert len(maps) > 200
    for official_id, drawn in maps.items():
        who = counted[official_id].recipient
        table = prepared.matched.table
        column = "constituency_code" if who.constituency_code else "matched_department_code"
        of = int((table[column] == (who.constituency_code or who.department_code)).sum())
        shown = sum(count for *_, count, _ in drawn.dots)
        assert shown == of or f"{shown} des {of} établissements" in drawn.alt
        assert "'" not in drawn.alt
    fifth = next(
        drawn
        for official_id, drawn in maps.items()
        if counted[official_id].recipient.constituency_code == "01-05"
    )
    assert fifth.alt.startswith("Carte de la 5e circonscription de l’Ain. ")
    assert "8 des 12 établissements" in fifth.alt
