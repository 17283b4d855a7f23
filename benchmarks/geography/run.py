"""Question: how fast are 100 000 points located on 566 polygons, and the tables loaded?

Goals: locate under 1 s with distances, at least 20 times a loop that asks each polygon about each
point; tables under 0.3 s, outlines under 0.3 s. Min of 7; the loop once, on 1 000 points.
"""

import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import shapely

from outreach.geography import places, points

POINTS = 100_000
LOOPED = 1_000
RUNS = 7
SEED = 2026


def least(work: Callable[[], object], runs: int = RUNS) -> float:
    """Give the least time of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def addresses() -> tuple[np.ndarray, np.ndarray]:
    """Make points spread as people live: around communes, by population, within some 2 km."""
    communes = places.load_geography().communes.dropna()
    people = communes["population"].to_numpy(float)
    random = np.random.default_rng(SEED)
    chosen = random.choice(len(communes), POINTS, p=people / people.sum())
    x = communes["longitude"].to_numpy(float)[chosen] + random.normal(0, 0.02, POINTS)
    y = communes["latitude"].to_numpy(float)[chosen] + random.normal(0, 0.02, POINTS)
    return x, y


def loop(x: np.ndarray, y: np.ndarray) -> list[str]:
    """Ask each polygon about each point, with shapely's prepared geometries."""
    outlines = points.load_outlines()
    shapely.prepare(outlines.polygons)
    found = []
    for point in shapely.points(x, y):
        for code, polygon in zip(outlines.codes, outlines.polygons, strict=True):
            if polygon.intersects(point):
                found.append(str(code))
                break
        else:
            found.append("")
    return found


def main() -> None:
    """Print times and ratios, and whether both ways agree."""

    def tables() -> None:
        places._load.cache_clear()
        places.load_geography()

    def outlines() -> None:
        points._load.cache_clear()
        points.load_outlines()

    print(f"tables loaded         {least(tables):8.3f} s")
    print(f"outlines loaded       {least(outlines):8.3f} s")
    x, y = addresses()
    alone = least(lambda: points.locate(x, y, distances=False))
    print(f"{POINTS} located        {alone:8.3f} s")
    print(f"… with distances      {least(lambda: points.locate(x, y)):8.3f} s")
    slow = least(lambda: loop(x[:LOOPED], y[:LOOPED]), 1) * POINTS / LOOPED
    print(f"a loop, on {LOOPED}        {slow:8.3f} s for {POINTS}; ratio {slow / alone:.0f}")

    located = points.locate(x[:LOOPED], y[:LOOPED], distances=False)
    same = [
        not inside or code == looped
        for code, inside, looped in zip(
            located.constituency_code, located.inside, loop(x[:LOOPED], y[:LOOPED]), strict=True
        )
    ]
    print(f"both agree on {sum(same)} of {LOOPED}; {int((~located.inside).sum())} in no polygon")
    print(
        f"Python {sys.version.split()[0]}, shapely {version('shapely')} (GEOS {shapely.geos_version_string}), "
        f"numpy {version('numpy')}, pandas {version('pandas')}"
    )


if __name__ == "__main__":
    main()
