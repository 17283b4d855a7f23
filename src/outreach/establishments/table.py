"""Rows of cells and an understood header → the checked table (columns.TABLE), refusals and repairs."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from outreach.establishments import cells
from outreach.establishments.categories import FIELDS, field_of, load_categories
from outreach.establishments.columns import TABLE, make_frame
from outreach.establishments.identity import Identity
from outreach.establishments.location import read_addresses, read_points
from outreach.establishments.reading import Reading
from outreach.establishments.rows import Rows
from outreach.establishments.spelling import plain

# Any of these says where a row is; without one the row is refused.
# The field whose services hold measures only, where no category says what a number counts.
_MEASURED = "protection_juridique_majeurs"
_FIELDS_SHOWN = f"{', '.join(FIELDS[:-1])} or {FIELDS[-1]}"
_TOTAL = re.compile(r"(?:sous )?(?:total|totaux|somme)\b")
_PLACES = ("commune_code", "postcode", "commune_name", "finess", "siret")


def build_table(rows: Rows, identity: Identity) -> Reading:
    """Build the checked table of a list, or of one part of it.

    Args:
        rows: the cells under the header.
        identity: which identifiers the parts before gave.

    Returns:
        A Reading; its table has one row per row taken, in the list's order.
    """
    columns: dict[str, list[Any]] = {
        ours: rows.values(ours) for ours in TABLE if ours != "source_row"
    }
    columns["source_row"] = list(rows.numbers)
    read_addresses(rows, columns)
    read_points(rows, columns)
    # A list of associations has one name a row: the association's.
    columns["name"] = [
        name or organisation
        for name, organisation in zip(columns["name"], columns["organisation"], strict=True)
    ]
    _read_categories(rows, columns)
    _part_measures(rows, columns)
    _refuse_unplaced(rows, columns)
    columns["establishment_id"] = identity.identify(rows, columns)
    kept = [at for at in range(len(rows.cells)) if at not in rows.refused]
    return Reading(
        table=_frame(columns, kept),
        refused=tuple(
            sorted([*rows.structural, *rows.refused.values()], key=lambda refusal: refusal.row)
        ),
        columns=rows.header.named(),
        ignored=rows.header.ignored(),
        repairs=rows.said(),
        received=len(rows.cells) + len(rows.structural),
        repeated=tuple(rows.repeated),
    )


def _frame(columns: dict[str, list[Any]], kept: Sequence[int]) -> pd.DataFrame:
    whole = len(kept) == len(columns["source_row"])
    data = {ours: columns[ours] if whole else [columns[ours][at] for at in kept] for ours in TABLE}
    return make_frame(data, TABLE)


def _read_categories(rows: Rows, columns: dict[str, list[Any]]) -> None:
    """Give each row its category's label and field."""
    categories = load_categories()
    codes, labels, fields = columns["category_code"], columns["category"], columns["field"]
    for at, code in enumerate(codes):
        if code and code.isdigit():
            code = codes[at] = code.zfill(3)
        category = categories.get(code)
        words = fields[at]
        fields[at] = field_of(words) if words else ""
        unclear = bool(words) and not fields[at] and not cells.is_unknown(words)
        if category:
            labels[at] = labels[at] or category.category
            fields[at] = fields[at] or category.field
        elif not fields[at] and labels[at]:
            fields[at] = field_of(labels[at])
        if unclear:
            reason = "names none of the five fields, or several"
            reason += "; read from the category" if fields[at] else f"; type {_FIELDS_SHOWN}"
            rows.repair(at, rows.theirs("field"), words, fields[at], reason)


def _part_measures(rows: Rows, columns: dict[str, list[Any]]) -> None:
    """Put what judges decided apart from places, by the category, the field or the unit that is typed.

    A guardianship service has 1 500 measures and not one place (decision 0032).
    """
    if "places" not in rows.header.columns:
        return
    categories = load_categories()
    typed = rows.column("places")
    for at, count in enumerate(columns["places"]):
        if count is None:
            continue
        category = categories.get(columns["category_code"][at])
        if (
            (category.capacity == "measure" if category else columns["field"][at] == _MEASURED)
            or "mesure" in typed[at].lower()
        ):  # fmt: skip
            if columns["measures"][at] is None:
                columns["measures"][at] = count
            columns["places"][at] = None
            rows.repair(at, rows.theirs("places"), typed[at], f"{count} measures", "judicial measures are not places")  # fmt: skip


def _refuse_unplaced(rows: Rows, columns: dict[str, list[Any]]) -> None:
    of_places = {rows.theirs(ours) for ours in (*_PLACES, "department_code", "longitude")}
    lost = {
        repair.row: repair
        for repair in reversed(rows.repairs)
        if not repair.became and repair.column in of_places
    }
    for at, values in enumerate(zip(*(columns[ours] for ours in _PLACES), strict=True)):
        if any(values) or columns["longitude"][at] is not None:
            continue
        known = lost.get(rows.numbers[at])
        if known:
            column, value, reason = known.column, known.value, known.reason.partition(";")[0]
        else:
            column, reason = "", "says neither commune, postcode nor point"
            value = " | ".join(cell.strip() for cell in rows.cells[at] if cell.strip())
        remedy = "type a postcode and a commune"
        if _TOTAL.match(next(filter(None, map(plain, rows.cells[at])), "")):
            column, value = "", " | ".join(cell.strip() for cell in rows.cells[at] if cell.strip())
            reason, remedy = "is a total, not an establishment", "remove it from the list"
        rows.refuse(at, column, value, reason, remedy)
