"""Establishment → commune → constituency → deputy and senators, each with method, certainty, reason.

Rows that say the same of their place are decided once, points are located all together: 100 000
rows cost little more than the places they name.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from outreach.establishments.columns import MATCH, TABLE, make_frame
from outreach.geography.codes import department_of_commune, split_constituency
from outreach.geography.places import Geography
from outreach.matching.gazetteer import Gazetteer, gazetteer_of
from outreach.matching.place import Found, Said, find_place
from outreach.matching.point import Located, Point, decide_by_point, locate_points
from outreach.matching.review import Decision, key_of
from outreach.roster.seat import Roster

Row = dict[str, str]


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
    columns = {name: table[name].tolist() for name in _USED}
    decided: dict[Said, Found] = {}
    found: list[Found] = []
    for code, postcode, name, department in zip(*(columns[name] for name in _SAID), strict=True):
        said = Said(code, postcode, name, department)
        place = decided.get(said)
        if place is None:
            place = decided[said] = find_place(said, index)
        found.append(place)
    points = locate_points(
        table["longitude"].to_numpy(dtype=float, na_value=np.nan),
        table["latitude"].to_numpy(dtype=float, na_value=np.nan),
    )
    rows = _decide(found, points, index)
    if review:
        _apply_review(rows, table, review, geography)
    _add_seats(rows, geography, rosters)
    matches = make_frame({name: [row[name] for row in rows] for name in MATCH}, MATCH)
    return pd.concat([table[list(TABLE)].reset_index(drop=True), matches], axis=1)


_SAID = ("commune_code", "postcode", "commune_name", "department_code")
_USED = _SAID


def _decide(found: Sequence[Found], points: Located, index: Gazetteer) -> list[Row]:
    """Give each row its constituency from its place and its point; equal cases share the work."""
    without_point: dict[int, Row] = {}
    rows: list[Row] = []
    for at, place in enumerate(found):
        point = points.at(at)
        if point is None:
            # Found objects are shared by rows that say the same.
            row = without_point.get(id(place))
            if row is None:
                row = without_point[id(place)] = decide_row(place, None, index)
            rows.append(dict(row))
        else:
            rows.append(decide_row(place, point, index))
    return rows


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
        reason = (
            f"{place.reason}; {len(possible)} constituencies are possible and there is no point"
        )
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
    return ()


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
    elif not department and constituencies:
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


def _apply_review(
    rows: list[Row], table: pd.DataFrame, review: Mapping[str, Decision], geography: Geography
) -> None:
    """Put a person's decisions in: a constituency, or "nobody can tell"."""
    keys = zip(
        *(
            table[name].tolist()
            for name in ("finess", "name", "address", "postcode", "commune_name")
        ),
        strict=True,
    )
    for row, said in zip(rows, keys, strict=True):
        decision = review.get(key_of(*said))
        if decision is None:
            continue
        if not decision.constituency_code:
            row |= {"constituency_code": "", "method": "review", "certainty": "unsure",
                    "reason": "left open by a person"}  # fmt: skip
            continue
        department = row["matched_department_code"]
        row |= {
            "matched_department_code": department
            or split_constituency(decision.constituency_code)[0],
            "constituency_code": decision.constituency_code,
            "candidates": "",
            "method": "review",
            "certainty": "address",
            "reason": "decided by a person" + (f": {decision.note}" if decision.note else ""),
        }


def _add_seats(rows: list[Row], geography: Geography, rosters: Sequence[Roster]) -> None:
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
