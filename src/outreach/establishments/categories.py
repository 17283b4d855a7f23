"""Category of an establishment → field of activity, and what its capacity counts.

data/establishments/categories.csv is written by `outreach establishments build` from the official
nomenclature of FINESS and from our rules (data/establishments/fields.toml).
"""

import csv
import gzip
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from rapidfuzz import fuzz, process

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.establishments.spelling import plain

FIELDS = (
    "handicap",
    "protection_enfance",
    "autonomie_personnes_agees",
    "protection_juridique_majeurs",
    "lutte_exclusions",
)
COLUMNS = (
    "category_code",
    "category",
    "aggregate_code",
    "aggregate",
    "field",
    "capacity",
    "closed_on",
)


@dataclass(frozen=True, slots=True)
class Category:
    """One category of the nomenclature.

    Attributes:
        field: one of FIELDS, or "" for hospitals, schools and the rest.
        capacity: "place" or "measure": the two are never added.
        closed_on: the day the category was closed, "" if it is in use; old rows may carry it.
    """

    category_code: str
    category: str
    aggregate_code: str
    aggregate: str
    field: str
    capacity: str
    closed_on: str


@cache
def load_categories() -> dict[str, Category]:
    """Read the bundled table: category code → Category."""
    with data_path("establishments", "categories.csv").open(encoding="utf-8", newline="") as file:
        return {row["category_code"]: Category(**row) for row in csv.DictReader(file)}


def categories_from_nomenclature(path: Path, rules: Path | None = None) -> list[Category]:
    """Read the official nomenclature (XML, may be .gz) and give each category its field by our rules.

    Raises:
        InputError: not the nomenclature of categories, or a rule names a code that it lacks.
    """
    content = _nomenclature(path)
    with (rules or data_path("establishments", "fields.toml")).open("rb") as file:
        table = tomllib.load(file)
    fields = {code: field for field, codes in table["aggregates"].items() for code in codes}
    fields_by_category = {
        code: field for field, codes in table["categories"].items() for code in codes
    }
    measures = set(table["capacity"]["measures"])
    categories = []
    # The document type is refused above, so no entity can be declared.
    for element in ElementTree.fromstring(content).iter("nomenclcategorieETavecagr"):  # noqa: S314
        values = {child.tag: (child.text or "").strip() for child in element}
        code, aggregate = values["code"], values.get("codeagr3", "")
        field = fields_by_category.get(code, fields.get(aggregate, ""))
        capacity = "measure" if code in measures else "place"
        categories.append(
            Category(
                code,
                values["libelle"],
                aggregate,
                values.get("libelleagr3", ""),
                "" if field == "none" else field,
                capacity,
                values.get("datefin", ""),
            )
        )
    known = {category.category_code for category in categories}
    unknown = sorted((fields_by_category.keys() | measures) - known)
    if unknown:
        raise InputError(
            "fields.toml names categories that the nomenclature lacks; correct them.", unknown
        )
    return sorted(categories, key=lambda category: category.category_code)


def _nomenclature(path: Path) -> bytes:
    """The bytes of the official nomenclature; anything else is refused."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as file:
            content = file.read(20_000_000)
    except (OSError, EOFError) as error:
        raise InputError(f"{path.name} cannot be read: {error}.") from error
    if b"<!DOCTYPE" in content or b"nomenclcategorieETavecagr" not in content:
        raise InputError(
            f"{path.name} is not the nomenclature of FINESS categories (flux cs1500106)."
        )
    return content


@cache
def _field_names() -> dict[str, str]:
    with data_path("establishments", "fields.toml").open("rb") as file:
        names = tomllib.load(file)["names"]
    return {plain(name): field for field, seen in names.items() for name in [field, *seen]}


@cache
def field_of(text: str) -> str:
    """Give the field that a person's words mean: "PA", "Secteur enfance" → one of FIELDS; "" if unclear."""
    words = plain(text)
    names = _field_names()
    if not words or words in names:
        return names.get(words, "")
    inside = {field for name, field in names.items() if re.search(rf"\b{re.escape(name)}\b", words)}
    if len(inside) == 1:
        return inside.pop()
    if inside or len(words) < 5:
        return ""
    near = process.extractOne(words, names.keys(), scorer=fuzz.ratio, score_cutoff=88)
    return names[near[0]] if near else ""
