"""Each commune of today with its constituency or constituencies, and where that is known from.

The law draws constituencies on the communes and cantons of 2010. INSEE's table gives them for
the communes of 2021; the ministry's, for Mayotte, the collectivities overseas and, by canton,
the arrondissements of Paris. Moves of communes since then bring both to today.
"""

from typing import Final

import numpy as np
import pandas as pd
import shapely

from outreach.geography.catalogue import FILES
from outreach.geography.codes import department_of_commune, parse_constituency
from outreach.geography.moves import Node, follow
from outreach.geography.official import ministry_communes
from outreach.geography.outlines import Outlines

# Communes whose council is elected by arrondissement: La Poste, FINESS and others give the
# arrondissement's code. commune: (first code, last code).
ARRONDISSEMENTS: Final = {
    "13055": ("13201", "13216"),
    "69123": ("69381", "69389"),
    "75056": ("75101", "75120"),
}

# No deputy is elected in the French Southern Lands and on Clipperton.
WITHOUT_SEAT: Final = frozenset({"984", "989"})

# Code électoral, table n° 1 annexed to article L. 125 (law n° 2010-165): Marseille by
# arrondissement; Lyon by the cantons of 2010, of which the arrondissements are parts or unions.
# The ministry's table has only Marseille's cantons of 2015 and one fictitious canton for Lyon.
_BY_LAW: Final = {
    "69381": "69-02",
    "69382": "69-01 69-02",
    "69383": "69-03 69-04",
    "69384": "69-02",
    "69385": "69-01",
    "69386": "69-04",
    "69387": "69-01 69-03",
    "69388": "69-01 69-03 69-04",
    "69389": "69-01 69-02",
    "13201": "13-04",
    "13202": "13-04",
    "13203": "13-04",
    "13204": "13-05",
    "13205": "13-04 13-05",
    "13206": "13-04 13-05",
    "13207": "13-02",
    "13208": "13-02",
    "13209": "13-06",
    "13210": "13-01 13-06",
    "13211": "13-01",
    "13212": "13-01 13-03",
    "13213": "13-03",
    "13214": "13-03 13-07",
    "13215": "13-07",
    "13216": "13-07",
}
# The ministry numbers Paris's cantons 15 to 34: arrondissements 1 to 20.
_PARIS_CANTON_SHIFT: Final = 14


def commune_constituencies(
    tables: dict[str, pd.DataFrame],
    today: dict[Node, frozenset[str]],
    points: pd.DataFrame,
    outlines: Outlines,
) -> pd.DataFrame:
    """Give every commune and arrondissement of today its constituencies.

    Args:
        tables: the official tables, as official.read_tables gives them.
        today: each commune, part and arrondissement of today → its commune.
        points: columns code, longitude, latitude: a point in some communes.
        outlines: the polygons, asked for communes that no table places.

    Returns:
        Columns commune_code, constituency_code, share ("whole", or "part" where the commune
        lies in several), source (insee, moves, ministry, law, point); sorted by the codes.
        Communes of WITHOUT_SEAT have no row; a commune that nothing places has none either:
        geography.build refuses.
    """
    communes = {
        code
        for code in frozenset[str]().union(*today.values())
        if department_of_commune(code) not in WITHOUT_SEAT
    }
    placed = pd.concat(
        [
            _by_insee(tables["insee_table"], tables["moves"], today),
            _by_ministry(tables["ministry_table"]),
            _by_arrondissement(tables["ministry_table"]),
        ]
    )
    # INSEE's table first, then the ministry's.
    first = placed.groupby("commune_code")["rank"].transform("min")
    placed = placed[placed["rank"] == first]
    missing = points[points["code"].isin(communes - set(placed["commune_code"]))]
    placed = pd.concat([placed, _by_point(missing, outlines)])
    arrondissements = {code for kind, code in today if kind == "ARM"}
    placed = placed[placed["commune_code"].isin(arrondissements.union(communes))]
    placed = (
        placed[["commune_code", "constituency_code", "source"]]
        .drop_duplicates(["commune_code", "constituency_code"])
        .sort_values(["commune_code", "constituency_code"], ignore_index=True)
    )
    several = placed["commune_code"].duplicated(keep=False)
    placed.insert(2, "share", np.where(several, "part", "whole"))
    return placed


def _by_insee(
    table: pd.DataFrame, moves: pd.DataFrame, today: dict[Node, frozenset[str]]
) -> pd.DataFrame:
    """Bring INSEE's table to the communes of today.

    A merged commune has the constituencies of all that came into it; a commune that left
    another has those of the other, as nothing says which part it had.
    """
    since = FILES["insee_table"].as_of
    heirs = follow(moves, today, since)
    moved = moves[(moves["date"] > since) & (moves["kind_before"] == "COM")]
    touched = set(moved["code_before"]) | set(moved["code_after"])
    rows = [
        (heir, parse_constituency(constituency), "moves" if heir in touched else "insee", 0)
        for code, constituency in zip(table["code"], table["constituency"], strict=True)
        if constituency
        for heir in heirs.get(("COM", code), ())
    ]
    return _table(sorted(rows))


def _by_ministry(table: pd.DataFrame) -> pd.DataFrame:
    rows = ministry_communes(table)
    found = list(zip(rows["code"], rows["constituency_code"], strict=True))
    # Wallis-et-Futuna is one row of the ministry's, three districts of INSEE's.
    islands = [
        (code, constituency)
        for known, constituency in found
        if known == "98601"
        for code in ("98611", "98612", "98613")
    ]
    return _table((*row, "ministry", 1) for row in [*found, *islands])


def _by_arrondissement(table: pd.DataFrame) -> pd.DataFrame:
    rows = ministry_communes(table)
    paris = rows[rows["code"] == "75056"]
    found = [
        (f"751{int(canton) - _PARIS_CANTON_SHIFT:02d}", constituency, "ministry", 0)
        for canton, constituency in zip(paris["canton"], paris["constituency_code"], strict=True)
    ]
    by_law = [
        (code, constituency, "law", 0)
        for code, constituencies in _BY_LAW.items()
        for constituency in constituencies.split()
    ]
    return _table(found + by_law)


def _by_point(points: pd.DataFrame, outlines: Outlines) -> pd.DataFrame:
    """Place the six destroyed communes of the Meuse, without voters and in no table."""
    tree = shapely.STRtree(outlines.polygons)
    degrees = points[["longitude", "latitude"]].to_numpy(np.float64)
    nearest = tree.nearest(shapely.points(degrees))
    return _table(
        (code, constituency, "point", 2)
        for code, constituency in zip(points["code"], outlines.codes[nearest], strict=True)
    )


def _table(rows: object) -> pd.DataFrame:
    columns = ["commune_code", "constituency_code", "source", "rank"]
    return pd.DataFrame(list(rows), columns=columns)  # type: ignore[call-overload]  # any iterable of rows
