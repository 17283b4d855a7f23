"""Build data/geography from the official files: same files in, same bytes out.

official.find_files → read_tables ─▶ communes, moves, postcodes, abroad ─▶ check ─▶ bytes
                    → read_polygons ─▶ outlines
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from outreach.errors import InputError
from outreach.geography import abroad, official, usage
from outreach.geography.codes import (
    ABROAD,
    constituency_code,
    department_of_commune,
    split_constituency,
)
from outreach.geography.communes import ARRONDISSEMENTS, WITHOUT_SEAT, commune_constituencies
from outreach.geography.french import ordinal
from outreach.geography.moves import Node, former_communes
from outreach.geography.outlines import Outlines, decode, encode, simplify
from outreach.geography.postcodes import commune_points, postcodes, unknown_codes
from outreach.geography.source_note import source_note

SEATS: Final = 577
# Degrees, for a map of France a thousand pixels wide: half a pixel, and a twentieth.
LIGHT_TOLERANCE: Final = 0.005
LIGHT_STEP: Final = 0.0005
# Left the code in 2007, before which they were communes of Guadeloupe.
_LEFT_THE_CODE: Final = {"97123": "97701", "97127": "97801"}

Progress = Callable[[int, int], None]


def build_geography(folder: Path, progress: Progress | None = None) -> dict[str, bytes]:
    """Make every file of data/geography from a folder of official files.

    Args:
        folder: holds the files of catalogue.FILES, at any depth.
        progress: called with (steps done, all steps).

    Returns:
        File name → content; source.toml last.

    Raises:
        InputError: a file is missing or not as expected, a commune has no constituency, a
            constituency no commune or polygon. Everything wrong is listed; nothing is written.
    """
    tell = progress or (lambda _done, _total: None)
    paths = official.find_files(folder)
    tables = official.read_tables(paths)
    tell(1, 4)
    codes, polygons = official.read_polygons(paths["polygons"])
    files = {
        "outlines.npz": encode(codes, polygons),
        "outlines-light.npz": encode(codes, simplify(polygons, LIGHT_TOLERANCE), LIGHT_STEP),
    }
    tell(2, 4)
    ours = build_tables(tables, decode(files["outlines.npz"]))
    tell(3, 4)
    files |= {f"{name}.csv": _csv(table) for name, table in ours.items()}
    files["source.toml"] = source_note(paths, files, {name: len(t) for name, t in ours.items()})
    tell(4, 4)
    return files


def build_tables(tables: Mapping[str, pd.DataFrame], outlines: Outlines) -> dict[str, pd.DataFrame]:
    """Make our tables from the official ones, and check that they agree.

    Raises:
        InputError: they do not; every disagreement is listed.
    """
    today = communes_of_today(tables)
    names = _names(tables)
    former = _former(tables, today, names)
    points = commune_points(tables["postcodes"], tables["moves"], former, today)
    places = commune_constituencies(dict(tables), today, points, outlines)
    departments = _departments(tables)
    constituencies = _constituencies(tables["ministry_table"], departments)
    ours = {
        "departments": departments,
        "communes": _communes(tables, names, points),
        "arrondissements": _arrondissements(tables, names, points),
        "commune_constituencies": places,
        "former_communes": former,
        "postcodes": postcodes(tables["postcodes"], tables["moves"], former, today, names),
        "constituencies": constituencies,
        "abroad": abroad.abroad(tables["ministry_table"]),
    }
    problems = _disagreements(ours, outlines)
    problems += [
        f"postcodes: commune code {code} was never a commune's"
        for code in unknown_codes(tables["postcodes"], former, today)
    ]
    if problems:
        raise InputError("The official files do not agree; nothing was written.", problems)
    return ours


def communes_of_today(tables: Mapping[str, pd.DataFrame]) -> dict[Node, frozenset[str]]:
    """Give each commune, part of a commune and arrondissement of today → its commune."""
    cog, overseas = tables["communes"], tables["overseas"]
    today = {
        (kind, code): frozenset({parent or code})
        for kind, code, parent in zip(cog["kind"], cog["code"], cog["parent_code"], strict=True)
    }
    today |= {("COM", code): frozenset({code}) for code in overseas["code"]}
    return today | {("COM", old): frozenset({new}) for old, new in _LEFT_THE_CODE.items()}


def _names(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    cog, overseas = tables["communes"], tables["overseas"]
    cog = cog[cog["kind"].isin(["COM", "ARM"])]
    return dict(zip(cog["code"], cog["name"], strict=True)) | dict(
        zip(overseas["code"], overseas["name"], strict=True)
    )


def _departments(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    regions = dict(
        zip(tables["regions"]["region_code"], tables["regions"]["region_name"], strict=True)
    )
    cog = tables["departments"][["department_code", "name", "tncc", "region_code"]]
    rows = [
        *cog.itertuples(index=False, name=None),
        *((code, name, tncc, "") for code, (name, tncc, _) in usage.COLLECTIVITIES.items()),
    ]
    columns = [
        "department_code",
        "name",
        "tncc",
        "of_name",
        "in_name",
        "region_code",
        "region_name",
    ]
    return pd.DataFrame(
        [
            (
                code,
                name,
                tncc,
                *usage.department_words(code, name, tncc),
                region,
                regions.get(region, ""),
            )
            for code, name, tncc, region in sorted(rows)
        ],
        columns=columns,
    )


def _communes(
    tables: Mapping[str, pd.DataFrame], names: dict[str, str], points: pd.DataFrame
) -> pd.DataFrame:
    """Columns commune_code, name, tncc, department_code, population, longitude, latitude."""
    cog = tables["communes"]
    cog = cog[cog["kind"] == "COM"]
    tncc = dict(zip(cog["code"], cog["tncc"], strict=True))
    codes = sorted([*cog["code"], *tables["overseas"]["code"]])
    table = pd.DataFrame(
        {
            "commune_code": codes,
            "name": [names[code] for code in codes],
            "tncc": [tncc.get(code) or usage.guessed_tncc(names[code]) for code in codes],
            "department_code": [department_of_commune(code) for code in codes],
        }
    )
    return _with_people_and_point(table, "commune_code", _populations(tables), points)


def _arrondissements(
    tables: Mapping[str, pd.DataFrame], names: dict[str, str], points: pd.DataFrame
) -> pd.DataFrame:
    """Columns arrondissement_code, name, commune_code, population, longitude, latitude."""
    cog = tables["communes"]
    cog = cog[cog["kind"] == "ARM"].sort_values("code")
    table = pd.DataFrame(
        {
            "arrondissement_code": cog["code"].to_numpy(),
            "name": [names[code] for code in cog["code"]],
            "commune_code": cog["parent_code"].to_numpy(),
        }
    )
    return _with_people_and_point(table, "arrondissement_code", _populations(tables), points)


def _populations(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Give the population of each code, as text; those of Paris, Lyon, Marseille are added up."""
    known: dict[str, str] = {}
    for key in ("populations", "overseas"):
        known |= dict(zip(tables[key]["code"], tables[key]["population"], strict=True))
    for commune, (first, last) in ARRONDISSEMENTS.items():
        parts = [int(people) for code, people in known.items() if first <= code <= last]
        known[commune] = str(sum(parts)) if parts else ""
    return known


def _with_people_and_point(
    table: pd.DataFrame, key: str, populations: dict[str, str], points: pd.DataFrame
) -> pd.DataFrame:
    table["population"] = [populations.get(code, "") for code in table[key]]
    return table.merge(points, how="left", left_on=key, right_on="code").drop(columns="code")


def _former(
    tables: Mapping[str, pd.DataFrame], today: dict[Node, frozenset[str]], names: dict[str, str]
) -> pd.DataFrame:
    """Columns former_code, former_name, kind, until, commune_code.

    kind: former (gone), delegated or associated (a part of a commune today, until is "").
    """
    gone = former_communes(tables["moves"], today)
    gone.insert(2, "kind", "former")
    cog = tables["communes"]
    parts = cog[cog["kind"].isin(["COMD", "COMA"])]
    living = pd.DataFrame(
        {
            "former_code": parts["code"].to_numpy(),
            "former_name": parts["name"].to_numpy(),
            "kind": parts["kind"].map({"COMD": "delegated", "COMA": "associated"}).to_numpy(),
            "until": "",
            "commune_code": parts["parent_code"].to_numpy(),
        }
    )
    # One row for each code, name and commune: the part that lives, else the latest end.
    table = pd.concat([living, gone.sort_values("until", ascending=False)])
    table = table.drop_duplicates(["former_code", "former_name", "commune_code"])
    named = table["former_code"].map(names)
    table = table[named != table["former_name"]]
    return table.sort_values(["former_code", "former_name", "commune_code"], ignore_index=True)


def _constituencies(ministry_table: pd.DataFrame, departments: pd.DataFrame) -> pd.DataFrame:
    """Columns constituency_code, department_code, number, name ("4e circonscription de l'Ain")."""
    codes = {
        constituency_code(department, number)
        for department, number in zip(
            ministry_table["department"], ministry_table["number"], strict=True
        )
    }
    seats = pd.Series([split_constituency(code)[0] for code in codes]).value_counts()
    of_name = dict(zip(departments["department_code"], departments["of_name"], strict=True))
    rows = []
    for code in sorted(codes):
        department, number = split_constituency(code)
        which = f"{ordinal(number, feminine=True)} " if seats[department] > 1 else ""
        name = f"{which}circonscription {of_name[department]}"
        rows.append((code, department, number, usage.CONSTITUENCIES_BY_USAGE.get(code, name)))
    return pd.DataFrame(rows, columns=["constituency_code", "department_code", "number", "name"])


def _disagreements(ours: Mapping[str, pd.DataFrame], outlines: Outlines) -> list[str]:
    communes, places = ours["communes"], ours["commune_constituencies"]
    known = set(ours["constituencies"]["constituency_code"])
    territorial = {code for code in known if split_constituency(code)[0] != ABROAD}
    problems = []
    if len(known) != SEATS:
        problems.append(f"constituencies: {len(known)} instead of {SEATS}")
    placed = set(places["commune_code"])
    problems += [
        f"communes: {code} {name} has no constituency"
        for code, name, department in zip(
            communes["commune_code"], communes["name"], communes["department_code"], strict=True
        )
        if code not in placed and department not in WITHOUT_SEAT
    ]
    for what, codes in (
        ("communes", set(places["constituency_code"])),
        ("polygons", {str(code) for code in outlines.codes}),
    ):
        problems += [
            f"{what}: constituency {code} has none" for code in sorted(territorial - codes)
        ]
        problems += [
            f"{what}: constituency {code} is unknown" for code in sorted(codes - territorial)
        ]
    return problems


def _csv(table: pd.DataFrame) -> bytes:
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8")
