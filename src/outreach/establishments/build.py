"""data/establishments/ from the official files: categories.csv, establishments.csv, source.toml."""

import csv
import gzip
import io
import re
from dataclasses import astuple
from pathlib import Path

import tomlkit

from outreach.errors import InputError
from outreach.establishments.categories import (
    COLUMNS,
    categories_from_nomenclature,
    load_categories,
)
from outreach.establishments.finess_plus import generated_on, read_plus
from outreach.establishments.reading import finess_source
from outreach.establishments.storage import table_text
from outreach.files import write_file


def build_establishments(
    structures: Path, activities: Path, nomenclature: Path, folder: Path
) -> dict[str, int]:
    """Write the bundled list and its categories; the same files give the same bytes.

    Args:
        structures: the FINESS+ structures file (.json or .json.gz).
        activities: the FINESS+ activities file, of the same month.
        nomenclature: the nomenclature of categories (XML, may be .gz).
        folder: where; usually data/establishments of the checkout.

    Returns:
        How many categories and establishments were written.

    Raises:
        InputError: one of the files is not what it should be, or a site is refused.
    """
    categories = categories_from_nomenclature(nomenclature)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(category) for category in categories)
    write_file(folder / "categories.csv", text.getvalue())
    load_categories.cache_clear()
    reading = read_plus(structures, activities, fields_only=True)
    if reading.refused:
        raise InputError(
            f"{structures.name}: some sites cannot be taken.", [str(row) for row in reading.refused]
        )
    table = reading.table.sort_values("establishment_id", ignore_index=True)
    # The publisher's order is no information; a row number would change with every issue.
    table["source_row"] = range(1, len(table) + 1)
    table["source_row"] = table["source_row"].astype("Int64")
    write_file(folder / "establishments.csv", table_text(table))
    write_file(folder / "source.toml", _source(generated_on(structures), len(table), nomenclature))
    return {"categories": len(categories), "establishments": len(table)}


def _source(day: str, count: int, nomenclature: Path) -> str:
    document = tomlkit.document()
    document["establishments"] = {
        "publisher": "Agence du numérique en santé, FINESS",
        "title": "FINESS+, structures et activités, échantillon",
        "address": "https://www.data.gouv.fr/datasets/finess-structures-1",
        "licence": "Licence Ouverte 2.0",
        "as_of": day,
        "source": finess_source(day),
        "kept": f"{count} open sites in one of the five fields; number, name, address, category, places, point",
        "left_out": "persons, telephone numbers, e-mail addresses",
    }
    document["categories"] = {
        "publisher": "Agence du numérique en santé, FINESS",
        "title": "Nomenclature des catégories d'établissement (flux cs1500106)",
        "licence": "Licence Ouverte 2.0",
        "as_of": nomenclature_date(nomenclature),
        "field": "ours, from the rules of fields.toml",
    }
    return tomlkit.dumps(document)


def nomenclature_date(path: Path) -> str:
    """The date the nomenclature says of itself (datemaj)."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        found = re.search(rb"<datemaj>([0-9-]{10})</datemaj>", file.read(4000))
    return found[1].decode() if found else ""
