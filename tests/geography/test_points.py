"""Points: the constituency that holds them, the nearest otherwise, and how near the border is."""

from math import cos, hypot, radians

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import InputError
from outreach.geography.outlines import Outlines, decode, encode
from outreach.geography.places import load_geography
from outreach.geography.points import BORDER_M, load_outlines, locate

METRES_A_DEGREE = 111_195.08


@pytest.fixture(scope="module")
def squares() -> Outlines:
    """Two squares of 0.1° side by side from (2, 48), and one of 0.01° alone at (3, 48)."""
    boxes = [
        shapely.box(2.0, 48.0, 2.1, 48.1),
        shapely.box(2.1, 48.0, 2.2, 48.1),
        shapely.box(3.0, 48.0, 3.01, 48.01),
    ]
    return decode(encode(["01-01", "01-02", "02-01"], np.array(boxes)))


def test_a_point_is_in_its_constituency(squares: Outlines) -> None:
    """Each point is given the square that holds it."""
    located = locate([2.05, 2.15, 3.005], [48.05, 48.05, 48.005], outlines=squares)

    assert located.constituency_code.tolist() == ["01-01", "01-02", "02-01"]
    assert located.inside.all()


def test_a_point_on_the_border_has_the_lower_code(squares: Outlines) -> None:
    """On a border both hold the point: the lower code is given, at 0 m from the other."""
    located = locate([2.1], [48.05], outlines=squares)

    assert located.constituency_code.tolist() == ["01-01"]
    assert located.neighbour_code.tolist() == ["01-02"]
    assert located.distance_to_boundary_m[0] == pytest.approx(0, abs=1e-6)


def test_distance_to_the_border_is_in_metres(squares: Outlines) -> None:
    """0.01° of longitude west of the border at 48.05° N is 743 m."""
    located = locate([2.09], [48.05], outlines=squares)

    expected = 0.01 * METRES_A_DEGREE * cos(radians(48.05))
    assert located.distance_to_boundary_m[0] == pytest.approx(expected, rel=1e-3)
    assert located.neighbour_code[0] == "01-02"


def test_the_nearest_of_two_borders_is_told() -> None:
    """With a border 372 m to the east and one 111 m to the north, the one to the north is told."""
    shapes = decode(
        encode(
            ["01-01", "01-02", "01-03"],
            np.array(
                [
                    shapely.Polygon([(2, 48), (2.1, 48), (2.1, 48.1), (2, 48.1)]),
                    shapely.Polygon([(2.1, 48), (2.2, 48), (2.2, 48.1), (2.1, 48.1)]),
                    shapely.Polygon([(2, 48.1), (2.1, 48.1), (2.1, 48.2), (2, 48.2)]),
                ]
            ),
        )
    )

    located = locate([2.095], [48.099], outlines=shapes)

    assert located.neighbour_code.tolist() == ["01-03"]
    assert located.distance_to_boundary_m[0] == pytest.approx(0.001 * METRES_A_DEGREE, rel=1e-3)


def test_a_coast_is_no_border(squares: Outlines) -> None:
    """Near an outer edge, far from any other constituency, the distance is the greatest told."""
    located = locate([2.0005, 3.0001], [48.05, 48.005], outlines=squares)

    assert located.distance_to_boundary_m.tolist() == [BORDER_M, BORDER_M]
    assert located.neighbour_code.tolist() == ["", ""]


def test_a_point_in_no_polygon_has_the_nearest(squares: Outlines) -> None:
    """A point at sea is given the nearest constituency, is not inside, and says how far it is."""
    located = locate([2.21], [48.05], outlines=squares)

    expected = 0.01 * METRES_A_DEGREE * cos(radians(48.05))
    assert located.constituency_code[0] == "01-02"
    assert not located.inside[0]
    assert located.distance_to_boundary_m[0] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [(0.0, 0.0), (float("nan"), 48.0), (2.05, float("nan")), (181.0, 48.0), (48.05, 2.05)],
    ids=["far away", "no longitude", "no latitude", "not on Earth", "swapped"],
)
def test_a_point_that_is_nowhere_near_has_no_constituency(
    squares: Outlines, longitude: float, latitude: float
) -> None:
    """Missing, impossible, swapped or foreign coordinates are given no constituency."""
    located = locate([longitude], [latitude], outlines=squares)

    assert located.constituency_code.tolist() == [""]
    assert not located.inside[0]
    assert np.isnan(located.distance_to_boundary_m[0])


def test_no_points_at_all(squares: Outlines) -> None:
    """Nothing asked, nothing answered."""
    assert locate([], [], outlines=squares).constituency_code.tolist() == []


def test_lists_of_different_length_are_refused(squares: Outlines) -> None:
    """Two longitudes and one latitude are our caller's mistake."""
    with pytest.raises(InputError, match="2 longitudes and 1 latitudes"):
        locate([2.0, 2.1], [48.0], outlines=squares)


def test_distances_are_left_out_when_not_asked_for(squares: Outlines) -> None:
    """Without distances the constituency is the same and the distance is missing."""
    located = locate([2.05], [48.05], distances=False, outlines=squares)

    assert located.constituency_code[0] == "01-01"
    assert np.isnan(located.distance_to_boundary_m[0])


@given(
    st.lists(
        st.tuples(st.floats(1.9, 2.3, allow_subnormal=False), st.floats(47.9, 48.2)), min_size=1
    )
)
@settings(max_examples=50, deadline=None)  # the first call imports; machines are shared
def test_many_at_once_is_as_one_by_one(points: list[tuple[float, float]]) -> None:
    """The indexed search gives what asking each polygon about each point gives."""
    shapes = decode(
        encode(
            ["01-01", "01-02"],
            np.array([shapely.box(2.0, 48.0, 2.1, 48.1), shapely.box(2.1, 48.0, 2.2, 48.1)]),
        )
    )

    located = locate([x for x, _ in points], [y for _, y in points], outlines=shapes)

    for (x, y), code, inside, metres in zip(
        points,
        located.constituency_code,
        located.inside,
        located.distance_to_boundary_m,
        strict=True,
    ):
        held = [
            name
            for name, shape in zip(shapes.codes, shapes.polygons, strict=True)
            if shape.intersects(shapely.Point(x, y))
        ]
        assert inside == bool(held)
        if held:
            assert code == min(held)
            away = max(0.0, 48.0 - y, y - 48.1)
            flat = hypot((x - 2.1) * cos(radians(y)), away) * METRES_A_DEGREE
            assert metres == pytest.approx(min(flat, BORDER_M), rel=0.01, abs=1)


def test_the_bundled_polygons_are_566_and_valid() -> None:
    """Every constituency but the 11 abroad has a valid outline."""
    shapes = load_outlines()

    territorial = sorted(code for code in load_geography().constituencies if code[:2] != "ZZ")
    assert shapes.codes.tolist() == territorial
    assert shapely.is_valid(shapes.polygons).all()


def test_the_light_drawing_has_the_same_constituencies() -> None:
    """The drawing for maps has every constituency, a tenth of the size."""
    light, full = load_outlines(light=True), load_outlines()

    assert light.codes.tolist() == full.codes.tolist()
    assert not shapely.is_empty(light.polygons).any()
    assert (
        shapely.get_num_coordinates(light.polygons).sum()
        < shapely.get_num_coordinates(full.polygons).sum() / 10
    )


def test_polygons_and_tables_agree_on_every_commune() -> None:
    """The point of each commune lies in a constituency that the tables give the commune."""
    geography = load_geography()
    communes = geography.communes.dropna(subset=["longitude"])

    located = locate(communes["longitude"].to_numpy(), communes["latitude"].to_numpy())

    astray = {
        commune
        for commune, code in zip(communes["commune_code"], located.constituency_code, strict=True)
        if code not in geography.constituencies_of.get(commune, ())
    }
    # The middle of an archipelago is at sea: three of Polynésie française, and Clipperton.
    assert astray == {"98712", "98719", "98728", "98901"}


def test_polygons_and_law_agree_on_every_arrondissement() -> None:
    """The point of each arrondissement lies in one of the constituencies the law gives it."""
    geography = load_geography()
    places = list(geography.arrondissements.values())

    located = locate([p.longitude for p in places], [p.latitude for p in places])

    astray = [
        place.code
        for place, code in zip(places, located.constituency_code, strict=True)
        if code not in geography.constituencies_of[place.code]
    ]
    assert astray == []


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "code"),
    [
        ("Vieux-Port, Marseille", 5.3698, 43.2951, "13-04"),
        ("Gironde estuary off Pauillac", -0.7300, 45.2100, "33-05"),
        ("lagoon off Nouméa", 166.40, -22.30, "988-01"),
        ("Ajaccio, town hall", 8.7367, 41.9192, "2A-01"),
        ("Palais Bourbon, Paris", 2.3186, 48.8620, "75-02"),
    ],
)
def test_known_places(place: str, longitude: float, latitude: float, code: str) -> None:
    """Places everybody knows, some on water, are where they should be."""
    assert locate([longitude], [latitude]).constituency_code.tolist() == [code], place
