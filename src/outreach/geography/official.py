"""The official files of geography: which they are, and how each is read.

Each file is read strictly: every column is read or named as ignored; one that is gone or new
is said. Codes stay text. What comes out is in our columns; geography.build puts it together.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from outreach.errors import InputError
from outreach.geography.codes import constituency_code, department_of, parse_constituency

LICENCE_OUVERTE: Final = "Licence Ouverte 2.0"


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """One file of a publisher.

    Attributes:
        pattern: its usual name; "*" where the year or edition stands.
        as_of: the day its content stands for.
        read: their column → ours.
        ignored: columns known and not used.
    """

    pattern: str
    title: str
    publisher: str
    licence: str
    address: str
    as_of: str
    read: Mapping[str, str]
    ignored: frozenset[str] = frozenset()
    separator: str = ","
    sheet: str = field(default="")


_INSEE: Final = "Insee"
_COG: Final = "https://www.insee.fr/fr/information/8740222"

FILES: Final = {
    "communes": OfficialFile(
        "v_commune_20*.csv",
        "Code officiel géographique 2026 : communes",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {
            "TYPECOM": "kind",
            "COM": "code",
            "DEP": "department_code",
            "TNCC": "tncc",
            "LIBELLE": "name",
            "COMPARENT": "parent_code",
        },
        frozenset({"REG", "CTCD", "ARR", "NCC", "NCCENR", "CAN"}),
    ),
    "moves": OfficialFile(
        "*mouvements-communes.csv",
        "Code officiel géographique 2026 : événements survenus aux communes depuis 1943",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {
            "DATE_EFF": "date",
            "TYPECOM_AV": "kind_before",
            "COM_AV": "code_before",
            "LIBELLE_AV": "name_before",
            "TYPECOM_AP": "kind_after",
            "COM_AP": "code_after",
        },
        frozenset(
            {"MOD", "TNCC_AV", "NCC_AV", "NCCENR_AV", "TNCC_AP", "NCC_AP", "NCCENR_AP"}
            | {"LIBELLE_AP"}
        ),
    ),
    "departments": OfficialFile(
        "*departements.csv",
        "Code officiel géographique 2026 : départements",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {"DEP": "department_code", "REG": "region_code", "TNCC": "tncc", "LIBELLE": "name"},
        frozenset({"CHEFLIEU", "NCC", "NCCENR"}),
    ),
    "regions": OfficialFile(
        "*regions.csv",
        "Code officiel géographique 2026 : régions",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {"REG": "region_code", "LIBELLE": "region_name"},
        frozenset({"CHEFLIEU", "TNCC", "NCC", "NCCENR"}),
    ),
    "overseas": OfficialFile(
        "*collectivites-outremer.csv",
        "Communes des collectivités d'outre-mer",
        "Insee, Etalab",
        LICENCE_OUVERTE,
        "https://github.com/datagouv/decoupage-administratif",
        "2026-01-01",
        {
            "code_commune": "code",
            "nom_commune": "name",
            "code_collectivite": "department_code",
            "nom_collectivite": "department_name",
            "population": "population",
        },
        frozenset({"code_postal"}),
    ),
    "populations": OfficialFile(
        "*donnees_communes.csv",
        "Populations légales 2023 (population municipale)",
        _INSEE,
        LICENCE_OUVERTE,
        "https://www.insee.fr/fr/statistiques/8680726",
        "2023-01-01",
        {"COM": "code", "PMUN": "population"},
        frozenset({"REG", "Région", "DEP", "CODARR", "CODCAN", "CODCOM"})
        | {"Commune", "PCAP", "PTOT"},
        ";",
    ),
    "insee_table": OfficialFile(
        "circo_composition.xlsx",
        "Composition communale des circonscriptions législatives",
        _INSEE,
        LICENCE_OUVERTE,
        "https://www.insee.fr/fr/statistiques/6436476",
        "2021-01-01",
        {"COMMUNE_RESID": "code", "circo": "constituency"},
        frozenset({"DEP", "libdep", "REG", "libreg", "LIBcom", "type_com"}),
        sheet="table",
    ),
    "ministry_table": OfficialFile(
        "Table_de_correspondance_circo_legislatives*.csv",
        "Table de correspondance des communes et des cantons pour les élections législatives de 2017",
        "Ministère de l'Intérieur",
        LICENCE_OUVERTE,
        "https://www.data.gouv.fr/datasets/circonscriptions-legislatives-table-de-correspondance-des-communes-et-des-cantons-pour-les-elections-legislatives-de-2012-et-sa-mise-a-jour-pour-les-elections-legislatives-2017",
        "2017-04-11",
        {
            "CODE DPT": "department",
            "CODE COMMUNE": "commune",
            "NOM COMMUNE": "name",
            "CODE CIRC LEGISLATIVE": "number",
            "CODE CANTON": "canton",
        },
        frozenset({"NOM DPT", "NOM CANTON"}),
        ";",
    ),
    "postcodes": OfficialFile(
        "laposte_hexasmal*.csv",
        "Base officielle des codes postaux",
        "La Poste",
        LICENCE_OUVERTE,
        "https://datanova.laposte.fr/datasets/laposte-hexasmal",
        "2023-06-14",
        {
            "Code_commune_INSEE": "code",
            "Code_postal": "postcode",
            "Ligne_5": "locality",
            "Libellé_d_acheminement": "label",
            "coordonnees_geographiques": "point",
        },
        frozenset({"Nom_commune"}),
        ";",
    ),
    "polygons": OfficialFile(
        "circos566_osm_25m.parquet",
        "Contours détaillés des circonscriptions des législatives, simplifiés à 25 m",
        "© les contributeurs d'OpenStreetMap",
        "ODbL 1.0",
        "https://www.data.gouv.fr/datasets/contours-detailles-des-circonscriptions-des-legislatives",
        "2022-05-06",
        {"circo": "constituency", "geometry": "geometry"},
    ),
}


def find_files(folder: Path) -> dict[str, Path]:
    """Find the official files in a folder and below.

    Raises:
        InputError: files are missing or doubled; all of them are listed.
    """
    found, problems = {}, []
    for key, file in FILES.items():
        paths = sorted(folder.rglob(file.pattern))
        if len(paths) == 1:
            found[key] = paths[0]
        elif paths:
            names = ", ".join(path.relative_to(folder).as_posix() for path in paths)
            problems.append(f"{file.pattern}: {names}; keep one")
        else:
            problems.append(f"{file.pattern}: missing; {file.publisher}, {file.address}")
    if problems:
        raise InputError(f"{folder} does not hold each official file once.", problems)
    return found


def read_tables(paths: Mapping[str, Path]) -> dict[str, pd.DataFrame]:
    """Read every table but the polygons, all columns text, in our column names.

    Raises:
        InputError: a file cannot be read, or columns are gone or new; all are listed.
    """
    tables, problems = {}, []
    for key, path in paths.items():
        if key == "polygons":
            continue
        try:
            tables[key] = _read(path, FILES[key])
        except InputError as error:
            problems += [*error.problems] or [error.message]
    if problems:
        raise InputError("The official files are not as expected.", problems)
    return tables


def read_polygons(path: Path) -> tuple[list[str], NDArray[np.object_]]:
    """Read the 566 territorial constituencies: our codes, and polygons in WGS84 degrees.

    Raises:
        InputError: pyarrow is not installed, or the file is not what it should be.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise InputError(
            "Reading polygons needs pyarrow; pip install 'outreach[geography]'."
        ) from error
    try:
        table = parquet.read_table(path, columns=list(FILES["polygons"].read))
    except (ArrowException, OSError) as error:
        raise InputError(f"{path.name} is not a readable Parquet file: {error}") from error
    codes = [parse_constituency(code) for code in table["circo"].to_pylist()]
    polygons: NDArray[np.object_] = shapely.from_wkb(table["geometry"].to_pylist())
    return codes, polygons


def ministry_communes(table: pd.DataFrame) -> pd.DataFrame:
    """Give the ministry's rows of territory: code, constituency_code, canton; one row each canton."""
    rows = table[table["department"] != "ZZ"]
    return pd.DataFrame(
        {
            "code": [
                _ministry_commune(department, commune)
                for department, commune in zip(rows["department"], rows["commune"], strict=True)
            ],
            "constituency_code": [
                constituency_code(department, number)
                for department, number in zip(rows["department"], rows["number"], strict=True)
            ],
            "canton": rows["canton"].to_numpy(),
        }
    )


def checksum(path: Path) -> str:
    """Give the SHA-256 of a file, as sha256sum writes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _ministry_commune(department: str, commune: str) -> str:
    """Rebuild an INSEE code: "1", "4" → "01004"; "ZA", "101" → "97101"; "ZM", "501" → "97601"."""
    code = department_of(department)
    if len(code) == 2:
        return code + commune.rjust(3, "0")
    # Mayotte has numbers of its own, 501 to 517 for 97601 to 97617. Elsewhere overseas the
    # ministry writes the last three digits, or the last two without zeros.
    if code == "976" or len(commune) < 3:
        return code + commune[-2:].rjust(2, "0")
    return code[:2] + commune


def _read(path: Path, file: OfficialFile) -> pd.DataFrame:
    try:
        if file.sheet:
            table = pd.read_excel(
                path, sheet_name=file.sheet, dtype=str, keep_default_na=False, engine="calamine"
            )
        else:
            table = pd.read_csv(
                path, sep=file.separator, dtype=str, keep_default_na=False, encoding="utf-8-sig"
            )
    except (ValueError, OSError) as error:
        raise InputError(f"{path.name}: {error}") from error
    header = set(table.columns)
    problems = [
        f"{path.name}: column {name!r} is gone" for name in sorted(file.read.keys() - header)
    ]
    problems += [
        f"{path.name}: column {name!r} is new; read it or name it as ignored"
        for name in sorted(header - file.read.keys() - file.ignored)
    ]
    if problems:
        raise InputError(path.name, problems)
    return table[list(file.read)].rename(columns=dict(file.read))
