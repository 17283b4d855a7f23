"""The bundled geography, loaded: départements, communes, postcodes, constituencies.

Tables of many rows are pandas tables; few rows are mappings of records. Polygons are not
here: geography.points loads them when a point has to be located.
"""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.codes import parse_constituency


@dataclass(frozen=True, slots=True)
class Department:
    """A département, a collectivity overseas, or the French abroad ("ZZ").

    Attributes:
        code: "01", "2A", "971", "ZZ".
        name: as the COG writes it, without article.
        tncc: INSEE's type de nom en clair, "0" to "8".
        of_name: "de l'Ain". in_name: "dans l'Ain".
        region_code: "" for collectivities and abroad, and so region_name.
    """

    code: str
    name: str
    tncc: str
    of_name: str
    in_name: str
    region_code: str
    region_name: str


@dataclass(frozen=True, slots=True)
class Constituency:
    """One of the 577 constituencies: "01-04", "01", 4, "4e circonscription de l'Ain"."""

    code: str
    department_code: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Arrondissement:
    """A municipal arrondissement of Paris, Lyon or Marseille, its commune, people and point."""

    code: str
    name: str
    commune_code: str
    population: int
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Geography:
    """Every place of the bundled tables. All codes are text; tables are not to be changed.

    Attributes:
        departments: code → Department, 110.
        constituencies: code → Constituency, 577.
        arrondissements: code → Arrondissement, 45.
        abroad: country or consular post, as written in abroad.csv → constituency code.
        communes: 34 969 rows, index 0…: commune_code (sorted), name, tncc, department_code,
            population (Int64, missing = unknown), longitude, latitude (missing = unknown).
        commune_constituencies: commune_code, constituency_code, share ("whole" | "part"),
            source. commune_code is also an arrondissement's ("75116"): its own, narrower
            choice. The 6 places of 984 and 989 vote for no deputy and have no row.
        postcodes: postcode, commune_code, arrondissement_code ("" or "75116"), label (capitals),
            locality ("" or a part of the commune, capitals). CEDEX postcodes are in no list.
        former_communes: former_code, former_name, kind (former | delegated | associated), until
            ("" for a part of a commune of today), commune_code (of today).
    """

    departments: Mapping[str, Department]
    constituencies: Mapping[str, Constituency]
    arrondissements: Mapping[str, Arrondissement]
    abroad: Mapping[str, str]
    communes: pd.DataFrame
    commune_constituencies: pd.DataFrame
    postcodes: pd.DataFrame
    former_communes: pd.DataFrame

    def constituency(self, text: str) -> Constituency:
        """Give the constituency that a code in any publisher's form names.

        Raises:
            InputError: the text is no code, or there is no such constituency.
        """
        code = parse_constituency(text)
        if code not in self.constituencies:
            raise InputError(f'"{text}" ({code}) is not one of the 577 constituencies.')
        return self.constituencies[code]

    @functools.cached_property
    def constituencies_of(self) -> Mapping[str, tuple[str, ...]]:
        """Commune or arrondissement code → its constituencies, in the order of their codes."""
        of: dict[str, tuple[str, ...]] = {}
        table = self.commune_constituencies
        for commune, constituency in zip(
            table["commune_code"], table["constituency_code"], strict=True
        ):
            of[commune] = (*of.get(commune, ()), constituency)
        return MappingProxyType(of)

    @functools.cached_property
    def current_codes(self) -> Mapping[str, tuple[str, ...]]:
        """Any code that a commune bears or bore since 1943 → communes of today that hold it.

        Arrondissements lead to their commune. A code of today leads to itself alone.
        """
        codes: dict[str, tuple[str, ...]] = {}
        former = self.former_communes
        for old, new in zip(former["former_code"], former["commune_code"], strict=True):
            if new not in codes.get(old, ()):
                codes[old] = (*codes.get(old, ()), new)
        codes |= {code: (place.commune_code,) for code, place in self.arrondissements.items()}
        codes |= {code: (code,) for code in self.communes["commune_code"]}
        return MappingProxyType(codes)


def load_geography(folder: Path | None = None) -> Geography:
    """Load the tables of a folder, the bundled ones by default; once for each folder.

    Raises:
        InputError: a table is missing or cannot be read.
    """
    return _load(folder or data_path("geography"))


@functools.cache
def _load(folder: Path) -> Geography:
    try:
        return Geography(
            departments=MappingProxyType(
                {row[0]: Department(*row) for row in _rows(folder, "departments")}
            ),
            constituencies=MappingProxyType(
                {
                    code: Constituency(code, department, int(number), name)
                    for code, department, number, name in _rows(folder, "constituencies")
                }
            ),
            arrondissements=MappingProxyType(
                {
                    code: Arrondissement(code, name, commune, int(people), float(x), float(y))
                    for code, name, commune, people, x, y in _rows(folder, "arrondissements")
                }
            ),
            abroad=MappingProxyType({row[1]: row[2] for row in _rows(folder, "abroad")}),
            communes=_communes(folder),
            commune_constituencies=_table(folder, "commune_constituencies"),
            postcodes=_table(folder, "postcodes"),
            former_communes=_table(folder, "former_communes"),
        )
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder} does not hold the geography tables ({error}); "
            "`outreach geography build` writes them."
        ) from error


def _rows(folder: Path, name: str) -> list[list[str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def _communes(folder: Path) -> pd.DataFrame:
    numbers = {"population": "Int64", "longitude": "Float64", "latitude": "Float64"}
    text = dict.fromkeys(["commune_code", "name", "tncc", "department_code"], "str")
    return pd.read_csv(
        folder / "communes.csv",
        dtype={**text, **numbers},
        keep_default_na=False,
        na_values={column: [""] for column in numbers},
    )
