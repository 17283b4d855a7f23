"""Establishment → commune → constituency → deputy and senators, each with method, certainty, reason.

Rows that say the same of their place are decided once, points are located all together: 100 000
rows cost little more than the places they name.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from outreach.establishments.columns import MATCH, TABLE, make_frame
from outreach.geography.codes import department_of_commune, split_constituency
from outreach.geography.places import Geography
from outreach.matching.gazetteer import Gazetteer, gazetteer_of
from outreach.matching.place import find_place
from outreach.matching.point import Point, decide_by_point, locate_points
from outreach.matching.review import Decision, key_of
from outreach.matching.said import Found, Said
from outreach.roster.seat import Roster

Row = dict[str, str]
_SAID = ("commune_code", "postcode", "commune_name", "department_code")
_UNKNOWN = (np.nan, np.nan)
# 9 km: the centre of four communes in five is nearer than that to all of its commune; farther
# points are located, and nearly always confirm the commune.
_NEAR_ITS_CENTRE_DEGREES = 0.08


def match_establishments(
    table: pd.DataFrame,
    geography: Geography,
    rosters: Sequence[Roster],
    review: Mapping[str, Decision] | None = None,
) -> pd.DataFrame:
    """Match every establishment to its commune, constituency, deputy and senators.

    Args:
        table: establishments.columns.TABLE, n rows.
        geography: the bundled tables.
        rosters: of one chamber or both; a chamber that is not given leaves its ids empty.
        review: a person's decisions by key, from matching.review; they win over everything.

    Returns:
        The n rows in the same order with columns.MATCH added. A row whose constituency is not
        certain has constituency_code "" and its candidates, the likeliest first.
    """
    index = gazetteer_of(geography)
    places, place_of = _find_places(table, index)
    decisions = [decide_row(place, None, index) for place in places]
    decision_of = place_of.copy()
    for at, point in _points_that_matter(table, places, place_of, index):
        decision_of[at] = len(decisions)
        decisions.append(decide_row(places[place_of[at]], point, index))
    if review:
        for at, decision in _reviewed(table, review):
            row = _decided_by_person(decisions[decision_of[at]], decision)
            decision_of[at] = len(decisions)
            decisions.append(row)
    _add_seats(decisions, rosters)
    columns: dict[str, Any] = {}
    for name in MATCH:
        values = np.array([row[name] for row in decisions], dtype=object)
        columns[name] = values[decision_of] if len(decisions) else values
    matches = make_frame(columns, MATCH)
    return pd.concat([table[list(TABLE)].reset_index(drop=True), matches], axis=1)


def _find_places(table: pd.DataFrame, index: Gazetteer) -> tuple[list[Found], NDArray[np.int64]]:
    """Find each different place said once; give the places and, for each row, which."""
    keys = list(zip(*(table[name].tolist() for name in _SAID), strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    place_of = np.fromiter(map(numbers.__getitem__, keys), dtype=np.int64, count=len(keys))
    return [find_place(Said(*key), index) for key in numbers], place_of


def _points_that_matter(
    table: pd.DataFrame, places: Sequence[Found], place_of: NDArray[np.int64], index: Gazetteer
) -> Iterator[tuple[int, Point]]:
    """Locate the points that can change a decision: row, Point.

    Locating costs more than all the rest. A point near the centre of a commune that is not split
    cannot tell anything new.
    """
    longitudes = table["longitude"].to_numpy(dtype=float, na_value=np.nan)
    latitudes = table["latitude"].to_numpy(dtype=float, na_value=np.nan)
    rows = np.flatnonzero(~(np.isnan(longitudes) | np.isnan(latitudes)))
    if not len(rows):
        return
    centres = np.array([_centre(place, index) for place in places])[place_of[rows]]
    # A degree of longitude is 0.7 of one of latitude in France: near enough for this question.
    far_x = np.abs(longitudes[rows] - centres[:, 0]) * 0.7 > _NEAR_ITS_CENTRE_DEGREES
    far_y = np.abs(latitudes[rows] - centres[:, 1]) > _NEAR_ITS_CENTRE_DEGREES
    rows = rows[far_x | far_y | np.isnan(centres[:, 0])]
    yield from zip(rows.tolist(), locate_points(longitudes[rows], latitudes[rows]), strict=True)


def _centre(place: Found, index: Gazetteer) -> tuple[float, float]:
    """The centre of a place that decides by itself; NaN where a point is wanted."""
    if len(place.places) == 1 and place.certainty != "unsure":
        (code,) = place.places
        if len(index.constituencies_of.get(code, ())) == 1:
            return index.centres.get(code, _UNKNOWN)
    return _UNKNOWN


def decide_row(place: Found, point: Point | None, index: Gazetteer) -> Row:
    """Give one row its MATCH columns, all but the seats.

    A place whose constituencies agree decides by itself, unless a point says clearly otherwise; a
    split commune needs a point.
    """
    possible = _possible(place, index)
    if point is not None:
        decision = decide_by_point(place, possible, point)
        if decision is not None:
            return _row(place, index, *decision)
    if len(possible) == 1 and place.certainty != "unsure":
        return _row(place, index, possible, place.method, place.certainty, place.reason)
    if place.certainty != "unsure" and possible:
        reason = f"{place.reason}; {len(possible)} constituencies are possible and no coordinates are known"
    else:
        reason = place.reason
    if place.certainty != "unsure" and place.places and not possible:
        reason = f"{place.reason}; it votes for no deputy"
    return _row(place, index, possible, "none", "unsure", reason)


def _possible(place: Found, index: Gazetteer) -> tuple[str, ...]:
    if place.places:
        return index.constituencies(place.places)
    if place.certainty == "department":
        return tuple(
            code for code, item in index.geography.constituencies.items()
            if item.department_code == place.department_code
        )  # fmt: skip
    return (place.abroad,) if place.abroad else ()


def _row(
    place: Found, index: Gazetteer, constituencies: Sequence[str], method: str, certainty: str,
    reason: str,
) -> Row:  # fmt: skip
    certain = certainty != "unsure" and len(constituencies) == 1
    communes = {index.commune_of(code) for code in place.places}
    if certain and len(communes) > 1:
        # The point or the agreement of several communes chose a constituency, not a commune.
        communes = {
            index.commune_of(code) for code in place.places
            if constituencies[0] in index.constituencies_of.get(code, ())
        }  # fmt: skip
    commune = communes.pop() if len(communes) == 1 else ""
    if certainty == "unsure" and method == "none" and place.certainty == "unsure":
        commune = ""
    department = department_of_commune(commune) if commune else place.department_code
    if not department and certain:
        department = split_constituency(constituencies[0])[0]
    elif not department and constituencies and not place.abroad:
        shared = {split_constituency(code)[0] for code in constituencies}
        department = shared.pop() if len(shared) == 1 and len(place.places) == 0 else ""
    return {
        "matched_commune_code": commune,
        "matched_commune_name": index.names.get(commune, ""),
        "matched_department_code": department,
        "constituency_code": constituencies[0] if certain else "",
        "candidates": "" if certain else " ".join(constituencies),
        "method": method if certain else "none",
        "certainty": certainty if certain else "unsure",
        "reason": reason,
    }


def _reviewed(
    table: pd.DataFrame, review: Mapping[str, Decision]
) -> Iterator[tuple[int, Decision]]:
    """The rows that a person has decided, by their key."""
    said = ("finess", "name", "address", "postcode", "commune_name")
    for at, cells in enumerate(zip(*(table[name].tolist() for name in said), strict=True)):
        decision = review.get(key_of(*cells))
        if decision is not None:
            yield at, decision


def _decided_by_person(row: Row, decision: Decision) -> Row:
    code = decision.constituency_code
    if not code:
        return row | {
            "constituency_code": "",
            "method": "review",
            "certainty": "unsure",
            "reason": "left open by a person",
        }
    possible = {row["constituency_code"], *row["candidates"].split()}
    department = split_constituency(code)[0]
    # A commune may vote in another département's constituency; a decision beside all candidates is
    # about another place, and its senators are that place's.
    place = {} if code in possible else {"matched_commune_code": "", "matched_commune_name": ""}
    return (
        row
        | place
        | {
            "matched_department_code": (row["matched_department_code"] if not place else "")
            or department,
            "constituency_code": code,
            "candidates": "",
            "method": "review",
            "certainty": "address",
            "reason": "decided by a person" + (f": {decision.note}" if decision.note else ""),
        }
    )


def _add_seats(rows: Sequence[Row], rosters: Sequence[Roster]) -> None:
    deputies: dict[str, str] = {}
    senators: dict[str, list[str]] = {}
    for roster in rosters:
        for member in roster.members:
            if member.chamber == "assemblee":
                deputies[member.constituency_code] = member.official_id
            else:
                senators.setdefault(member.department_code, []).append(member.official_id)
    joined = {code: " ".join(ids) for code, ids in senators.items()}
    for row in rows:
        row["deputy_id"] = deputies.get(row["constituency_code"], "")
        row["senator_ids"] = joined.get(row["matched_department_code"], "")
