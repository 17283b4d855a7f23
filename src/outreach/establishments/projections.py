"""Metres of the French projections → degrees (WGS84), for FINESS and lists with X and Y columns."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The legal projection of each territory: EPSG codes as FINESS names them since 2026, and before.
BY_DEPARTMENT = {
    "971": 5490, "972": 5490, "977": 5490, "978": 5490,
    "973": 2972, "974": 2975, "975": 4467, "976": 4471,
}  # fmt: skip
MAINLAND = 2154
_BY_NAME = {
    "LAMBERT_93": 2154, "UTM_N20": 5490, "UTM_N21": 4467, "UTM_N22": 2972,
    "UTM_S40": 2975, "UTM_S38": 4471,
}  # fmt: skip


def projection_of(source: str, department: str) -> int:
    """Give the EPSG code that a FINESS source line names, or the département's own.

    Args:
        source: such as "1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93" or "…,EPSG:5490 RGAF09…".
        department: our code, used when the source names none.
    """
    for name, code in _BY_NAME.items():
        if name in source:
            return code
    _, found, rest = source.partition("EPSG:")
    digits = rest[:4]
    if found and digits.isdigit():
        return int(digits)
    return BY_DEPARTMENT.get(department, MAINLAND)


def to_degrees(
    x: Sequence[float], y: Sequence[float], codes: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn metres into longitudes and latitudes, n values each.

    Args:
        x: eastings in metres.
        y: northings in metres.
        codes: the EPSG code of each point; 4326 leaves it as it is.
    """
    longitudes, latitudes = np.array(x, dtype=float), np.array(y, dtype=float)
    epsg = np.array(codes, dtype=int)
    for code in np.unique(epsg):
        if code != 4326:
            of_it = epsg == code
            longitudes[of_it], latitudes[of_it] = _transformer(int(code)).transform(
                longitudes[of_it], latitudes[of_it]
            )
    return longitudes, latitudes


@cache
def _transformer(code: int) -> Any:
    from pyproj import Transformer  # 80 ms to import, needed for metres only

    return Transformer.from_crs(code, 4326, always_xy=True)
