"""La Poste's postcodes brought to the communes of today, and a point in each commune."""

import pandas as pd

from outreach.geography.catalogue import FILES
from outreach.geography.moves import Node, follow
from outreach.geography.names import plain_name


def postcodes(
    table: pd.DataFrame,
    moves: pd.DataFrame,
    former: pd.DataFrame,
    today: dict[Node, frozenset[str]],
    names: dict[str, str],
) -> pd.DataFrame:
    """Give the postcodes of each commune of today.

    Args:
        table: La Poste's rows, columns code, postcode, locality, label.
        moves: INSEE's table of events.
        former: what communes were, as moves.former_communes gives it.
        today: each commune, part and arrondissement of today → its commune.
        names: current commune code → name.

    Returns:
        Columns postcode, commune_code, arrondissement_code ("" but in Paris, Lyon,
        Marseille), label (the line of the address, in capitals), locality ("" or a hamlet or
        former commune); sorted. Monaco is left out; CEDEX postcodes are in no list of La Poste.
    """
    heirs = _heirs(moves, former, today)
    borne = _names_borne(former, names)
    rows = []
    for code, postcode, locality, label in table[
        ["code", "postcode", "locality", "label"]
    ].itertuples(index=False):
        arrondissement = code if ("ARM", code) in today else ""
        rows += [
            (postcode, commune, arrondissement, label, locality)
            for commune in _of_locality(heirs.get(code, frozenset()), locality, code, borne)
        ]
    columns = ["postcode", "commune_code", "arrondissement_code", "label", "locality"]
    return pd.DataFrame(sorted(set(rows)), columns=columns)


def unknown_codes(
    table: pd.DataFrame, former: pd.DataFrame, today: dict[Node, frozenset[str]]
) -> list[str]:
    """List La Poste's commune codes that are no commune's, now or before; 99… is abroad."""
    known = {code for _, code in today} | set(former["former_code"])
    return sorted(code for code in set(table["code"]) - known if not code.startswith("99"))


def commune_points(
    table: pd.DataFrame,
    moves: pd.DataFrame,
    former: pd.DataFrame,
    today: dict[Node, frozenset[str]],
) -> pd.DataFrame:
    """Give a point in each commune and arrondissement that La Poste has one for.

    Returns:
        Columns code, longitude, latitude (degrees, 5 decimals). A commune cut out of another
        since has none: the point was the other's.
    """
    heirs = _heirs(moves, former, today)
    points = {}
    # Codes of today last: a merged commune keeps the point of the one whose code it took.
    rows = sorted(
        zip(table["code"], table["point"], strict=True), key=lambda row: _stays(row[0], heirs)
    )
    for code, point in rows:
        to = {code} if ("ARM", code) in today else heirs.get(code, frozenset())
        if len(to) == 1 and point:
            latitude, longitude = point.split(",")
            points[next(iter(to))] = (round(float(longitude), 5), round(float(latitude), 5))
    return pd.DataFrame(
        [(code, *point) for code, point in sorted(points.items())],
        columns=["code", "longitude", "latitude"],
    )


def _heirs(
    moves: pd.DataFrame, former: pd.DataFrame, today: dict[Node, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Give the communes of today for each commune code that La Poste may use."""
    # La Poste lags: codes gone shortly before its own date are found among former communes.
    late: dict[str, frozenset[str]] = {}
    for code, commune in zip(former["former_code"], former["commune_code"], strict=True):
        late[code] = late.get(code, frozenset()) | {commune}
    held = follow(moves, today, FILES["postcodes"].as_of)
    then = {code: to for (kind, code), to in held.items() if kind in ("COM", "ARM")}
    return late | then


def _stays(code: str, heirs: dict[str, frozenset[str]]) -> bool:
    return code in heirs.get(code, frozenset())


def _names_borne(former: pd.DataFrame, names: dict[str, str]) -> dict[str, set[str]]:
    """Give every name, plain, that each commune of today or a part of it bears or bore."""
    borne = {code: {plain_name(name)} for code, name in names.items()}
    for name, code in zip(former["former_name"], former["commune_code"], strict=True):
        borne[code].add(plain_name(name))
    return borne


def _of_locality(
    communes: frozenset[str], locality: str, code: str, borne: dict[str, set[str]]
) -> list[str]:
    """Choose among the communes that a divided one became: the one named, else the old code's."""
    if len(communes) <= 1:
        return sorted(communes)
    named = [commune for commune in sorted(communes) if plain_name(locality) in borne[commune]]
    return named or ([code] if code in communes else sorted(communes))
