"""Outlines: what is written comes back, and each border is kept once."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.geography.outlines import decode, encode, simplify

LEFT = shapely.box(0, 0, 1, 1)
RIGHT = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1)])
HOLED = shapely.Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
INNER = shapely.box(1, 1, 2, 2)


@pytest.mark.parametrize(
    "polygons",
    [
        [LEFT, RIGHT],
        [HOLED, INNER],
        [shapely.MultiPolygon([LEFT, shapely.box(5, 5, 6, 6)]), RIGHT],
    ],
    ids=["side by side", "one in the other", "with an island"],
)
def test_polygons_come_back(polygons: list[shapely.Polygon]) -> None:
    """Neighbours, holes and islands are the same after writing and reading."""
    codes = [f"01-{n:02d}" for n in range(1, len(polygons) + 1)]

    outlines = decode(encode(codes, np.array(polygons)))

    assert outlines.codes.tolist() == codes
    for before, after in zip(polygons, outlines.polygons, strict=True):
        assert shapely.symmetric_difference(before, after).area < 1e-9


def test_the_border_is_kept_once_with_its_two_sides() -> None:
    """Between two squares there is one border of length 1, and it knows both."""
    outlines = decode(encode(["01-01", "01-02"], np.array([LEFT, RIGHT])))

    assert shapely.length(outlines.borders).tolist() == [1.0]
    assert outlines.sides.tolist() == [[0, 1]]


def test_codes_are_sorted_whatever_the_order() -> None:
    """The order of the input changes nothing."""
    one = encode(["01-01", "01-02"], np.array([LEFT, RIGHT]))

    other = encode(["01-02", "01-01"], np.array([RIGHT, LEFT]))

    assert decode(one).codes.tolist() == decode(other).codes.tolist() == ["01-01", "01-02"]
    assert one == encode(["01-01", "01-02"], np.array([LEFT, RIGHT]))


def test_an_islet_below_one_step_goes() -> None:
    """A part too small for the grid is left out, the rest stays."""
    islet = shapely.box(5, 5, 5.000001, 5.000001)

    outlines = decode(encode(["01-01"], np.array([shapely.MultiPolygon([LEFT, islet])])))

    assert shapely.get_num_geometries(outlines.polygons).tolist() == [1]


@given(
    st.lists(
        st.integers(-17_999_000, 17_999_000).flatmap(
            lambda x: st.tuples(st.just(x), st.integers(-8_900_000, 8_900_000))
        ),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
@settings(max_examples=50, deadline=None)  # machines are shared
def test_coordinates_come_back_to_the_step(corners: list[tuple[int, int]]) -> None:
    """Any place on Earth, in steps of 1e-5 degree, comes back exactly, near or far apart."""
    triangles = [
        shapely.Polygon(
            [(x * 1e-5, y * 1e-5), ((x + 70) * 1e-5, y * 1e-5), (x * 1e-5, (y + 30) * 1e-5)]
        )
        for x, y in corners
    ]
    codes = [f"01-{n:02d}" for n in range(len(triangles))]

    outlines = decode(encode(codes, np.array(triangles)))

    for before, after in zip(triangles, outlines.polygons, strict=True):
        wanted = {tuple(point) for point in np.round(shapely.get_coordinates(before) * 1e5)}
        assert {tuple(point) for point in np.round(shapely.get_coordinates(after) * 1e5)} == wanted


def test_simplified_neighbours_still_share_their_border() -> None:
    """Fewer points, no gap: the two still touch all along."""
    jagged = [(1, 0), (1.01, 0.2), (0.99, 0.4), (1.01, 0.6), (0.99, 0.8), (1, 1)]
    left = shapely.Polygon([(0, 0), *jagged, (0, 1)])
    right = shapely.Polygon([(2, 0), (2, 1), *reversed(jagged)])

    simple = simplify(np.array([left, right]), 0.2)

    assert shapely.get_num_coordinates(simple).sum() < 20
    assert shapely.area(simple).sum() == pytest.approx(2)
    assert shapely.area(shapely.intersection(simple[0], simple[1])) == 0
