"""Points found for rows that miss one: asked of the geocoder, kept beside the matches for the letters.

points.csv holds a point by the key of review decisions, so that what was found once is found again
by the letters and by next year's list, without asking anybody.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from outreach.errors import InputError
from outreach.establishments.columns import TABLE, make_frame
from outreach.matching.geocoder import Address, Geocoder
from outreach.matching.review import key_of
from outreach.spreadsheets import guard

COLUMNS = ("key", "longitude", "latitude", "name", "commune_name")
FoundPoint = tuple[str, float, float, str, str]
_KEY = ("finess", "name", "address", "postcode", "commune_name")


@dataclass(frozen=True, slots=True)
class Geocoding:
    """How a run went: addresses asked over the network, known from the cache, located well enough."""

    asked: int
    cached: int
    located: int
    problems: tuple[str, ...] = ()


def add_points(
    table: pd.DataFrame,
    matched: pd.DataFrame,
    geocoder: Geocoder,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[pd.DataFrame, Geocoding]:
    """Give a point to the rows that only miss one.

    Args:
        table: columns.TABLE, n rows.
        matched: the same rows matched without the geocoder.
        geocoder: where to ask.
        progress: told (done, total) addresses.

    Returns:
        The table with points added, and how it went. Only rows that are unsure between several
        constituencies, know their commune and have a street are asked; an answer in another
        commune, by street only or of a low score is not used.
    """
    rows = dict(_askable(table, matched))
    known = sum(geocoder.knows(address) for address in set(rows.values()))
    answers = geocoder.ask(list(rows.values()), progress)
    longitudes = table["longitude"].tolist()
    latitudes = table["latitude"].tolist()
    communes = matched["matched_commune_code"].tolist()
    located, problems = 0, []
    for at, address in rows.items():
        answer = answers[address]
        if not answer.good:
            continue
        if not _same_commune(answer.citycode, communes[at]):
            problems.append(
                f'row {table["source_row"].iat[at]}: "{" ".join(address)}" was found in another commune, {answer.label}; not used'
            )
            continue
        longitudes[at], latitudes[at] = answer.longitude, answer.latitude
        located += 1
    columns = {name: table[name].tolist() for name in TABLE}
    columns |= {"longitude": longitudes, "latitude": latitudes}
    asked = len(set(rows.values())) - known
    return make_frame(_without_na(columns), TABLE), Geocoding(
        asked, known, located, tuple(problems)
    )


def _askable(table: pd.DataFrame, matched: pd.DataFrame) -> Iterator[tuple[int, Address]]:
    columns = (
        matched["certainty"], matched["candidates"], matched["matched_commune_code"],
        matched["method"], table["longitude"], table["address"], table["postcode"],
        matched["matched_commune_name"],
    )  # fmt: skip
    for at, (
        certainty,
        candidates,
        commune,
        method,
        longitude,
        street,
        postcode,
        city,
    ) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        several = certainty == "unsure" and " " in candidates and method != "review"
        if several and commune and street and longitude is pd.NA:
            yield at, (street, postcode, city)


def _same_commune(citycode: str, commune: str) -> bool:
    if citycode == commune:
        return True
    # The service gives the arrondissement in Paris, Lyon and Marseille.
    towns = {"75056": "751", "69123": "6938", "13055": "132"}
    return commune in towns and citycode.startswith(towns[commune])


def _without_na(columns: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: [None if value is pd.NA else value for value in values]
        for name, values in columns.items()
    }


def add_kept_points(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give rows without coordinates the point kept for them in points.csv; a missing file gives none.

    Raises:
        InputError: the file is not what write_points writes.
    """
    if not path.exists():
        return table
    try:
        with path.open(encoding="utf-8", newline="") as file:
            kept = {
                row["key"]: (float(row["longitude"]), float(row["latitude"]))
                for row in csv.DictReader(file)
            }
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise InputError(
            f"{path} is not the points.csv that `outreach match` writes ({error}); remove it."
        ) from error
    columns = _without_na({name: table[name].tolist() for name in TABLE})
    for at, said in enumerate(zip(*(columns[name] for name in _KEY), strict=True)):
        if columns["longitude"][at] is None and (point := kept.get(key_of(*said))):
            columns["longitude"][at], columns["latitude"][at] = point
    return make_frame(columns, TABLE)


def found_points(listed: pd.DataFrame, located: pd.DataFrame) -> list[FoundPoint]:
    """Give the points that the list itself lacks, as COLUMNS.

    Args:
        listed: the table as read.
        located: the same rows with the points found, from the geocoder or a FINESS extract.
    """
    found = listed["longitude"].isna() & located["longitude"].notna()
    rows = listed.loc[found, list(_KEY)].to_dict("records")
    points = located.loc[found, ["longitude", "latitude"]].to_numpy(dtype=float).tolist()
    return [
        (key_of(*(row[name] for name in _KEY)), x, y, row["name"], row["commune_name"])
        for row, (x, y) in zip(rows, points, strict=True)
    ]


def points_text(points: Iterable[FoundPoint]) -> str:
    """The points found as CSV, for the letters and for next year's list."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (key, x, y, guard(name), guard(town)) for key, x, y, name, town in sorted(points)
    )
    return text.getvalue()
