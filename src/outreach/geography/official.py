"""Reading the official files that geography.catalogue names.

Each file is read strictly: every column is read or named as ignored; one that is gone or new
is said, and so is every cell that is not what its column holds. Codes stay text. What comes out is in our columns; geography.build puts it together.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from python_calamine import CalamineError

from outreach.errors import InputError
from outreach.geography.catalogue import FILES, OfficialFile
from outreach.geography.codes import constituency_code, department_of, parse_constituency

# Faults shown in one column: a whole column of another form would fill the screen.
_SHOWN = 20


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
    except (ValueError, OSError, CalamineError) as error:
        raise InputError(f"{path.name}: {error}") from error
    header = set(table.columns)
    problems = [
        f"{path.name}: column {name!r} is gone" for name in sorted(file.read.keys() - header)
    ]
    problems += [
        f"{path.name}: column {name!r} is new; read it or name it as ignored"
        for name in sorted(header - file.read.keys() - file.ignored)
    ]
    if not problems:
        table = table[list(file.read)].rename(columns=dict(file.read))
        problems = _odd_cells(path, file, table)
    if problems:
        raise InputError(path.name, problems)
    return table


def _odd_cells(path: Path, file: OfficialFile, table: pd.DataFrame) -> list[str]:
    """List the cells that are not of their column's form, by the row a spreadsheet shows."""
    theirs = {ours: name for name, ours in file.read.items()}
    problems = []
    for column, form in file.forms.items():
        odd = np.flatnonzero(~table[column].str.fullmatch(form))
        where = f"{path.name}, row {{}}, {theirs[column]}"
        problems += [
            f'{where.format(row + 2)}: "{table[column].iloc[row]}" is not as expected'
            for row in odd[:_SHOWN]
        ]
        if len(odd) > _SHOWN:
            problems.append(f"{where.format(odd[_SHOWN] + 2)} and {len(odd) - _SHOWN - 1} more")
    return problems
