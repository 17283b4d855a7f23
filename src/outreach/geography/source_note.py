"""source.toml: where each file of data/geography comes from, under which licence, as of when."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import tomlkit

from outreach.geography.catalogue import FILES
from outreach.geography.official import checksum

# our file → the official files it is made of, by their key in catalogue.FILES.
MADE_OF: Final = {
    "departments.csv": ("departments", "regions"),
    "communes.csv": ("communes", "overseas", "populations", "postcodes"),
    "arrondissements.csv": ("communes", "populations", "postcodes"),
    "commune_constituencies.csv": ("insee_table", "ministry_table", "moves", "communes"),
    "former_communes.csv": ("moves", "communes"),
    "postcodes.csv": ("postcodes", "moves", "communes"),
    "constituencies.csv": ("ministry_table",),
    "abroad.csv": ("ministry_table",),
    "outlines.npz": ("polygons",),
    "outlines-light.npz": ("polygons",),
}


def source_note(
    paths: Mapping[str, Path], files: Mapping[str, bytes], rows: Mapping[str, int]
) -> bytes:
    """Write source.toml: the official files, then each of ours with size and checksum.

    Args:
        paths: key of catalogue.FILES → the file that was read.
        files: our file name → its content.
        rows: table name → its number of rows.
    """
    note = tomlkit.document()
    note.add(tomlkit.comment("Written by `outreach geography build`. Licences: ../LICENSES.md"))
    for key, path in paths.items():
        file = FILES[key]
        table = tomlkit.table()
        table["title"] = file.title
        table["publisher"] = file.publisher
        table["licence"] = file.licence
        table["address"] = file.address
        table["as_of"] = file.as_of
        table["file"] = path.name
        table["sha256"] = checksum(path)
        note.setdefault("source", tomlkit.table(is_super_table=True))[key] = table
    for name in sorted(files):
        table = tomlkit.table()
        table["made_of"] = list(MADE_OF[name])
        table["licence"] = FILES[MADE_OF[name][0]].licence
        if name.endswith(".csv"):
            table["rows"] = rows[name.removesuffix(".csv")]
        table["bytes"] = len(files[name])
        table["sha256"] = hashlib.sha256(files[name]).hexdigest()
        note.setdefault("file", tomlkit.table(is_super_table=True))[name] = table
    return tomlkit.dumps(note).encode("utf-8")
